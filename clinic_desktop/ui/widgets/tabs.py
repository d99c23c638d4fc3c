"""Tabs of a record: words with a small note, a line below the chosen one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.painting import draw_text

_PADDING: Final = 12
_GAP: Final = 6


@dataclass(slots=True)
class _Tab:
    words: str
    value: Any
    note: str = ""


class Tabs(QTabBar):
    """A row of tabs; ``chosen`` carries the value when a person changes the tab.

    Arrow keys move along the row; a row that is too narrow gets arrows at its end.
    """

    chosen = Signal(object)

    def __init__(
        self,
        options: Iterable[tuple[str, Any]],
        *,
        theme: Theme,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tabs = [_Tab(words, value) for words, value in options]
        self._quiet = False
        self.setAccessibleName(name)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setProperty("focus_ring", "none")
        for tab in self._tabs:
            self.addTab(tab.words.replace("&", "&&"))
        self.currentChanged.connect(self._tell)
        theme.changed.connect(self._restyle)
        self._restyle()

    def value(self) -> Any:
        """Return the value of the chosen tab."""
        return self._tabs[self.currentIndex()].value

    def set_value(self, value: Any) -> None:
        """Choose a tab without a signal."""
        self._quiet = True
        self.setCurrentIndex(self._place(value))
        self._quiet = False

    def set_note(self, value: Any, note: str) -> None:
        """Write a small note after the words, for example how many are open."""
        place = self._place(value)
        self._tabs[place].note = note
        words = self._tabs[place].words.replace("&", "&&")
        self.setTabText(place, words)
        self.setTabToolTip(place, "")
        self.setAccessibleTabName(place, f"{self._tabs[place].words} {note}".strip())

    def set_shown(self, value: Any, shown: bool) -> None:
        """Show or hide a tab, for a role without the right to it."""
        self.setTabVisible(self._place(value), shown)

    def _place(self, value: Any) -> int:
        return next(place for place, tab in enumerate(self._tabs) if tab.value == value)

    def _tell(self, place: int) -> None:
        if not self._quiet and 0 <= place < len(self._tabs):
            self.chosen.emit(self._tabs[place].value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End reach the ends; arrows are Qt's."""
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.count() - 1}
        place = ends.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
            return
        self.setCurrentIndex(place)
        event.accept()

    # -- drawing ----------------------------------------------------------------------------

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        """Return the width of the words as chosen, so that choosing moves nothing."""
        tab = self._tabs[index]
        width = QFontMetricsF(self._font(chosen=True)).horizontalAdvance(tab.words)
        if tab.note:
            width += _GAP + QFontMetricsF(self._small()).horizontalAdvance(tab.note)
        return QSize(round(width + 2 * _PADDING + 1), self._theme.height("tab"))

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        """Return the same: tabs are scrolled, not cut."""
        return self.tabSizeHint(index)

    def _font(self, *, chosen: bool) -> QFont:
        return self._theme.font("body", weight=600 if chosen else 500)

    def _small(self) -> QFont:
        return self._theme.font("micro", tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the words, their notes, and the line below the chosen tab."""
        painter = QPainter(self)
        for place in range(self.count()):
            if self.isTabVisible(place):
                self._draw_tab(painter, place)
        painter.end()

    def _draw_tab(self, painter: QPainter, place: int) -> None:
        tab, theme = self._tabs[place], self._theme
        rect = QRectF(self.tabRect(place))
        chosen = place == self.currentIndex()
        under = self.underMouse() and rect.contains(
            QPointF(self.mapFromGlobal(self.cursor().pos()))
        )
        if under and not chosen:
            painter.fillRect(rect, theme.color("hover"))
        ink = "accent" if chosen else "text" if under else "text_2"
        box = rect.adjusted(_PADDING, 0, 0, 0)
        box.setLeft(
            box.left()
            + draw_text(painter, box, tab.words, self._font(chosen=chosen), theme.color(ink))
            + _GAP
        )
        if tab.note:
            draw_text(painter, box, tab.note, self._small(), theme.color("text_2"))
        if chosen:
            bar = tokens().border["bar"]
            line = QRectF(rect.left(), rect.bottom() - bar, rect.width(), bar)
            painter.fillRect(line, theme.color("accent"))
        if chosen and self.hasFocus():
            self._draw_ring(painter, rect)

    def _draw_ring(self, painter: QPainter, rect: QRectF) -> None:
        width = tokens().focus["width"]
        pen = painter.pen()
        pen.setColor(self._theme.color("focus"))
        pen.setWidthF(width)
        painter.setPen(pen)
        inset = 2 + width / 2
        radius = self._theme.radius("control")
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)

    def _restyle(self) -> None:
        self.setFont(self._theme.font("body", weight=600))
        self.updateGeometry()
        self.update()
