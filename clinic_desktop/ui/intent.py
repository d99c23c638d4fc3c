"""What somebody wants to book before a time is chosen: for whom, what, in answer to what."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BookingIntent:
    """Everything that is known when a booking begins; the rest is chosen in the calendar."""

    patient_id: UUID | None = None
    patient: str = ""
    planned: tuple[UUID, ...] = ()
    """Entries of the chart that are to be done."""
    treatment_ids: tuple[UUID, ...] = ()
    minutes: int | None = None
    """How long, where it is not what the treatments say."""
    provider_id: UUID | None = None
    source: str = "desk"
    recall_id: UUID | None = None
    request_id: UUID | None = None
    """A wish of the waiting list."""
    broken_id: UUID | None = None
    """The appointment that was missed or cancelled."""
    channel: str = "phone"
    search: bool = False
    """Whether a time is looked for, rather than taken where the calendar stands."""

    @property
    def answers(self) -> bool:
        """Whether it comes from a list that is to learn what came of it."""
        return any((self.recall_id, self.request_id, self.broken_id, self.source == "planned"))
