"""Where days and their first appointments are in the month; pure arithmetic in pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import MonthDay, MonthSheet
from clinic_desktop.ui.appointments.geometry import Box

WEEK: Final = 7
HEAD: Final = 28
NUMBER: Final = 24
LINE: Final = 19
_EDGE: Final = 4
_LEAST_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of a day with its place; ``number`` counts from the day's first."""

    visit: AppointmentRow
    number: int
    box: Box


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day with what there is room for, and how many more there are."""

    day: MonthDay
    box: Box
    lines: tuple[Line, ...]
    more: int
    more_box: Box


class MonthLayout:
    """The measures of a month at one size; without the scroll position.

    ``at`` is the line of a day that keys act on: it is always among those shown.
    """

    def __init__(
        self,
        sheet: MonthSheet,
        *,
        width: float,
        height: float,
        whole: Mapping[date, MonthDay] | None = None,
        at: tuple[date, int] | None = None,
    ) -> None:
        self.sheet = sheet
        self.weeks = len(sheet.days) // WEEK
        least = NUMBER + _LEAST_LINES * LINE + _EDGE
        self.row = max(least, (height - HEAD) / max(1, self.weeks))
        self.column = width / WEEK
        self._room = int((self.row - NUMBER - _EDGE) // LINE)
        self._at = at
        whole = whole or {}
        self.cells = tuple(
            self._cell(number, whole.get(day.day, day)) for number, day in enumerate(sheet.days)
        )
        self.by_day = {cell.day.day: cell for cell in self.cells}

    @property
    def height(self) -> float:
        """The height of all weeks below the head."""
        return self.row * self.weeks

    def cell_at(self, x: float, y: float) -> DayCell | None:
        """Return the day at a point below the head."""
        return next((cell for cell in self.cells if cell.box.holds(x, y)), None)

    def _cell(self, number: int, day: MonthDay) -> DayCell:
        week, weekday = divmod(number, WEEK)
        box = Box(weekday * self.column, week * self.row, self.column, self.row)
        room = self._room if day.count <= self._room else self._room - 1
        first = 0
        if self._at is not None and self._at[0] == day.day:
            first = min(max(0, self._at[1] - room + 1), max(0, len(day.visits) - room))
        lines = tuple(
            Line(visit, first + place, self._line(box, place))
            for place, visit in enumerate(day.visits[first : first + room])
        )
        more = max(0, day.count - len(lines))
        return DayCell(day, box, lines, more, self._line(box, len(lines)))

    def _line(self, box: Box, place: int) -> Box:
        top = box.y + NUMBER + place * LINE
        return Box(box.x + _EDGE, top, box.width - 2 * _EDGE, LINE - 1)
