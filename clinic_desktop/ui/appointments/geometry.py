"""Where minutes and providers are on the day's sheet, and back; pure arithmetic in pixels."""

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.domain.schedule import Span, side_by_side, snap
from clinic_desktop.services.appointments.schemas import AppointmentRow, DaySheet

AXIS = 52
HEAD = 46
LEAST_COLUMN = 148
GAP = 3


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
    """A place on the sheet: the column's number and the minute of the day."""

    column: int
    minute: int


@dataclass(frozen=True, slots=True)
class Block:
    """An appointment with its place."""

    visit: AppointmentRow
    column: int
    box: Box


class SheetGeometry:
    """The measures of one day at one zoom and width; without the scroll position."""

    def __init__(self, sheet: DaySheet, *, width: float, slot: int, row: int) -> None:
        self.sheet, self.slot, self.row = sheet, slot, row
        self.day = sheet.local_day
        self.first, self.last = _hours(sheet)
        self.columns = len(sheet.columns)
        room = width - AXIS
        self.column_width = max(LEAST_COLUMN, room / max(1, self.columns))
        self.blocks = self._blocks()

    @property
    def width(self) -> float:
        """The width of the whole sheet with its axis."""
        return AXIS + self.column_width * self.columns

    @property
    def height(self) -> float:
        """The height of the whole sheet below its head."""
        return (self.last - self.first) / self.slot * self.row

    def y_of(self, minute: float) -> float:
        """Return the height at which a minute of the day is, below the head."""
        return (minute - self.first) / self.slot * self.row

    def x_of(self, column: int) -> float:
        """Return the left edge of a column."""
        return AXIS + column * self.column_width

    def box_of(self, column: int, span: Span, *, part: int = 0, parts: int = 1) -> Box:
        """Return the rectangle of a span in a column, or in a part of it."""
        inner = (self.column_width - 2 * GAP) / parts
        top = self.y_of(span.start)
        height = max(self.row, self.y_of(span.end) - top)
        return Box(self.x_of(column) + GAP + part * inner, top + 1, inner - 2, height - 2)

    def cell_at(self, x: float, y: float) -> Cell | None:
        """Return the slot at a point below the head, or None beside the columns."""
        column = int((x - AXIS) // self.column_width)
        if x < AXIS or not 0 <= column < self.columns:
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

    def _blocks(self) -> list[Block]:
        found: list[Block] = []
        for number, column in enumerate(self.sheet.columns):
            visits = [
                visit
                for visit in self.sheet.visits
                if visit.provider_id == column.provider_id
                and visit.status not in {"cancelled", "rescheduled"}
            ]
            spans = [visit.booked_span(self.day) for visit in visits]
            for visit, span, place in zip(visits, spans, side_by_side(spans), strict=True):
                box = self.box_of(number, span, part=place.lane, parts=place.lanes)
                found.append(Block(visit, number, box))
        return found


def _hours(sheet: DaySheet) -> tuple[int, int]:
    """Return the first and last minute to show: working hours, and whatever lies outside them."""
    day = sheet.local_day
    spans = [span for column in sheet.columns for span in column.working]
    spans += [visit.booked_span(day) for visit in sheet.visits]
    if not spans:
        return 8 * 60, 18 * 60
    first = max(0, min(span.start for span in spans) // 60 * 60)
    last = min(day.minutes, -(-max(span.end for span in spans) // 60) * 60)
    return first, max(last, first + 60)
