"""A time zone as VTIMEZONE tells it: which clocks hold from when on, for the span of a calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.calendars.lines import escaped, line

# No zone sets its clocks twice within it; Morocco, for Ramadan, comes nearest with a month.
_STEP: Final = timedelta(hours=12)
_SECOND: Final = timedelta(seconds=1)
LOCAL: Final = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Observance:
    """From ``starts`` on, as the clocks show it that held before, they are ``after`` from UTC."""

    starts: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def observances(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[Observance, ...]:
    """Return what holds from ``first`` to ``last`` (aware), the one at the beginning included.

    Of two offsets that follow one another the greater is summer time: readers go by the offsets,
    and so a winter that a country calls its saving time (Ireland) is told as all others tell it.
    """
    start = first.astimezone(zone)
    changes = list(_changes(zone, first.astimezone(UTC), last.astimezone(UTC)))
    held = _offset(start)
    begins = start.replace(tzinfo=None, fold=0)
    # What holds at the beginning is summer time if the next change takes it back.
    summer = bool(changes) and _offset(changes[0].astimezone(zone)) < held
    found = [Observance(begins, held, held, start.tzname() or "", summer)]
    for change in changes:
        local = change.astimezone(zone)
        before, after = found[-1].after, _offset(local)
        found.append(
            Observance(
                change.replace(tzinfo=None) + before,
                before,
                after,
                local.tzname() or "",
                after > before,
            )
        )
    return tuple(found)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the instants, in UTC, at which the offset becomes another one."""
    at = first.replace(microsecond=0)
    while at < last:
        following = min(at + _STEP, last)
        held = _offset(at.astimezone(zone))
        if _offset(following.astimezone(zone)) != held:
            same, other = at, following
            while other - same > _SECOND:
                middle = same + (other - same) // (2 * _SECOND) * _SECOND
                if _offset(middle.astimezone(zone)) == held:
                    same = middle
                else:
                    other = middle
            yield other
        at = following


def vtimezone(name: str, found: Sequence[Observance]) -> Iterator[str]:
    """Yield the lines of the component."""
    yield "BEGIN:VTIMEZONE"
    yield line("TZID", escaped(name))
    for one in found:
        kind = "DAYLIGHT" if one.summer else "STANDARD"
        yield f"BEGIN:{kind}"
        yield line("DTSTART", one.starts.strftime(LOCAL))
        yield line("TZOFFSETFROM", offset_text(one.before))
        yield line("TZOFFSETTO", offset_text(one.after))
        yield line("TZNAME", escaped(one.name))
        yield f"END:{kind}"
    yield "END:VTIMEZONE"


def offset_text(offset: timedelta) -> str:
    """Return an offset as +HHMM, with seconds where a country of the past had them."""
    seconds = int(offset.total_seconds())
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    text = f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}"
    return f"{text}{seconds % 60:02}" if seconds % 60 else text


def local_cover(starts: datetime, ends: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return from when to when the clocks show a span between two instants, naive.

    Where the clocks are set back inside of it, the times that come twice are in it whole: blocked
    time is told in the clinic's own time, which does not know which of the two is meant.
    """
    first, last = (one.astimezone(zone).replace(tzinfo=None, fold=0) for one in (starts, ends))
    for change in _changes(zone, starts.astimezone(UTC), ends.astimezone(UTC)):
        before = (change - _SECOND).astimezone(zone).replace(tzinfo=None, fold=0) + _SECOND
        after = change.astimezone(zone).replace(tzinfo=None, fold=0)
        first, last = min(first, after), max(last, before)
    return first, last
