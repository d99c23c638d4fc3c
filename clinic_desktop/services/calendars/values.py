"""One line of a calendar file as a property: its name, its parameters and what it says."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from clinic_desktop.domain.calendars.repeats import DAILY, MONTHLY, WEEKLY, YEARLY, Rule
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.calendars.reading import Line
from clinic_desktop.services.calendars.schemas import When

_SHOWN: Final = 60
_DATE: Final = re.compile(r"^\d{8}$")
_YEARS: Final = range(1000, 9000)
_MOST_NUMBERS: Final = 400
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_BY: Final = {
    "by_month": "BYMONTH",
    "by_week": "BYWEEKNO",
    "by_year_day": "BYYEARDAY",
    "by_month_day": "BYMONTHDAY",
    "by_hour": "BYHOUR",
    "by_minute": "BYMINUTE",
    "by_second": "BYSECOND",
    "by_place": "BYSETPOS",
}
_RANGES: Final = {
    "by_month": (1, 12), "by_week": (-53, 53), "by_year_day": (-366, 366),
    "by_month_day": (-31, 31), "by_hour": (0, 23), "by_minute": (0, 59), "by_second": (0, 60),
    "by_place": (-366, 366),
}  # fmt: skip
Zones = Callable[[str], tzinfo | None]


@dataclass(frozen=True, slots=True)
class Property:
    """A line taken apart; ``name`` is in capitals, ``value`` as it is written."""

    line: int
    name: str
    parameters: Mapping[str, Any]
    value: str

    @classmethod
    def of(cls, line: Line) -> "Property":
        """Take a line apart; raises InvalidError for one that is none."""
        # Loaded when a file is read: the library takes a fifth of a second.
        from icalendar.parser import Contentline

        try:
            name, parameters, value = Contentline(line.text).raw_parts()  # type: ignore[no-untyped-call]  # has no annotations
        except ValueError as error:
            raise unreadable(line.text) from error
        return cls(line.number, str(name).upper(), parameters, str(value))

    @property
    def text(self) -> str:
        """The value as a text, its escapes undone."""
        from icalendar.parser import unescape_backslash

        return str(unescape_backslash(self.value))

    @property
    def zone(self) -> str:
        """The name of its time zone, or nothing."""
        return str(self.parameters.get("TZID", "") or "")

    def each(self) -> Iterator["Property"]:
        """Yield the values of a list, one by one."""
        for one in self.value.split(","):
            yield replace(self, value=one.strip())

    def offset(self) -> timedelta:
        """Return the value as an offset from UTC; raises InvalidError."""
        from icalendar.prop import vUTCOffset

        try:
            found: timedelta = vUTCOffset.from_ical(self.value)  # type: ignore[no-untyped-call]  # has no annotations
        except ValueError as error:
            raise self.unreadable() from error
        return found

    def seconds(self) -> int:
        """Return the value as a length of time; raises InvalidError."""
        from icalendar.prop import vDuration

        try:
            return int(vDuration.from_ical(self.value).total_seconds())  # type: ignore[no-untyped-call]  # has no annotations
        except (ValueError, OverflowError) as error:
            raise self.unreadable() from error

    def unreadable(self) -> InvalidError:
        """Return the sentence for a value that is none of its kind."""
        return unreadable(f"{self.name}:{self.value}")


def unreadable(text: str) -> InvalidError:
    """Return the sentence for a line that cannot be read."""
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return InvalidError(_("“{text}” cannot be read.").format(text=shown))


def when_of(one: Property, zones: Zones = lambda _name: None) -> When:
    """Return the value as a time; ``zones`` knows the names of zones. Raises InvalidError."""
    value = one.value.split("/")[0].strip()
    try:
        if _DATE.match(value):
            return When(datetime.combine(_date(value), time()), whole_day=True)
        local = _local(value)
    except (ValueError, OverflowError) as error:
        raise one.unreadable() from error
    if value[-1:] in "Zz":
        return When(local, UTC)
    return When(local, zones(one.zone) if one.zone else None)


def _date(value: str) -> date:
    found = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    if found.year not in _YEARS:
        raise ValueError(value)
    return found


def _local(value: str) -> datetime:
    """Return the naive time of a DATE-TIME; a leap second is the one before."""
    plain = value.rstrip("Zz")
    if len(plain) != 15 or plain[8] not in "Tt" or not (plain[:8] + plain[9:]).isdigit():
        raise ValueError(value)
    seconds = min(int(plain[13:15]), 59) if plain[13:15] == "60" else int(plain[13:15])
    return datetime.combine(_date(plain[:8]), time(int(plain[9:11]), int(plain[11:13]), seconds))


def rule_of(one: Property, until: Callable[[When], datetime]) -> Rule:
    """Return the value as a rule; ``until`` tells its end on the event's clocks.

    Raises InvalidError for one that cannot be read, or that repeats within a day.
    """
    from icalendar.prop import vRecur

    try:
        found = vRecur.from_ical(one.value)
        freq = str(found.get("FREQ", [""])[0]).upper()
        if freq in _TOO_OFTEN:
            raise InvalidError(_("It repeats every hour or more often, and so is left out."))
        if freq not in (DAILY, WEEKLY, MONTHLY, YEARLY) or "RSCALE" in found:
            raise one.unreadable()
        numbers: dict[str, Any] = {
            name: _numbers(found, key, *_RANGES[name]) for name, key in _BY.items()
        }
        rule = Rule(
            freq=freq,
            interval=_one(found, "INTERVAL", 1) or 1,
            count=_one(found, "COUNT", None),
            by_day=frozenset(_weekday(str(day)) for day in found.get("BYDAY", ())),
            week_start=_weekday(str(found.get("WKST", ["MO"])[0]))[1],
            **numbers,
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise one.unreadable() from error
    ends = _until(one, until)
    return replace(rule, until=ends) if ends is not None else rule


def _one(found: Any, key: str, usual: int | None) -> int | None:
    values = found.get(key)
    if not values:
        return usual
    number = int(values[0])
    if not 1 <= number <= 1_000_000:
        raise ValueError(key)
    return number


def _numbers(found: Any, key: str, least: int, most: int) -> frozenset[int]:
    values = frozenset(int(value) for value in found.get(key, ()))
    if len(values) > _MOST_NUMBERS or any(not least <= value <= most for value in values):
        raise ValueError(key)
    return values


def _weekday(text: str) -> tuple[int, int]:
    number = text[:-2]
    found = int(number) if number not in ("", "+") else 0
    if abs(found) > 53:
        raise ValueError(text)
    return found, _WEEKDAYS.index(text[-2:].upper())


def _until(one: Property, until: Callable[[When], datetime]) -> datetime | None:
    part = re.search(r"(?:^|;)\s*UNTIL\s*=\s*([^;]+)", one.value, re.IGNORECASE)
    if part is None:
        return None
    when = when_of(replace(one, value=part[1].strip(), parameters={}))
    if when.whole_day:
        # The last day is one of them, whatever the hour.
        return when.local + timedelta(days=1) - timedelta(seconds=1)
    return until(when)
