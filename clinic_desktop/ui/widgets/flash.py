"""Shows for a moment which part of a page was meant."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from clinic_desktop.ui.theme.theme import Theme

SHOWN_MS: Final = 2500
_AROUND: Final = 6


class Flash(QWidget):
    """A frame around a widget; it stands still, takes no clicks and goes by itself."""

    def __init__(self, target: QWidget, theme: Theme) -> None:
        parent = target.parentWidget()
        super().__init__(parent if parent is not None else target)
        self._target, self._theme = target, theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        target.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self.close)
        self._end.start(SHOWN_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay around the widget when the page is laid out anew."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        elif event.type() == QEvent.Type.Hide:
            self.close()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        around = QRect(self._target.geometry()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        # At an edge of the page the frame gives way, or a side of it would not be seen.
        parent = self.parentWidget()
        self.setGeometry(around.intersected(parent.rect()) if parent is not None else around)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        radius = self._theme.radius("control")
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()


def flash(target: QWidget, theme: Theme) -> Flash:
    """Scroll to a widget and frame it for a moment."""
    above = target.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(target, 0, 40)
        above = above.parentWidget()
    return Flash(target, theme)
