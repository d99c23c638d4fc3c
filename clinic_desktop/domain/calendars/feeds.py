"""A provider's appointments as a calendar that other programs subscribe to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.calendars.lines import escaped, line, written
from clinic_desktop.domain.calendars.zones import LOCAL, observances, vtimezone

CANCELLED: Final = "CANCELLED"
_UTC: Final = "%Y%m%dT%H%M%SZ"
_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event; instants are aware. ``uid`` stays the same for good, ``sequence`` only grows."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    summary: str
    changed_at: datetime
    status: str = "CONFIRMED"
    description: str = ""
    location: str = ""


def calendar(events: Iterable[FeedEvent], zone: ZoneInfo, *, name: str) -> bytes:
    """Return the file. The same events make the same file, to the last octet."""
    found = sorted(events, key=lambda one: (one.starts, one.uid))
    return written(_lines(found, zone, name))


def _lines(events: list[FeedEvent], zone: ZoneInfo, name: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Clinic Desktop//Appointments//EN"
    yield "CALSCALE:GREGORIAN"
    yield line("NAME", escaped(name))
    yield line("X-WR-CALNAME", escaped(name))
    yield line("X-WR-TIMEZONE", escaped(zone.key))
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT15M"
    yield "X-PUBLISHED-TTL:PT15M"
    if events and zone.key != "UTC":
        first, last = events[0].starts, max(one.ends for one in events)
        # Whole years, so that a reader finds summer and winter whatever it asks for.
        yield from vtimezone(zone.key, observances(zone, first - _YEAR, last + _YEAR))
    for one in events:
        yield from _event(one, zone)
    yield "END:VCALENDAR"


def _event(one: FeedEvent, zone: ZoneInfo) -> Iterator[str]:
    changed = one.changed_at.astimezone(UTC).strftime(_UTC)
    yield "BEGIN:VEVENT"
    yield line("UID", escaped(one.uid))
    # Without a METHOD the stamp is when the event was last changed, not when the file was written.
    yield line("DTSTAMP", changed)
    yield line("LAST-MODIFIED", changed)
    yield line("SEQUENCE", str(one.sequence))
    yield moment("DTSTART", one.starts, zone)
    yield moment("DTEND", one.ends, zone)
    yield line("SUMMARY", escaped(one.summary))
    if one.description:
        yield line("DESCRIPTION", escaped(one.description))
    if one.location:
        yield line("LOCATION", escaped(one.location))
    yield line("STATUS", one.status)
    yield line("TRANSP", "TRANSPARENT" if one.status == CANCELLED else "OPAQUE")
    yield line("CLASS", "PRIVATE")
    yield "END:VEVENT"


def moment(name: str, instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as a line, in local time where that says which instant is meant.

    A time that comes twice means its first one (RFC 5545, 3.3.5), so the second is told in UTC.
    """
    local = instant.astimezone(zone)
    if zone.key == "UTC" or local.fold:
        return line(name, instant.astimezone(UTC).strftime(_UTC))
    return line(name, local.strftime(LOCAL), TZID=zone.key)
