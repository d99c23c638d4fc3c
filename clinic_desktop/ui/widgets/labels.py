"""Words on a screen: labels, tags and key hints; data are never read as markup."""

from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import (
    TagSpec,
    draw_key,
    draw_layout,
    draw_tag,
    draw_text,
    key_height,
    key_width,
    lay_out,
    one_line,
    tag_height,
    tag_width,
)

_PREFERRED_WIDTH: Final = 420
_KEPT_HEIGHTS: Final = 8


class Label(QLabel):
    """Plain text in one step of the type scale, cut with an ellipsis and a tooltip, or wrapped.

    ``wrap`` breaks lines; ``lines`` is the most that are shown before the text is cut.
    """

    def __init__(
        self,
        text: str = "",
        *,
        theme: Theme,
        size: str = "body",
        role: str = "text",
        tabular: bool = False,
        identifier: bool = False,
        weight: int | None = None,
        wrap: bool = False,
        lines: int = 0,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look = (size, tabular, identifier, weight)
        self._role = role
        self._lines = lines
        self._strike = False
        self._own_tip = ""
        # What the layout asks again and again, until the words or the look change.
        self._natural: float | None = None
        self._heights: dict[float, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self._restyle()
        self.setText(text)
        theme.changed.connect(self._restyle)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show other words."""
        super().setText(text)
        self._forget_sizes()
        self.updateGeometry()
        self._tell_whole()

    def set_role(self, role: str) -> None:
        """Change the colour role."""
        self._role = role
        self._restyle()

    def set_strike(self, strike: bool) -> None:
        """Strike the words: they will not happen."""
        self._strike = strike
        self.update()

    def set_tip(self, text: str) -> None:
        """Set a tooltip that is shown even when nothing is cut."""
        self._own_tip = text
        self._tell_whole()

    def sizeHint(self) -> QSize:
        """Return the size of the text on one line, or wrapped at a readable width."""
        natural = self._natural_width()
        line = self._theme.line_height(self._look[0])
        margins = self.contentsMargins()
        wide, high = margins.left() + margins.right(), margins.top() + margins.bottom()
        if not self.wordWrap():
            return QSize(round(natural + 1.5) + wide, line + high)
        width = min(natural + 1, _PREFERRED_WIDTH)
        return QSize(round(width + 0.5) + wide, self._height_at(width) + high)

    def minimumSizeHint(self) -> QSize:
        """Return the room for a few letters, or for the wrapped words."""
        line = self._theme.line_height(self._look[0])
        whole = self.sizeHint()
        return QSize(min(whole.width(), 3 * line), line if self.wordWrap() else whole.height())

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped text."""
        if not self.wordWrap():
            return -1
        margins = self.contentsMargins()
        room = width - margins.left() - margins.right()
        return self._height_at(room) + margins.top() + margins.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the text with the line height of its token."""
        painter = QPainter(self)
        rect = QRectF(self.contentsRect())
        colour = self._theme.color(self._role if self.isEnabled() else "text_disabled")
        if self.wordWrap():
            self._draw_wrapped(painter, rect, colour)
        else:
            draw_text(
                painter, rect, self.text(), self._font(), colour,
                align=self.alignment(), strike=self._strike,
            )  # fmt: skip
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw when the label is enabled or disabled."""
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text as a tooltip when it no longer fits."""
        super().resizeEvent(event)
        self._tell_whole()

    def _draw_wrapped(self, painter: QPainter, rect: QRectF, colour: QColor) -> None:
        line = self._theme.line_height(self._look[0])
        layout, height = lay_out(
            self.text(), self._font(), rect.width(), line_height=line, max_lines=self._lines
        )
        top = rect.top()
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter:
            top += max(0.0, (rect.height() - height) / 2)
        left = rect.left()
        if self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            for number in range(layout.lineCount()):
                row = layout.lineAt(number)
                row.setPosition(
                    QPointF((rect.width() - row.naturalTextWidth()) / 2, row.position().y())
                )
        draw_layout(painter, layout, QPointF(left, top), colour)

    def _font(self) -> QFont:
        size, tabular, identifier, weight = self._look
        return self._theme.font(size, tabular, identifier=identifier, weight=weight)

    def _forget_sizes(self) -> None:
        self._natural = None
        self._heights.clear()

    def _natural_width(self) -> float:
        if self._natural is None:
            self._natural = self._measured_width()
        return self._natural

    def _measured_width(self) -> float:
        metrics = QFontMetricsF(self._font())
        rows = self.text().split("\n") if self.wordWrap() else [one_line(self.text())]
        return max(metrics.horizontalAdvance(row) for row in rows)

    def _height_at(self, width: float) -> int:
        if width not in self._heights:
            if len(self._heights) >= _KEPT_HEIGHTS:  # a window is being drawn larger
                self._heights.clear()
            self._heights[width] = self._measured_height(width)
        return self._heights[width]

    def _measured_height(self, width: float) -> int:
        line = self._theme.line_height(self._look[0])
        height = lay_out(
            self.text(), self._font(), max(1.0, width), line_height=line, max_lines=self._lines
        )[1]
        return round(height)

    def _tell_whole(self) -> None:
        cut = not self.wordWrap() and self._natural_width() > self.contentsRect().width() + 1
        self.setToolTip(self._own_tip or (plain_tip(self.text()) if cut else ""))

    def _restyle(self) -> None:
        self._forget_sizes()
        self.setFont(self._font())
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._theme.color(self._role))
        self.setPalette(palette)
        self.updateGeometry()
        self.update()


def plain_tip(text: str) -> str:
    """Return text for a tooltip, escaped where Qt would guess that it is markup."""
    return f"<span>{escape(text)}</span>" if "<" in text or "&" in text else text


class Tag(QWidget):
    """A small framed word with its icon; ``kind`` is a key of ``painting.TAG_KINDS``."""

    def __init__(
        self,
        kind: str,
        icon: str | None,
        text: str,
        *,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tag = TagSpec(kind, text, icon)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme.changed.connect(self._restyle)

    def set_tag(self, kind: str, icon: str | None, text: str) -> None:
        """Show another state."""
        self._tag = TagSpec(kind, text, icon)
        self.setAccessibleName(text)
        self._restyle()

    def text(self) -> str:
        """Return the word."""
        return self._tag.text

    def kind(self) -> str:
        """Return the kind."""
        return self._tag.kind

    def sizeHint(self) -> QSize:
        """Return the size at which the word is whole."""
        return QSize(round(tag_width(self._tag, self._theme) + 1), tag_height(self._theme))

    def minimumSizeHint(self) -> QSize:
        """Return the room for the icon and a few letters."""
        whole = self.sizeHint()
        return QSize(min(whole.width(), 48), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the tag at its own size, at the left."""
        painter = QPainter(self)
        height = tag_height(self._theme)
        width = min(self.width(), self.sizeHint().width())
        draw_tag(
            painter, QRectF(0, (self.height() - height) // 2, width, height), self._tag, self._theme
        )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole word as a tooltip when it no longer fits."""
        super().resizeEvent(event)
        cut = self.width() < self.sizeHint().width()
        self.setToolTip(plain_tip(self._tag.text) if cut else "")

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class KeyHint(QWidget):
    """The name of a key in a small frame."""

    def __init__(self, key: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._key = key
        self.setAccessibleName(_("Key: {key}").format(key=key))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """Return the size of the frame."""
        return QSize(round(key_width(self._key, self._theme) + 0.5), key_height(self._theme))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the frame and the name."""
        painter = QPainter(self)
        draw_key(
            painter, QRectF(self.rect()), self._key, self._theme,
            line=self._theme.color("border_strong"), ink=self._theme.color("text_2"),
        )  # fmt: skip
        painter.end()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
