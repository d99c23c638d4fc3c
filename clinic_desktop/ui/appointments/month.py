"""The month: its days with the keys that reach each appointment."""

from PySide6.QtGui import QKeyEvent

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
