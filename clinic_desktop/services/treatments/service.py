"""Reading and changing the price list."""

from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.models import Treatment, TreatmentMaterial
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row
from clinic_desktop.services.treatments.schemas import Material, TreatmentRow, TreatmentValues

_MATERIALS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                func.jsonb_build_object(
                    "product_id",
                    TreatmentMaterial.product_id,
                    "quantity",
                    TreatmentMaterial.quantity,
                )
            ),
            text("'[]'::jsonb"),
            type_=JSONB,
        )
    )
    .where(
        TreatmentMaterial.clinic_id == Treatment.clinic_id,
        TreatmentMaterial.treatment_id == Treatment.id,
        TreatmentMaterial.deleted_at.is_(None),
    )
    .correlate(Treatment)
    .scalar_subquery()
)
_LIST = (
    select(
        Treatment.id,
        Treatment.version,
        Treatment.code,
        Treatment.name,
        Treatment.category,
        Treatment.area,
        Treatment.minutes,
        Treatment.price,
        Treatment.colour,
        Treatment.paint,
        Treatment.active,
        Treatment.assist,
        Treatment.skills,
        Treatment.equipment,
        Treatment.note_template_id,
        _MATERIALS.label("materials"),
    )
    .where(Treatment.clinic_id == bindparam("clinic"), Treatment.deleted_at.is_(None))
    .order_by(Treatment.code)
)


def price_list(ctx: Context, *, inactive: bool = False) -> tuple[TreatmentRow, ...]:
    """Return the treatments by code; those no longer offered only when asked for."""
    ctx.need(Permission.CATALOGUE_READ)
    rows = ctx.connection.execute(_LIST, {"clinic": ctx.clinic_id})
    found = (TreatmentRow.model_validate(row) for row in rows)
    return tuple(row for row in found if row.active or inactive)


def add_treatment(ctx: Context, treatment_id: UUID, values: TreatmentValues) -> None:
    """Put a treatment on the price list; raises ConflictError (``code``) when the code is taken."""
    ctx.need(Permission.CATALOGUE_WRITE)
    try:
        add_row(ctx, Treatment, id=treatment_id, **values.model_dump())
    except IntegrityError as error:
        raise _code_taken(error, values.code) from error


def change_treatment(
    ctx: Context, treatment_id: UUID, version: int, values: TreatmentValues
) -> int:
    """Change a treatment; work already planned or charged keeps its price."""
    ctx.need(Permission.CATALOGUE_WRITE)
    try:
        return change_row(ctx, Treatment, id=treatment_id, version=version, **values.model_dump())
    except IntegrityError as error:
        raise _code_taken(error, values.code) from error


def _code_taken(error: IntegrityError, code: str) -> Exception:
    if constraint_of(error) != "treatment_clinic_id_code_key":
        return error
    return ConflictError(_("The code {code} is taken.").format(code=code), field="code")


def set_materials(ctx: Context, treatment_id: UUID, materials: tuple[Material, ...]) -> None:
    """Say what a treatment takes from stock, in place of what was said before."""
    ctx.need(Permission.CATALOGUE_WRITE)
    held = {
        row.product_id: row
        for row in ctx.connection.execute(
            select(
                TreatmentMaterial.id,
                TreatmentMaterial.version,
                TreatmentMaterial.product_id,
                TreatmentMaterial.quantity,
            ).where(
                TreatmentMaterial.clinic_id == ctx.clinic_id,
                TreatmentMaterial.treatment_id == treatment_id,
                TreatmentMaterial.deleted_at.is_(None),
            )
        )
    }
    wanted = {material.product_id: material.quantity for material in materials}
    for product_id, row in held.items():
        if product_id not in wanted:
            change_row(ctx, TreatmentMaterial, id=row.id, version=row.version, deleted_at=ctx.now)
        elif row.quantity != wanted[product_id]:
            change_row(
                ctx,
                TreatmentMaterial,
                id=row.id,
                version=row.version,
                quantity=wanted[product_id],
            )
    for product_id in wanted.keys() - held.keys():
        add_row(
            ctx,
            TreatmentMaterial,
            id=new_id(),
            treatment_id=treatment_id,
            product_id=product_id,
            quantity=wanted[product_id],
        )
