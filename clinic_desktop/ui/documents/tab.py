"""A patient's documents: what the clinic issued and what was handed in, with its pages beside."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from clinic_desktop.domain.uploads import PICTURES
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import AttachmentRow, DocumentRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.about_dialog import AboutDialog
from clinic_desktop.ui.documents.files_tab import FilesTab
from clinic_desktop.ui.documents.list_model import (
    Column,
    DocumentLine,
    documents_model,
    lines_of,
)
from clinic_desktop.ui.documents.preview import PaperPreview
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.table import TableView

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context

_LIST: Final = 380
_LEAST: Final = 200
Found = tuple[tuple[DocumentRow, ...], tuple[AttachmentRow, ...]]


class DocumentsTab(FilesTab):
    """Enter goes into the pages, Delete takes a file out; an issued paper stays."""

    title = N_("Documents")
    topics = frozenset({"attachment", "document"})
    uses_letters = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._loaded_for: UUID | None = None
        self._wants_focus = False
        self._shown: UUID | None = None
        theme = desk.theme
        self.count = Label(theme=theme, role="text_2", tabular=True)
        self.model = documents_model()
        self.table = TableView(theme=theme, two_lines=True, name=_("Documents"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("Documents"))
        self.table.horizontalHeader().hide()
        self.list_panel = StatePanel(theme=theme, framed=False)
        self.preview = PaperPreview(theme)
        self.panel = StatePanel(theme=theme, framed=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 10)
        head.addWidget(self.count, 1)
        head.addWidget(self.add)
        hide_unless(self.add, self.may_write)
        self.left_side = QFrame()
        self.left_side.setProperty("kind", "surface")
        self.left_side.setFixedWidth(_LIST)
        column = QVBoxLayout(self.left_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list_panel, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.left_side)
        row.addWidget(rule(vertical=True))
        row.addWidget(self.panel, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.refusals)
        whole.addLayout(row, 1)
        for widget in (self.table, self.preview):
            widget.setParent(self)
            widget.hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)

    def _connect(self) -> None:
        self.table.row_changed.connect(self._row_changed)
        self.table.opened.connect(lambda _index: self.preview.setFocus())
        self.preview.closed.connect(self.table.setFocus)
        if not self.may_write:
            return
        bind(self.table, "E", self.describe)
        bind(self.table, "Delete", self.take_out)

    def shows(self, media_type: str) -> bool:
        """Return whether it has pages."""
        return media_type not in PICTURES

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pages the larger part."""
        super().resizeEvent(event)
        self.left_side.setFixedWidth(min(_LIST, max(_LEAST, self.width() * 2 // 5)))

    # -- what the workspace calls -----------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's documents."""
        if patient_id != self.patient_id:
            self._loaded_for = None
            self.forget_files()
            self.model.set_rows(())
            self._clear()
        super().open(patient_id, card)
        self.reload()

    def reload(self) -> None:
        """Ask again; the chosen line and its pages stay."""
        patient = self.patient_id
        if patient is None:
            return
        if self._loaded_for is None:
            self.list_panel.show_loading(_("Asking for the documents…"))

        def call(ctx: "Context") -> Found:
            found = attachments.attachments(ctx, patient)
            others = tuple(row for row in found if row.media_type not in PICTURES)
            return documents.of_patient(ctx, patient), others

        self.desk.operations.query(
            self,
            call,
            partial(self._show, patient),
            failed=lambda error: self.list_panel.show_failed(str(error), self.reload),
            key="documents",
        )

    def _show(self, patient: UUID, found: Found) -> None:
        self._loaded_for = patient
        rows = lines_of(*found, self.desk.who)
        keep_place(self.table, self.model, rows)
        self.noted.emit(str(len(rows)) if rows else "")
        words = ngettext("{count} document", "{count} documents", len(rows))
        self.count.setText(words.format(count=len(rows)))
        if rows:
            self.list_panel.show_content(self.table)
            self.table.fit_columns(stretch=Column.TITLE)
            if not self.table.current_row().isValid():
                self.table.choose_row(0)
            self._row_changed(self.table.current_row())
        else:
            detail = _("Drag files here, or press Alt+N.")
            self.list_panel.show_empty(
                _("No document yet."), detail=detail if self.may_write else ""
            )
            self._clear()
        if self._wants_focus:
            self.start_focus()

    # -- the pages --------------------------------------------------------------------------

    def line(self) -> DocumentLine | None:
        """Return the chosen line."""
        return self.model.row(self.table.current_row().row())

    def _clear(self) -> None:
        self._shown = None
        self.preview.clear()
        self.panel.show_empty(_("No document is chosen."))

    def _row_changed(self, _index: QModelIndex) -> None:
        line, patient = self.line(), self.patient_id
        if line is None or patient is None or line.id == self._shown:
            return
        self._shown = line.id
        self.panel.show_loading(_("Reading the document…"))

        def call(ctx: "Context") -> bytes:
            if line.file is None:
                return documents.content(ctx, patient, line.id)
            return attachments.content(ctx, patient, line.id)

        self.desk.operations.query(
            self, call, partial(self._show_pages, line), failed=self._not_shown, key="pages"
        )

    def _show_pages(self, line: DocumentLine, data: bytes) -> None:
        focused = self.table.hasFocus()
        try:
            self.preview.show_paper(data, line.title)
        except InvalidError as error:
            self._not_shown(error)
            return
        self.panel.show_content(self.preview)
        if focused:
            self.table.setFocus()

    def _not_shown(self, error: Exception) -> None:
        self._shown = None
        self.panel.show_failed(str(error), lambda: self._row_changed(QModelIndex()))

    # -- acts -------------------------------------------------------------------------------

    def describe(self) -> None:
        """Change what is said about the chosen file."""
        line = self.line()
        if line is None:
            return
        if line.file is None:
            self.desk.messages.say(_("This paper was issued here and stays as it is."), "info")
            return
        AboutDialog(
            self.desk, line.file, patient_id=self.patient_id, parent=self.window(), done=self.reload
        ).open()

    def take_out(self) -> None:
        """Take the chosen file out of the record, to be undone; an issued paper stays."""
        line = self.line()
        if line is None:
            return
        row = line.file
        if row is None:
            self.desk.messages.say(_("This paper was issued here and stays as it is."), "info")
            return

        def done(version: int) -> None:
            self.desk.messages.undoable(
                _("{title} taken out.").format(title=row.title),
                partial(self._bring_back, row.id, version),
            )
            self.reload()

        self.desk.operations.change(
            self, lambda ctx: attachments.remove(ctx, row.id, row.version), done
        )

    def _bring_back(self, attachment: UUID, version: int) -> None:
        self.desk.operations.change(
            self,
            lambda ctx: attachments.restore(ctx, attachment, version),
            lambda _version: self.reload(),
        )

    # -- what the shell asks ----------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the list, or at Add."""
        self._wants_focus = self._loaded_for is None
        reason = Qt.FocusReason.OtherFocusReason
        if self._wants_focus:
            self.setFocus(reason)
        elif self.model.rowCount():
            self.table.setFocus(reason)
        elif self.may_write:
            self.add.setFocus(reason)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the documents."""
        area = _("Documents")
        own = [KeyHelp("Enter", _("into the pages"), area), KeyHelp("Ctrl+P", _("print"), area)]
        if self.may_write:
            own += [
                KeyHelp("Alt+N", _("add files"), area),
                KeyHelp("E", _("describe"), area),
                KeyHelp("Delete", _("take out"), area),
            ]
        return own

    def panes(self) -> list[QWidget]:
        """Return list and pages."""
        return [self.left_side, self.preview]

    def print_current(self) -> None:
        """Print what is shown."""
        self.preview.print_paper()

    def save_now(self) -> None:
        """Keep what is shown as a file."""
        self.preview.save_paper()

    def do_primary(self) -> None:
        """Add files."""
        if self.may_write:
            self.add_files()
