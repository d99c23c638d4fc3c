"""The events of a calendar file that matter for a span of days, and what could not be read."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.calendars.reading import Component, Line, Reader, is_utf8
from clinic_desktop.services.calendars.schemas import CalendarFile, Event, Problem, When
from clinic_desktop.services.calendars.values import Property, rule_of, when_of
from clinic_desktop.services.calendars.zones import known_zone, zone_of
from clinic_desktop.services.progress import SILENT, Steps

MOST_EVENTS: Final = 20_000
"""Events that may be kept of a file: those of the span, and those that repeat."""
NAMED_PROBLEMS: Final = 200
LONGEST_UID: Final = 255
_DAY: Final = timedelta(days=1)
# A zone may be most of a day away, on either side.
_MARGIN: Final = 2 * _DAY
_NEEDS_LOOK: Final = (b"\nRRULE", b"\nRDATE", b"\nRECURRENCE-ID", b"\nDURATION")
_TIMES: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE"})
_READ: Final = _TIMES | {
    "RDATE", "EXDATE", "UID", "SUMMARY", "STATUS", "TRANSP", "SEQUENCE",
    "X-MICROSOFT-CDO-BUSYSTATUS",
}  # fmt: skip
_NAMED: Final = re.compile(r"([A-Za-z0-9-]+)\s*[;:]")


def read_calendar(
    path: Path, zone: ZoneInfo, first: date, last: date, *, steps: Steps = SILENT
) -> CalendarFile:
    """Return what a file holds from ``first`` to ``last``; raises InvalidError for what is none.

    What cannot be read is named with its line, and the rest is taken.
    """
    taking = _Taking(zone, first, last)
    reader = Reader(path, steps)
    for component in reader.components():
        taking.take(component)
    found = taking.file
    found.whole = reader.whole
    if reader.cut_at is not None:
        taking.problem(reader.cut_at, _("The file ends inside of this event."))
    elif not reader.whole:
        taking.problem(1, _("The file has no end: the rest of it is missing."))
    if found.all_cancelled:
        found.left_out.cancelled += len(found.events)
        found.events.clear()
    return found


class _Taking:
    """What was taken of a file so far."""

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self.file = CalendarFile()
        self._zone = zone
        self._first = datetime.combine(first, time())
        self._last = datetime.combine(last, time()) + _DAY
        early, late = self._first - _MARGIN, self._last + _MARGIN
        self._early = early.strftime("%Y%m%d").encode()
        self._late = late.strftime("%Y%m%d").encode()
        self._zones: dict[str, tzinfo | None] = {}
        self._told: set[str] = set()

    def problem(self, line: int, sentence: str) -> None:
        """Name something that could not be read; of thousands only the first are named."""
        if len(self.file.problems) < NAMED_PROBLEMS:
            self.file.problems.append(Problem(line, sentence))
        else:
            self.file.more_problems += 1

    def take(self, component: Component) -> None:
        """Take a component: an event, a zone, or a line of the calendar itself."""
        if component.name == "VCALENDAR":
            self._head(component)
        elif component.name == "VTIMEZONE":
            self._take_zone(component)
        else:
            self.file.count += 1
            if self._is_elsewhen(component.octets):
                self.file.left_out.elsewhen += 1
            else:
                self._take_event(component)

    def _head(self, component: Component) -> None:
        for line in component.lines():
            try:
                found = Property.of(line)
            except InvalidError as error:
                self.problem(line.number, str(error))
                continue
            if found.name in ("X-WR-CALNAME", "NAME") and not self.file.name:
                self.file.name = " ".join(found.text.split())[:120]
            elif found.name == "METHOD" and found.value.strip().upper() == "CANCEL":
                self.file.all_cancelled = True

    def _take_zone(self, component: Component) -> None:
        try:
            found = zone_of(component, self._first, self._last)
        except InvalidError as error:
            self.problem(component.number, str(error))
            return
        if found is not None:
            self._zones[found[0]] = found[1]

    def _is_elsewhen(self, octets: bytes) -> bool:
        """Return whether a quick look says that an event is over, or too far ahead.

        Most events of a calendar of many years are, and need not be taken apart.
        """
        capitals = octets.upper()
        if any(name in capitals for name in _NEEDS_LOOK):
            return False
        starts = _day_after(capitals, b"\nDTSTART")
        ends = _day_after(capitals, b"\nDTEND") or starts
        return starts.isdigit() and (starts > self._late or b"" < ends < self._early)

    def _zone_named(self, name: str, line: int) -> tzinfo | None:
        found = known_zone(name) or self._zones.get(name)
        if found is None and name not in self._told:
            self._told.add(name)
            self.problem(
                line,
                _(
                    "The time zone “{name}” is not known: its times are read as the clinic's own."
                ).format(name=name[:60]),
            )
        return found

    def _take_event(self, component: Component) -> None:
        if not is_utf8(component) and "" not in self._told:
            self._told.add("")
            self.problem(
                component.number,
                _("The letters are not written as UTF-8; they are read as Windows writes them."),
            )
        event = self._event(component)
        if event is None:
            return
        left_out = self.file.left_out
        if event.cancelled and event.in_place_of is None:
            left_out.cancelled += 1
        elif event.free and event.in_place_of is None:
            left_out.free += 1
        self.file.events.append(event)
        if len(self.file.events) > MOST_EVENTS:
            raise InvalidError(
                _(
                    "This calendar has more than {most} events in this time. Take fewer months, "
                    "or let the other calendar export less."
                ).format(most=MOST_EVENTS)
            )

    def _event(self, component: Component) -> Event | None:
        """Return the event of a component, None where it has no beginning that can be read."""
        held, broken = self._properties(component.lines())
        uid = _uid(held, component)
        values: dict[str, Any] = {}
        for key, name, read in self._readers(held):
            one = held.get(name)
            if one is None:
                continue
            try:
                values[key] = read(one[0])
            except InvalidError as error:
                broken.add(name)
                self.problem(one[0].line, str(error))
        starts = values.pop("starts", None)
        if starts is None or broken & _TIMES:
            self.file.unread.add(uid)
            if "DTSTART" not in held and "DTSTART" not in broken:
                self.problem(component.number, _("This event has no beginning, and is left out."))
            return None
        if broken & {"RDATE", "EXDATE"}:
            self.file.unread.add(uid)
        return Event(
            line=component.number,
            uid=uid,
            starts=starts,
            ends=values.pop("ends", None),
            seconds=values.pop("seconds", None),
            more=self._list(held, "RDATE", uid),
            not_at=self._list(held, "EXDATE", uid),
            title=values.pop("title", ""),
            **_flags(held),
            **values,
        )

    def _properties(self, lines: Iterable[Line]) -> tuple[dict[str, list[Property]], set[str]]:
        """Return the properties that say something here, and the names of those that are broken."""
        held: dict[str, list[Property]] = {}
        broken: set[str] = set()
        for line in lines:
            named = _NAMED.match(line.text)
            name = named[1].upper() if named is not None else ""
            if name and name not in _READ:
                continue
            try:
                found = Property.of(line)
            except InvalidError as error:
                broken.add(name)
                self.problem(line.number, str(error))
                continue
            held.setdefault(found.name, []).append(found)
        return held, broken

    def _readers(
        self, held: dict[str, list[Property]]
    ) -> tuple[tuple[str, str, Callable[[Property], Any]], ...]:
        def until(ends: When) -> datetime:
            if ends.zone is None or "DTSTART" not in held:
                return ends.local
            clocks = self._when(held["DTSTART"][0]).zone or self._zone
            return ends.instant(self._zone).astimezone(clocks).replace(tzinfo=None, fold=0)

        def in_place_of(one: Property) -> When:
            if str(one.parameters.get("RANGE", "")).upper() == "THISANDFUTURE":
                self.problem(
                    one.line,
                    _("A change of this and all later ones is read for this one alone."),
                )
            return self._when(one)

        return (
            ("starts", "DTSTART", self._when),
            ("ends", "DTEND", self._when),
            ("seconds", "DURATION", Property.seconds),
            ("in_place_of", "RECURRENCE-ID", in_place_of),
            ("rule", "RRULE", lambda one: rule_of(one, until)),
            ("title", "SUMMARY", lambda one: " ".join(one.text.split())[:200]),
            ("sequence", "SEQUENCE", lambda one: int(one.value) if one.value.isdigit() else 0),
        )

    def _list(self, held: dict[str, list[Property]], name: str, uid: str) -> tuple[When, ...]:
        found = []
        for each in (each for one in held.get(name, ()) for each in one.each()):
            try:
                found.append(self._when(each))
            except InvalidError as error:
                self.file.unread.add(uid)
                self.problem(each.line, str(error))
        return tuple(found)

    def _when(self, one: Property) -> When:
        return when_of(one, lambda name: self._zone_named(name, one.line))


def _uid(held: dict[str, list[Property]], component: Component) -> str:
    """Return what tells an event from all others; of one without a uid, what it says."""
    given = held["UID"][0].text.strip() if "UID" in held else ""
    if given and len(given) <= LONGEST_UID and given.isprintable():
        return given
    said = given.encode() or b"".join(
        part for part in component.parts if not part.upper().startswith((b"DTSTAMP", b"LAST-MOD"))
    )
    return f"sha256:{sha256(said).hexdigest()}"


def _flags(held: dict[str, list[Property]]) -> dict[str, Any]:
    def says(name: str, word: str) -> bool:
        return name in held and held[name][0].value.strip().upper() == word

    return {
        "cancelled": says("STATUS", "CANCELLED"),
        "free": says("TRANSP", "TRANSPARENT") or says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"),
    }


def _day_after(octets: bytes, name: bytes) -> bytes:
    """Return the eight octets behind a property's colon, where a day stands; none without it."""
    at = octets.find(name)
    colon = octets.find(b":", at) if at >= 0 else -1
    return octets[colon + 1 : colon + 9] if colon >= 0 else b""
