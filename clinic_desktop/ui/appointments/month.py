"""The month: its days with the keys that reach each appointment."""

from PySide6.QtGui import QContextMenuEvent, QKeyEvent

from clinic_desktop.ui.appointments import access
from clinic_desktop.ui.appointments.month_days import MonthDays
from clinic_desktop.ui.appointments.month_keys import MonthKeys
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the chosen appointment, beside it where a key asks."""
        visit, by_key = self.chosen(), event.reason() is QContextMenuEvent.Reason.Keyboard
        if visit is None:
            return
        at = self.place_of(visit.id).toPoint() if by_key else event.pos()
        self.menu_wanted.emit(visit, self.viewport().mapToGlobal(at))
