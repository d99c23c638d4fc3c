"""What the calendar shows, asked for and put into its sheets: days, or a month."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from clinic_desktop.services.appointments.schemas import People
from clinic_desktop.ui.appointments.choices import Choices, Kind
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.month import MonthGrid
from clinic_desktop.ui.appointments.reading import (
    Days,
    Month,
    days_of,
    month_of,
    people_of,
    whole_day_of,
    without_closed,
)
from clinic_desktop.ui.appointments.walking import Walking
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.panel import StatePanel


class Filling:
    """Fills the sheets of one calendar; ``shown`` is told whether it is for the first time."""

    def __init__(
        self,
        desk: Desk,
        screen: QObject,
        choices: Choices,
        walking: Walking,
        grid: DayGrid,
        month: MonthGrid,
        *,
        came: Callable[[date, date], None],
        shown: Callable[[bool], None],
        days_came: Callable[[Days], None],
        again: Callable[[], None],
    ) -> None:
        """``came`` is told the day and today, ``days_came`` the days, ``again`` asks once more."""
        self._desk, self._screen, self._choices, self._walking = desk, screen, choices, walking
        self._grid, self._month = grid, month
        self._came_, self._shown, self._days_came, self._again = came, shown, days_came, again
        self._zone = ZoneInfo(desk.who.zone)
        self.people = People((), ())
        """Whose columns there can be."""
        self._first = True
        self.pages = QStackedWidget()
        self.pages.addWidget(grid)
        self.pages.addWidget(month)
        self.state = StatePanel("", theme=desk.theme, framed=False)
        month.day_needed.connect(self._need_day)

    @property
    def is_month(self) -> bool:
        """Whether a month is shown."""
        return self._choices.view.kind is Kind.MONTH

    def holds(self, widget: QWidget | None) -> bool:
        """Return whether a widget is one of the sheets, or in one."""
        return widget is not None and self.pages.isAncestorOf(widget)

    def ask(self) -> None:
        """Ask for what the view shows, the clinic's own date the first time."""
        day, view = self._walking.day, self._choices.view
        query = self._desk.operations.query
        if self.is_month:
            query(
                self._screen,
                lambda ctx: month_of(ctx, view, day),
                self._show_month,
                failed=self._failed,
                key="days",
            )
        else:
            query(
                self._screen,
                lambda ctx: days_of(ctx, view, day),
                self._show_days,
                failed=self._failed,
                key="days",
            )

    def _show_days(self, found: Days) -> None:
        day, sheets = found
        if self.is_month:
            return  # asked before the view was another
        view = self._choices.view
        first, self._first = self._first, False
        self._came(day, sheets[0].now)
        self.people = people_of(sheets[0])
        shown = without_closed(sheets, day) if view.kind is Kind.WEEK else sheets
        self._put(self._grid)
        self._grid.set_days(shown, sheets[0].now, by=view.by, shown=view.shown)
        if self._walking.aimed is not None:
            self._grid.aim(self._walking.aimed)
            self._walking.aimed = None
        self._shown(first)
        self._days_came(found)

    def _show_month(self, found: Month) -> None:
        day, sheet, self.people = found
        if not self.is_month:
            return
        first = self._month.layout_of_month is None
        self._came(day, sheet.now)
        self._put(self._month)
        self._month.set_month(sheet, day)
        if self._walking.aimed is not None:
            self._month.go_to(self._walking.aimed)
            self._walking.aimed = None
        self._shown(first)

    def _put(self, sheet: QWidget) -> None:
        self.pages.setCurrentWidget(sheet)
        self.state.show_content(self.pages)

    def _came(self, day: date, now: datetime) -> None:
        self._walking.day = day
        self._walking.today = now.astimezone(self._zone).date()
        self._came_(day, self._walking.today)

    def _failed(self, error: Exception) -> None:
        now = self._grid.now
        seen = f"{now.astimezone(self._zone):%H:%M}" if now is not None else ""
        self.state.show_failed(str(error), self._again, seen=seen)

    def _need_day(self, day: date) -> None:
        """Read all of a day of the month, of which the first appointments are not enough."""
        view = self._choices.view
        self._desk.operations.query(
            self._screen,
            lambda ctx: whole_day_of(ctx, view, day),
            lambda sheet: self._month.set_day(sheet.days[0]),
            key="whole",
        )
