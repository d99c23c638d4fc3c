"""The note beside the list: to write, to read, or a sentence where there is none."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from clinic_desktop.i18n import _
from clinic_desktop.ui.notes.pages import NotePage
from clinic_desktop.ui.notes.rows import NoteState
from clinic_desktop.ui.notes.words import addenda_of, title_of, whole_text, why_locked
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.notes.schemas import NoteRow


class ShownNote(QFrame):
    """``page`` has the note, ``panel`` the page or the sentence instead of it."""

    def __init__(self, theme: Theme, written: Written, *, may_write: bool) -> None:
        super().__init__()
        self._written = written
        self._may_write = may_write
        self.setProperty("kind", "surface")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        self.page = NotePage(theme)
        self.panel = StatePanel(theme=theme, framed=False)
        self.panel.show_content(self.page)
        inside.addWidget(self.panel)

    def show_writing(self, note: "NoteRow | None", amends: "NoteRow | None") -> None:
        """Head the page for a note that is written: a new one, a draft or an addendum."""
        self.panel.show_content(self.page)
        title = _("New note") if note is None else title_of(note, self._written)
        if amends is not None:
            title = _("Addendum to {moment}").format(moment=self._written.moment(amends.created_at))
        self.page.show_head(title, NoteState.DRAFT if note is None else NoteState.UNSIGNED)

    def show_reading(self, note: "NoteRow", notes: "Sequence[NoteRow]") -> None:
        """Show a note that cannot be changed, with its addenda among all the notes."""
        self.panel.show_content(self.page)
        signed = note.status == "signed"
        addenda = addenda_of(note, notes)
        state = NoteState.SIGNED if signed else NoteState.UNSIGNED
        self.page.show_head(title_of(note, self._written), state, amended=bool(addenda))
        self.page.show_reading(
            whole_text(note, addenda, self._written),
            why_locked(note, self._written),
            may_amend=signed and self._may_write and note.amends_id is None,
        )

    def show_nothing(self, *, some_filtered: bool) -> None:
        """Say why no note is shown: all are filtered away, or none was written yet."""
        if some_filtered:
            self.panel.show_empty(_("No note fits this filter."))
            return
        self.panel.show_empty(
            _("Nothing is written about this patient yet."),
            detail=_("Alt+N begins a note.") if self._may_write else "",
        )
