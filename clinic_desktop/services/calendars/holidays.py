"""Holidays from the rules of a country and region or from a calendar file, before they are stored.

They are stored by ``working_time.add_holidays``, which knows one day once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.working_time import SpecialSpan
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.calendars.blocks import blocks_of
from clinic_desktop.services.calendars.events import read_calendar
from clinic_desktop.services.calendars.schemas import (
    FoundHoliday,
    HolidayPreview,
    HolidayRules,
    Problem,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.progress import SILENT, Steps
from clinic_desktop.services.working_time import service as working_time

MOST_YEARS: Final = 10
_LONGEST_NAME: Final = 200
_LONGEST_FEAST: Final = timedelta(days=31)
_DAY: Final = timedelta(days=1)


def _library() -> Any:
    # Loaded when somebody asks for holidays: it takes a third of a second.
    import holidays

    return holidays


@cache
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Return name and code of every country whose rules there are, as a locale orders them."""
    names = Locale.parse(locale).territories
    codes = _library().list_supported_countries(include_aliases=False)
    found = [(str(names.get(code, code)), code) for code in codes if len(code) == 2]
    return tuple(sorted(found, key=lambda one: one[0].casefold()))


@cache
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Return name and code of the regions of a country that have holidays of their own."""
    rules = getattr(_library(), country, None)
    if rules is None:
        return ()
    names = {code: name for name, code in (rules.subdivisions_aliases or {}).items()}
    found = [(str(names.get(code, code)), str(code)) for code in rules.subdivisions]
    return tuple(sorted(found, key=lambda one: one[0].casefold()))


def by_rules(ctx: Context, wanted: HolidayRules) -> HolidayPreview:
    """Return the public holidays of a country and region, named in the clinic's language.

    Where the library does not know that language, they have the country's own. Raises InvalidError
    for a country, region or years that it does not know.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    years = _years(wanted.first_year, wanted.last_year)
    library = _library()
    try:
        found = library.country_holidays(
            wanted.country,
            subdiv=wanted.region or None,
            years=years,
            language=_language(getattr(library, wanted.country), ctx.who.locale),
        )
    except (NotImplementedError, AttributeError) as error:
        raise InvalidError(
            _("The holidays of this country or region are not known here."), field="country"
        ) from error
    if not found:
        raise InvalidError(
            _("The rules of this country do not reach these years."), field="first_year"
        )
    return _preview(ctx, found.items())


def _language(rules: Any, locale: str) -> str | None:
    """Return the language of the rules that is nearest to a locale, else the country's own.

    Without one the library would take the computer's.
    """
    known = tuple(rules.supported_languages or ())
    own = str(rules.default_language or "")
    near = [one for one in (own, *sorted(known)) if one[:2] == locale[:2]]
    for one in (locale, *near, own):
        if one in known or one == own:
            return one or None
    return None


def _years(first: int, last: int) -> range:
    if not 0 <= last - first < MOST_YEARS:
        raise InvalidError(
            _("Choose up to {most} years, the first one first.").format(most=MOST_YEARS),
            field="last_year",
        )
    return range(first, last + 1)


def from_file(
    ctx: Context, path: Path, first_year: int, last_year: int, steps: Steps = SILENT
) -> HolidayPreview:
    """Return the whole days of a calendar file in some years.

    Holiday calendars tell their days as free time, so that is no reason to leave one out. Raises
    InvalidError for a file that is no calendar.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    years = _years(first_year, last_year)
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    found = read_calendar(path, ctx.zone, first, last, steps=steps)
    timed = sum(not event.starts.whole_day for event in found.events)
    found.events = [replace(one, free=False) for one in found.events if one.starts.whole_day]
    days: list[tuple[date, str]] = []
    for block in blocks_of(found, ctx.zone, first, last):
        if block.ends - block.starts > _LONGEST_FEAST:
            sentence = _("This lasts longer than a month, and is left out.")
            found.problems.append(Problem(block.line, sentence))
            continue
        day = block.starts.date()
        while datetime.combine(day, time()) < block.ends:
            if first <= day <= last:
                days.append((day, block.title or _("Holiday")))
            day += _DAY
    return _preview(
        ctx, days, problems=tuple(found.problems), more=found.more_problems, timed=timed
    )


def _preview(
    ctx: Context,
    found: Iterable[tuple[date, str]],
    *,
    problems: tuple[Problem, ...] = (),
    more: int = 0,
    timed: int = 0,
) -> HolidayPreview:
    closed = {
        row.starts.date()
        for row in working_time.special_times(ctx, since=date(1900, 1, 1))
        if row.kind == "holiday"
    }
    names: dict[date, list[str]] = {}
    for day, name in sorted(found):
        held = names.setdefault(day, [])
        if name not in held:
            held.append(name)
    rows = tuple(
        FoundHoliday(day=day, name="; ".join(held)[:_LONGEST_NAME], there=day in closed)
        for day, held in names.items()
    )
    new = [
        SpecialSpan(
            "holiday",
            datetime.combine(row.day, time()),
            datetime.combine(row.day, time()) + _DAY,
        )
        for row in rows
        if not row.there
    ]
    return HolidayPreview(
        rows=rows,
        stranded=working_time.stranded_by(ctx, new),
        problems=problems,
        more_problems=more,
        timed=timed,
    )
