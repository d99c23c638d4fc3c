"""What repeats (RRULE of RFC 5545): the times of a rule inside a span, in bounded work.

A file of others may hold a rule that repeats every second, or one that never comes about; the
usual library looks for the next time until the year 9999. Here every day looked at is counted.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

DAILY, WEEKLY, MONTHLY, YEARLY = "DAILY", "WEEKLY", "MONTHLY", "YEARLY"
_DAY: Final = timedelta(days=1)
_LAST: Final = date(9999, 12, 1)
Numbers = frozenset[int]
_NONE: Final[Numbers] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in the event's own time. ``until`` is naive and still in it; Monday is 0.

    ``by_day`` are pairs of a number, 0 for every one, and a weekday: (-1, 4) is the last Friday.
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    by_month: Numbers = _NONE
    by_week: Numbers = _NONE
    by_year_day: Numbers = _NONE
    by_month_day: Numbers = _NONE
    by_day: frozenset[tuple[int, int]] = frozenset()
    by_hour: Numbers = _NONE
    by_minute: Numbers = _NONE
    by_second: Numbers = _NONE
    by_place: Numbers = _NONE
    week_start: int = 0

    def completed(self, start: datetime) -> "Rule":
        """Return the rule with what it leaves to the first time."""
        if self.by_week or self.by_year_day or self.by_month_day or self.by_day:
            return self
        if self.freq == YEARLY:
            months = self.by_month or frozenset({start.month})
            return replace(self, by_month=months, by_month_day=frozenset({start.day}))
        if self.freq == MONTHLY:
            return replace(self, by_month_day=frozenset({start.day}))
        if self.freq == WEEKLY:
            return replace(self, by_day=frozenset({(0, start.weekday())}))
        return self


class Budget:
    """How many days may still be looked at, for one calendar together."""

    def __init__(self, days: int) -> None:
        self._left = days

    def spend(self, days: int) -> None:
        """Take some; raises InvalidError when there are none left."""
        self._left -= days
        if self._left < 0:
            raise InvalidError(
                _("What repeats here is more than can be reckoned. Take a shorter time.")
            )


def occurrences(
    rule: Rule, start: datetime, *, first: datetime, last: datetime, budget: Budget
) -> Iterator[datetime]:
    """Yield the times of a rule that began at ``start`` (naive), those from ``first`` to ``last``.

    ``start`` itself is among them only where the rule says so. Raises InvalidError when that takes
    more days than the budget has.
    """
    whole = rule.completed(start)
    times = _times(whole, start)
    left = whole.count
    end = min(last, whole.until) if whole.until is not None else last
    # Without a count nothing before is of interest.
    begin = start if left is not None else max(start, first)
    for days in _periods(whole, start, begin, end, budget):
        for at in _placed(whole, [datetime.combine(day, one) for day in days for one in times]):
            if at < start:
                continue
            if at > end:
                return
            if left is not None:
                if left == 0:
                    return
                left -= 1
            if at >= first:
                yield at


def _times(rule: Rule, start: datetime) -> list[time]:
    hours = sorted(rule.by_hour or {start.hour})
    minutes = sorted(rule.by_minute or {start.minute})
    seconds = sorted(min(second, 59) for second in rule.by_second or {start.second})
    return [time(h, m, s) for h in hours for m in minutes for s in dict.fromkeys(seconds)]


def _placed(rule: Rule, found: list[datetime]) -> Iterable[datetime]:
    """Return those at the places of a period that the rule names, all without."""
    if not rule.by_place:
        return found
    places = {place - 1 if place > 0 else len(found) + place for place in rule.by_place if place}
    return [found[place] for place in sorted(places) if 0 <= place < len(found)]


def _periods(
    rule: Rule, start: datetime, begin: datetime, end: datetime, budget: Budget
) -> Iterator[list[date]]:
    """Yield the days of each period, from the one with ``begin`` to the one with ``end``."""
    number = _skipped(rule, start.date(), begin.date())
    while True:
        opens = _opens(rule, start.date(), number * rule.interval)
        if opens is None or opens > end.date():
            return
        days = _days(rule, opens)
        budget.spend(len(days) + 1)
        yield [day for day in days if _fits(rule, day)]
        number += 1


def _skipped(rule: Rule, start: date, begin: date) -> int:
    """Return how many periods lie before the one with ``begin``."""
    if rule.freq == YEARLY:
        passed = begin.year - start.year
    elif rule.freq == MONTHLY:
        passed = (begin.year - start.year) * 12 + begin.month - start.month
    else:
        passed = (begin - start).days // (7 if rule.freq == WEEKLY else 1)
    return max(0, passed // rule.interval - 1)


def _opens(rule: Rule, start: date, passed: int) -> date | None:
    """Return the first day of the period so many years, months, weeks or days on."""
    if rule.freq == YEARLY:
        year = start.year + passed
        return date(year, 1, 1) if year < _LAST.year else None
    if rule.freq == MONTHLY:
        years, month = divmod(start.month - 1 + passed, 12)
        year = start.year + years
        return date(year, month + 1, 1) if year < _LAST.year else None
    week = (start.weekday() - rule.week_start) % 7 if rule.freq == WEEKLY else 0
    days = passed * (7 if rule.freq == WEEKLY else 1) - week
    if days > (_LAST - start).days or start.toordinal() + days < 1:
        return None
    return start + timedelta(days=days)


def _days(rule: Rule, opens: date) -> list[date]:
    """Return the days of a period; where months are named, only theirs."""
    if rule.freq == YEARLY:
        months: Iterable[int] = sorted(rule.by_month) or range(1, 13)
        return [
            date(opens.year, month, day)
            for month in months
            for day in range(1, _length(opens.year, month) + 1)
        ]
    if rule.freq == MONTHLY:
        if rule.by_month and opens.month not in rule.by_month:
            return []
        return [opens + n * _DAY for n in range(_length(opens.year, opens.month))]
    return [opens + n * _DAY for n in range(7 if rule.freq == WEEKLY else 1)]


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _fits(rule: Rule, day: date) -> bool:
    # What most rules name comes first: it costs next to nothing.
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_day and not _is_weekday(rule, day):
        return False
    if rule.by_month_day and not _numbered(
        rule.by_month_day, day.day, _length(day.year, day.month)
    ):
        return False
    if rule.by_year_day and not _numbered(rule.by_year_day, _year_day(day), _year_days(day)):
        return False
    return not rule.by_week or _numbered(rule.by_week, *_week(day, rule.week_start))


def _year_day(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _year_days(day: date) -> int:
    return 366 if calendar.isleap(day.year) else 365


def _numbered(wanted: Numbers, number: int, count: int) -> bool:
    """Return whether a place is among those wanted, from the beginning or from the end."""
    return number in wanted or number - count - 1 in wanted


def _is_weekday(rule: Rule, day: date) -> bool:
    weekday = day.weekday()
    numbers = [number for number, named in rule.by_day if named == weekday]
    if not numbers or 0 in numbers or rule.freq not in (MONTHLY, YEARLY):
        return bool(numbers)
    if rule.freq == MONTHLY or rule.by_month:
        place, length = day.day, _length(day.year, day.month)
    else:
        place, length = _year_day(day), _year_days(day)
    return (place - 1) // 7 + 1 in numbers or -((length - place) // 7 + 1) in numbers


def _week(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of a day's week and how many its year has; week 1 has four days of it."""

    def first(year: int) -> date:
        fourth = date(year, 1, 4)
        return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)

    year = day.year
    if day < first(year):
        year -= 1
    elif day >= first(year + 1):
        year += 1
    begins = first(year)
    return (day - begins).days // 7 + 1, (first(year + 1) - begins).days // 7
