"""What lies over a window for a moment: a veil, a card, the focus kept inside, Esc to go back."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from clinic_desktop.ui.keymap.keymap import key_now
from clinic_desktop.ui.theme.theme import Theme

MARGIN: Final = 16
# What is right whatever lies over the screen; every other key would act on what nobody sees.
_PASSED_ON: Final = frozenset(
    {"Ctrl+K", "F1", "Ctrl+L"} | {f"Ctrl+{number}" for number in range(1, 8)}
)
_LOOKS: Final = ("Ctrl+Shift+D", "Ctrl+Shift+T")


class Overlay(QWidget):
    """Covers its window while open; closing gives the focus back to where it was."""

    closed = Signal()

    def __init__(self, window: QWidget, *, theme: Theme, width: int, top: int) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._width = width
        self._top = top
        self._came_from: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("kind", "dialog")
        self.hide()
        window.installEventFilter(self)
        theme.changed.connect(self.update)

    @property
    def is_open(self) -> bool:
        """Whether it covers the window now."""
        return not self.isHidden()

    def open(self) -> None:
        """Cover the window."""
        if not self.is_open:
            self._came_from = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()

    def close_overlay(self, *, focus_back: bool = True) -> None:
        """Uncover the window."""
        if not self.is_open:
            return
        self.hide()
        if focus_back and self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self.closed.emit()

    def wanted_height(self) -> int:
        """Return the height of the card when there is room for it."""
        return self.card.sizeHint().height()

    def place(self) -> None:
        """Put the card in the middle near the top, within the window."""
        window = self._window.rect()
        self.setGeometry(window)
        top = min(self._top, max(MARGIN, window.height() // 12))
        width = min(self._width, window.width() - 2 * MARGIN)
        self.card.setFixedWidth(width)
        height = min(self.wanted_height(), window.height() - top - MARGIN)
        self.card.setGeometry(QRect(QPoint((window.width() - width) // 2, top), self.card.size()))
        self.card.setFixedHeight(height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and watched is self._window and self.is_open:
            self.place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep keys from the screen below, which would act on what nobody sees."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self._passes(QKeySequence(event.keyCombination()).toString())
        ):
            event.accept()
            return True
        return super().event(event)

    def _passes(self, key: str) -> bool:
        return key in _PASSED_ON or key in {key_now(self._window, usual) for usual in _LOOKS}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; nothing else falls through to the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close when somebody clicks beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_overlay()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Keep Tab inside the card."""
        inside = [
            w
            for w in self.card.findChildren(QWidget)
            if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if inside:
            now = QApplication.focusWidget()
            at = inside.index(now) if now in inside else -1
            step = inside[(at + (1 if forward else -1)) % len(inside)]
            step.setFocus(
                Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            )
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the veil."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("scrim"))
        painter.end()
