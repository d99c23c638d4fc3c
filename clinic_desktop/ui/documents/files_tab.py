"""A tab of the record that files can be brought to: by Add, drag, paste."""

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.adding import Adder
from clinic_desktop.ui.documents.refusals import Refusals
from clinic_desktop.ui.handed_in import files_in
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.widgets.buttons import Button


class FilesTab(PatientTab):
    """``add`` and ``refusals`` are laid out by the tab; ``adder`` does the storing."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.may_write = desk.who.may("documents.write")
        self.refusals = Refusals(desk.theme)
        self.adder = Adder(desk, self, self.shows)
        self.adder.ended.connect(self.refusals.tell)
        self.adder.progressed.connect(self._tell_progress)
        self.add = Button(
            _("Add"), theme=desk.theme, icon="plus", key="Alt+N", kind="primary", small=True
        )
        self.setAcceptDrops(self.may_write)
        if not self.may_write:
            return
        self.add.clicked.connect(self.add_files)
        for key, act in (("Alt+N", self.add_files), ("Ctrl+V", self.paste_here)):
            bind_within(self, key, act)

    def shows(self, media_type: str) -> bool:
        """Return whether this tab shows files of this kind."""
        raise NotImplementedError

    def add_files(self) -> None:
        """Choose files of this computer."""
        if self.patient_id is not None:
            self.adder.choose(self.patient_id)

    def paste_here(self) -> None:
        """Store what was copied: files, or a picture."""
        sources = files_in(QGuiApplication.clipboard().mimeData())
        if not sources:
            self.desk.messages.say(_("There is no picture and no file to paste."), "info")
        elif self.patient_id is not None:
            self.adder.add(self.patient_id, sources)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what holds files or a picture."""
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Store what was dropped."""
        sources = files_in(event.mimeData())
        if sources and self.patient_id is not None:
            event.acceptProposedAction()
            self.adder.add(self.patient_id, sources)

    def forget_files(self) -> None:
        """Another patient comes: leave out files that have not begun, and what was told."""
        self.adder.stop()
        self.refusals.tell(())

    def _tell_progress(self, done: int, total: int) -> None:
        if total > 1 and done < total:
            words = _("Storing {done} of {total}…").format(done=done + 1, total=total)
            self.desk.messages.say(words, "upload")
