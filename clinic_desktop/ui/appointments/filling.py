"""What the calendar shows, asked for and put into its sheets: days, or a month."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.doubles import others_of
from clinic_desktop.services.appointments.sheet_schemas import MonthSheet, People
from clinic_desktop.ui.appointments.choices import Choices, Kind
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.month import MonthGrid
from clinic_desktop.ui.appointments.period import Period, period
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
        missed: Callable[[], None],
    ) -> None:
        """``came`` is told the day and today, ``days_came`` the days, ``again`` asks once more.

        ``missed`` is told that what is asked for could not be read.
        """
        self._desk, self._screen, self._choices, self._walking = desk, screen, choices, walking
        self._grid, self._month = grid, month
        self._came_, self._shown, self._days_came, self._again = came, shown, days_came, again
        self._missed = missed
        self._in_view: Period | None = None
        """The days that the sheets hold."""
        self._read_at: datetime | None = None
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

    def _wanted(self) -> Period | None:
        day = self._walking.day
        return period(self._choices.view.kind, day, self._desk.who.locale) if day else None

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
        self._ask_others()

    def _put(self, sheet: QWidget) -> None:
        # Whoever asked once more by the button goes on in the sheet that comes in its place.
        focused = QApplication.focusWidget()
        here = focused is not None and self.state.isAncestorOf(focused)
        self.pages.setCurrentWidget(sheet)
        self.state.show_content(self.pages)
        self._in_view = self._wanted()
        if here:
            sheet.setFocus()

    def _came(self, day: date, now: datetime) -> None:
        self._walking.day, self._read_at = day, now
        self._walking.today = now.astimezone(self._zone).date()
        self._came_(day, self._walking.today)

    def _failed(self, error: Exception) -> None:
        """Say that the days could not be read; what is there of others is not shown for them."""
        wanted, at = self._wanted(), self._read_at
        same = wanted is not None and self._in_view is not None and _same(wanted, self._in_view)
        here = self.holds(QApplication.focusWidget())
        words = _("The calendar could not be read")
        if wanted is not None:
            days = wanted.words(self._desk.who.locale)
            words = _("{days}: could not be read").format(days=days)
        seen = f"{at.astimezone(self._zone):%H:%M}" if at is not None else ""
        self.state.show_failed(str(error), self._again, title=words, seen=seen, keep=same)
        if not same:
            self._in_view = None
            self._grid.clear()
            self._month.clear()
            if here:
                self.state.focus_again()
        self._missed()

    def _need_day(self, day: date) -> None:
        """Read all of a day of the month, of which the first appointments are not enough."""
        view = self._choices.view
        self._desk.operations.query(
            self._screen,
            lambda ctx: whole_day_of(ctx, view, day),
            self._show_whole,
            key="whole",
        )

    def _show_whole(self, sheet: MonthSheet) -> None:
        self._month.set_day(sheet.days[0])
        self._ask_others()

    def _ask_others(self) -> None:
        """Ask what else the patients of the month have: a month is there before it is known."""
        visits = self._month.visits()
        self._desk.operations.query(
            self._screen,
            lambda ctx: others_of(ctx, visits),
            self._month.set_others,
            key="others",
        )


def _same(one: Period, other: Period) -> bool:
    """Return whether two views show the same days."""
    return (one.kind, one.first, one.count) == (other.kind, other.first, other.count)
