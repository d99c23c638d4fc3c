"""The line of a patient in lists: what it shows, read for the patients of one page at once."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.schemas import PatientRow, Place

FIRST: Final = Place(-1, "", "", UUID(int=0))

# What a line shows besides the record: read for the lines of one page, never for more.
_LINE: Final = """
SELECT h.*,
       CASE WHEN h.phone = '' AND h.guardian_id IS NOT NULL THEN
           (SELECT jsonb_build_array(g.given, g.family) FROM patient g
            WHERE g.clinic_id = :clinic AND g.id = h.guardian_id) END AS guardian,
       n.starts_at AS next_visit, n.status AS visit_status,
       (SELECT v.starts_at FROM appointment v
        WHERE v.clinic_id = :clinic AND v.patient_id = h.id AND v.starts_at < :now
          AND v.status = 'done' AND v.deleted_at IS NULL
        ORDER BY v.starts_at DESC LIMIT 1) AS last_visit,
       CASE WHEN :money THEN
           (SELECT coalesce(sum(o.amount), 0)::bigint FROM posting o
            WHERE o.clinic_id = :clinic AND o.patient_id = h.id) END AS balance,
       a.alerts, a.severity
FROM hit h
LEFT JOIN LATERAL (
    SELECT v.starts_at, v.status FROM appointment v
    WHERE v.clinic_id = :clinic AND v.patient_id = h.id AND v.starts_at >= :midnight
      AND v.status IN ('pending', 'confirmed', 'arrived', 'in_chair') AND v.deleted_at IS NULL
    ORDER BY v.starts_at LIMIT 1
) n ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN h.reviewed OR count(*) > 0
                THEN count(*) FILTER (WHERE x.kind <> 'no_known_allergies') END AS alerts,
           CASE WHEN bool_or(x.severity = 'stop') THEN 'stop'
                WHEN bool_or(x.severity = 'caution') THEN 'caution' END AS severity
    FROM patient_alert x
    WHERE x.clinic_id = :clinic AND x.patient_id = h.id AND x.deleted_at IS NULL
) a ON true
"""
COLUMNS: Final = """p.id, p.number, p.given, p.family, p.other_name, p.born, p.born_estimated,
       p.phone, p.status, p.version, p.guardian_id, p.alerts_reviewed_at IS NOT NULL AS reviewed,
       p.tags"""
MINE: Final = "p.clinic_id = :clinic AND p.deleted_at IS NULL"


def lines(hit: str, order: str) -> Prepared:
    """Return the statement that finds records by ``hit`` and reads what their lines show."""
    return Prepared(text(f"WITH hit AS MATERIALIZED ({hit}) {_LINE} ORDER BY {order}"))


def line_values(ctx: Context) -> dict[str, Any]:
    """Return what every line needs to know: the clinic, the moment, whether accounts are shown."""
    local = ctx.now.astimezone(ctx.zone)
    midnight = datetime.combine(local.date(), time(), ctx.zone).astimezone(UTC)
    return {
        "clinic": ctx.clinic_id,
        "now": ctx.now,
        "midnight": midnight,
        "money": ctx.who.may(Permission.BILLING_READ),
    }


def rows_of_lines(
    found: Iterable[tuple[Any, ...]], walk: int, *, sounds_like: bool = False
) -> tuple[PatientRow, ...]:
    """Return the rows of a statement made by ``lines``; ``walk`` is kept in their places."""
    return tuple(
        PatientRow(
            patient_id, number, given, family, other_name, born, estimated, phone,
            full_name(*guardian) if guardian else "",
            status, version, next_visit, visit_status, last_visit, balance, alerts, severity,
            Place(walk, word, key, patient_id), sounds_like, "", tuple(tags),
        )
        for (
            word, key, patient_id, number, given, family, other_name, born, estimated, phone,
            status, version, _guardian_id, _reviewed, tags, guardian, next_visit, visit_status,
            last_visit, balance, alerts, severity,
        ) in found
    )  # fmt: skip
