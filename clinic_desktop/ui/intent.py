"""What somebody wants to book before a time is chosen: for whom, what, in answer to what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.appointments.schemas import AppointmentRow


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
    moves: "AppointmentRow | None" = None
    """The appointment that still stands and is made anew for another time."""
    why: str = ""
    """Why it is."""
    channel: str = "phone"
    search: bool = False
    """Whether a time is looked for, rather than taken where the calendar stands."""

    @property
    def instead_of_id(self) -> UUID | None:
        """The appointment in whose place the next one stands."""
        return self.moves.id if self.moves is not None else self.broken_id

    @property
    def answers(self) -> bool:
        """Whether it comes from a list that is to learn what came of it."""
        return any((self.recall_id, self.request_id, self.broken_id, self.source == "planned"))
