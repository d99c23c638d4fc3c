"""The calendar screen: days or a month, with the keys to walk, book, find, move and finish."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.bookings import Bookings
from clinic_desktop.ui.appointments.carrying import Carrying
from clinic_desktop.ui.appointments.choices import Choices, Kind
from clinic_desktop.ui.appointments.doing import Doing, known
from clinic_desktop.ui.appointments.drawer import LEAST, SideDrawer
from clinic_desktop.ui.appointments.filling import Filling
from clinic_desktop.ui.appointments.finding import Finding
from clinic_desktop.ui.appointments.freed import Freed, Whom
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.keys import act_of, calendar_keys
from clinic_desktop.ui.appointments.making_anew import MakingAnew
from clinic_desktop.ui.appointments.month import MonthGrid
from clinic_desktop.ui.appointments.moves import Moves
from clinic_desktop.ui.appointments.parked import Parked
from clinic_desktop.ui.appointments.period import Period, period
from clinic_desktop.ui.appointments.reading import (
    Days,
)
from clinic_desktop.ui.appointments.repeats import Repeats
from clinic_desktop.ui.appointments.saved_views import SavedViews
from clinic_desktop.ui.appointments.series_acts import SeriesActs
from clinic_desktop.ui.appointments.side import CalendarSide
from clinic_desktop.ui.appointments.switching import Switching
from clinic_desktop.ui.appointments.toolbar import CalendarBar
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.appointments.visit_menu import VisitMenu
from clinic_desktop.ui.appointments.walking import Walking
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.shell.layout import Layout
from clinic_desktop.ui.widgets.side import SideSplit

MINUTE_MS: Final = 60_000


class CalendarScreen(Screen):
    """``open_at`` takes a day, an appointment to choose, or what is to be booked."""

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

    def __init__(self, desk: Desk, layout: Layout, *, whom: Whom | None = None) -> None:
        """``whom`` shows whom to call about a free time."""
        super().__init__(desk)
        self.zone = ZoneInfo(desk.who.zone)
        self.choices = Choices(layout, desk.who.slot_minutes)
        self._walking = Walking(desk, self, period=self._period, gone=self.refresh)
        self._wanted: UUID | None = None
        self._freed = Freed(desk, self, whom, self._follow)
        self._acts = VisitActs(desk, self, self._changed_visit)
        self.grid = DayGrid(desk.theme, desk.who.locale)
        self.month = MonthGrid(desk.theme, desk.who.locale)
        self.side = CalendarSide(desk)
        self.parking = self.side.parking
        self.parked = Parked(desk, self, self.choices, self.parking, self._show_parked)
        moves = Moves(desk, self, self._follow, self.refresh)
        self.repeats = Repeats(
            desk,
            self,
            SeriesActs(desk, self, self._follow),
            people=lambda: self.filling.people,
            cancel=lambda visit: self._acts.act(visit, VisitStatus.CANCELLED),
        )
        self._carrying = Carrying(
            desk,
            self,
            lambda: self.sheet,
            moves,
            self.parked,
            self.repeats,
            parked_now=self._open_parking,
        )
        self._switching = Switching(
            self.choices,
            self._walking,
            self.grid,
            self.month,
            chosen=self._read_view,
            zoomed=self._show_view,
        )
        self._views = SavedViews(
            desk, self, self.choices, changed=self._show_view, chosen=self._switching.choose_here
        )
        self.anew = MakingAnew(desk, self, self._find, self._follow)
        self.bookings = Bookings(
            desk, self, self._acts, self.anew, self._booked, self.repeats.begin, self._freed.changed
        )
        self.finding = Finding(
            desk,
            self,
            self.side,
            self.grid,
            self.bookings,
            self._walking,
            self._switching,
            people=lambda: self.filling.people,
            shown=self._show_side,
        )
        self._doing = Doing(
            self,
            self.choices,
            self._walking,
            self._switching,
            self._carrying,
            self.repeats,
            self.anew,
        )
        self._menu = VisitMenu(
            self,
            step=self._acts.act,
            do=self._doing.do,
            may_write=desk.who.may("schedule.write"),
        )
        self.filling = Filling(
            desk,
            self,
            self.choices,
            self._walking,
            self.grid,
            self.month,
            came=self.side.month.show_day,
            shown=self._shown,
            days_came=self._days_came,
            again=self.refresh,
            missed=self._show_view,
        )
        self.bar = CalendarBar(desk)
        self._lay_out()
        self._connect()
        self._show_view()
        self.filling.state.show_loading(_("Asking for the calendar…"))
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self._split = SideSplit(
            self.filling.state, self.side, theme=theme, width=300, least=LEAST, gutter=12
        )
        self._drawer = SideDrawer(self._split, self.side, self._go_to_sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._split, 1)

    def _connect(self) -> None:
        grid, month, bar = self.grid, self.month, self.bar
        switching = self._switching
        for sheet in (grid, month):
            sheet.acted.connect(self._acts.act)
            sheet.opened.connect(self._open_record)
            sheet.menu_wanted.connect(
                lambda visit, at: self._menu.show(visit, at, lambda: self._open_record(visit))
            )
        grid.book_wanted.connect(lambda target: self.bookings.at(target, whole=False))
        grid.span_wanted.connect(lambda target: self.bookings.at(target, whole=True))
        month.day_opened.connect(switching.open_day)
        month.day_wanted.connect(self._walking.go)
        self.side.month.sheet.chosen.connect(self._show_chosen_day)
        self._carrying.connect_sheets(grid, month)
        bar.wanted.connect(self._doing.do)
        bar.kind_chosen.connect(lambda kind: switching.to(kind=kind))
        bar.by_chosen.connect(lambda by: switching.to(by=by))
        bar.slot_chosen.connect(switching.zoom)
        bar.shown_chosen.connect(
            lambda shown: switching.choose(replace(self.choices.view, shown=shown))
        )
        bar.view_wanted.connect(self._views.recall)
        bar.view_removed.connect(self._views.forget)

    # -- showing -------------------------------------------------------------------------------

    @property
    def is_month(self) -> bool:
        """Whether a month is shown."""
        return self._switching.is_month

    @property
    def sheet(self) -> DayGrid | MonthGrid:
        """The part that shows the days."""
        return self.month if self.is_month else self.grid

    def _period(self, day: date) -> Period:
        return period(self.choices.view.kind, day, self.desk.who.locale)

    def reload(self) -> None:
        """Ask for the days shown, what is parked, and what is looked for."""
        self.filling.ask()
        self.parked.reload()
        self.finding.reload()

    def _days_came(self, found: Days) -> None:
        self.bookings.sheets = found[1]
        self.bookings.go_on(self.grid.target())
        self.finding.go_on()

    def _shown(self, first: bool) -> None:
        """Write what is shown, choose what was asked for, begin to work there."""
        if self._wanted is not None:
            self.sheet.choose(self._wanted)
            self._wanted = None
        self._show_view()
        # Whoever types elsewhere meanwhile, in the palette or a form, goes on typing there.
        focused = QApplication.focusWidget()
        if self.filling.holds(focused):
            self.sheet.setFocus()
        elif first and self.isVisible() and not isinstance(focused, QLineEdit):
            self.start_focus()

    def _show_view(self) -> None:
        view = self.choices.view
        if self._walking.day is not None:
            shown, locale = self._period(self._walking.day), self.desk.who.locale
            self.bar.show_date(shown.words(locale), shown.short_words(locale))
        self.bar.show_view(view, self.filling.people)
        self.bar.show_saved(self.choices.saved())
        self.grid.set_slot(view.slot)

    # -- which days, which columns -------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what acts on the whole calendar, wherever in it the focus is."""
        name = act_of(self, event)
        if name.startswith("view_"):
            self._views.recall(name.removeprefix("view_"))
        elif name == "give_up":
            self._leave()
        elif not self._doing.do(name):
            super().keyPressEvent(event)

    def _read_view(self) -> None:
        self._show_view()
        self.refresh()

    def chosen(self) -> AppointmentRow | None:
        """Return the appointment that keys act on."""
        return self.sheet.chosen()

    def _open_record(self, visit: AppointmentRow) -> None:
        self.desk.navigator.open_patient(visit.patient_id)

    def _find(self, intent: BookingIntent) -> None:
        self.finding.open(intent)

    def _follow(self, row: AppointmentRow) -> None:
        """Show the days of an appointment, and choose it there."""
        self._wanted, day = row.id, row.local_start.date()
        shown = self._period(self._walking.day) if self._walking.day is not None else None
        if shown is None or not shown.first <= day <= shown.last:
            self._walking.day = day
        self.refresh()

    def _changed_visit(self, row: AppointmentRow) -> None:
        self._freed.changed(row)
        self._follow(row)

    def _booked(self, row: AppointmentRow) -> None:
        self.finding.close()
        self._follow(row)

    def call(self) -> None:
        """Show whom to call about a time that is free."""
        self._freed.call(self.sheet.chosen(), self.grid.target(), self.grid.provider_here())

    def _show_side(self, wanted: bool) -> None:
        """Show what a search needs, or go back to the calendar."""
        if wanted:
            self._drawer.show_search()
        else:
            self._drawer.close()
            self.start_focus()

    def _open_parking(self) -> None:
        self._drawer.show_parking()

    def _go_to_sheet(self) -> None:
        self.sheet.setFocus()

    def _leave(self) -> None:
        """Close on Esc what lies over the sheet, or else look for a free time no more."""
        if not self._drawer.close():
            self.finding.close()

    def _show_chosen_day(self, day: date) -> None:
        """Show the day that was chosen in the small month, and work there."""
        self._walking.go(day)
        if not self.finding.is_open:
            self._drawer.close()
            self.start_focus()

    def _show_parked(self, ids: frozenset[UUID]) -> None:
        self.grid.set_parked(ids)
        self.month.set_parked(ids)
        self._drawer.parking_changed(len(ids))

    def save_now(self) -> None:
        """Save what is shown as a view on a key (Ctrl+S)."""
        self._views.ask()

    # -- what the shell asks -------------------------------------------------------------------

    def open_at(self, **where: Any) -> None:
        """Show a ``date``, choose an ``appointment_id``, or book what ``book_for`` says."""
        day: date | datetime | None = where.get("date")
        self._wanted = where.get("appointment_id") or self._wanted
        intent: BookingIntent | None = where.get("book_for")
        if intent is not None and not known(intent):
            self.anew.begin(intent.moves)
        elif intent is not None and intent.search:
            self.bookings.named(intent, self.finding.open)
        elif intent is not None:
            self.bookings.want(intent, self.grid.target())
        if intent is not None and self.is_month:
            self._switching.to(kind=Kind.DAY)
        if day is not None:
            self._walking.go(day.date() if isinstance(day, datetime) else day)
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
        """Begin in the sheet, or in the free times where some are looked for."""
        searching = self.finding.is_open and self._drawer.is_shown
        (self.side.search.answers if searching else self.sheet).setFocus()

    def print_current(self) -> None:
        """Show the sheet of the day on paper."""
        self._doing.print_day()

    def find_here(self) -> None:
        """Find a free slot; a search that was put aside goes on as it was."""
        if self.finding.is_open and not self._drawer.is_shown:
            self._drawer.toggle()
        else:
            self.finding.open(BookingIntent())

    def toggle_side(self) -> None:
        """Show or hide the side panel (F7)."""
        self._drawer.toggle()

    def panes(self) -> list[QWidget]:
        """Return the sheet and what stands beside it."""
        form, answers = self.side.search.form, self.side.search.answers
        others: list[QWidget] = [self.side.month.sheet, form.service, answers, self.parking.list]
        return [self.sheet, *(one for one in others if one.isVisible())]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the sheet."""
        return calendar_keys()
