"""What the mouse does on the sheet: choose, take by body or edge, lead, let go."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent

from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.dragging import Grip
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD
from clinic_desktop.ui.appointments.hand import Why, edge_of
from clinic_desktop.ui.appointments.sheet import Sheet

# Held this near to an edge, the sheet goes on by a step.
SCROLL_AT: Final = 20
ON_AFTER_MS: Final = 40


class GridMouse:
    """Turns presses, moves and releases into what the hand of the sheet does."""

    def __init__(self, grid: Sheet) -> None:
        self._grid = grid
        self._again: Callable[[], None] = lambda: None
        self._on = QTimer(grid)
        self._on.setSingleShot(True)
        self._on.setInterval(ON_AFTER_MS)
        self._on.timeout.connect(self._go_on)

    def press(self, event: QMouseEvent) -> None:
        """Choose what is there, and take hold of an edge, of the body, or of the empty place."""
        grid = self._grid
        geometry = grid.geometry_of_day
        if geometry is None or event.position().y() < HEAD:
            return
        grid.hand.let_go(Why.GIVEN_UP)
        x, y = grid.sheet_point(event.position())
        block, cell = geometry.block_at(x, y), geometry.cell_at(x, y)
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            grid.hand.take(geometry, block, cell, event.position(), y)
        grid.point_at(block, cell)

    def move(self, event: QMouseEvent) -> None:
        """Lead the ghost, which says at once whether the place is free, and why not."""
        grid = self._grid
        geometry, now, at = grid.geometry_of_day, grid.now, event.position()
        if geometry is None or now is None:
            return
        drag = grid.hand.drag
        if drag is None or drag.at is None:
            self._point_at(at)
            return
        self._lead(at, event.globalPosition().toPoint())

    def _lead(self, at: QPointF, on_screen: QPoint) -> None:
        grid = self._grid
        geometry, now, drag = grid.geometry_of_day, grid.now, grid.hand.drag
        if geometry is None or now is None or drag is None:
            return
        over = self._is_over(at)
        self._near(at, lambda: self._lead(at, on_screen), on=over and drag.begun)
        if grid.hand.lead(geometry, now, at, *grid.sheet_point(at), over=over):
            grid.led.emit(on_screen, True)

    def carry_over(self, visit: AppointmentRow, at: QPoint) -> None:
        """Lead a parked appointment; ``at`` is where the mouse is on the screen."""
        grid = self._grid
        geometry, now = grid.geometry_of_day, grid.now
        if geometry is None or now is None or not geometry.columns:
            return
        inside = QPointF(grid.viewport().mapFromGlobal(at))
        over = self._is_over(inside)
        self._near(inside, lambda: self.carry_over(visit, at), on=over)
        grid.hand.carry_over(geometry, now, visit, *grid.sheet_point(inside), over=over)

    def release(self, event: QMouseEvent) -> None:
        """Ask for what the ghost showed; let go outside, it may be taken there."""
        grid = self._grid
        drag = grid.hand.drag
        if drag is None or drag.at is None:
            return
        at = event.globalPosition().toPoint()
        grid.led.emit(at, False)
        drag.over = self._is_over(event.position())
        moved = drag.visit if drag.begun and drag.grip is Grip.MOVE else None
        if not drag.over and moved is not None and grid.taken_elsewhere(moved, at):
            grid.hand.forget()
        else:
            self.drop()

    def drop(self) -> None:
        """Put down what is carried, or say that it was let go outside."""
        hand = self._grid.hand
        if hand.drag is not None and not hand.drag.over:
            hand.let_go(Why.OUTSIDE)
        else:
            hand.put_down()

    def _is_over(self, at: QPointF) -> bool:
        return self._grid.viewport().rect().contains(at.toPoint())

    def _near(self, at: QPointF, again: Callable[[], None], *, on: bool) -> None:
        """Go on with the sheet while something is held near its edge, however still it is held."""
        self._again = again
        if on and self._scroll_near(at):
            self._on.start()
        else:
            self._on.stop()

    def _go_on(self) -> None:
        if self._grid.hand.holds and not self._grid.hand.by_keys:
            self._again()

    def _scroll_near(self, at: QPointF) -> bool:
        """Scroll by a step where the place is near an edge; return whether there was any to go."""
        moved = False
        grid, size = self._grid, self._grid.viewport().size()
        for bar, near, far in (
            (grid.verticalScrollBar(), at.y() - HEAD, size.height() - at.y()),
            (grid.horizontalScrollBar(), at.x() - AXIS, size.width() - at.x()),
        ):
            step = (far < SCROLL_AT) - (near < SCROLL_AT)
            if step:
                before = bar.value()
                bar.setValue(before + step * bar.singleStep())
                moved = moved or bar.value() != before
        return moved

    def _point_at(self, at: QPointF) -> None:
        """Show by the pointer that an edge can be drawn."""
        grid = self._grid
        geometry = grid.geometry_of_day
        x, y = grid.sheet_point(at)
        block = geometry.block_at(x, y) if geometry is not None and at.y() > HEAD else None
        if block is not None and edge_of(block, y) is not None:
            grid.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            grid.viewport().unsetCursor()
