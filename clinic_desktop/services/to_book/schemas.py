"""What the lists to book from are asked and what they answer; days are the clinic's own."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking, PlannedTreatment
from clinic_desktop.services.schemas import Input, Line, Row

MOST_ON_A_PAGE = 200


class PlannedWork(NamedTuple):
    """Work of a patient that is still to be done; ``fee`` in minor units."""

    item_id: UUID
    treatment_id: UUID
    name: str
    minutes: int
    where: str
    """Tooth and surfaces as the clinic writes them, nothing for the mouth."""
    provider_id: UUID | None
    since: date | None = None
    fee: int | None = None
    held_at: datetime | None = None
    """The local start of the appointment still to come that it is booked for."""

    @property
    def words(self) -> str:
        """Where and what."""
        return f"{self.where} {self.name}".strip()

    @property
    def planned(self) -> PlannedTreatment:
        """The same as a booking names it."""
        return PlannedTreatment(chart_item_id=self.item_id, treatment_id=self.treatment_id)


class WorkOf(NamedTuple):
    """An appointment as it stands, and what it is for."""

    visit: AppointmentRow
    planned: tuple[PlannedTreatment, ...]
    treatment_ids: tuple[UUID, ...]


class Anew(Input):
    """An appointment that still stands, as read at ``version``, made anew for another time.

    ``booking`` is the one that takes its place, ``reason`` why.
    """

    id: UUID
    version: int
    booking: Booking
    reason: Annotated[Line, Field(max_length=500)] = ""


class MadeAnew(NamedTuple):
    """The appointment that gave its time away, and the one in its place."""

    old: AppointmentRow
    new: AppointmentRow


class Swap(Input):
    """Taking back, or doing again, that one appointment was made in another's place.

    Versions are those at which both were read; ``status`` is what the one that comes back had.
    """

    old_id: UUID
    old_version: int
    new_id: UUID
    new_version: int
    status: VisitStatus
    reason: Annotated[Line, Field(max_length=500)] = ""


class Reach(NamedTuple):
    """Who the patient is and how they are reached."""

    number: str
    given: str
    family: str
    phone: str
    no_phone_reason: str
    email: str
    prefers: str

    @property
    def name(self) -> str:
        """The patient's name as it is shown."""
        return full_name(self.given, self.family)


class Tried(NamedTuple):
    """The tries so far, and the last of them. Instants are UTC."""

    attempts: int
    at: datetime | None
    channel: str | None
    outcome: str | None


class PlannedPlace(NamedTuple):
    """Where a page of planned work ended."""

    since: date
    item_id: UUID


class BrokenPlace(NamedTuple):
    """Where a page of broken appointments ended."""

    starts_at: datetime
    appointment_id: UUID


class _Search(Input):
    """Which entries: of a provider or of all, from a day to a day, the newest first or last."""

    provider_id: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None
    newest: bool = True
    declined: bool = False
    """Whether those who said no are shown as well."""
    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 100


class PlannedSearch(_Search):
    """Planned work that nobody booked; the days are those on which it was planned."""

    after: PlannedPlace | None = None


class BrokenSearch(_Search):
    """Missed and cancelled appointments that were not made anew; the days are theirs."""

    after: BrokenPlace | None = None


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A patient with planned work that no appointment still to come holds."""

    patient_id: UUID
    since: date
    """When the newest of it was planned, or the oldest where the list goes upwards."""
    item_id: UUID
    work: tuple[PlannedWork, ...]
    fee: int
    who: Reach
    tried: Tried
    next_visit: datetime | None
    """The patient's next visit of any kind, an instant."""

    @property
    def place(self) -> PlannedPlace:
        """Where a page that ends here ended."""
        return PlannedPlace(self.since, self.item_id)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """An appointment that was missed or cancelled, the last one of its patient."""

    id: UUID
    patient_id: UUID
    starts_at: datetime
    local_start: datetime
    minutes: int
    status: str
    reason: str
    provider_id: UUID
    provider: str
    provider_active: bool
    service: str
    treatment_ids: tuple[UUID, ...]
    """What was booked without a place in the chart."""
    planned: tuple[PlannedTreatment, ...]
    missed: int
    """How many the patient missed within two years."""
    cancelled: int
    who: Reach
    tried: Tried
    next_visit: datetime | None

    @property
    def place(self) -> BrokenPlace:
        """Where a page that ends here ended."""
        return BrokenPlace(self.starts_at, self.id)


class NewAttempt(Input):
    """A try to reach a patient; ``appointment_id`` is the broken one that it is about.

    ``id`` comes from the form, so that a second Enter is the same.
    """

    id: UUID
    patient_id: UUID
    appointment_id: UUID | None = None
    channel: str = "phone"
    outcome: str
    remark: Annotated[Line, Field(max_length=500)] = ""


class Answering(Input):
    """What a booking answers: a recall, a wish of the waiting list, planned work, a broken one."""

    recall_id: UUID | None = None
    request_id: UUID | None = None
    broken_id: UUID | None = None
    planned: bool = False
    channel: str = "phone"


class VisitAhead(Row):
    """An appointment of a patient still to come, as the booking form shows it."""

    id: UUID
    local_start: datetime
    minutes: int
    provider: str
    service: str
    status: str


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """What is in view while somebody is booked; ``balance`` None is not for this person."""

    work: tuple[PlannedWork, ...] = field(default=())
    visits: tuple[VisitAhead, ...] = field(default=())
    balance: int | None = None
