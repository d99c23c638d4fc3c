"""Put the keys of a person in the place of the usual ones, on what is there already."""

from typing import Protocol, runtime_checkable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.keymap.keymap import Keymap, keymap_of, scopes_of

_USUAL = "usual_key"


@runtime_checkable
class ShowsKey(Protocol):
    """A widget that writes a key on itself."""

    def take_key(self) -> None:
        """Write the key that is in force now."""


def dress(root: QWidget, keymap: Keymap | None = None) -> None:
    """Give the shortcuts below ``root`` the keys in force, and let widgets write theirs anew."""
    keymap = keymap or keymap_of(root)
    if keymap is None or not keymap.was_changed:
        return
    for shortcut in root.findChildren(QShortcut):
        usual = shortcut.property(_USUAL)
        if usual is None:
            usual = shortcut.key().toString()
            shortcut.setProperty(_USUAL, usual)
        owner = shortcut.parent()
        if isinstance(owner, QWidget):
            key = keymap.now(scopes_of(owner), str(usual))
            if shortcut.key().toString() != key:
                shortcut.setKey(QKeySequence(key))
    for widget in root.findChildren(QWidget):
        if isinstance(widget, ShowsKey):
            widget.take_key()
