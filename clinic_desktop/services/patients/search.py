"""Finding patients as somebody types: by any word of any name, by figures, by date, by sound."""

import re
from collections.abc import Sequence
from typing import Any, Final

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.search_terms import Term, read_terms
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.checks import STATUSES
from clinic_desktop.services.patients.lines import FIRST, line_values, rows_of_lines
from clinic_desktop.services.patients.lists import NOT_ARCHIVED, by_number, some
from clinic_desktop.services.patients.lookups import merged_numbers
from clinic_desktop.services.patients.schemas import PatientRow, Place
from clinic_desktop.services.patients.walks import (
    ALL_OF,
    COUNT,
    MEETINGS,
    ONE_OF_EACH,
    WALKS,
    Spans,
)

# With fewer finds than this, people whose names only sound alike are looked for as well.
FEW: Final = 10
_SIMILAR: Final = 20
# A word with so few finds is walked along; with more, two words meet, unless the second is so
# common that a walk soon comes to enough patients who have both.
RARE: Final = 300
COMMON: Final = 20_000
# As the database gives them.
_NUMBER_LENGTH: Final = 5


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
    number = fold(typed).strip().lstrip("#").strip()
    if typed.lstrip().startswith("#"):
        rows = by_number(ctx, number, limit, after, statuses)
        return rows if after is not None else (*_renumbered(ctx, number, rows), *rows)
    page = _found(ctx, typed, limit, after, statuses)
    if after is None and number.isascii() and number.isdigit():
        return (*_renumbered(ctx, number, page), *page)
    return page


def _renumbered(ctx: Context, number: str, found: Sequence[PatientRow]) -> tuple[PatientRow, ...]:
    """Return the records into which others of this number were merged, saying which."""
    known = {row.id for row in found}
    old = {at: was for at, was in merged_numbers(ctx, number).items() if at not in known}
    if not old and number and len(number) < _NUMBER_LENGTH:
        # A number is found with and without its zeros.
        wanted = number.zfill(_NUMBER_LENGTH)
        old = {at: was for at, was in merged_numbers(ctx, wanted).items() if at not in known}
    return tuple(row._replace(formerly=old[row.id]) for row in some(ctx, list(old)))


def _found(
    ctx: Context, typed: str, limit: int, after: Place | None, statuses: Sequence[str]
) -> tuple[PatientRow, ...]:
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
    counted = _counted(ctx, spans)
    walked = place.walk if after is not None and place.walk >= 0 else counted[0][0]
    others = [more for n, more in enumerate(spans) if n != walked]
    condition, values = _condition(others)
    values |= {**line_values(ctx), "statuses": list(statuses), "limit": limit}
    if len(counted) > 1 and counted[0][1] > RARE and counted[1][1] < COMMON:
        met = counted[1][0] if counted[1][0] != walked else counted[0][0]
        statement = MEETINGS[condition]
        values |= _bounds("", spans[walked]) | _bounds("met_", spans[met])
        values |= {"word": place.word, "key": place.sort_key, "after": place.patient_id}
    else:
        statement = WALKS[len(spans[walked]) > 1, condition]
        values |= _starts(spans[walked], place)
    return rows_of_lines(statement.all(ctx.connection, **values), walked, sounds_like=sounds_like)


def _condition(others: Sequence[Spans]) -> tuple[str, dict[str, Any]]:
    """Return how a record is checked for the other typed words, and with what."""
    if not others:
        return "", {}
    if all(len(more) == 1 for more in others):
        return ALL_OF, {"patterns": [f"%{_pattern(_needle(more[0]))}%" for more in others]}
    needles = [(n, _needle(span)) for n, more in enumerate(others) for span in more]
    return ONE_OF_EACH, {
        "terms": [term for term, _text in needles],
        "needles": [needle for _term, needle in needles],
        "others": len(others),
    }


def _bounds(prefix: str, spans: Spans) -> dict[str, Any]:
    return {
        f"{prefix}lows": [low for low, _high in spans],
        f"{prefix}highs": [high for _low, high in spans],
    }


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


def _counted(ctx: Context, spans: Sequence[Spans]) -> list[tuple[int, int]]:
    """Return the typed words by how many they find, the rarest first, and how many (bounded)."""
    if len(spans) == 1:
        return [(0, 0)]
    flat = [(term, low, high) for term, more in enumerate(spans) for low, high in more]
    found = COUNT.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        terms=[term for term, _low, _high in flat],
        lows=[low for _term, low, _high in flat],
        highs=[high for _term, _low, high in flat],
        most=COMMON,
    )
    return [(int(term), int(count)) for term, count in found]
