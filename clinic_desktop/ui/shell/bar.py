"""What rail, top bar and bottom bar share: a ground, one line at an edge, painted buttons."""

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from clinic_desktop.ui.theme.theme import Theme

EDGES: Final = ("left", "top", "right", "bottom")


class Bar(QWidget):
    """A strip of one colour with a line at one edge."""

    def __init__(self, *, theme: Theme, ground: str, edge: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._ground = ground
        self._edge = edge
        theme.changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Return little: what stands in a bar gives way before the window is held open."""
        return QSize(48, 24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(self._ground))
        rect = self.rect()
        line = self._theme.color("border")
        match self._edge:
            case "left":
                painter.fillRect(0, 0, 1, rect.height(), line)
            case "right":
                painter.fillRect(rect.width() - 1, 0, 1, rect.height(), line)
            case "top":
                painter.fillRect(0, 0, rect.width(), 1, line)
            case "bottom":
                painter.fillRect(0, rect.height() - 1, rect.width(), 1, line)
        painter.end()


class PaintedButton(QAbstractButton):
    """A button that draws itself; hover and theme repaint it, Enter presses it as Space does."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self._restyle)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is here."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer has gone."""
        super().leaveEvent(event)
        self.update()

    def draw_hover(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        """Draw the tone of a pointer above the button."""
        if not self.underMouse() or not self.isEnabled():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("sunken" if self.isDown() else "hover"))
        painter.drawRoundedRect(rect, radius, radius)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
