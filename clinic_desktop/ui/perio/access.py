"""The grid for screen readers: a table whose children are its cells, each said in words."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.words import describe, value_words
from clinic_desktop.ui.widgets import painted_access
from clinic_desktop.ui.widgets.painted_access import Found, PaintedPart, PaintedWidget, focus_moved

__all__ = ["focus_moved", "install"]


def install(kind: type[QWidget]) -> None:
    """Give grids of this kind an accessible interface with a child for each cell."""
    painted_access.install(kind, GridInterface)


class GridInterface(PaintedWidget):
    """The grid: a table whose children are the cells, from top to bottom and left to right."""

    def __init__(self, grid: QWidget) -> None:
        super().__init__(grid, QAccessible.Role.Table)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of cells."""
        return len(self.widget.picture().cells)

    def made(self, index: int) -> PaintedPart:
        """Return a new cell."""
        return CellInterface(self, index)

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the cell at a point of the screen."""
        return self.child(self.widget.index_at(self.inside(x, y)))

    def focusChild(self) -> Found:  # noqa: N802 - Qt's name
        """Return the cell the keyboard is on."""
        return self.child(self.widget.index_of(self.widget.charting.cursor))


class CellInterface(PaintedPart):
    """One cell: where it is, what stands in it, whether the keyboard is on it."""

    def __init__(self, of_grid: GridInterface, index: int) -> None:
        super().__init__(of_grid, index)
        self._of = of_grid

    def _cell(self) -> Cell | None:
        cells: tuple[Cell, ...] = self._of.widget.picture().cells
        return cells[self.index] if self.index < len(cells) else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the cell is still shown."""
        return self._of.isValid() and self._cell() is not None

    def text(self, kind: QAccessible.Text) -> str:
        """Return the cell in words, or what stands in it alone."""
        cell = self._cell()
        if cell is None:
            return ""
        exam = self._of.widget.charting.exam
        if kind is QAccessible.Text.Name:
            return describe(exam, cell, self._of.widget.charting.notation)
        return value_words(cell, exam.value(cell)) if kind is QAccessible.Text.Value else ""

    def rect(self) -> QRect:
        """Return the cell's box on the screen."""
        cell = self._cell()
        if cell is None:
            return QRect()
        return self._of.on_screen(self._of.widget.shown_rect(cell))

    def role(self) -> QAccessible.Role:
        """Return that it is a cell of a table."""
        return QAccessible.Role.Cell

    def state(self) -> QAccessible.State:
        """Return whether the keyboard is on it, and whether it can be typed into."""
        state = QAccessible.State()
        cell, grid = self._cell(), self._of.widget
        if cell is None:
            state.invalid = True
            return state
        there = grid.charting.exam.teeth[cell.tooth].probed
        state.focusable = state.selectable = there
        state.disabled = not there
        state.readOnly = grid.read_only
        state.selected = cell == grid.charting.cursor
        state.focused = grid.hasFocus() and cell == grid.charting.cursor
        return state
