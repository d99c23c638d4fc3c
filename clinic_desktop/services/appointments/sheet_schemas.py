"""Days and months of the calendar as they come back; large grids as frozen slotted rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span, is_inside
from clinic_desktop.domain.working_time import Pause
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.schemas import Input


@dataclass(frozen=True, slots=True)
class ProviderColumn:
    """A provider on one day: when they work, and how much of it is booked."""

    provider_id: UUID
    name: str
    short_name: str
    kind: str
    colour: str
    chair_id: UUID | None
    chair: str
    active: bool
    working: tuple[Span, ...]
    """Minutes of the day in which they work, breaks left out."""
    pauses: tuple[Pause, ...]
    booked: int | None
    """Percent of the working time, None when they do not work that day."""


@dataclass(frozen=True, slots=True)
class ChairSlot:
    """A chair in use, in the clinic's order."""

    chair_id: UUID
    name: str
    working: tuple[Span, ...] | None = None
    """Minutes of the day in which it is in use; None is the whole day."""
    pauses: tuple[Pause, ...] = ()

    def is_free(self, span: Span) -> bool:
        """Return whether it is in use through the whole span."""
        return self.working is None or is_inside(span, self.working)


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One day of the calendar, by provider."""

    day: date
    zone: str
    now: datetime
    slot_minutes: int
    columns: tuple[ProviderColumn, ...]
    chairs: tuple[ChairSlot, ...]
    visits: tuple[AppointmentRow, ...]

    @property
    def local_day(self) -> LocalDay:
        """The day as minutes of the clinic's zone."""
        return LocalDay(self.day, ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class People:
    """Whose columns a calendar can have: ids with names, in the clinic's order."""

    providers: tuple[tuple[UUID, str], ...]
    chairs: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the month view: how many appointments it has, and the first of them in order."""

    day: date
    count: int
    visits: tuple[AppointmentRow, ...]


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """Days one after the other, each with its count and its first appointments."""

    zone: str
    now: datetime
    days: tuple[MonthDay, ...]


class MonthSearch(Input):
    """So many days from ``first`` on, the first ``each`` appointments of every day.

    ``providers`` and ``chairs`` are whose appointments count, all of them without.
    """

    first: date
    days: Annotated[int, Field(ge=1, le=42)] = 42
    each: Annotated[int, Field(ge=1, le=500)] = 8
    providers: tuple[UUID, ...] | None = None
    chairs: tuple[UUID, ...] | None = None
