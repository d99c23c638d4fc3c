"""An appointment: how it is shown, what is asked to make and change it, and why it is refused."""

from datetime import UTC, date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span, common
from clinic_desktop.domain.visit_status import NOT_BLOCKING, VisitStatus
from clinic_desktop.domain.working_time import Pause
from clinic_desktop.errors import ConflictError, StaleError
from clinic_desktop.services.schemas import Input, Line, Text

LONGEST_MINUTES = 24 * 60


class AppointmentRow(NamedTuple):
    """An appointment as calendars and boards show it. Instants are UTC.

    A tuple, because a frozen dataclass of this width takes four times as long to make.
    """

    id: UUID
    version: int
    patient_id: UUID
    provider_id: UUID
    chair_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    """What the clinic's clocks show at the start; naive."""
    zone: str
    status: str
    status_at: datetime | None
    arrived_at: datetime | None
    seated_at: datetime | None
    done_at: datetime | None
    reason: str
    squeeze_reason: str
    remark: str
    source: str
    patient: str
    """The patient's name as it is shown."""
    alert: str
    """The gravest alert of the patient: ``stop``, ``caution`` or empty."""
    phone: str
    provider: str
    """The provider's short name."""
    service: str
    """The treatments planned, in order, or empty."""
    colour: str
    """Colour role of the first treatment, or of the provider."""
    outside_reason: str = ""
    """Why it stands in the past or outside working time."""
    assist: str = ""
    """Minutes from the start in which an assistant alone works: ``0-10,50-60``."""
    series_id: UUID | None = None
    """The series that it belongs to."""
    series_date: date | None = None
    """The date of the series that it stands for."""
    instead_of_id: UUID | None = None
    """The appointment that it was made for: moved to this time, missed or cancelled."""
    moved_from: datetime | None = None
    """When that one was; local, naive."""
    moved_to: datetime | None = None
    """Of one that does not take place: when the one in its place is; local, naive."""

    @property
    def minutes(self) -> int:
        """The booked length."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_second_hour(self) -> bool:
        """Whether it begins in the second of two equal hours, as the clocks are set back."""
        first = self.local_start.replace(tzinfo=ZoneInfo(self.zone), fold=0)
        return first.astimezone(UTC) != self.starts_at

    @property
    def occupied_until(self) -> datetime:
        """When provider and chair are free again: done early frees the rest, from that minute."""
        if self.status == VisitStatus.DONE and self.done_at is not None:
            minute = self.done_at.replace(second=0, microsecond=0)
            return max(self.starts_at, min(self.ends_at, minute))
        return self.ends_at

    @property
    def blocks_chair(self) -> bool:
        """Whether its chair is taken at its time."""
        return VisitStatus(self.status) not in NOT_BLOCKING

    @property
    def blocks_provider(self) -> bool:
        """Whether its provider is taken; a squeezed-in patient takes the chair alone."""
        return self.blocks_chair and not self.squeeze_reason

    def span(self, day: LocalDay) -> Span:
        """Return when it occupies its chair, in minutes of the day."""
        return Span(day.minute_of(self.starts_at), day.minute_of(self.occupied_until))

    def own_spans(self, day: LocalDay) -> tuple[Span, ...]:
        """Return when it occupies its provider: without the minutes of an assistant alone."""
        if not self.assist:
            return (self.span(day),)
        booked = own_minutes(self.booked_span(day), self.assist)
        return tuple(common(booked, [self.span(day)]))

    def booked_span(self, day: LocalDay) -> Span:
        """Return when it was booked for, in minutes of the day."""
        return Span(day.minute_of(self.starts_at), day.minute_of(self.ends_at))


class When(Input):
    """A time as the clinic's clocks show it; ``second_hour`` when they show it twice."""

    local_start: datetime
    second_hour: bool = False
    minutes: Annotated[int | None, Field(ge=5, le=LONGEST_MINUTES)] = None


class PlannedTreatment(Input):
    """Work that is planned elsewhere and done in the appointment, as the treatment that it is."""

    chart_item_id: UUID
    treatment_id: UUID


class Booking(When):
    """An appointment to be made; ``id`` comes from the form, so that a second Enter is the same.

    ``planned`` work comes before ``treatment_ids``. Without ``minutes`` they say together how long
    it takes. ``instead_of_id`` is the broken appointment that it stands for. ``reason`` is why it
    may lie in the past or outside working hours, ``squeeze_reason`` why the provider may be
    double-booked.
    """

    id: UUID
    patient_id: UUID
    provider_id: UUID
    chair_id: UUID | None = None
    planned: Annotated[tuple[PlannedTreatment, ...], Field(max_length=50)] = ()
    treatment_ids: tuple[UUID, ...] = ()
    instead_of_id: UUID | None = None
    remark: Annotated[Text, Field(max_length=2000)] = ""
    source: str = "desk"
    reason: Annotated[Line, Field(max_length=500)] = ""
    squeeze_reason: Annotated[Line, Field(max_length=500)] = ""
    assist: Annotated[Line, Field(max_length=200)] | None = None
    """Minutes of an assistant alone, ``0-10,50-60``; None is what the treatments say."""

    @property
    def work(self) -> tuple[UUID, ...]:
        """The treatments in their order, those that are planned first."""
        return (*(one.treatment_id for one in self.planned), *self.treatment_ids)


class Move(When):
    """Another time, length, provider or chair for an appointment as it was read at ``version``."""

    id: UUID
    version: int
    provider_id: UUID
    chair_id: UUID | None = None
    minutes: Annotated[int, Field(ge=5, le=LONGEST_MINUTES)]
    reason: Annotated[Line, Field(max_length=500)] = ""


class Wanted(When):
    """A place that somebody considers, for a new appointment or for one that is there already."""

    provider_id: UUID
    chair_id: UUID | None = None
    minutes: Annotated[int, Field(ge=5, le=LONGEST_MINUTES)]
    appointment_id: UUID | None = None
    squeezed: bool = False


class StatusChange(Input):
    """Another status for an appointment as it was read at ``version``.

    ``back`` takes a step back, as undo does. The chair is changed when ``change_chair`` says so.
    """

    id: UUID
    version: int
    to: VisitStatus
    reason: Annotated[Line, Field(max_length=500)] = ""
    back: bool = False
    change_chair: bool = False
    chair_id: UUID | None = None


class SlotTakenError(ConflictError):
    """Somebody else has the provider or the chair at that time."""

    field = "time"

    def __init__(
        self,
        sentence: str,
        *,
        holder: AppointmentRow | None = None,
        nearest: datetime | None = None,
    ) -> None:
        super().__init__(sentence)
        self.holder = holder
        self.nearest = nearest
        """The nearest free local start on that day, naive, or None."""


class VisitChangedError(StaleError):
    """Somebody changed the appointment first; ``now`` is how it stands."""

    def __init__(self, sentence: str, *, now: AppointmentRow) -> None:
        super().__init__(sentence)
        self.now = now


class OutsideHoursError(ConflictError):
    """The time is past, or the provider does not work then; a reason may allow it."""

    field = "time"

    def __init__(
        self,
        sentence: str,
        *,
        needs_reason: bool,
        pause: Pause | None = None,
        nearest: datetime | None = None,
    ) -> None:
        super().__init__(sentence, field="reason" if needs_reason else "time")
        self.needs_reason = needs_reason
        self.pause = pause
        """What stands in the way, where it is more than the week's hours."""
        self.nearest = nearest
        """The next local start at which this provider is free, naive, or None."""
