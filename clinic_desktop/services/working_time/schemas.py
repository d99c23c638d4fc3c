"""Working time in and out: dated spans, days as they are worked, bookings that a change leaves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.working_time import Pause
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import N_
from clinic_desktop.services.schemas import Input, Line, Row

SPECIAL_KINDS: Final = {
    "time_off": N_("Time off"),
    "holiday": N_("Holiday"),
    "blockout": N_("Blocked"),
    "open": N_("Other hours"),
}


class SpecialTimeRow(Row):
    """A dated span that differs from the week; local times, of the clinic without an owner."""

    id: UUID
    version: int
    provider_id: UUID | None
    chair_id: UUID | None
    kind: str
    starts: datetime
    ends: datetime
    label: str
    source: str = ""
    """The calendar that it was brought in from, if any."""


class SpecialTimeValues(Input):
    """What a person types about it. Whole days end at the midnight after the last one."""

    provider_id: UUID | None = None
    chair_id: UUID | None = None
    kind: str
    starts: datetime
    ends: datetime
    label: Annotated[Line, Field(max_length=200)] = ""


class Holiday(Input):
    """A day on which the clinic is closed, as a calendar file or a rule gives it."""

    day: date
    name: Annotated[Line, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """A day of one column: outside of ``working`` it is shaded, ``pauses`` say why."""

    day: date
    minutes: int
    """How long the day is: 1440, or another number when the clocks change."""
    working: tuple[Span, ...]
    pauses: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class WorkedDays:
    """Days in order, for every provider and every chair in use."""

    providers: dict[UUID, tuple[WorkedDay, ...]]
    chairs: dict[UUID, tuple[WorkedDay, ...]]


class Stranded(NamedTuple):
    """A booking ahead that stands outside working time, or with somebody who leaves."""

    id: UUID
    version: int
    patient_id: UUID
    patient: str
    phone: str
    provider_id: UUID
    provider: str
    chair_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    local_start: datetime


class BookingsAheadError(ConflictError):
    """A change would leave bookings outside working time, or without a provider or a chair."""

    def __init__(self, sentence: str, *, stranded: tuple[Stranded, ...], may_keep: bool) -> None:
        super().__init__(sentence)
        self.stranded = stranded
        self.may_keep = may_keep
        """Whether the change may be made all the same, the bookings staying where they are."""
