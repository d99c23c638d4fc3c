"""What is asked of the waiting list and what comes back; times are the clinic's own."""

from datetime import date, datetime, time
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.waiting import Judgement
from clinic_desktop.services.schemas import Input, Line, Row

ANSWERS: Final = ("accepted", "declined", "no_answer", "message_left")


class RequestValues(Input):
    """What somebody waits for and when they can come.

    Without ``minutes`` the service says how long it takes, or the visit to be brought on.
    """

    treatment_id: UUID | None = None
    provider_id: UUID | None = None
    minutes: Annotated[int | None, Field(ge=5, le=600)] = None
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    not_before: time | None = None
    not_after: time | None = None
    first_day: date | None = None
    last_day: date | None = None
    notice: Annotated[int, Field(ge=0, le=20160)] = 60
    urgent: bool = False
    remark: Annotated[Line, Field(max_length=500)] = ""


class NewRequest(RequestValues):
    """Somebody who is to wait; ``appointment_id`` is a later visit that would be brought on."""

    id: UUID
    patient_id: UUID
    appointment_id: UUID | None = None


class RequestRow(NamedTuple):
    """Somebody who waits. Instants are UTC, times of day the clinic's."""

    id: UUID
    version: int
    patient_id: UUID
    number: str
    given: str
    family: str
    phone: str
    prefers: str
    treatment_id: UUID | None
    service: str
    provider_id: UUID | None
    provider: str
    appointment_id: UUID | None
    visit_at: datetime | None
    """The later visit that would be brought on."""
    minutes: int
    weekdays: tuple[int, ...]
    not_before: time | None
    not_after: time | None
    first_day: date | None
    last_day: date | None
    notice: int
    urgent: bool
    remark: str
    since: datetime
    offers: int
    last_answer: str | None
    last_at: datetime | None

    @property
    def name(self) -> str:
        """The patient's name as it is shown."""
        return full_name(self.given, self.family)


class FreeTime(Input):
    """A time that is free: local start, provider, chair, and for how long."""

    local_start: datetime
    second_hour: bool = False
    provider_id: UUID
    chair_id: UUID | None = None
    minutes: Annotated[int, Field(ge=5, le=24 * 60)]


class Candidate(Row):
    """Somebody to call about a free time, with the reasons or what stands against it."""

    request: RequestRow
    judgement: Judgement

    @property
    def fits(self) -> bool:
        """Whether they can come at all."""
        return self.judgement.bar is None


class Answer(Input):
    """What somebody answered to a free time; ``id`` comes from the form, so that twice is once."""

    id: UUID
    request_id: UUID
    version: int
    free: FreeTime
    answer: str
    remark: Annotated[Line, Field(max_length=500)] = ""
