"""Birth dates and ages: read as either, told as people tell them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinic_desktop.domain.dates import parse_date
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext

OLDEST: Final = 130
_MONTHS_UNTIL: Final = 2
_DAYS_UNTIL: Final = 60
# Years, months, weeks and days in the languages of the program, by their first letters.
_AGE: Final = re.compile(
    r"(?:about |ca\.? |~)?(\d{1,3})\s*"
    r"(?:(y|yr|yrs|year|years|a|años?|anos?)|(m|mo|months?|mes|meses)"
    r"|(w|weeks?|semanas?|sem)|(d|days?|d[ií]as?))?\.?"
)


@dataclass(frozen=True)
class Birth:
    """A birth date; ``estimated`` when only an age or a year was known."""

    day: date
    estimated: bool


def earliest_birth(today: date) -> date:
    """Return the first birth date that is believed."""
    return _months_before(today, 12 * OLDEST)


def read_birth(text: str, *, locale: str, today: date) -> Birth:
    """Read a birth date in any usual form, an age ("41", "8 months") or a year alone ("1984").

    An age gives the middle of the year in which the person can have been born, estimated.
    Raises ``InvalidError`` with a sentence for what is neither, or lies beyond 130 years or in
    the future.
    """
    typed = " ".join(text.casefold().split())
    if typed.isdecimal() and len(typed) == 4:
        return Birth(_middle_of(int(typed), today), estimated=True)
    found = _AGE.fullmatch(typed)
    if found is None:
        day = parse_date(
            text, locale=locale, today=today, earliest=earliest_birth(today), latest=today
        )
        return Birth(day, estimated=False)
    count = int(found[1])
    if found[3]:
        return Birth(_months_before(today, count), estimated=True)
    if found[4]:
        return Birth(today - timedelta(weeks=count), estimated=True)
    if found[5]:
        return Birth(today - timedelta(days=count), estimated=True)
    return Birth(_believed(_months_before(today, 12 * count + 6), today), estimated=True)


def _middle_of(year: int, today: date) -> date:
    if year == today.year:
        return date(year, 1, 1)
    if year > today.year:
        raise InvalidError(_("The year {year} is still to come.").format(year=year))
    if year < earliest_birth(today).year:
        raise InvalidError(_too_old())
    return date(year, 7, 1)


def _believed(day: date, today: date) -> date:
    if day < earliest_birth(today):
        raise InvalidError(_too_old())
    return day


def _too_old() -> str:
    return _("Nobody is older than {years} years. Check the figures.").format(years=OLDEST)


def age_in_years(born: date, today: date) -> int:
    """Return the completed years; 0 before the first birthday."""
    return _months_since(born, today) // 12


def age_text(born: date, today: date, *, estimated: bool = False) -> str:
    """Return the age in the words of a record's head: 41 y, 8 months, 12 days."""
    months = _months_since(born, today)
    if months >= 12 * _MONTHS_UNTIL:
        text = _("{years} y").format(years=months // 12)
    elif (today - born).days >= _DAYS_UNTIL:
        text = ngettext("{months} month", "{months} months", months).format(months=months)
    else:
        days = max(0, (today - born).days)
        text = ngettext("{days} day", "{days} days", days).format(days=days)
    return _("about {age}").format(age=text) if estimated else text


def _months_since(born: date, today: date) -> int:
    """Return the completed months; somebody born on 29 February has a birthday on 1 March."""
    months = 12 * (today.year - born.year) + today.month - born.month
    return max(0, months - (today.day < born.day))


def _months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last one of a shorter month."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
