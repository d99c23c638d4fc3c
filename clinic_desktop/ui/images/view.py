"""A patient's images: small ones to choose from, added by every way, opened one or two."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import (
    QHideEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.config import Settings
from clinic_desktop.domain.uploads import PICTURES
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import AttachmentRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.about_dialog import AboutDialog
from clinic_desktop.ui.documents.files_tab import FilesTab
from clinic_desktop.ui.documents.words import KINDS
from clinic_desktop.ui.handed_in import Source
from clinic_desktop.ui.images.loading import small_pictures
from clinic_desktop.ui.images.scan_folder import ScanFolder
from clinic_desktop.ui.images.scan_strip import ScanStrip
from clinic_desktop.ui.images.thumbs import SIZES, ThumbsModel, ThumbsView
from clinic_desktop.ui.images.viewer import Viewer
from clinic_desktop.ui.images.xray_button import XrayButton
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.shedding import fit_row

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context

_ALL: Final = "all"
_LEAST: Final = 320


class ImagesTab(FilesTab):
    """Enter opens, C compares the two selected, Delete takes out and can be undone."""

    title = N_("Images")
    topics = frozenset({"attachment", "attachment_mark"})
    uses_letters = True

    def __init__(
        self, desk: Desk, parent: QWidget | None = None, *, home: Path | None = None
    ) -> None:
        super().__init__(desk, parent)
        self._home = home
        self._found: tuple[AttachmentRow, ...] = ()
        self._loaded_for: UUID | None = None
        self._wants_focus = False
        theme = desk.theme
        self.kind = Choice([(_("All kinds"), _ALL)], theme=theme, value=_ALL)
        sizes = [(_("Small"), "small"), (_("Middle"), "middle"), (_("Large"), "large")]
        self.sizes = Segmented(
            sizes, theme=theme, value="middle", name=_("Size of the pictures"), small=True
        )
        self.count = Label(theme=theme, role="text_2", tabular=True)
        self.compare = Button(_("Compare"), theme=theme, icon="git-compare", key="C", small=True)
        self.paste = Button(_("Paste"), theme=theme, key="Ctrl+V", small=True)
        self.model = ThumbsModel(desk.who)
        self.thumbs = ThumbsView(theme, desk.who)
        self.thumbs.setModel(self.model)
        self.panel = StatePanel(theme=theme, framed=False)
        self.viewer = Viewer(desk)
        self.scans = ScanFolder(self)
        self.strip = ScanStrip(theme, self.scans)
        self.xray = XrayButton(desk)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 10)
        head.setSpacing(10)
        for shown in (self.kind, self.sizes, self.count):
            head.addWidget(shown)
        head.addStretch(1)
        for act in (self.xray, self.compare, self.paste, self.add):
            head.addWidget(act)
        self.grid = QWidget()
        column = QVBoxLayout(self.grid)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.refusals)
        column.addWidget(self.strip)
        column.addWidget(self.panel, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.viewer.setProperty("key_scope", "image")
        self.stack.addWidget(self.viewer)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        for button in (self.add, self.paste):
            button.setVisible(self.may_write)
        self._head = head
        self.grid.setMinimumWidth(_LEAST)
        self.thumbs.setParent(self.grid)
        self.thumbs.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what keys do as well where there is no room for it."""
        super().resizeEvent(event)
        groups: list[tuple[QWidget, ...]] = [(self.sizes,), (self.compare,), (self.count,)]
        if self.may_write:
            groups.insert(1, (self.paste,))
        fit_row(self._head, self.width(), groups)

    def _connect(self) -> None:
        self.kind.chosen.connect(lambda _value: self._filter())
        self.sizes.chosen.connect(lambda value: self.thumbs.use_side(SIZES[value]))
        self.thumbs.opened.connect(lambda place: self._open([place]))
        self.thumbs.selectionModel().selectionChanged.connect(self._tell_selection)
        self.compare.clicked.connect(self.compare_two)
        self.viewer.left.connect(self._viewer_left)
        self.viewer.about_wanted.connect(self._describe)
        bind(self.thumbs, "C", self.compare_two)
        bind(self.thumbs, "Space", self._toggle)
        bind(self.thumbs, "X", self.xray.start)
        bind(self.add, "X", self.xray.start)
        if not self.may_write:
            return
        self.paste.clicked.connect(self.paste_here)
        self.strip.wanted.connect(self.add_scans)
        self.adder.stored.connect(self._put_away)
        bind(self.thumbs, "S", self.add_scans)
        bind(self.add, "S", self.add_scans)
        bind(self.thumbs, "E", lambda: self._describe(self._current()))
        bind(self.thumbs, "Delete", self.take_out)

    def shows(self, media_type: str) -> bool:
        """Return whether it is a picture."""
        return media_type in PICTURES

    # -- what the workspace calls -----------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's images."""
        if patient_id != self.patient_id:
            self._loaded_for, self._found = None, ()
            self.forget_files()
            self.model.clear()
            self._close_viewer()
        self.xray.use(patient_id)
        super().open(patient_id, card)
        self.reload()

    def reload(self) -> None:
        """Ask again; the selection and an open image stay."""
        patient = self.patient_id
        if patient is None:
            return
        if self._loaded_for is None:
            self.panel.show_loading(_("Asking for the images…"))

        def call(ctx: "Context") -> tuple[AttachmentRow, ...]:
            return attachments.attachments(ctx, patient)

        self.desk.operations.query(
            self,
            call,
            partial(self._show, patient),
            failed=lambda error: self.panel.show_failed(str(error), self.reload),
            key="images",
        )

    def _show(self, patient: UUID, rows: tuple[AttachmentRow, ...]) -> None:
        before = {row.file_id for row in self._found}
        self._found = tuple(row for row in rows if row.media_type in PICTURES)
        first, self._loaded_for = self._loaded_for != patient, patient
        self.noted.emit(str(len(self._found)) if self._found else "")
        kinds = sorted({row.kind for row in self._found}, key=list(KINDS).index)
        self.kind.set_options([(_("All kinds"), _ALL), *((_(KINDS[kind]), kind) for kind in kinds)])
        if self.kind.value() is None:
            self.kind.set_value(_ALL)
        self._filter()
        self.viewer.renamed(self._found)
        if self.stack.currentWidget() is self.viewer:
            self.viewer.refresh_marks()
        if self._found and (first or {row.file_id for row in self._found} - before):
            self._ask_pictures(patient)
        if self._wants_focus:
            self.start_focus()

    def _ask_pictures(self, patient: UUID) -> None:
        self.desk.operations.query(
            self,
            lambda ctx: small_pictures(ctx, patient),
            self.model.set_pictures,
            failed=lambda error: self.desk.messages.warn(str(error)),
            key="pictures",
        )

    def _filter(self) -> None:
        wanted = self.kind.value()
        rows = [row for row in self._found if wanted in (_ALL, row.kind)]
        chosen = {row.id for place in self.thumbs.chosen() if (row := self.model.row(place))}
        current = self._current()
        place = self.thumbs.currentIndex().row()
        self.model.set_rows(rows)
        self._choose_again(chosen, current, place)
        words = ngettext("{count} image", "{count} images", len(rows))
        self.count.setText(words.format(count=len(rows)))
        if rows:
            self.panel.show_content(self.thumbs)
        elif self._found:
            self.panel.show_empty(_("No image of this kind."))
        else:
            detail = _("Drag files here, paste a picture, or press Alt+N.")
            self.panel.show_empty(_("No image yet."), detail=detail if self.may_write else "")
        self._tell_selection()

    def _choose_again(self, chosen: set[UUID], current: AttachmentRow | None, place: int) -> None:
        """Select what was selected; after a removal the one that follows."""
        rows = self.model.rows()
        if not rows:
            return
        at = self.model.place_of(current.id) if current is not None else -1
        self.thumbs.choose(at if at >= 0 else max(0, min(place, len(rows) - 1)))
        flag = QItemSelectionModel.SelectionFlag.Select
        for number, row in enumerate(rows):
            if row.id in chosen:
                self.thumbs.selectionModel().select(self.model.index(number), flag)

    # -- choosing ---------------------------------------------------------------------------

    def _current(self) -> AttachmentRow | None:
        return self.model.row(self.thumbs.currentIndex().row())

    def _toggle(self) -> None:
        flag = QItemSelectionModel.SelectionFlag.Toggle
        self.thumbs.selectionModel().select(self.thumbs.currentIndex(), flag)

    def _tell_selection(self) -> None:
        self.compare.setEnabled(len(self.thumbs.selectedIndexes()) == 2)

    def _open(self, places: list[int]) -> None:
        rows = [row for place in places if (row := self.model.row(place)) is not None]
        if rows and self.patient_id is not None:
            self.stack.setCurrentWidget(self.viewer)
            self.viewer.open(self.patient_id, rows)

    def compare_two(self) -> None:
        """Show the two selected images side by side."""
        places = self.thumbs.chosen()
        if len(places) == 2:
            self._open(places)
        else:
            self.desk.messages.say(_("Select two images first, with Space or Ctrl+click."), "info")

    def _close_viewer(self) -> None:
        if self.stack.currentWidget() is self.viewer:
            self.viewer.close_images()

    def _viewer_left(self) -> None:
        self.stack.setCurrentWidget(self.grid)
        self.start_focus()

    # -- adding, describing, taking out -----------------------------------------------------

    def _describe(self, row: AttachmentRow | None) -> None:
        if row is not None and self.may_write:
            AboutDialog(
                self.desk, row, patient_id=self.patient_id, parent=self.window(), done=self.reload
            ).open()

    def take_out(self) -> None:
        """Take the selected images out of the record, to be undone."""
        rows = [row for place in self.thumbs.chosen() if (row := self.model.row(place))]
        if not rows:
            return

        def call(ctx: "Context") -> list[tuple[UUID, int]]:
            return [(row.id, attachments.remove(ctx, row.id, row.version)) for row in rows]

        def done(removed: list[tuple[UUID, int]]) -> None:
            words = ngettext("{count} image taken out.", "{count} images taken out.", len(removed))
            self.desk.messages.undoable(
                words.format(count=len(removed)), partial(self._bring_back, removed)
            )
            self.reload()

        self.desk.operations.change(self, call, done)

    def _bring_back(self, removed: list[tuple[UUID, int]]) -> None:
        def call(ctx: "Context") -> None:
            for attachment, version in removed:
                attachments.restore(ctx, attachment, version)

        self.desk.operations.change(self, call, lambda _none: self.reload())

    def add_scans(self) -> None:
        """Store what waits in the scan folder; each file then goes to the folder ``added``."""
        waiting = self.scans.waiting
        if not waiting:
            self.desk.messages.say(_("No scan waits."), "info")
        elif self.patient_id is not None:
            self.adder.add(self.patient_id, [Source(path.name, path) for path in waiting])

    def _put_away(self, source: Source) -> None:
        if source.path in self.scans.waiting and not self.scans.put_away(source.path):
            self.refusals.tell(
                [(source.name, _("It is stored, but could not be moved out of the scan folder."))]
            )

    def showEvent(self, event: QShowEvent) -> None:
        """Watch the scan folder while somebody looks; another PC or person may have changed it."""
        super().showEvent(event)
        if self._home is not None:
            settings = Settings.load(self._home)
            self.scans.use(settings.scan_folder if self.may_write else "")
            self.xray.offer(settings.xray_programs)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the folder alone while nobody looks."""
        super().hideEvent(event)
        self.scans.use("")

    # -- what the shell asks ----------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the open image, among the small ones, or at Add."""
        self._wants_focus = self._loaded_for is None
        reason = Qt.FocusReason.OtherFocusReason
        if self._wants_focus:
            self.setFocus(reason)
        elif self.stack.currentWidget() is self.viewer:
            self.viewer.side.canvas.setFocus(reason)
        elif self.model.rowCount():
            self.thumbs.setFocus(reason)
        elif self.may_write:
            self.add.setFocus(reason)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the small pictures, or of the open one."""
        if self.stack.currentWidget() is self.viewer:
            return self.viewer.keys()
        area = _("Images")
        own = [KeyHelp("Enter", _("open"), area), KeyHelp("Space", _("select"), area)]
        own.append(KeyHelp("C", _("compare two"), area))
        if self.xray.programs:
            own.append(KeyHelp("X", _("open the X-ray program"), area))
        if self.may_write:
            own += [
                KeyHelp("Alt+N", _("add files"), area),
                KeyHelp("Ctrl+V", _("paste"), area),
                KeyHelp("S", _("add the waiting scans"), area),
                KeyHelp("E", _("describe"), area),
                KeyHelp("Delete", _("take out"), area),
            ]
        return own

    def key_scopes(self) -> list[str]:
        """Return that of the open image while one is open."""
        if self.stack.currentWidget() is self.viewer:
            return ["image"]
        return super().key_scopes()

    def panes(self) -> list[QWidget]:
        """Return what F6 walks through."""
        if self.stack.currentWidget() is self.viewer:
            return [self.viewer.bar, self.viewer.side]
        return [self.grid]

    def do_primary(self) -> None:
        """Add files."""
        if self.may_write and self.stack.currentWidget() is self.grid:
            self.add_files()
