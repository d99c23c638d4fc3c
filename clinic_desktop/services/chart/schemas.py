"""Chart items in and out; fees in minor units, teeth in FDI numbers, dates local to the clinic."""

from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.inventory.schemas import Shortage
from clinic_desktop.services.schemas import Input, Line, Row

Status = Literal["condition", "planned", "in_progress", "done", "existing", "elsewhere", "referred"]


class ChartItemRow(Row):
    """A finding, a state or a procedure, true from ``since`` until ``until`` (open when None)."""

    id: UUID
    version: int
    kind: str
    code: str
    tooth: int | None
    surfaces: str
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
    created_at: datetime

    @property
    def waits_for_completion(self) -> bool:
        """Whether the work was charted as done here and is not charged yet."""
        return self.status == "done" and self.kind == "procedure" and self.done_at is None


class PatientChart(Row):
    """A patient's chart on one date, and every date on which it changed."""

    patient_id: UUID
    as_of: date
    born: date | None
    items: tuple[ChartItemRow, ...]
    changed_on: tuple[date, ...]
    examined: bool


class ChartHistory(Row):
    """Every entry of a patient's chart, oldest first, so that any date is shown without asking."""

    patient_id: UUID
    born: date | None
    today: date
    items: tuple[ChartItemRow, ...]

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


class VisitNow(Row):
    """The patient's appointment of today that work belongs to."""

    id: UUID
    status: str
    provider_id: UUID
    provider: str
    local_start: datetime


class OpenChart(Row):
    """What the chart screen opens with."""

    history: ChartHistory
    visit: VisitNow | None


class NewChartItem(Input):
    """One entry on one tooth or on the mouth; ``id`` is made by the form."""

    id: UUID
    kind: Literal["condition", "state", "procedure"]
    code: Annotated[str, Field(min_length=1, max_length=20)]
    tooth: int | None = None
    surfaces: Annotated[str, Field(pattern=r"^[MOIDBL5]*$")] = ""
    status: Status
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
    appointment_id: UUID | None = None
    provider_id: UUID | None = None


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
