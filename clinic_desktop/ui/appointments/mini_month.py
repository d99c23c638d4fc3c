"""A month beside the calendar: which day is shown, and on which days there is a free time."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from babel.dates import get_day_names
from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.domain.dates import first_weekday, format_long_date, format_whole_month
from clinic_desktop.i18n import _, language
from clinic_desktop.ui.appointments.period import FIRST_DAY, LAST_DAY, within
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.painting import draw_text
from clinic_desktop.ui.widgets.panel import Panel

_WEEK: Final = 7
_ROWS: Final = 6
_ROW: Final = 24
_HEAD: Final = 22
DAYS: Final = _WEEK * _ROWS
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_WEEK,
    Qt.Key.Key_Down: _WEEK,
}


def first_shown(day: date, locale: str) -> date:
    """Return the first of the six weeks that show the month of a day."""
    first = day.replace(day=1)
    return first - timedelta(days=(first.weekday() - first_weekday(locale)) % _WEEK)


class MonthSheet(QWidget):
    """Six weeks; underlined days have a free time, dotted ones are not known yet.

    Keys: arrows walk, PgUp and PgDown change the month, Enter shows the day.
    """

    chosen = Signal(object)
    """The day to be shown."""
    turned = Signal()
    """Another month is looked at: what is free in it is to be asked."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self._theme, self._locale = theme, locale
        self.day: date | None = None
        """The day that the calendar shows."""
        self.here: date | None = None
        self.today: date | None = None
        self._free: frozenset[date] | None = None
        self._known_from: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("keys_area", _("Calendar"))
        theme.changed.connect(self.update)
        self._speak()

    def sizeHint(self) -> QSize:
        """Return six rows below the names of the days."""
        return QSize(220, self._head() + _ROWS * self._row())

    def _row(self) -> int:
        return round(_ROW * max(1.0, self._theme.scale))

    def _head(self) -> int:
        return round(_HEAD * max(1.0, self._theme.scale))

    # -- what is shown -------------------------------------------------------------------------

    @property
    def first(self) -> date | None:
        """The first day of the six weeks."""
        return first_shown(self.here, self._locale) if self.here is not None else None

    def show_day(self, day: date, today: date) -> None:
        """Mark the day that the calendar shows, and turn to its month."""
        before = self.first
        self.day = self.here = day
        self.today = today
        if self.first != before:
            self._turn()
        self._speak()
        self.update()

    def set_free(self, first: date, free: Collection[date] | None) -> None:
        """Mark the days with a free time; None is not known, which is not the same as none."""
        self._known_from = first if free is not None else None
        self._free = frozenset(free) if free is not None else None
        self._speak()
        self.update()

    def state(self, day: date) -> str:
        """Return ``past``, ``free``, ``full`` or ``unknown``."""
        if self.today is None or day < self.today:
            return "past" if self.today is not None else "unknown"
        if self._free is None or self._known_from != self.first:
            return "unknown"
        return "free" if day in self._free else "full"

    def _turn(self) -> None:
        self._free = self._known_from = None
        self.turned.emit()

    # -- keys and mouse ------------------------------------------------------------------------

    def step_month(self, months: int) -> None:
        """Look at another month; the calendar stays where it is."""
        if self.here is None:
            return
        count = self.here.year * 12 + self.here.month - 1 + months
        year, month = divmod(count, 12)
        if not FIRST_DAY.year <= year <= LAST_DAY.year:
            return
        last = monthrange(year, month + 1)[1]
        self._walk_to(date(year, month + 1, min(self.here.day, last)))

    def _walk_to(self, day: date) -> None:
        before, self.here = self.first, within(day)
        if self.first != before:
            self._turn()
        self._speak(aloud=True)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, change the month, show a day; other keys are the calendar's."""
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, _KEYPAD)
        if self.here is None or not plain:
            event.ignore()
        elif key in _STEPS:
            self._walk_to(self.here + timedelta(days=_STEPS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.step_month(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.here)
        else:
            event.ignore()

    def day_at(self, at: QPoint) -> date | None:
        """Return the day at a point."""
        first = self.first
        row, column = (at.y() - self._head()) // self._row(), at.x() * _WEEK // max(1, self.width())
        if first is None or not (0 <= row < _ROWS and 0 <= column < _WEEK):
            return None
        return first + timedelta(days=row * _WEEK + column)

    def rect_of(self, day: date) -> QRectF:
        """Return where a day is."""
        first = self.first or day
        place = (day - first).days
        width = self.width() / _WEEK
        top = self._head() + place // _WEEK * self._row()
        return QRectF(place % _WEEK * width, top, width, self._row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the day that was clicked."""
        day = self.day_at(event.position().toPoint())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(within(day))

    # -- what is drawn and said ----------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the names of the days and the six weeks."""
        theme, first = self._theme, self.first
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if first is None:
            painter.end()
            return
        names = get_day_names("narrow", context="stand-alone", locale=language())
        width = self.width() / _WEEK
        for place in range(_WEEK):
            words = str(names[(first + timedelta(days=place)).weekday()])
            box = QRectF(place * width, 0, width, self._head())
            draw_text(
                painter, box, words, theme.face("micro"), theme.color("text_3"), align=_MIDDLE
            )
        for place in range(DAYS):
            self._draw(painter, first + timedelta(days=place))
        painter.end()

    def _draw(self, painter: QPainter, day: date) -> None:
        theme, box = self._theme, self.rect_of(day)
        inner = QRectF(box.center().x() - 15, box.top() + 1, 30, box.height() - 2)
        shown = day == self.day
        ink = "text" if self.here is not None and day.month == self.here.month else "text_3"
        if shown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(inner, theme.radius("control"), theme.radius("control"))
            ink = "on_accent"
        elif day == self.today:
            ink = "accent"
        weight = 600 if shown or day == self.today else 500
        face = theme.face("small", True, weight=weight)
        draw_text(painter, box, str(day.day), face, theme.color(ink), align=_MIDDLE)
        self._mark(painter, day, box, ink)
        if day == self.here and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(inner, theme.radius("control"), theme.radius("control"))

    def _mark(self, painter: QPainter, day: date, box: QRectF, ink: str) -> None:
        state = self.state(day)
        if state not in ("free", "unknown"):
            return
        y = round(box.bottom() - 4) + 0.5
        middle = box.center().x()
        role = ink if state == "free" else "unknown"
        style = Qt.PenStyle.SolidLine if state == "free" else Qt.PenStyle.DotLine
        painter.setPen(QPen(self._theme.color(role), 1.6, style))
        painter.drawLine(round(middle - 7), round(y), round(middle + 7), round(y))

    def words(self, day: date) -> str:
        """Return a day in words, with whether it has a free time."""
        said = {
            "free": _("has a free time"),
            "full": _("nothing free"),
            "unknown": _("not known yet"),
        }.get(self.state(day), "")
        return ", ".join(filter(None, (format_long_date(day, self._locale), said)))

    def _speak(self, *, aloud: bool = False) -> None:
        self.setAccessibleName(_("Month, days with a free time"))
        words = self.words(self.here) if self.here is not None else ""
        self.setAccessibleDescription(words)
        if aloud:
            announce(self, words)


class MiniMonth(Panel):
    """The month with its name and two buttons."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__(" ", theme=theme)
        self._locale = locale
        self.sheet = MonthSheet(theme, locale)
        self.back = Button(
            theme=theme, icon="chevron-left", name=_("Month before"), small=True, kind="quiet"
        )
        self.forward = Button(
            theme=theme, icon="chevron-right", name=_("Month after"), small=True, kind="quiet"
        )
        for button, step in ((self.back, -1), (self.forward, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, step=step: self.sheet.step_month(step))
            self.add_head(button)
        self.body.setContentsMargins(8, 4, 8, 8)
        self.body.addWidget(self.sheet)
        self.sheet.turned.connect(self._name)

    def show_day(self, day: date, today: date) -> None:
        """Mark the day that the calendar shows."""
        self.sheet.show_day(day, today)
        self._name()

    def _name(self) -> None:
        if self.sheet.here is not None:
            self.set_title(format_whole_month(self.sheet.here, self._locale))


_MIDDLE: Final = Qt.AlignmentFlag.AlignHCenter
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
