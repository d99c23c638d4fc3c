"""Which note is open: what is typed in one becomes a version before another takes its place."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.notes.drafting import NoteDraft
from clinic_desktop.ui.notes.rows import NoteFilter, NoteLine, line_of_draft, lines_of
from clinic_desktop.ui.notes.shown import ShownNote
from clinic_desktop.ui.notes.side import NotesSide
from clinic_desktop.ui.notes.writing import NoteWriting

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.notes.schemas import NoteRow


class NoteChoosing(QObject):
    """The note chosen in the list is the one on the right, one's own draft ready to go on with.

    ``notes`` is None until they were loaded.
    """

    def __init__(
        self, desk: Desk, side: NotesSide, shown: ShownNote, writing: NoteWriting, screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._desk = desk
        self._may_write = desk.who.may("clinical.write")
        self._side = side
        self._shown = shown
        self._writing = writing
        self._screen = screen
        self._lines: tuple[NoteLine, ...] = ()
        self._chosen: UUID | None = None
        self._wanted: UUID | None = None
        self.notes: tuple[NoteRow, ...] | None = None
        side.filter.chosen.connect(self._show_list)
        side.moved_to.connect(self._moved_to)
        writing.dropped.connect(self._dropped)

    # -- whose notes ------------------------------------------------------------------------

    def forget(self) -> None:
        """Have no notes until those of another patient come."""
        self._chosen = self._wanted = self.notes = None

    def use(self, notes: "tuple[NoteRow, ...]") -> None:
        """Show what was loaded; the one that is open stays open."""
        first = self.notes is None
        self.notes = notes
        if first:
            self.take_up_draft()
        self._show()
        self._go_to_wanted()

    def chosen_note(self) -> "NoteRow | None":
        """Return the note that is open, as it is stored; None for one that never was."""
        return self._note(self._chosen)

    def _note(self, note_id: UUID | None) -> "NoteRow | None":
        return next((note for note in self.notes or () if note.id == note_id), None)

    # -- going to a note --------------------------------------------------------------------

    def want(self, note_id: UUID) -> None:
        """Go to a note, also one that is only on its way here."""
        self._wanted = note_id
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        """Show the note that was asked for, once it is there; what is typed is stored first."""
        wanted = self._wanted
        if wanted is None or self._note(wanted) is None:
            return
        self._wanted = None
        if wanted != self._chosen or self._writing.draft is None:
            self._side.filter.set_value(NoteFilter.ALL)
            self._go_on(partial(self._choose, wanted))
        self._focus_text()

    def start(self, draft: NoteDraft) -> None:
        """Begin a note that is not in the list yet; one that is being written is stored first."""
        self._go_on(partial(self._start, draft))

    def _start(self, draft: NoteDraft) -> None:
        self._side.filter.set_value(NoteFilter.ALL)
        self._writing.begin(draft, "")
        self._chosen = draft.id
        self._show()
        self._focus_text()

    def keep(self, note_id: UUID) -> None:
        """Stay with a note that was stored, where no other was chosen meanwhile."""
        if self._chosen is None:
            self._chosen = note_id

    def take_up_draft(self) -> None:
        """Go on with what is half-written, unless something is being written already."""
        if self.notes is None or self._writing.busy or self._writing.is_dirty:
            return
        kept = self._writing.kept()
        if kept is None or not self._may_write:
            return
        note = self._note(kept.id)
        if note is not None and (note.status == "signed" or note.body == kept.body.strip()):
            return
        self._chosen = kept.id
        self._writing.begin(kept, note.body if note is not None else "")
        self._show()
        if self._screen.isVisible():
            self._focus_text()
            text = self._shown.page.text
            text.moveCursor(text.textCursor().MoveOperation.End)

    def _moved_to(self, note_id: UUID) -> None:
        if note_id != self._chosen:
            self._go_on(partial(self._choose, note_id))

    def _choose(self, note_id: UUID) -> None:
        self._writing.leave()
        self._chosen = note_id
        self._show()

    def _go_on(self, then: Callable[[], None]) -> None:
        """Store what is typed, then do the next thing; stay where storing fails."""
        if self._writing.is_dirty:
            self._side.go_back_to(self._chosen)
            self._writing.save(then)
        else:
            then()

    def _dropped(self) -> None:
        """Show what is left after a draft was thrown away, or brought back."""
        self.take_up_draft()
        self._show()

    # -- what is shown ----------------------------------------------------------------------

    def _show(self) -> None:
        self._show_list()
        self._show_note()

    def _show_list(self, _filter: object = None) -> None:
        self._lines = self._all_lines()
        self._chosen = self._side.show_lines(self._lines, self._chosen)

    def _all_lines(self) -> tuple[NoteLine, ...]:
        """Return the stored notes, and on top one that was never stored."""
        who, draft = self._desk.who, self._writing.draft
        lines = lines_of(self.notes or (), who.person_id)
        if draft is None or self._note(draft.id) is not None:
            return lines
        return (line_of_draft(draft, who.name), *lines)

    def _show_note(self) -> None:
        """Show the chosen note: to write when it is one's own draft, else to read."""
        note, draft = self.chosen_note(), self._writing.draft
        if draft is not None and draft.id == self._chosen:
            self._shown.show_writing(note, self._note(draft.amends_id))
        elif note is None:
            self._writing.leave()
            self._shown.show_nothing(some_filtered=bool(self._lines))
        elif note.status != "signed" and self._is_mine(note):
            self._write_on(note)
        else:
            self._writing.leave()
            self._shown.show_reading(note, self.notes or ())

    def _is_mine(self, note: "NoteRow") -> bool:
        return note.author_id == self._desk.who.person_id and self._may_write

    def _write_on(self, note: "NoteRow") -> None:
        draft = NoteDraft(note.id, note.body, note.number, note.appointment_id, note.amends_id)
        self._writing.begin(draft, note.body)
        self._shown.show_writing(note, self._note(draft.amends_id))

    def _focus_text(self) -> None:
        self._shown.page.text.setFocus(Qt.FocusReason.OtherFocusReason)
