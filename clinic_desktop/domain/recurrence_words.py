"""A series in words: "Every 2 weeks on Tuesday at 09:00, 10 times, last on 14 Mar 2027"."""

from collections.abc import Sequence
from datetime import date, time
from typing import Final

from clinic_desktop.domain.dates import format_date, format_weekday_name
from clinic_desktop.domain.recurrence import LAST, Rule, Unit
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _, ngettext

# A Monday, from which the names of the weekdays are taken.
_MONDAY: Final = date(2024, 1, 1)
_SATURDAY: Final = 5
# Twice, because weekdays have one gender in Portuguese and the days of the weekend the other.
_PLACES: Final = {
    1: N_("the first {weekday}"),
    2: N_("the second {weekday}"),
    3: N_("the third {weekday}"),
    4: N_("the fourth {weekday}"),
    LAST: N_("the last {weekday}"),
}
_PLACES_OF_WEEKEND: Final = {
    1: N_("the month's first {weekday}"),
    2: N_("the month's second {weekday}"),
    3: N_("the month's third {weekday}"),
    4: N_("the month's fourth {weekday}"),
    LAST: N_("the month's last {weekday}"),
}
_LACKING: Final = 28


def weekday_name(weekday: int, locale: str) -> str:
    """Return a weekday's name, 0 is Monday."""
    return format_weekday_name(date.fromordinal(_MONDAY.toordinal() + weekday), locale)


def place_words(place: int, weekday: int, locale: str) -> str:
    """Return ``the second Tuesday``."""
    words = (_PLACES if weekday < _SATURDAY else _PLACES_OF_WEEKEND)[place]
    return _(words).format(weekday=weekday_name(weekday, locale))


def day_words(day: int) -> str:
    """Return ``day 31, or the last day of the month``; a day that every month has alone."""
    if day > _LACKING:
        return _("day {day}, or the month's last day").format(day=day)
    return _("day {day}").format(day=day)


def rhythm(rule: Rule, locale: str) -> str:
    """Return how often and on which days: ``Every 2 weeks on Monday and Thursday``."""
    if rule.unit is Unit.WEEK:
        names = [weekday_name(one, locale) for one in sorted(rule.weekdays)]
        text = ngettext("Every week on {days}", "Every {count} weeks on {days}", rule.every)
        return text.format(count=rule.every, days=_listed(names))
    text = ngettext("Every month on {days}", "Every {count} months on {days}", rule.every)
    if rule.unit is Unit.MONTH_DAY:
        days = day_words(rule.day or 1)
    else:
        days = place_words(rule.place or 1, rule.weekdays[0], locale)
    return text.format(count=rule.every, days=days)


def in_words(rule: Rule, at: time, dates: Sequence[date], locale: str) -> str:
    """Return the whole series in one sentence without a full stop."""
    words = ngettext(
        "{rhythm} at {time}, once, on {last}",
        "{rhythm} at {time}, {count} times, last on {last}",
        len(dates),
    )
    return words.format(
        rhythm=rhythm(rule, locale),
        time=format_time(at, locale),
        count=len(dates),
        last=format_date(dates[-1], locale),
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])
