"""The grid for screen readers: a table whose children are its cells, each said in words."""

from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.words import describe, value_words

# An interface or None: Qt takes none for "there is none", its type stubs do not.
Found = Any

_installed: Final[set[type]] = set()


def install(kind: type[QWidget]) -> None:
    """Give grids of this kind an accessible interface with a child for each cell."""
    if kind not in _installed:
        _installed.add(kind)
        QAccessible.installFactory(partial(_made, kind))


def _made(
    kind: type[QWidget], _class: str, made_for: QObject | None
) -> QAccessibleInterface | None:
    if not isinstance(made_for, kind):
        return None
    interface = GridInterface(made_for)
    # Qt asks for the interface once and keeps the bare pointer; the widget keeps the object.
    vars(made_for)["accessible_interface"] = interface
    return interface


def focus_moved(grid: QWidget, index: int) -> None:
    """Tell screen readers that the keyboard is on another cell."""
    if QAccessible.isActive() and index >= 0:
        event = QAccessibleEvent(grid, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


class GridInterface(QAccessibleWidget):
    """The grid: a table whose children are the cells, from top to bottom and left to right."""

    def __init__(self, grid: QWidget) -> None:
        super().__init__(grid, QAccessible.Role.Table, grid.accessibleName())
        self._grid = grid
        self._cells: list[CellInterface] = []
        grid.destroyed.connect(partial(_forget, self._cells))

    @property
    def grid(self) -> Any:
        """The widget; a PerioGrid, which cannot be named here without a circle of imports."""
        return self._grid

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the widget still lives."""
        return shiboken6.isValid(self._grid)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of cells."""
        return len(self.grid.picture().cells)

    def child(self, index: int) -> Found:
        """Return a cell."""
        if not 0 <= index < self.childCount():
            return None
        while len(self._cells) <= index:
            self._cells.append(CellInterface(self, len(self._cells)))
        return self._cells[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of a cell, -1 for a stranger."""
        return child.index if isinstance(child, CellInterface) else -1

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the cell at a point of the screen."""
        return self.child(self.grid.index_at(self.grid.viewport().mapFromGlobal(QPoint(x, y))))

    def focusChild(self) -> Found:  # noqa: N802 - Qt's name
        """Return the cell the keyboard is on."""
        return self.child(self.grid.index_of(self.grid.charting.cursor))


class CellInterface(QAccessibleInterface):
    """One cell: where it is, what stands in it, whether the keyboard is on it."""

    def __init__(self, of_grid: GridInterface, index: int) -> None:
        super().__init__()
        self.index = index
        self._of = of_grid

    def _cell(self) -> Cell | None:
        cells: tuple[Cell, ...] = self._of.grid.picture().cells
        return cells[self.index] if self.index < len(cells) else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the cell is still shown."""
        return self._of.isValid() and self._cell() is not None

    def object(self) -> Found:
        """Return None: it is painted, there is no object."""
        return None

    def parent(self) -> QAccessibleInterface:
        """Return the grid."""
        return self._of

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return 0: there is nothing below a cell."""
        return 0

    def child(self, _index: int) -> Found:
        """Return None: there is nothing below a cell."""
        return None

    def childAt(self, _x: int, _y: int) -> Found:  # noqa: N802 - Qt's name
        """Return None: there is nothing below a cell."""
        return None

    def indexOfChild(self, _child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return -1: there is nothing below a cell."""
        return -1

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Leave the text as it is: it is typed, not set."""

    def text(self, kind: QAccessible.Text) -> str:
        """Return the cell in words, or what stands in it alone."""
        cell = self._cell()
        if cell is None:
            return ""
        exam = self._of.grid.charting.exam
        if kind is QAccessible.Text.Name:
            return describe(exam, cell, self._of.grid.charting.notation)
        return value_words(cell, exam.value(cell)) if kind is QAccessible.Text.Value else ""

    def rect(self) -> QRect:
        """Return the cell's box on the screen."""
        cell = self._cell()
        if cell is None:
            return QRect()
        inside = self._of.grid.shown_rect(cell).toAlignedRect()
        return QRect(self._of.grid.viewport().mapToGlobal(inside.topLeft()), inside.size())

    def role(self) -> QAccessible.Role:
        """Return that it is a cell of a table."""
        return QAccessible.Role.Cell

    def state(self) -> QAccessible.State:
        """Return whether the keyboard is on it, and whether it can be typed into."""
        state = QAccessible.State()
        cell, grid = self._cell(), self._of.grid
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

    def forget(self) -> None:
        """Take the cell out of Qt's table."""
        if shiboken6.isValid(self):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(self))


def _forget(cells: list[CellInterface], *_gone: object) -> None:
    for one in cells:
        one.forget()
    cells.clear()
