"""How appointments repeat: a rule in the words of iCalendar (RFC 5545), and the dates it gives.

A rule gives dates only. The time of day stands beside it in the clinic's own time, so that a change
of clocks moves nothing: 09:00 stays 09:00.

A month that lacks the day takes its last one: "the 31st" is 30 April and 28 or 29 February. Plain
iCalendar would leave such months out. The rule is therefore written with the days before it as
further candidates, of which the last one counts: ``BYMONTHDAY=28,29,30,31;BYSETPOS=-1``. Any other
program that reads the rule finds the same dates.

Every rule has an end, after so many times or on a day, and is bounded: at most ``MOST`` dates
within ``YEARS`` years.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

MOST: Final = 200
YEARS: Final = 10
LAST: Final = -1
LONGEST_EVERY: Final = {"week": 52, "month_day": 24, "month_weekday": 24}
# From this day on some months lack it.
_SHORTEST_MONTH: Final = 28
_DAYS: Final = (MO, TU, WE, TH, FR, SA, SU)
_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKLY: Final = re.compile(
    r"FREQ=WEEKLY;INTERVAL=(\d{1,2});WKST=([A-Z]{2});BYDAY=([A-Z]{2}(?:,[A-Z]{2}){0,6});"
)
_MONTH_DAY: Final = re.compile(
    r"FREQ=MONTHLY;INTERVAL=(\d{1,2});BYMONTHDAY=(?:28,)?(?:29,)?(?:30,)?(\d{1,2})"
    r"(?:;BYSETPOS=-1)?;"
)
_MONTH_WEEKDAY: Final = re.compile(r"FREQ=MONTHLY;INTERVAL=(\d{1,2});BYDAY=([1-4]|-1)([A-Z]{2});")
_END: Final = re.compile(r"(?:COUNT=(\d{1,3})|UNTIL=(\d{8}))")


class Unit(StrEnum):
    """What a rule counts, and how it finds the day in it."""

    WEEK = "week"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


@dataclass(frozen=True, slots=True)
class Rule:
    """Every so many weeks or months, until its end: ``count`` times or up to the day ``until``.

    ``weekdays`` count from Monday = 0, of a month's weekday there is one. ``day`` is the day of the
    month. ``place`` is the how-manieth weekday of the month, 1 to 4 or ``LAST``. ``week_begins``
    says where weeks begin when every second one counts.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int | None = None
    place: int | None = None
    count: int | None = None
    until: date | None = None
    week_begins: int = 0

    # -- checking -----------------------------------------------------------------------------

    def check(self, first: date) -> None:
        """Raise InvalidError, with the field, for a rule that gives no series from ``first`` on."""
        if not 1 <= self.every <= LONGEST_EVERY[self.unit]:
            text = (
                _("Every 1 to {most} weeks.")
                if self.unit is Unit.WEEK
                else _("Every 1 to {most} months.")
            )
            raise InvalidError(text.format(most=LONGEST_EVERY[self.unit]), field="every")
        self._check_days()
        if self.count is None and self.until is None:
            raise InvalidError(
                _("Say when the series ends: after how many times, or on which day."), field="end"
            )
        if self.count is not None and not 1 <= self.count <= MOST:
            raise InvalidError(_too_many(), field="count")
        if self.until is not None:
            if self.until < first:
                raise InvalidError(
                    _("The series ends before it begins. Take a later last day."), field="until"
                )
            if self.until > horizon(first):
                raise InvalidError(_too_far(), field="until")

    def _check_days(self) -> None:
        if self.unit is Unit.WEEK:
            right = bool(self.weekdays) and len(set(self.weekdays)) == len(self.weekdays)
        elif self.unit is Unit.MONTH_DAY:
            right = self.day is not None and 1 <= self.day <= 31
        else:
            right = len(self.weekdays) == 1 and self.place in (1, 2, 3, 4, LAST)
        if not right or any(not 0 <= one <= 6 for one in self.weekdays):
            raise InvalidError(_("Choose the days on which it repeats."), field="weekdays")

    # -- dates --------------------------------------------------------------------------------

    def dates(self, first: date) -> tuple[date, ...]:
        """Return every date from ``first`` on; ``first`` itself only where the rule has it.

        Raises InvalidError for a rule without an end, with too many dates, or beyond the horizon.
        """
        self.check(first)
        last = horizon(first)
        found = tuple(islice(self._walk(first, self.until or last), MOST + 1))
        if self.count is not None and len(found) < self.count:
            raise InvalidError(_too_far(), field="count")
        if not found:
            raise InvalidError(_("No date lies between the first and the last day."), field="until")
        if len(found) > MOST:
            raise InvalidError(_too_many(), field="until")
        return found

    def _walk(self, first: date, last: date) -> Iterator[date]:
        begin = datetime.combine(first, time())
        ends = {"until": datetime.combine(last, time())}
        if self.unit is Unit.WEEK:
            days = [_DAYS[one] for one in self.weekdays]
            rule = rrule(
                WEEKLY, begin, self.every, wkst=_DAYS[self.week_begins], byweekday=days, **ends
            )
        elif self.unit is Unit.MONTH_DAY:
            rule = rrule(
                MONTHLY, begin, self.every, bymonthday=self._candidates(), bysetpos=-1, **ends
            )
        else:
            weekday = _DAYS[self.weekdays[0]](self.place)
            rule = rrule(MONTHLY, begin, self.every, byweekday=weekday, **ends)
        found = (one.date() for one in rule)
        return islice(found, self.count) if self.count is not None else found

    def _candidates(self) -> list[int]:
        day = self.day or 1
        return [day] if day <= _SHORTEST_MONTH else list(range(_SHORTEST_MONTH, day + 1))

    def has(self, day: date) -> bool:
        """Return whether a series may begin on this day: whether the rule, begun there, has it."""
        found = replace(self, count=1, until=None)
        return next(found._walk(day, horizon(day)), None) == day  # noqa: SLF001 - a rule like this one

    # -- another place ------------------------------------------------------------------------

    def moved(self, was: date, to: date) -> "Rule":
        """Return the rule after one of its dates, ``was``, has been moved to another day.

        The others move along: by as many days in weeks, to the same day or the same how-manieth
        weekday in months. The how-manieth date of the one rule belongs to the same of the other.
        """
        if was == to:
            return self
        if self.unit is Unit.WEEK:
            days = (to - was).days
            # Weeks begin with the same day of the rule as before: every second one stays so.
            return replace(
                self,
                weekdays=tuple(sorted((one + days) % 7 for one in self.weekdays)),
                week_begins=(self.week_begins + days) % 7,
            )
        if self.unit is Unit.MONTH_DAY:
            return replace(self, day=to.day)
        from_end = monthrange(to.year, to.month)[1] - to.day
        place = (to.day - 1) // 7 + 1
        keeps_last = self.place == LAST and from_end < 7
        return replace(
            self, weekdays=(to.weekday(),), place=LAST if place > 4 or keeps_last else place
        )

    def moved_date(self, one: date, was: date, to: date) -> date:
        """Return where a date of this rule lies once ``was`` has been moved ``to`` another day."""
        if was == to:
            return one
        if self.unit is Unit.WEEK:
            return one + (to - was)
        months = (to.year - was.year) * 12 + to.month - was.month
        years, month = divmod(one.year * 12 + one.month - 1 + months, 12)
        return self.moved(was, to)._in_month(years, month + 1)  # noqa: SLF001 - a rule like this one

    def _in_month(self, year: int, month: int) -> date:
        length = monthrange(year, month)[1]
        if self.unit is Unit.MONTH_DAY:
            return date(year, month, min(self.day or 1, length))
        weekday = self.weekdays[0]
        if self.place == LAST:
            last = date(year, month, length)
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        days = (weekday - first.weekday()) % 7 + 7 * ((self.place or 1) - 1)
        return first + timedelta(days=days)

    def counted(self, count: int) -> "Rule":
        """Return the rule ended after so many times."""
        return replace(self, count=count, until=None)

    # -- as text ------------------------------------------------------------------------------

    def written(self) -> str:
        """Return the rule as iCalendar writes it, without the leading ``RRULE:``."""
        if self.unit is Unit.WEEK:
            days = ",".join(_CODES[one] for one in sorted(self.weekdays))
            text = f"FREQ=WEEKLY;INTERVAL={self.every};WKST={_CODES[self.week_begins]};BYDAY={days}"
        elif self.unit is Unit.MONTH_DAY:
            candidates = self._candidates()
            text = f"FREQ=MONTHLY;INTERVAL={self.every};BYMONTHDAY="
            text += ",".join(map(str, candidates))
            if len(candidates) > 1:
                text += ";BYSETPOS=-1"
        else:
            text = (
                f"FREQ=MONTHLY;INTERVAL={self.every};BYDAY={self.place}{_CODES[self.weekdays[0]]}"
            )
        end = f"COUNT={self.count}" if self.until is None else f"UNTIL={self.until:%Y%m%d}"
        return f"{text};{end}"


def read_rule(text: str) -> Rule:
    """Return the rule that ``written`` gave; raises InvalidError for any other text."""
    end = _END.fullmatch(text.rpartition(";")[2])
    rule = _read_weekly(text) or _read_monthly(text)
    if rule is not None and end is not None:
        try:
            until = datetime.strptime(end[2], "%Y%m%d").date() if end[2] else None  # noqa: DTZ007 - a date alone
        except ValueError:
            until = None
        rule = replace(rule, count=int(end[1]) if end[1] else None, until=until)
        if (rule.count or rule.until) and rule.written() == text:
            return rule
    raise InvalidError(_("This is no rule of a series: {text}").format(text=text[:80]))


def _read_weekly(text: str) -> Rule | None:
    found = _WEEKLY.match(text)
    if found is None:
        return None
    codes = found[3].split(",")
    if any(one not in _CODES for one in (*codes, found[2])):
        return None
    days = tuple(_CODES.index(one) for one in codes)
    return Rule(Unit.WEEK, int(found[1]), days, week_begins=_CODES.index(found[2]))


def _read_monthly(text: str) -> Rule | None:
    by_day = _MONTH_DAY.match(text)
    if by_day is not None:
        return Rule(Unit.MONTH_DAY, int(by_day[1]), day=int(by_day[2]))
    by_weekday = _MONTH_WEEKDAY.match(text)
    if by_weekday is None or by_weekday[3] not in _CODES:
        return None
    weekday = _CODES.index(by_weekday[3])
    return Rule(Unit.MONTH_WEEKDAY, int(by_weekday[1]), (weekday,), place=int(by_weekday[2]))


def horizon(first: date) -> date:
    """Return the last day on which a series that begins on ``first`` may have a date."""
    return first + timedelta(days=365 * YEARS)


def place_in_month(day: date) -> int:
    """Return the how-manieth of its weekday a day is in its month; a fifth one is the last."""
    place = (day.day - 1) // 7 + 1
    return place if place <= 4 else LAST


def is_last_in_month(day: date) -> bool:
    """Return whether no further day with this weekday follows in the month."""
    return monthrange(day.year, day.month)[1] - day.day < 7


def _too_many() -> str:
    return _("A series has 1 to {most} appointments. Book the rest when these are over.").format(
        most=MOST
    )


def _too_far() -> str:
    return _("A series reaches {years} years ahead at most. Let it end sooner.").format(years=YEARS)
