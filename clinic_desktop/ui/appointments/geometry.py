"""Where minutes and columns are on the sheet, and back; pure arithmetic in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from clinic_desktop.domain.local_time import HourMark
from clinic_desktop.domain.schedule import Place, Span, snap, widened
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.columns import SheetColumn

AXIS: Final = 52
HEAD: Final = 46
LEAST_COLUMN: Final = 148
# A whole week of somebody fits into a window of 1440.
LEAST_OF_DAYS: Final = 124
GAP: Final = 3
_DAY: Final = 24 * 60
_WHOLE: Final = Place(0, 1)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the sheet: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Cell:
    """A place on the sheet: the column's number and the minute of the axis."""

    column: int
    minute: int


@dataclass(frozen=True, slots=True)
class Block:
    """An appointment with its place; ``span`` is when it was booked for, on the axis."""

    visit: AppointmentRow
    column: int
    span: Span
    box: Box
    also: tuple[AppointmentRow, ...] = ()
    """What else the patient has that day."""


class SheetGeometry:
    """The measures of some columns at one zoom and width; without the scroll position."""

    def __init__(
        self, columns: Sequence[SheetColumn], *, width: float, slot: int, row: int
    ) -> None:
        self.columns, self.slot, self.row = tuple(columns), slot, row
        self.days = _days(self.columns)
        """The columns of each day, in order."""
        self.first, self.last = _hours(self.columns)
        room = width - AXIS
        # Where a day has several columns the sheet is scrolled sideways: then names are to be read.
        least = LEAST_OF_DAYS if 1 < len(self.days) == len(self.columns) else LEAST_COLUMN
        self.column_width = max(least, room / max(1, len(self.columns)))
        self.in_column = tuple(map(self._blocks_of, range(len(self.columns))))
        """The appointments of each column."""
        self.blocks = [block for blocks in self.in_column for block in blocks]

    @property
    def width(self) -> float:
        """The width of the whole sheet with its axis."""
        return AXIS + self.column_width * len(self.columns)

    @property
    def height(self) -> float:
        """The height of the whole sheet below its head."""
        return (self.last - self.first) / self.slot * self.row

    @property
    def hours(self) -> tuple[HourMark, ...]:
        """The full hours of the axis: those of the one day, or of any day's clocks."""
        if len(self.days) == 1:
            return self.columns[0].day.hours
        return tuple(HourMark(60 * hour, time(hour), again=False) for hour in range(24))

    def y_of(self, minute: float) -> float:
        """Return the height at which a minute of the axis is, below the head."""
        return (minute - self.first) / self.slot * self.row

    def x_of(self, column: int) -> float:
        """Return the left edge of a column."""
        return AXIS + column * self.column_width

    def columns_between(self, left: float, right: float) -> range:
        """Return the columns of which something lies between two edges of the sheet."""
        first = int((left - AXIS) // self.column_width)
        last = int((right - AXIS) // self.column_width)
        return range(max(0, first), min(len(self.columns), last + 1))

    def slots_between(self, top: float, bottom: float) -> range:
        """Return the minutes at which slots begin between two heights below the head."""
        first = self.first + max(0, int(top // self.row)) * self.slot
        last = self.first + (int(bottom // self.row) + 1) * self.slot
        return range(first, min(self.last, last), self.slot)

    def box_of(self, column: int, span: Span, place: Place = _WHOLE) -> Box:
        """Return the rectangle of a span in a column, or in a part of it."""
        lane = (self.column_width - 2 * GAP) / place.lanes
        top = self.y_of(span.start)
        height = max(self.row, self.y_of(span.end) - top)
        left = self.x_of(column) + GAP + place.lane * lane
        return Box(left, top + 1, place.wide * lane - 2, height - 2)

    def box_of_free(self, column: int, span: Span) -> Box:
        """Return the rectangle of a free time: beside whom the assistant alone is with then."""
        several = any(one.span.overlaps(span) for one in self.in_column[column])
        return self.box_of(column, span, Place(1, 2) if several else _WHOLE)

    def cell_at(self, x: float, y: float) -> Cell | None:
        """Return the slot at a point below the head, or None beside the columns."""
        column = int((x - AXIS) // self.column_width)
        if x < AXIS or not 0 <= column < len(self.columns):
            return None
        minute = self.first + int(y // self.row) * self.slot
        return Cell(column, min(max(minute, self.first), self.last - self.slot))

    def block_at(self, x: float, y: float) -> Block | None:
        """Return the appointment at a point below the head; the one drawn last wins."""
        for block in reversed(self.blocks):
            if block.box.holds(x, y):
                return block
        return None

    def block_of(self, visit_id: UUID | None) -> Block | None:
        """Return the place of an appointment."""
        return next((block for block in self.blocks if block.visit.id == visit_id), None)

    def snapped(self, minute: float) -> int:
        """Return the slot that a minute lies in."""
        return snap(int(minute), self.slot)

    def now_column(self, now: datetime) -> SheetColumn | None:
        """Return a column of the day that it is now."""
        for column in self.columns:
            if column.day.start <= now < column.day.end:
                return column
        return None

    def _blocks_of(self, number: int) -> list[Block]:
        column = self.columns[number]
        spans = [column.booked_span(visit) for visit in column.visits]
        # Nothing is drawn lower than a slot: what would lie over the next one stands beside it.
        drawn = [Span(span.start, max(span.end, span.start + self.slot)) for span in spans]
        return [
            Block(
                visit, number, span, self.box_of(number, span, place), column.also.get(visit.id, ())
            )
            for visit, span, place in zip(column.visits, spans, widened(drawn), strict=True)
        ]


def _days(columns: Sequence[SheetColumn]) -> tuple[range, ...]:
    found: list[range] = []
    for number, column in enumerate(columns):
        if found and columns[found[-1].start].sheet.day == column.sheet.day:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return tuple(found)


def _hours(columns: Sequence[SheetColumn]) -> tuple[int, int]:
    """Return the first and last minute to show: working hours, and whatever lies outside them."""
    spans = [span for column in columns for span in column.working]
    spans += [column.booked_span(visit) for column in columns for visit in column.visits]
    if not spans:
        return 8 * 60, 18 * 60
    # Beside other days one on which the clocks are set back begins an hour before the axis.
    least = min((column.shift for column in columns), default=0)
    longest = max((column.day.minutes + column.shift for column in columns), default=_DAY)
    first = max(min(least, 0), min(span.start for span in spans) // 60 * 60)
    last = min(longest, -(-max(span.end for span in spans) // 60) * 60)
    return first, max(last, first + 60)
