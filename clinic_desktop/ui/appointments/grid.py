"""The day's sheet: columns of providers, painted; arrows, letters and the mouse act on it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import KEYS
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow, DaySheet
from clinic_desktop.ui.appointments.block_painter import BlockPainter, spoken_visit
from clinic_desktop.ui.appointments.dragging import Drag, Grip, refusal
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD, Block, Box, Cell, SheetGeometry
from clinic_desktop.ui.appointments.sheet_painter import SheetPainter
from clinic_desktop.ui.keymap.keymap import meant_key
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce

ROWS: Final = {5: 12, 10: 14, 15: 16, 30: 18}
# From this zoom on, a day that fits is spread over the room, but not beyond this many times.
MOST_SPREAD: Final = 1.4
DRAG_AFTER: Final = 6
EDGE: Final = 6


class DayGrid(QAbstractScrollArea):
    """One day by provider. What the mouse or a key asks for is told by signals."""

    book_wanted = Signal(object, int)
    """Provider id and minute of the day."""
    acted = Signal(object, object)
    """Appointment and the status it is to have."""
    opened = Signal(object)
    move_wanted = Signal(object, object, int)
    """Appointment, provider id and new minute of the day."""
    resize_wanted = Signal(object, int)
    """Appointment and its new length in minutes."""
    chosen_changed = Signal()
    span_wanted = Signal(object, object)
    """Provider id and the span that was drawn on empty time."""
    zoom_wanted = Signal(int)
    """A finer (-1) or coarser (1) zoom."""
    walked = Signal(int)
    """Another day is wanted, so many days from this one."""
    today_wanted = Signal()
    find_wanted = Signal()

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self._theme = theme
        self._locale = locale
        self._painter = BlockPainter(theme, locale)
        self.geometry_of_day: SheetGeometry | None = None
        self._sheet: DaySheet | None = None
        self._now: datetime | None = None
        self.slot = 15
        self._cell: Cell | None = None
        self._chosen: UUID | None = None
        self._drag: Drag | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "none")
        self.setProperty("keys_area", _("Calendar"))
        self.setAccessibleName(_("Day sheet"))
        self.viewport().setMouseTracking(True)
        theme.changed.connect(self.viewport().update)

    # -- what is shown ------------------------------------------------------------------------

    def set_sheet(self, sheet: DaySheet, now: datetime) -> None:
        """Show a day; the chosen appointment or slot stays chosen where it is still there."""
        self._sheet, self._now = sheet, now
        self._measure()
        geometry = self.geometry_of_day
        if geometry is not None and self._cell is None and geometry.columns:
            minute = geometry.snapped(geometry.day.minute_of(now))
            inside = geometry.first <= minute < geometry.last
            self._cell = Cell(0, minute if inside else geometry.first)
            self._choose_at_cell()
            self._show_cell()
        self._tell()

    def set_slot(self, minutes: int) -> None:
        """Show slots of that many minutes."""
        self.slot = minutes
        self._measure()

    def chosen(self) -> AppointmentRow | None:
        """Return the chosen appointment."""
        geometry = self.geometry_of_day
        block = geometry.block_of(self._chosen) if geometry else None
        return block.visit if block else None

    def choose(self, visit_id: UUID) -> None:
        """Choose an appointment and bring it into view."""
        geometry = self.geometry_of_day
        block = geometry.block_of(visit_id) if geometry else None
        if geometry is not None and block is not None:
            self._chosen = visit_id
            start = block.visit.booked_span(geometry.day).start
            self._cell = Cell(block.column, start)
            self._show_cell()
            self._tell()

    def cell(self) -> Cell | None:
        """Return the slot that keys act on."""
        return self._cell

    def provider_of(self, column: int) -> UUID | None:
        """Return whose column it is."""
        sheet = self._sheet
        if sheet is None or not 0 <= column < len(sheet.columns):
            return None
        return sheet.columns[column].provider_id

    def place_of(self, visit_id: UUID) -> QPointF:
        """Return the middle of an appointment in the viewport."""
        block = self.geometry_of_day.block_of(visit_id) if self.geometry_of_day else None
        return self._on_screen(block.box).center() if block else QPointF()

    def _measure(self) -> None:
        if self._sheet is None:
            return
        width = self.viewport().width()
        least = ROWS.get(self.slot, 16)
        measured = SheetGeometry(self._sheet, width=width, slot=self.slot, row=least)
        # A day that fits is spread over the room there is.
        slots = max(1, (measured.last - measured.first) // self.slot)
        fitting = (self.viewport().height() - HEAD - 8) // slots
        row = int(min(max(least, fitting), least * MOST_SPREAD))
        self.geometry_of_day = (
            measured
            if row == least
            else SheetGeometry(self._sheet, width=width, slot=self.slot, row=row)
        )
        page = self.viewport().size()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(page.height() - HEAD)
        vertical.setRange(0, max(0, int(self.geometry_of_day.height) - page.height() + HEAD))
        vertical.setSingleStep(least)
        horizontal.setPageStep(page.width())
        horizontal.setRange(0, max(0, int(self.geometry_of_day.width) - page.width()))
        self.viewport().update()

    def _on_screen(self, box: Box) -> QRectF:
        return QRectF(
            box.x - self.horizontalScrollBar().value(),
            box.y - self.verticalScrollBar().value() + HEAD,
            box.width,
            box.height,
        )

    def _show_cell(self) -> None:
        geometry, cell = self.geometry_of_day, self._cell
        if geometry is None or cell is None:
            return
        top = geometry.y_of(cell.minute)
        bar = self.verticalScrollBar()
        height = self.viewport().height() - HEAD
        if top < bar.value() or top + geometry.row > bar.value() + height:
            bar.setValue(int(top - height / 3))
        left, across = geometry.x_of(cell.column), self.horizontalScrollBar()
        if left < across.value() + AXIS:
            across.setValue(int(left - AXIS))
        elif left + geometry.column_width > across.value() + self.viewport().width():
            across.setValue(int(left + geometry.column_width - self.viewport().width()))
        self.viewport().update()

    def _tell(self, *, aloud: bool = False) -> None:
        words = self.spoken()
        self.setAccessibleDescription(words)
        if aloud and words:
            announce(self, words)
        self.viewport().update()
        self.chosen_changed.emit()

    def spoken(self) -> str:
        """Return what keys act on now, for those who cannot see it."""
        geometry, cell, visit = self.geometry_of_day, self._cell, self.chosen()
        if geometry is None or cell is None:
            return ""
        if visit is not None:
            return spoken_visit(visit, self._locale)
        column = geometry.sheet.columns[cell.column]
        at = format_time(geometry.day.local_at(cell.minute).time(), self._locale)
        return _("{time}, free, {provider}").format(time=at, provider=column.name)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, blocks, what moves, and over them axis and heads."""
        geometry, now = self.geometry_of_day, self._now
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("sunken"))
        if geometry is None or now is None:
            painter.end()
            return
        sheet = SheetPainter(
            painter,
            self._theme,
            geometry,
            size=self.viewport().size(),
            left=self.horizontalScrollBar().value(),
            top=self.verticalScrollBar().value(),
            locale=self._locale,
        )
        painter.save()
        painter.setClipRect(sheet.body)
        sheet.ground()
        sheet.now_line(now)
        for block in geometry.blocks:
            rect = sheet.on_screen(block.box)
            if rect.intersects(sheet.body):
                painter.setOpacity(0.4 if self._is_dragged(block) else 1)
                selected = block.visit.id == self._chosen
                self._painter.draw(painter, rect, block.visit, selected=selected)
        painter.setOpacity(1)
        if self._cell is not None and self._chosen is None and self.hasFocus():
            sheet.cell(self._cell)
        if self._drag is not None and self._drag.begun:
            sheet.ghost(self._drag, self._painter)
        painter.restore()
        sheet.axis(now)
        sheet.heads()
        painter.end()

    def _is_dragged(self, block: Block) -> bool:
        drag = self._drag
        held = drag.block if drag is not None and drag.begun else None
        return held is not None and held.visit.id == block.visit.id

    # -- keys ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.geometry_of_day is None or self._cell is None:
            super().keyPressEvent(event)
            return
        arrows = {
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
        }
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = arrows.get(Qt.Key(event.key()))
        visit = self.chosen()
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            self._let_go()
            return
        alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
        if step and modifiers == Qt.KeyboardModifier.NoModifier:
            self._step(*step)
        elif step and visit and modifiers == alt:
            self._move_by(visit, *step)
        elif step and visit and modifiers == alt | shift and step[1]:
            self.resize_wanted.emit(visit, max(self.slot, visit.minutes + step[1] * self.slot))
        elif step and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.walked.emit(step[0] + 7 * step[1])
        elif self._letter(event, visit):
            return
        else:
            super().keyPressEvent(event)

    def _letter(self, event: QKeyEvent, visit: AppointmentRow | None) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(visit)
            return True
        letter = meant_key(self, event)
        if letter == "N" and visit is None:
            self._enter(None)
            return True
        if letter == "T":
            self.today_wanted.emit()
            return True
        if letter == "F":
            self.find_wanted.emit()
            return True
        if letter in ("+", "-"):
            self.zoom_wanted.emit(-1 if letter == "+" else 1)
            return True
        if visit is not None and letter in KEYS:
            self.acted.emit(visit, KEYS[letter])
            return True
        return False

    def _enter(self, visit: AppointmentRow | None) -> None:
        if visit is not None:
            self.opened.emit(visit)
        elif self._cell is not None:
            provider = self.provider_of(self._cell.column)
            if provider is not None:
                self.book_wanted.emit(provider, self._cell.minute)

    def _step(self, across: int, down: int) -> None:
        geometry, cell = self.geometry_of_day, self._cell
        if geometry is None or cell is None:
            return
        minute = cell.minute
        here = self.chosen()
        if down and here is not None:
            span = here.booked_span(geometry.day)
            minute = span.end if down > 0 else span.start - self.slot
        else:
            minute += down * self.slot
        column = min(max(cell.column + across, 0), geometry.columns - 1)
        minute = min(max(geometry.snapped(minute), geometry.first), geometry.last - self.slot)
        self._cell = Cell(column, minute)
        self._choose_at_cell()
        self._show_cell()
        self._tell(aloud=True)

    def _choose_at_cell(self) -> None:
        """Choose the appointment in the slot that keys act on, if there is one."""
        geometry, cell = self.geometry_of_day, self._cell
        if geometry is None or cell is None:
            return
        at = Span(cell.minute, cell.minute + 1)
        found = (
            block.visit.id
            for block in geometry.blocks
            if block.column == cell.column and block.visit.booked_span(geometry.day).overlaps(at)
        )
        self._chosen = next(found, None)

    def _move_by(self, visit: AppointmentRow, across: int, down: int) -> None:
        geometry = self.geometry_of_day
        block = geometry.block_of(visit.id) if geometry else None
        if geometry is None or block is None:
            return
        provider = self.provider_of(min(max(block.column + across, 0), geometry.columns - 1))
        start = visit.booked_span(geometry.day).start + down * self.slot
        if provider is not None:
            self.move_wanted.emit(visit, provider, start)

    # -- mouse --------------------------------------------------------------------------------

    def _sheet_point(self, at: QPointF) -> tuple[float, float]:
        return (
            at.x() + self.horizontalScrollBar().value(),
            at.y() - HEAD + self.verticalScrollBar().value(),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is there, and take hold of its lower edge, its body, or the empty place."""
        geometry = self.geometry_of_day
        if geometry is None or event.position().y() < HEAD:
            return
        x, y = self._sheet_point(event.position())
        block, cell = geometry.block_at(x, y), geometry.cell_at(x, y)
        if cell is not None:
            self._cell = cell
        self._chosen = block.visit.id if block else None
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._drag = self._taken(block, cell, event.position(), y)
        self._tell()

    def _taken(self, block: Block | None, cell: Cell, at: QPointF, y: float) -> Drag:
        geometry = self.geometry_of_day
        if block is None or geometry is None:
            return Drag(Grip.CREATE, at, cell.column, Span(cell.minute, cell.minute + self.slot))
        edge = y > block.box.y + block.box.height - EDGE
        return Drag(
            Grip.RESIZE if edge else Grip.MOVE,
            at,
            block.column,
            block.visit.booked_span(geometry.day),
            block,
            y - block.box.y,
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lead the ghost, which says at once whether the place is free, and why not."""
        geometry, drag = self.geometry_of_day, self._drag
        if geometry is None or self._now is None:
            return
        if drag is None:
            self._point_at(event.position())
            return
        if (event.position() - drag.start).manhattanLength() < DRAG_AFTER and not drag.begun:
            return
        drag.begun = True
        drag.follow(geometry, *self._sheet_point(event.position()))
        but = drag.block.visit.id if drag.block is not None else None
        drag.refusal = refusal(geometry, drag.column, drag.span, now=self._now, but=but)
        forbidden = Qt.CursorShape.ForbiddenCursor
        self.viewport().setCursor(forbidden if drag.refusal else Qt.CursorShape.ClosedHandCursor)
        self.viewport().update()

    def _point_at(self, at: QPointF) -> None:
        """Show by the pointer that a lower edge can be drawn."""
        geometry = self.geometry_of_day
        x, y = self._sheet_point(at)
        block = geometry.block_at(x, y) if geometry is not None and at.y() > HEAD else None
        if block is not None and y > block.box.y + block.box.height - EDGE:
            self.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            self.viewport().unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for what the ghost showed; dropped beside the sheet, nothing happens."""
        drag = self._let_go()
        if (
            drag is None
            or not drag.begun
            or not self.viewport().rect().contains(event.position().toPoint())
        ):
            return
        provider = self.provider_of(drag.column)
        if drag.grip is Grip.CREATE:
            self.span_wanted.emit(provider, drag.span)
        elif drag.block is not None and drag.grip is Grip.RESIZE:
            self.resize_wanted.emit(drag.block.visit, drag.span.length)
        elif drag.block is not None and self._is_elsewhere(drag):
            self.move_wanted.emit(drag.block.visit, provider, drag.span.start)

    def _is_elsewhere(self, drag: Drag) -> bool:
        geometry, block = self.geometry_of_day, drag.block
        if geometry is None or block is None:
            return False
        return (drag.column, drag.span) != (block.column, block.visit.booked_span(geometry.day))

    def _let_go(self) -> Drag | None:
        drag, self._drag = self._drag, None
        self.viewport().unsetCursor()
        self.viewport().update()
        return drag

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._drag = None
        self._enter(self.chosen())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
