"""Chart items in and out; fees in minor units, teeth in FDI numbers, dates local to the clinic."""

from datetime import date, datetime
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

    ``item_ids`` are planned or done-but-not-charged items; the appointment is closed with them.
    """

    act: UUID
    patient_id: UUID
    item_ids: tuple[UUID, ...]
    appointment_id: UUID | None = None
    provider_id: UUID | None = None


class Completed(Row):
    """What completing did: what was charged, and what stock ran out."""

    item_ids: tuple[UUID, ...]
    charged: int
    entry_id: UUID | None
    shortages: tuple[Shortage, ...]
    already: bool = False
