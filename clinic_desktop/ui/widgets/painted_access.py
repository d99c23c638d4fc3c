"""What is painted, for screen readers: a widget whose children are no widgets of their own.

Qt numbers the children of an accessible object but does not delete them with their parent: they
are kept alive by the widget's interface and taken out of Qt's table when the widget goes.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget, QWidget

# An interface or None: Qt takes none for "there is none", its type stubs do not.
Found = Any

_installed: Final[set[type]] = set()


def install(kind: type[QWidget], make: Callable[[Any], "PaintedWidget"]) -> None:
    """Give widgets of this kind the interface that ``make`` makes for one of them."""
    if kind not in _installed:
        _installed.add(kind)
        QAccessible.installFactory(partial(_made, kind, make))


def _made(
    kind: type[QWidget],
    make: Callable[[Any], "PaintedWidget"],
    _class: str,
    made_for: QObject | None,
) -> QAccessibleInterface | None:
    if not isinstance(made_for, kind):
        return None
    interface = make(made_for)
    # Qt asks for the interface once and keeps the bare pointer; the widget keeps the object.
    vars(made_for)["accessible_interface"] = interface
    return interface


def interface_of(widget: QWidget) -> Found:
    """Return the interface that Qt has asked for, None before it did."""
    return vars(widget).get("accessible_interface")


def focus_moved(widget: QWidget, index: int) -> None:
    """Tell screen readers that the keyboard is on another child."""
    if QAccessible.isActive() and index >= 0:
        event = QAccessibleEvent(widget, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


class PaintedWidget(QAccessibleWidget):
    """The widget: it says how many children there are, and makes each when it is asked for."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role, widget.accessibleName())
        # What is painted has its own way of saying so, which no common type can name.
        self.widget: Any = widget
        self._children: list[PaintedPart] = []
        widget.destroyed.connect(partial(_forget, self._children))

    def made(self, index: int) -> "PaintedPart":
        """Return a new child."""
        raise NotImplementedError

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the widget still lives."""
        return shiboken6.isValid(self.widget)

    def child(self, index: int) -> Found:
        """Return a child."""
        return _child(self, self._children, index)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of a child, -1 for a stranger."""
        return child.index if isinstance(child, PaintedPart) and child.holder is self else -1

    def on_screen(self, box: QRectF) -> QRect:
        """Return a box of what is painted on the screen."""
        inside = box.toAlignedRect()
        at: QPoint = self._painted().mapToGlobal(inside.topLeft())
        return QRect(at, inside.size())

    def inside(self, x: int, y: int) -> QPoint:
        """Return a point of the screen on what is painted."""
        at: QPoint = self._painted().mapFromGlobal(QPoint(x, y))
        return at

    def _painted(self) -> Any:
        widget = self.widget
        return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


class PaintedPart(QAccessibleInterface):
    """Something painted; without children unless it says how many there are and makes them."""

    def __init__(self, holder: "PaintedWidget | PaintedPart", index: int) -> None:
        super().__init__()
        self.holder, self.index = holder, index
        self._children: list[PaintedPart] = []

    def made(self, index: int) -> "PaintedPart":
        """Return a new child."""
        raise NotImplementedError

    def object(self) -> Found:
        """Return None: it is painted, there is no object."""
        return None

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Leave the text as it is: it says what is shown."""

    def parent(self) -> QAccessibleInterface:
        """Return what it is painted in."""
        return self.holder

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return how many children there are."""
        return 0

    def child(self, index: int) -> Found:
        """Return a child."""
        return _child(self, self._children, index)

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the child at a point of the screen."""
        for index in range(self.childCount()):
            child = self.child(index)
            if child is not None and child.rect().contains(x, y):
                return child
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of a child, -1 for a stranger."""
        return child.index if isinstance(child, PaintedPart) and child.holder is self else -1

    def forget(self) -> None:
        """Take it and what is in it out of Qt's table."""
        for one in self._children:
            one.forget()
        if shiboken6.isValid(self):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(self))


def _child(
    holder: PaintedWidget | PaintedPart, children: list[PaintedPart], index: int
) -> PaintedPart | None:
    if not 0 <= index < holder.childCount():
        return None
    while len(children) <= index:
        children.append(holder.made(len(children)))
    return children[index]


def _forget(children: list[PaintedPart], *_gone: object) -> None:
    for one in children:
        one.forget()
    children.clear()
