"""The left part of the bottom bar: keys of the focused area, the latest event, or the undo bar."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.messages import Message, Messages
from clinic_desktop.ui.shell.bar import PaintedButton
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import (
    draw_bar,
    draw_icon,
    draw_key,
    draw_text,
    key_height,
    key_width,
)

COUNTDOWN: Final = 70
# In a narrow bar the words matter more than the line.
COUNTDOWN_FROM: Final = 420
COUNTDOWN_MS: Final = 250
UNDO_KEY: Final = "Ctrl+Z"


class UndoButton(PaintedButton):
    """Takes the last act back; drawn on the inverse ground of the undo bar."""

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme=theme, parent=parent)
        self.setText(_("Undo"))
        self.setAccessibleName(_("Undo"))
        self.setAccessibleDescription(_("Key: {key}").format(key=UNDO_KEY))

    def sizeHint(self) -> QSize:
        """Return the room for word and key."""
        word = QFontMetricsF(self._theme.font("small", weight=600)).horizontalAdvance(self.text())
        return QSize(round(word + key_width(UNDO_KEY, self._theme) + 36), 24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw word and key."""
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(8, 0, -8, 0)
        ink = self._theme.color("inverse_accent")
        font = self._theme.font("small", weight=600)
        if self.underMouse():
            font.setUnderline(True)
        width = draw_text(painter, rect, self.text(), font, ink)
        height = key_height(self._theme)
        box = QRectF(
            rect.left() + width + 12,
            (self.height() - height) / 2,
            key_width(UNDO_KEY, self._theme),
            height,
        )
        tone = self._theme.color("on_inverse")
        draw_key(painter, box, UNDO_KEY, self._theme, line=tone, ink=tone)
        painter.end()


class MessageLine(QWidget):
    """Shows the current message of a window and tells it to screen readers."""

    def __init__(self, messages: Messages, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._theme = theme
        self._message = messages.current
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(120)
        self.undo_button = UndoButton(theme=theme, parent=self)
        self.undo_button.hide()
        self.undo_button.clicked.connect(messages.undo)
        self._countdown = QTimer(self)
        self._countdown.setInterval(COUNTDOWN_MS)
        self._countdown.timeout.connect(self.update)
        messages.shown.connect(self._show)
        messages.said.connect(self._announce)
        theme.changed.connect(self._restyle)

    @property
    def text(self) -> str:
        """What is written now."""
        return self._message.text

    @Slot(object)
    def _show(self, message: Message) -> None:
        self._message = message
        offers = message.kind == "undo"
        self.undo_button.setVisible(offers)
        if offers:
            self._countdown.start()
        else:
            self._countdown.stop()
        self.setAccessibleName(message.text)
        self.setToolTip("")
        self._place_button()
        self.update()

    @Slot(str)
    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the undo button at the right end."""
        super().resizeEvent(event)
        self._place_button()

    def _place_button(self) -> None:
        size = self.undo_button.sizeHint()
        self.undo_button.setGeometry(
            self.width() - size.width() - 4,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, icon, words and what is left of the time to undo."""
        theme = self._theme
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ink = "text_2" if self._message.kind == "hint" else "text"
        if self._message.kind == "undo":
            # The line above the bar belongs to the bar; the undo bar covers it.
            painter.fillRect(self.rect(), theme.color("inverse"))
            ink = "on_inverse"
            rect.setRight(self.undo_button.x() - 12)
            if self.width() > COUNTDOWN_FROM:
                rect.setRight(rect.right() - COUNTDOWN)
                self._draw_countdown(painter)
        words = rect.adjusted(12, 0, -8, 0)
        if self._message.icon:
            role = {"warning": "warning", "undo": "on_inverse"}.get(self._message.kind, "text_2")
            at = QPointF(words.left(), round((self.height() - 16) / 2))
            draw_icon(painter, at, self._message.icon, role, theme, 16)
            words.setLeft(words.left() + 24)
        font = theme.font("small", tabular=True)
        draw_text(painter, words, self._message.text, font, theme.color(ink))
        cut = QFontMetricsF(font).horizontalAdvance(self._message.text) > words.width()
        painter.end()
        if cut and not self.toolTip():
            self.setToolTip(self._message.text)

    def _draw_countdown(self, painter: QPainter) -> None:
        left = self.undo_button.x() - COUNTDOWN
        track = QRectF(left, self.height() / 2 - 1, COUNTDOWN, 2)
        faint = self._theme.color("on_inverse")
        faint.setAlphaF(0.35)
        draw_bar(painter, track, faint, 1)
        track.setWidth(COUNTDOWN * self._messages.undo_left)
        draw_bar(painter, track, self._theme.color("inverse_accent"), 1)

    def _restyle(self) -> None:
        self._place_button()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return room for a few words."""
        return QSize(120, 24)

    def sizeHint(self) -> QSize:
        """Return any size: the bar gives what is left."""
        return QSize(240, 24)

    def focusable(self) -> QWidget | None:
        """Return what takes the focus here now."""
        return self.undo_button if not self.undo_button.isHidden() else None
