"""The line of dates below the chart: a dot for each day on which something changed."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSlider, QWidget

from clinic_desktop.domain.dates import format_date, format_month
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.painting import draw_text
from clinic_desktop.ui.widgets.pictures import Icon

_SIDE: Final = 44
_LINE_AT: Final = 24
_DOT: Final = 5.0
_CHOSEN: Final = 10.0
_LEAST_GAP: Final = 15.0
_BETWEEN_WORDS: Final = 14.0
_HEIGHT: Final = 58


def stops_of(changed_on: Sequence[date], today: date) -> tuple[date, ...]:
    """Return the dates to stop at, today always the last."""
    return (*(day for day in changed_on if day < today), today)


def places(days: Sequence[date], width: float) -> list[float]:
    """Return where the dates stand on a line: by time, but never closer than can be hit.

    Where there are more than fit, they stand at even distances.
    """
    if len(days) < 2:
        return [width]
    gaps = len(days) - 1
    least = min(_LEAST_GAP, width / gaps)
    spare = width - least * gaps
    whole = max(1, (days[-1] - days[0]).days)
    found = [0.0]
    for one, other in pairwise(days):
        found.append(found[-1] + least + spare * (other - one).days / whole)
    return found


class HistorySlider(QSlider):
    """Stops at dates; ``day_chosen`` tells the date when a person moves it."""

    day_chosen = Signal(object)

    def __init__(self, theme: Theme, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._locale = locale
        self._days: tuple[date, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Dates of the chart"))
        self.setTracking(True)
        self.setPageStep(1)
        self.setProperty("focus_ring", "none")
        self.setProperty("keys_area", _("Dates"))
        self.valueChanged.connect(self._tell)
        theme.changed.connect(self.update)

    def show_days(self, days: tuple[date, ...], chosen: date) -> None:
        """Show these dates; ``chosen`` is one of them or lies between two."""
        place = max((at for at, day in enumerate(days) if day <= chosen), default=0)
        before = self.blockSignals(True)
        self._days = days
        self.setRange(0, max(0, len(days) - 1))
        self.setValue(place)
        self.blockSignals(before)
        self._describe()
        self.setEnabled(len(days) > 1)
        self.update()

    def day(self) -> date | None:
        """Return the date it stands at."""
        return self._days[self.value()] if self._days else None

    def step(self, by: int) -> None:
        """Go to an earlier or later date."""
        self.setValue(self.value() + by)

    def _tell(self, _place: int) -> None:
        self._describe()
        self.update()
        self.day_chosen.emit(self.day())

    def _describe(self) -> None:
        day = self.day()
        if day is not None:
            self.setAccessibleDescription(format_date(day, self._locale))
            self.setToolTip(format_date(day, self._locale))

    # -- measure ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the room of dots and words."""
        return QSize(400, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(160, _HEIGHT)

    def spots(self) -> list[float]:
        """Return where each date stands, from the left of the widget."""
        return [_SIDE / 2 + x for x in places(self._days, self.width() - _SIDE)]

    # -- pointer ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the date nearest to the pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Do nothing more: the date was chosen when the pointer came to it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def _go_to(self, x: float) -> None:
        spots = self.spots()
        if spots:
            self.setValue(min(range(len(spots)), key=lambda at: abs(spots[at] - x)))

    # -- drawing ----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, its dots and as many dates as have room."""
        if not self._days:
            return
        theme, spots = self._theme, self.spots()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border_strong"), 2))
        right = self.width() - _SIDE / 2
        painter.drawLine(QPointF(_SIDE / 2 - 12, _LINE_AT), QPointF(right + 12, _LINE_AT))
        for at, x in enumerate(spots):
            if at != self.value():
                self._dot(painter, x, last=at == len(spots) - 1)
        self._chosen(painter, spots[self.value()])
        self._words(painter, spots)
        painter.end()

    def _dot(self, painter: QPainter, x: float, *, last: bool) -> None:
        theme = self._theme
        if last:
            # Today is a full diamond, so that the way back is seen from any date.
            painter.save()
            painter.translate(x, _LINE_AT)
            painter.rotate(45)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("warning_line"))
            painter.drawRect(QRectF(-4.5, -4.5, 9, 9))
            painter.restore()
            return
        painter.setPen(QPen(theme.color("border_control"), 2))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(QPointF(x, _LINE_AT), _DOT, _DOT)

    def _chosen(self, painter: QPainter, x: float) -> None:
        theme, centre = self._theme, QPointF(x, _LINE_AT)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, _CHOSEN + 3, _CHOSEN + 3)
        painter.setPen(QPen(theme.color("accent"), 2.4))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(centre, _CHOSEN, _CHOSEN)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(centre, _CHOSEN - 4, _CHOSEN - 4)

    def _words(self, painter: QPainter, spots: list[float]) -> None:
        """Write the chosen date and today, then the others from the left where they have room."""
        theme = self._theme
        strong, plain = theme.face("small", weight=600), theme.face("micro")
        taken: list[tuple[float, float]] = []
        last, chosen = len(spots) - 1, self.value()
        for at in dict.fromkeys((chosen, last, *range(len(spots)))):
            words = self._word(at)
            face = strong if at == chosen else plain
            width = QFontMetricsF(face.font).horizontalAdvance(words)
            left = min(max(0.0, spots[at] - width / 2), self.width() - width)
            gap = _BETWEEN_WORDS
            if any(left < end + gap and left + width > start - gap for start, end in taken):
                continue
            taken.append((left, left + width))
            ink = theme.color("accent" if at == chosen else "text_2")
            box = QRectF(left, _LINE_AT + 13, width + 1, 18)
            draw_text(painter, box, words, face, ink)

    def _word(self, at: int) -> str:
        if at == len(self._days) - 1:
            return _("Today")
        if at == self.value():
            return format_date(self._days[at], self._locale)
        return format_month(self._days[at], self._locale)


class HistoryBar(QFrame):
    """The slider over when it was true; comparing; and when it was known."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self.setProperty("kind", "sunken")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 16, 2)
        row.setSpacing(12)
        row.addWidget(Icon("history", theme=theme, role="text", name=_("Earlier dates")))
        self.slider = HistorySlider(theme, locale)
        row.addWidget(self.slider, 1)
        self.compare = Button(theme=theme, icon="git-compare", name=_("Compare"))
        self.set_narrow(narrow=False)
        self.compare.setCheckable(True)
        row.addWidget(self.compare)
        self.known = Button(theme=theme, icon="eye")
        self.show_known("")
        row.addWidget(self.known)
        self.print = Button(theme=theme, icon="printer", name=_("Print the chart"), key="Ctrl+P")
        row.addWidget(self.print)

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave out a word that is the icon's name as well."""
        self.compare.setText("" if narrow else _("Compare"))

    def show_known(self, words: str) -> None:
        """Write as of when the mouth was known; an empty text is what is known now."""
        self.known.setText(words or _("As known now"))
        self.known.setToolTip(_("When it was known: now, on the day shown, or on another day"))
