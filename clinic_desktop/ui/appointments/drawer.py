"""The side panel of the calendar where it lies over the sheet: who opens it, who closes it."""

from collections.abc import Callable
from typing import Final

from clinic_desktop.ui.appointments.side import CalendarSide
from clinic_desktop.ui.widgets.side import SideSplit

# Columns of a sheet narrower than this cannot be read: windows under 1280 get the drawer.
LEAST: Final = 896
# Below this height a search, or what is parked, has the room of the month.
LOW: Final = 700


class SideDrawer:
    """Shows the side panel to whoever needs it, and gives the sheet its room and keys back."""

    def __init__(self, split: SideSplit, side: CalendarSide, work: Callable[[], None]) -> None:
        """``work`` gives the focus to the sheet."""
        self._split, self._side, self._work = split, side, work
        self._for_parking = False

    @property
    def is_over(self) -> bool:
        """Whether it lies over the sheet now."""
        return self._split.is_drawer() and self._split.is_shown()

    @property
    def is_shown(self) -> bool:
        """Whether it can be seen."""
        return self._split.is_shown()

    def toggle(self) -> None:
        """Show or hide it, as F7 does; over the sheet it takes the keys."""
        self._for_parking = False
        self._side.month.setVisible(not self._side.searching or self._split.height() >= LOW)
        self._split.toggle()
        if self.is_over:
            first = self._side.search.answers if self._side.searching else self._side.month.sheet
            first.setFocus()

    def show_search(self) -> None:
        """Show it for a search, which takes the keys itself."""
        self._for_parking = False
        self._side.month.setVisible(self._split.height() >= LOW)
        if not self._split.is_shown():
            self._split.toggle()

    def show_parking(self) -> None:
        """Show over the sheet what is parked now; the keys stay on the sheet, to walk on."""
        if self._split.is_drawer() and not self._split.is_shown() and not self._side.searching:
            self._side.month.setVisible(self._split.height() >= LOW)
            self._split.toggle()
            self._for_parking = True
            self._work()

    def parking_changed(self, count: int) -> None:
        """Close what was opened to show the parking, once nothing is parked any more."""
        if not count and self._for_parking:
            self.close()

    def close(self) -> bool:
        """Close it where it lies over the sheet, which has the keys then; tell whether it did."""
        self._for_parking = False
        if not self.is_over:
            return False
        self._split.close_drawer()
        self._work()
        return True
