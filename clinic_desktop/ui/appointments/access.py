"""The calendar for screen readers: columns or days, each with its appointments in words."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from clinic_desktop.ui.widgets import painted_access
from clinic_desktop.ui.widgets.painted_access import Found, PaintedPart, PaintedWidget


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
    painted_access.install(kind, CalendarInterface)


class CalendarInterface(PaintedWidget):
    """A list whose children are columns or days."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, QAccessible.Role.List)

    def groups(self) -> list[Group]:
        """Return what is shown now."""
        found: list[Group] = self.widget.parts() if self.isValid() else []
        return found

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns or days."""
        return len(self.groups())

    def made(self, index: int) -> PaintedPart:
        """Return a new column or day."""
        return GroupInterface(self, index)

    def childAt(self, x: int, y: int) -> Found:  # noqa: N802 - Qt's name
        """Return the column or day at a point of the screen."""
        for index, group in enumerate(self.groups()):
            if self.on_screen(group.rect).contains(x, y):
                return self.child(index)
        return None

    def focusChild(self) -> Found:  # noqa: N802 - Qt's name
        """Return the appointment that keys act on."""
        for place, group in enumerate(self.groups()):
            for number, item in enumerate(group.items):
                if item.chosen:
                    return self.child(place).child(number)
        return None

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is on the calendar."""
        return self.isValid() and bool(self.widget.hasFocus())


class GroupInterface(PaintedPart):
    """One column or day."""

    def __init__(self, calendar: CalendarInterface, index: int) -> None:
        super().__init__(calendar, index)
        self.calendar = calendar

    def group(self) -> Group | None:
        """Return what this child stands for, None after a view with fewer."""
        groups = self.calendar.groups()
        return groups[self.index] if self.index < len(groups) else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether it is still shown."""
        return self.group() is not None

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """Return the number of appointments."""
        group = self.group()
        return len(group.items) if group is not None else 0

    def made(self, index: int) -> PaintedPart:
        """Return a new appointment."""
        return ItemInterface(self, index)

    def text(self, kind: QAccessible.Text) -> str:
        """Return whose column or which day it is."""
        group = self.group()
        return group.name if group is not None and kind is QAccessible.Text.Name else ""

    def rect(self) -> QRect:
        """Return where it is on the screen."""
        group = self.group()
        return self.calendar.on_screen(group.rect) if group is not None else QRect()

    def role(self) -> QAccessible.Role:
        """Return that it holds others."""
        return QAccessible.Role.Grouping

    def state(self) -> QAccessible.State:
        """Return the plain state."""
        return QAccessible.State()


class ItemInterface(PaintedPart):
    """One appointment."""

    def __init__(self, group: GroupInterface, index: int) -> None:
        super().__init__(group, index)
        self._group = group

    def item(self) -> Item | None:
        """Return what this child stands for, None after fewer appointments."""
        group = self._group.group()
        found = group is not None and self.index < len(group.items)
        return group.items[self.index] if group is not None and found else None

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Return whether it is still shown."""
        return self.item() is not None

    def text(self, kind: QAccessible.Text) -> str:
        """Return the appointment in words."""
        item = self.item()
        return item.name if item is not None and kind is QAccessible.Text.Name else ""

    def rect(self) -> QRect:
        """Return where it is on the screen."""
        item = self.item()
        return self._group.calendar.on_screen(item.rect) if item is not None else QRect()

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
