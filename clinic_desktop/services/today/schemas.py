"""The board of the day; amounts in minor units."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.waiting.schemas import FreeTime


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is still open about a visit that is done."""

    to_pay: int | None
    """What the patient owes, None when the person may not see accounts."""
    unsigned_note: bool
    has_next_visit: bool


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that waits for somebody; ``oldest`` is since when."""

    kind: str
    count: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A time of today that became free, and how many of those who wait can have it."""

    visit: AppointmentRow
    """The visit that fell through."""
    free: FreeTime
    fitting: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of the day, for those who may see them."""

    produced: int
    planned: int
    """What the treatments booked for today cost, done or not; visits that fell through left out."""
    collected: int
    chair_use: int | None
    """Percent of the providers' working time that is booked; None when nobody works."""
    new_patients: int
    """Visits of today that are somebody's first here."""
    missed_this_month: int
    booked_this_month: int


@dataclass(frozen=True, slots=True)
class Board:
    """The day: its visits, its chairs, what is open about those who leave, what waits."""

    day: date
    now: datetime
    sheet: DaySheet
    leaving: dict[UUID, Leaving]
    attention: tuple[Attention, ...]
    numbers: Numbers | None
    next_free: FreeSlot | None
    """The first time that somebody who calls now can have, within the next two weeks."""

    opened: tuple[Opened, ...] = ()
    """Times that became free today and that somebody on the waiting list can have."""

    @property
    def visits(self) -> tuple[AppointmentRow, ...]:
        """The day's appointments in order."""
        return self.sheet.visits
