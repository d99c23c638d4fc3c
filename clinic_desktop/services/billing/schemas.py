"""Accounts in and out; every amount in minor units of the clinic's currency."""

from datetime import date, datetime
from uuid import UUID

from clinic_desktop.domain.names import full_name
from clinic_desktop.services.schemas import Input, Line, Row, Text


class Charge(Input):
    """Work to be charged: ``posting_id`` is the new posting's key, ``tooth`` is FDI."""

    posting_id: UUID
    chart_item_id: UUID | None
    provider_id: UUID | None
    text: Line
    amount: int
    tooth: int | None = None
    surfaces: str = ""
    code: str = ""


class LedgerLine(Row):
    """One line of an account; ``amount`` is what the patient owes more (or less, negative)."""

    posting_id: UUID
    entry_id: UUID
    kind: str
    day: date
    text: str
    tooth: int | None
    surfaces: str
    amount: int
    balance: int
    invoice_id: UUID | None
    invoice_number: str | None
    reverses_id: UUID | None
    reversed: bool
    memo: str


class Ledger(Row):
    """A patient's account, oldest first, and what is open now."""

    patient_id: UUID
    lines: tuple[LedgerLine, ...]
    balance: int


class OpenCharge(Row):
    """A charge that stands on no invoice yet."""

    posting_id: UUID
    day: date
    tooth: int | None
    surfaces: str
    text: str
    amount: int


class NewInvoice(Input):
    """Which charges to bill; ``id`` is made by the form, so that issuing twice is one act."""

    id: UUID
    patient_id: UUID
    posting_ids: tuple[UUID, ...]
    series: str = "A"
    bill_to: Text = ""
    remark: Text = ""
    due_on: date | None = None


class InvoiceLineRow(Row):
    """A line of an invoice."""

    position: int
    day: date
    tooth: int | None
    surfaces: str
    text: str
    quantity: int
    amount: int


class LineOrigin(Row):
    """Where an invoice's line comes from: the treatment's code and who did the work."""

    position: int
    code: str
    provider: str


class AccountRow(Row):
    """A patient's account in the list of accounts that need somebody."""

    patient_id: UUID
    number: str
    given: str
    family: str
    balance: int
    not_invoiced: int
    charges: int
    oldest: date | None
    last_entry: date | None

    @property
    def name(self) -> str:
        """The name as it is said."""
        return full_name(self.given, self.family)


class InvoiceRow(Row):
    """An issued invoice with its lines; ``label`` is its number as it is printed."""

    id: UUID
    version: int
    patient_id: UUID
    series: str
    year: int
    number: int
    issued_at: datetime
    issued_on: date
    due_on: date | None
    total: int
    bill_to: str
    remark: str
    document_id: UUID | None
    lines: tuple[InvoiceLineRow, ...] = ()

    @property
    def label(self) -> str:
        """The number as people read it, for example A-2026-000418."""
        return invoice_label(self.series, self.year, self.number)


def invoice_label(series: str, year: int, number: int) -> str:
    """Return an invoice number as people read it."""
    return f"{series}-{year}-{number:06d}"
