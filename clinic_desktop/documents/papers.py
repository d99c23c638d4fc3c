"""What stands on a paper: the data that a renderer needs and nothing else.

Every amount is in minor units of the clinic's currency. A paper whose sums do not agree is refused
when it is made: it is better not printed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

PaperSize = Literal["A4", "Letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicHead:
    """The clinic as the head and foot of every paper show it.

    ``logo`` is a PNG or JPEG that domain.images has checked. ``locale`` is the clinic's, such as
    ``pt_BR``; month names follow the language in force. ``zone`` is an IANA name.
    """

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    tax_id: str = ""
    legal_line: str = ""
    logo: bytes | None = None
    locale: str = "en"
    currency: str = "EUR"
    zone: str = "UTC"
    paper: PaperSize = "A4"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line of an invoice. ``surfaces`` is written out as the patient reads it."""

    on: date
    text: str
    amount_minor: int
    unit_price_minor: int
    quantity: Decimal = Decimal(1)
    tooth: str = ""
    surfaces: str = ""
    code: str = ""
    provider: str = ""
    discount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """The tax of one rate, rounded once: what it is called, of which amount, how much."""

    label: str
    base_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerShare:
    """What an insurer is expected to pay: always an estimate, and said to be one."""

    name: str
    amount_minor: int
    member: str = ""
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """Something else that is still to be paid on the account."""

    on: date
    text: str
    amount_minor: int
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How the invoice can be paid. ``note`` is the clinic's own sentence about other ways."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaper:
    """An issued invoice, or with ``corrects`` the credit note to the invoice of that number.

    ``payer_name`` and ``payer_address`` are given when another person pays than the patient.
    """

    head: ClinicHead
    number: str
    issued_on: date
    patient_name: str
    lines: tuple[InvoiceLine, ...]
    subtotal_minor: int
    total_minor: int
    please_pay_minor: int
    due_on: date | None = None
    patient_address: tuple[str, ...] = ()
    patient_number: str = ""
    patient_born: date | None = None
    payer_name: str = ""
    payer_address: tuple[str, ...] = ()
    treated_by: str = ""
    taxes: tuple[TaxRow, ...] = ()
    exemption: str = ""
    insurer: InsurerShare | None = None
    paid_minor: int = 0
    open_items: tuple[OpenItem, ...] = ()
    payment: Payment | None = None
    corrects: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        """Refuse sums that do not agree; that is a mistake of ours, never of the person."""
        if sum(line.amount_minor for line in self.lines) != self.subtotal_minor:
            raise ValueError(f"the lines of {self.number} do not make its subtotal")
        if self.subtotal_minor + sum(row.amount_minor for row in self.taxes) != self.total_minor:
            raise ValueError(f"subtotal and tax of {self.number} do not make its total")
        expected = self.insurer.amount_minor if self.insurer else 0
        if max(0, self.total_minor - expected - self.paid_minor) != self.please_pay_minor:
            raise ValueError(f"what {self.number} asks for does not follow from its total")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyStatement:
    """What is known of allergies.

    ``listed`` holds (substance, what it did); empty with a date means that the question was asked
    and answered with no; empty without one that nobody asked, which never looks like no.
    """

    listed: tuple[tuple[str, str], ...] = ()
    asked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionItem:
    """One medicine: ``drug`` with strength and form, the dose as a sentence, how it was found.

    ``quantity`` is written in figures and in words before ``unit``; ``feminine`` is the gender of
    the unit in Spanish and Portuguese, where numbers follow it.
    """

    drug: str
    dose: str
    quantity: Decimal
    unit: str
    feminine: bool = False
    packs: str = ""
    arithmetic: str = ""
    duration: str = ""
    instructions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionPaper:
    """A signed prescription. ``issued_at`` knows its zone; it is shown in the clinic's."""

    head: ClinicHead
    number: str
    issued_at: datetime
    prescriber: str
    patient_name: str
    allergies: AllergyStatement
    items: tuple[PrescriptionItem, ...]
    list_version: str
    list_date: date
    fingerprint: str
    copy: int = 1
    prescriber_title: str = ""
    prescriber_registration: str = ""
    patient_born: date | None = None
    patient_age: str = ""
    patient_weight: str = ""
    weighed_on: date | None = None
    patient_address: tuple[str, ...] = ()
    guardian: str = ""
    conditions: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a prescription for nothing, or one whose time has no zone."""
        if not self.items:
            raise ValueError(f"prescription {self.number} has no items")
        if self.issued_at.tzinfo is None:
            raise ValueError(f"prescription {self.number} has a time without a zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidItem:
    """What a payment paid, or a part of it."""

    text: str
    amount_minor: int
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper:
    """A payment taken. ``way`` is the way of payment in words; ``given_minor`` is for cash."""

    head: ClinicHead
    number: str
    taken_at: datetime
    patient_name: str
    way: str
    amount_minor: int
    balance_minor: int
    paid: tuple[PaidItem, ...] = ()
    patient_number: str = ""
    given_minor: int | None = None
    taken_by: str = ""

    def __post_init__(self) -> None:
        """Refuse a receipt that names more than was paid, or change that cannot be."""
        if sum(item.amount_minor for item in self.paid) > self.amount_minor:
            raise ValueError(f"receipt {self.number} pays for more than was paid")
        if self.given_minor is not None and self.given_minor < self.amount_minor:
            raise ValueError(f"receipt {self.number} was given less than it says")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVisit:
    """One visit on the day sheet; times are the clinic's. ``alerts`` are letters such as A, B, P.

    A visit with an empty name is a break or a blocked time, named by ``service``.
    """

    begins: str
    ends: str
    name: str
    service: str
    age: str = ""
    phone: str = ""
    alerts: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayColumn:
    """The visits of one provider or chair, in the order of time."""

    title: str
    visits: tuple[DayVisit, ...]
    subtitle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheetPaper:
    """The day as it stood at a moment: one column for each provider or chair."""

    head: ClinicHead
    day: date
    made_at: datetime
    columns: tuple[DayColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekVisit:
    """One visit in the week, in minutes since its day began; ``begins`` is what the clocks show.

    One with an empty name is a break or a blocked time, named by ``service``. ``again`` marks the
    second of two equal times.
    """

    start: int
    end: int
    begins: str
    name: str
    service: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekColumn:
    """The visits of one provider on one day, and when they work, in minutes since it began."""

    title: str
    visits: tuple[WeekVisit, ...]
    working: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """One day: its columns, and ``hours`` as minutes since it began with what the clocks show.

    On the days when clocks change an hour is missing there or comes twice.
    """

    day: date
    columns: tuple[WeekColumn, ...]
    hours: tuple[tuple[int, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPaper:
    """A week as it stood at a moment, of one provider or, with an empty ``whose``, of all.

    ``first_hour`` and ``last_hour`` are from when to when it is drawn, on the clocks of each day.
    """

    head: ClinicHead
    whose: str
    first: date
    last: date
    made_at: datetime
    first_hour: int
    last_hour: int
    days: tuple[WeekDay, ...]
