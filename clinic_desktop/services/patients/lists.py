"""Paging through all patients, counting them, finding them by number or by id."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.lines import (
    COLUMNS,
    FIRST,
    MINE,
    line_values,
    lines,
    rows_of_lines,
)
from clinic_desktop.services.patients.schemas import PatientRow, Place

NOT_ARCHIVED: Final = ("active", "inactive", "deceased")
COUNTED_UP_TO: Final = 100_000


def _list_statement(condition: str) -> Prepared:
    return lines(
        f"SELECT '' AS word, p.sort_key, {COLUMNS} FROM patient p "  # noqa: S608 - put together from the constants here
        f"WHERE {MINE} AND {condition} AND (p.sort_key, p.id) > (:key, :after) "
        "ORDER BY p.sort_key, p.id LIMIT :limit",
        "h.sort_key, h.id",
    )


# One status has an index of its own; several are nearly everybody, found in the order of names.
_LIST_OF_ONE: Final = _list_statement("p.status = :status")
_LIST_OF_SEVERAL: Final = _list_statement("p.status = ANY (CAST(:statuses AS text[]))")

_NUMBERS: Final = lines(
    f"SELECT p.number AS word, p.sort_key, {COLUMNS} FROM patient p "  # noqa: S608 - put together from the constants here
    f"WHERE {MINE} AND p.number >= :low AND p.number < :high AND p.number > :word "
    "ORDER BY p.number LIMIT :limit",
    "h.word",
)
_NAMED: Final = lines(
    f"SELECT '' AS word, p.sort_key, {COLUMNS} FROM patient p "  # noqa: S608 - put together from the constants here
    f"WHERE {MINE} AND p.id = ANY (CAST(:ids AS uuid[]))",
    "h.sort_key, h.id",
)
_COUNT: Final = text(
    f"SELECT count(*) FROM (SELECT FROM patient p WHERE {MINE} "  # noqa: S608 - put together from the constants here
    "AND p.status = ANY (CAST(:statuses AS text[])) LIMIT :most) counted"
)


def by_number(
    ctx: Context, number: str, limit: int, after: Place | None, statuses: Sequence[str]
) -> tuple[PatientRow, ...]:
    """Return patients whose record number begins so, in the order of numbers."""
    if not number:
        return ()
    values = {
        **line_values(ctx),
        "low": number,
        "high": number + "\U0010ffff",
        "word": after.word if after is not None else "",
        "limit": limit,
    }
    rows = rows_of_lines(_NUMBERS.all(ctx.connection, **values), 0)
    return tuple(row for row in rows if row.status in statuses)


def list_page(
    ctx: Context,
    *,
    after: Place | None = None,
    limit: int = 100,
    statuses: Sequence[str] = NOT_ARCHIVED,
) -> tuple[PatientRow, ...]:
    """Return the next patients in the order of names."""
    ctx.need(Permission.PATIENTS_READ)
    place = after or FIRST
    values: dict[str, Any] = {
        **line_values(ctx),
        "key": place.sort_key,
        "after": place.patient_id,
        "limit": limit,
    }
    if len(statuses) == 1:
        found = _LIST_OF_ONE.all(ctx.connection, **values, status=statuses[0])
    else:
        found = _LIST_OF_SEVERAL.all(ctx.connection, **values, statuses=list(statuses))
    return rows_of_lines(found, -1)


def some(ctx: Context, ids: Sequence[UUID]) -> tuple[PatientRow, ...]:
    """Return the lines of these patients in the order asked; those no longer there are left out."""
    ctx.need(Permission.PATIENTS_READ)
    found = _NAMED.all(ctx.connection, **line_values(ctx), ids=list(ids))
    rows = {row.id: row for row in rows_of_lines(found, -1)}
    return tuple(rows[one] for one in ids if one in rows)


def count(ctx: Context, *, statuses: Sequence[str] = NOT_ARCHIVED) -> int:
    """Return how many records there are, or COUNTED_UP_TO + 1 for more than that."""
    ctx.need(Permission.PATIENTS_READ)
    values = {
        "clinic": ctx.clinic_id,
        "statuses": list(statuses),
        "most": COUNTED_UP_TO + 1,
    }
    return int(ctx.connection.execute(_COUNT, values).scalar_one())
