"""Binds keys to a part of a screen, by their usual names; ``dress`` gives them a person's own."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def bind(widget: QWidget, key: str, act: Callable[[], object]) -> None:
    """Do this on the key while the focus is in the widget itself: a table's letters."""
    _bind(widget, key, act, Qt.ShortcutContext.WidgetShortcut)


def bind_within(widget: QWidget, key: str, act: Callable[[], object]) -> None:
    """Do this on the key while the focus is anywhere in the widget."""
    _bind(widget, key, act, Qt.ShortcutContext.WidgetWithChildrenShortcut)


def _bind(
    widget: QWidget, key: str, act: Callable[[], object], context: Qt.ShortcutContext
) -> None:
    shortcut = QShortcut(QKeySequence(key), widget)
    shortcut.setContext(context)
    shortcut.activated.connect(act)
