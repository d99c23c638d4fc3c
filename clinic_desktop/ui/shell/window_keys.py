"""The keys that act everywhere: one table for the shortcuts of the window and for its key help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.screen import KeyHelp

RAIL_KEYS: Final = 7


@dataclass(frozen=True)
class WindowKey:
    """A name, the keys that do it, and the words of the key help."""

    name: str
    keys: tuple[str, ...]
    does: str


KEYS: Final = (
    WindowKey("palette", ("Ctrl+K",), N_("Find a patient, action or screen")),
    WindowKey("help", ("F1",), N_("Show the keys")),
    WindowKey("next_pane", ("F6",), N_("Next part of the window")),
    WindowKey("previous_pane", ("Shift+F6",), N_("Part of the window before")),
    WindowKey("side", ("F7",), N_("Show or hide the side panel")),
    WindowKey("book", ("Ctrl+N",), N_("New appointment")),
    WindowKey("new_patient", ("Ctrl+Shift+N",), N_("New patient")),
    WindowKey("find", ("Ctrl+F",), N_("Find on this screen")),
    WindowKey("print", ("Ctrl+P",), N_("Print this")),
    WindowKey("undo", ("Ctrl+Z",), N_("Undo")),
    WindowKey("redo", ("Ctrl+Y",), N_("Do again")),
    WindowKey("history", ("Ctrl+H",), N_("History of this")),
    WindowKey("save", ("Ctrl+S",), N_("Save now")),
    WindowKey("primary", ("Ctrl+Enter", "Ctrl+Return"), N_("Press the main button")),
    WindowKey("lock", ("Ctrl+L",), N_("Lock")),
    WindowKey("touch", ("Ctrl+Shift+T",), N_("Touch sizes on or off")),
    WindowKey("theme", ("Ctrl+Shift+D",), N_("Next theme: light, dark, high contrast")),
    WindowKey("reload", ("F5",), N_("Ask again")),
)


def bind_keys(window: QMainWindow, acts: dict[str, Callable[[], object]]) -> dict[str, QAction]:
    """Give the window an action with its keys for each act, and return them by name."""
    actions = {}
    for key in KEYS:
        action = QAction(_(key.does), window)
        action.setShortcuts([QKeySequence(text) for text in key.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(f"{_(key.does)} ({key.keys[0]})")
        act = acts[key.name]
        action.triggered.connect(lambda _checked=False, act=act: act())
        window.addAction(action)
        actions[key.name] = action
    return actions


def bind_rail(window: QMainWindow, open_number: Callable[[int], None]) -> None:
    """Open the rail's entries with Ctrl+1 to Ctrl+7."""
    for number in range(1, RAIL_KEYS + 1):
        action = QAction(window)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.triggered.connect(lambda _checked=False, number=number: open_number(number))
        window.addAction(action)


def everywhere() -> list[KeyHelp]:
    """Return the keys that act everywhere, for the key help."""
    area = _("Everywhere")
    shown = [KeyHelp(key.keys[0], _(key.does), area) for key in KEYS]
    rail = KeyHelp("Ctrl+1…7", _("Screens of the rail, from the top"), area)
    esc = KeyHelp("Esc", _("Close the innermost; typed text is kept"), area)
    return [shown[0], rail, *shown[1:], esc]
