"""The calendar for screen readers: columns or days, each with its appointments in words.

Qt numbers the children of an accessible object but does not delete them with their parent: they
are kept alive by the calendar's interface and taken out of Qt's table when it goes.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget

# An interface or None: Qt takes none for "there is none", its type stubs do not.
Found = Any

_installed: Final[set[type]] = set()


@dataclass(frozen=True, slots=True)
class Item:
    """An appointment in words, where it is on the viewport, and whether it is chosen."""

    name: str
    rect: QRectF
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A column or a day with what stands in it."""

    name: str
    rect: QRectF
    items: list[Item]


def install(kind: type[QAbstractScrollArea]) -> None:
    """Give widgets of this kind, which tell their ``parts()``, an accessible interface."""
    if kind not in _installed:
        _installed.add(kind)
        QAccessible.installFactory(partial(_made, kind))


def _made(
    kind: type[QAbstractScrollArea], _class: str, made_for: QObject | None
) -> QAccessibleInterface | None:
    if not isinstance(made_for, kind):
        return None
    interface = CalendarInterface(made_for)
    # Qt asks for the interface once and keeps the bare pointer; the widget keeps the object.
    vars(made_for)["accessible_interface"] = interface
    return interface


class CalendarInterface(QAccessibleWidget):
    """A list whose children are columns or days."""

    def __init__(self, widget: QAbstractScrollArea) -> None:
        super().__init__(widget, QAccessible.Role.List, widget.accessibleName())
        self._widget: Any = widget
        self._groups: list[GroupInterface] = []
        widget.destroyed.connect(partial(_forget, self._groups))

    def groups(self) -> list[Group]:
        """Return what is shown now."""
        found: list[Group] = self._widget.parts() if self.isValid() else []
        return found

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether the widget still lives."""
        return shiboken6.isValid(self._widget)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns or days."""
        return len(self.groups())

    def child(self, index: int) -> Found:
        """Return a column or a day."""
        if not 0 <= index < self.childCount():
            return None
        while len(self._groups) <= index:
            self._groups.append(GroupInterface(self, len(self._groups)))
        return self._groups[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of a child, -1 for a stranger."""
        return child.index if isinstance(child, GroupInterface) else -1

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the column or day at a point of the screen."""
        for index, group in enumerate(self.groups()):
            if self.global_rect(group.rect).contains(x, y):
                return self.child(index)
        return None

    def focusChild(self) -> Found:  # noqa: N802 - Qt's name
        """Return the appointment that keys act on."""
        for place, group in enumerate(self.groups()):
            for number, item in enumerate(group.items):
                if item.chosen:
                    return self.child(place).child(number)
        return None

    def global_rect(self, rect: QRectF) -> QRect:
        """Return a rectangle of the viewport on the screen."""
        inside = rect.toAlignedRect()
        at: QPoint = self._widget.viewport().mapToGlobal(inside.topLeft())
        return QRect(at, inside.size())

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is on the calendar."""
        return self.isValid() and bool(self._widget.hasFocus())


class _Part(QAccessibleInterface):
    """What columns and appointments have in common: they are painted, there is no object."""

    def object(self) -> Found:
        """Return None: it is painted."""
        return None

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Leave the text as it is: it says what is shown."""

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the child at a point of the screen."""
        for index in range(self.childCount()):
            child = self.child(index)
            if child is not None and child.rect().contains(x, y):
                return child
        return None


class GroupInterface(_Part):
    """One column or day."""

    def __init__(self, calendar: CalendarInterface, index: int) -> None:
        super().__init__()
        self.calendar, self.index = calendar, index
        self._items: list[ItemInterface] = []

    def group(self) -> Group | None:
        """Return what this child stands for, None after a view with fewer."""
        groups = self.calendar.groups()
        return groups[self.index] if self.index < len(groups) else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether it is still shown."""
        return self.group() is not None

    def parent(self) -> QAccessibleInterface:
        """Return the calendar."""
        return self.calendar

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of appointments."""
        group = self.group()
        return len(group.items) if group is not None else 0

    def child(self, index: int) -> Found:
        """Return an appointment."""
        if not 0 <= index < self.childCount():
            return None
        while len(self._items) <= index:
            self._items.append(ItemInterface(self, len(self._items)))
        return self._items[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return the place of an appointment, -1 for a stranger."""
        return child.index if isinstance(child, ItemInterface) else -1

    def text(self, kind: QAccessible.Text) -> str:
        """Return whose column or which day it is."""
        group = self.group()
        return group.name if group is not None and kind is QAccessible.Text.Name else ""

    def rect(self) -> QRect:
        """Return where it is on the screen."""
        group = self.group()
        return self.calendar.global_rect(group.rect) if group is not None else QRect()

    def role(self) -> QAccessible.Role:
        """Return that it holds others."""
        return QAccessible.Role.Grouping

    def state(self) -> QAccessible.State:
        """Return the plain state."""
        return QAccessible.State()

    def forget(self) -> None:
        """Take it and its appointments out of Qt's table."""
        for one in (*self._items, self):
            if shiboken6.isValid(one):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(one))


class ItemInterface(_Part):
    """One appointment."""

    def __init__(self, group: GroupInterface, index: int) -> None:
        super().__init__()
        self._group, self.index = group, index

    def item(self) -> Item | None:
        """Return what this child stands for, None after fewer appointments."""
        group = self._group.group()
        found = group is not None and self.index < len(group.items)
        return group.items[self.index] if group is not None and found else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether it is still shown."""
        return self.item() is not None

    def parent(self) -> QAccessibleInterface:
        """Return its column or day."""
        return self._group

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return 0: there is nothing below it."""
        return 0

    def child(self, _index: int) -> Found:
        """Return None: there is nothing below it."""
        return None

    def indexOfChild(self, _child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """Return -1: there is nothing below it."""
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """Return the appointment in words."""
        item = self.item()
        return item.name if item is not None and kind is QAccessible.Text.Name else ""

    def rect(self) -> QRect:
        """Return where it is on the screen."""
        item = self.item()
        return self._group.calendar.global_rect(item.rect) if item is not None else QRect()

    def role(self) -> QAccessible.Role:
        """Return that it is an item of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Return whether it is chosen and has the keyboard."""
        state, item = QAccessible.State(), self.item()
        if item is None:
            state.invalid = True
            return state
        state.selectable = state.focusable = True
        state.selected = item.chosen
        state.focused = item.chosen and self._group.calendar.has_focus
        return state


def _forget(groups: list[GroupInterface], *_gone: object) -> None:
    for one in groups:
        one.forget()
    groups.clear()
