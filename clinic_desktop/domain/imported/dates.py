"""Dates of a column: in which order it writes them, and each of them read in that order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from clinic_desktop.domain.dates import parse_date
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

Order = Literal["dmy", "mdy", "ymd"]
_FIGURES: Final = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})")
_RUN: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL: Final = re.compile(r"\d{4,5}(?:\.0+)?")
_CLOCK: Final = re.compile(
    r"[T ]+(\d{1,2})[:h.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?"
    r"(?:\s*(?:Z|[+-]\d{2}:?\d{2}))?$",
    re.IGNORECASE,
)
# Spreadsheets count days from here; the first of March 1900 is day 61 of theirs.
_EPOCH: Final = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 61, 109574
_LOCALES: Final = {"dmy": "pt_PT", "mdy": "en_US", "ymd": "sv_SE"}
_NOTHING: Final = frozenset(
    {"", "0", "-", "--", "n/a", "null", "0000-00-00", "00/00/0000", "00-00-0000", "//"}
)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """The order of a column; ``ambiguous`` of its values would be another day in another order.

    ``certain`` is whether any value could be read in this order only.
    """

    order: Order
    certain: bool
    ambiguous: int = 0
    mixed: bool = False


def guess_style(values: Iterable[str], usual: str) -> DateStyle:
    """Return how a column writes dates in figures; ``usual`` is the locale's order for a doubt.

    A value such as 25/03/1990 settles it; when both orders are found the column is ``mixed``,
    and its doubtful values follow the order found more often.
    """
    day_first = month_first = year_first = doubtful = 0
    for value in values:
        found = _FIGURES.match(value.strip())
        if found is None:
            continue
        first, second = int(found[1]), int(found[2])
        if len(found[1]) == 4:
            year_first += 1
        elif first > 12 >= second:
            day_first += 1
        elif second > 12 >= first:
            month_first += 1
        elif first != second:
            doubtful += 1
    if not day_first and not month_first:
        order: Order = "mdy" if usual == "mdy" else "dmy"
        if year_first and not doubtful:
            order = "ymd"
        return DateStyle(order, certain=not doubtful, ambiguous=doubtful)
    mixed = bool(day_first and month_first)
    order = "dmy" if day_first >= month_first else "mdy"
    return DateStyle(order, certain=not mixed, ambiguous=doubtful if mixed else 0, mixed=mixed)


def is_doubtful(text: str) -> bool:
    """Return whether day and month of a date in figures could be turned round."""
    found = _FIGURES.match(text.strip())
    if found is None or len(found[1]) == 4:
        return False
    return int(found[1]) <= 12 >= int(found[2]) and int(found[1]) != int(found[2])


def read_day(
    text: str, style: DateStyle, *, today: date, earliest: date, latest: date
) -> date | None:
    """Read a date in the column's order, None for an empty one; raises InvalidError.

    A value that is no day in that order but one in the other is read in the other.
    """
    plain = _CLOCK.sub("", text.strip())
    if plain.casefold() in _NOTHING:
        return None
    if _SERIAL.fullmatch(plain) and _FIRST_SERIAL <= float(plain) <= _LAST_SERIAL:
        return _between(_EPOCH + timedelta(days=int(float(plain))), earliest, latest)
    found = _RUN.fullmatch(plain)
    if found is not None and 1 <= int(found[2]) <= 12:
        plain = "-".join(found.groups())
    found = _FIGURES.fullmatch(plain)
    if found is None:
        return parse_date(
            plain, locale=_LOCALES[style.order], today=today, earliest=earliest, latest=latest
        )
    return _between(_by_figures(found, style, today, latest), earliest, latest)


def _by_figures(found: re.Match[str], style: DateStyle, today: date, latest: date) -> date:
    one, two, three = (int(figures) for figures in found.groups())
    if len(found[1]) == 4:
        year, month, day = one, two, three
    else:
        day, month = (two, one) if style.order == "mdy" else (one, two)
        if month > 12 >= day:
            day, month = month, day
        year = three if len(found[3]) == 4 else _full_year(three, today, latest)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InvalidError(_("“{text}” is not a day.").format(text=found[0])) from error


def _full_year(short: int, today: date, latest: date) -> int:
    """Return the year with these two figures that is nearest to today and not too late."""
    century = today.year - today.year % 100
    years = [year for year in (century - 100 + short, century + short) if year <= latest.year]
    return years[-1] if years else century - 100 + short


def _between(day: date, earliest: date, latest: date) -> date:
    if not earliest <= day <= latest:
        raise InvalidError(_("{day} cannot be right here.").format(day=day.isoformat()))
    return day


def read_clock(text: str) -> time | None:
    """Return the time of day that stands in a cell, alone or behind a date; None without one."""
    found = _CLOCK.search(f" {text.strip()}")
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    half = (found[4] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise InvalidError(_("“{text}” is not a time of day.").format(text=text.strip()))
    return time(hour, minute)


def joined(day: date, clock: time) -> datetime:
    """Return day and time of day in one, without a zone: what stood on the clinic's wall."""
    return datetime.combine(day, clock)
