"""The day's sheet: columns of providers, painted; arrows, letters and the mouse act on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.visit_status import KEYS
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow, DaySheet
from clinic_desktop.ui.appointments.block_painter import BlockPainter
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD, Block, Box, Cell, SheetGeometry
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_text

ROWS: Final = {5: 12, 10: 14, 15: 16, 30: 18}
DRAG_AFTER: Final = 6
EDGE: Final = 6


@dataclass(slots=True)
class _Drag:
    """What the mouse holds: a block, where it was taken, and where it would go."""

    block: Block
    grip: float
    edge: bool
    start: QPointF
    begun: bool = False
    column: int = 0
    span: Span | None = None
    refusal: str = ""


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
    walked = Signal(int)
    """Another day is wanted, so many days from this one."""
    today_wanted = Signal()
    find_wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme = theme
        self._painter = BlockPainter(theme, zone)
        self.geometry_of_day: SheetGeometry | None = None
        self._sheet: DaySheet | None = None
        self._now: datetime | None = None
        self.slot = 15
        self._cell: Cell | None = None
        self._chosen: UUID | None = None
        self._drag: _Drag | None = None
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
        if block is not None:
            self._chosen = visit_id
            start = block.visit.booked_span(self.geometry_of_day.day).start  # type: ignore[union-attr]  # a block has a day
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
        slots = (measured.last - measured.first) // self.slot
        row = max(least, (self.viewport().height() - HEAD - 8) // max(1, slots))
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

    def _tell(self) -> None:
        visit = self.chosen()
        self.setAccessibleDescription(
            f"{visit.patient}, {visit.service}, {visit.status}" if visit else ""
        )
        self.viewport().update()
        self.chosen_changed.emit()

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        geometry, sheet = self.geometry_of_day, self._sheet
        painter = QPainter(self.viewport())
        theme = self._theme
        painter.fillRect(self.viewport().rect(), theme.color("sunken"))
        if geometry is None or sheet is None:
            return
        body = QRectF(AXIS, HEAD, self.viewport().width() - AXIS, self.viewport().height() - HEAD)
        painter.save()
        painter.setClipRect(body)
        self._draw_columns(painter, geometry, sheet)
        self._draw_now(painter, geometry, line=True)
        for block in geometry.blocks:
            rect = self._on_screen(block.box)
            if rect.intersects(body) and not self._is_dragged(block):
                selected = block.visit.id == self._chosen
                self._painter.draw(painter, rect, block.visit, selected=selected)
        self._draw_cell(painter, geometry)
        self._draw_ghost(painter, geometry)
        painter.restore()
        self._draw_axis(painter, geometry)
        self._draw_heads(painter, geometry, sheet)
        painter.end()

    def _draw_columns(self, painter: QPainter, geometry: SheetGeometry, sheet: DaySheet) -> None:
        theme = self._theme
        for number, column in enumerate(sheet.columns):
            for span in column.working:
                box = geometry.box_of(number, span)
                painter.fillRect(
                    self._on_screen(box).adjusted(-3, -1, 5, 1), theme.color("surface")
                )
        painter.setPen(QPen(theme.color("grid"), 1))
        right = AXIS + geometry.column_width * geometry.columns
        for minute in range(geometry.first, geometry.last, self.slot):
            strong = minute % 60 == 0
            painter.setPen(QPen(theme.color("grid_strong" if strong else "grid"), 1))
            y = geometry.y_of(minute) - self.verticalScrollBar().value() + HEAD
            painter.drawLine(QPointF(AXIS, y), QPointF(right, y))
        painter.setPen(QPen(theme.color("grid_strong"), 1))
        for number in range(geometry.columns + 1):
            x = geometry.x_of(number) - self.horizontalScrollBar().value()
            painter.drawLine(QPointF(x, HEAD), QPointF(x, self.viewport().height()))
        for number, column in enumerate(sheet.columns):
            for pause in column.pauses:
                rect = self._on_screen(geometry.box_of(number, pause.span)).adjusted(-3, -1, 5, 1)
                painter.fillRect(rect, theme.color("sunken"))
                painter.fillRect(rect, theme.hatch("border_strong"))
                words = pause.label or _("Break")
                draw_text(
                    painter, rect, words, theme.face("small", weight=500), theme.color("text_2"),
                    align=Qt.AlignmentFlag.AlignHCenter,
                )  # fmt: skip

    def _draw_now(self, painter: QPainter, geometry: SheetGeometry, *, line: bool) -> None:
        if self._now is None:
            return
        minute = geometry.day.minute_of(self._now)
        if not geometry.first <= minute <= geometry.last:
            return
        y = geometry.y_of(minute) - self.verticalScrollBar().value() + HEAD
        red = self._theme.color("danger")
        if line:
            painter.setPen(QPen(red, 2))
            painter.drawLine(QPointF(AXIS, y), QPointF(self.viewport().width(), y))
            return
        box = QRectF(4, y - 9, AXIS - 8, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(red)
        painter.drawRoundedRect(box, 3, 3)
        clock = geometry.day.local_at(minute)
        draw_text(
            painter, box, f"{clock:%H:%M}", self._theme.face("micro", True),
            self._theme.color("on_danger"), align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    def _draw_cell(self, painter: QPainter, geometry: SheetGeometry) -> None:
        if self._cell is None or self._chosen is not None or not self.hasFocus():
            return
        span = Span(self._cell.minute, self._cell.minute + self.slot)
        rect = self._on_screen(geometry.box_of(self._cell.column, span))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("focus"), 2))
        painter.drawRoundedRect(rect, 4, 4)

    def _draw_ghost(self, painter: QPainter, geometry: SheetGeometry) -> None:
        drag = self._drag
        if drag is None or not drag.begun or drag.span is None:
            return
        rect = self._on_screen(geometry.box_of(drag.column, drag.span))
        theme = self._theme
        painter.setOpacity(0.7)
        self._painter.draw(painter, rect, drag.block.visit, selected=False)
        painter.setOpacity(1)
        painter.setBrush(theme.hatch("danger_line") if drag.refusal else Qt.BrushStyle.NoBrush)
        line = theme.color("danger" if drag.refusal else "focus")
        painter.setPen(QPen(line, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect, 5, 5)
        start = geometry.day.local_at(drag.span.start)
        words = drag.refusal or f"{start:%H:%M}"
        label = QRectF(rect.left() + 6, rect.bottom() - 20, rect.width() - 12, 18)
        draw_text(painter, label, words, theme.face("small", weight=600), line)

    def _draw_axis(self, painter: QPainter, geometry: SheetGeometry) -> None:
        theme = self._theme
        painter.fillRect(QRectF(0, 0, AXIS, self.viewport().height()), theme.color("surface"))
        face = theme.face("small", tabular=True)
        for minute in range(geometry.first, geometry.last, 60):
            y = geometry.y_of(minute) - self.verticalScrollBar().value() + HEAD
            clock = geometry.day.local_at(minute)
            draw_text(
                painter, QRectF(0, y - 9, AXIS - 8, 18), f"{clock:%H:%M}", face,
                theme.color("text_2"), align=Qt.AlignmentFlag.AlignRight,
            )  # fmt: skip
        self._draw_now(painter, geometry, line=False)

    def _draw_heads(self, painter: QPainter, geometry: SheetGeometry, sheet: DaySheet) -> None:
        theme = self._theme
        painter.fillRect(QRectF(0, 0, self.viewport().width(), HEAD), theme.color("surface"))
        for number, column in enumerate(sheet.columns):
            x = geometry.x_of(number) - self.horizontalScrollBar().value()
            if x < AXIS - geometry.column_width:
                continue
            room = QRectF(x + 9, 5, geometry.column_width - 14, 18)
            painter.setClipRect(QRectF(AXIS, 0, self.viewport().width() - AXIS, HEAD))
            draw_text(painter, room, column.name, theme.face("strong"), theme.color("text"))
            share = (
                _("{percent} % booked").format(percent=column.booked)
                if column.booked is not None
                else _("does not work today")
            )
            words = " · ".join(filter(None, (column.chair, share)))
            draw_text(
                painter, room.translated(0, 18), words, theme.face("small", True),
                theme.color("text_2"),
            )  # fmt: skip
        painter.setClipping(False)
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(self.viewport().width(), HEAD - 0.5))

    def _is_dragged(self, block: Block) -> bool:
        drag = self._drag
        return drag is not None and drag.begun and drag.block.visit.id == block.visit.id

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
        alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
        if step and modifiers == Qt.KeyboardModifier.NoModifier:
            self._step(*step)
        elif step and visit and modifiers == alt:
            self._move_by(visit, *step)
        elif step and visit and modifiers == alt | shift and step[1]:
            self.resize_wanted.emit(visit, max(self.slot, visit.minutes + step[1] * self.slot))
        elif step and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.walked.emit(step[0] + 7 * step[1])
        elif modifiers == Qt.KeyboardModifier.NoModifier and self._letter(event, visit):
            return
        else:
            super().keyPressEvent(event)

    def _letter(self, event: QKeyEvent, visit: AppointmentRow | None) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(visit)
            return True
        letter = event.text().upper()
        if letter == "N" and visit is None:
            self._enter(None)
            return True
        if letter == "T":
            self.today_wanted.emit()
            return True
        if letter == "F":
            self.find_wanted.emit()
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
        at = Span(minute, minute + 1)
        found = [
            block
            for block in geometry.blocks
            if block.column == column and block.visit.booked_span(geometry.day).overlaps(at)
        ]
        self._chosen = found[0].visit.id if found else None
        self._show_cell()
        self._tell()

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
        geometry = self.geometry_of_day
        if geometry is None or event.position().y() < HEAD:
            return
        x, y = self._sheet_point(event.position())
        block = geometry.block_at(x, y)
        cell = geometry.cell_at(x, y)
        if cell is not None:
            self._cell = cell
        self._chosen = block.visit.id if block else None
        if block is not None and event.button() == Qt.MouseButton.LeftButton:
            edge = y > block.box.y + block.box.height - EDGE
            self._drag = _Drag(block, y - block.box.y, edge, event.position())
        self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        geometry, drag = self.geometry_of_day, self._drag
        if geometry is None or drag is None:
            return
        if (event.position() - drag.start).manhattanLength() < DRAG_AFTER and not drag.begun:
            return
        drag.begun = True
        x, y = self._sheet_point(event.position())
        booked = drag.block.visit.booked_span(geometry.day)
        if drag.edge:
            end = geometry.first + round(y / geometry.row) * self.slot
            drag.column, drag.span = (
                drag.block.column,
                Span(booked.start, max(end, booked.start + 5)),
            )
        else:
            cell = geometry.cell_at(x, y - drag.grip + geometry.row / 2)
            if cell is None:
                return
            drag.column, drag.span = cell.column, booked.moved_to(cell.minute)
        drag.refusal = self._refusal(drag)
        self.viewport().update()

    def _refusal(self, drag: _Drag) -> str:
        """Return what the sheet already knows against the place; the server decides."""
        geometry = self.geometry_of_day
        if geometry is None or drag.span is None:
            return ""
        for block in geometry.blocks:
            visit = block.visit
            if visit.id == drag.block.visit.id or block.column != drag.column:
                continue
            if visit.blocks_provider and visit.span(geometry.day).overlaps(drag.span):
                return visit.patient
        for pause in geometry.sheet.columns[drag.column].pauses:
            if pause.span.overlaps(drag.span):
                return pause.label or _("Break")
        return ""

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and drag.begun and drag.span is not None:
            provider = self.provider_of(drag.column)
            if drag.edge:
                self.resize_wanted.emit(drag.block.visit, drag.span.length)
            elif provider is not None:
                self.move_wanted.emit(drag.block.visit, provider, drag.span.start)
        self.viewport().update()

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
