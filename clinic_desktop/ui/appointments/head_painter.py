"""Paints the heads of the sheet: each day over the columns that it has, and whose each is."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.ui.appointments.columns import SheetColumn
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD, SheetGeometry
from clinic_desktop.ui.appointments.words import change_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_text

_FIRST_LINE: Final = 5
_LINE: Final = 18
_BAND: Final = 23
_LEAST_NAME: Final = 56


class HeadPainter:
    """Draws the heads of a sheet that is scrolled ``left`` pixels; they stay where it goes down."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        geometry: SheetGeometry,
        *,
        width: int,
        left: int,
        locale: str,
    ) -> None:
        self._painter, self._theme, self._geometry = painter, theme, geometry
        self._width, self._left, self._locale = width, left, locale

    def heads(self) -> None:
        """Draw who each column belongs to, with chair and how much is booked."""
        painter, theme, geometry = self._painter, self._theme, self._geometry
        painter.fillRect(QRectF(0, 0, self._width, HEAD), theme.color("surface"))
        painter.save()
        painter.setClipRect(QRectF(AXIS, 0, self._width - AXIS, HEAD))
        days = geometry.days
        seen = geometry.columns_between(self._left + AXIS, self._left + self._width)
        for day in days:
            banded = len(days) > 1 and len(day) > 1
            for number in day:
                if number in seen and banded:
                    self._below_day(number, day)
                elif number in seen:
                    self._alone(number, marked=len(days) > 1)
            if banded and day.start < seen.stop and seen.start < day.stop:
                self._day(day)
        painter.restore()
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(self._width, HEAD - 0.5))

    def _room(self, number: int, line: int) -> QRectF:
        left = self._geometry.x_of(number) - self._left
        return QRectF(left + 9, _FIRST_LINE + line * _LINE, self._geometry.column_width - 14, _LINE)

    def _ink(self, column: SheetColumn, *, marked: bool) -> str:
        # Beside other days alone: the one day that is shown is named above the sheet.
        return "accent" if marked and column.is_today else "text"

    def _alone(self, number: int, *, marked: bool) -> None:
        """Draw the head of the only column of its day, or of a column of the only day."""
        theme, column, room = self._theme, self._geometry.columns[number], self._room(number, 0)
        strong, small = theme.face("strong"), theme.face("small", True)
        title, note = column.title, column.note
        if strong.metrics.horizontalAdvance(title) > room.width():
            title, note = column.short
        elif small.metrics.horizontalAdvance(note) > room.width():
            note = column.short[1]
        ink = theme.color(self._ink(column, marked=marked))
        draw_text(self._painter, room, title, strong, ink)
        note = self._with_clocks(note, column, room.width())
        draw_text(self._painter, self._room(number, 1), note, small, theme.color("text_2"))
        self._edge(number, 0, "grid_strong")

    def _with_clocks(self, words: str, column: SheetColumn, room: float) -> str:
        """Add how the clocks are changed on that day, as long as there is room for."""
        change, face = column.day.change, self._theme.face("small", True)
        if change is None:
            return words
        for short in (False, True):
            told = change_words(change, self._locale, short=short)
            longer = " · ".join(filter(None, (words, told)))
            if face.metrics.horizontalAdvance(longer) <= room:
                return longer
        return words

    def _below_day(self, number: int, day: range) -> None:
        """Draw whose a column is, and how much of it is booked where there is room for that."""
        theme, column, room = self._theme, self._geometry.columns[number], self._room(number, 1)
        name, small = theme.face("small", weight=600), theme.face("small", True)
        wide = small.metrics.horizontalAdvance(column.figure)
        if column.figure and room.width() - wide >= max(
            _LEAST_NAME, name.metrics.horizontalAdvance(column.short[1]) + 6
        ):
            draw_text(
                self._painter, room, column.figure, small, theme.color("text_2"),
                align=Qt.AlignmentFlag.AlignRight,
            )  # fmt: skip
            room.setRight(room.right() - wide - 6)
        draw_text(self._painter, room, column.short[1], name, theme.color("text"))
        self._edge(number, 0 if number == day.start else _BAND,
                   "border_control" if number == day.start else "grid_strong")  # fmt: skip

    def _day(self, day: range) -> None:
        """Write which day it is over what is seen of its columns, so that it is always named."""
        theme, column = self._theme, self._geometry.columns[day.start]
        left = max(AXIS, self._geometry.x_of(day.start) - self._left)
        right = min(self._width, self._geometry.x_of(day.stop) - self._left)
        face, words = theme.face("strong"), column.short[0]
        wide = face.metrics.horizontalAdvance(words) + 2
        # Pushed out by the next day rather than cut short by it.
        end = self._geometry.x_of(day.stop) - self._left - 5
        room = QRectF(min(left + 9, end - wide), _FIRST_LINE - 2, wide, _LINE)
        ink = theme.color(self._ink(column, marked=True))
        self._painter.save()
        self._painter.setClipRect(QRectF(left, 0, right - left, HEAD))
        draw_text(self._painter, room, words, face, ink)
        clocks = self._with_clocks("", column, right - room.right() - 14)
        if clocks:
            beside = QRectF(room.right() + 8, room.top(), right - room.right() - 8, _LINE)
            draw_text(
                self._painter, beside, clocks, theme.face("small", True), theme.color("text_2")
            )
        self._painter.restore()
        self._painter.setPen(QPen(theme.color("grid_strong"), 1))
        self._painter.drawLine(QPointF(left, _BAND + 0.5), QPointF(right, _BAND + 0.5))

    def _edge(self, number: int, top: float, role: str) -> None:
        x = round(self._geometry.x_of(number) - self._left) + 0.5
        self._painter.setPen(QPen(self._theme.color(role), 1))
        self._painter.drawLine(QPointF(x, top), QPointF(x, HEAD))
