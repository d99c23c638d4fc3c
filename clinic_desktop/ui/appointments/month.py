"""The month: its days with the keys that reach each appointment."""

from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip

from clinic_desktop.ui.appointments import access
from clinic_desktop.ui.appointments.month_days import MonthDays
from clinic_desktop.ui.appointments.month_keys import MonthKeys
from clinic_desktop.ui.appointments.tips import tip_of_visit
from clinic_desktop.ui.theme.theme import Theme


class MonthGrid(MonthDays):
    """The days of a month; arrows walk them and, down a day, its appointments."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__(theme, locale)
        self._keys = MonthKeys(self)
        access.install(MonthGrid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say in full what is under a resting pointer: a line has room for a part of it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """Return what a resting pointer is told at a place of the viewport."""
        visit = self.visit_at(QPointF(at))
        if visit is None:
            return ""
        return tip_of_visit(visit, self._locale, self.others.get(visit.id, ()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the chosen appointment, beside it where a key asks."""
        visit, by_key = self.chosen(), event.reason() is QContextMenuEvent.Reason.Keyboard
        if visit is None:
            return
        at = self.place_of(visit.id).toPoint() if by_key else event.pos()
        self.menu_wanted.emit(visit, self.viewport().mapToGlobal(at))
