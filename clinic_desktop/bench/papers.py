"""One invoice by us and one by the bare library, of the same ten lines."""

import io
from datetime import date
from functools import cache

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.documents.papers import ClinicHead, InvoiceLine, InvoicePaper

_LINES = 10


@cache
def _paper() -> InvoicePaper:
    lines = tuple(
        InvoiceLine(
            on=date(2026, 3, 12), text="Composite", amount_minor=14000, unit_price_minor=14000
        )
        for _line in range(_LINES)
    )
    return InvoicePaper(
        head=ClinicHead(name="Harbour Street Dental", address=("1 Quay",), locale="en_IE"),
        number="A-2026-000001",
        issued_on=date(2026, 3, 12),
        patient_name="Inês Carvalho-Lindqvist",
        lines=lines,
        subtotal_minor=14000 * _LINES,
        total_minor=14000 * _LINES,
        please_pay_minor=14000 * _LINES,
    )


def our_invoice() -> bytes:
    """Render the invoice as it is printed."""
    return render_invoice(_paper())


def bare_invoice() -> bytes:
    """Render ten lines with platypus in a built-in font and nothing else."""
    target = io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    rows = [["12.03.2026", Paragraph("Composite", style), "140.00"] for _line in range(_LINES)]
    SimpleDocTemplate(target, pagesize=A4).build(
        [Paragraph("Invoice A-2026-000001", style), Table(rows)]
    )
    return target.getvalue()
