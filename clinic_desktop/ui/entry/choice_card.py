"""Big choices: cards of which exactly one holds, each with its number, an icon and words."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import (
    draw_icon,
    draw_key,
    draw_layout,
    key_height,
    key_width,
    lay_out,
)

ICON: Final = 28
LEFT: Final = 76
PADDING: Final = 18
RIGHT: Final = 56


class ChoiceCard(QRadioButton):
    """A radio button drawn as a card; arrow keys go from one to the next as with any radio group.

    ``number`` is the key written on it, bound by the page.
    """

    def __init__(
        self, words: str, sentence: str, more: str = "", *, icon: str, number: int, theme: Theme
    ) -> None:
        super().__init__()
        self._theme = theme
        self._words, self._sentence, self._more = words, sentence, more
        self._icon, self._number = icon, number
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(" ".join(text for text in (sentence, more) if text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.toggled.connect(self.update)
        theme.changed.connect(self._restyle)
        self._height = 76
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the height of the words at the width in force."""
        return QSize(420, self._height)

    def minimumSizeHint(self) -> QSize:
        """Return the least that holds the words, wrapped."""
        return QSize(240, self._height)

    def hitButton(self, pos: object) -> bool:  # noqa: N802, ARG002 - Qt's name and argument
        """Take a click anywhere on the card."""
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the words need at this width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the card."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        width = 2 if chosen else 1
        pen = QPen(theme.color("accent" if chosen else "border_control"), width)
        painter.setPen(pen)
        ground = "hover" if self.underMouse() and not chosen and self.isEnabled() else "surface"
        painter.setBrush(theme.color(ground))
        half = width / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, theme.radius("panel"), theme.radius("panel"))
        if chosen and theme.is_contrast:
            painter.fillRect(QRectF(4, 10, 3, self.height() - 20), theme.color("accent"))
        middle = self.height() / 2
        draw_icon(painter, QPointF(22, round(middle - ICON / 2)), self._icon, "accent", theme, ICON)
        top = float(PADDING)
        for layout, height, role in self._lines():
            draw_layout(painter, layout, QPointF(LEFT, top), theme.color(role))
            top += height
        key = str(self._number)
        wide, high = key_width(key, theme), key_height(theme)
        at = QRectF(round(self.width() - 20 - wide), round(middle - high / 2), wide, high)
        draw_key(
            painter, at, key, theme, line=theme.color("border_strong"), ink=theme.color("text_2")
        )
        painter.end()

    def _lines(self) -> list[tuple[QTextLayout, float, str]]:
        theme, room = self._theme, max(120, self.width() - LEFT - RIGHT)
        parts = [
            (self._words, "heading", "text"),
            (self._sentence, "body", "text_2"),
            (self._more, "small", "text_3"),
        ]
        return [
            (*lay_out(text, theme.font(size), room, line_height=theme.line_height(size)), role)
            for text, size, role in parts
            if text
        ]

    def _fit(self) -> None:
        wanted = round(sum(height for _layout, height, _role in self._lines())) + 2 * PADDING
        if wanted != self._height:
            self._height = wanted
            self.updateGeometry()

    def _restyle(self) -> None:
        self._fit()
        self.update()
