"""What keys do in the month: walk days and, down a day, its appointments; act on them."""

from datetime import timedelta

from PySide6.QtGui import QKeyEvent

from clinic_desktop.domain.visit_status import KEYS as STATUS_KEYS
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.keys import STEPS, act_of
from clinic_desktop.ui.appointments.month_days import MonthDays
from clinic_desktop.ui.appointments.month_layout import WEEK
from clinic_desktop.ui.keymap.keymap import meant_key


class MonthKeys:
    """Turns keys into what the month does; what it does not know is left to the screen."""

    def __init__(self, month: MonthDays) -> None:
        self._month = month

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key is for; return whether it was one of the month's."""
        month = self._month
        name, visit = act_of(month, event), month.chosen()
        if name == "give_up" and month.leads:
            month.let_go(_("{name} stays at {time}."))
            return True
        status = (
            STATUS_KEYS.get(meant_key(month, event)) if visit is not None and not name else None
        )
        if status is not None:
            month.acted.emit(visit, status)
            return True
        return month.day is not None and self._walk(name, visit)

    def _walk(self, name: str, visit: AppointmentRow | None) -> bool:
        month = self._month
        if name in STEPS:
            self._step(*STEPS[name])
        elif name in ("first", "last"):
            self._to_end(last=name == "last")
        elif name in ("next_visit", "previous_visit"):
            self._next(1 if name == "next_visit" else -1)
        elif name == "enter" and visit is not None:
            month.opened.emit(visit)
        elif name in ("enter", "book"):
            month.day_opened.emit(month.day)
        else:
            return False
        return True

    def _step(self, across: int, down: int) -> None:
        month, cell = self._month, self._month.cell()
        if cell is None:
            return
        day, line = cell.day.day, month.line
        if across:
            month.go(day + timedelta(days=across), None)
        elif down > 0:
            following = 0 if line is None else line + 1
            if following < cell.day.count:
                month.go(day, following)
            else:
                month.go(day + timedelta(days=WEEK), None)
        elif line is not None:
            month.go(day, line - 1 if line else None)
        else:
            month.go(day - timedelta(days=WEEK), None)

    def _to_end(self, *, last: bool) -> None:
        cell = self._month.cell()
        if cell is not None and cell.day.count:
            self._month.go(cell.day.day, cell.day.count - 1 if last else 0)

    def _next(self, step: int) -> None:
        """Go to the next appointment, on another day where this one has no more."""
        month, layout, cell = self._month, self._month.layout_of_month, self._month.cell()
        if layout is None or cell is None:
            return
        here = month.line
        wanted = here + step if here is not None else 0 if step > 0 else -1
        if 0 <= wanted < cell.day.count:
            month.go(cell.day.day, wanted)
            return
        place = layout.cells.index(cell)
        others = layout.cells[place + 1 :] if step > 0 else tuple(reversed(layout.cells[:place]))
        other = next((one for one in others if one.day.count), None)
        if other is not None:
            month.go(other.day.day, 0 if step > 0 else other.day.count - 1)
