"""Dates as people write them: reading a typed date and writing one nobody can misread."""

import calendar
import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date as babel_format
from babel.dates import format_interval, format_skeleton

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, language, ngettext

_SEPARATORS: Final = re.compile(r"[\s./,\-\u2010-\u2015\u060c年月日년월일]+")
_ISO: Final = re.compile(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ORDINALS: Final = re.compile(r"(?<=\d)(st|nd|rd|th|º|ª|\.?er|o|a)$")
_CONNECTING_WORDS: Final = frozenset({"de", "del", "of", "the", "den"})
_LONGEST: Final = 40
_EARLIEST: Final = date(1, 1, 1)
_LATEST: Final = date(9999, 12, 31)


@cache
def order_of(locale: str) -> str:
    """Return how the locale writes a date in figures: ``dmy``, ``mdy`` or ``ymd``."""
    pattern = Locale.parse(locale).date_formats["short"].pattern
    seen = [letter.lower() for letter in pattern if letter in "dMyu"]
    order = "".join(dict.fromkeys("y" if letter == "u" else letter for letter in seen))
    return order if order in ("dmy", "mdy", "ymd") else "dmy"


def format_date(day: date, locale: str) -> str:
    """Return the date with the month as a word and four figures for the year: 3 Sep 1984."""
    return _formatted(day, locale, language())


# Tables write the same days again for each frame, and Babel takes as long as the painting.
@lru_cache(maxsize=8192)
def _formatted(day: date, locale: str, _language: str) -> str:
    worded = _worded(locale)
    if worded.language == "en" and order_of(locale) != "mdy":
        # Babel's British and Irish data say "Sept"; three letters keep columns even.
        return f"{day.day} {_english_months()[day.month]} {day.year}"
    return str(babel_format(day, format="medium", locale=worded))


@cache
def _english_months() -> dict[int, str]:
    return dict(Locale.parse("en").months["format"]["abbreviated"])


def format_long_date(day: date, locale: str) -> str:
    """Return the date with its weekday: Thursday, 12 March 2026."""
    return str(babel_format(day, format="full", locale=_worded(locale)))


def format_month(day: date, locale: str) -> str:
    """Return month and year: Nov 2019."""
    worded = _worded(locale)
    skeleton = Locale.parse("en") if worded.language == "en" else worded
    return str(format_skeleton("yMMM", day, locale=skeleton))


def format_whole_month(day: date, locale: str) -> str:
    """Return month and year in full: March 2026."""
    return str(format_skeleton("yMMMM", day, locale=_worded(locale)))


def format_days(first: date, last: date, locale: str) -> str:
    """Return some days on end: 9–14 March 2026."""
    return str(format_interval(first, last, skeleton="yMMMMd", locale=_worded(locale)))


def format_day(day: date, locale: str) -> str:
    """Return day and month, short: 1 Apr."""
    return str(format_skeleton("MMMd", day, locale=_worded(locale)))


def format_weekday(day: date, locale: str) -> str:
    """Return weekday and day of the month, short: Mon 9."""
    return str(babel_format(day, format="EEE d", locale=_worded(locale)))


def format_weekday_date(day: date, locale: str) -> str:
    """Return weekday, day and month, short: Mon 9 Mar."""
    return str(format_skeleton("MMMEd", day, locale=_worded(locale)))


def format_weekday_name(day: date, locale: str) -> str:
    """Return the weekday in full: Monday."""
    return str(babel_format(day, format="EEEE", locale=_worded(locale)))


def first_weekday(locale: str) -> int:
    """Return the day on which weeks begin there: 0 is Monday, 6 is Sunday."""
    return int(Locale.parse(locale).first_week_day)


def _worded(locale: str) -> Locale:
    """Return the locale, its language replaced by the interface's where the two differ."""
    return _in_language(locale, language())


@cache
def _in_language(locale: str, words: str) -> Locale:
    asked = Locale.parse(locale)
    if asked.language == words:
        return asked
    return Locale.parse("en_GB" if words == "en" else words)


def parse_date(
    text: str,
    *,
    locale: str,
    today: date,
    earliest: date | None = None,
    latest: date | None = None,
) -> date:
    """Read a date as a person types it: 3.9.84, 1984-09-03, 03/09/1984, 3 sep 1984, 030984.

    Day and month follow the order of the locale unless one of them is a word or stands after a
    four-figure year. A two-figure year is the one inside the limits that is nearest to
    ``today``. Raises ``InvalidError`` with a sentence for anything that is not one day between
    the limits.
    """
    cleaned = _clean(text)
    year, month, day, short_year = _parts(cleaned, order_of(locale), _month_names(locale))
    low, high = earliest or _EARLIEST, latest or _LATEST
    if short_year:
        year = _full_year(year, month, day, today, low, high)
    _check(year, month, day)
    found = date(year, month, day)
    if found < low:
        raise InvalidError(_before(low, locale))
    if found > high:
        raise InvalidError(_after(high, today, locale))
    return found


def _clean(text: str) -> str:
    """Return the text with ordinary digits, composed letters and no invisible characters."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if not shown or len(shown) > _LONGEST or "\0" in shown:
        raise InvalidError(_unreadable())
    return "".join(
        str(unicodedata.digit(char)) if char.isdecimal() else char for char in shown
    ).casefold()


def _unreadable() -> str:
    return _("Write day, month and year, for example 3 Sep 1984 or 03/09/1984.")


def _parts(text: str, order: str, months: dict[str, int]) -> tuple[int, int, int, bool]:
    """Return year, month, day and whether the year was written with two figures."""
    if (found := _ISO.fullmatch(text)) is not None:
        return int(found[1]), int(found[2]), int(found[3]), False
    words = [word for word in _SEPARATORS.split(text) if word]
    words = [word for word in words if word not in _CONNECTING_WORDS]
    if len(words) == 1:
        words = _split_figures(words[0], order)
    if len(words) != 3:
        raise InvalidError(_unreadable())
    named = [place for place, word in enumerate(words) if not word[0].isdigit()]
    if not named:
        return _by_order(words, order)
    if len(named) > 1:
        raise InvalidError(_unreadable())
    return _by_name(words, named[0], months)


def _split_figures(word: str, order: str) -> list[str]:
    """Cut 03091984 or 030984 into its three parts by the order of the locale."""
    if not word.isdigit() or len(word) not in (6, 8):
        raise InvalidError(_unreadable())
    sizes = {"d": 2, "m": 2, "y": len(word) - 4}
    parts, start = [], 0
    for letter in order:
        parts.append(word[start : start + sizes[letter]])
        start += sizes[letter]
    return parts


def _by_order(words: list[str], order: str) -> tuple[int, int, int, bool]:
    if len(words[0]) == 4:
        order = "ymd"
    figures = dict(zip(order, words, strict=True))
    short = len(figures["y"]) <= 2
    return _figure(figures["y"], 4), _figure(figures["m"], 2), _figure(figures["d"], 2), short


def _by_name(words: list[str], place: int, months: dict[str, int]) -> tuple[int, int, int, bool]:
    name = words.pop(place).rstrip(".")
    month = months.get(_bare(name))
    if month is None:
        raise InvalidError(_("“{word}” is not a month.").format(word=name))
    day, year = words
    if len(day) == 4:
        day, year = year, day
    return _figure(year, 4), month, _figure(_ORDINALS.sub("", day), 2), len(year) <= 2


def _figure(word: str, longest: int) -> int:
    if not word.isdigit() or len(word) > longest or len(word) == 3:
        raise InvalidError(_unreadable())
    return int(word)


def _full_year(year: int, month: int, day: int, today: date, low: date, high: date) -> int:
    """Return the year with these last two figures that is allowed and nearest to today."""
    century = today.year - today.year % 100
    candidates = [century + year + step for step in (-100, 0, 100)]

    def outside(candidate: int) -> bool:
        last = calendar.monthrange(candidate, month)[1] if 1 <= month <= 12 else 31
        if not 1 <= month <= 12 or not 1 <= day <= last:
            return not low.year <= candidate <= high.year
        return not low <= date(candidate, month, day) <= high

    return min(candidates, key=lambda one: (outside(one), abs(one - today.year), one))


def _check(year: int, month: int, day: int) -> None:
    """Raise the sentence that names what is wrong with a day that does not exist."""
    if not 1 <= month <= 12:
        raise InvalidError(_("There is no month {month}.").format(month=month))
    if year < 1:
        raise InvalidError(_("There is no year {year}.").format(year=year))
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise InvalidError(
            ngettext(
                "{month} {year} has {days} day.", "{month} {year} has {days} days.", last
            ).format(month=month_name(month), year=year, days=last)
        )


def month_name(month: int) -> str:
    """Return the name of a month in the interface language, as it stands at a line's start."""
    name = Locale.parse(language()).months["stand-alone"]["wide"][month]
    return str(name[:1].upper() + name[1:])


def _before(low: date, locale: str) -> str:
    return _("The date has to be {day} or later.").format(day=format_date(low, locale))


def _after(high: date, today: date, locale: str) -> str:
    if high == today:
        return _("This day is still to come. Today is {day}.").format(
            day=format_date(today, locale)
        )
    return _("The date has to be {day} or earlier.").format(day=format_date(high, locale))


@cache
def _month_names(locale: str) -> dict[str, int]:
    """Return month names and short names of the locale, of English and of our languages."""
    found: dict[str, int] = {}
    for code in ("pt", "es", "en", locale):
        months = Locale.parse(code).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    bare = _bare(name.rstrip("."))
                    found[bare] = number
                    found[bare[:3]] = found.get(bare[:3], number)
    return found


def _bare(word: str) -> str:
    """Return the word without accents and case."""
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in split if not unicodedata.combining(char))
