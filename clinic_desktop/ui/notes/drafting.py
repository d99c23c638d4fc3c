"""Half-written notes and how they are kept on this computer."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

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
