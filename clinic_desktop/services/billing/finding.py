"""Issued invoices found by the number that stands on paper."""

import re
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.billing.schemas import invoice_label
from clinic_desktop.services.context import Context
from clinic_desktop.services.schemas import Row

# Read from behind: the number is what people type, year and series only when they must.
_TYPED: Final = re.compile(r"(?:([A-Z0-9]{1,8})[-/ ])??(?:(\d{4})[-/ ])?0*(\d{1,9})", re.IGNORECASE)
_FOUND: Final = text(
    """
    SELECT i.id, i.patient_id, i.series, i.year, i.number, p.given, p.family, i.total
    FROM invoice i JOIN patient p ON p.clinic_id = i.clinic_id AND p.id = i.patient_id
    WHERE i.clinic_id = :clinic AND i.status = 'issued' AND i.number = :number
      AND (CAST(:year AS int) IS NULL OR i.year = :year)
      AND (CAST(:series AS text) IS NULL OR i.series = :series)
    ORDER BY i.year DESC, i.series LIMIT :most
    """
)


class FoundInvoice(Row):
    """An issued invoice in few words; ``total`` in minor units."""

    id: UUID
    patient_id: UUID
    label: str
    patient: str
    total: int


def find_invoices(ctx: Context, typed: str, *, most: int = 8) -> tuple[FoundInvoice, ...]:
    """Return issued invoices by number, with or without series and year, the latest year first."""
    ctx.need(Permission.BILLING_READ)
    read = _TYPED.fullmatch(typed.strip())
    if read is None:
        return ()
    series, year, number = read.groups()
    rows = ctx.connection.execute(
        _FOUND,
        {
            "clinic": ctx.clinic_id,
            "series": series.upper() if series else None,
            "year": int(year) if year else None,
            "number": int(number),
            "most": most,
        },
    )
    return tuple(
        FoundInvoice(
            id=row.id,
            patient_id=row.patient_id,
            label=invoice_label(row.series, row.year, row.number),
            patient=full_name(row.given, row.family),
            total=row.total,
        )
        for row in rows
    )
