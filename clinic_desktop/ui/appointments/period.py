"""Which days a view shows around a date, what they are called, and where a step leads."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinic_desktop.domain.dates import (
    first_weekday,
    format_days,
    format_long_date,
    format_weekday_date,
    format_whole_month,
)
from clinic_desktop.ui.appointments.choices import Kind

# What the database can hold, six weeks inside: the neighbours are looked at too.
FIRST_DAY: Final = date(1850, 1, 2)
LAST_DAY: Final = date(2199, 12, 30)
_DAYS: Final = {Kind.DAY: 1, Kind.THREE: 3, Kind.WEEK: 7}
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` on that show ``day``."""

    kind: Kind
    day: date
    first: date
    count: int

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.first + timedelta(days=self.count - 1)

    def words(self, locale: str) -> str:
        """Return what the days are called above the sheet."""
        if self.kind is Kind.MONTH:
            return format_whole_month(self.day, locale)
        if self.count == 1:
            return format_long_date(self.day, locale)
        return format_days(self.first, self.last, locale)

    def short_words(self, locale: str) -> str:
        """Return the same where there is little room: a day without its year."""
        return format_weekday_date(self.day, locale) if self.count == 1 else self.words(locale)

    def stepped(self, steps: int) -> date:
        """Return the day so many views further on; a month keeps the day where it has it."""
        if self.kind is not Kind.MONTH:
            return self.day + timedelta(days=steps * _DAYS[self.kind])
        months = self.day.year * 12 + self.day.month - 1 + steps
        year, month = divmod(months, 12)
        return date(year, month + 1, min(self.day.day, _length(year, month + 1)))


def period(kind: Kind, day: date, locale: str) -> Period:
    """Return the days of a view around a date."""
    if kind in (Kind.DAY, Kind.THREE):
        return Period(kind, day, day, _DAYS[kind])
    first = day if kind is Kind.WEEK else day.replace(day=1)
    first -= timedelta(days=(first.weekday() - first_weekday(locale)) % _WEEK)
    if kind is Kind.WEEK:
        return Period(kind, day, first, _WEEK)
    end = day.replace(day=_length(day.year, day.month))
    weeks = ((end - first).days // _WEEK) + 1
    return Period(kind, day, first, weeks * _WEEK)


def within(day: date) -> date:
    """Return the day, or the end of the calendar that lies before it."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def _length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
