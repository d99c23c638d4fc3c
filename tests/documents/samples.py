"""Papers of the sample clinic for tests, each part to be replaced by keyword."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from clinic_desktop.documents.papers import (
    AllergyStatement,
    ClinicHead,
    DayColumn,
    DaySheetPaper,
    DayVisit,
    InsurerShare,
    InvoiceLine,
    InvoicePaper,
    OpenItem,
    PaidItem,
    Payment,
    PrescriptionItem,
    PrescriptionPaper,
    ReceiptPaper,
)

DAY = date(2026, 3, 12)
MOMENT = datetime(2026, 3, 12, 14, 19, tzinfo=UTC)
IBAN = "IE29AIBK93115212345678"


@cache
def logo(width: int = 520, height: int = 180) -> bytes:
    """A drawn logo as PNG, transparent around it."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((10, 10, width - 10, height - 10), fill=(10, 101, 95, 255))
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def head(**changes: Any) -> ClinicHead:
    """The sample clinic."""
    values: dict[str, Any] = {
        "name": "Harbour Street Dental",
        "address": ("14 Harbour Street", "Cork"),
        "phone": "+353 21 555 0100",
        "email": "accounts@harbourstreet.example",
        "tax_id": "VAT IE0000000X",
        "legal_line": "Harbour Street Dental Ltd · Reg. 000000",
        "locale": "en_IE",
        "currency": "EUR",
        "zone": "Europe/Dublin",
    }
    return ClinicHead(**(values | changes))


def line(**changes: Any) -> InvoiceLine:
    """A filling for 140.00."""
    values: dict[str, Any] = {
        "on": DAY,
        "tooth": "36",
        "text": "Composite filling, 3 surfaces",
        "surfaces": "Mesial, occlusal, distal",
        "code": "F-03",
        "unit_price_minor": 14000,
        "amount_minor": 14000,
    }
    return InvoiceLine(**(values | changes))


def invoice(count: int = 3, **changes: Any) -> InvoicePaper:
    """An invoice of fillings that asks for all of its total."""
    lines = changes.pop("lines", tuple(line() for _ in range(count)))
    total = sum(each.amount_minor for each in lines)
    values: dict[str, Any] = {
        "head": head(),
        "number": "A-2026-004217",
        "issued_on": DAY,
        "due_on": date(2026, 3, 26),
        "patient_name": "Inês Carvalho-Lindqvist",
        "patient_address": ("14 Quay Terrace, Flat 3", "Cork T12 X0Y0", "Ireland"),
        "patient_number": "10482",
        "treated_by": "Dr Amara Nwosu",
        "lines": lines,
        "subtotal_minor": total,
        "total_minor": total,
        "please_pay_minor": total,
        "exemption": "Dental treatment is exempt from VAT.",
    }
    return InvoicePaper(**(values | changes))


def insured_invoice(**changes: Any) -> InvoicePaper:
    """An invoice of 420.00 with all its parts: insurer, code to pay, other open items."""
    values: dict[str, Any] = {
        "insurer": InsurerShare(
            name="Irisvale Dental",
            member="IV-55-204981",
            percent=Decimal(80),
            amount_minor=33600,
        ),
        "please_pay_minor": 8400,
        "payment": Payment(
            holder="Harbour Street Dental",
            iban=IBAN,
            reference="A-2026-004217",
            note="By card or cash at the desk, or scan the code with a banking app.",
        ),
        "open_items": (
            OpenItem(
                on=date(2026, 1, 27),
                text="46 Crown, zirconia, rest",
                number="A-2026-001022",
                amount_minor=9360,
            ),
        ),
    }
    return invoice(**(values | changes))


def item(**changes: Any) -> PrescriptionItem:
    """Paracetamol by weight."""
    values: dict[str, Any] = {
        "drug": "Paracetamol 120 mg/5 ml, oral suspension",
        "dose": "14 ml (336 mg) by mouth every 6 hours for pain. At most 4 doses in 24 hours.",
        "duration": "For 3 days.",
        "quantity": Decimal(168),
        "unit": "ml",
        "arithmetic": "15 mg/kg × 22.4 kg = 336 mg",
    }
    return PrescriptionItem(**(values | changes))


def prescription(**changes: Any) -> PrescriptionPaper:
    """A prescription of two items for a child with an allergy."""
    values: dict[str, Any] = {
        "head": head(),
        "number": "RX-2026-000871",
        "issued_at": MOMENT,
        "prescriber": "Dr Tomás Echeverría",
        "prescriber_title": "Dentist",
        "prescriber_registration": "000000",
        "patient_name": "Mateo Quispe Huamán",
        "patient_born": date(2019, 2, 2),
        "patient_age": "7 years",
        "patient_weight": "22.4 kg",
        "weighed_on": DAY,
        "patient_address": ("3 Orchard Row", "Cork T23 X0Y0"),
        "guardian": "Rosa Huamán Ccori",
        "allergies": AllergyStatement(listed=(("penicillins", "rash, 2024"),)),
        "conditions": ("Asthma",),
        "items": (item(), item(drug="Azithromycin 200 mg/5 ml", quantity=Decimal(30))),
        "list_version": "26.3",
        "list_date": date(2026, 3, 1),
        "fingerprint": "51d0·9b7e·22c4",
    }
    return PrescriptionPaper(**(values | changes))


def receipt(**changes: Any) -> ReceiptPaper:
    """93.60 in cash, of which 100.00 were given."""
    values: dict[str, Any] = {
        "head": head(),
        "number": "R-2026-000311",
        "taken_at": MOMENT,
        "patient_name": "Inês Carvalho-Lindqvist",
        "patient_number": "10482",
        "way": "Cash",
        "amount_minor": 9360,
        "balance_minor": 5040,
        "paid": (PaidItem(text="46 Crown, rest", number="A-2026-001022", amount_minor=9360),),
        "given_minor": 10000,
        "taken_by": "Ana Reis",
    }
    return ReceiptPaper(**(values | changes))


def visit(**changes: Any) -> DayVisit:
    """Half an hour in the morning."""
    values: dict[str, Any] = {
        "begins": "08:00",
        "ends": "08:30",
        "name": "Inês Carvalho-Lindqvist",
        "age": "34 y",
        "service": "Composite filling",
        "phone": "+353 21 555 0100",
        "alerts": "AP",
    }
    return DayVisit(**(values | changes))


def day_sheet(*columns: DayColumn, **changes: Any) -> DaySheetPaper:
    """The day of the given columns."""
    values: dict[str, Any] = {"head": head(), "day": DAY, "made_at": MOMENT, "columns": columns}
    return DaySheetPaper(**(values | changes))
