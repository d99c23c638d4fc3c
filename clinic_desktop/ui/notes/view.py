"""The notes of a patient: the list, one to read or to write, signing and amending."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.notes.drafting import NoteDraft
from clinic_desktop.ui.notes.list_model import NotesModel
from clinic_desktop.ui.notes.pages import NotePage
from clinic_desktop.ui.notes.rows import NoteFilter, NoteLine, NoteState, filtered, lines_of
from clinic_desktop.ui.notes.side import NotesSide
from clinic_desktop.ui.notes.signing import ask_to_sign
from clinic_desktop.ui.notes.template_insert import TemplateInsert
from clinic_desktop.ui.notes.words import addenda_of, title_of, whole_text, why_locked
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
        self._notes: tuple[NoteRow, ...] = ()
        self._lines: tuple[NoteLine, ...] = ()
        self._loaded_for: UUID | None = None
        self._chosen: UUID | None = None
        self._wanted: UUID | None = None
        self._showing = False
        self._wants_focus = False
        self._seen = ""
        self.model = NotesModel(self._written.moment)
        self.page = NotePage(desk.theme)
        self.writing = NoteWriting(desk, self.page, self._written, self)
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
        self._side = NotesSide(self.desk.theme, self.model)
        self.filter, self.new, self.list = self._side.filter, self._side.new, self._side.list
        row.addWidget(self._side)
        row.addWidget(rule(vertical=True))
        work = QFrame()
        work.setProperty("kind", "surface")
        inside = QVBoxLayout(work)
        inside.setContentsMargins(0, 0, 0, 0)
        self.page_panel = StatePanel(theme=self.desk.theme, framed=False)
        self.page_panel.show_content(self.page)
        inside.addWidget(self.page_panel)
        row.addWidget(work, 1)
        return content

    def _connect(self) -> None:
        self.filter.chosen.connect(self._show_list)
        self.new.clicked.connect(self.begin_note)
        self.list.row_changed.connect(self._row_changed)
        self.list.opened.connect(self._row_opened)
        self.page.save.clicked.connect(self.save_now)
        self.page.sign.clicked.connect(self.do_primary)
        self.page.discard.clicked.connect(self.writing.discard)
        self.page.addendum.clicked.connect(self.begin_addendum)
        self.page.template.clicked.connect(self.insert_template)
        self.writing.stored.connect(self._stored)
        self.writing.signed.connect(self._stored)
        self.writing.dropped.connect(self._dropped)
        keys = (
            ("Alt+N", self.begin_note),
            ("Alt+A", self.begin_addendum),
            ("Alt+T", self.insert_template),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- what the workspace calls -----------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's notes, and the one that is half-written."""
        if patient_id != self.patient_id:
            self.leaving()
            self._loaded_for = None
            self._chosen = self._wanted = None
            self._notes = ()
            self.writing.use_patient(patient_id)
            self.templates.use_patient(patient_id)
        super().open(patient_id, card)
        self.reload()

    def open_record(self, record: UUID) -> None:
        """Go to a note, also one that is only on its way here."""
        self._wanted = record
        self._go_to_wanted()

    def hideEvent(self, event: QHideEvent) -> None:
        """Store what was typed when another tab or screen is shown."""
        super().hideEvent(event)
        self.leaving()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with a note that is half-written on this computer."""
        super().showEvent(event)
        self._take_up_draft()

    def start_focus(self) -> None:
        """Begin where one writes, or in the list."""
        self._wants_focus = self._loaded_for is None
        if self._loaded_for is None:
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
        if self._loaded_for is None:
            self.panel.show_loading(_("Asking for the notes…"))

        def call(ctx: "Context") -> "tuple[NoteRow, ...]":
            from clinic_desktop.services.notes.service import notes_of

            return notes_of(ctx, patient_id)

        self.desk.operations.query(
            self, call, partial(self._loaded, patient_id), failed=self._failed, key="notes"
        )

    def _loaded(self, patient_id: UUID, notes: "tuple[NoteRow, ...]") -> None:
        if patient_id != self.patient_id:
            return
        first = self._loaded_for is None
        self._notes = notes
        self._loaded_for = patient_id
        self._seen = self._written.clock(self.desk.operations.now())
        if self.panel.state != "content":
            self.panel.show_content(self._content)
            self._fit()
        if first:
            self._take_up_draft()
        self._show_list()
        self._show_note()
        self._go_to_wanted()
        unsigned = sum(note.status != "signed" for note in notes)
        words = ngettext("{count} unsigned", "{count} unsigned", unsigned)
        self.noted.emit(words.format(count=unsigned) if unsigned else "")
        if self._wants_focus:
            self.start_focus()

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload, seen=self._seen)

    def _go_to_wanted(self) -> None:
        """Show the note that was asked for, once it is there; what is typed is stored first."""
        wanted = self._wanted
        if wanted is None or self._note(wanted) is None:
            return
        self._wanted = None
        if wanted != self._chosen or self.writing.draft is None:
            self.filter.set_value(NoteFilter.ALL)
            self._go_on(partial(self._choose, wanted))
        self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_up_draft(self) -> None:
        """Go on with what is half-written, unless something is being written already."""
        if self._loaded_for is None or self.writing.busy or self.writing.is_dirty:
            return
        kept = self.writing.kept()
        if kept is None or not self._may_write:
            return
        note = self._note(kept.id)
        if note is not None and (note.status == "signed" or note.body == kept.body.strip()):
            return
        self._chosen = kept.id
        self.writing.begin(kept, note.body if note is not None else "")
        self._show_list()
        self._show_note()
        if self.isVisible():
            self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)
            self.page.text.moveCursor(self.page.text.textCursor().MoveOperation.End)

    # -- the list ---------------------------------------------------------------------------

    def _note(self, note_id: UUID | None) -> "NoteRow | None":
        return next((note for note in self._notes if note.id == note_id), None)

    def _all_lines(self) -> tuple[NoteLine, ...]:
        """Return the stored notes, and on top one that was never stored."""
        lines = lines_of(self._notes, self.desk.who.person_id)
        draft = self.writing.draft
        if draft is None or self._note(draft.id) is not None:
            return lines
        new = NoteLine(
            id=draft.id,
            state=NoteState.DRAFT,
            author=self.desk.who.name,
            at=None,
            body=draft.body,
            mine=True,
            addendum=draft.amends_id is not None,
        )
        return (new, *lines)

    def _show_list(self, _wanted: object = None) -> None:
        self._lines = self._all_lines()
        shown = filtered(self._lines, self.filter.value())
        if self._chosen is None or all(line.id != self._chosen for line in self._lines):
            self._chosen = shown[0].id if shown else None
        at = self.list.verticalScrollBar().value()
        self._showing = True
        self.model.show(shown)
        place = self.model.place_of(self._chosen) if self._chosen is not None else -1
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place, 0))
        self.list.verticalScrollBar().setValue(at)
        self._showing = False

    def _row_changed(self, index: QModelIndex) -> None:
        line = self.model.line_at(index)
        if self._showing or line is None or line.id == self._chosen:
            return
        # What was typed becomes a version first; where that fails, one stays with it.
        self._go_on(partial(self._choose, line.id))

    def _row_opened(self, index: QModelIndex) -> None:
        line = self.model.line_at(index)
        if line is not None:
            self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, note_id: UUID) -> None:
        self.writing.leave()
        self._chosen = note_id
        self._show_list()
        self._show_note()

    def _go_on(self, then: Any) -> None:
        """Store what is typed, then do the next thing; stay where storing fails."""
        if self.writing.is_dirty:
            self._showing = True
            place = self.model.place_of(self._chosen) if self._chosen is not None else -1
            self.list.setCurrentIndex(self.model.index(place, 0))
            self._showing = False
            self.writing.save(then)
        else:
            then()

    # -- the note ---------------------------------------------------------------------------

    def _show_note(self) -> None:
        """Show the chosen note: to write when it is one's own draft, else to read."""
        note, draft = self._note(self._chosen), self.writing.draft
        if draft is not None and draft.id == self._chosen:
            self._show_writing(note, draft)
        elif note is None:
            self.writing.leave()
            self._show_nothing()
        elif note.status != "signed" and self._is_mine(note):
            self._begin(note)
        else:
            self.writing.leave()
            self._show_reading(note)

    def _is_mine(self, note: "NoteRow") -> bool:
        return note.author_id == self.desk.who.person_id and self._may_write

    def _begin(self, note: "NoteRow") -> None:
        draft = NoteDraft(note.id, note.body, note.number, note.appointment_id, note.amends_id)
        self.writing.begin(draft, note.body)
        self._show_writing(note, draft)

    def _show_writing(self, note: "NoteRow | None", draft: NoteDraft) -> None:
        self.page_panel.show_content(self.page)
        title = _("New note") if note is None else title_of(note, self._written)
        amends = self._note(draft.amends_id)
        if amends is not None:
            title = _("Addendum to {moment}").format(moment=self._written.moment(amends.created_at))
        state = NoteState.DRAFT if note is None else NoteState.UNSIGNED
        self.page.show_head(title, state)

    def _show_reading(self, note: "NoteRow") -> None:
        self.page_panel.show_content(self.page)
        signed = note.status == "signed"
        addenda = addenda_of(note, self._notes)
        state = NoteState.SIGNED if signed else NoteState.UNSIGNED
        self.page.show_head(title_of(note, self._written), state, amended=bool(addenda))
        self.page.show_reading(
            whole_text(note, addenda, self._written),
            why_locked(note, self._written),
            may_amend=signed and self._may_write and note.amends_id is None,
        )

    def _show_nothing(self) -> None:
        if self._lines:
            self.page_panel.show_empty(_("No note fits this filter."))
            return
        self.page_panel.show_empty(
            _("Nothing is written about this patient yet."),
            detail=_("Alt+N begins a note.") if self._may_write else "",
        )

    # -- acts -------------------------------------------------------------------------------

    def begin_note(self) -> None:
        """Begin a new note; one that is being written is stored first."""
        if self._may_write and self._loaded_for is not None:
            self._go_on(partial(self._start, NoteDraft(new_id(), "")))

    def begin_addendum(self) -> None:
        """Begin an addendum to the signed note that is shown."""
        note = self._note(self._chosen)
        if note is None or not self._may_write or self.writing.draft is not None:
            return
        if note.status == "signed" and note.amends_id is None:
            self._go_on(partial(self._start, NoteDraft(new_id(), "", amends_id=note.id)))

    def _start(self, draft: NoteDraft) -> None:
        self.filter.set_value(NoteFilter.ALL)
        self.writing.begin(draft, "")
        self._chosen = draft.id
        self._show_list()
        self._show_note()
        self.page.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stored(self, note_id: UUID) -> None:
        if self._chosen is None:
            self._chosen = note_id
        self.reload()

    def _dropped(self) -> None:
        """Show what is left after a draft was thrown away, or brought back."""
        self._take_up_draft()
        self._show_list()
        self._show_note()

    # -- room -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between list and note."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = round(self.width() * _LIST_SHARE)
        self._side.setFixedWidth(max(_LIST_LEAST, min(_LIST_MOST, wanted)))
