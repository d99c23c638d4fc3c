"""Notes as the list shows them: when, by whom, in which state, and how they begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.notes.drafting import NoteDraft

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.notes.schemas import NoteRow

_EXCERPT: Final = 160


class NoteState(StrEnum):
    """How firm a note is."""

    DRAFT = "draft"
    UNSIGNED = "unsigned"
    SIGNED = "signed"


# kind of tag, icon, word
TAGS: Final = {
    NoteState.DRAFT: ("dashed", "pencil", N_("Draft")),
    NoteState.UNSIGNED: ("warning", "pen-line", N_("Unsigned")),
    NoteState.SIGNED: ("success", "lock", N_("Signed")),
}


class NoteFilter(StrEnum):
    """Which notes the list shows."""

    ALL = "all"
    MINE = "mine"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line of the list; ``at`` is None for a note that was never saved."""

    id: UUID
    state: NoteState
    author: str
    at: datetime | None
    body: str
    mine: bool
    amended: bool = False
    addendum: bool = False

    @property
    def excerpt(self) -> str:
        """How the text begins, on one line."""
        return " ".join(self.body[: 2 * _EXCERPT].split())[:_EXCERPT] or _("Nothing written yet")


def lines_of(notes: "Sequence[NoteRow]", person_id: UUID) -> tuple[NoteLine, ...]:
    """Return the notes as lines, in their order."""
    amended = {note.amends_id for note in notes if note.amends_id is not None}
    return tuple(
        NoteLine(
            id=note.id,
            state=NoteState.SIGNED if note.status == "signed" else NoteState.UNSIGNED,
            author=note.author,
            at=note.created_at,
            body=note.body,
            mine=note.author_id == person_id,
            amended=note.id in amended,
            addendum=note.amends_id is not None,
        )
        for note in notes
    )


def line_of_draft(draft: NoteDraft, author: str) -> NoteLine:
    """Return the line of a note that was never stored."""
    return NoteLine(
        id=draft.id,
        state=NoteState.DRAFT,
        author=author,
        at=None,
        body=draft.body,
        mine=True,
        addendum=draft.amends_id is not None,
    )


def filtered(lines: Sequence[NoteLine], wanted: NoteFilter) -> tuple[NoteLine, ...]:
    """Return the lines of a filter."""
    if wanted is NoteFilter.MINE:
        return tuple(line for line in lines if line.mine)
    if wanted is NoteFilter.UNSIGNED:
        return tuple(line for line in lines if line.state is not NoteState.SIGNED)
    return tuple(lines)
