"""When a provider works and a chair is in use on a day: the week, single dates, what is closed.

The database says the same in ``worked_on`` and refuses by it; a property test compares the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span, common, subtract

OPEN: Final = "open"
BREAK: Final = "break"
_FEW: Final = 40


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """Hours (``open``) or a break of one weekday, Monday = 0, in local time."""

    weekday: int
    kind: str
    starts: time
    ends: time
    label: str = ""


@dataclass(frozen=True, slots=True)
class SpecialSpan:
    """A dated span in local time: ``open`` hours, ``holiday``, ``time_off`` or ``blockout``."""

    kind: str
    starts: datetime
    ends: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A span of one day in which somebody would work but for this."""

    span: Span
    label: str
    kind: str = BREAK
    until: datetime | None = None
    """The local time at which it ends, which may be days ahead; None for a break."""
    whose: str = "provider"
    """``clinic``, ``provider`` or ``chair``."""


@dataclass(frozen=True, slots=True)
class DayTime:
    """A day of a provider or chair: what is worked, and what breaks it, in order."""

    working: tuple[Span, ...]
    pauses: tuple[Pause, ...]


@dataclass(frozen=True)
class OwnTime:
    """The hours of one owner: the clinic, a provider or a chair."""

    weekly: tuple[WeeklySpan, ...] = ()
    special: tuple[SpecialSpan, ...] = ()
    whose: str = "provider"

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of which there is a weekly span on any day."""
        return frozenset(one.kind for one in self.weekly)

    @cached_property
    def _by_day(self) -> dict[tuple[int, str], list[WeeklySpan]]:
        found: dict[tuple[int, str], list[WeeklySpan]] = {}
        for one in self.weekly:
            found.setdefault((one.weekday, one.kind), []).append(one)
        return found

    def weekly_on(self, day: LocalDay, kind: str) -> list[Span]:
        """Return the weekly spans of a kind on a day."""
        return [day.span_of(one.starts, one.ends) for one in self._weekly(day, kind)]

    def _weekly(self, day: LocalDay, kind: str) -> list[WeeklySpan]:
        return self._by_day.get((day.day.weekday(), kind), [])

    def breaks_on(self, day: LocalDay) -> list[Pause]:
        """Return the weekly breaks of a day."""
        return [
            Pause(day.span_of(one.starts, one.ends), one.label, whose=self.whose)
            for one in self._weekly(day, BREAK)
        ]

    @cached_property
    def _dates(self) -> dict[date, list[SpecialSpan]]:
        found: dict[date, list[SpecialSpan]] = {}
        for one in self.special:
            day = one.starts.date()
            while datetime.combine(day, time()) < one.ends:
                found.setdefault(day, []).append(one)
                day += timedelta(days=1)
        return found

    def _special_on(self, day: LocalDay) -> list[tuple[SpecialSpan, Span]]:
        midnight = datetime.combine(day.day, time())
        following = midnight + timedelta(days=1)
        found = []
        # A calendar brought in may have thousands; a few are walked through sooner.
        few = len(self.special) <= _FEW
        for one in self.special if few else self._dates.get(day.day, ()):
            if one.starts < following and one.ends > midnight:
                start = day.minute_at(one.starts.time()) if one.starts > midnight else 0
                end = (
                    day.span_of(one.ends.time(), one.ends.time()).end
                    if one.ends < following
                    else day.minutes
                )
                found.append((one, Span(start, min(end, day.minutes))))
        return found

    def dated_on(self, day: LocalDay) -> list[Span] | None:
        """Return the hours of this very date, or None when the week holds."""
        found = [span for one, span in self._special_on(day) if one.kind == OPEN]
        return found or None

    def closed_on(self, day: LocalDay) -> list[Pause]:
        """Return what closes parts of a day."""
        return [
            Pause(span, one.label, one.kind, one.ends, self.whose)
            for one, span in self._special_on(day)
            if one.kind != OPEN and span.length > 0
        ]


_NOTHING: Final = OwnTime()


@dataclass(frozen=True)
class ClinicHours:
    """The hours of the clinic and of every provider and chair that has its own."""

    clinic: OwnTime = _NOTHING
    providers: Mapping[UUID, OwnTime] = field(default_factory=dict)
    chairs: Mapping[UUID, OwnTime] = field(default_factory=dict)

    def also_closed(
        self, spans: Iterable[SpecialSpan], *, provider_id: UUID | None = None
    ) -> "ClinicHours":
        """Return the hours with more dated spans of a provider, or of the clinic."""
        if provider_id is None:
            return replace(
                self, clinic=replace(self.clinic, special=(*self.clinic.special, *spans))
            )
        own = self.providers.get(provider_id, _NOTHING)
        held = replace(own, special=(*own.special, *spans))
        return replace(self, providers={**self.providers, provider_id: held})

    def provider_on(self, provider_id: UUID, day: LocalDay) -> DayTime:
        """Return when a provider works on a day.

        Hours of a date stand in place of the week's. A provider's own weekly hours of a kind stand
        in place of the clinic's, but never reach beyond the clinic's hours of that date. What is
        closed is closed.
        """
        own, usual = self.providers.get(provider_id, _NOTHING), self.clinic
        opened, breaks = own.dated_on(day), list[Pause]()
        if opened is None:
            dated, has_own = usual.dated_on(day), OPEN in own.kinds
            if dated is not None and not has_own:
                opened = dated
            else:
                opened = (own if has_own else usual).weekly_on(day, OPEN)
                breaks = (own if BREAK in own.kinds else usual).breaks_on(day)
                if dated is not None:
                    opened = common(opened, dated)
        return _day(opened, [*breaks, *usual.closed_on(day), *own.closed_on(day)])

    def chair_on(self, chair_id: UUID, day: LocalDay) -> DayTime:
        """Return when a chair is in use on a day; without hours of its own, all day long."""
        own = self.chairs.get(chair_id)
        if own is None:
            return DayTime((Span(0, day.minutes),), ())
        opened, breaks = own.dated_on(day), list[Pause]()
        if opened is None:
            has_own = OPEN in own.kinds
            opened = own.weekly_on(day, OPEN) if has_own else [Span(0, day.minutes)]
            breaks = own.breaks_on(day)
        return _day(opened, [*breaks, *own.closed_on(day)])


def _day(opened: Iterable[Span], pauses: list[Pause]) -> DayTime:
    working = subtract(opened, [one.span for one in pauses])
    return DayTime(tuple(working), tuple(sorted(pauses, key=lambda one: one.span)))
