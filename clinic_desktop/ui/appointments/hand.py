"""The hand over the sheet: it takes, leads and puts down, by the mouse or by keys."""

from datetime import datetime
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.dragging import Drag, Grip
from clinic_desktop.ui.appointments.geometry import Block, Cell, SheetGeometry
from clinic_desktop.ui.appointments.standing import Target, refusal, target_of

DRAG_AFTER: Final = 6
EDGE: Final = 6
# A block lower than this is taken by its body rather than by its upper edge.
TWO_EDGES: Final = 28
ASK_AFTER_MS: Final = 120


class Why(Enum):
    """Why something held was let go without being put down."""

    GIVEN_UP = auto()
    OUTSIDE = auto()
    LOST = auto()
    CHANGED = auto()


class Hand(QObject):
    """Holds at most one thing. What is to be done is told by signals; nothing is written here."""

    put = Signal(object, object)
    """Appointment and the ``Target`` it is to have."""
    drawn = Signal(object)
    """The ``Target`` that was spanned on empty time."""
    asked = Signal(object, object)
    """``Target`` and appointment (or None): the service is to say whether it is free."""
    said = Signal(str)
    """A sentence: what was held stays where it was."""
    turned = Signal()
    """What is held, or where, is another."""

    def __init__(self, parent: QObject, locale: str) -> None:
        super().__init__(parent)
        self._locale = locale
        self.drag: Drag | None = None
        self._ask_soon = QTimer(self)
        self._ask_soon.setSingleShot(True)
        self._ask_soon.setInterval(ASK_AFTER_MS)
        self._ask_soon.timeout.connect(self._ask)

    @property
    def holds(self) -> bool:
        """Whether something is on its way."""
        return self.drag is not None and self.drag.begun

    @property
    def by_keys(self) -> bool:
        """Whether keys hold it."""
        return self.drag is not None and self.drag.begun and self.drag.at is None

    # -- taking -------------------------------------------------------------------------------

    def take(
        self, geometry: SheetGeometry, block: Block | None, cell: Cell, at: QPointF, y: float
    ) -> None:
        """Take what the mouse was pressed on at a height of the sheet: a block by its body or
        an edge, or the empty slot.
        """
        if block is None:
            span = Span(cell.minute, cell.minute + geometry.slot)
            self.drag = Drag(Grip.CREATE, cell.column, span, at=at, anchor=cell.minute)
            return
        grip = edge_of(block, y) or Grip.MOVE
        self.drag = Drag(grip, block.column, block.span, block.visit, block, at, y - block.box.y)

    def hold(self, geometry: SheetGeometry, now: datetime, block: Block) -> None:
        """Take an appointment with the keyboard."""
        self.drag = Drag(Grip.MOVE, block.column, block.span, block.visit, block, begun=True)
        self._judge(geometry, now)

    def carry(
        self, geometry: SheetGeometry, now: datetime, visit: AppointmentRow, cell: Cell
    ) -> None:
        """Hold a parked appointment over a slot, with the keyboard."""
        span = Span(cell.minute, cell.minute + visit.minutes)
        block = geometry.block_of(visit.id)
        self.drag = Drag(Grip.CARRY, cell.column, span, visit, block, begun=True)
        self._judge(geometry, now)

    # -- leading ------------------------------------------------------------------------------

    def lead(
        self, geometry: SheetGeometry, now: datetime, at: QPointF, x: float, y: float, *, over: bool
    ) -> bool:
        """Follow the mouse once it has gone far enough; return whether something is held."""
        drag = self.drag
        if drag is None:
            return False
        if drag.at is not None and not drag.begun:
            if (at - drag.at).manhattanLength() < DRAG_AFTER:
                return False
            drag.begun = True
        drag.over = over
        drag.follow(geometry, x, y)
        self._judge(geometry, now)
        return True

    def carry_over(
        self,
        geometry: SheetGeometry,
        now: datetime,
        visit: AppointmentRow,
        x: float,
        y: float,
        *,
        over: bool,
    ) -> None:
        """Lead a parked appointment that the mouse took elsewhere."""
        if self.drag is None or self.drag.visit is None or self.drag.visit.id != visit.id:
            block = geometry.block_of(visit.id)
            span = Span(geometry.first, geometry.first + visit.minutes)
            at = QPointF(x, y)
            self.drag = Drag(Grip.CARRY, 0, span, visit, block, at, geometry.row / 2, begun=True)
        self.drag.over = over
        self.drag.follow(geometry, x, y)
        self._judge(geometry, now)

    def step(self, geometry: SheetGeometry, now: datetime, across: int, down: int) -> None:
        """Go on by columns and slots, with the keyboard."""
        if self.drag is not None:
            self.drag.step(geometry, across, down)
            self._judge(geometry, now)

    def stretch(self, geometry: SheetGeometry, now: datetime, down: int) -> None:
        """Make it longer or shorter, with the keyboard."""
        if self.drag is not None:
            self.drag.stretch(geometry, down)
            self._judge(geometry, now)

    def _judge(self, geometry: SheetGeometry, now: datetime) -> None:
        drag = self.drag
        if drag is None:
            return
        column = geometry.columns[drag.column]
        target = target_of(column, drag.span, drag.visit)
        if target != drag.target:
            drag.target, drag.known = target, False
            drag.refusal = refusal(column, drag.span, target, now=now, visit=drag.visit)
            if drag.refusal:
                self._ask_soon.stop()
            else:
                self._ask_soon.start()
        self.turned.emit()

    def _ask(self) -> None:
        if self.holds and self.drag is not None and self.drag.target is not None:
            self.asked.emit(self.drag.target, self.drag.visit)

    def answered(self, target: Target, sentence: str) -> None:
        """Take the service's answer, unless the hand has gone on meanwhile."""
        if self.drag is not None and self.drag.target == target:
            self.drag.refusal, self.drag.known = sentence, True
            self.turned.emit()

    # -- putting down -------------------------------------------------------------------------

    def put_down(self) -> None:
        """Ask for what the ghost shows; where it stood before, nothing is asked."""
        drag = self._empty()
        if drag is None or not drag.begun or drag.target is None:
            return
        if drag.visit is None:
            self.drawn.emit(drag.target)
        elif (drag.column, drag.span) != drag.origin or drag.grip is Grip.CARRY:
            self.put.emit(drag.visit, drag.target)
        elif drag.at is None:
            self.said.emit(self._stays(drag, Why.GIVEN_UP))

    def let_go(self, why: Why) -> None:
        """Put nothing down and say so."""
        drag = self._empty()
        if drag is not None and drag.begun:
            self.said.emit(self._stays(drag, why))

    def forget(self) -> Drag | None:
        """Let go without a word and return what was held."""
        return self._empty()

    def kept_up(self, geometry: SheetGeometry, now: datetime) -> None:
        """Look after a reload: what somebody else has changed meanwhile is let go.

        Over other days than its own it is still held: that is how it gets there.
        """
        drag = self.drag
        if drag is None:
            return
        if not geometry.columns:
            self.let_go(Why.CHANGED)
            return
        drag.column = min(drag.column, len(geometry.columns) - 1)
        if drag.visit is not None:
            block = geometry.block_of(drag.visit.id)
            days = {column.sheet.day for column in geometry.columns}
            gone = block is None and drag.visit.local_start.date() in days
            if gone and drag.grip is Grip.CARRY:
                gone = False  # those who are shown may be others
            if gone or (block is not None and block.visit.version != drag.visit.version):
                self.let_go(Why.CHANGED)
                return
            drag.block = block
        if drag.begun:
            drag.target = None
            self._judge(geometry, now)

    def _empty(self) -> Drag | None:
        drag, self.drag = self.drag, None
        self._ask_soon.stop()
        if drag is not None:
            self.turned.emit()
        return drag

    def _stays(self, drag: Drag, why: Why) -> str:
        visit = drag.visit
        if visit is None:
            return {
                Why.GIVEN_UP: _("Nothing was booked."),
                Why.OUTSIDE: _("Let go outside the sheet: nothing was booked."),
                Why.LOST: _("The server does not answer now: nothing was booked."),
                Why.CHANGED: _("The sheet has changed: nothing was booked."),
            }[why]
        if drag.grip is Grip.CARRY:
            words = {
                Why.GIVEN_UP: _("{name} stays in the parking."),
                Why.OUTSIDE: _("Let go outside the sheet: {name} stays in the parking."),
                Why.LOST: _("The server does not answer now: {name} stays in the parking."),
                Why.CHANGED: _("The sheet has changed: {name} stays in the parking."),
            }[why]
        else:
            words = {
                Why.GIVEN_UP: _("{name} stays at {time}."),
                Why.OUTSIDE: _("Let go outside the sheet: {name} stays at {time}."),
                Why.LOST: _("The server does not answer now: {name} stays at {time}."),
                Why.CHANGED: _("{name} was changed on another computer meanwhile."),
            }[why]
        time = format_time(visit.local_start.time(), self._locale)
        return words.format(name=isolate(visit.patient), time=time)


def edge_of(block: Block, y: float) -> Grip | None:
    """Return which edge of a block is at a height of the sheet."""
    if y > block.box.y + block.box.height - EDGE:
        return Grip.END
    if block.box.height >= TWO_EDGES and y < block.box.y + EDGE:
        return Grip.START
    return None
