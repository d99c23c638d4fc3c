"""Reading the change log for the screens that ask who was here before."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.services.context import Context
from clinic_desktop.services.schemas import Row

_LAST_SAVE: Final = text(
    """
    SELECT l.at, coalesce(s.name, l.login) AS by
    FROM change_log l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.tbl = :table AND l.row_id = :row
    ORDER BY l.seq DESC LIMIT 1
    """
)


class Saved(Row):
    """Who saved a record, and when."""

    at: datetime
    by: str


def last_save(ctx: Context, table: str, row_id: UUID) -> Saved | None:
    """Return who saved a row last, for the conflict screen; None where the log is not readable."""
    found = ctx.connection.execute(
        _LAST_SAVE, {"clinic": ctx.clinic_id, "table": table, "row": row_id}
    ).first()
    return Saved.model_validate(found) if found is not None else None
