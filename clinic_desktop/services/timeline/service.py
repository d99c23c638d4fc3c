"""A patient's timeline: one question over all sorts of records, a page at a time.

Every source gives its newest rows before the place; they meet in one order. Texts of notes and
prescriptions are not shown here, so that nobody reads them without an access entry.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.lookups import forwarded_to
from clinic_desktop.services.timeline.schemas import (
    Filter,
    TimelineEntry,
    TimelinePage,
    TimelinePlace,
)


@dataclass(frozen=True)
class _Source:
    """One sort of record; ``sql`` selects at, event, row, subject, detail, amount, count, by."""

    kind: str
    permission: Permission
    filters: frozenset[Filter]
    sql: str


_CLINICAL: Final[frozenset[Filter]] = frozenset({"all", "clinical"})
_MONEY: Final[frozenset[Filter]] = frozenset({"all", "money"})
_ALL: Final[frozenset[Filter]] = frozenset({"all"})
_TREATMENTS: Final = """
    (SELECT string_agg(t.name, ', ' ORDER BY b.position, b.id) FROM appointment_treatment b
     JOIN treatment t ON t.clinic_id = b.clinic_id AND t.id = b.treatment_id
     WHERE b.clinic_id = :clinic AND b.appointment_id = r.id AND b.deleted_at IS NULL)"""
_PROVIDER: Final = """
    (SELECT d.short_name FROM provider d
     WHERE d.clinic_id = :clinic AND d.id = r.provider_id)"""
# Who did it stands in the log: the first entry of the row at that moment.
_BY: Final = """
    (SELECT coalesce(s.name, l.login) FROM change_log l
     LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
     WHERE l.clinic_id = :clinic AND l.tbl = '{table}' AND l.row_id = r.id
       AND l.at >= {at} - interval '1 second' ORDER BY l.seq LIMIT 1)"""


# Of one that has another time, that time.
_MOVED_TO: Final = """(SELECT n.starts_at FROM appointment n
                WHERE n.clinic_id = :clinic AND n.rescheduled_from_id = r.id
                  AND n.deleted_at IS NULL
                ORDER BY n.status = 'cancelled', n.created_at DESC LIMIT 1)"""


def _visit(event: str, at: str, condition: str, about: str = "r.starts_at") -> str:
    by = _BY.format(table="appointment", at=at)
    # A visit that was booked says for when.
    return f"""
        SELECT {at} AS at, '{event}' AS event, r.id AS row_id, {_TREATMENTS} AS subject,
               concat_ws(' · ', {_PROVIDER}, NULLIF(r.reason, '')) AS detail,
               CAST(NULL AS bigint) AS amount, 1 AS count, {by} AS by,
               true AS exact, {about} AS about
        FROM appointment r
        WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND r.deleted_at IS NULL
          AND {condition}"""  # noqa: S608 - put together from the constants here


def _plain(  # the parts of one source, each named
    table: str, *, at: str, event: str, subject: str, detail: str = "''", condition: str = "true"
) -> str:
    by = _BY.format(table=table, at=at)
    return f"""
        SELECT {at} AS at, {event} AS event, r.id AS row_id, {subject} AS subject,
               {detail} AS detail, CAST(NULL AS bigint) AS amount, 1 AS count, {by} AS by,
               true AS exact, CAST(NULL AS timestamptz) AS about
        FROM {table} r
        WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND {condition}"""  # noqa: S608 - see above


# What was true or charged on an earlier day than it was written down stands on that day, without
# a time.
def _exact(day: str) -> str:
    return f"(r.created_at AT TIME ZONE :zone)::date <= r.{day}"


def _at(day: str) -> str:
    return (
        f"CASE WHEN {_exact(day)} THEN r.created_at "
        f"ELSE (r.{day} + time '12:00') AT TIME ZONE :zone END"
    )


_CHART: Final = """
    SELECT g.at, g.status AS event, g.row_id, g.subject, '' AS detail,
           CAST(NULL AS bigint) AS amount, g.count,
           (SELECT coalesce(s.name, l.login) FROM change_log l
            LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
            WHERE l.clinic_id = :clinic AND l.tbl = 'chart_item' AND l.row_id = g.row_id
            ORDER BY l.seq LIMIT 1) AS by, g.exact, CAST(NULL AS timestamptz) AS about
    FROM (SELECT {at} AS at, bool_and({exact}) AS exact, r.status,
                 min(CAST(r.id AS text))::uuid AS row_id,
                 CAST(count(*) AS integer) AS count,
                 string_agg(concat_ws(' ', CAST(r.tooth AS text), NULLIF(r.surfaces, ''),
                                      coalesce(t.name, r.code)), ', ' ORDER BY r.tooth, r.id)
                     AS subject
          FROM chart_item r
          LEFT JOIN treatment t ON t.clinic_id = r.clinic_id AND t.id = r.treatment_id
          WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND r.deleted_at IS NULL
          GROUP BY 1, r.created_at, r.status) g""".format(  # noqa: S608 - put together from the constants here
    at=_at("since"), exact=_exact("since")
)
_ENTRY: Final = """
    SELECT {at} AS at, CASE WHEN r.reverses_id IS NOT NULL THEN 'reversed'
                                    ELSE r.kind END AS event,
           r.id AS row_id,
           coalesce((SELECT string_agg(DISTINCT p.text, ', ') FROM posting p
                     WHERE p.clinic_id = :clinic AND p.journal_entry_id = r.id
                       AND p.account = 'receivable' AND p.text <> ''), '') AS subject,
           r.memo AS detail,
           (SELECT CAST(sum(p.amount) AS bigint) FROM posting p
            WHERE p.clinic_id = :clinic AND p.journal_entry_id = r.id
              AND p.patient_id = :patient) AS amount,
           1 AS count,
           (SELECT coalesce(s.name, l.login) FROM change_log l
            LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
            WHERE l.clinic_id = :clinic AND l.tbl = 'journal_entry' AND l.row_id = r.id
            ORDER BY l.seq LIMIT 1) AS by,
           {exact} AS exact, CAST(NULL AS timestamptz) AS about
    FROM journal_entry r
    WHERE r.clinic_id = :clinic AND r.patient_id = :patient""".format(  # noqa: S608 - see above
    at=_at("day"), exact=_exact("day")
)
_CHANGES: Final = """
    SELECT l.at, 'changed' AS event, l.row_id,
           array_to_string(ARRAY(SELECT f FROM unnest(l.fields) f WHERE f = ANY (
               CAST(:shown_fields AS text[]))), ',') AS subject,
           '' AS detail, CAST(NULL AS bigint) AS amount, 1 AS count,
           coalesce(s.name, l.login) AS by, true AS exact, CAST(NULL AS timestamptz) AS about
    FROM change_log l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.tbl = 'patient' AND l.row_id = :patient AND l.op = 'U'
      AND l.fields && CAST(:shown_fields AS text[])"""
# What of a record's own fields is worth a line; their words are in ui/history.
SHOWN_FIELDS: Final = (
    "given", "family", "other_name", "sex", "species", "born", "phone", "email", "address", "city",
    "postcode", "country", "language", "prefers", "status", "deceased_on", "tags", "photo_id",
    "household_id", "guardian_id", "sticky_note",
)  # fmt: skip

_SOURCES: Final = (
    _Source(
        "visit", Permission.SCHEDULE_READ, _CLINICAL,
        " UNION ALL ".join((
            _visit("booked", "r.created_at", "r.created_at < r.starts_at"),
            _visit("arrived", "r.arrived_at", "r.arrived_at IS NOT NULL"),
            _visit("seated", "r.seated_at", "r.seated_at IS NOT NULL"),
            _visit("done", "r.done_at", "r.done_at IS NOT NULL"),
            _visit("missed", "r.status_at", "r.status = 'missed' AND r.status_at IS NOT NULL"),
            _visit(
                "cancelled", "r.status_at", "r.status = 'cancelled' AND r.status_at IS NOT NULL"
            ),
            _visit(
                "rescheduled", "r.status_at",
                "r.status = 'rescheduled' AND r.status_at IS NOT NULL",
                _MOVED_TO,
            ),
            _visit(
                "confirmed", "r.status_at", "r.status = 'confirmed' AND r.status_at IS NOT NULL"
            ),
        )),
    ),
    _Source(
        "note", Permission.CLINICAL_READ, _CLINICAL,
        " UNION ALL ".join((
            _plain(
                "note", at="r.created_at",
                event="CASE WHEN r.amends_id IS NULL THEN 'opened' ELSE 'amended' END",
                subject="''", detail="r.status", condition="r.deleted_at IS NULL",
            ),
            _plain(
                "note", at="r.signed_at", event="'signed'", subject="''",
                condition="r.signed_at IS NOT NULL AND r.deleted_at IS NULL",
            ),
        )),
    ),
    _Source("chart", Permission.CLINICAL_READ, _CLINICAL, _CHART),
    _Source(
        "perio", Permission.CLINICAL_READ, _CLINICAL,
        " UNION ALL ".join((
            _plain(
                "perio_exam", at="r.created_at", event="'begun'", subject="''",
                condition="r.status = 'draft' AND r.deleted_at IS NULL",
            ),
            _plain(
                "perio_exam", at="r.signed_at", event="'signed'",
                subject="concat_ws(',', NULLIF(r.stage, ''), NULLIF(r.grade, ''),"
                " NULLIF(r.extent, ''))",
                condition="r.signed_at IS NOT NULL AND r.deleted_at IS NULL",
            ),
        )),
    ),
    _Source("money", Permission.BILLING_READ, _MONEY, _ENTRY),
    _Source(
        "invoice", Permission.BILLING_READ, _MONEY,
        _plain(
            "invoice", at="r.issued_at", event="'issued'",
            subject="concat_ws('-', r.series, CAST(r.year AS text), CAST(r.number AS text))",
            condition="r.issued_at IS NOT NULL",
        ).replace("CAST(NULL AS bigint) AS amount", "r.total AS amount"),
    ),
    _Source(
        "prescription", Permission.PRESCRIPTIONS_READ, _CLINICAL,
        _plain(
            "prescription", at="r.issued_at", event="'issued'",
            subject="concat_ws('-', CAST(r.year AS text), CAST(r.number AS text))",
            condition="r.issued_at IS NOT NULL AND r.deleted_at IS NULL",
        ),
    ),
    _Source(
        "document", Permission.DOCUMENTS_READ, _CLINICAL,
        _plain(
            "document", at="r.created_at", event="'stored'", subject="r.title",
            # The papers of these have their own line.
            condition="r.kind NOT IN ('invoice', 'prescription') AND r.deleted_at IS NULL",
        ),
    ),
    _Source(
        "alert", Permission.PATIENTS_READ, _CLINICAL,
        " UNION ALL ".join((
            _plain(
                "patient_alert", at="r.created_at", event="'added'", subject="r.text",
                detail="r.kind",
            ),
            _plain(
                "patient_alert", at="r.deleted_at", event="'withdrawn'", subject="r.text",
                detail="r.kind", condition="r.deleted_at IS NOT NULL",
            ),
        )),
    ),
    _Source(
        "consent", Permission.PATIENTS_READ, _ALL,
        _plain(
            "patient_consent", at="r.created_at", event="r.answer",
            subject="concat_ws(',', r.channel, r.purpose, r.how)", detail="r.remark",
        ),
    ),
    _Source(
        "record", Permission.PATIENTS_READ, _ALL,
        " UNION ALL ".join((
            _plain(
                "patient", at="r.created_at", event="'registered'", subject="r.number",
            ).replace("r.patient_id = :patient", "r.id = :patient"),
            _CHANGES,
            _plain(
                "patient_merge", at="r.created_at", event="'merged'",
                subject="(SELECT m.number FROM patient m WHERE m.clinic_id = :clinic "
                "AND m.id = r.merged_id)",
            ).replace("r.patient_id = :patient", "r.survivor_id = :patient"),
            _plain(
                "patient_merge", at="r.undone_at", event="'unmerged'",
                subject="(SELECT m.number FROM patient m WHERE m.clinic_id = :clinic "
                "AND m.id = r.merged_id)", condition="r.undone_at IS NOT NULL",
            ).replace("r.patient_id = :patient", "r.survivor_id = :patient"),
        )),
    ),
)  # fmt: skip


@lru_cache(maxsize=64)
def _statement(kinds: tuple[str, ...]) -> TextClause:
    parts = " UNION ALL ".join(
        f"(SELECT '{source.kind}' AS kind, s.* FROM ({source.sql}) s "  # noqa: S608 - put together from the constants here
        f"WHERE (s.at, '{source.kind}' || s.event, s.row_id) < (:at, CAST(:kind AS text), :row) "
        "ORDER BY s.at DESC, s.event DESC, s.row_id DESC LIMIT :limit)"
        for source in _SOURCES
        if source.kind in kinds
    )
    return text(
        f"SELECT * FROM ({parts}) t ORDER BY t.at DESC, t.kind || t.event DESC, t.row_id DESC "  # noqa: S608 - see above
        "LIMIT :limit"
    )


_END: Final = UUID(int=2**128 - 1)


def timeline(
    ctx: Context,
    patient_id: UUID,
    *,
    show: Filter = "all",
    before: TimelinePlace | None = None,
    limit: int = 40,
) -> TimelinePage:
    """Return what happened with a patient before a place, the newest first.

    Only what the person may read otherwise is there; ``missing`` says what is not.
    """
    ctx.need(Permission.PATIENTS_READ)
    patient = forwarded_to(ctx, patient_id) or patient_id
    wanted = [source for source in _SOURCES if show in source.filters]
    kinds = tuple(source.kind for source in wanted if ctx.who.may(source.permission))
    missing = tuple(source.kind for source in wanted if not ctx.who.may(source.permission))
    if not kinds:
        return TimelinePage(entries=(), next=None, missing=missing)
    values: dict[str, Any] = {
        "clinic": ctx.clinic_id,
        "patient": patient,
        "at": before.at if before is not None else ctx.now + timedelta(days=1),
        "kind": before.kind if before is not None else "\U0010ffff",
        "row": before.row_id if before is not None else _END,
        "shown_fields": list(SHOWN_FIELDS),
        "zone": ctx.who.zone,
        "limit": limit + 1,
    }
    rows = ctx.connection.execute(_statement(kinds), values).all()
    entries = tuple(
        TimelineEntry.model_validate(
            {**row._asdict(), "subject": row.subject or "", "by": row.by or ""}
        )
        for row in rows[:limit]
    )
    more = len(rows) > limit
    return TimelinePage(entries=entries, next=entries[-1].place if more else None, missing=missing)
