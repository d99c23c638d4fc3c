"""Reading the change log and the access log as an auditor does.

A page begins behind the last entry of the one before, whatever it is sorted by; names of columns
come from one enum. Values are not here: the history of a record shows them under its own rights.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.audit.schemas import (
    AuditChoices,
    AuditColumn,
    AuditFilter,
    AuditPage,
    AuditPlace,
    AuditRow,
    Source,
)
from clinic_desktop.services.context import Context

# A report holds no more than this; a longer period is asked for in parts.
MOST_ROWS: Final = 50_000
_C = AuditColumn
# What each column is sorted by. Nothing here may be null, or a page would end there.
_SORTS: Final[dict[Source, dict[AuditColumn, str]]] = {
    "changes": {
        _C.WHEN: "l.seq",
        _C.WHO: "l.login",
        _C.PC: "coalesce(l.device, '')",
        _C.PATIENT: "coalesce(CAST(l.patient_id AS text), '')",
        _C.WHAT: "l.tbl",
        _C.ACTION: "l.op",
        _C.CATEGORY: "l.permission",
    },
    "opened": {
        _C.WHEN: "l.id",
        _C.WHO: "l.login",
        _C.PC: "coalesce(l.device, '')",
        _C.PATIENT: "coalesce(CAST(l.patient_id AS text), '')",
        _C.WHAT: "l.category",
        _C.ACTION: "l.action",
        _C.CATEGORY: "l.category",
    },
}
_CONDITIONS: Final[dict[Source, dict[str, str]]] = {
    "changes": {
        "since": "l.at >= :since AND l.seq > :from_key",
        "until": "l.at < :until",
        "login": "l.login = :login",
        "device": "l.device = :device",
        "patient_id": "l.patient_id = :patient_id",
        "what": "l.tbl = :what",
        "action": "l.op = :action",
        "category": "l.permission = :category",
    },
    "opened": {
        "since": "l.at >= :since",
        "until": "l.at < :until",
        "login": "l.login = :login",
        "device": "l.device = :device",
        "patient_id": "l.patient_id = :patient_id",
        "what": "l.category = :what",
        "action": "l.action = :action",
        "category": "l.category = :category",
    },
}
_SELECTS: Final[dict[Source, tuple[str, str, str]]] = {
    "changes": (
        (
            "l.seq AS key, l.at, l.login, l.device, l.patient_id, l.tbl AS what, "
            "l.row_id, l.op AS action, l.permission AS category, l.fields"
        ),
        "change_log",
        "l.seq",
    ),
    "opened": (
        (
            "l.id AS key, l.at, l.login, l.device, l.patient_id, l.category AS what, "
            "CAST(NULL AS uuid) AS row_id, l.action, l.category, "
            "CAST(ARRAY[] AS text[]) AS fields"
        ),
        "access_log",
        "l.id",
    ),
}
_NAMES: Final = """
    SELECT h.*, (SELECT s.name FROM person s
                 WHERE s.clinic_id = :clinic AND s.login = h.login) AS person,
           p.given, p.family, p.number
    FROM hit h LEFT JOIN patient p ON p.clinic_id = :clinic AND p.id = h.patient_id
"""
_NEWEST: Final = text("SELECT max(l.seq) FROM change_log l WHERE l.clinic_id = :clinic")
_MOMENT: Final = text("SELECT l.at FROM change_log l WHERE l.clinic_id = :clinic AND l.seq = :seq")
_PEOPLE: Final = text(
    """
    SELECT s.login, s.name FROM person s
    WHERE s.clinic_id = :clinic AND s.login IS NOT NULL ORDER BY s.name, s.login
    """
)
_LOG: Final = text("SELECT log_access(:clinic, CAST(:patient AS uuid), :action, :category)")
# Entries are numbered as their transactions end: a long one's are a little older than its place.
_SLACK: Final = timedelta(minutes=30)


def column_of(name: str) -> AuditColumn:
    """Return the column of a name that came from outside; InvalidError for any other."""
    try:
        return AuditColumn(name)
    except ValueError as error:
        raise InvalidError(_("The log cannot be sorted by this.")) from error


def entries(
    ctx: Context,
    asked: AuditFilter,
    *,
    sort: str = AuditColumn.WHEN,
    descending: bool = True,
    after: AuditPlace | None = None,
    limit: int = 100,
) -> AuditPage:
    """Return a page of the log. Raises InvalidError for a column that there is not."""
    ctx.need(Permission.AUDIT_READ)
    column = column_of(sort)
    used = tuple(
        name for name in _CONDITIONS[asked.source] if getattr(asked, name) not in (None, "")
    )
    values: dict[str, Any] = {
        "clinic": ctx.clinic_id,
        "limit": limit + 1,
        **{name: getattr(asked, name) for name in used},
    }
    if asked.source == "changes" and asked.since is not None:
        values["from_key"] = _key_at(ctx, asked.since)
    if after is not None:
        values |= {"value": after.value, "key": after.key}
    statement = _statement(asked.source, column, used, descending, after is not None)
    found = ctx.connection.execute(statement, values).all()
    rows = tuple(_row(row._asdict()) for row in found[:limit])
    more = len(found) > limit
    place = AuditPlace(value=found[limit - 1].sorted_by, key=rows[-1].key) if more else None
    return AuditPage(rows=rows, next=place)


def opened_by(ctx: Context, patient_id: UUID, *, limit: int = 200) -> AuditPage:
    """Return who opened a patient's record, the latest first."""
    return entries(ctx, AuditFilter(source="opened", patient_id=patient_id), limit=limit)


def report(
    ctx: Context, asked: AuditFilter, *, sort: str = AuditColumn.WHEN, descending: bool = True
) -> tuple[AuditRow, ...]:
    """Return everything of a period for a paper or a file, and write down that it was taken.

    Raises InvalidError for more than MOST_ROWS entries.
    """
    ctx.need(Permission.AUDIT_READ)
    rows: list[AuditRow] = []
    for page in _pages(ctx, asked, sort, descending):
        rows += page.rows
        if len(rows) > MOST_ROWS:
            raise InvalidError(
                _("There are more than {count} entries. Choose a shorter period.").format(
                    count=f"{MOST_ROWS:,}"
                )
            )
    ctx.connection.execute(
        _LOG,
        {
            "clinic": ctx.clinic_id,
            "patient": asked.patient_id,
            "action": "export",
            "category": f"audit {asked.source}",
        },
    )
    return tuple(rows)


def choices(ctx: Context) -> AuditChoices:
    """Return whom the filter offers."""
    ctx.need(Permission.AUDIT_READ)
    rows = ctx.connection.execute(_PEOPLE, {"clinic": ctx.clinic_id})
    return AuditChoices(people=tuple((row.login, row.name) for row in rows))


def _pages(ctx: Context, asked: AuditFilter, sort: str, descending: bool) -> Iterator[AuditPage]:
    place: AuditPlace | None = None
    while True:
        page = entries(ctx, asked, sort=sort, descending=descending, after=place, limit=2000)
        yield page
        place = page.next
        if place is None:
            return


@lru_cache(maxsize=512)
def _statement(
    source: Source, column: AuditColumn, used: tuple[str, ...], descending: bool, paged: bool
) -> TextClause:
    """Put a statement together from the constants above; the values are bound."""
    select, table, key = _SELECTS[source]
    by = _SORTS[source][column]
    way, beyond = ("DESC", "<") if descending else ("ASC", ">")
    conditions = ["l.clinic_id = :clinic", *(_CONDITIONS[source][name] for name in used)]
    if paged:
        conditions.append(f"({by}, {key}) {beyond} (:value, :key)")
    return text(
        f"WITH hit AS MATERIALIZED (SELECT {select}, {by} AS sorted_by FROM {table} l "  # noqa: S608 - put together from the constants above
        f"WHERE {' AND '.join(conditions)} ORDER BY {by} {way}, {key} {way} LIMIT :limit) "
        f"{_NAMES} ORDER BY h.sorted_by {way}, h.key {way}"
    )


def _row(row: dict[str, Any]) -> AuditRow:
    named = row["given"] is not None
    return AuditRow(
        key=row["key"],
        at=row["at"],
        login=row["login"],
        who=row["person"] or row["login"],
        device=row["device"] or "",
        patient_id=row["patient_id"],
        patient=full_name(row["given"], row["family"]) if named else "",
        number=row["number"] or "",
        what=row["what"],
        row_id=row["row_id"],
        action=row["action"],
        category=row["category"],
        fields=tuple(name for name in row["fields"] if name not in ("*", "version")),
    )


def _key_at(ctx: Context, moment: datetime) -> int:
    """Return a number before which every entry is older, by halving: they have no gaps."""
    low, high = 0, int(ctx.connection.execute(_NEWEST, {"clinic": ctx.clinic_id}).scalar() or 0)
    while low < high:
        middle = (low + high + 1) // 2
        at = ctx.connection.execute(_MOMENT, {"clinic": ctx.clinic_id, "seq": middle}).scalar()
        if at is not None and at < moment - _SLACK:
            low = middle
        else:
            high = middle - 1
    return low
