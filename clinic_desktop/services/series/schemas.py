"""What is asked of a series and what comes back: dates with their state, answers, undo."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.recurrence import MOST, Rule
from clinic_desktop.errors import ConflictError, StaleError
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.schemas import Input, Line, Text


class State(StrEnum):
    """What stands against a date."""

    FREE = "free"
    TAKEN = "taken"
    """Somebody else has the provider or the chair."""
    OUTSIDE = "outside"
    """The provider does not work then, or the chair is not in use."""
    CLOSED = "closed"
    """The provider does not work at all on that day."""
    PAST = "past"
    ELSEWHERE = "elsewhere"
    """The patient has another appointment that day."""
    SKIPPED = "skipped"
    """The clocks leave this time out on that day."""
    KEPT = "kept"
    """It stands where somebody put it, and stays there."""


class Choice(StrEnum):
    """What is done about a date."""

    BOOK = "book"
    LEAVE_OUT = "leave_out"
    """No appointment; of one that is there already: it stays where it is."""
    SHIFT = "shift"
    """The next free time of the same day."""
    NEXT_DAY = "next_day"
    """The next worked day at the same time."""
    OUTSIDE = "outside"
    """There all the same, with a reason."""


class OnClosed(StrEnum):
    """What is done about all dates on which nobody works."""

    ASK = "ask"
    LEAVE_OUT = "leave_out"
    NEXT_DAY = "next_day"


class Scope(StrEnum):
    """Which appointments of a series an act is for."""

    THIS = "this"
    FOLLOWING = "following"
    """This one and those after it."""
    ALL = "all"


class Answer(Input):
    """What was decided about a date of the rule; ``local_start`` is the time that was shown."""

    date: date
    choice: Choice
    local_start: datetime | None = None


class Answers(Input):
    """What is decided about dates on which something stands against the appointment.

    ``reason`` is why some may lie in the past or outside working time.
    """

    on_closed: OnClosed = OnClosed.ASK
    answers: Annotated[tuple[Answer, ...], Field(max_length=2 * MOST)] = ()
    reason: Annotated[Line, Field(max_length=500)] = ""


class SeriesBooking(Answers):
    """A series to be made; ``id`` comes from the form, so that a second Enter is the same act.

    ``first_id`` is an appointment that is there already and becomes the first. Without ``minutes``
    the treatments say how long it takes.
    """

    id: UUID
    patient_id: UUID
    provider_id: UUID
    chair_id: UUID | None = None
    treatment_ids: tuple[UUID, ...] = ()
    local_start: datetime
    minutes: int | None = None
    rule: Rule
    remark: Annotated[Text, Field(max_length=2000)] = ""
    source: str = "desk"
    first_id: UUID | None = None
    first_version: int = 0


class SeriesChange(Answers):
    """Another place or length for appointments of a series, as they were read.

    ``visit_id`` is the one that was taken; what differs from it is changed in the others as well.
    ``with_apart`` brings back those that were moved by themselves. ``new_id`` is the series that
    the changed ones become where earlier ones stay as they are. ``seen`` are ids and versions of
    the appointments as they were shown.
    """

    series_id: UUID
    version: int
    visit_id: UUID
    scope: Scope
    new_id: UUID
    local_start: datetime
    minutes: int
    provider_id: UUID
    chair_id: UUID | None = None
    with_apart: bool = False
    seen: tuple[tuple[UUID, int], ...] = ()


class SeriesCancel(Input):
    """Appointments of a series to be cancelled, as the series was read at ``version``."""

    series_id: UUID
    version: int
    visit_id: UUID
    scope: Scope
    reason: Annotated[Line, Field(max_length=500)]
    with_apart: bool = True


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """A date of the rule: where its appointment would stand and what stands against it."""

    date: date
    wanted: datetime
    """The local start that the rule asks for, on the next worked day where that was chosen."""
    state: State
    sentence: str
    """What stands against it, without a full stop; empty where nothing does."""
    choices: tuple[Choice, ...]
    choice: Choice | None
    """What will be done, None where somebody has to say."""
    lands: datetime | None
    """The local start that it gets, None for none."""
    nearest: datetime | None = None
    """The next free local start of that day."""
    note: str = ""
    """What is worth knowing although nothing stands against it."""
    visit_id: UUID | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to say what is done."""
        return self.choice is None


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A series before it is written."""

    rule: Rule
    at: time
    minutes: int
    dates: tuple[PlannedDate, ...]
    seen: tuple[tuple[UUID, int], ...] = ()

    @property
    def open(self) -> tuple[PlannedDate, ...]:
        """The dates of which somebody has to say what is done."""
        return tuple(one for one in self.dates if one.is_open)

    @property
    def landing(self) -> tuple[PlannedDate, ...]:
        """The dates that get their appointment."""
        return tuple(one for one in self.dates if one.lands is not None)

    @property
    def needs_reason(self) -> bool:
        """Whether one of them stands where only a reason allows it."""
        return any(one.choice is Choice.OUTSIDE for one in self.dates)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series with its appointments in order."""

    id: UUID
    version: int
    patient_id: UUID
    patient: str
    provider_id: UUID
    provider: str
    chair_id: UUID | None
    rule: Rule
    local_start: datetime
    minutes: int
    follows_id: UUID | None
    visits: tuple[AppointmentRow, ...]

    def is_apart(self, visit: AppointmentRow) -> bool:
        """Return whether an appointment stands elsewhere than its series says."""
        return visit.series_date is None or (
            visit.local_start,
            visit.minutes,
            visit.provider_id,
            visit.chair_id,
        ) != (
            datetime.combine(visit.series_date, self.local_start.time()),
            self.minutes,
            self.provider_id,
            self.chair_id,
        )


class VisitState(Input):
    """An appointment as it is to stand, from how it is at ``version``."""

    id: UUID
    version: int
    provider_id: UUID
    chair_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    outside_reason: str
    status: str
    reason: str
    series_id: UUID | None
    series_date: date | None


class SeriesState(Input):
    """The row of a series as it is to be, from how it is at ``version``."""

    id: UUID
    version: int
    provider_id: UUID
    chair_id: UUID | None
    rule: str
    local_start: datetime
    minutes: int
    removed: bool = False


class Restore(Input):
    """Appointments and series put back as they were: one act, whatever it was."""

    visits: tuple[VisitState, ...]
    series: tuple[SeriesState, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesDone:
    """What an act on a series did; ``undo`` takes it back."""

    series_id: UUID
    visits: tuple[AppointmentRow, ...]
    """Those that were written, in order."""
    left: int
    """How many dates have no appointment, or keep their place."""
    undo: Restore


class SeriesConflictError(ConflictError):
    """Nothing was written: some dates need an answer; ``plan`` has all of them as they are now."""

    def __init__(self, sentence: str, *, plan: SeriesPlan) -> None:
        super().__init__(sentence, field="dates")
        self.plan = plan


class SeriesChangedError(StaleError):
    """Somebody changed the series first; ``now`` is how it stands, ``by`` and ``at`` tell of it."""

    def __init__(self, sentence: str, *, now: SeriesRow, by: str, at: datetime | None) -> None:
        super().__init__(sentence)
        self.now, self.by, self.at = now, by, at
