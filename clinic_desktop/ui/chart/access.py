"""The chart for screen readers: a list of teeth, each with its surfaces.

Qt numbers the children of an accessible object but does not delete them with their parent: they
are kept alive by the chart's interface and taken out of Qt's table when the chart goes.
"""

from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from clinic_desktop.domain.teeth.describe import describe, describe_surface
from clinic_desktop.domain.teeth.surfaces import valid_codes
from clinic_desktop.ui.chart.layout import Cell, Layout
from clinic_desktop.ui.chart.tooth_paths import diagram_paths

# An interface or None: Qt takes none for "there is none", its type stubs do not.
Found = Any

_installed: Final[set[type]] = set()


def install(kind: type[QWidget]) -> None:
    """Give widgets of this kind an accessible interface with a child for each tooth."""
    if kind not in _installed:
        _installed.add(kind)
        QAccessible.installFactory(partial(_made, kind))


def _made(
    kind: type[QWidget], _class: str, made_for: QObject | None
) -> QAccessibleInterface | None:
    if not isinstance(made_for, kind):
        return None
    interface = ChartInterface(made_for)
    # Qt asks for the interface once and keeps the bare pointer; the widget keeps the object.
    vars(made_for)["accessible_interface"] = interface
    return interface


def focus_moved(chart: QWidget, index: int) -> None:
    """Tell screen readers that the keyboard is on another tooth."""
    if QAccessible.isActive():
        event = QAccessibleEvent(chart, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


def surface_focused(chart: QWidget, tooth: int, surface: int) -> None:
    """Tell screen readers that the keyboard is on a surface of a tooth."""
    interface = vars(chart).get("accessible_interface")
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


class ChartInterface(QAccessibleWidget):
    """The chart: a list whose children are the teeth in the order of the picture."""

    def __init__(self, chart: QWidget) -> None:
        super().__init__(chart, QAccessible.Role.List, chart.accessibleName())
        self._chart = chart
        self._teeth: list[ToothInterface] = []
        chart.destroyed.connect(partial(_forget, self._teeth))

    @property
    def chart(self) -> Any:
        """The widget; an Odontogram, which cannot be named here without a circle of imports."""
        return self._chart

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the widget still lives."""
        return shiboken6.isValid(self._chart)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of teeth."""
        return len(self.chart.picture().cells)

    def child(self, index: int) -> Found:
        """Return a tooth."""
        if not 0 <= index < self.childCount():
            return None
        while len(self._teeth) <= index:
            self._teeth.append(ToothInterface(self, len(self._teeth)))
        return self._teeth[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of a tooth, -1 for a stranger."""
        return child.index if isinstance(child, ToothInterface) else -1

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the tooth at a point of the screen."""
        at = self._chart.mapFromGlobal(QPoint(x, y)).toPointF()
        layout: Layout = self.chart.picture()
        cell = layout.cell_at(at)
        return None if cell is None else self.child(layout.cells.index(cell))

    def focusChild(self) -> Found:  # noqa: N802 - Qt's name
        """Return the tooth the keyboard is on."""
        layout: Layout = self.chart.picture()
        cell = layout.by_tooth.get(self.chart.current())
        return None if cell is None else self.child(layout.cells.index(cell))

    def global_rect(self, box: QRectF) -> QRect:
        """Return a box of the widget on the screen."""
        inside = box.toAlignedRect()
        return QRect(self._chart.mapToGlobal(inside.topLeft()), inside.size())


class _Part(QAccessibleInterface):
    """What teeth and surfaces have in common: nothing below them that is a widget."""

    def object(self) -> Found:
        """Return None: it is painted, there is no object."""
        return None

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Leave the text as it is: it says what the chart shows."""

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of a child, -1 for a stranger."""
        return child.index if isinstance(child, SurfaceInterface) else -1

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the child at a point of the screen."""
        for index in range(self.childCount()):
            child = self.child(index)
            if child is not None and child.rect().contains(x, y):
                return child
        return None


class ToothInterface(_Part):
    """One tooth: its number, name, state and marks."""

    def __init__(self, chart: ChartInterface, index: int) -> None:
        super().__init__()
        self.index = index
        self.of_chart = chart
        self._surfaces: list[SurfaceInterface] = []

    def cell(self) -> Cell | None:
        """Return the cell this child stands for, None after a chart with fewer teeth."""
        cells: tuple[Cell, ...] = self.of_chart.chart.picture().cells
        return cells[self.index] if self.index < len(cells) else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the tooth is still shown."""
        return self.of_chart.isValid() and self.cell() is not None

    def parent(self) -> QAccessibleInterface:
        """Return the chart."""
        return self.of_chart

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of surfaces of the diagram."""
        cell = self.cell()
        shown = cell is not None and self.of_chart.chart.picture().sizes.diagrams
        return len(self.codes()) if shown else 0

    def codes(self) -> str:
        """Return the surfaces of the diagram in their order."""
        cell = self.cell()
        return valid_codes(cell.tooth).replace("5", "") if cell else ""

    def child(self, index: int) -> Found:
        """Return a surface."""
        if not 0 <= index < self.childCount():
            return None
        while len(self._surfaces) <= index:
            self._surfaces.append(SurfaceInterface(self, len(self._surfaces)))
        return self._surfaces[index]

    def text(self, kind: QAccessible.Text) -> str:
        """Return what is read out."""
        cell = self.cell()
        if cell is None or kind is not QAccessible.Text.Name:
            return ""
        return describe(cell.view, self.of_chart.chart.notation())

    def rect(self) -> QRect:
        """Return the tooth's column on the screen."""
        cell = self.cell()
        return self.of_chart.global_rect(cell.column) if cell else QRect()

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
        chart = self.of_chart.chart
        state.selectable = state.focusable = True
        state.selected = cell.tooth in chart.selection()
        state.focused = chart.hasFocus() and cell.tooth == chart.current()
        return state

    def forget(self) -> None:
        """Take the tooth and its surfaces out of Qt's table."""
        for one in (*self._surfaces, self):
            if shiboken6.isValid(one):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(one))


class SurfaceInterface(_Part):
    """One surface of a tooth and what is on it."""

    def __init__(self, of_tooth: ToothInterface, index: int) -> None:
        super().__init__()
        self.index = index
        self._tooth = of_tooth

    def _code(self) -> str:
        codes = self._tooth.codes()
        return codes[self.index] if self.index < len(codes) else ""

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the tooth is still shown."""
        return self._tooth.isValid()

    def parent(self) -> QAccessibleInterface:
        """Return the tooth."""
        return self._tooth

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return 0: there is nothing below a surface."""
        return 0

    def child(self, _index: int) -> Found:
        """Return None: there is nothing below a surface."""
        return None

    def text(self, kind: QAccessible.Text) -> str:
        """Return what is read out."""
        cell, code = self._tooth.cell(), self._code()
        if cell is None or not code or kind is not QAccessible.Text.Name:
            return ""
        return describe_surface(cell.view, code, self._tooth.of_chart.chart.notation())

    def rect(self) -> QRect:
        """Return the surface's box on the screen."""
        cell = self._tooth.cell()
        if cell is None:
            return QRect()
        chart = self._tooth.of_chart
        return chart.global_rect(surface_rect(chart.chart.picture(), cell, self._code()))

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
        chart = self._tooth.of_chart.chart
        state.focusable = state.selectable = True
        here = cell.tooth == chart.current() and chart.surface() == self._code()
        state.focused = chart.hasFocus() and here
        return state


def _forget(teeth: list[ToothInterface], *_gone: object) -> None:
    for one in teeth:
        one.forget()
    teeth.clear()
