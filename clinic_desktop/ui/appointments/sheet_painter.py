"""Paints the ground of the day's sheet: columns, hours, breaks, changed clocks, now, a ghost."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.domain.local_time import ClockChange
from clinic_desktop.domain.schedule import Span, subtract
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.ui.appointments.block_painter import BlockPainter
from clinic_desktop.ui.appointments.columns import SheetColumn
from clinic_desktop.ui.appointments.dragging import Drag
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD, Box, Cell, SheetGeometry
from clinic_desktop.ui.appointments.ghosts import Ghost
from clinic_desktop.ui.appointments.words import change_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_key, draw_text, key_height, key_width

_NOW_HEIGHT: Final = 18
_TWO_LINES: Final = 38
_FIGURES: Final = 9
_PILL: Final = 10  # room left and right of a word on hatched ground
_WORDS: Final = 22  # the height of what a ghost says
_BESIDE: Final = 3


class SheetPainter:
    """Draws one frame; ``left`` and ``top`` are how far the sheet is scrolled."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        geometry: SheetGeometry,
        *,
        size: QSize,
        left: int,
        top: int,
        within: QRectF,
        locale: str,
    ) -> None:
        """``within`` is the part of the viewport that is drawn anew; what lies beside it stays."""
        self._painter, self._theme, self._geometry = painter, theme, geometry
        self._size, self._left, self._top, self._locale = size, left, top, locale
        self._within = within
        self.columns = geometry.columns_between(within.left() + left, within.right() + left)
        """The columns of which something is drawn."""

    def on_screen(self, box: Box) -> QRectF:
        """Return where a rectangle of the sheet is in the viewport."""
        return QRectF(box.x - self._left, box.y - self._top + HEAD, box.width, box.height)

    @property
    def body(self) -> QRectF:
        """The part of the viewport below the head and beside the axis."""
        return QRectF(AXIS, HEAD, self._size.width() - AXIS, self._size.height() - HEAD)

    def _y(self, minute: float) -> float:
        return self._geometry.y_of(minute) - self._top + HEAD

    def _across(self, column: int, span: Span) -> QRectF:
        """Return a span over the whole width of its column."""
        left = self._geometry.x_of(column) - self._left
        top = self._y(span.start)
        return QRectF(left, top, self._geometry.column_width, self._y(span.end) - top)

    # -- ground -------------------------------------------------------------------------------

    def ground(self) -> None:
        """Draw closed time sunken, working time on the surface, slots and columns as lines."""
        painter, theme, geometry = self._painter, self._theme, self._geometry
        columns, within = geometry.columns, self._within
        for number in self.columns:
            for span in columns[number].working:
                painter.fillRect(self._across(number, span), theme.color("surface"))
        right = geometry.x_of(len(columns)) - self._left
        hours = {mark.minute for mark in geometry.hours}
        below = self._top - HEAD
        for minute in geometry.slots_between(within.top() + below, within.bottom() + below):
            painter.setPen(QPen(theme.color("grid_strong" if minute in hours else "grid"), 1))
            y = round(self._y(minute)) + 0.5
            painter.drawLine(QPointF(AXIS, y), QPointF(right, y))
        for number in self.columns:
            self._pauses(number, columns[number])
        for day in geometry.days:
            self._edges(day)
            self._clock_change(day)

    def _edges(self, day: range) -> None:
        """Draw a line before each column; where a day has several, its own is the stronger one."""
        several = len(day) < len(self._geometry.columns) and len(day) > 1
        for number in range(day.start, day.stop + 1):
            strong = several and number in (day.start, day.stop)
            role = "border_control" if strong else "grid_strong"
            self._painter.setPen(QPen(self._theme.color(role), 1))
            x = round(self._geometry.x_of(number) - self._left) + 0.5
            self._painter.drawLine(QPointF(x, HEAD), QPointF(x, self._size.height()))

    # -- clocks that are changed --------------------------------------------------------------

    def _clock_change(self, day: range) -> None:
        """Say where the clocks of a day do not go on, and what they show before, in its columns."""
        geometry, column = self._geometry, self._geometry.columns[day.start]
        change = column.day.change
        if change is None:
            return
        if column.shift:
            self._own_hours(day, change)
        minute = change.minute + column.shift
        if geometry.first <= minute <= geometry.last:
            self._change_line(day, change, round(self._y(minute)) + 0.5)

    def _own_hours(self, day: range, change: ClockChange) -> None:
        """Write the hours before the change: beside other days they are not those of the axis."""
        column, face = self._geometry.columns[day.start], self._theme.face("micro", True)
        for mark in column.day.hours:
            if mark.minute >= change.minute:
                break
            words = format_time(mark.local, self._locale)
            hour = column.on_axis(Span(mark.minute, mark.minute + 60))
            for number in day:
                room = self._across(number, hour)
                at = QRectF(room.left() + 5, room.top() + 1, room.width() - 8, 14)
                draw_text(self._painter, at, words, face, self._theme.color("text_2"))

    def _change_line(self, day: range, change: ClockChange, y: float) -> None:
        """Draw the moment of the change through the columns of its day, with what happens."""
        painter, theme, geometry = self._painter, self._theme, self._geometry
        left = geometry.x_of(day.start) - self._left
        right = left + geometry.column_width * len(day)
        painter.setPen(QPen(theme.color("warning"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        face = theme.face("small", True, weight=500)
        start = max(left, AXIS) + 2
        most = min(right, self._size.width()) - start - 2
        for short in (False, True):
            words = change_words(change, self._locale, short=short)
            wide = face.metrics.horizontalAdvance(words) + 2 * _PILL
            if wide <= most:
                break
        room = QRectF(start, y + 1, min(wide, most), 16)
        painter.fillRect(room, theme.color("warning_soft"))
        draw_text(
            painter, room, words, face, theme.color("on_warning_soft"),
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    def nobody(self, words: str) -> None:
        """Say why there is no column."""
        face = self._theme.face("body")
        room = self.body.adjusted(24, 0, -24, 0)
        draw_text(
            self._painter,
            room,
            words,
            face,
            self._theme.color("text_2"),
            align=Qt.AlignmentFlag.AlignCenter,
        )

    def _pauses(self, number: int, column: SheetColumn) -> None:
        """Hatch what is not worked, then name it: no word lies under another's hatch."""
        painter, theme = self._painter, self._theme
        for pause in column.pauses:
            rect = self._across(number, pause.span)
            painter.fillRect(rect, theme.color("sunken"))
            painter.fillRect(rect, theme.hatch("border_strong"))
        for pause in column.pauses:
            # Whoever is away all day has no lunch to be told of.
            if not any(_covers(other.span, pause.span) for other in column.pauses):
                self._pause_words(number, pause.span, pause.label or _("Break"))

    def _pause_words(self, number: int, span: Span, words: str) -> None:
        """Write what a break is in the middle of what is seen of it, beside who is booked then."""
        painter, theme = self._painter, self._theme
        booked = [one.span for one in self._geometry.in_column[number]]
        free = subtract([span], booked) or [span]
        rect = self._across(number, max(free, key=lambda one: one.length))
        face = theme.face("small", weight=500)
        seen = rect.intersected(self.body)
        if seen.isEmpty():
            return
        width = min(face.metrics.horizontalAdvance(words) + 2 * _PILL, rect.width() - 2 * _PILL)
        pill = QRectF(rect.center().x() - width / 2, seen.center().y() - 10, width, 20)
        painter.fillRect(pill, theme.color("sunken"))
        draw_text(
            painter, pill, words, face, theme.color("text_2"),
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    # -- now ----------------------------------------------------------------------------------

    def _now_at(self, now: datetime) -> float | None:
        column = self._geometry.now_column(now)
        minute = column.minute_of(now) if column is not None else -1
        if not self._geometry.first <= minute <= self._geometry.last:
            return None
        return self._y(minute)

    def now_line(self, now: datetime) -> None:
        """Draw the red line, behind the blocks and through the columns of today alone."""
        y, geometry = self._now_at(now), self._geometry
        if y is None:
            return
        self._painter.setPen(QPen(self._theme.color("danger"), 2))
        for number, column in enumerate(geometry.columns):
            if column.day.start <= now < column.day.end:
                left = geometry.x_of(number) - self._left
                self._painter.drawLine(QPointF(left, y), QPointF(left + geometry.column_width, y))

    def axis(self, now: datetime) -> None:
        """Draw the hours at the left, and the time of now in place of one it would cover."""
        painter, theme, geometry = self._painter, self._theme, self._geometry
        painter.fillRect(QRectF(0, HEAD, AXIS, self._size.height() - HEAD), theme.color("surface"))
        red = self._now_at(now)
        face = theme.face("small", True)
        for mark in geometry.hours:
            y = self._y(mark.minute)
            if not geometry.first <= mark.minute < geometry.last or y < HEAD + 6:
                continue
            if red is not None and abs(red - y) < _NOW_HEIGHT:
                continue
            words = format_time(mark.local, self._locale)
            room, align = QRectF(2, y - 9, AXIS - 10, 18), Qt.AlignmentFlag.AlignRight
            draw_text(painter, room, words, face, theme.color("text_2"), align=align)
            if mark.again:
                below = QRectF(2, y + 6, AXIS - 10, 13)
                ink = theme.color("text_2")
                draw_text(painter, below, _("again"), theme.face("micro"), ink, align=align)
        if red is not None and red >= HEAD:
            column = geometry.now_column(now)
            if column is not None:
                clock = column.local_at(column.minute_of(now)).time()
                self._now_mark(red, format_time(clock, self._locale))

    def _now_mark(self, y: float, words: str) -> None:
        painter, theme = self._painter, self._theme
        box = QRectF(2, y - _NOW_HEIGHT / 2, AXIS - 6, _NOW_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("danger"))
        painter.drawRoundedRect(box, theme.radius("tag"), theme.radius("tag"))
        draw_text(
            painter, box, words, theme.face("micro", True, weight=600), theme.color("on_danger"),
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    # -- what moves ---------------------------------------------------------------------------

    def cell(self, cell: Cell) -> None:
        """Frame the slot that keys act on."""
        span = Span(cell.minute, cell.minute + self._geometry.slot)
        rect = self.on_screen(self._geometry.box_of(cell.column, span))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(self._theme.color("focus"), 2))
        radius = self._theme.radius("control")
        self._painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)

    def free_time(self, ghost: Ghost, column: int, span: Span) -> None:
        """Draw a free time that was found: dashed, with its figure and how long it is."""
        painter, theme = self._painter, self._theme
        rect = self.on_screen(self._geometry.box_of_free(column, span))
        if not rect.intersects(self.body):
            return
        radius = theme.radius("control")
        painter.setBrush(theme.color("accent_soft"))
        line = QPen(theme.color("accent"), 1, Qt.PenStyle.DashLine)
        painter.setPen(line)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
        if ghost.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(rect.adjusted(0, 0, 0, 0), radius, radius)
        ink = theme.color("on_accent_soft")
        at = format_time(ghost.local_start.time(), self._locale)
        room = QRectF(rect.left() + 9, rect.top() + 3, rect.width() - 40, 16)
        face = theme.face("small", True, weight=600)
        draw_text(painter, room, _("{time} free").format(time=at), face, ink)
        if rect.height() > _TWO_LINES:
            words = _("{minutes} min").format(minutes=ghost.minutes)
            draw_text(painter, room.translated(0, 16), words, theme.face("small", True), ink)
        if ghost.number <= _FIGURES:
            figure = str(ghost.number)
            width = key_width(figure, theme)
            box = QRectF(rect.right() - width - 6, rect.top() + 4, width, key_height(theme))
            draw_key(painter, box, figure, theme, ink=ink, line=theme.color("border_control"))

    def ghost(self, drag: Drag, blocks: BlockPainter) -> None:
        """Draw where it would go, with its new time, or hatched with what stands against it.

        All of it lies in what ``ghost_room`` says.
        """
        painter, theme = self._painter, self._theme
        rect = self.on_screen(self._geometry.box_of(drag.column, drag.span))
        radius = theme.radius("control")
        if drag.visit is not None:
            blocks.draw(painter, rect, drag.visit, selected=False)
        line = theme.color("danger" if drag.refusal else "focus")
        painter.setBrush(theme.hatch("danger_line") if drag.refusal else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(line, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
        self._ghost_words(rect, drag)

    def _ghost_words(self, rect: QRectF, drag: Drag) -> None:
        painter, theme = self._painter, self._theme
        words = drag.words(self._geometry.columns[drag.column], self._locale)
        face = theme.face("small", True, weight=600)
        width = min(face.metrics.horizontalAdvance(words) + 14, rect.width() - 6)
        # Beside the pointer's own block; where there is no room below, above it.
        top = rect.bottom() + _BESIDE
        if top + _WORDS > self._size.height():
            top = rect.top() - _WORDS - _BESIDE
        box = QRectF(rect.left() + 3, top, width, _WORDS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("danger" if drag.refusal else "focus"))
        painter.drawRoundedRect(box, theme.radius("tag"), theme.radius("tag"))
        ink = theme.color("on_danger" if drag.refusal else "surface")
        draw_text(painter, box.adjusted(7, 0, -7, 0), words, face, ink)


def ghost_room(rect: QRectF) -> QRectF:
    """Return all that a ghost in this rectangle draws on: itself, and its words above or below."""
    aside = _WORDS + _BESIDE + 1
    return rect.adjusted(-2, -aside, 2, aside)


def _covers(other: Span, span: Span) -> bool:
    """Return whether a span lies inside a longer one."""
    return other.contains(span) and other.length > span.length
