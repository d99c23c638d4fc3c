"""Chart items in and out; fees in minor units, teeth in FDI numbers, dates local to the clinic."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from clinic_desktop.services.inventory.schemas import Shortage
from clinic_desktop.services.notes.schemas import Left
from clinic_desktop.services.schemas import Input, Line, Row

Status = Literal["condition", "planned", "in_progress", "done", "existing", "elsewhere", "referred"]


class ChartItemRow(NamedTuple):
    """A finding, a state or a procedure, true from ``since`` until ``until`` (open when None).

    A tuple, as the driver has it: a chart opens with hundreds of them, and a frozen dataclass of
    this width takes longer to make than its row takes to come.
    """

    id: UUID
    version: int
    kind: str
    code: str
    tooth: int | None
    surfaces: str
    detail: str
    status: str
    since: date
    until: date | None
    treatment_id: UUID | None
    treatment: str | None
    paint: str | None
    provider: str | None
    appointment_id: UUID | None
    fulfils_id: UUID | None
    done_at: datetime | None
    fee: int | None
    remark: str
    act: str
    created_at: datetime

    @property
    def waits_for_completion(self) -> bool:
        """Whether the work was charted as done here and is not charged yet."""
        return self.status == "done" and self.kind == "procedure" and self.done_at is None


class Charted(NamedTuple):
    """An entry as the picture needs it."""

    id: UUID
    code: str
    tooth: int | None
    surfaces: str
    detail: str
    status: str
    since: date
    treatment: str | None
    paint: str | None


@dataclass(frozen=True)
class PatientChart:
    """A patient's chart on one date, and every date on which it changed."""

    patient_id: UUID
    as_of: date
    born: date | None
    species: str
    items: tuple[ChartItemRow, ...]
    changed_on: tuple[date, ...]
    examined: bool


@dataclass(frozen=True)
class ChartHistory:
    """Every entry of a patient's chart, oldest first, so that any date is shown without asking."""

    patient_id: UUID
    born: date | None
    today: date
    items: tuple[ChartItemRow, ...]
    species: str = "human"

    @cached_property
    def changed_on(self) -> tuple[date, ...]:
        """The dates on which something changed, in order."""
        dates = {row.since for row in self.items}
        dates |= {row.until for row in self.items if row.until is not None}
        return tuple(sorted(dates))

    def on(self, day: date) -> tuple[ChartItemRow, ...]:
        """Return the entries that were true at the end of a day."""
        return tuple(
            row for row in self.items if row.since <= day and (row.until is None or row.until > day)
        )


class Version(NamedTuple):
    """An entry as it was known from one moment until another, or still."""

    item: ChartItemRow
    known_from: datetime
    known_until: datetime | None


@dataclass(frozen=True)
class KnownHistory:
    """What was known of a patient's mouth at any moment: each entry in each of its versions."""

    patient_id: UUID
    born: date | None
    species: str
    today: date
    zone: str
    versions: tuple[Version, ...]

    @cached_property
    def written_on(self) -> tuple[date, ...]:
        """The dates on which something was charted or changed, in order, as the clinic counts."""
        zone = ZoneInfo(self.zone)
        moments = {one.known_from for one in self.versions}
        moments |= {one.known_until for one in self.versions if one.known_until is not None}
        return tuple(sorted({moment.astimezone(zone).date() for moment in moments}))

    def at(self, moment: datetime) -> ChartHistory:
        """Return the chart with its past as it was known at a moment."""
        known = [
            one.item
            for one in self.versions
            if one.known_from <= moment and (one.known_until is None or one.known_until > moment)
        ]
        return ChartHistory(
            patient_id=self.patient_id,
            born=self.born,
            species=self.species,
            today=self.today,
            items=tuple(sorted(known, key=lambda row: (row.since, row.created_at, row.id))),
        )

    def on(self, day: date) -> ChartHistory:
        """Return what was known at the end of a day of the clinic."""
        ends = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.zone))
        return self.at(ends - timedelta(microseconds=1))


@dataclass(frozen=True)
class Undone:
    """What was taken back, or done again: its entries as they were charted."""

    items: tuple[ChartItemRow, ...]


class VisitNow(NamedTuple):
    """The patient's appointment of today that work belongs to."""

    id: UUID
    status: str
    provider_id: UUID
    provider: str
    local_start: datetime


@dataclass(frozen=True)
class OpenChart:
    """What the chart screen opens with."""

    history: ChartHistory
    visit: VisitNow | None


class NewChartItem(Input):
    """One entry on one tooth or on the mouth; ``id`` is made by the form."""

    id: UUID
    kind: Literal["condition", "state", "procedure"]
    code: Annotated[str, Field(min_length=1, max_length=20)]
    paint: Annotated[str, Field(exclude=True)] = ""
    """The vocabulary code a treatment of the clinic's own is drawn as."""
    tooth: int | None = None
    surfaces: Annotated[str, Field(pattern=r"^[MOIDBL5]*$")] = ""
    detail: Annotated[str, Field(pattern=r"^[a-z0-9 ]{0,60}$")] = ""
    status: Status
    since: date | None = None
    """From when it is true in the mouth; today when None."""
    treatment_id: UUID | None = None
    provider_id: UUID | None = None
    appointment_id: UUID | None = None
    fee: Annotated[int, Field(ge=0, le=100_000_000_000)] | None = None
    remark: Line = ""


class Completion(Input):
    """A visit's work to be completed: ``act`` is made by the screen, so that twice is once.

    ``item_ids`` are planned or done-but-not-charged items, ``booked_ids`` what was booked for the
    appointment and is on no tooth; the appointment is closed with them.
    """

    act: UUID
    patient_id: UUID
    item_ids: tuple[UUID, ...]
    booked_ids: tuple[UUID, ...] = ()
    asked_ids: tuple[UUID, ...] = ()
    """Those of them that do not fit the tooth, and that somebody says were done all the same."""
    appointment_id: UUID | None = None
    provider_id: UUID | None = None


class Uncompletion(Input):
    """Completed work that was not done after all; ``act`` is made by the screen."""

    act: UUID
    patient_id: UUID
    item_id: UUID
    reason: Annotated[Line, Field(min_length=1, max_length=200)]


class Uncompleted(Row):
    """What taking a completion back did: the reversing entry, its amount, materials returned."""

    entry_id: UUID | None
    amount: int
    returned: int
    note: Left = Left.NONE
    """What became of the note that completing had opened."""


class MaterialNeed(Row):
    """What one piece of work takes from stock; ``left`` is None when it was never counted."""

    product_id: UUID
    name: str
    unit: str
    quantity: int
    left: int | None


class WorkLine(Row):
    """One piece of work that can be completed now.

    ``source`` is charted (as done), planned or booked; ``today`` says that it was charted as done
    or belongs to today's appointment. ``needs_tooth`` is work booked without its tooth, which has
    to be charted before it can be completed.
    """

    id: UUID
    source: Literal["charted", "planned", "booked"]
    status: Status
    code: str
    tooth: int | None
    surfaces: str
    name: str
    provider: str | None
    fee: int
    today: bool
    needs_tooth: bool
    questions: tuple[str, ...] = ()
    """What does not fit the tooth as it is charted: a crown where the tooth is missing."""
    materials: tuple[MaterialNeed, ...]


class CompletionSheet(Row):
    """What a person looks at before completing a visit."""

    patient_id: UUID
    visit: VisitNow | None
    lines: tuple[WorkLine, ...]


class Completed(Row):
    """What completing did: what was charged, and what stock ran out."""

    item_ids: tuple[UUID, ...]
    charged: int
    entry_id: UUID | None
    shortages: tuple[Shortage, ...]
    already: bool = False
    note_id: UUID | None = None
    """The draft that was opened, None for somebody who writes no notes."""
