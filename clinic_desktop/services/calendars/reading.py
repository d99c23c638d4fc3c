"""A calendar file read piece by piece: its components with the numbers of their lines.

Nothing is kept but what is asked for: a file of a million events is walked through in seconds and
needs no more memory than a small one.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.progress import SILENT, Steps

LARGEST: Final = 100_000_000
"""Octets; a calendar of many years with pictures in it stays below a tenth of it."""
_TELL_EVERY: Final = 50_000
_LONGEST: Final = 60_000
"""What is read of one line: titles and times are shorter, pictures are not wanted."""
_FOLD: Final = (b" ", b"\t")
_MARKS: Final = frozenset(b"BbEe\xef")
_BLANKS: Final = frozenset(b" \t\r\n")
_MARK: Final = re.compile(rb"\s*(BEGIN|END)\s*:\s*([A-Za-z0-9-]+)\s*$", re.IGNORECASE)
WANTED: Final = frozenset({"VEVENT", "VTIMEZONE"})


class Line(NamedTuple):
    """A whole line, its folds undone, and the number of the first of its parts."""

    number: int
    text: str


@dataclass(slots=True)
class Component:
    """A VEVENT or VTIMEZONE as it stands in the file, or the lines of the calendar itself."""

    name: str
    number: int
    parts: list[bytes]

    @property
    def octets(self) -> bytes:
        """All of it, for a quick look."""
        return b"".join(self.parts)

    def lines(self) -> Iterator[Line]:
        """Yield its lines whole; an octet that is not UTF-8 is read as Windows wrote it."""
        number, whole = self.number, b""
        for place, part in enumerate(self.parts, self.number):
            if part[:1] in _FOLD:
                whole = whole.rstrip(b"\r\n")
                if len(whole) < _LONGEST:
                    whole += part[1:]
                continue
            if whole.strip():
                yield Line(number, _text(whole))
            number, whole = place, part
        if whole.strip():
            yield Line(number, _text(whole))


def _text(octets: bytes) -> str:
    octets = octets.rstrip(b"\r\n")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def is_utf8(component: Component) -> bool:
    """Return whether its letters are written as the standard wants them."""
    try:
        # A fold may stand between the octets of one letter.
        re.sub(rb"\r?\n[ \t]", b"", component.octets).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class Reader:
    """Walks through one file once.

    At the end ``whole`` says whether the file had one, ``cut_at`` where an event begins that has
    none.
    """

    def __init__(self, path: Path, steps: Steps = SILENT) -> None:
        """Look at size and beginning; raises InvalidError for what is no calendar, or too large."""
        self._path, self._steps = path, steps
        self.whole = False
        self.cut_at: int | None = None
        try:
            self._size = path.stat().st_size
            with path.open("rb") as stream:
                head = stream.read(4096)
        except OSError as error:
            raise InvalidError(
                _("The file {name} cannot be opened: {reason}.").format(
                    name=path.name, reason=error.strerror or type(error).__name__
                )
            ) from error
        if self._size > LARGEST:
            raise InvalidError(
                _(
                    "The file is larger than {most} MB. Let the other calendar export fewer years."
                ).format(most=LARGEST // 1_000_000)
            )
        self._encoding = ""
        if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            self._encoding = "utf-16"
        elif head[:6:2] == b"\0\0\0" or head[1:7:2] == b"\0\0\0":
            self._encoding = "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
        if self._encoding:
            head = head.decode(self._encoding, "replace").encode()
        if not re.match(rb"\s*BEGIN\s*:\s*VCALENDAR\s", head.removeprefix(BOM_UTF8), re.I):
            raise InvalidError(
                _(
                    "{name} is no calendar file: it does not begin with BEGIN:VCALENDAR. "
                    "Export the calendar as .ics (iCalendar) there."
                ).format(name=path.name)
            )

    def components(self) -> Iterator[Component]:
        """Yield events and zones whole, and the calendar's own lines as ``VCALENDAR``."""
        with self._path.open("rb") as stream:
            yield from self._walk(stream)

    def _physical(self, stream: IO[bytes]) -> Iterator[bytes]:
        if not self._encoding:
            yield from stream
            return
        with self._path.open("r", encoding=self._encoding, errors="replace", newline="\n") as text:
            for one in text:
                yield one.encode("utf-8", "replace")

    def _walk(self, stream: IO[bytes]) -> Iterator[Component]:
        """Follow BEGIN and END; what stands inside of alarms and unknown components is passed."""
        place = _Place()
        for number, part in enumerate(self._physical(stream), 1):
            if not number % _TELL_EVERY:
                self._steps.tell(min(stream.tell(), self._size), self._size)
            # Nearly every line is one of these, and is only kept.
            if part[0] not in _MARKS:
                if place.taken is not None:
                    place.keep(part)
                elif place.open == ["VCALENDAR"] and part[0] not in _BLANKS:
                    yield Component("VCALENDAR", number, [part])
                continue
            ready = place.mark(part, number)
            if ready is not None:
                yield ready
        self.whole = place.ended and not place.open
        self.cut_at = place.taken.number if place.taken is not None else None


class _Place:
    """Where in the file the reader is: what is open, and which component is being taken."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.taken: Component | None = None
        self.keep: Callable[[bytes], None] = self._pass
        """Takes a line that is no BEGIN and no END."""
        self.ended = False
        self._depth = 0

    def mark(self, part: bytes, number: int) -> Component | None:
        """Follow a line that may be a BEGIN or END; return what it completes."""
        found = _MARK.match(part.removeprefix(BOM_UTF8))
        ready: Component | None = None
        if found is None:
            if self.taken is not None:
                self.keep(part)
            elif self.open == ["VCALENDAR"]:
                ready = Component("VCALENDAR", number, [part])
            return ready
        name = found[2].decode().upper()
        begins = found[1].upper() == b"BEGIN"
        ready = self._begin(name, part, number) if begins else self._end(name, part)
        self._choose()
        return ready

    def _choose(self) -> None:
        """Say what becomes of the lines that follow; those of an alarm in an event only count."""
        if self.taken is None:
            self.keep = self._pass
        elif len(self.open) == self._depth or self.taken.name == "VTIMEZONE":
            self.keep = self.taken.parts.append
        else:
            self.keep = self._count

    def _pass(self, part: bytes) -> None:
        pass

    def _count(self, _part: bytes) -> None:
        if self.taken is not None:
            self.taken.parts.append(b"\n")

    def _begin(self, name: str, part: bytes, number: int) -> Component | None:
        """Go into a component; return an event that was never ended before it."""
        unended = None
        if self.taken is not None and name in WANTED and self.taken.name == "VEVENT":
            unended, self.taken = self.taken, None
            del self.open[self._depth - 1 :]
        self.open.append(name)
        if self.taken is None and name in WANTED:
            self.taken, self._depth = Component(name, number, []), len(self.open)
        if self.taken is not None:
            self.taken.parts.append(part)
        return unended

    def _end(self, name: str, part: bytes) -> Component | None:
        """Leave a component, and those in it that were never ended; return it if it was taken."""
        if name in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(name) :]
        self.ended = True
        if self.taken is None:
            return None
        self.taken.parts.append(part)
        if len(self.open) >= self._depth:
            return None
        done, self.taken = self.taken, None
        return done
