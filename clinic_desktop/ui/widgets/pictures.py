"""Small pictures beside words: icons, and a person's photo or initials."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import plain_tip
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text


class Icon(QWidget):
    """An icon beside words that say the same; with ``name`` it also speaks for itself."""

    def __init__(
        self,
        icon: str,
        *,
        theme: Theme,
        role: str = "text_2",
        size: int = 16,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = (icon, role, size)
        self.setFixedSize(size, size)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))
        theme.changed.connect(self.update)

    def set_icon(self, icon: str, role: str | None = None) -> None:
        """Show another icon, in another colour if a role is given."""
        self._picture = (icon, role or self._picture[1], self._picture[2])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the icon."""
        icon, role, size = self._picture
        painter = QPainter(self)
        draw_icon(painter, QPointF(0, 0), icon, role, self._theme, size)
        painter.end()


class Avatar(QWidget):
    """A person's photo or initials in a soft square; decoration, the name stands beside it."""

    def __init__(
        self, initials: str, *, theme: Theme, size: int = 28, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._initials = initials
        self._size = size
        self._picture: QImage | None = None
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def set_picture(self, picture: QImage | None) -> None:
        """Show a square photo in place of the initials, or the initials again."""
        self._picture = picture
        self.update()

    def picture(self) -> QImage | None:
        """Return the photo that is shown."""
        return self._picture

    def set_initials(self, initials: str) -> None:
        """Show another person's initials."""
        self._initials = initials
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the square and the letters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent_soft"))
        radius = self._theme.radius("control")
        if self._picture is not None:
            self._draw_picture(painter, self._picture, radius)
            painter.end()
            return
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        step = "micro" if self._size < 32 else "large" if self._size > 40 else "small"
        font = self._theme.font(step, weight=700 if step == "micro" else 600)
        draw_text(
            painter, QRectF(self.rect()), self._initials, font, self._theme.color("on_accent_soft"),
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip
        painter.end()

    def _draw_picture(self, painter: QPainter, picture: QImage, radius: float) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(shape)
        painter.drawImage(QRectF(self.rect()), picture)
