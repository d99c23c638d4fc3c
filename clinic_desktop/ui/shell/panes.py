"""F6: walk through the parts of a window, each remembering where its focus was."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary, ref

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from clinic_desktop.ui.widgets.tab_stops import tab_stops, takes_focus


class Panes:
    """Knows which part of a window had the focus where."""

    def __init__(self) -> None:
        self._last: WeakKeyDictionary[QWidget, ref[QWidget]] = WeakKeyDictionary()

    def step(self, panes: Sequence[QWidget], step: int) -> None:
        """Move the focus to the next part (``step`` 1) or the one before (-1)."""
        shown = [pane for pane in panes if isValid(pane) and pane.isVisible()]
        now = QApplication.focusWidget()
        at = next(
            (
                n
                for n, p in enumerate(shown)
                if now is not None and (p is now or p.isAncestorOf(now))
            ),
            -1 if step > 0 else 0,
        )
        if 0 <= at < len(shown) and now is not None:
            self._last[shown[at]] = ref(now)
        for distance in range(1, len(shown) + 1):
            target = self._target(shown[(at + step * distance) % len(shown)])
            if target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _target(self, pane: QWidget) -> QWidget | None:
        """Return what takes the focus in a part: where it was, the checked one, or the first."""
        last = self._last[pane]() if pane in self._last else None
        if last is not None and isValid(last) and takes_focus(last) and pane.isAncestorOf(last):
            return last
        if takes_focus(pane):
            return pane
        return next((stop for stop in tab_stops(pane) if takes_focus(stop)), None)
