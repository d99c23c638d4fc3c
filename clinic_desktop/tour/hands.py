"""Two hands on the real window: real key and mouse events, counted, and patient eyes."""

import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from PySide6.QtCore import QEventLoop, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")

# How often the eyes look, so that a wait ends soon after its condition and costs nothing.
LOOK_MS: Final = 15


class StuckError(Exception):
    """A step did not come to where a person would expect to be; the text says what was missing."""


class Hands:
    """Sends keys and clicks to whatever has the focus or lies under the pointer."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.keys = 0
        self.clicks = 0
        self._until = 0.0
        self.trouble: Callable[[], str] = str
        """Says what went wrong in the program itself while somebody waits, or nothing."""
        self._looks = QTimer(app)
        self._looks.setInterval(LOOK_MS)
        self._looks.start()

    # -- waiting ----------------------------------------------------------------------------

    def give(self, seconds: float) -> None:
        """Give the next acts so much time, all together."""
        self._until = time.monotonic() + seconds

    def wait(self, condition: Callable[[], T | None], what: str) -> T:
        """Let the program work until a condition holds and return it.

        Raises StuckError with ``what`` when the step's time is over or the program failed.
        """
        while True:
            self._app.processEvents()
            if QGuiApplication.focusWindow() is None:
                _activate_front()
            found = condition()
            if found:
                return found
            trouble = self.trouble()
            if trouble:
                raise StuckError(f"{trouble} (while waiting for {what})")
            if time.monotonic() > self._until:
                raise StuckError(f"Waited in vain for {what}.")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    # -- keys -------------------------------------------------------------------------------

    def _window(self) -> QWindow:
        def found() -> QWindow | None:
            popup = QApplication.activePopupWidget()
            if popup is not None:
                return popup.windowHandle()
            return QGuiApplication.focusWindow()

        return self.wait(found, "a window that takes keys")

    def key(self, *chords: str) -> None:
        """Press keys such as ``Ctrl+K`` or ``S``, one after the other; each counts 1."""
        for chord in chords:
            # Qt calls the key of a keypad Enter, and that of the letters Return.
            QTest.keySequence(self._window(), QKeySequence(chord.replace("Enter", "Return")))
            self.keys += 1

    def write(self, text: str) -> None:
        """Type a text where the focus is; typing is free, what commits it is counted."""
        focused = self.wait(QApplication.focusWidget, "a field that takes text")
        if text.isascii():
            QTest.keyClicks(focused, text)
            return
        # QTest's keys know ASCII only; other letters come as from an input method.
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(focused, event)

    def strike(self, signs: str) -> None:
        """Press one key for each sign; here each is an entry and counts 1."""
        self.write(signs)
        self.keys += len(signs)

    def retype(self, text: str) -> None:
        """Type a text in place of what the focused field holds."""
        QTest.keyClick(self._window(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.write(text)

    # -- the mouse --------------------------------------------------------------------------

    def click(self, widget: QWidget, place: QPoint | None = None, *, double: bool = False) -> None:
        """Click a widget where it is seen; something that lies over it is a failure."""
        at = place if place is not None else widget.rect().center()
        self._uncovered(widget, at)
        window = widget.window().windowHandle()
        spot = widget.mapTo(widget.window(), at)
        press = QTest.mouseDClick if double else QTest.mouseClick
        press(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
        self.clicks += 1

    def _uncovered(self, widget: QWidget, at: QPoint) -> None:
        def under_pointer() -> bool:
            under = QApplication.widgetAt(widget.mapToGlobal(at))
            return under is not None and (under is widget or widget.isAncestorOf(under))

        self.wait(under_pointer, f"“{widget.accessibleName() or type(widget).__name__}” to be seen")

    def click_row(
        self, view: QAbstractItemView, index: QModelIndex, *, double: bool = False
    ) -> None:
        """Click a line of a list or table, scrolled into sight as with the wheel."""
        view.scrollTo(index)
        self.click(view.viewport(), view.visualRect(index).center(), double=double)

    # -- looking ----------------------------------------------------------------------------

    def find(self, within: QWidget, kind: type[W], name: str = "") -> W:
        """Return the widget of a kind that is seen, by its accessible name when given."""

        def seen() -> W | None:
            return next(visible(within, kind, name), None)

        return self.wait(seen, f"{kind.__name__} “{name}” on the screen")

    def button(self, within: QWidget, words: str) -> QAbstractButton:
        """Return the button with these words that can be pressed."""

        def ready() -> QAbstractButton | None:
            return next(
                (
                    button
                    for button in visible(within, QAbstractButton)
                    if button.isEnabled() and words in (button.text(), button.accessibleName())
                ),
                None,
            )

        return self.wait(ready, f"the button “{words}”")


def visible(within: QWidget, kind: type[W], name: str = "") -> Iterator[W]:
    """Yield the widgets of a kind that can be seen inside another."""
    for widget in within.findChildren(kind):
        if widget.isVisible() and (not name or widget.accessibleName() == name):
            yield widget


def _activate_front() -> None:
    """Give the focus to a window when the one that had it is gone, as window managers do."""
    front = QApplication.activeModalWidget() or next(
        (w for w in QApplication.topLevelWidgets() if w.isWindow() and w.isVisible()), None
    )
    if front is not None:
        front.activateWindow()
