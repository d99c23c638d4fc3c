"""Events turned into the times at which somebody is busy, what repeats spread out."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.calendars.repeats import Budget, occurrences
from clinic_desktop.domain.calendars.zones import local_cover
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.calendars.schemas import (
    BusyBlock,
    CalendarFile,
    Event,
    LeftOut,
    Problem,
    When,
)

MOST_BLOCKS: Final = 5_000
"""Blocked times that one calendar may bring."""
_EACH_DAYS: Final = 60_000
_ALL_DAYS: Final = 1_000_000
_DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=400)
"""As long as blocked time may be, see ``special_time``."""


def blocks_of(
    found: CalendarFile, zone: ZoneInfo, first: date, last: date
) -> tuple[BusyBlock, ...]:
    """Return the busy times from ``first`` to ``last`` in order.

    An event whose repetition cannot be reckoned is named among the problems of the file. Raises
    InvalidError when there are more than can be stored.
    """
    spreading = _Spreading(found, zone, first, last)
    blocks: dict[str, BusyBlock] = {}
    for block in spreading.all():
        blocks[block.uid] = block
        if len(blocks) > MOST_BLOCKS:
            raise InvalidError(
                _(
                    "This calendar has more than {most} busy times until {last}. Take fewer months."
                ).format(most=MOST_BLOCKS, last=last.isoformat())
            )
    return tuple(sorted(blocks.values(), key=lambda one: (one.starts, one.ends, one.uid)))


class _Spreading:
    def __init__(self, found: CalendarFile, zone: ZoneInfo, first: date, last: date) -> None:
        self._found, self._zone = found, zone
        self._first = datetime.combine(first, time())
        self._last = datetime.combine(last, time()) + _DAY
        self._budget = Budget(_ALL_DAYS)

    @property
    def _left_out(self) -> LeftOut:
        return self._found.left_out

    def all(self) -> Iterator[BusyBlock]:
        """Yield the blocks of every event, each event in its newest form."""
        series: dict[str, Event] = {}
        changed: dict[tuple[str, datetime], Event] = {}
        for event in self._found.events:
            if event.in_place_of is None:
                if event.uid not in series or series[event.uid].sequence <= event.sequence:
                    series[event.uid] = event
                continue
            key = event.uid, self._key(event.in_place_of)
            if key not in changed or changed[key].sequence <= event.sequence:
                changed[key] = event
        for event in series.values():
            yield from self._of_series(event, changed)
        gone = {uid for uid, event in series.items() if event.cancelled}
        for (uid, _at), event in changed.items():
            if not event.cancelled and not event.free and uid not in gone:
                yield from self._block(event, event.starts, event.in_place_of)

    def _key(self, when: When) -> datetime:
        """Return by what an occurrence is told from the others: its instant, or its day."""
        return when.local if when.whole_day else when.instant(self._zone).astimezone(UTC)

    def _of_series(
        self, event: Event, changed: dict[tuple[str, datetime], Event]
    ) -> Iterator[BusyBlock]:
        if event.cancelled or event.free:
            return
        repeats = event.rule is not None or bool(event.more)
        not_at = {self._key(one) for one in event.not_at}
        days = {one.local.date() for one in event.not_at if one.whole_day}
        try:
            times = list(self._times(event))
        except InvalidError as error:
            self._found.unread.add(event.uid)
            self._found.problems.append(Problem(event.line, str(error)))
            return
        for when in times:
            key = self._key(when)
            if key in not_at or when.local.date() in days or (event.uid, key) in changed:
                continue
            yield from self._block(event, when, when if repeats else None)

    def _times(self, event: Event) -> Iterator[When]:
        """Yield when the event happens; the first time always, also where its rule leaves it out.

        What begins before the span may reach into it.
        """
        starts = event.starts
        yield starts
        for when in event.more:
            yield when if when.whole_day == starts.whole_day else When(when.local, when.zone)
        if event.rule is None:
            return
        length = min(self._length(event), LONGEST)
        found = occurrences(
            event.rule,
            starts.local,
            first=self._first - length - 2 * _DAY,
            last=self._last + 2 * _DAY,
            budget=_Both(self._budget, Budget(_EACH_DAYS)),
        )
        for local in found:
            if local != starts.local:
                yield When(local, starts.zone, starts.whole_day)

    def _length(self, event: Event) -> timedelta:
        """Return how long it lasts: days by the calendar, times by the clock."""
        if event.seconds is not None:
            return timedelta(seconds=max(0, event.seconds))
        if event.ends is None:
            return _DAY if event.starts.whole_day else timedelta()
        if event.starts.whole_day:
            return max(_DAY, event.ends.local - event.starts.local)
        starts, ends = (one.instant(self._zone) for one in (event.starts, event.ends))
        return max(timedelta(), ends.astimezone(UTC) - starts.astimezone(UTC))

    def _block(self, event: Event, when: When, in_place_of: When | None) -> Iterator[BusyBlock]:
        length = self._length(event)
        if when.whole_day:
            starts, ends = when.local, when.local + max(length, _DAY)
        else:
            instant = when.instant(self._zone).astimezone(UTC)
            starts, ends = local_cover(instant, instant + length, self._zone)
        if ends <= starts:
            self._left_out.no_time += 1
            return
        if ends <= self._first or starts >= self._last:
            if in_place_of is None:
                self._left_out.elsewhen += 1
            return
        if ends - starts > LONGEST:
            starts, ends = max(starts, self._first), min(ends, self._last)
        uid = event.uid
        if in_place_of is not None:
            # Each time of a series is blocked by itself.
            uid = f"{uid} {self._key(in_place_of):%Y%m%dT%H%M%S}"
        whole = starts.time() == time() == ends.time()
        yield BusyBlock(
            uid=uid, starts=starts, ends=ends, title=event.title, whole_day=whole, line=event.line
        )


class _Both(Budget):
    """What is spent of one is spent of the other."""

    def __init__(self, *budgets: Budget) -> None:
        super().__init__(0)
        self._budgets = budgets

    def spend(self, days: int) -> None:
        """Take some of each."""
        for one in self._budgets:
            one.spend(days)


def titles_without(blocks: Iterable[BusyBlock]) -> tuple[BusyBlock, ...]:
    """Return the blocks without what they are called."""
    return tuple(block.model_copy(update={"title": ""}) for block in blocks)
