"""What is asked of recalls and what comes back; days are the clinic's own."""

from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.recalls import Interval
from clinic_desktop.services.schemas import Input, Line, Name, Row

MOST_ON_A_PAGE = 200


class RecallTypeRow(Row):
    """A type of the clinic; ``treatment_ids`` are what begins its interval anew."""

    id: UUID
    version: int
    code: str
    name: str
    every: int
    unit: str
    replaces_id: UUID | None
    under_age: int | None
    active: bool
    treatment_ids: tuple[UUID, ...] = ()

    @property
    def interval(self) -> Interval:
        """The usual interval."""
        return Interval(self.every, self.unit)


class RecallTypeValues(Input):
    """A type as it is to be."""

    code: Annotated[Name, Field(max_length=20)]
    name: Annotated[Name, Field(max_length=120)]
    every: Annotated[int, Field(ge=1)]
    unit: str
    replaces_id: UUID | None = None
    under_age: Annotated[int | None, Field(ge=1, le=120)] = None
    active: bool = True
    treatment_ids: tuple[UUID, ...] = ()


class Attempt(Row):
    """One try to reach somebody, who made it and what came of it."""

    at: datetime
    channel: str
    outcome: str
    remark: str
    person: str


class RecallRow(Row):
    """What one patient comes back for; ``every`` and ``unit`` are theirs, or the type's."""

    id: UUID
    version: int
    recall_type_id: UUID
    code: str
    name: str
    every: int
    unit: str
    own_interval: bool
    last_on: date | None
    due_on: date | None
    paused_until: date | None
    pause_reason: str
    remark: str
    replaced: bool
    """Another recall of this patient stands in its place."""
    attempts: tuple[Attempt, ...] = ()

    @property
    def interval(self) -> Interval:
        """How often this patient comes back."""
        return Interval(self.every, self.unit)

    def paused_on(self, day: date) -> bool:
        """Return whether it is held back on a day."""
        return self.paused_until is not None and self.paused_until > day


class RecallChange(Input):
    """Interval, due date and remark of a recall as it was read at ``version``.

    ``every`` None goes back to the type's interval.
    """

    id: UUID
    version: int
    every: Annotated[int | None, Field(ge=1)] = None
    unit: str = "month"
    due_on: date | None = None
    remark: Annotated[Line, Field(max_length=500)] = ""


class NewRecall(Input):
    """A recall that somebody sets by hand; ``due_on`` None counts the interval from today."""

    id: UUID
    patient_id: UUID
    recall_type_id: UUID
    every: Annotated[int | None, Field(ge=1)] = None
    unit: str = "month"
    due_on: date | None = None
    remark: Annotated[Line, Field(max_length=500)] = ""


class Pause(Input):
    """Holding a recall back until a day, with the reason; ``until`` None lets it go again."""

    id: UUID
    version: int
    until: date | None = None
    reason: Annotated[Line, Field(max_length=200)] = ""


class NewAttempt(Input):
    """A try to reach a patient; ``id`` comes from the form, so that a second Enter is the same."""

    id: UUID
    recall_id: UUID
    patient_id: UUID
    channel: str = "phone"
    outcome: str
    remark: Annotated[Line, Field(max_length=500)] = ""
    appointment_id: UUID | None = None


class DuePlace(NamedTuple):
    """Where a page ended."""

    due_on: date
    recall_id: UUID


class DueSearch(Input):
    """Who is due up to a day; ``booked`` and ``declined`` also show those who need no call."""

    until: date
    recall_type_id: UUID | None = None
    booked: bool = False
    declined: bool = False
    after: DuePlace | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 100


class DueRow(NamedTuple):
    """A line of the call list. Instants are UTC; ``attempts`` counts those since it is due."""

    id: UUID
    version: int
    patient_id: UUID
    number: str
    given: str
    family: str
    born: date | None
    phone: str
    no_phone_reason: str
    email: str
    prefers: str
    recall_type_id: UUID
    type_name: str
    due_on: date
    last_on: date | None
    remark: str
    attempts: int
    last_at: datetime | None
    last_channel: str | None
    last_outcome: str | None
    next_visit: datetime | None
    """The patient's next visit of any kind."""
    booked: bool
    """Whether a visit that completes this recall is booked."""
    treatment_ids: tuple[UUID, ...] = ()
    """What is booked for it: the first treatment that completes it."""

    @property
    def name(self) -> str:
        """The patient's name as it is shown."""
        return full_name(self.given, self.family)

    @property
    def place(self) -> DuePlace:
        """Where a page that ends here ended."""
        return DuePlace(self.due_on, self.id)


class DueCount(Row):
    """How many of each type are due and wait for a call; counted up to a limit."""

    recall_type_id: UUID
    name: str
    waiting: int
