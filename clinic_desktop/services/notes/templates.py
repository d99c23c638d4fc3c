"""The clinic's note templates: read by whoever writes, kept by whoever keeps the price list."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.births import age_text
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import local_of
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.note_templates import check_body
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import NoteTemplate, Patient
from clinic_desktop.services.context import Context
from clinic_desktop.services.notes.schemas import TemplateRow, TemplateValues
from clinic_desktop.services.rows import add_row, change_row

_LIST = (
    select(
        NoteTemplate.id,
        NoteTemplate.version,
        NoteTemplate.name,
        NoteTemplate.body,
        NoteTemplate.active,
    )
    .where(NoteTemplate.clinic_id == bindparam("clinic"), NoteTemplate.deleted_at.is_(None))
    .order_by(NoteTemplate.name, NoteTemplate.id)
)
_WHO = select(Patient.given, Patient.family, Patient.born).where(
    Patient.clinic_id == bindparam("clinic"), Patient.id == bindparam("patient")
)


def templates(ctx: Context, *, inactive: bool = False) -> tuple[TemplateRow, ...]:
    """Return the templates by name; those put away only when asked for."""
    ctx.need(Permission.CATALOGUE_READ)
    rows = ctx.connection.execute(_LIST, {"clinic": ctx.clinic_id})
    found = (TemplateRow.model_validate(row) for row in rows)
    return tuple(row for row in found if row.active or inactive)


def add_template(ctx: Context, template_id: UUID, values: TemplateValues) -> None:
    """Keep a new template.

    Raises InvalidError (``body``) for a place that nobody can fill, ConflictError (``name``) when
    the name is taken.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    _check(values)
    try:
        add_row(ctx, NoteTemplate, id=template_id, **values.model_dump())
    except IntegrityError as error:
        raise _name_taken(error, values.name) from error


def change_template(ctx: Context, template_id: UUID, version: int, values: TemplateValues) -> int:
    """Change a template; notes that began from it keep their words. Raises as adding does."""
    ctx.need(Permission.CATALOGUE_WRITE)
    _check(values)
    try:
        return change_row(ctx, NoteTemplate, id=template_id, version=version, **values.model_dump())
    except IntegrityError as error:
        raise _name_taken(error, values.name) from error


def _check(values: TemplateValues) -> None:
    if not values.body:
        raise InvalidError(_("The template is empty."), field="body")
    check_body(values.body)


def _name_taken(error: IntegrityError, name: str) -> Exception:
    if constraint_of(error) != "note_template_clinic_id_name_key":
        return error
    return ConflictError(_("The name {name} is taken.").format(name=name), field="name")


def values_now(ctx: Context, patient_id: UUID) -> dict[str, str]:
    """Return what the program knows of a patient, a writer and this moment, by place."""
    ctx.need(Permission.CLINICAL_WRITE)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    row = ctx.connection.execute(_WHO, keys).one_or_none()
    given, family, born = row if row is not None else ("", "", None)
    local = local_of(ctx.now, ctx.zone)
    return {
        "patient": full_name(given, family),
        "age": age_text(born, local.date()) if born is not None else "",
        "date": format_date(local.date(), ctx.who.locale),
        "time": format_time(local.time(), ctx.who.locale),
        "provider": ctx.who.name,
    }
