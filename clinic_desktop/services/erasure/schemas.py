"""What an erasure would do, and what it did."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.billing.schemas import invoice_label
from clinic_desktop.services.schemas import Input, Line, Row


class ComingVisit(Row):
    """A visit that has to be cancelled first."""

    id: UUID
    at: datetime
    provider: str


class KeptInvoice(Row):
    """An issued invoice that keeps its buyer until the law lets it go."""

    id: UUID
    series: str
    year: int
    number: int
    until: date

    @property
    def label(self) -> str:
        """Return the invoice's number as it is printed."""
        return invoice_label(self.series, self.year, self.number)


class ErasurePreview(Row):
    """What there is of a person and what would become of it.

    ``counts`` are rows by table. ``care_until`` is the day until which the record itself is to be
    kept, None where nothing of it is; ``early`` whether the clinic lets a person decide against
    it. Money in minor units.
    """

    patient_id: UUID
    number: str
    name: str
    today: date
    records: tuple[str, ...]
    counts: dict[str, int]
    care_until: date | None
    early: bool
    fiscal_years: int
    clinical_years: int
    balance: int
    deposit: int
    coming: tuple[ComingVisit, ...]
    invoices: tuple[KeptInvoice, ...]
    wards: int
    shared_files: int

    @property
    def before_its_time(self) -> bool:
        """Return whether the record is to be kept longer than until today."""
        return self.care_until is not None and self.care_until > self.today

    @property
    def kept_until(self) -> date | None:
        """Return the day on which the last of the kept invoices may go."""
        return max((one.until for one in self.invoices), default=None)


class ErasureOrder(Input):
    """What a person decided: whose record, why, and why before its time.

    ``number`` is the record's number as it was typed to confirm.
    """

    id: UUID
    patient_id: UUID
    number: Line
    reason: Annotated[Line, Field(max_length=500)]
    early_reason: Annotated[Line, Field(max_length=500)] = ""


class Erased(Row):
    """What was done: how many entries of the log lost their values, and what is kept."""

    id: UUID
    number: str
    entries: int
    invoices: int
    kept_until: date | None
    again: bool


class ErasureRow(Row):
    """An erasure that was done."""

    id: UUID
    patient_id: UUID
    number: str
    at: datetime
    by: str
    reason: str
    early_reason: str
    care_until: date | None
    invoices_kept: int
    kept_until: date | None


class ErasureRuleValues(Input):
    """How many years the law of the country keeps papers and records, as the clinic says."""

    fiscal_years: Annotated[int, Field(ge=0, le=100)] = 10
    clinical_years: Annotated[int, Field(ge=0, le=100)] = 10
    early: bool = True


class ErasureRules(Row):
    """The rules with the version of their row; 0 where nobody has said anything."""

    version: int = 0
    fiscal_years: int = 10
    clinical_years: int = 10
    early: bool = True
