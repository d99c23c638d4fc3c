"""Money: the double-entry journal, and invoices that list its charges."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Money,
    Protection,
    at_most,
    belongs_to,
    not_blank,
    of_clinic,
    one_of,
    sane,
)

_POSTS = ("billing.post", "clinical.complete")


class JournalEntry(ClinicModel):
    """One act on the ledger; its postings sum to zero. Corrected by an entry that reverses it."""

    __tablename__ = "journal_entry"
    protection = Protection(
        read="billing.read", write=_POSTS, patient="patient_id", append_only=True
    )

    patient_id: Mapped[UUID]
    kind: Mapped[str]
    day: Mapped[date]
    act: Mapped[str]
    memo: Mapped[str] = mapped_column(server_default="")
    reverses_id: Mapped[UUID | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("journal_entry", "reverses_id"),
        one_of("kind", "charge", "payment", "adjustment", "write_off", "refund", "deposit"),
        UniqueConstraint("clinic_id", "act"),
        UniqueConstraint("clinic_id", "reverses_id"),
        not_blank("act", 100),
        at_most("memo", 500),
        sane("day"),
        Index("ix_journal_entry_patient", "clinic_id", "patient_id", "day"),
        Index("ix_journal_entry_day", "clinic_id", "day"),
    )


class Posting(ClinicModel):
    """One side of an entry, in minor units: plus is what the account receives.

    ``receivable`` postings carry the patient who owes; ``income`` ones the provider who earned.
    Tooth, surfaces and code stand here as well as in the chart, because who writes bills does not
    read charts.
    """

    __tablename__ = "posting"
    protection = Protection(
        read="billing.read", write=_POSTS, patient="patient_id", append_only=True
    )

    journal_entry_id: Mapped[UUID]
    account: Mapped[str]
    patient_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    chart_item_id: Mapped[UUID | None]
    amount: Mapped[int] = mapped_column(Money)
    text: Mapped[str] = mapped_column(server_default="")
    tooth: Mapped[int | None]
    surfaces: Mapped[str] = mapped_column(server_default="")
    code: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("journal_entry"),
        belongs_to("patient"),
        belongs_to("provider"),
        belongs_to("chart_item"),
        one_of("account", "receivable", "income", "cash", "card", "bank", "deposit", "written_off"),
        CheckConstraint("(account = 'receivable') = (patient_id IS NOT NULL)", name="owed_by"),
        CheckConstraint("amount <> 0 AND abs(amount) <= 100000000000", name="amount"),
        at_most("text", 300),
        CheckConstraint("tooth BETWEEN 11 AND 39999", name="tooth"),
        CheckConstraint("surfaces ~ '^[MOIDBL5]*$'", name="surfaces"),
        at_most("code", 20),
        Index("ix_posting_entry", "clinic_id", "journal_entry_id"),
        Index("ix_posting_patient", "clinic_id", "patient_id"),
        Index("ix_posting_chart_item", "clinic_id", "chart_item_id"),
    )


class Invoice(ClinicModel):
    """A numbered bill over charges already on the ledger; frozen once issued."""

    __tablename__ = "invoice"
    protection = Protection(read="billing.read", write=("billing.issue",), patient="patient_id")

    patient_id: Mapped[UUID]
    series: Mapped[str] = mapped_column(server_default="A")
    year: Mapped[int | None]
    number: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default="draft")
    issued_at: Mapped[datetime | None]
    issued_on: Mapped[date | None]
    due_on: Mapped[date | None]
    total: Mapped[int] = mapped_column(Money)
    bill_to: Mapped[str] = mapped_column(server_default="")
    remark: Mapped[str] = mapped_column(server_default="")
    document_id: Mapped[UUID | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("document"),
        of_clinic(),
        UniqueConstraint("clinic_id", "series", "year", "number"),
        one_of("status", "draft", "issued"),
        CheckConstraint(
            "(status = 'draft') = (number IS NULL) AND (number IS NULL) = (year IS NULL) "
            "AND (number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (issued_on IS NULL)",
            name="numbered",
        ),
        CheckConstraint("series ~ '^[A-Z0-9]{1,8}$'", name="series"),
        CheckConstraint("abs(total) <= 100000000000", name="total"),
        at_most("bill_to", 1000),
        at_most("remark", 2000),
        Index("ix_invoice_patient", "clinic_id", "patient_id", "issued_at"),
    )


class InvoiceLine(ClinicModel):
    """A line of an invoice; a charge's posting stands on one invoice at most."""

    __tablename__ = "invoice_line"
    protection = Protection(read="billing.read", write=("billing.issue",), append_only=True)

    invoice_id: Mapped[UUID]
    position: Mapped[int]
    posting_id: Mapped[UUID]
    day: Mapped[date]
    tooth: Mapped[int | None]
    surfaces: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str]
    quantity: Mapped[int] = mapped_column(server_default="1")
    amount: Mapped[int] = mapped_column(Money)

    __table_args__ = (
        belongs_to("invoice"),
        belongs_to("posting"),
        UniqueConstraint("clinic_id", "invoice_id", "position"),
        UniqueConstraint("clinic_id", "posting_id"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity"),
        CheckConstraint("abs(amount) <= 100000000000", name="amount"),
        not_blank("text", 300),
        sane("day"),
    )
