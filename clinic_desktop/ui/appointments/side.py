"""Beside the calendar: the month, and below it either the parking or the search for a free time."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.ui.appointments.mini_month import MiniMonth
from clinic_desktop.ui.appointments.parking import ParkingPanel
from clinic_desktop.ui.appointments.slot_panel import SlotPanel
from clinic_desktop.ui.desk import Desk


class CalendarSide(QWidget):
    """The cards of the side panel."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.month = MiniMonth(desk.theme, desk.who.locale)
        self.parking = ParkingPanel(desk.theme, desk.who.locale)
        self.search = SlotPanel(desk)
        self.searching = False
        """Whether a free time is looked for."""
        self._spring = QWidget()
        cards = QVBoxLayout(self)
        cards.setContentsMargins(0, 12, 12, 12)
        cards.setSpacing(12)
        cards.addWidget(self.month)
        cards.addWidget(self.search, 1)
        cards.addWidget(self.parking)
        cards.addWidget(self._spring, 1)
        self.search.hide()

    def show_search(self) -> None:
        """Show the search in place of the parking."""
        self.searching = True
        self.parking.hide()
        self._spring.hide()
        self.search.show()

    def show_parking(self) -> None:
        """Show the parking again."""
        self.searching = False
        self.search.hide()
        self.month.show()
        self.parking.show()
        self._spring.show()
