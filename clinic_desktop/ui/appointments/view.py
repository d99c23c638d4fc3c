"""The calendar screen: a day by provider, with the keys to walk, book, move and finish."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.schedule import Span
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments import slots
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    DaySheet,
    FreeSlot,
    Move,
    OutsideHoursError,
    SlotSearch,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.cards import open_patient
from clinic_desktop.ui.appointments.booking import BookingDialog, Slot
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.reason import ReasonDialog
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented

# What the database can hold, a day inside: the neighbours are looked at too.
FIRST_DAY: Final = date(1850, 1, 2)
LAST_DAY: Final = date(2199, 12, 30)
MINUTE_MS: Final = 60_000
ZOOMS: Final = (5, 10, 15, 30)


class CalendarScreen(Screen):
    """One day; ``open_at`` takes a day, an appointment to choose, or a patient to book for."""

    title = N_("Calendar")
    topics = frozenset(
        {
            "appointment",
            "provider",
            "chair",
            "working_time",
            "patient_alert",
            "patient",
            "treatment",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._zone = ZoneInfo(desk.who.zone)
        self._day: date | None = None
        self._sheet: DaySheet | None = None
        self._wanted: UUID | None = None
        self._book_for: UUID | None = None
        self._acts = VisitActs(desk, self, self._follow)
        theme = desk.theme
        self.grid = DayGrid(theme, desk.who.locale)
        self.grid.slot = desk.who.slot_minutes
        self._date = Label("", theme=theme, size="title")
        self._state = StatePanel("", theme=theme, framed=False)
        self._toolbar()
        self._connect()
        self._state.show_loading(_("Asking for the day…"))
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()

    def _toolbar(self) -> None:
        theme = self.desk.theme
        back = Button("", theme=theme, icon="chevron-left", name=_("Day before"))
        forward = Button("", theme=theme, icon="chevron-right", name=_("Day after"))
        today = Button(_("Today"), theme=theme, key="T")
        find = Button(_("Find a slot"), theme=theme, icon="calendar-search", key="F")
        zoom = self._zoom = Segmented(
            [(f"{step}", step) for step in ZOOMS],
            theme=theme,
            name=_("Minutes of a slot"),
        )
        if self.grid.slot not in ZOOMS:
            self.grid.slot = 15
        zoom.set_value(self.grid.slot)
        zoom.chosen.connect(self.grid.set_slot)
        back.clicked.connect(lambda: self._walk(-1))
        forward.clicked.connect(lambda: self._walk(1))
        today.clicked.connect(self._go_today)
        find.clicked.connect(self._find)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 8, 16, 8)
        bar.setSpacing(8)
        for widget in (back, today, forward):
            bar.addWidget(widget)
        bar.addSpacing(8)
        bar.addWidget(self._date, 1)
        bar.addWidget(find)
        bar.addWidget(zoom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._state, 1)

    def _connect(self) -> None:
        self.grid.book_wanted.connect(self._book_here)
        self.grid.acted.connect(self._acts.act)
        self.grid.opened.connect(lambda visit: self.desk.navigator.open_patient(visit.patient_id))
        self.grid.move_wanted.connect(self._move)
        self.grid.resize_wanted.connect(self._resize)
        self.grid.span_wanted.connect(self._book_span)
        self.grid.zoom_wanted.connect(self._step_zoom)
        self.grid.walked.connect(self._walk)
        self.grid.today_wanted.connect(self._go_today)
        self.grid.find_wanted.connect(self._find)

    # -- showing ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the day shown, the clinic's own date the first time."""
        day = self._day

        def ask(ctx: Context) -> DaySheet:
            return appointments.day(ctx, day or ctx.now.astimezone(ctx.zone).date())

        self.desk.operations.query(self, ask, self._show, failed=self._failed, key="day")

    def _show(self, sheet: DaySheet) -> None:
        first = self._sheet is None
        self._sheet, self._day = sheet, sheet.day
        self._date.setText(format_long_date(sheet.day, self.desk.who.locale))
        self._state.show_content(self.grid)
        self.grid.set_sheet(sheet, sheet.now)
        if self._wanted is not None:
            self.grid.choose(self._wanted)
            self._wanted = None
        if first and self.isVisible():
            self.start_focus()
        if self._book_for is not None:
            patient, self._book_for = self._book_for, None
            self._book_patient(patient)

    def _failed(self, error: Exception) -> None:
        seen = f"{self._sheet.now.astimezone(self._zone):%H:%M}" if self._sheet else ""
        self._state.show_failed(str(error), self.refresh, seen=seen)

    def _walk(self, days: int) -> None:
        if self._day is not None:
            # Between the ends a step never leaves what a date can be.
            self._day = self._within(self._day + timedelta(days=days))
            self.refresh()

    def _within(self, day: date) -> date:
        """Return the day, or the end of the calendar that lies before it, saying so."""
        inside = min(max(day, FIRST_DAY), LAST_DAY)
        if inside != day:
            self.desk.messages.warn(
                _("The calendar ends here: it goes from {first} to {last}.").format(
                    first=format_long_date(FIRST_DAY, self.desk.who.locale),
                    last=format_long_date(LAST_DAY, self.desk.who.locale),
                )
            )
        return inside

    def _go_today(self) -> None:
        self._day = None
        self.refresh()

    # -- booking and moving -------------------------------------------------------------------

    def _book_here(self, provider_id: UUID, minute: int) -> None:
        if self._sheet is not None:
            self._open_booking(Slot(self._sheet.local_day.local_at(minute), provider_id))

    def _book_span(self, provider_id: UUID, span: Span) -> None:
        if self._sheet is not None:
            start = self._sheet.local_day.local_at(span.start)
            self._open_booking(Slot(start, provider_id, minutes=span.length))

    def _step_zoom(self, step: int) -> None:
        place = min(max(ZOOMS.index(self.grid.slot) + step, 0), len(ZOOMS) - 1)
        self._zoom.set_value(ZOOMS[place])
        self.grid.set_slot(ZOOMS[place])

    def _open_booking(self, slot: Slot) -> None:
        if self._sheet is None:
            return
        if not self.desk.who.may("schedule.write"):
            self.desk.messages.warn(_("Your roles do not allow booking."))
            return
        BookingDialog(self.desk, self._sheet, slot, self._booked, parent=self).open()

    def _booked(self, row: AppointmentRow) -> None:
        def undo() -> None:
            self._acts.cancel(row, _("Booked by mistake"))

        words = _("{name} is booked for {time}.").format(
            name=isolate(row.patient), time=f"{row.local_start:%H:%M}"
        )
        self.desk.messages.undoable(words, undo)
        self._wanted, self._day = row.id, row.local_start.date()
        self.refresh()

    def _book_patient(self, patient_id: UUID) -> None:
        """Open the form at the chosen slot for a patient named elsewhere."""
        cell, sheet = self.grid.cell(), self._sheet
        if sheet is None or cell is None:
            return
        start, provider = sheet.local_day.local_at(cell.minute), self.grid.provider_of(cell.column)
        self.desk.operations.query(
            self,
            lambda ctx: open_patient(ctx, patient_id, access="peek"),
            lambda card: self._open_booking(Slot(start, provider, card.id, card.name)),
            key="patient",
        )

    def _move(self, visit: AppointmentRow, provider_id: UUID, minute: int) -> None:
        if self._sheet is None:
            return
        columns = {column.provider_id: column for column in self._sheet.columns}
        same = visit.provider_id == provider_id
        self._send_move(
            visit,
            Move(
                id=visit.id,
                version=visit.version,
                provider_id=provider_id,
                chair_id=visit.chair_id if same else columns[provider_id].chair_id,
                local_start=self._sheet.local_day.local_at(minute),
                minutes=visit.minutes,
            ),
        )

    def _resize(self, visit: AppointmentRow, minutes: int) -> None:
        self._send_move(
            visit,
            Move(
                id=visit.id,
                version=visit.version,
                provider_id=visit.provider_id,
                chair_id=visit.chair_id,
                local_start=visit.local_start,
                minutes=minutes,
            ),
        )

    def _send_move(self, visit: AppointmentRow, move: Move) -> None:
        self.desk.operations.change(
            self,
            lambda ctx: appointments.move(ctx, move),
            lambda row: self._moved(visit, row, move.reason),
            failed=lambda error: self._not_moved(visit, move, error),
        )

    def _moved(self, before: AppointmentRow, row: AppointmentRow, reason: str) -> None:
        latest = [row]

        def send(place: AppointmentRow, why: str) -> None:
            move = _move_to(place, version=latest[0].version, reason=why)
            self.desk.operations.change(self, lambda ctx: appointments.move(ctx, move), came)

        def came(now: AppointmentRow) -> None:
            latest[0] = now
            self._follow(now)

        words = _("{name} moved from {before} to {after}.").format(
            name=isolate(row.patient),
            before=f"{before.local_start:%H:%M}",
            after=f"{row.local_start:%H:%M}",
        )
        self.desk.messages.undoable(
            words, lambda: send(before, _("Undone")), lambda: send(row, reason)
        )
        self._follow(row)

    def _not_moved(self, visit: AppointmentRow, move: Move, error: Exception) -> None:
        """Put it back and say why; who may override is asked for the reason instead."""
        self.refresh()
        if isinstance(error, OutsideHoursError) and error.needs_reason and not move.reason:
            ReasonDialog(
                str(error),
                lambda reason: self._send_move(visit, move.model_copy(update={"reason": reason})),
                theme=self.desk.theme,
                parent=self,
            ).open()
        else:
            self.desk.messages.warn(str(error))

    # -- statuses -----------------------------------------------------------------------------

    def _follow(self, row: AppointmentRow) -> None:
        self._wanted = row.id
        self.refresh()

    # -- finding ------------------------------------------------------------------------------

    def _find(self) -> None:
        """Go to the next free half hour of the chosen column's provider, ready to book."""
        cell, sheet = self.grid.cell(), self._sheet
        if sheet is None or cell is None:
            return
        search = SlotSearch(
            minutes=30, provider_id=self.grid.provider_of(cell.column), first_day=sheet.day, limit=1
        )
        self.desk.operations.query(
            self, lambda ctx: slots.free_slots(ctx, search), self._found, key="slot"
        )

    def _found(self, found: tuple[FreeSlot, ...]) -> None:
        if not found:
            self.desk.messages.warn(_("Nothing is free in the next weeks."))
            return
        slot = found[0]
        self._open_booking(Slot(slot.local_start, slot.provider_id))

    # -- what the shell asks ------------------------------------------------------------------

    def open_at(self, **where: Any) -> None:
        """Show a ``date``, choose an ``appointment_id``, or book for ``book_for``."""
        day: date | datetime | None = where.get("date")
        if day is not None:
            self._day = self._within(day.date() if isinstance(day, datetime) else day)
        self._wanted = where.get("appointment_id") or self._wanted
        self._book_for = where.get("book_for")
        if "book_for" in where and self._book_for is None:
            cell = self.grid.cell()
            if cell is not None and self._sheet is not None:
                self._open_booking(
                    Slot(
                        self._sheet.local_day.local_at(cell.minute),
                        self.grid.provider_of(cell.column),
                    )
                )
        self.refresh()

    def patient_in_view(self) -> PatientInView | None:
        """Return whose appointment is chosen."""
        visit = self.grid.chosen()
        return PatientInView(visit.patient_id, visit.patient) if visit else None

    def show_history(self) -> None:
        """Show who changed the chosen visit."""
        visit = self.grid.chosen()
        if visit is not None:
            name = visit.patient
            show_history(self.desk, self, name=name, table="appointment", row_id=visit.id)

    def start_focus(self) -> None:
        """Begin in the sheet."""
        self.grid.setFocus()

    def print_current(self) -> None:
        """Show the sheet of the day on paper."""
        self.desk.navigator.open_screen("day_sheet", date=self._day, back="calendar")

    def find_here(self) -> None:
        """Find the next free slot."""
        self._find()

    def panes(self) -> list[QWidget]:
        """Return the sheet."""
        return [self.grid]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the sheet."""
        area = _("Calendar")
        return [
            KeyHelp("Enter", _("book here, or open"), area),
            KeyHelp("F", _("find a slot"), area),
            KeyHelp("T", _("today"), area),
            KeyHelp("Ctrl+P", _("day sheet"), area),
            KeyHelp("N", _("book here"), area),
            KeyHelp("C", _("confirm"), area),
            KeyHelp("A", _("arrived"), area),
            KeyHelp("S", _("seat"), area),
            KeyHelp("D", _("done"), area),
            KeyHelp("M", _("missed"), area),
            KeyHelp("X", _("cancel"), area),
            KeyHelp("Alt+↓", _("move"), area),
            KeyHelp("Alt+Shift+↓", _("make longer"), area),
            KeyHelp("Ctrl+→", _("next day"), area),
            KeyHelp("+", _("finer slots"), area),
            KeyHelp("-", _("coarser slots"), area),
        ]


def _move_to(place: AppointmentRow, *, version: int, reason: str) -> Move:
    """Return the move that brings an appointment to where this row had it."""
    return Move(
        id=place.id,
        version=version,
        provider_id=place.provider_id,
        chair_id=place.chair_id,
        local_start=place.local_start,
        minutes=place.minutes,
        reason=reason,
    )
