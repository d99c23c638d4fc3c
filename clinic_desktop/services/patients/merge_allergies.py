"""What becomes of "no allergy known" when two records are one, and when they are two again."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text

from clinic_desktop.models import PatientAlert
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.alerts import NONE_KNOWN
from clinic_desktop.services.rows import change_row

_SETTLED: Final = select(PatientAlert.id, PatientAlert.version, PatientAlert.kind).where(
    PatientAlert.clinic_id == bindparam("clinic"),
    PatientAlert.patient_id == bindparam("patient"),
    PatientAlert.deleted_at.is_(None),
    PatientAlert.kind.in_((NONE_KNOWN, "allergy")),
)
_RESTORE: Final = text(
    """
    UPDATE patient_alert a SET deleted_at = NULL, version = a.version + 1
    WHERE a.clinic_id = :clinic AND a.patient_id = :patient AND a.deleted_at IS NOT NULL
      AND a.id = ANY (CAST(:ids AS uuid[]))
    """
)


def settle_allergies(ctx: Context, *both: UUID) -> list[str]:
    """Withdraw "none known" where the other record knows an allergy, as adding one does."""
    rows = [row for patient_id in both for row in _known(ctx, patient_id)]
    if not any(row.kind == "allergy" for row in rows):
        return []
    withdrawn = [row for row in rows if row.kind == NONE_KNOWN]
    for row in withdrawn:
        change_row(ctx, PatientAlert, id=row.id, version=row.version, deleted_at=ctx.now)
    return [str(row.id) for row in withdrawn]


def restore_allergies(ctx: Context, withdrawn: Sequence[str], both: Sequence[UUID]) -> None:
    """Put "none known" back on whichever record knows of no allergy by itself."""
    for patient_id in both:
        if any(row.kind == "allergy" for row in _known(ctx, patient_id)):
            continue
        values = {"clinic": ctx.clinic_id, "patient": patient_id, "ids": list(withdrawn)}
        ctx.connection.execute(_RESTORE, values)


def _known(ctx: Context, patient_id: UUID) -> list[Any]:
    return list(ctx.connection.execute(_SETTLED, {"clinic": ctx.clinic_id, "patient": patient_id}))
