"""Adding and changing rows: the one way in which services write."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import update

from clinic_desktop.errors import NotFoundError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import ClinicModel
from clinic_desktop.services.context import Context


def _table(model: type[ClinicModel]) -> Table:
    return cast("Table", model.__table__)


def add_row(ctx: Context, model: type[ClinicModel], *, id: UUID, **values: Any) -> bool:  # noqa: A002 - the column's name
    """Insert a row; return False when the same id is there already: the same act sent twice."""
    table = _table(model)
    statement = (
        insert(table)
        .values(clinic_id=ctx.clinic_id, id=id, **values)
        .on_conflict_do_nothing(index_elements=[table.c.clinic_id, table.c.id])
        .returning(table.c.id)
    )
    return ctx.connection.execute(statement).first() is not None


def add_rows(ctx: Context, model: type[ClinicModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert several rows, each with its ``id``, in one statement."""
    if rows:
        ctx.connection.execute(
            insert(_table(model)), [{"clinic_id": ctx.clinic_id, **row} for row in rows]
        )


def change_row(
    ctx: Context,
    model: type[ClinicModel],
    *,
    id: UUID,  # noqa: A002 - the column's name
    version: int,
    **values: Any,
) -> int:
    """Change columns of the row as it was read at ``version``; return the new version.

    Raises StaleError when somebody saved first, NotFoundError when it is not there.
    """
    table = _table(model)
    statement = (
        update(table)
        .where(
            table.c.clinic_id == ctx.clinic_id,
            table.c.id == id,
            table.c.version == version,
            table.c.deleted_at.is_(None),
        )
        .values(version=version + 1, **values)
        .returning(table.c.version)
    )
    found = ctx.connection.execute(statement).scalar_one_or_none()
    if found is not None:
        return int(found)
    there = select(
        exists().where(
            table.c.clinic_id == ctx.clinic_id, table.c.id == id, table.c.deleted_at.is_(None)
        )
    )
    if ctx.connection.execute(there).scalar_one():
        raise StaleError(_("Somebody saved this record first. Your text is kept."))
    raise NotFoundError(_("The record is no longer there."))


def restore_row(
    ctx: Context,
    model: type[ClinicModel],
    *,
    id: UUID,  # noqa: A002 - the column's name
    version: int,
) -> int:
    """Bring back a row that was deleted at ``version``; return the new version.

    Raises StaleError when somebody did so first.
    """
    table = _table(model)
    statement = (
        update(table)
        .where(
            table.c.clinic_id == ctx.clinic_id,
            table.c.id == id,
            table.c.version == version,
            table.c.deleted_at.is_not(None),
        )
        .values(version=version + 1, deleted_at=None)
        .returning(table.c.version)
    )
    found = ctx.connection.execute(statement).scalar_one_or_none()
    if found is None:
        raise StaleError(_("Somebody brought this back or changed it first."))
    return int(found)
