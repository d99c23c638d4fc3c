"""What is held over the sheet, by the mouse or by keys, and where it would come to stand."""

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF

from clinic_desktop.domain.schedule import Span
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.columns import SheetColumn
from clinic_desktop.ui.appointments.geometry import Block, SheetGeometry
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.appointments.words import clock_words


class Grip(Enum):
    """What is done by dragging."""

    MOVE = auto()
    END = auto()
    START = auto()
    CREATE = auto()
    CARRY = auto()
    """From the parking, where it has no place on this sheet."""


@dataclass(slots=True)
class Drag:
    """An appointment taken by its body or an edge, a parked one, or empty time being spanned."""

    grip: Grip
    column: int
    span: Span
    visit: AppointmentRow | None = None
    block: Block | None = None
    at: QPointF | None = None
    """Where the mouse took it, None when keys hold it."""
    offset: float = 0.0
    """How far below the top of the block it was taken, in pixels."""
    anchor: int = 0
    """The slot at which empty time began to be drawn."""
    begun: bool = False
    over: bool = True
    """Whether it is over the sheet, so that letting go would put it down."""
    target: Target | None = None
    refusal: str = ""
    """What stands against the place, from the rows at hand or from the service."""
    known: bool = False
    """Whether the service has answered for this place."""

    @property
    def origin(self) -> tuple[int, Span] | None:
        """Where it stands now, if that is on this sheet."""
        return (self.block.column, self.block.span) if self.block is not None else None

    def follow(self, geometry: SheetGeometry, x: float, y: float) -> None:
        """Take over where the mouse is on the sheet, in whole slots."""
        slot = geometry.slot
        edge = geometry.first + round(y / geometry.row) * slot
        if self.grip in (Grip.MOVE, Grip.CARRY):
            cell = geometry.cell_at(x, y - self.offset + geometry.row / 2)
            if cell is not None:
                self.column, self.span = cell.column, self.span.moved_to(cell.minute)
        elif self.grip is Grip.START:
            self.span = Span(min(edge, self.span.end - slot), self.span.end)
        elif self.grip is Grip.CREATE:
            upper = geometry.first + int(y // geometry.row) * slot
            down = Span(self.anchor, max(edge, self.anchor + slot))
            self.span = Span(upper, self.anchor + slot) if upper < self.anchor else down
        else:
            self.span = Span(self.span.start, max(edge, self.span.start + slot))

    def step(self, geometry: SheetGeometry, across: int, down: int) -> None:
        """Go on by so many columns and slots, inside the sheet."""
        self.column = min(max(self.column + across, 0), len(geometry.columns) - 1)
        start = self.span.start
        if down:
            # From between two slots the first step goes to the next edge of one.
            edge = geometry.snapped(start)
            start = edge if down < 0 and edge != start else edge + down * geometry.slot
        start = min(max(start, geometry.first), geometry.last - geometry.slot)
        self.span = self.span.moved_to(start)

    def stretch(self, geometry: SheetGeometry, down: int) -> None:
        """Make it longer or shorter by so many slots."""
        length = max(geometry.slot, self.span.length + down * geometry.slot)
        self.span = Span(self.span.start, self.span.start + length)

    def words(self, column: SheetColumn, locale: str) -> str:
        """Return what the ghost says: why not, or the time, and that it is free once known."""
        if self.refusal:
            return self.refusal
        start, end = (
            clock_words(column.local_at(minute), locale, second=column.is_second(minute))
            for minute in (self.span.start, self.span.end)
        )
        if self.known:
            return _("{start}–{end}, free").format(start=start, end=end)
        return f"{start}–{end}"
