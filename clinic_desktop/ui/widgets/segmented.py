"""Segmented controls: a few words of which exactly one holds, or any number of them."""

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text, one_line

_PADDING: Final = 12
_TIGHT: Final = 9
_ICON: Final = 16
_GAP: Final = 6


class Segmented(QWidget):
    """Words side by side; ``chosen`` carries the value. Arrow keys move, Tab passes by.

    The arrow keys are Qt's own, which moves and presses inside an exclusive group.
    """

    chosen = Signal(object)

    def __init__(
        self,
        options: Iterable[tuple[str, Any]],
        *,
        theme: Theme,
        value: Any = None,
        icons: dict[Any, str] | None = None,
        name: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._values: list[Any] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (words, one) in enumerate(options):
            part = _Part(words, (icons or {}).get(one), theme, small=small)
            self._group.addButton(part, place)
            self._values.append(one)
            row.addWidget(part)
        self._tell_ends()
        self.set_value(self._values[0] if value is None else value)
        self._group.idClicked.connect(self._tell)

    def value(self) -> Any:
        """Return the value that holds."""
        return self._values[self._group.checkedId()]

    def set_value(self, value: Any) -> None:
        """Let another value hold, without a signal."""
        self._group.button(self._values.index(value)).setChecked(True)

    def set_words(self, value: Any, words: str) -> None:
        """Change the words of one option, for example its count."""
        part = self._group.button(self._values.index(value))
        part.setText(words)
        part.updateGeometry()

    def _tell(self, place: int) -> None:
        self.chosen.emit(self._values[place])

    def _tell_ends(self) -> None:
        parts = self._group.buttons()
        for place, part in enumerate(parts):
            assert isinstance(part, _Part)  # noqa: S101 - only our own are added
            part.first, part.last = place == 0, place == len(parts) - 1


class Several(QWidget):
    """Words side by side of which any number hold; Tab goes through them, Space changes one."""

    chosen = Signal(object)
    """The frozenset of values that hold."""

    def __init__(
        self,
        options: Iterable[tuple[str, str, Any]],
        *,
        theme: Theme,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """``options`` are words, what they say in full, and their value."""
        super().__init__(parent)
        self._parts: list[tuple[_Part, Any]] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for words, whole, value in options:
            part = _Part(words, None, theme, small=True, several=True)
            part.setAccessibleName(whole)
            part.setToolTip(whole)
            part.toggled.connect(lambda _on: self.chosen.emit(self.values()))
            self._parts.append((part, value))
            row.addWidget(part)
        for place, (part, _value) in enumerate(self._parts):
            part.first, part.last = place == 0, place == len(self._parts) - 1

    def values(self) -> frozenset[Any]:
        """Return the values that hold."""
        return frozenset(value for part, value in self._parts if part.isChecked())

    def set_values(self, values: Iterable[Any]) -> None:
        """Let these hold, without a signal."""
        wanted = set(values)
        for part, value in self._parts:
            part.blockSignals(True)
            part.setChecked(value in wanted)
            part.blockSignals(False)
            part.update()

    def part(self, value: Any) -> QAbstractButton:
        """Return the word of a value."""
        return next(part for part, one in self._parts if one == value)


class _Part(QAbstractButton):
    """One word of the control."""

    def __init__(
        self, words: str, icon: str | None, theme: Theme, *, small: bool, several: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._padding = _TIGHT if several else _PADDING
        self._picture = icon
        self._small = small
        self.first = self.last = False
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if several else Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if not several:
            self.toggled.connect(self._only_chosen_takes_tab)
        theme.changed.connect(self._restyle)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show other words."""
        super().setText(text)
        self.setAccessibleName(text.replace("&&", "&"))

    def _only_chosen_takes_tab(self, chosen: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        """Return the width of the words when chosen, so that choosing moves nothing."""
        words = one_line(self.text().replace("&&", "&"))
        width = (
            QFontMetricsF(self._font(chosen=True)).horizontalAdvance(words) + 2 * self._padding + 1
        )
        if self._picture is not None:
            width += _ICON + _GAP
        small = self._small and self._theme.density != "touch"
        return QSize(round(width + 0.5), 28 if small else self._theme.height("button"))

    def _font(self, *, chosen: bool) -> QFont:
        step = "small" if self._small else "body"
        return self._theme.font(step, tabular=True, weight=600 if chosen else 500)

    def changeEvent(self, event: QEvent) -> None:
        """Redraw when enabled or disabled."""
        self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, line below, words and the frame of the whole control."""
        theme, chosen = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = self._shape()
        painter.setClipPath(shape)
        ground = "accent_soft" if chosen else "surface"
        if not self.isEnabled():
            ground = "sunken"
        elif not chosen and (self.underMouse() or self.isDown()):
            ground = "sunken" if self.isDown() else "hover"
        painter.fillRect(self.rect(), theme.color(ground))
        if chosen and self.isEnabled():
            painter.fillRect(QRectF(0, self.height() - 3, self.width(), 3), theme.color("accent"))
        painter.setClipping(False)
        self._draw_words(painter, chosen=chosen)
        painter.setPen(QPen(theme.color("border_control" if self.isEnabled() else "border"), 1))
        painter.drawPath(shape)
        if not self.last:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.drawLine(
                QPointF(self.width() - 0.5, 1), QPointF(self.width() - 0.5, self.height() - 1)
            )
        painter.end()

    def _draw_words(self, painter: QPainter, *, chosen: bool) -> None:
        ink = "on_accent_soft" if chosen else "text_2"
        if not self.isEnabled():
            ink = "text_disabled"
        words = one_line(self.text().replace("&&", "&"))
        font = self._font(chosen=chosen)
        width = QFontMetricsF(font).horizontalAdvance(words)
        whole = width + (_ICON + _GAP if self._picture is not None else 0)
        left = max(4.0, (self.width() - whole) / 2)
        if self._picture is not None:
            at = QPointF(round(left), (self.height() - _ICON) / 2)
            draw_icon(painter, at, self._picture, ink, self._theme, _ICON)
            left += _ICON + _GAP
        box = QRectF(left, 0, self.width() - left - 4, self.height())
        draw_text(painter, box, words, font, self._theme.color(ink))

    def _shape(self) -> QPainterPath:
        """Return the frame: rounded at the ends of the control, open between the words."""
        radius = self._theme.radius("control")
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        box.setLeft(box.left() if self.first else -radius - 2)
        box.setRight(box.right() if self.last else self.width() + radius + 2)
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        return path

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
