"""The days and times of a place as instants, on days when its clocks change as well."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

# Every change of clocks since 1980 is a multiple of this, so hours are looked for in these steps.
_CHANGE_STEP: Final = 15


def instant_of(
    local: datetime, zone: ZoneInfo, *, second: bool = False, locale: str = "en"
) -> datetime:
    """Return the instant, in UTC, at which the clocks of the place show this time.

    ``local`` is naive. An hour that comes twice means its first time, or the second one if
    ``second`` is true. Raises ``InvalidError`` (field ``time``) for a time the clocks skip.
    """
    aware = local.replace(tzinfo=zone, fold=1 if second else 0)
    instant = aware.astimezone(UTC)
    following = instead_of_missing(local, zone)
    if following is not None:
        raise InvalidError(
            _("The clocks go forward on {day}: {time} does not exist. Take {next}.").format(
                day=format_date(local.date(), locale),
                time=format_time(local.time(), locale),
                next=format_time(following.time(), locale),
            ),
            field="time",
        )
    return instant


def instead_of_missing(local: datetime, zone: ZoneInfo) -> datetime | None:
    """Return what the clocks show in place of a time that they skip, None for one that there is."""
    shown = local_of(local.replace(tzinfo=zone, fold=0).astimezone(UTC), zone)
    return shown if shown != local.replace(fold=0) else None


def is_doubled(local: datetime, zone: ZoneInfo) -> bool:
    """Return whether the clocks show this time twice, because they are set back."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    # A skipped time also has two offsets, but the later of them comes first.
    return first.astimezone(UTC) < second.astimezone(UTC)


def local_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks of the place show: naive, without ``fold``."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


@dataclass(frozen=True)
class HourMark:
    """A full hour on a day: minutes since the day began, and what the clocks show."""

    minute: int
    local: time
    again: bool
    """Whether it is the second of two equal hours."""


@dataclass(frozen=True)
class ClockChange:
    """A moment of a day at which the clocks do not go on: minutes since the day began.

    They would show ``before`` then and show ``after``; times between are missing or come twice.
    """

    minute: int
    before: time
    after: time
    forward: bool


@dataclass(frozen=True)
class LocalDay:
    """One day of a place, measured in minutes since it began: 1440, or 1380 or 1500."""

    day: date
    zone: ZoneInfo

    @cached_property
    def start(self) -> datetime:
        """The instant at which the day begins; midnight itself may be skipped."""
        return datetime.combine(self.day, time(), self.zone).astimezone(UTC)

    @cached_property
    def end(self) -> datetime:
        """The instant at which the next day begins."""
        return LocalDay(self.day + timedelta(days=1), self.zone).start

    @cached_property
    def minutes(self) -> int:
        """How many minutes the day has."""
        return self.minute_of(self.end)

    def minute_of(self, instant: datetime) -> int:
        """Return the whole minutes from the day's beginning, negative before it."""
        return int((instant - self.start).total_seconds() // 60)

    def instant_at(self, minute: int) -> datetime:
        """Return the instant so many minutes after the day began."""
        return self.start + timedelta(minutes=minute)

    def local_at(self, minute: int) -> datetime:
        """Return what the clocks show so many minutes after the day began."""
        return local_of(self.instant_at(minute), self.zone)

    def is_second(self, minute: int) -> bool:
        """Return whether this minute is the second one with its time."""
        return self.instant_at(minute).astimezone(self.zone).fold == 1

    def minute_at(self, local: time) -> int:
        """Return the minute at which the clocks first show this time, or pass it."""
        return self.minute_of(datetime.combine(self.day, local, self.zone).astimezone(UTC))

    def span_of(self, starts: time, ends: time) -> Span:
        """Return the span between two times of the day, for example of working hours."""
        # An hour worked through when it comes twice is worked twice.
        last = datetime.combine(self.day, ends, self.zone).replace(fold=1).astimezone(UTC)
        return Span(self.minute_at(starts), max(self.minute_at(ends), self.minute_of(last)))

    @cached_property
    def hours(self) -> tuple[HourMark, ...]:
        """Every full hour of the day, in order; an hour may be missing or come twice."""
        marks = []
        for minute in range(0, self.minutes, _CHANGE_STEP):
            local = self.local_at(minute)
            if local.minute == 0:
                marks.append(HourMark(minute, local.time(), self.is_second(minute)))
        return tuple(marks)

    @cached_property
    def change(self) -> ClockChange | None:
        """When the clocks of this day are changed, None on nearly every day."""
        if self._offset(-1) == self._offset(self.minutes - 1):
            return None
        steps = range(0, self.minutes, _CHANGE_STEP)
        minute = next(one for one in steps if self._offset(one) != self._offset(one - 1))
        before, after = self.local_at(minute - 1) + timedelta(minutes=1), self.local_at(minute)
        return ClockChange(minute, before.time(), after.time(), forward=after > before)

    def _offset(self, minute: int) -> timedelta | None:
        return self.instant_at(minute).astimezone(self.zone).utcoffset()
