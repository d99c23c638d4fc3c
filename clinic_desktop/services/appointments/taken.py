"""What is taken on many days: few rows, minutes as plain numbers, read as they are asked for."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.free_time import Range, is_free
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span
from clinic_desktop.services.appointments import queries
from clinic_desktop.services.appointments.sheets import Worker, staff_and_rooms
from clinic_desktop.services.context import Context

_LONGEST: Final = timedelta(hours=24)
_LONGEST_MINUTES: Final = 24 * 60
# So many days are read at once: the first answer comes from few, later ones from many.
_FEW, _MANY = 3, 14


class DayTaken:
    """One day: minutes since it began at which providers and chairs are taken, in order."""

    def __init__(self, days: "TakenDays", day: LocalDay) -> None:
        self._days = days
        self.day = day
        self.providers: dict[UUID, list[Range]] = {}
        self.chairs: dict[UUID, list[Range]] = {}
        self._working: dict[UUID, list[Range]] = {}
        self._chair_working: dict[UUID, list[Range] | None] = {}

    def working(self, provider_id: UUID) -> list[Range]:
        """Return when a provider works."""
        found = self._working.get(provider_id)
        if found is None:
            on_day = self._days.hours.provider_on(provider_id, self.day)
            found = [(one.start, one.end) for one in on_day.working]
            self._working[provider_id] = found
        return found

    def free_until(self, provider_id: UUID, end: int) -> int:
        """Return how long a provider stays free behind a minute up to which they are."""
        working = next(until for start, until in self.working(provider_id) if start < end <= until)
        busy = (one for one, _until in self.providers.get(provider_id, ()) if one >= end)
        return min(working, next(busy, working))

    def chair_is_free(self, chair_id: UUID, start: int, end: int) -> bool:
        """Return whether a chair is in use and not taken through the whole range."""
        if not is_free(self.chairs.get(chair_id, ()), start, end):
            return False
        if chair_id not in self._days.hours.chairs:
            return True
        if chair_id not in self._chair_working:
            on_day = self._days.hours.chair_on(chair_id, self.day)
            self._chair_working[chair_id] = [(one.start, one.end) for one in on_day.working]
        used = self._chair_working[chair_id] or ()
        return any(a <= start and end <= b for a, b in used)


class TakenDays:
    """Days in order from the first; who works on them, in which chairs, and what is taken."""

    def __init__(self, ctx: Context, first_day: date, count: int) -> None:
        self._ctx, self._first, self._count = ctx, first_day, count
        span = [LocalDay(first_day + timedelta(days=one), ctx.zone) for one in (0, count)]
        rooms = staff_and_rooms(ctx, span)
        self.workers: list[Worker] = [worker for worker in rooms.workers if worker.active]
        self.chairs, self.hours = rooms.in_use, rooms.hours
        self._skills = {one.provider_id: one.skills for one in self.workers}
        self._equipment = rooms.equipment
        self._days: list[DayTaken] = []

    def skills(self, provider_id: UUID) -> frozenset[str]:
        """Return what a provider can do that not everybody can."""
        return self._skills[provider_id]

    def equipment(self, chair_id: UUID) -> frozenset[str]:
        """Return what stands at a chair that not every chair has."""
        return self._equipment.get(chair_id, frozenset())

    def on(self, number: int) -> DayTaken | None:
        """Return the how-manieth day from the first, None behind the last one."""
        if number >= self._count:
            return None
        while number >= len(self._days):
            self._read(_MANY if self._days else _FEW)
        return self._days[number]

    def _read(self, count: int) -> None:
        first = len(self._days)
        count = min(count, self._count - first)
        days = [
            DayTaken(self, LocalDay(self._first + timedelta(days=first + one), self._ctx.zone))
            for one in range(count)
        ]
        start, end = days[0].day.start, days[-1].day.end
        rows = queries.TAKEN.all(
            self._ctx.connection,
            clinic=self._ctx.clinic_id,
            since=start - _LONGEST,
            start=start,
            end=end,
        )
        _spread(days, rows)
        self._days += days


def _spread(days: list[DayTaken], rows: Iterable[Any]) -> None:
    """Give each day the minutes taken on it; whatever reaches into the next is on both."""
    for day in days:
        begin, length = int(day.day.start.timestamp()) // 60, day.day.minutes
        for provider_id, chair_id, squeezed, assist, starts, ends in rows:
            # Starts are in order, ends nearly: nothing is longer than a day.
            first = bisect_left(starts, begin - _LONGEST_MINUTES)
            last = bisect_left(starts, begin + length)
            taken = [
                (start - begin, end - begin)
                for start, end in zip(starts[first:last], ends[first:last], strict=True)
                if end > begin
            ]
            if chair_id is not None and taken:
                day.chairs.setdefault(chair_id, []).extend(taken)
            if taken and not squeezed:
                own = day.providers.setdefault(provider_id, [])
                own += _own_of(taken, assist) if assist else taken
        for ranges in (*day.providers.values(), *day.chairs.values()):
            ranges.sort()


def _own_of(taken: list[Range], assist: str) -> list[Range]:
    return [
        (one.start, one.end)
        for start, end in taken
        for one in own_minutes(Span(start, end), assist)
    ]
