"""Buttons: one shape, four weights, with the key that does the same written inside."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.keymap import key_now
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import (
    draw_icon,
    draw_key,
    draw_text,
    key_height,
    key_width,
    one_line,
)

KINDS: Final = ("plain", "primary", "quiet", "danger", "link")
_INKS: Final = {
    "plain": "text",
    "primary": "on_accent",
    "quiet": "text",
    "danger": "danger",
    "link": "accent",
}
_GAP: Final = 8
_KEY_GAP: Final = 12
_SMALL_HEIGHT: Final = 28


_ARROWS: Final = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


class Button(QPushButton):
    """A push button; at most one of kind ``primary`` in a panel.

    ``key`` is only shown (the view owns the shortcut) unless ``shortcut`` is true. A button
    without text needs ``name``, which becomes its tooltip and accessible name.
    """

    def __init__(
        self,
        text: str = "",
        *,
        theme: Theme,
        icon: str | None = None,
        key: str | None = None,
        kind: str = "plain",
        small: bool = False,
        name: str | None = None,
        shortcut: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self._icon = icon
        self._usual_key = key
        self._key = key
        self._kind = kind
        self._small = small
        self._name = name
        self._spread = False
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)  # Enter belongs to the form, which names its primary button
        if shortcut and key is not None:
            self.setShortcut(QKeySequence(key))
        theme.changed.connect(self._restyle)

    # -- content ----------------------------------------------------------------------------

    def text(self) -> str:
        """Return the words as they were given."""
        return self._text

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show other words; an ampersand is an ampersand."""
        self._text = text
        super().setText(text.replace("&", "&&"))
        self._describe()
        self.updateGeometry()

    def set_key(self, key: str | None) -> None:
        """Show another key, or none."""
        self._usual_key = key
        self._key = key_now(self, key) or None if key else key
        self._describe()
        self.updateGeometry()
        self.update()

    def take_key(self) -> None:
        """Show the key that is in force now."""
        if self._usual_key and self._key != (key_now(self, self._usual_key) or None):
            self.set_key(self._usual_key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave an arrow with Ctrl to the screen; Qt would take it for a plain one."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in _ARROWS:
            event.ignore()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the key as it is set for where the button stands."""
        super().showEvent(event)
        self.take_key()

    def set_icon(self, icon: str | None) -> None:
        """Show another icon, or none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: str) -> None:
        """Change the weight of the button."""
        self._kind = kind
        self.setProperty("kind", kind)
        self._restyle()

    def set_spread(self, spread: bool) -> None:
        """Put the words to the left and the key to the right edge, as in a grid of acts."""
        self._spread = spread
        self.update()

    def _describe(self) -> None:
        name = self._name or self._text
        if self._name is not None:
            self.setAccessibleName(self._name)
        if self._key is not None:
            self.setToolTip(_("{act} ({key})").format(act=name, key=self._key))
            self.setAccessibleDescription(_("Key: {key}").format(key=self._key))
        else:
            self.setToolTip(self._name or "")

    # -- measure ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        if self._kind == "link":
            line = self._theme.line_height("small" if self._small else "body")
            return QSize(round(self._content_width() + 2), line + (0 if self._small else 4))
        padding = 2 * self._padding()
        width = self._content_width() + padding
        height = self._height()
        return QSize(round(max(width, height) + 0.5), height)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which the key is left out but the words are not cut."""
        whole = self.sizeHint()
        return QSize(whole.width() - round(self._key_room()), whole.height())

    def _height(self) -> int:
        if self._small and self._theme.density != "touch":
            return _SMALL_HEIGHT
        return self._theme.height("button")

    def _padding(self) -> int:
        if not self._text:
            return 6
        return 10 if self._small else 12

    def _font(self) -> QFont:
        if self._kind == "link":
            font = self._theme.font("small" if self._small else "body", weight=500)
            font.setUnderline(self._icon is None)
            return font
        if self._small:
            return self._theme.font("small", tabular=True, weight=500)
        return self._theme.font("body", tabular=True, weight=600)

    def _content_width(self) -> float:
        width = 0.0
        if self._text:
            width += QFontMetricsF(self._font()).horizontalAdvance(one_line(self._text)) + 1
        if self._icon is not None:
            width += self._icon_size() + (_GAP if self._text else 0)
        return width + self._key_room()

    def _key_room(self) -> float:
        """Return the room that the key takes with the gap before it."""
        if self._key is None:
            return 0.0
        return key_width(self._key, self._theme) + (_GAP if self._small else _KEY_GAP)

    def _icon_size(self) -> int:
        return 20 if self._theme.density == "touch" else 16

    # -- drawing ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the frame by the style and the content by hand, because of the key."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        option.icon = QIcon()
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        self._draw_content(painter)
        painter.end()

    def _ink(self) -> str:
        if not self.isEnabled():
            return "text_disabled"
        if self.isChecked():
            return "on_accent_soft"
        return _INKS[self._kind]

    def _draw_content(self, painter: QPainter) -> None:
        ink = self._ink()
        rect = QRectF(self.rect())
        padding = 1 if self._kind == "link" else self._padding()
        room = rect.width() - 2 * padding
        keyed = self._key is not None and self._content_width() <= room + 1
        content = min(self._content_width() - (0 if keyed else self._key_room()), room)
        left = padding if self._spread else max(padding, (rect.width() - content) / 2)
        right = rect.width() - padding if self._spread else left + content
        if self._icon is not None:
            size = self._icon_size()
            role = "text_2" if ink == "text" else ink
            draw_icon(
                painter, QPointF(round(left), (self.height() - size) / 2), self._icon, role,
                self._theme, size,
            )  # fmt: skip
            left += size + _GAP
        if self._key is not None and keyed:
            width = key_width(self._key, self._theme)
            height = key_height(self._theme)
            box = QRectF(round(right - width), (self.height() - height) // 2, width, height)
            line, tone = self._key_colours(ink)
            draw_key(painter, box, self._key, self._theme, line=line, ink=tone)
            right -= width + (_GAP if self._small else _KEY_GAP)
        if self._text:
            words = QRectF(left, 0, right - left, self.height())
            draw_text(painter, words, self._text, self._font(), self._theme.color(ink))

    def _key_colours(self, ink: str) -> tuple[QColor, QColor]:
        if ink == "text":
            return self._theme.color("border_strong"), self._theme.color("text_2")
        tone = self._theme.color(ink)
        line = self._theme.color(ink)
        line.setAlphaF(0.6)
        return line, tone

    def _restyle(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)
        self.updateGeometry()
        self.update()
