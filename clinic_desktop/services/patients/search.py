"""Finding patients as somebody types: by any word of any name, by figures, by date, by sound."""

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import TextualSelect, text

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.search_terms import Term, read_terms
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.checks import STATUSES
from clinic_desktop.services.patients.lines import (
    COLUMNS,
    FIRST,
    line_values,
    lines,
    rows_of_lines,
)
from clinic_desktop.services.patients.lists import NOT_ARCHIVED, by_number
from clinic_desktop.services.patients.schemas import PatientRow, Place

# With fewer finds than this, people whose names only sound alike are looked for as well.
FEW: Final = 10
_SIMILAR: Final = 20
# Enough to tell a rare word from a common one.
_PROBE: Final = 500
Spans = tuple[tuple[str, str], ...]

# The typed word with the fewest finds is walked along in the order of its index. A patient is taken
# once, at the first of their own words that fits, and is checked for the other typed words by
# their own list, written in one line each; a needle is a word's beginning behind a line break.
# - One row comparison says where the walk begins: beside a plain "word >=", the server (16) would
#   begin at the weaker of the two and read half the index.
# - OFFSET 0 keeps the record a look-up for each word: joined freely, the server would at times
#   rather read the whole table.
_WALK: Final = """
    SELECT w.word, w.sort_key, p.*
    FROM patient_word w
    CROSS JOIN LATERAL (
        SELECT {columns}
        FROM (SELECT r.*, E'\\n' || array_to_string(r.words, E'\\n') || E'\\n' AS lines
              FROM patient r WHERE r.clinic_id = :clinic AND r.id = w.patient_id
                AND r.deleted_at IS NULL AND r.status = ANY (CAST(:statuses AS text[]))
              OFFSET 0) p
        WHERE strpos(p.lines, {needle}) = strpos(p.lines, E'\\n' || w.word || E'\\n')
          {others}
        OFFSET 0
    ) p
    WHERE w.clinic_id = :clinic AND w.word < {high}
      AND (w.word, w.sort_key, w.patient_id) > ({start})
    ORDER BY w.word, w.sort_key, w.patient_id LIMIT :limit"""
_ALL_OF: Final = "AND p.lines LIKE ALL (CAST(:patterns AS text[]))"
# A word that can be meant in several ways fits when one of them does.
_ONE_OF_EACH: Final = """
          AND :others = (SELECT count(DISTINCT o.term)
                         FROM unnest(CAST(:terms AS int[]), CAST(:needles AS text[]))
                              AS o(term, needle)
                         WHERE strpos(p.lines, o.needle) > 0)"""
# Nobody is found by the second meaning of the walked word who is found by the first.
_FIRST_MEANING: Final = """
          AND r.n = (SELECT min(q.n) FROM unnest(CAST(:own_needles AS text[]))
                     WITH ORDINALITY AS q(needle, n) WHERE strpos(p.lines, q.needle) > 0)"""
_MEANINGS: Final = """
    SELECT walked.*
    FROM unnest(CAST(:own_needles AS text[]), CAST(:words AS text[]), CAST(:keys AS text[]),
                CAST(:afters AS uuid[]), CAST(:highs AS text[]))
         WITH ORDINALITY AS r(needle, word, key, after, high, n)
    CROSS JOIN LATERAL ({walk}) walked
    ORDER BY walked.word, walked.sort_key, walked.id LIMIT :limit"""


def _walk(*, meanings: bool, others: str) -> TextualSelect:
    """Return the search along a word of one meaning or several, with the other typed words."""
    walk = _WALK.format(
        columns=COLUMNS,
        needle="r.needle" if meanings else ":needle",
        start="r.word, r.key, r.after" if meanings else ":word, :key, :after",
        high="r.high" if meanings else ":high",
        others=(_FIRST_MEANING if meanings else "") + others,
    )
    hit = _MEANINGS.format(walk=walk) if meanings else walk
    return lines(hit, "h.word, h.sort_key, h.id")


_WALKS: Final = {
    (meanings, others): _walk(meanings=meanings, others=others)
    for meanings in (False, True)
    for others in ("", _ALL_OF, _ONE_OF_EACH)
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
        return by_number(ctx, fold(typed).strip().lstrip("#").strip(), limit, after, statuses)
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
    place = after or FIRST
    walked = place.walk if after is not None and place.walk >= 0 else _rarest(ctx, spans)
    own = spans[walked]
    others = [more for n, more in enumerate(spans) if n != walked]
    values: dict[str, Any] = {
        **line_values(ctx),
        "statuses": list(statuses),
        "limit": limit,
        **_starts(own, place),
    }
    if all(len(more) == 1 for more in others):
        condition = _ALL_OF if others else ""
        values["patterns"] = [f"%{_pattern(_needle(more[0]))}%" for more in others]
    else:
        condition = _ONE_OF_EACH
        needles = [(n, _needle(span)) for n, more in enumerate(others) for span in more]
        values["terms"] = [term for term, _needle_ in needles]
        values["needles"] = [needle for _term, needle in needles]
        values["others"] = len(others)
    statement = _WALKS[len(own) > 1, condition]
    return rows_of_lines(ctx.connection.execute(statement, values), walked, sounds_like=sounds_like)


def _needle(span: tuple[str, str]) -> str:
    """Return what the lines of a record hold when one of its words lies in the span."""
    low, high = span
    return f"\n{low}" if high.endswith("\U0010ffff") else f"\n{low}\n"


def _pattern(needle: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", needle)


def _starts(own: Spans, place: Place) -> dict[str, Any]:
    """Return where the walk begins in each span: at its beginning, or behind the last page."""
    places = [
        (place.word, place.sort_key, place.patient_id)
        if place.word >= low
        else (low, FIRST.sort_key, FIRST.patient_id)
        for low, _high in own
    ]
    if len(own) == 1:
        ((low, high),), ((word, key, after),) = own, places
        return {
            "needle": _needle((low, high)),
            "high": high,
            "word": word,
            "key": key,
            "after": after,
        }
    words, keys, afters = zip(*places, strict=True)
    return {
        "own_needles": [_needle(span) for span in own],
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
