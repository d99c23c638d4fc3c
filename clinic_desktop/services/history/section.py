"""Who changed a part of the settings: the newest changes of a few tables, without their values.

The values of one record are read by ``history_of``, under the rights of its table.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from clinic_desktop.domain.names import full_name
from clinic_desktop.services.context import Context
from clinic_desktop.services.history.fields import NAMED, model_of, title_columns
from clinic_desktop.services.history.schemas import Saved, Touched

# One walk along (clinic, table) of the log's index for each table, not one over the whole log.
_CHANGES: Final = text(
    """
    SELECT l.seq, l.at, coalesce(s.name, l.login) AS by, coalesce(l.device, '') AS device,
           l.tbl, l.row_id, l.op
    FROM unnest(CAST(:tables AS text[])) AS wanted (tbl)
    CROSS JOIN LATERAL (
        SELECT c.* FROM change_log c
        WHERE c.clinic_id = :clinic AND c.tbl = wanted.tbl
        ORDER BY c.seq DESC LIMIT :most
    ) l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    ORDER BY l.seq DESC LIMIT :most
    """
)
_MADE: Final = {"I": "added", "U": "changed", "D": "removed"}


def last_change(ctx: Context, tables: Sequence[str]) -> Saved | None:
    """Return who changed any record of these tables last; None while nobody did.

    ``by`` is empty where the program itself did it, as in the set-up.
    """
    found = _rows(ctx, tables, 1)
    return Saved(at=found[0].at, by=_by(found[0].by)) if found else None


def changes_in(ctx: Context, tables: Sequence[str], *, most: int = 200) -> tuple[Touched, ...]:
    """Return the newest changes of these tables, the newest first, with the records' names."""
    rows = _rows(ctx, tables, most)
    names = _names(ctx, rows)
    return tuple(
        Touched.model_validate(
            {
                "seq": row.seq,
                "at": row.at,
                "by": _by(row.by),
                "device": row.device,
                "table": row.tbl,
                "row_id": row.row_id,
                "made": _MADE[row.op],
                "name": names.get(row.row_id, ""),
            }
        )
        for row in rows
    )


def _rows(ctx: Context, tables: Sequence[str], most: int) -> Sequence[Any]:
    values = {"clinic": ctx.clinic_id, "tables": list(tables), "most": most}
    return ctx.connection.execute(_CHANGES, values).all()


def _by(name: str) -> str:
    """Return a person's name, nothing for a login of the program itself."""
    return "" if name.startswith("clinic_") else name


def _names(ctx: Context, rows: Sequence[Any]) -> dict[UUID, str]:
    """Return the names of the records that have one and may be read."""
    found: dict[UUID, str] = {}
    for table in sorted({row.tbl for row in rows} & NAMED.keys()):
        model = model_of(table)
        if model is None:
            continue
        ids = [row.row_id for row in rows if row.tbl == table]
        statement = select(model.id, *title_columns(model, table)).where(
            model.clinic_id == bindparam("clinic"),
            model.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
        )
        for one in ctx.connection.execute(statement, {"clinic": ctx.clinic_id, "ids": ids}):
            words = tuple(one)[1:]
            found[one.id] = full_name(*words) if table == "patient" else str(words[0])
    return found
