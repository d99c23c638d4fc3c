"""The notes of a patient: the list, one to read or to write, signing and amending."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.notes.choosing import NoteChoosing
from clinic_desktop.ui.notes.drafting import NoteDraft
from clinic_desktop.ui.notes.list_model import NotesModel
from clinic_desktop.ui.notes.shown import ShownNote
from clinic_desktop.ui.notes.side import NotesSide
from clinic_desktop.ui.notes.signing import ask_to_sign
from clinic_desktop.ui.notes.template_insert import TemplateInsert
from clinic_desktop.ui.notes.writing import NoteWriting
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.notes.schemas import NoteRow

_LIST_SHARE: Final = 0.34
_LIST_LEAST: Final = 240
_LIST_MOST: Final = 380


class NotesTab(PatientTab):
    """A patient's notes. Leaving a note that was typed in stores it as a version."""

    title = N_("Notes")
    topics = frozenset({"note", "note_version"})
    uses_letters = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        who = desk.who
        self._written = Written(who.locale, who.currency, who.zone)
        self._may_write = who.may("clinical.write")
        self._wants_focus = False
        self._seen = ""
        self.model = NotesModel(self._written.moment)
        self._side = NotesSide(desk.theme, self.model)
        self.filter, self.new, self.list = self._side.filter, self._side.new, self._side.list
        self._shown = ShownNote(desk.theme, self._written, may_write=self._may_write)
        self.page, self.page_panel = self._shown.page, self._shown.panel
        self.writing = NoteWriting(desk, self.page, self._written, self)
        self._choosing = NoteChoosing(desk, self._side, self._shown, self.writing, self)
        self.templates = TemplateInsert(desk, self.page.text, self)
        self.panel = StatePanel(theme=desk.theme, framed=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self._content = self._make_content()
        # Not before it has a parent: a widget without one would be a window of its own.
        self.new.setVisible(self._may_write)
        self._content.setParent(self)
        self._content.hide()
        self._connect()

    # -- building ---------------------------------------------------------------------------

    def _make_content(self) -> QWidget:
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(rule(vertical=True))
        row.addWidget(self._shown, 1)
        return content

    def _connect(self) -> None:
        self.new.clicked.connect(self.begin_note)
        self.list.opened.connect(self._row_opened)
        self.page.save.clicked.connect(self.save_now)
        self.page.sign.clicked.connect(self.do_primary)
        self.page.discard.clicked.connect(self.writing.discard)
        self.page.addendum.clicked.connect(self.begin_addendum)
        self.page.template.clicked.connect(self.insert_template)
        self.writing.stored.connect(self._stored)
        self.writing.signed.connect(self._stored)
        keys = (
            ("Alt+N", self.begin_note),
            ("Alt+A", self.begin_addendum),
            ("Alt+T", self.insert_template),
        )
        for key, act in keys:
            bind_within(self, key, act)

    # -- what the workspace calls -----------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's notes, and the one that is half-written."""
        if patient_id != self.patient_id:
            self.leaving()
            self._choosing.forget()
            self.writing.use_patient(patient_id)
            self.templates.use_patient(patient_id)
        super().open(patient_id, card)
        self.reload()

    def open_record(self, record: UUID) -> None:
        """Go to a note, also one that is only on its way here."""
        self._choosing.want(record)

    def hideEvent(self, event: QHideEvent) -> None:
        """Store what was typed when another tab or screen is shown."""
        super().hideEvent(event)
        self.leaving()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with a note that is half-written on this computer."""
        super().showEvent(event)
        self._choosing.take_up_draft()

    def start_focus(self) -> None:
        """Begin where one writes, or in the list."""
        self._wants_focus = not self._is_loaded()
        if self._wants_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.writing.draft is not None:
            self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return list and note."""
        return [self._side, self.page]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the notes."""
        return [
            KeyHelp("Alt+N", _("new note")),
            KeyHelp("Ctrl+Enter", _("sign and lock")),
            KeyHelp("Ctrl+S", _("save as a version")),
            KeyHelp("Alt+A", _("add an addendum to a signed note")),
            KeyHelp("Alt+T", _("insert a template")),
            KeyHelp("Tab", _("the next open place of a template"), _("Note")),
            KeyHelp("Enter", _("go to the note"), _("List")),
        ]

    def save_now(self) -> None:
        """Store what is typed as a version."""
        self.writing.save()

    def do_primary(self) -> None:
        """Ask whether to sign and lock the note that is being written."""
        if self.writing.draft is None or not self.desk.who.may("clinical.sign"):
            return
        if not self.page.text.text().strip():
            self.writing.sign()
            return
        self.sign_dialog = ask_to_sign(
            self.desk,
            self,
            self.page.text.open_words(),
            sign=self.writing.sign,
            go_back=self._to_open_place,
        )

    def _to_open_place(self) -> None:
        self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page.text.go_to_next()

    def insert_template(self) -> None:
        """Ask which template to put where the cursor is."""
        if self.writing.draft is not None and not self.writing.busy:
            self.templates.ask()

    def leaving(self) -> None:
        """Store what was typed; when the whole window goes, keep it as a draft."""
        self.writing.keep_now()
        if self.window().isVisible():
            self.writing.save()

    # -- loading ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the notes again; what is being written stays."""
        patient_id = self.patient_id
        if not self.desk.who.may("clinical.read"):
            self.panel.show_empty(
                _("Notes are read by those who treat."),
                detail=_(
                    "Your roles do not include “Read charts and notes”. Ask an administrator."
                ),
            )
            return
        if patient_id is None:
            return
        if not self._is_loaded():
            self.panel.show_loading(_("Asking for the notes…"))

        def call(ctx: "Context") -> "tuple[NoteRow, ...]":
            from clinic_desktop.services.notes.service import notes_of

            return notes_of(ctx, patient_id)

        self.desk.operations.query(
            self, call, partial(self._loaded, patient_id), failed=self._failed, key="notes"
        )

    def _is_loaded(self) -> bool:
        return self._choosing.notes is not None

    def _loaded(self, patient_id: UUID, notes: "tuple[NoteRow, ...]") -> None:
        if patient_id != self.patient_id:
            return
        self._seen = self._written.clock(self.desk.operations.now())
        if self.panel.state != "content":
            self.panel.show_content(self._content)
            self._fit()
        self._choosing.use(notes)
        unsigned = sum(note.status != "signed" for note in notes)
        words = ngettext("{count} unsigned", "{count} unsigned", unsigned)
        self.noted.emit(words.format(count=unsigned) if unsigned else "")
        if self._wants_focus:
            self.start_focus()

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload, seen=self._seen)

    # -- acts -------------------------------------------------------------------------------

    def begin_note(self) -> None:
        """Begin a new note; one that is being written is stored first."""
        if self._may_write and self._is_loaded():
            self._choosing.start(NoteDraft(new_id(), ""))

    def begin_addendum(self) -> None:
        """Begin an addendum to the signed note that is shown."""
        note = self._choosing.chosen_note()
        if note is None or not self._may_write or self.writing.draft is not None:
            return
        if note.status == "signed" and note.amends_id is None:
            self._choosing.start(NoteDraft(new_id(), "", amends_id=note.id))

    def _row_opened(self, index: QModelIndex) -> None:
        if self.model.line_at(index) is not None:
            self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stored(self, note_id: UUID) -> None:
        self._choosing.keep(note_id)
        self.reload()

    # -- room -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between list and note."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = round(self.width() * _LIST_SHARE)
        self._side.setFixedWidth(max(_LIST_LEAST, min(_LIST_MOST, wanted)))
