"""Paints the month: days with their counts, the first appointments as lines, "3 more"."""

from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.domain.dates import format_day, format_long_date, format_weekday_name
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.doubles import Others
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.block_painter import LOOKS, also_icons
from clinic_desktop.ui.appointments.geometry import Box
from clinic_desktop.ui.appointments.month_layout import HEAD, WEEK, DayCell, Line, MonthLayout
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

_BAND: Final = 3
_ICON: Final = 12
_NUMBER: Final = 26
_NARROW: Final = 132
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
_MIDDLE: Final = Qt.AlignmentFlag.AlignHCenter


class MonthPainter:
    """Draws one frame; ``top`` is how far it is scrolled, ``month`` the one in question."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        layout: MonthLayout,
        *,
        size: QSize,
        top: int,
        locale: str,
        month: int,
        today: date,
    ) -> None:
        self._painter, self._theme, self._layout = painter, theme, layout
        self._size, self._top, self._locale = size, top, locale
        self._month, self._today = month, today
        self._small = theme.face("small", True)
        self._strong = theme.face("small", True, weight=600)
        # Asked for anew, colours and widths would be a third of the frame of a full month.
        self._color = lru_cache(maxsize=None)(theme.color)
        self._width = lru_cache(maxsize=None)(self._small.metrics.horizontalAdvance)

    def on_screen(self, box: Box) -> QRectF:
        """Return where a rectangle of the month is in the viewport."""
        return QRectF(box.x, box.y - self._top + HEAD, box.width, box.height)

    def draw(
        self,
        *,
        day: date | None,
        chosen: UUID | None,
        over: date | None,
        parked: frozenset[UUID],
        others: Others,
        focused: bool,
    ) -> None:
        """Draw all days; ``day`` and ``chosen`` are what keys act on, ``over`` a drag's day."""
        painter, theme = self._painter, self._theme
        painter.fillRect(
            QRectF(0, 0, self._size.width(), self._size.height()), theme.color("sunken")
        )
        painter.save()
        painter.setClipRect(QRectF(0, HEAD, self._size.width(), self._size.height() - HEAD))
        for cell in self._layout.cells:
            rect = self.on_screen(cell.box)
            if rect.bottom() < HEAD or rect.top() > self._size.height():
                continue
            self._ground(cell, rect)
            for line in cell.lines:
                visit = line.visit.id
                also = others.get(visit, ())
                self._line(line, also, chosen=visit == chosen, parked=visit in parked)
            if cell.more:
                self._more(cell)
        for cell in self._layout.cells:
            if cell.day.day == over:
                self._frame(self.on_screen(cell.box), dashed=True)
            elif cell.day.day == day and focused and chosen is None:
                self._frame(self.on_screen(cell.box), dashed=False)
        painter.restore()
        self._heads()

    def _ground(self, cell: DayCell, rect: QRectF) -> None:
        painter, theme, day = self._painter, self._theme, cell.day.day
        own = day.month == self._month
        painter.fillRect(rect, self._color("surface" if own else "canvas"))
        painter.setPen(QPen(self._color("grid_strong"), 1))
        left, top = round(rect.left()) + 0.5, round(rect.top()) + 0.5
        painter.drawLine(QPointF(left, rect.top()), QPointF(left, rect.bottom()))
        painter.drawLine(QPointF(rect.left(), top), QPointF(rect.right(), top))
        number = QRectF(rect.left() + 4, rect.top() + 2, _NUMBER * (2 if day.day == 1 else 1), 20)
        if day == self._today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            radius = theme.radius("control")
            painter.drawRoundedRect(number, radius, radius)
        role = "on_accent" if day == self._today else "text" if own else "text_2"
        # Where a month begins its name stands: the ground alone does not say it in high contrast.
        words = format_day(day, self._locale) if day.day == 1 else str(day.day)
        draw_text(painter, number, words, self._strong, self._color(role), align=_MIDDLE)
        if cell.day.count:
            words = ngettext("{count} booked", "{count} booked", cell.day.count)
            room = QRectF(number.right() + 4, number.top(), rect.right() - number.right() - 10, 20)
            words = words.format(count=cell.day.count)
            if self._width(words) > room.width():
                words = str(cell.day.count)
            draw_text(painter, room, words, self._small, self._color("text_2"), align=_RIGHT)

    def _line(
        self, line: Line, also: tuple[AppointmentRow, ...], *, chosen: bool, parked: bool
    ) -> None:
        painter, theme, visit = self._painter, self._theme, line.visit
        rect, look = self.on_screen(line.box), LOOKS[visit.status]
        if look.fill != "surface":
            painter.fillRect(rect, self._color(look.fill))
        painter.fillRect(QRectF(rect.left(), rect.top() + 2, _BAND, rect.height() - 4),
                         self._color(visit.colour))  # fmt: skip
        icon = "pin" if parked else look.icon
        draw_icon(painter, QPointF(rect.left() + 7, rect.center().y() - _ICON / 2), icon,
                  look.text, theme, _ICON)  # fmt: skip
        at = format_time(visit.local_start.time(), self._locale)
        left = rect.left() + 7 + _ICON + 4
        # In a narrow column the name comes first: the order of the lines is that of the times.
        narrow = rect.width() < _NARROW
        width = 0 if narrow else self._width(at) + 5
        ink = self._color(look.text)
        if not narrow:
            room = QRectF(left, rect.top(), width, rect.height())
            draw_text(painter, room, at, self._small, ink)
        right = rect.right() - 3
        for mark in also_icons(visit, also):
            right -= _ICON
            draw_icon(painter, QPointF(right, rect.center().y() - _ICON / 2), mark,
                      look.text, theme, _ICON)  # fmt: skip
            right -= 3
        name = QRectF(left + width, rect.top(), right - left - width, rect.height())
        draw_text(painter, name, visit.patient, self._strong, ink, strike=look.struck)
        if chosen:
            self._frame(rect, dashed=False)

    def _more(self, cell: DayCell) -> None:
        rect = self.on_screen(cell.more_box).adjusted(7, 0, 0, 0)
        words = ngettext("{count} more", "{count} more", cell.more).format(count=cell.more)
        draw_text(self._painter, rect, words, self._strong, self._theme.color("accent"))

    def _frame(self, rect: QRectF, *, dashed: bool) -> None:
        painter, radius = self._painter, self._theme.radius("control")
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("focus"), 2, style))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)

    def _heads(self) -> None:
        painter, theme, layout = self._painter, self._theme, self._layout
        painter.fillRect(QRectF(0, 0, self._size.width(), HEAD), theme.color("surface"))
        for number, cell in enumerate(layout.cells[:WEEK]):
            words = format_weekday_name(cell.day.day, self._locale)
            room = QRectF(number * layout.column + 9, 0, layout.column - 14, HEAD)
            draw_text(painter, room, words, self._strong, theme.color("text_2"))
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(self._size.width(), HEAD - 0.5))


def spoken_day(cell: DayCell, locale: str) -> str:
    """Return a day in words: its date and how much is booked."""
    count = cell.day.count
    words = ngettext("{count} booked", "{count} booked", count).format(count=count)
    return f"{format_long_date(cell.day.day, locale)}, {words if count else _('nothing booked')}"
