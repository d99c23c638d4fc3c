"""People who can sign in here, as a list of cards: initials, name, and what they left."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

HEIGHT: Final = 56
TOUCH_HEIGHT: Final = 64


@dataclass(frozen=True)
class Face:
    """Somebody in the list.

    ``open`` tells that their session is still in memory, locked; ``takes_pin`` that a PIN
    resumes it; ``known`` that no password is needed (the sample clinic). An empty login is
    somebody who is not in the list.
    """

    login: str
    name: str
    initials: str = ""
    detail: str = ""
    open: bool = False
    takes_pin: bool = False
    known: bool = False


class FaceCard(QRadioButton):
    """A radio button drawn as a person."""

    def __init__(self, face: Face, *, theme: Theme) -> None:
        super().__init__()
        self.face = face
        self._theme = theme
        # As high as its size hint asks, not as a line of text is.
        self.setProperty("kind", "card")
        self.setText(face.name.replace("&", "&&"))
        self.setAccessibleName(face.name)
        self.setAccessibleDescription(face.detail)
        self.setToolTip("")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self.update)
        theme.changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """Return a row of two lines."""
        touch = self._theme.density == "touch"
        return QSize(320, TOUCH_HEIGHT if touch else HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least width that holds initials and a few letters."""
        return QSize(160, self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:  # noqa: N802, ARG002 - Qt's name and argument
        """Take a click anywhere on the card."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the card, the initials in their square, the name and the second line."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        width = 2 if chosen else 1
        painter.setPen(QPen(theme.color("accent" if chosen else "border_control"), width))
        hovered = self.underMouse() and not chosen and self.isEnabled()
        painter.setBrush(theme.color("hover" if hovered else "surface"))
        half, radius = width / 2, theme.radius("panel")
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius
        )
        self._draw_initials(painter)
        left, right = 62.0, 14.0
        if self.face.open:
            right += 26
            mark = QRectF(self.width() - right - 2, (self.height() - 18) / 2, 18, 18)
            draw_icon(painter, mark.topLeft(), "lock", "text_2", theme, 18)
        room = QRectF(left, 0, self.width() - left - right, self.height())
        if self.face.detail:
            upper = QRectF(room.left(), self.height() / 2 - 20, room.width(), 20)
            lower = QRectF(room.left(), self.height() / 2 + 1, room.width(), 18)
            draw_text(painter, lower, self.face.detail, theme.font("small"), theme.color("text_2"))
        else:
            upper = room
        draw_text(painter, upper, self.face.name, theme.font("strong"), theme.color("text"))
        painter.end()

    def _draw_initials(self, painter: QPainter) -> None:
        theme = self._theme
        square = QRectF(14, (self.height() - 34) / 2, 34, 34)
        edge = QPen(theme.color("accent"), 1) if theme.is_contrast else Qt.PenStyle.NoPen
        painter.setPen(edge)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawRoundedRect(square, theme.radius("control"), theme.radius("control"))
        if not self.face.login:
            draw_icon(painter, square.topLeft() + _MIDDLE, "user-plus", "on_accent_soft", theme, 18)
            return
        draw_text(
            painter, square, self.face.initials, theme.font("strong"),
            theme.color("on_accent_soft"), align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


_MIDDLE: Final = QRectF(8, 8, 0, 0).topLeft()
