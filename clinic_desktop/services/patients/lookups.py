"""Where the rows of a merged record are now, and which record was erased."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.services.context import Context

# A record may have been merged into one that was merged itself; the last of the chain is in use.
_FORWARDED: Final = text(
    """
    WITH RECURSIVE chain AS (
        SELECT p.id, p.merged_into_id FROM patient p
        WHERE p.clinic_id = :clinic AND p.id = :patient
        UNION
        SELECT p.id, p.merged_into_id FROM chain c
        JOIN patient p ON p.clinic_id = :clinic AND p.id = c.merged_into_id
    )
    SELECT c.id FROM chain c WHERE c.merged_into_id IS NULL AND c.id <> :patient
    """
)
_BY_NUMBER: Final = text(
    """
    SELECT p.id, p.number FROM patient p
    WHERE p.clinic_id = :clinic AND p.number >= :low AND p.number < :high
      AND p.merged_into_id IS NOT NULL AND p.erased_at IS NULL
    ORDER BY p.number LIMIT :most
    """
)
_ERASED: Final = text(
    """
    SELECT p.number, p.erased_at FROM patient p
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.erased_at IS NOT NULL
    """
)


def erased_on(ctx: Context, patient_id: UUID) -> tuple[str, datetime] | None:
    """Return number and moment of a record that was erased; None for any other."""
    values = {"clinic": ctx.clinic_id, "patient": patient_id}
    found = ctx.connection.execute(_ERASED, values).first()
    return (str(found.number), found.erased_at) if found is not None else None


def forwarded_to(ctx: Context, patient_id: UUID) -> UUID | None:
    """Return the record in use that a merged one forwards to; None for one that was not merged."""
    found = ctx.connection.execute(
        _FORWARDED, {"clinic": ctx.clinic_id, "patient": patient_id}
    ).scalar()
    return UUID(str(found)) if found is not None else None


def merged_numbers(ctx: Context, number: str, most: int = 10) -> dict[UUID, str]:
    """Return records in use by an old number that begins so, with that number."""
    rows = ctx.connection.execute(
        _BY_NUMBER,
        {"clinic": ctx.clinic_id, "low": number, "high": number + "\U0010ffff", "most": most},
    )
    found: dict[UUID, str] = {}
    for row in rows.all():
        target = forwarded_to(ctx, row.id)
        if target is not None:
            found.setdefault(target, row.number)
    return found
