"""The calendar screen: days or a month, with the keys to walk, book, move, park and finish."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments.schemas import AppointmentRow, DaySheet, People
from clinic_desktop.ui.appointments.bookings import Bookings
from clinic_desktop.ui.appointments.carrying import Carrying
from clinic_desktop.ui.appointments.choices import ZOOMS, CalendarView, Choices, Kind
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.dialogs import GoToDialog
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.keys import act_of, calendar_keys
from clinic_desktop.ui.appointments.month import MonthGrid
from clinic_desktop.ui.appointments.moves import Moves
from clinic_desktop.ui.appointments.parked import Parked
from clinic_desktop.ui.appointments.parking import ParkingPanel
from clinic_desktop.ui.appointments.period import FIRST_DAY, LAST_DAY, Period, period, within
from clinic_desktop.ui.appointments.reading import (
    Days,
    Month,
    days_of,
    month_of,
    people_of,
    whole_day_of,
    without_closed,
)
from clinic_desktop.ui.appointments.repeats import Repeats
from clinic_desktop.ui.appointments.saved_views import SavedViews
from clinic_desktop.ui.appointments.series_acts import SeriesActs
from clinic_desktop.ui.appointments.toolbar import CalendarBar
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.shell.layout import Layout
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.side import SideSplit

MINUTE_MS: Final = 60_000
_KINDS: Final = {kind.value: kind for kind in Kind}


class CalendarScreen(Screen):
    """``open_at`` takes a day, an appointment to choose, or a patient to book for."""

    title = N_("Calendar")
    topics = frozenset(
        {
            "appointment",
            "appointment_series",
            "provider",
            "chair",
            "working_time",
            "special_time",
            "patient_alert",
            "patient",
            "treatment",
        }
    )

    def __init__(self, desk: Desk, layout: Layout) -> None:
        super().__init__(desk)
        self.zone = ZoneInfo(desk.who.zone)
        self.choices = Choices(layout, desk.who.slot_minutes)
        self._day: date | None = None
        self._aimed: date | None = None
        """The day that keys are to act on once it is shown."""
        self._wanted: UUID | None = None
        self._today: date | None = None
        self._sheets: tuple[DaySheet, ...] = ()
        self._people = People((), ())
        self._acts = VisitActs(desk, self, self._follow)
        self.grid = DayGrid(desk.theme, desk.who.locale)
        self.month = MonthGrid(desk.theme, desk.who.locale)
        self.parking = ParkingPanel(desk.theme, desk.who.locale)
        self.parked = Parked(desk, self, self.choices, self.parking, self._show_parked)
        moves = Moves(desk, self, self._follow, self.refresh)
        self.repeats = Repeats(
            desk,
            self,
            SeriesActs(desk, self, self._follow),
            people=lambda: self._people,
            cancel=lambda visit: self._acts.act(visit, VisitStatus.CANCELLED),
        )
        self._carrying = Carrying(desk, self, lambda: self.sheet, moves, self.parked, self.repeats)
        self._views = SavedViews(
            desk, self, self.choices, changed=self._show_view, chosen=self._choose_here
        )
        self.bookings = Bookings(desk, self, self._acts, self._follow, self.repeats.begin)
        self.bar = CalendarBar(desk)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.month)
        self._state = StatePanel("", theme=desk.theme, framed=False)
        self._lay_out()
        self._connect()
        self._show_view()
        self._state.show_loading(_("Asking for the calendar…"))
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()

    def _lay_out(self) -> None:
        side = QWidget()
        cards = QVBoxLayout(side)
        cards.setContentsMargins(0, 12, 12, 12)
        cards.setSpacing(12)
        cards.addWidget(self.parking)
        cards.addStretch(1)
        self._split = SideSplit(self._state, side, theme=self.desk.theme, width=280, gutter=12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._split, 1)

    def _connect(self) -> None:
        grid, month, bar, desk = self.grid, self.month, self.bar, self.desk
        for sheet in (grid, month):
            sheet.acted.connect(self._acts.act)
            sheet.opened.connect(lambda visit: desk.navigator.open_patient(visit.patient_id))
        grid.book_wanted.connect(lambda target: self.bookings.at(target, whole=False))
        grid.span_wanted.connect(lambda target: self.bookings.at(target, whole=True))
        month.day_opened.connect(self._open_day)
        month.day_wanted.connect(self._go)
        month.day_needed.connect(self._need_day)
        self._carrying.connect_sheets(grid, month)
        bar.wanted.connect(self._do)
        bar.kind_chosen.connect(lambda kind: self._switch(kind=kind))
        bar.by_chosen.connect(lambda by: self._switch(by=by))
        bar.slot_chosen.connect(self._zoom)
        bar.shown_chosen.connect(
            lambda shown: self._choose(replace(self.choices.view, shown=shown))
        )
        bar.view_wanted.connect(self._views.recall)
        bar.view_removed.connect(self._views.forget)

    # -- showing ------------------------------------------------------------------------------

    @property
    def is_month(self) -> bool:
        """Whether a month is shown."""
        return self.choices.view.kind is Kind.MONTH

    @property
    def sheet(self) -> DayGrid | MonthGrid:
        """The part that shows the days."""
        return self.month if self.is_month else self.grid

    def _period(self, day: date) -> Period:
        return period(self.choices.view.kind, day, self.desk.who.locale)

    def reload(self) -> None:
        """Ask for the days shown, the clinic's own date the first time."""
        day, view = self._day, self.choices.view
        if view.kind is Kind.MONTH:
            self.desk.operations.query(
                self,
                lambda ctx: month_of(ctx, view, day),
                self._show_month,
                failed=self._failed,
                key="days",
            )
        else:
            self.desk.operations.query(
                self,
                lambda ctx: days_of(ctx, view, day),
                self._show_days,
                failed=self._failed,
                key="days",
            )
        self.parked.reload()

    def _show_days(self, found: Days) -> None:
        day, sheets = found
        if self.is_month:
            return  # asked before the view was another
        view = self.choices.view
        first = not self._sheets
        self._sheets = self.bookings.sheets = sheets
        self._came(day, sheets[0].now)
        self._people = people_of(sheets[0])
        shown = without_closed(sheets, day) if view.kind is Kind.WEEK else sheets
        self._pages.setCurrentWidget(self.grid)
        self._state.show_content(self._pages)
        self.grid.set_days(shown, sheets[0].now, by=view.by, shown=view.shown)
        if self._aimed is not None:
            self.grid.aim(self._aimed)
            self._aimed = None
        self._shown(first)
        self.bookings.go_on(self.grid.target())

    def _show_month(self, found: Month) -> None:
        day, sheet, self._people = found
        if not self.is_month:
            return
        first = self.month.layout_of_month is None
        self._came(day, sheet.now)
        self._pages.setCurrentWidget(self.month)
        self._state.show_content(self._pages)
        self.month.set_month(sheet, day)
        if self._aimed is not None:
            self.month.go_to(self._aimed)
            self._aimed = None
        self._shown(first)

    def _came(self, day: date, now: datetime) -> None:
        self._day = day
        self._today = now.astimezone(self.zone).date()

    def _shown(self, first: bool) -> None:
        """Write what is shown, choose what was asked for, begin to work there."""
        if self._wanted is not None:
            self.sheet.choose(self._wanted)
            self._wanted = None
        self._show_view()
        # Whoever types elsewhere meanwhile, in the palette or a form, goes on typing there.
        focused = QApplication.focusWidget()
        inside = focused is not None and self._pages.isAncestorOf(focused)
        if self.isVisible() and (inside or (first and not isinstance(focused, QLineEdit))):
            self.start_focus()

    def _show_view(self) -> None:
        view = self.choices.view
        if self._day is not None:
            self.bar.show_date(self._period(self._day).words(self.desk.who.locale))
        self.bar.show_view(view, self._people)
        self.bar.show_saved(self.choices.saved())
        self.grid.set_slot(view.slot)

    def _failed(self, error: Exception) -> None:
        seen = ""
        if self.grid.now is not None:
            seen = f"{self.grid.now.astimezone(self.zone):%H:%M}"
        self._state.show_failed(str(error), self.refresh, seen=seen)

    def _need_day(self, day: date) -> None:
        """Read all of a day of the month, of which the first appointments are not enough."""
        view = self.choices.view
        self.desk.operations.query(
            self,
            lambda ctx: whole_day_of(ctx, view, day),
            lambda sheet: self.month.set_day(sheet.days[0]),
            key="whole",
        )

    # -- which days, which columns ------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what acts on the whole calendar, wherever in it the focus is."""
        name = act_of(self, event)
        if name.startswith("view_"):
            self._views.recall(name.removeprefix("view_"))
        elif not self._do(name):
            super().keyPressEvent(event)

    def _do(self, name: str) -> bool:
        """Do what a key or the toolbar asks for; return whether there is such an act here."""
        acts = {
            "today": self._go_today,
            "back": lambda: self._walk(-1),
            "forward": lambda: self._walk(1),
            "week_back": lambda: self._walk_days(-7),
            "week_forward": lambda: self._walk_days(7),
            "go_to": self._ask_date,
            "find": self.find_here,
            "by": self._turn,
            "finer": lambda: self._step_zoom(-1),
            "coarser": lambda: self._step_zoom(1),
            "repeat": lambda: self.repeats.repeat(self.sheet.chosen()),
            "park": self._carrying.park,
            "put": self._carrying.put_parked,
            "save_view": self.save_now,
            "print_day": self.print_current,
            "print_week": self._print_week,
        }
        if name in _KINDS:
            self._switch(kind=_KINDS[name])
        elif name in acts:
            acts[name]()
        else:
            return False
        return True

    def _walk(self, steps: int) -> None:
        if self._day is not None:
            # Between the ends a step never leaves what a date can be.
            self._go(self._period(self._day).stepped(steps))

    def _walk_days(self, days: int) -> None:
        if self._day is not None:
            self._go(self._day + timedelta(days=days))

    def _go(self, day: date) -> None:
        """Show a date; where the calendar ends, the end with a sentence."""
        inside = within(day)
        if inside != day:
            self.desk.messages.warn(
                _("The calendar ends here: it goes from {first} to {last}.").format(
                    first=format_long_date(FIRST_DAY, self.desk.who.locale),
                    last=format_long_date(LAST_DAY, self.desk.who.locale),
                )
            )
        self._day = self._aimed = inside
        self.refresh()

    def _go_today(self) -> None:
        if self._today is not None:
            self._go(self._today)

    def _open_day(self, day: date) -> None:
        self._day = self._aimed = day
        self._switch(kind=Kind.DAY)

    def _ask_date(self) -> None:
        if self._today is not None:
            GoToDialog(
                self._go,
                today=self._today,
                locale=self.desk.who.locale,
                theme=self.desk.theme,
                parent=self,
            ).open()

    def _switch(self, *, kind: Kind | None = None, by: By | None = None) -> None:
        """Show other days or columns; several days begin with the one who was worked with."""
        here = self._here()
        if here is not None and self._aimed is None:
            self._day = self._aimed = here
        view, known = self.choices.other(kind=kind, by=by)
        if not known and view.kind in (Kind.THREE, Kind.WEEK):
            one = self.grid.current_id(view.by)
            view = replace(view, shown=(one,) if one is not None else ())
        self._choose(view)

    def _turn(self) -> None:
        self._switch(by=By.CHAIR if self.choices.view.by is By.PROVIDER else By.PROVIDER)

    def _choose(self, view: CalendarView) -> None:
        """Show a view and remember it."""
        self.choices.choose(view)
        self._show_view()
        self.refresh()

    def _choose_here(self, view: CalendarView) -> None:
        """Show a saved view around the day that was worked with."""
        self._day = self._aimed = self._here() or self._day
        self._choose(view)

    def _here(self) -> date | None:
        return self.month.day if self.is_month else self.grid.current_day()

    def _zoom(self, minutes: int) -> None:
        self.choices.choose(replace(self.choices.view, slot=minutes))
        self._show_view()

    def _step_zoom(self, step: int) -> None:
        place = ZOOMS.index(self.choices.view.slot) + step
        self._zoom(ZOOMS[min(max(place, 0), len(ZOOMS) - 1)])

    def _follow(self, row: AppointmentRow) -> None:
        """Show the days of an appointment, and choose it there."""
        self._wanted, day = row.id, row.local_start.date()
        shown = self._period(self._day) if self._day is not None else None
        if shown is None or not shown.first <= day <= shown.last:
            self._day = day
        self.refresh()

    def _show_parked(self, ids: frozenset[UUID]) -> None:
        self.grid.set_parked(ids)
        self.month.set_parked(ids)

    def save_now(self) -> None:
        """Save what is shown as a view on a key (Ctrl+S)."""
        self._views.ask()

    # -- what the shell asks ------------------------------------------------------------------

    def open_at(self, **where: Any) -> None:
        """Show a ``date``, choose an ``appointment_id``, or book for ``book_for``."""
        day: date | datetime | None = where.get("date")
        self._wanted = where.get("appointment_id") or self._wanted
        if "book_for" in where:
            self.bookings.want(where["book_for"], self.grid.target())
            if self.is_month:
                self._switch(kind=Kind.DAY)
        if day is not None:
            self._go(day.date() if isinstance(day, datetime) else day)
        else:
            self.refresh()

    def patient_in_view(self) -> PatientInView | None:
        """Return whose appointment is chosen."""
        visit = self.sheet.chosen()
        return PatientInView(visit.patient_id, visit.patient) if visit else None

    def show_history(self) -> None:
        """Show who changed the chosen visit."""
        visit = self.sheet.chosen()
        if visit is not None:
            name = visit.patient
            show_history(self.desk, self, name=name, table="appointment", row_id=visit.id)

    def start_focus(self) -> None:
        """Begin in the sheet."""
        self.sheet.setFocus()

    def print_current(self) -> None:
        """Show the sheet of the day on paper."""
        day = self._here()
        self.desk.navigator.open_screen("day_sheet", date=day or self._day, back="calendar")

    def _print_week(self) -> None:
        """Show the week on paper: of the one provider in view, or of all."""
        view = self.choices.view
        one = view.shown[0] if view.by is By.PROVIDER and len(view.shown) == 1 else None
        day = self._here() or self._day
        self.desk.navigator.open_screen("week_sheet", date=day, provider=one, back="calendar")

    def find_here(self) -> None:
        """Find the next free slot."""
        self.bookings.find(self.grid.target())

    def toggle_side(self) -> None:
        """Show or hide the parking (F7)."""
        self._split.toggle()

    def panes(self) -> list[QWidget]:
        """Return the sheet and, where something is parked, the parking."""
        parked = self.parking.list
        return [self.sheet, parked] if parked.isVisible() else [self.sheet]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the sheet."""
        return calendar_keys()
