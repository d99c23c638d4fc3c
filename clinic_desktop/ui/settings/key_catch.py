"""A line that shows the key that was pressed in it, instead of acting on it."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.keymap import key_of
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import LineEdit

# Out of the line, out of the dialog, and its main button.
_LEAVES: Final = frozenset({"Esc", "Tab", "Shift+Tab", "Ctrl+Return", "Ctrl+Enter", "F6", "F1"})


class KeyCatch(LineEdit):
    """``pressed`` carries the key as Qt writes it; Backspace empties the line, Esc and Tab leave.

    With ``whole`` true F1 and F6 are caught too, as in a dialog where they do nothing else.
    """

    pressed = Signal(str)

    def __init__(self, placeholder: str, *, theme: Theme, whole: bool = False) -> None:
        super().__init__(theme=theme, placeholder=placeholder)
        self._leaves = _LEAVES - {"F1", "F6"} if whole else _LEAVES
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAccessibleName(placeholder)
        self.setAccessibleDescription(_("The key that is pressed here does not act; it is shown."))
        # An input method would swallow letters before they are keys.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def event(self, event: QEvent) -> bool:
        """Take keys before the shortcuts of the window do."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and QKeySequence(event.keyCombination()).toString() not in self._leaves
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the key."""
        key = key_of(event)
        if key in self._leaves or key in ("Return", "Enter"):
            if key == "Esc" and self.text():
                self.setText("")
                self.pressed.emit("")
            else:
                event.ignore()
            return
        if key == "Backspace":
            key = ""
        elif not key:
            return
        self.setText(key)
        self.pressed.emit(key)
