"""Filters of the list kept under a name, one's own or the clinic's."""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import PatientFilter
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.list_schemas import ListFilter, SavedFilter
from clinic_desktop.services.rows import add_row, change_row, restore_row

_LIST: Final = text(
    """
    SELECT f.id, f.version, f.name, f.person_id IS NULL AS shared, f.choices
    FROM patient_filter f WHERE f.clinic_id = :clinic AND f.deleted_at IS NULL
    """
)
MOST: Final = 60
_LONGEST_NAME: Final = 60


def filters(ctx: Context) -> tuple[SavedFilter, ...]:
    """Return the clinic's filters and the person's own, in the order of their names."""
    ctx.need(Permission.PATIENTS_READ)
    rows = ctx.connection.execute(_LIST, {"clinic": ctx.clinic_id})
    found = [SavedFilter.model_validate(row._asdict()) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.shared)))


def save_filter(
    ctx: Context, filter_id: UUID, name: str, chosen: ListFilter, *, shared: bool
) -> bool:
    """Keep a filter under a name, one's own or the clinic's; False when sent twice.

    Raises InvalidError (``name``), NotAllowedError for the clinic's without the right to change
    patients.
    """
    _may_change(ctx, shared=shared)
    there = filters(ctx)
    kept = _checked_name(there, filter_id, name, shared=shared)
    if len(there) >= MOST:
        raise InvalidError(
            _("There are {most} filters already. Remove one first.").format(most=MOST),
            field="name",
        )
    return add_row(
        ctx,
        PatientFilter,
        id=filter_id,
        person_id=None if shared else ctx.who.person_id,
        name=kept,
        choices=chosen.model_dump(mode="json", exclude_defaults=True),
    )


def change_filter(ctx: Context, one: SavedFilter, *, name: str, chosen: ListFilter) -> int:
    """Keep other choices or another name under a filter; return the new version."""
    _may_change(ctx, shared=one.shared)
    kept = _checked_name(filters(ctx), one.id, name, shared=one.shared)
    choices = chosen.model_dump(mode="json", exclude_defaults=True)
    return change_row(
        ctx, PatientFilter, id=one.id, version=one.version, name=kept, choices=choices
    )


def remove_filter(ctx: Context, one: SavedFilter) -> int:
    """Take a filter out of the list; return its new version."""
    _may_change(ctx, shared=one.shared)
    return change_row(ctx, PatientFilter, id=one.id, version=one.version, deleted_at=ctx.now)


def restore_filter(ctx: Context, filter_id: UUID, version: int) -> int:
    """Bring back a filter that was removed at ``version``."""
    ctx.need(Permission.PATIENTS_READ)
    return restore_row(ctx, PatientFilter, id=filter_id, version=version)


def _may_change(ctx: Context, *, shared: bool) -> None:
    ctx.need(Permission.PATIENTS_WRITE if shared else Permission.PATIENTS_READ)


def _checked_name(
    there: tuple[SavedFilter, ...], filter_id: UUID, name: str, *, shared: bool
) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidError(_("Give the filter a name."), field="name")
    if len(tidy) > _LONGEST_NAME:
        raise InvalidError(
            _("This is {length} characters long. {longest} fit here.").format(
                length=len(tidy), longest=_LONGEST_NAME
            ),
            field="name",
        )
    for one in there:
        if (one.name.casefold(), one.shared) == (tidy.casefold(), shared) and one.id != filter_id:
            raise InvalidError(_("There is a filter of this name already."), field="name")
    return tidy
