"""The keys that act everywhere: shortcuts of the window and its key help, out of one table."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.keymap import Keymap
from clinic_desktop.ui.keymap.table import ACTS, WINDOW
from clinic_desktop.ui.screen import KeyHelp

RAIL_KEYS: Final = 7


KEYS: Final = tuple(act for act in ACTS if act.scope == WINDOW and act.keys)


def bind_keys(
    window: QMainWindow, acts: dict[str, Callable[[], object]], keymap: Keymap
) -> dict[str, QAction]:
    """Give the window an action with its keys for each act, and return them by name."""
    actions = {}
    for key in KEYS:
        action = QAction(_(key.does), window)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        act = acts[key.name]
        action.triggered.connect(lambda _checked=False, act=act: act())
        window.addAction(action)
        actions[key.name] = action
    take_keys(actions, keymap)
    return actions


def take_keys(actions: dict[str, QAction], keymap: Keymap) -> None:
    """Give the actions the keys in force now, and write them into their tooltips."""
    for key in KEYS:
        action, keys = actions[key.name], keymap.keys(key)
        action.setShortcuts([QKeySequence(text) for text in keys])
        action.setToolTip(f"{_(key.does)} ({keys[0]})" if keys else _(key.does))


def bind_rail(window: QMainWindow, open_number: Callable[[int], None]) -> None:
    """Open the rail's entries with Ctrl+1 to Ctrl+7."""
    for number in range(1, RAIL_KEYS + 1):
        action = QAction(window)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.triggered.connect(lambda _checked=False, number=number: open_number(number))
        window.addAction(action)


def everywhere(keymap: Keymap) -> list[KeyHelp]:
    """Return the keys that act everywhere, for the key help."""
    area = _("Everywhere")
    acts = [(keymap.first(act), act) for act in keymap.acts if act.scope == WINDOW]
    return [KeyHelp(key, _(act.does), area) for key, act in acts if key]
