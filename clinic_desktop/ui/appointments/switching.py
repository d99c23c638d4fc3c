"""Which days, whose columns and how fine: changed around the day that is worked with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from clinic_desktop.ui.appointments.choices import ZOOMS, CalendarView, Choices, Kind
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.month import MonthGrid
from clinic_desktop.ui.appointments.walking import Walking


class Switching:
    """Changes what one calendar shows; ``chosen`` is called to read it, ``zoomed`` to write it."""

    def __init__(
        self,
        choices: Choices,
        walking: Walking,
        grid: DayGrid,
        month: MonthGrid,
        *,
        chosen: Callable[[], None],
        zoomed: Callable[[], None],
    ) -> None:
        self._choices, self._walking, self._grid, self._month = choices, walking, grid, month
        self._chosen, self._zoomed = chosen, zoomed

    @property
    def is_month(self) -> bool:
        """Whether a month is shown."""
        return self._choices.view.kind is Kind.MONTH

    def here(self) -> date | None:
        """Return the day that keys act on."""
        return self._month.day if self.is_month else self._grid.current_day()

    def to(self, *, kind: Kind | None = None, by: By | None = None) -> None:
        """Show other days or columns; several days begin with the one who was worked with."""
        here = self.here()
        if here is not None and self._walking.aimed is None:
            self._walking.day = self._walking.aimed = here
        view, known = self._choices.other(kind=kind, by=by)
        if not known and view.kind in (Kind.THREE, Kind.WEEK):
            one = self._grid.current_id(view.by)
            view = replace(view, shown=(one,) if one is not None else ())
        self.choose(view)

    def turn(self) -> None:
        """Show columns of chairs in place of providers, or the other way round."""
        self.to(by=By.CHAIR if self._choices.view.by is By.PROVIDER else By.PROVIDER)

    def choose(self, view: CalendarView) -> None:
        """Show a view and remember it."""
        self._choices.choose(view)
        self._chosen()

    def choose_here(self, view: CalendarView) -> None:
        """Show a saved view around the day that was worked with."""
        self._walking.day = self._walking.aimed = self.here() or self._walking.day
        self.choose(view)

    def open_day(self, day: date) -> None:
        """Show one day."""
        self._walking.day = self._walking.aimed = day
        self.to(kind=Kind.DAY)

    def zoom(self, minutes: int) -> None:
        """Show slots of so many minutes."""
        self._choices.choose(replace(self._choices.view, slot=minutes))
        self._zoomed()

    def step_zoom(self, step: int) -> None:
        """Show finer or coarser slots."""
        place = ZOOMS.index(self._choices.view.slot) + step
        self.zoom(ZOOMS[min(max(place, 0), len(ZOOMS) - 1)])
