"""Which clocks a TZID of a file means: a zone of the world, of Windows, or one the file tells."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clinic_desktop.domain.calendars.repeats import YEARLY, Budget, occurrences
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.calendars.reading import Component
from clinic_desktop.services.calendars.values import Property, rule_of, when_of

_AROUND = timedelta(days=800)


@lru_cache(maxsize=512)
def known_zone(name: str) -> ZoneInfo | None:
    """Return the zone that a name means everywhere; None for a name of the file's own.

    Programs put their own path before a name of the world's list, and Windows has another list.
    """
    # Loaded when a file is read: the library takes a fifth of a second.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    wanted = name.strip().strip('"')
    parts = wanted.strip("/").split("/")
    tails = ["/".join(parts[-count:]) for count in (3, 2, 1) if len(parts) > count]
    for candidate in (wanted, WINDOWS_TO_OLSON.get(wanted, ""), *tails):
        found = _zone(candidate)
        if found is not None:
            return found
    return None


def _zone(name: str) -> ZoneInfo | None:
    # A single word such as "Europe" is a folder of the list.
    if not name or len(name) > 100:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class _Onset:
    """From ``local`` on, on the clocks that held before, they are ``after`` from UTC."""

    local: datetime
    before: timedelta
    after: timedelta


class FileZone(tzinfo):
    """A zone as a file's VTIMEZONE tells it."""

    def __init__(self, onsets: Iterable[_Onset]) -> None:
        self._onsets = sorted(onsets, key=lambda one: one.local - one.before)
        self._locals = [one.local for one in self._onsets]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Return the offset at a local time: of two times the first, of a skipped one the old."""
        if moment is None:
            return self._onsets[0].after
        local = moment.replace(tzinfo=None, fold=0)
        place = bisect_right(self._locals, local) - 1
        if place < 0:
            return self._onsets[0].before
        onset = self._onsets[place]
        skipped = local < onset.local + (onset.after - onset.before)
        return onset.before if skipped else onset.after

    def dst(self, moment: datetime | None) -> timedelta | None:  # noqa: ARG002 - Python's signature
        """Return None: which of two offsets is summer time is of no use here."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:  # noqa: ARG002 - Python's signature
        """Return None: only the offsets are of use."""
        return None

    def fromutc(self, moment: datetime) -> datetime:
        """Return the local time at an instant given in UTC."""
        instant = moment.replace(tzinfo=None)
        starts = [one.local - one.before for one in self._onsets]
        place = bisect_right(starts, instant) - 1
        offset = self._onsets[place].after if place >= 0 else self._onsets[0].before
        return (instant + offset).replace(tzinfo=self)


def zone_of(component: Component, first: datetime, last: datetime) -> tuple[str, FileZone] | None:
    """Return name and clocks of a VTIMEZONE around a span; None where it tells no clocks.

    Raises InvalidError for a rule that is not of every year: no clocks are set more often.
    """
    name, onsets = "", list[_Onset]()
    part: list[Property] | None = None
    for line in component.lines():
        try:
            found = Property.of(line)
        except InvalidError:
            continue
        if found.name == "BEGIN" and found.value.upper() in ("STANDARD", "DAYLIGHT"):
            part = []
        elif found.name == "END" and part is not None:
            onsets += _onsets(part, first - _AROUND, last + _AROUND)
            part = None
        elif part is not None:
            part.append(found)
        elif found.name == "TZID":
            name = found.text
    return (name, FileZone(onsets)) if name and onsets else None


def _onsets(part: list[Property], first: datetime, last: datetime) -> Iterator[_Onset]:
    by_name = {one.name: one for one in part}
    if not {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} <= set(by_name):
        return
    starts = when_of(by_name["DTSTART"]).local
    before, after = (by_name[name].offset() for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    yield _Onset(starts, before, after)
    for one in part:
        if one.name == "RDATE":
            for each in one.each():
                yield _Onset(when_of(each).local, before, after)
        elif one.name == "RRULE":
            rule = rule_of(one, lambda when: when.local + (before if when.zone else timedelta()))
            if rule.freq != YEARLY:
                raise InvalidError(_("The clocks of this zone change more than once a year."))
            times = occurrences(rule, starts, first=first, last=last, budget=Budget(50_000))
            yield from (_Onset(at, before, after) for at in times)
