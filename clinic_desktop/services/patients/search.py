"""Finding patients as somebody types, and paging through all of them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import TextClause, text

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.search_terms import Term, read_terms
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.schemas import PatientRow, Place

STATUSES: Final = ("active", "inactive", "deceased", "archived")
NOT_ARCHIVED: Final = ("active", "inactive", "deceased")
COUNTED_UP_TO: Final = 100_000
# With fewer finds than this, people whose names only sound alike are looked for as well.
FEW: Final = 10
_SIMILAR: Final = 20
# Enough to tell a rare word from a common one.
_PROBE: Final = 500
Spans = tuple[tuple[str, str], ...]

_FIRST: Final = Place(-1, "", "", UUID(int=0))

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
_COLUMNS: Final = """p.id, p.number, p.given, p.family, p.other_name, p.born, p.born_estimated,
       p.phone, p.status, p.version, p.guardian_id, p.alerts_reviewed_at IS NOT NULL AS reviewed"""
_MINE: Final = "p.clinic_id = :clinic AND p.deleted_at IS NULL"


def _list_statement(condition: str) -> TextClause:
    return text(
        f"WITH hit AS MATERIALIZED (SELECT '' AS word, p.sort_key, {_COLUMNS} FROM patient p "  # noqa: S608 - put together from the constants above
        f"WHERE {_MINE} AND {condition} AND (p.sort_key, p.id) > (:key, :after) "
        f"ORDER BY p.sort_key, p.id LIMIT :limit) {_LINE} ORDER BY h.sort_key, h.id"
    )


# One status has an index of its own; several are nearly everybody, found in the order of names.
_LIST_OF_ONE: Final = _list_statement("p.status = :status")
_LIST_OF_SEVERAL: Final = _list_statement("p.status = ANY (CAST(:statuses AS text[]))")

# One row comparison says where the walk begins: beside a plain "word >=", the server (16) would
# begin at the weaker of the two and read half the index.
# The typed word with the fewest finds is walked along in the order of its index; a patient is
# taken at the first word that fits, and checked for the other typed words by its own list.
_WALK: Final = """
    SELECT w.word, w.sort_key, {columns}
    FROM patient_word w
    JOIN patient p ON {mine} AND p.id = w.patient_id
    WHERE w.clinic_id = :clinic AND w.word < {high}
      AND (w.word, w.sort_key, w.patient_id) > ({start})
      AND w.word = (SELECT min(x.word COLLATE "C") FROM unnest(p.words) AS x(word){ranges}
                    WHERE x.word COLLATE "C" >= {any_low} AND x.word COLLATE "C" < {any_high})
      AND p.status = ANY (CAST(:statuses AS text[])){others}
    ORDER BY w.word, w.sort_key, w.patient_id LIMIT :limit"""
_OTHERS: Final = """
      AND (SELECT count(DISTINCT o.term)
           FROM unnest(CAST(:terms AS int[]), CAST(:other_lows AS text[]),
                       CAST(:other_highs AS text[])) AS o(term, low, high)
           WHERE EXISTS (SELECT FROM unnest(p.words) AS x(word)
                         WHERE x.word COLLATE "C" >= o.low AND x.word COLLATE "C" < o.high)
          ) = :others"""
_ORDERED: Final = "ORDER BY h.word, h.sort_key, h.id"


def _walk(*, ranges: bool, others: bool) -> TextClause:
    """Return the search along one span of words or several, alone or with other typed words."""
    walk = _WALK.format(
        columns=_COLUMNS,
        mine=_MINE,
        start="r.word, r.key, r.after" if ranges else ":word, :key, :after",
        high="r.high" if ranges else ":high",
        ranges=", unnest(CAST(:lows AS text[]), CAST(:highs AS text[])) AS q(low, high)"
        if ranges
        else "",
        any_low="q.low" if ranges else ":low",
        any_high="q.high" if ranges else ":high",
        others=_OTHERS if others else "",
    )
    if ranges:
        walk = (
            "SELECT walked.* FROM unnest(CAST(:words AS text[]), CAST(:keys AS text[]), "  # noqa: S608 - put together from the constants above
            "CAST(:afters AS uuid[]), CAST(:highs AS text[])) AS r(word, key, after, high) "
            f"CROSS JOIN LATERAL ({walk}) walked "
            "ORDER BY walked.word, walked.sort_key, walked.id LIMIT :limit"
        )
    return text(f"WITH hit AS MATERIALIZED ({walk}) {_LINE} {_ORDERED}")


_WALKS: Final = {
    (ranges, others): _walk(ranges=ranges, others=others)
    for ranges in (False, True)
    for others in (False, True)
}
_RAREST: Final = text(
    """
    SELECT r.term, sum(c.found) AS found
    FROM unnest(CAST(:terms AS int[]), CAST(:lows AS text[]), CAST(:highs AS text[]))
         AS r(term, low, high)
    CROSS JOIN LATERAL (
        SELECT count(*) AS found FROM (
            SELECT FROM patient_word w WHERE w.clinic_id = :clinic
               AND w.word >= r.low AND w.word < r.high LIMIT :most) counted
    ) c
    GROUP BY r.term ORDER BY found, r.term LIMIT 1
    """
)
_NUMBERS: Final = text(
    f"WITH hit AS MATERIALIZED (SELECT p.number AS word, p.sort_key, {_COLUMNS} FROM patient p "  # noqa: S608 - put together from the constants above
    f"WHERE {_MINE} AND p.number >= :low AND p.number < :high AND p.number > :word "
    f"ORDER BY p.number LIMIT :limit) {_LINE} ORDER BY h.word"
)
_COUNT: Final = text(
    f"SELECT count(*) FROM (SELECT FROM patient p WHERE {_MINE} "  # noqa: S608 - put together from the constants above
    "AND p.status = ANY (CAST(:statuses AS text[])) LIMIT :most) counted"
)


def find(
    ctx: Context,
    typed: str,
    *,
    limit: int = 50,
    after: Place | None = None,
    statuses: Sequence[str] = NOT_ARCHIVED,
) -> tuple[PatientRow, ...]:
    """Return patients who fit everything typed: names, phone, number, birth date, e-mail.

    A page that holds all finds is in the order of names; a longer one begins with the nearest
    words. When few are found the ones that only sound alike follow, marked ``sounds_like``.
    ``#`` at the beginning asks for a record number alone. An empty text finds nobody.
    """
    ctx.need(Permission.PATIENTS_READ)
    if typed.lstrip().startswith("#"):
        return _by_number(ctx, fold(typed).strip().lstrip("#").strip(), limit, after, statuses)
    today = ctx.now.astimezone(ctx.zone).date()
    terms = read_terms(typed, locale=ctx.who.locale, today=today)
    if not terms:
        return ()
    page = find_spans(ctx, [term.ranges() for term in terms], limit, after, statuses)
    if after is not None or len(page) >= min(FEW, limit):
        return _in_order(page, terms) if after is None and len(page) < limit else page
    spans = [term.sound_ranges() or term.ranges() for term in terms]
    alike: tuple[PatientRow, ...] = ()
    if any(term.sounds for term in terms):
        known = {row.id for row in page}
        found = find_spans(ctx, spans, _SIMILAR + len(page), None, statuses, sounds_like=True)
        alike = tuple(row for row in found if row.id not in known)[:_SIMILAR]
    return (*_in_order(page, terms), *alike)


def _in_order(page: tuple[PatientRow, ...], terms: tuple[Term, ...]) -> tuple[PatientRow, ...]:
    """Return all finds in the order of names; figures keep the nearest number first."""
    if not any(term.sounds for term in terms):
        return page
    return tuple(sorted(page, key=lambda row: (row.place.sort_key, row.id)))


def find_spans(
    ctx: Context,
    spans: Sequence[Spans],
    limit: int,
    after: Place | None = None,
    statuses: Sequence[str] = STATUSES,
    *,
    sounds_like: bool = False,
) -> tuple[PatientRow, ...]:
    """Return patients of whose words one lies in a span of each element of ``spans``."""
    place = after or _FIRST
    walked = place.walk if after is not None and place.walk >= 0 else _rarest(ctx, spans)
    own = spans[walked]
    others = [(n, low, high) for n, more in enumerate(spans) if n != walked for low, high in more]
    values: dict[str, Any] = {
        **_line_values(ctx),
        "statuses": list(statuses),
        "limit": limit,
        **_starts(own, place),
    }
    if others:
        values |= {
            "terms": [term for term, _low, _high in others],
            "other_lows": [low for _term, low, _high in others],
            "other_highs": [high for _term, _low, high in others],
            "others": len(spans) - 1,
        }
    statement = _WALKS[len(own) > 1, bool(others)]
    return _rows(ctx.connection.execute(statement, values), walked, sounds_like=sounds_like)


def _starts(own: Spans, place: Place) -> dict[str, Any]:
    """Return where the walk begins in each span: at its beginning, or behind the last page."""
    places = [
        (place.word, place.sort_key, place.patient_id)
        if place.word >= low
        else (low, _FIRST.sort_key, _FIRST.patient_id)
        for low, _high in own
    ]
    if len(own) == 1:
        ((low, high),), ((word, key, after),) = own, places
        return {"low": low, "high": high, "word": word, "key": key, "after": after}
    words, keys, afters = zip(*places, strict=True)
    return {
        "lows": [low for low, _high in own],
        "highs": [high for _low, high in own],
        "words": list(words),
        "keys": list(keys),
        "afters": list(afters),
    }


def _rarest(ctx: Context, spans: Sequence[Spans]) -> int:
    """Return which of several typed words has the fewest finds."""
    if len(spans) == 1:
        return 0
    flat = [(term, low, high) for term, more in enumerate(spans) for low, high in more]
    found = ctx.connection.execute(
        _RAREST,
        {
            "clinic": ctx.clinic_id,
            "terms": [term for term, _low, _high in flat],
            "lows": [low for _term, low, _high in flat],
            "highs": [high for _term, _low, high in flat],
            "most": _PROBE,
        },
    ).first()
    return int(found.term) if found is not None else 0


def _by_number(
    ctx: Context, number: str, limit: int, after: Place | None, statuses: Sequence[str]
) -> tuple[PatientRow, ...]:
    if not number:
        return ()
    values = {
        **_line_values(ctx),
        "low": number,
        "high": number + "\U0010ffff",
        "word": after.word if after is not None else "",
        "limit": limit,
    }
    rows = _rows(ctx.connection.execute(_NUMBERS, values), 0)
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
    place = after or _FIRST
    values: dict[str, Any] = {
        **_line_values(ctx),
        "key": place.sort_key,
        "after": place.patient_id,
        "limit": limit,
    }
    if len(statuses) == 1:
        result = ctx.connection.execute(_LIST_OF_ONE, {**values, "status": statuses[0]})
    else:
        result = ctx.connection.execute(_LIST_OF_SEVERAL, {**values, "statuses": list(statuses)})
    return _rows(result, -1)


def count(ctx: Context, *, statuses: Sequence[str] = NOT_ARCHIVED) -> int:
    """Return how many records there are, or COUNTED_UP_TO + 1 for more than that."""
    ctx.need(Permission.PATIENTS_READ)
    values = {
        "clinic": ctx.clinic_id,
        "statuses": list(statuses),
        "most": COUNTED_UP_TO + 1,
    }
    return int(ctx.connection.execute(_COUNT, values).scalar_one())


def _line_values(ctx: Context) -> dict[str, Any]:
    local = ctx.now.astimezone(ctx.zone)
    midnight = datetime.combine(local.date(), time(), ctx.zone).astimezone(UTC)
    return {
        "clinic": ctx.clinic_id,
        "now": ctx.now,
        "midnight": midnight,
        "money": ctx.who.may(Permission.BILLING_READ),
    }


def _rows(
    found: Iterable[SqlRow[Any]], walk: int, *, sounds_like: bool = False
) -> tuple[PatientRow, ...]:
    return tuple(
        PatientRow(
            id=patient_id,
            number=number,
            given=given,
            family=family,
            other_name=other_name,
            born=born,
            born_estimated=estimated,
            phone=phone,
            guardian=full_name(*guardian) if guardian else "",
            status=status,
            version=version,
            next_visit=next_visit,
            visit_status=visit_status,
            last_visit=last_visit,
            balance=balance,
            alerts=alerts,
            severity=severity,
            place=Place(walk, word, key, patient_id),
            sounds_like=sounds_like,
        )
        for (
            word, key, patient_id, number, given, family, other_name, born, estimated, phone,
            status, version, _guardian_id, _reviewed, guardian, next_visit, visit_status,
            last_visit, balance, alerts, severity,
        ) in cast("Iterable[tuple[Any, ...]]", found)
    )  # fmt: skip
