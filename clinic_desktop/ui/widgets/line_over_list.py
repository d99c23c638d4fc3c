"""A line that is typed into while its arrow keys choose in the list below it."""

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget

from clinic_desktop.ui.widgets.line import LineEdit

PAGE: Final = 9
"""How many rows such a list shows, and a page key goes on by."""
_STEPS: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: PAGE,
    Qt.Key.Key_PageUp: -PAGE,
}


class LineOverList(LineEdit):
    """The focus stays in the line; the list never takes it."""

    def __init__(self, listed: QListWidget, **kwargs: Any) -> None:
        """``kwargs`` are those of the line."""
        super().__init__(**kwargs)
        self._listed = listed
        listed.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the arrows; everything else is typed."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif count := self._listed.count():
            place = self._listed.currentRow() + step
            self._listed.setCurrentRow(max(0, min(place, count - 1)))
