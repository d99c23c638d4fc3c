"""Bookings ahead of a provider or a chair that is given up, and what becomes of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from pydantic import Field

from clinic_desktop.errors import ConflictError
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.schemas import Input, Line


class Leaving(Input):
    """Who or what is given up: a provider or a chair, as it was read at ``version``."""

    kind: Literal["provider", "chair"]
    id: UUID
    version: int
    name: str

    @property
    def provider_id(self) -> UUID | None:
        """The provider, where it is one."""
        return self.id if self.kind == "provider" else None

    @property
    def chair_id(self) -> UUID | None:
        """The chair, where it is one."""
        return self.id if self.kind == "chair" else None


class HeldRow(NamedTuple):
    """A booking ahead that somebody else has to take, or that is cancelled."""

    id: UUID
    version: int
    patient_id: UUID
    patient: str
    phone: str
    provider_id: UUID
    provider: str
    chair_id: UUID | None
    chair: str
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    assist: str
    squeezed: bool
    service: str
    skills: frozenset[str]
    equipment: frozenset[str]

    @property
    def minutes(self) -> int:
        """The booked length."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a booking could stand instead."""

    provider_id: UUID
    provider: str
    chair_id: UUID | None
    chair: str
    local_start: datetime
    second_hour: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A booking with the place it would have with another, or what stands against that."""

    row: HeldRow
    place: Place | None
    against: str = ""


class Act(Input):
    """What becomes of one booking: a place elsewhere, or a cancellation with its reason."""

    id: UUID
    version: int
    provider_id: UUID | None = None
    chair_id: UUID | None = None
    local_start: datetime | None = None
    second_hour: bool = False
    minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    reason: Annotated[Line, Field(max_length=500)] = ""

    @property
    def cancels(self) -> bool:
        """Whether the booking is cancelled."""
        return self.local_start is None


class Given(NamedTuple):
    """A booking as it was before it was given away or cancelled, and its version since."""

    before: AppointmentRow
    version: int


class Outcome(NamedTuple):
    """How many bookings went elsewhere, were cancelled, are left; whether it was put away."""

    moved: int
    cancelled: int
    left: int
    put_away: bool
    given: tuple[Given, ...] = ()
    """What was done with each, in order, so that all of it can be taken back."""
    version: int = 0
    """Of who or what was put away, since."""


class ActRefusedError(ConflictError):
    """One of the bookings cannot be given that way; nothing of the whole was done."""

    def __init__(self, sentence: str, *, appointment_id: UUID) -> None:
        super().__init__(sentence)
        self.appointment_id = appointment_id
