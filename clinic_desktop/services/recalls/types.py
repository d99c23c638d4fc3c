"""What patients come back for: the clinic's own types, and the usual ones to begin with."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.recalls import LONGEST, name_of, usual_types
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import RecallType, RecallTypeTreatment, Treatment
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls import statements
from clinic_desktop.services.recalls.schemas import RecallTypeRow, RecallTypeValues
from clinic_desktop.services.rows import add_row, add_rows, change_row, restore_row

_CODE_TAKEN: Final = "recall_type_clinic_id_code_key"


def recall_types(ctx: Context, *, inactive: bool = False) -> tuple[RecallTypeRow, ...]:
    """Return the clinic's types by name; those no longer used only when asked for."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(statements.TYPES, {"clinic": ctx.clinic_id})
    found = (RecallTypeRow.model_validate(row) for row in rows)
    return tuple(row for row in found if row.active or inactive)


def add_usual_types(ctx: Context) -> int:
    """Add the usual types that the clinic lacks, each with its services; return how many."""
    ctx.need(Permission.CATALOGUE_WRITE)
    held = {row.code: row.id for row in recall_types(ctx, inactive=True)}
    treatments = _treatments(ctx)
    added = 0
    for one in usual_types():
        if one.code in held:
            continue
        held[one.code] = type_id = new_id()
        add_row(
            ctx,
            RecallType,
            id=type_id,
            code=one.code,
            name=name_of(one),
            every=one.interval.every,
            unit=one.interval.unit,
            replaces_id=held.get(one.replaces),
            under_age=one.under_age,
        )
        wanted = [treatments[code] for code in one.completed_by if code in treatments]
        add_rows(
            ctx,
            RecallTypeTreatment,
            [{"id": new_id(), "recall_type_id": type_id, "treatment_id": t} for t in wanted],
        )
        added += 1
    return added


def _treatments(ctx: Context) -> dict[str, UUID]:
    rows = ctx.connection.execute(
        select(Treatment.code, Treatment.id).where(
            Treatment.clinic_id == ctx.clinic_id, Treatment.deleted_at.is_(None)
        )
    )
    return {row.code: row.id for row in rows}


def add_type(ctx: Context, type_id: UUID, values: RecallTypeValues) -> None:
    """Add a type; raises ConflictError (``code``) when the code is taken."""
    ctx.need(Permission.CATALOGUE_WRITE)
    columns = _columns(type_id, values)
    try:
        add_row(ctx, RecallType, id=type_id, **columns)
    except IntegrityError as error:
        raise _code_taken(error, values.code) from error
    _set_treatments(ctx, type_id, values.treatment_ids)


def change_type(ctx: Context, type_id: UUID, version: int, values: RecallTypeValues) -> int:
    """Change a type; due dates that are set already stay until work is completed again."""
    ctx.need(Permission.CATALOGUE_WRITE)
    columns = _columns(type_id, values)
    try:
        changed = change_row(ctx, RecallType, id=type_id, version=version, **columns)
    except IntegrityError as error:
        raise _code_taken(error, values.code) from error
    _set_treatments(ctx, type_id, values.treatment_ids)
    return changed


def _columns(type_id: UUID, values: RecallTypeValues) -> dict[str, object]:
    if values.unit not in LONGEST:
        raise ValueError(values.unit)
    if values.every > LONGEST[values.unit]:
        raise InvalidError(_("Nobody comes back as rarely as that."), field="every")
    if values.replaces_id == type_id:
        raise InvalidError(_("A recall cannot stand in its own place."), field="replaces_id")
    return values.model_dump(exclude={"treatment_ids"})


def _code_taken(error: IntegrityError, code: str) -> Exception:
    if constraint_of(error) != _CODE_TAKEN:
        return error
    return ConflictError(_("The code {code} is taken.").format(code=code), field="code")


def _set_treatments(ctx: Context, type_id: UUID, wanted: tuple[UUID, ...]) -> None:
    """Say what completes a type, in place of what was said before."""
    rows = ctx.connection.execute(
        statements.LINKS, {"clinic": ctx.clinic_id, "type": type_id}
    ).all()
    held = {row.treatment_id: row for row in rows}
    for treatment_id, row in held.items():
        if row.deleted_at is None and treatment_id not in wanted:
            change_row(ctx, RecallTypeTreatment, id=row.id, version=row.version, deleted_at=ctx.now)
        elif row.deleted_at is not None and treatment_id in wanted:
            restore_row(ctx, RecallTypeTreatment, id=row.id, version=row.version)
    new = [one for one in dict.fromkeys(wanted) if one not in held]
    add_rows(
        ctx,
        RecallTypeTreatment,
        [{"id": new_id(), "recall_type_id": type_id, "treatment_id": t} for t in new],
    )
