"""The switch beside the entry line: whether what is typed was done, is planned, was there."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from clinic_desktop.domain.teeth.chart import STATUS_LETTERS, MarkStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_text

_WORDS: Final = {
    MarkStatus.DONE: N_("Done"),
    MarkStatus.PLANNED: N_("Planned"),
    MarkStatus.EXISTING: N_("Existing"),
    MarkStatus.ELSEWHERE: N_("Elsewhere"),
    MarkStatus.CONDITION: N_("Condition"),
    MarkStatus.REFERRED: N_("Referred"),
    MarkStatus.IN_PROGRESS: N_("In progress"),
}
# The others are rare; they appear when they are chosen.
_RARE: Final = frozenset({MarkStatus.REFERRED, MarkStatus.IN_PROGRESS})
_LETTERS: Final = {status: letter for letter, status in STATUS_LETTERS.items()}
_PADDING: Final = 11
_NARROW_PADDING: Final = 6
_ARROWS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class StatusSwitch(QWidget):
    """One status holds; ``chosen`` tells when a person changes it. Alt and its letter choose too.

    In a narrow window only the letters are shown, with the words as tooltips.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._parts: dict[MarkStatus, _Part] = {}
        self.setAccessibleName(_("Status of what is charted"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (status, words) in enumerate(_WORDS.items()):
            part = _Part(_(words), _LETTERS[status], theme, self)
            self._parts[status] = part
            self._group.addButton(part, place)
            row.addWidget(part)
            part.setVisible(status not in _RARE)
        self._group.idClicked.connect(self._tell)
        self.set_value(MarkStatus.DONE)

    def value(self) -> MarkStatus:
        """Return the status that holds."""
        return list(_WORDS)[self._group.checkedId()]

    def set_value(self, status: MarkStatus) -> None:
        """Let another status hold, without a signal."""
        for rare in _RARE:
            self._parts[rare].setVisible(rare is status)
        self._parts[status].setChecked(True)
        self._tell_ends()

    def choose(self, status: MarkStatus) -> None:
        """Let another status hold and tell, as a click does."""
        if status is not self.value():
            self.set_value(status)
            self.chosen.emit(status)

    def step(self, by: int) -> None:
        """Go to the status beside the one that holds."""
        shown = [status for status, part in self._parts.items() if not part.isHidden()]
        place = shown.index(self.value()) + by
        if 0 <= place < len(shown):
            self.choose(shown[place])
            self._parts[shown[place]].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_narrow(self, narrow: bool) -> None:
        """Show letters alone where there is no room for words."""
        for part in self._parts.values():
            part.set_narrow(narrow)

    def _tell(self, place: int) -> None:
        status = list(_WORDS)[place]
        self.set_value(status)
        self.chosen.emit(status)

    def _tell_ends(self) -> None:
        shown = [part for part in self._parts.values() if not part.isHidden()]
        for part in shown:
            part.first, part.last = part is shown[0], part is shown[-1]
            part.update()


class _Part(QAbstractButton):
    """One word of the switch, the letter that chooses it underlined."""

    def __init__(self, words: str, letter: str, theme: Theme, switch: StatusSwitch) -> None:
        super().__init__(switch)
        self._theme = theme
        self._switch = switch
        self._words = words
        self._letter = letter.upper()
        self._narrow = False
        self.first = self.last = False
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        key = f"Alt+{self._letter}"
        self.setToolTip(_("{act} ({key})").format(act=words, key=key))
        self.setAccessibleDescription(_("Key: {key}").format(key=key))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(self._only_chosen_takes_tab)
        theme.changed.connect(self._restyle)

    def set_narrow(self, narrow: bool) -> None:
        """Show the letter alone."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.updateGeometry()
            self.update()

    def _shown(self) -> str:
        return self._letter if self._narrow else self._words

    def _only_chosen_takes_tab(self, chosen: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the switch by arrows; what is typed is for the entry line."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._switch.step(step)
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        """Return the width of the words when chosen, so that choosing moves nothing."""
        width = QFontMetricsF(self._font(chosen=True)).horizontalAdvance(self._shown())
        padding = _NARROW_PADDING if self._narrow else _PADDING
        height = self._theme.height("button")
        return QSize(max(28, round(width + 2 * padding + 1.5)), height)

    def _font(self, *, chosen: bool) -> QFont:
        return self._theme.font("body", weight=600 if chosen else 500)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, line below, words, and the frame of the whole control."""
        theme, chosen = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        radius = theme.radius("control")
        shape = rect.adjusted(0.5, 0.5, 0.0 if not self.last else -0.5, -0.5)
        painter.save()
        # The neighbours cut the round corners of the parts between them.
        painter.setClipRect(rect)
        around = shape.adjusted(
            0 if self.first else -2 * radius, 0, 0 if self.last else 2 * radius, 0
        )
        painter.setPen(QPen(theme.color("border_control"), 1))
        ground = "accent_soft" if chosen else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(around, radius, radius)
        if chosen:
            painter.fillRect(
                QRectF(1, self.height() - 4, self.width() - 2, 3), theme.color("accent")
            )
        if not self.last:
            painter.setPen(QPen(theme.color("border"), 1))
            right = self.width() - 0.5
            painter.drawLine(QPointF(right, 1), QPointF(right, self.height() - 1))
        painter.restore()
        self._draw_words(painter, chosen=chosen)
        painter.end()

    def _draw_words(self, painter: QPainter, *, chosen: bool) -> None:
        theme, shown = self._theme, self._shown()
        font = self._font(chosen=chosen)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(shown)
        left = (self.width() - width) / 2
        ink = theme.color("on_accent_soft" if chosen else "text_2")
        box = QRectF(left, 0, width + 2, self.height())
        draw_text(painter, box, shown, font, ink)
        place = shown.upper().find(self._letter)
        if place < 0 or self._narrow:
            return
        start = left + metrics.horizontalAdvance(shown[:place])
        end = left + metrics.horizontalAdvance(shown[: place + 1])
        base = self.height() / 2 + (metrics.ascent() - metrics.descent()) / 2 + 2.5
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(start, base), QPointF(end - 0.5, base))

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
