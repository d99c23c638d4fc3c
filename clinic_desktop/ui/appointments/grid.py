"""The sheet of days with its pictures: painted, and acted on by keys and the mouse."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip

from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments import access
from clinic_desktop.ui.appointments.block_painter import ICON, BlockPainter, marks_of
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD, Block
from clinic_desktop.ui.appointments.ghosts import placed
from clinic_desktop.ui.appointments.grid_keys import GridKeys
from clinic_desktop.ui.appointments.grid_mouse import GridMouse
from clinic_desktop.ui.appointments.hand import Why
from clinic_desktop.ui.appointments.head_painter import HeadPainter
from clinic_desktop.ui.appointments.sheet import Sheet
from clinic_desktop.ui.appointments.sheet_painter import SheetPainter
from clinic_desktop.ui.appointments.tips import tip_of_days, tip_of_head
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon

_PALE: Final = 0.4
_PARKED: Final = 0.62


class DayGrid(Sheet):
    """Days by provider or chair, as they are seen and touched."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__(theme, locale)
        self._painter = BlockPainter(theme, locale)
        self._keys, self._mouse = GridKeys(self), GridMouse(self)
        access.install(DayGrid)
        self.viewport().setMouseTracking(True)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, blocks, what moves, and over them axis and heads; no more than is asked."""
        geometry, now = self.geometry_of_day, self.now
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.theme.color("sunken"))
        if geometry is None or now is None:
            painter.end()
            return
        left, size = self.horizontalScrollBar().value(), self.viewport().size()
        sheet = SheetPainter(
            painter,
            self.theme,
            geometry,
            size=size,
            left=left,
            top=self.verticalScrollBar().value(),
            within=QRectF(event.rect()),
            locale=self.locale_name,
        )
        painter.save()
        painter.setClipRect(sheet.body)
        sheet.ground()
        if not geometry.columns:
            sheet.nobody(self.spoken())
        sheet.now_line(now)
        self._draw_blocks(painter, sheet, event.region())
        # Blocks set it too, where there are any: what moves looks the same with and without them.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ghost, column, span in placed(geometry, self.ghosts):
            sheet.free_time(ghost, column, span)
        if self.current is not None and self.chosen_id is None and self.hasFocus():
            sheet.cell(self.current)
        drag = self.hand.drag if self.hand.holds else None
        if drag is not None and drag.over:
            sheet.ghost(drag, self._painter)
        painter.restore()
        if event.rect().left() < AXIS:
            sheet.axis(now)
        if event.rect().top() < HEAD:
            HeadPainter(
                painter,
                self.theme,
                geometry,
                width=size.width(),
                left=left,
                locale=self.locale_name,
            ).heads()
        painter.end()

    def _draw_blocks(self, painter: QPainter, sheet: SheetPainter, region: QRegion) -> None:
        """Draw the appointments that lie in a part of the viewport."""
        geometry = self.geometry_of_day
        if geometry is None:
            return
        drag = self.hand.drag if self.hand.holds else None
        held = drag.visit.id if drag is not None and drag.visit is not None else None
        body = sheet.body
        whole = region.boundingRect().contains(body.toAlignedRect())
        for number in sheet.columns:
            for block in geometry.in_column[number]:
                rect = sheet.on_screen(block.box)
                if rect.intersects(body) and (whole or region.intersects(rect.toAlignedRect())):
                    self._draw_block(painter, rect, block, held=block.visit.id == held)

    def _draw_block(self, painter: QPainter, rect: QRectF, block: Block, *, held: bool) -> None:
        parked = block.visit.id in self.parked
        painter.setOpacity(_PALE if held else _PARKED if parked else 1)
        self._painter.draw(
            painter,
            rect,
            block.visit,
            selected=block.visit.id == self.chosen_id,
            also=block.also,
        )
        painter.setOpacity(1)
        if parked:
            icons = 2 + len(marks_of(block.visit, block.also))
            at = QPointF(
                rect.right() - icons * (ICON + 3) - 4,
                rect.top() + min(4, (rect.height() - ICON) / 2),
            )
            painter.fillRect(
                QRectF(at.x() - 2, at.y(), ICON + 4, ICON), self.theme.color("surface")
            )
            draw_icon(painter, at, "pin", "text", self.theme, ICON)

    # -- keys and mouse -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            # The screen knows the rest; the scroll area would take the arrows for itself.
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.hand.forget()
        self._keys.enter()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say in full what is under a resting pointer: blocks have room for a part of it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """Return what a resting pointer is told at a place of the viewport."""
        geometry, (x, y) = self.geometry_of_day, self.sheet_point(QPointF(at))
        if geometry is None or at.x() < AXIS:
            return ""
        if at.y() < HEAD:
            return tip_of_head(geometry, x, self.locale_name)
        return tip_of_days(geometry, x, y, self.locale_name)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the chosen appointment, beside it where a key asks."""
        visit, by_key = self.chosen(), event.reason() is QContextMenuEvent.Reason.Keyboard
        if visit is None:
            return
        at = self.place_of(visit.id).toPoint() if by_key else event.pos()
        self.menu_wanted.emit(visit, self.viewport().mapToGlobal(at))

    def carry_over(self, visit: AppointmentRow, at: QPoint) -> None:
        """Lead a parked appointment; ``at`` is where the mouse is on the screen."""
        self._mouse.carry_over(visit, at)

    def drop(self) -> None:
        """Put down what is carried, or say that it was let go outside."""
        self._mouse.drop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.hand.by_keys:
            self.hand.let_go(Why.GIVEN_UP)
        self.viewport().update()
