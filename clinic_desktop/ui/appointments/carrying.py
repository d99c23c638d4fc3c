"""What mouse and keys carry over the calendar: within a sheet, into the parking, out of it."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.ahead import why_not
from clinic_desktop.services.appointments.schemas import AppointmentRow, Wanted
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.hand import Why
from clinic_desktop.ui.appointments.month import MonthGrid
from clinic_desktop.ui.appointments.moves import Moves
from clinic_desktop.ui.appointments.parked import Parked
from clinic_desktop.ui.appointments.parking import NOWHERE
from clinic_desktop.ui.appointments.repeats import Repeats
from clinic_desktop.ui.appointments.standing import Target, stands_at
from clinic_desktop.ui.desk import Desk


class Carrying:
    """Brings what is let go to where it is to stand; ``sheet`` tells which part is shown."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        sheet: Callable[[], DayGrid | MonthGrid],
        moves: Moves,
        parked: Parked,
        repeats: Repeats,
        *,
        parked_now: Callable[[], None],
    ) -> None:
        """``parked_now`` shows the parking, where it cannot be seen."""
        self._desk, self._screen, self._sheet = desk, screen, sheet
        self._moves, self._parked, self._repeats = moves, parked, repeats
        self._parked_now = parked_now

    def connect_sheets(self, grid: DayGrid, month: MonthGrid) -> None:
        """Take what the sheets and the parking let go."""
        self._grid, self._month = grid, month
        say = self._desk.messages.say
        for sheet in (grid, month):
            sheet.led.connect(self._led)
            sheet.taken_elsewhere = self._parked.take_here
        grid.put_wanted.connect(self.put)
        grid.hand.asked.connect(self._ask_ahead)
        grid.hand.said.connect(lambda words: say(words, "info"))
        month.said.connect(lambda words: say(words, "info"))
        month.moved.connect(self._put_on_day)
        parking = self._parked.panel.list
        parking.carried.connect(self._carried)
        parking.dropped.connect(self._dropped)
        parking.taken.connect(self._take_up)
        self._desk.operations.connection.connect(self._contact)

    # -- putting down -------------------------------------------------------------------------

    def put(self, visit: AppointmentRow, target: Target) -> None:
        """Move it there; a parked one is put down by that, and of a series it is asked which."""
        parked = self._parked.holds(visit.id)
        if parked and stands_at(visit, target):
            self._parked.take_out(visit)
            return

        def landed() -> None:
            if parked:
                self._parked.let_out(visit.id)

        def returned() -> None:
            if parked:
                self._parked.put_in(visit)

        def alone() -> None:
            self._moves.put(visit, target, landed=landed, returned=returned)

        if visit.series_id is None or target.provider_id is None:
            alone()
            return
        self._repeats.ask(
            visit,
            target,
            self._point_of(target, visit),
            alone=alone,
            landed=landed,
            returned=returned,
            stay=self._sheet().viewport().update,
        )

    def _point_of(self, target: Target, visit: AppointmentRow) -> QPoint:
        """Return where a place is on the screen's own widget."""
        sheet = self._sheet()
        if isinstance(sheet, DayGrid):
            at = sheet.point_of(target) or sheet.place_of(visit.id)
        else:
            at = sheet.rect_of(target.local_start.date()).center()
        return self._screen.mapFromGlobal(sheet.viewport().mapToGlobal(at.toPoint()))

    def _put_on_day(self, visit: AppointmentRow, day: date) -> None:
        """Move it to another day at its own time, with whom and where it is."""
        start = datetime.combine(day, visit.local_start.time())
        second = visit.is_second_hour and start == visit.local_start
        target = Target(visit.provider_id, visit.chair_id, start, second, visit.minutes)
        self.put(visit, target)

    def put_parked(self) -> None:
        """Put the chosen parked appointment down where the keys are."""
        visit, sheet = self._parked.chosen(), self._sheet()
        if visit is None:
            self._desk.messages.say(_("Nothing is parked. P parks an appointment."), "info")
        elif isinstance(sheet, MonthGrid):
            if sheet.day is not None:
                self._put_on_day(visit, sheet.day)
        else:
            target = sheet.target(visit.minutes, visit)
            if target is not None:
                self.put(visit, target)

    def park(self) -> None:
        """Put the chosen appointment into the parking, or let it out again."""
        visit = self._sheet().chosen()
        if visit is None:
            self._desk.messages.say(_("Choose the appointment to be parked."), "info")
        else:
            self._parked.park(visit)
            if self._parked.holds(visit.id):
                self._parked_now()

    def _ask_ahead(self, target: Target, visit: AppointmentRow | None) -> None:
        """Ask the service about the place under the ghost."""
        if target.provider_id is None:
            return
        wanted = Wanted(
            provider_id=target.provider_id,
            chair_id=target.chair_id,
            local_start=target.local_start,
            second_hour=target.second_hour,
            minutes=target.minutes,
            appointment_id=visit.id if visit is not None else None,
            squeezed=visit is not None and bool(visit.squeeze_reason),
        )
        self._desk.operations.query(
            self._screen,
            lambda ctx: why_not(ctx, wanted),
            lambda sentence: self._grid.hand.answered(target, sentence),
            failed=lambda _error: None,  # the ghost then says the time alone
            key="ahead",
        )

    # -- on the way ---------------------------------------------------------------------------

    def _contact(self, connected: bool) -> None:
        """What is held when the server is lost stays where it was."""
        if connected:
            return
        parking = self._parked.panel.list
        led = parking.led()
        parking.forget()
        self._grid.hand.let_go(Why.LOST)
        self._month.let_go(_("The server does not answer now: {name} stays at {time}."))
        if led is not None and isinstance(self._sheet(), MonthGrid):
            self._month.hover(None)
            words = _("The server does not answer now: {name} stays in the parking.")
            self._say_of(led, words)

    def _say_of(self, visit: AppointmentRow, words: str) -> None:
        self._desk.messages.say(words.format(name=isolate(visit.patient)), "info")

    def _led(self, at: QPoint, leads: bool) -> None:
        self._parked.panel.set_inviting(leads and self._parked.is_over(at))

    def _take_up(self, visit: AppointmentRow) -> None:
        """Hold a parked one over the sheet with the keyboard; in the month put it on the day."""
        sheet = self._sheet()
        if isinstance(sheet, MonthGrid):
            self.put_parked()
            return
        geometry, now, cell = sheet.geometry_of_day, sheet.now, sheet.cell()
        if geometry is not None and now is not None and cell is not None:
            sheet.setFocus()
            sheet.hand.carry(geometry, now, visit, cell)

    def _carried(self, visit: AppointmentRow, at: QPoint) -> None:
        sheet = self._sheet()
        if isinstance(sheet, MonthGrid):
            sheet.hover(at)
        else:
            sheet.carry_over(visit, at)

    def _dropped(self, visit: AppointmentRow, at: QPoint) -> None:
        sheet = self._sheet()
        if isinstance(sheet, DayGrid):
            if at == NOWHERE:
                sheet.hand.let_go(Why.GIVEN_UP)
            else:
                sheet.drop()
            return
        day = sheet.hover(at)
        sheet.hover(None)
        if day is not None:
            self._put_on_day(visit, day)
        elif at == NOWHERE:
            self._say_of(visit, _("{name} stays in the parking."))
        else:
            self._say_of(visit, _("Let go outside the sheet: {name} stays in the parking."))
