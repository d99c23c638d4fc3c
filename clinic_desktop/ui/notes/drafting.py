"""Half-written notes: how they are kept, and how other screens begin one with words of theirs."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from clinic_desktop.domain.ids import new_id
from clinic_desktop.ui.drafts import Drafts

FORM: Final = "note"


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What is being written: a new note, the next version of a draft, or an addendum.

    ``after`` is the number of the version that was open, 0 for a new note.
    """

    id: UUID
    body: str
    after: int = 0
    appointment_id: UUID | None = None
    amends_id: UUID | None = None

    def to_data(self) -> dict[str, str]:
        """Return the draft as texts."""
        return {
            "id": str(self.id),
            "body": self.body,
            "after": str(self.after),
            "appointment_id": str(self.appointment_id or ""),
            "amends_id": str(self.amends_id or ""),
        }

    @classmethod
    def from_data(cls, data: dict[str, str]) -> "NoteDraft":
        """Return the draft that was kept as texts."""
        return cls(
            id=UUID(data["id"]),
            body=data["body"],
            after=int(data["after"]),
            appointment_id=UUID(data["appointment_id"]) if data["appointment_id"] else None,
            amends_id=UUID(data["amends_id"]) if data["amends_id"] else None,
        )


def kept_draft(drafts: Drafts, patient_id: UUID) -> NoteDraft | None:
    """Return the note of this patient that is half-written on this computer."""
    data = drafts.recall(FORM, str(patient_id))
    return None if data is None else NoteDraft.from_data(data)


def begin_note(
    drafts: Drafts, patient_id: UUID, words: str, *, appointment_id: UUID | None = None
) -> None:
    """Begin a note with these words, or add them to the one that is half-written.

    The notes tab opens it when it is shown next. Raises OSError when the disk refuses.
    """
    known = kept_draft(drafts, patient_id)
    if known is None:
        draft = NoteDraft(new_id(), words, appointment_id=appointment_id)
    else:
        body = f"{known.body.rstrip()}\n{words}" if known.body.strip() else words
        draft = NoteDraft(
            known.id, body, known.after, known.appointment_id or appointment_id, known.amends_id
        )
    drafts.keep(FORM, str(patient_id), draft.to_data())
