"""The chart for screen readers: a list of teeth, each with its surfaces."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.teeth.describe import describe, describe_surface
from clinic_desktop.domain.teeth.surfaces import valid_codes
from clinic_desktop.ui.chart.layout import Cell, Layout
from clinic_desktop.ui.chart.tooth_paths import diagram_paths
from clinic_desktop.ui.widgets import painted_access
from clinic_desktop.ui.widgets.painted_access import (
    Found,
    PaintedPart,
    PaintedWidget,
    focus_moved,
    interface_of,
)

__all__ = ["focus_moved", "install", "surface_focused"]


def install(kind: type[QWidget]) -> None:
    """Give widgets of this kind an accessible interface with a child for each tooth."""
    painted_access.install(kind, ChartInterface)


def surface_focused(chart: QWidget, tooth: int, surface: int) -> None:
    """Tell screen readers that the keyboard is on a surface of a tooth."""
    interface = interface_of(chart)
    if not QAccessible.isActive() or interface is None:
        return
    child = interface.child(tooth)
    face = child.child(surface) if child is not None else None
    if face is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(face, QAccessible.Event.Focus))


def surface_rect(layout: Layout, cell: Cell, code: str) -> QRectF:
    """Return the box around one surface of a tooth's diagram, empty where there is none."""
    face = diagram_paths(cell.tooth, layout.scale).faces.get(code)
    if face is None or not layout.sizes.diagrams:
        return QRectF()
    return face.boundingRect().translated(cell.middle)


class ChartInterface(PaintedWidget):
    """The chart: a list whose children are the teeth in the order of the picture."""

    def __init__(self, chart: QWidget) -> None:
        super().__init__(chart, QAccessible.Role.List)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of teeth."""
        return len(self.widget.picture().cells)

    def made(self, index: int) -> PaintedPart:
        """Return a new tooth."""
        return ToothInterface(self, index)

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the tooth at a point of the screen."""
        layout: Layout = self.widget.picture()
        cell = layout.cell_at(self.inside(x, y).toPointF())
        return None if cell is None else self.child(layout.cells.index(cell))

    def focusChild(self) -> Found:  # noqa: N802 - Qt's name
        """Return the tooth the keyboard is on."""
        layout: Layout = self.widget.picture()
        cell = layout.by_tooth.get(self.widget.current())
        return None if cell is None else self.child(layout.cells.index(cell))


class ToothInterface(PaintedPart):
    """One tooth: its number, name, state and marks."""

    def __init__(self, chart: ChartInterface, index: int) -> None:
        super().__init__(chart, index)
        self.of_chart = chart

    def cell(self) -> Cell | None:
        """Return the cell this child stands for, None after a chart with fewer teeth."""
        cells: tuple[Cell, ...] = self.of_chart.widget.picture().cells
        return cells[self.index] if self.index < len(cells) else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the tooth is still shown."""
        return self.of_chart.isValid() and self.cell() is not None

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of surfaces of the diagram."""
        cell = self.cell()
        shown = cell is not None and self.of_chart.widget.picture().sizes.diagrams
        return len(self.codes()) if shown else 0

    def made(self, index: int) -> PaintedPart:
        """Return a new surface."""
        return SurfaceInterface(self, index)

    def codes(self) -> str:
        """Return the surfaces of the diagram in their order."""
        cell = self.cell()
        return valid_codes(cell.tooth).replace("5", "") if cell else ""

    def text(self, kind: QAccessible.Text) -> str:
        """Return what is read out."""
        cell = self.cell()
        if cell is None or kind is not QAccessible.Text.Name:
            return ""
        return describe(cell.view, self.of_chart.widget.notation())

    def rect(self) -> QRect:
        """Return the tooth's column on the screen."""
        cell = self.cell()
        return self.of_chart.on_screen(cell.column) if cell else QRect()

    def role(self) -> QAccessible.Role:
        """Return that it is an item of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Return whether it is selected and has the keyboard."""
        state = QAccessible.State()
        cell = self.cell()
        if cell is None:
            state.invalid = True
            return state
        chart = self.of_chart.widget
        state.selectable = state.focusable = True
        state.selected = cell.tooth in chart.selection()
        state.focused = chart.hasFocus() and cell.tooth == chart.current()
        return state


class SurfaceInterface(PaintedPart):
    """One surface of a tooth and what is on it."""

    def __init__(self, of_tooth: ToothInterface, index: int) -> None:
        super().__init__(of_tooth, index)
        self._tooth = of_tooth

    def _code(self) -> str:
        codes = self._tooth.codes()
        return codes[self.index] if self.index < len(codes) else ""

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the tooth is still shown."""
        return self._tooth.isValid()

    def text(self, kind: QAccessible.Text) -> str:
        """Return what is read out."""
        cell, code = self._tooth.cell(), self._code()
        if cell is None or not code or kind is not QAccessible.Text.Name:
            return ""
        return describe_surface(cell.view, code, self._tooth.of_chart.widget.notation())

    def rect(self) -> QRect:
        """Return the surface's box on the screen."""
        cell = self._tooth.cell()
        if cell is None:
            return QRect()
        chart = self._tooth.of_chart
        return chart.on_screen(surface_rect(chart.widget.picture(), cell, self._code()))

    def role(self) -> QAccessible.Role:
        """Return that it is a part of a picture."""
        return QAccessible.Role.Graphic

    def state(self) -> QAccessible.State:
        """Return that it can be reached, and whether the keyboard is on it."""
        state = QAccessible.State()
        cell = self._tooth.cell()
        if cell is None:
            state.invalid = True
            return state
        chart = self._tooth.of_chart.widget
        state.focusable = state.selectable = True
        here = cell.tooth == chart.current() and chart.surface() == self._code()
        state.focused = chart.hasFocus() and here
        return state
