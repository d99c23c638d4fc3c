"""What the lock hides: every window and dialog that is there, and every one that comes later."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid


class Cover(QObject):
    """Hides what a session shows until it is lifted.

    An answer may arrive while the session is locked and open its dialog: nothing of it is drawn,
    and it waits for the person like the rest. ``windows`` tells the session's windows of now.
    """

    def __init__(
        self, windows: Callable[[], Sequence[QWidget]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._windows = windows
        self._hidden: list[QWidget] = []
        self._down = False

    def drop(self) -> None:
        """Hide everything that is shown now, and what the session shows from now on."""
        self._down = True
        self._hidden = []
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible():
                self._hide(widget)
        self._application().installEventFilter(self)

    def lift(self) -> None:
        """Show again what was hidden, but for what has come to its end meanwhile."""
        self._down = False
        self._application().removeEventFilter(self)
        hidden, self._hidden = self._hidden, []
        for widget in hidden:
            if isValid(widget):
                if isinstance(widget, QDialog):
                    widget.finished.disconnect(self._over)
                widget.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep off the screen what the covered session wants to show."""
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and self._is_ours(watched)
        ):
            # Hiding it only afterwards would let it flash over the lock.
            watched.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            QTimer.singleShot(0, watched, lambda: self._hide_late(watched))
        return False

    def _hide_late(self, widget: QWidget) -> None:
        wanted = widget.isVisible()
        if wanted:
            widget.hide()
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
        if wanted and self._down:
            self._hide(widget)
        elif wanted:
            widget.show()

    def _hide(self, widget: QWidget) -> None:
        if widget in self._hidden:
            return
        self._hidden.append(widget)
        if isinstance(widget, QDialog):
            widget.finished.connect(self._over)
        widget.hide()

    def _over(self) -> None:
        """Forget a dialog that an answer has closed while it was hidden."""
        dialog = self.sender()
        self._hidden = [one for one in self._hidden if one is not dialog]

    def _is_ours(self, widget: QWidget) -> bool:
        windows = self._windows()
        above: QWidget | None = widget
        while above is not None:
            if above in windows:
                return True
            above = above.parentWidget()
        return False

    @staticmethod
    def _application() -> QApplication:
        found = QApplication.instance()
        assert isinstance(found, QApplication)  # noqa: S101 - widgets need one
        return found
