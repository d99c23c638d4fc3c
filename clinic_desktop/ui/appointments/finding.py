"""Finding a free time: the search beside the calendar, its ghosts on the sheet, and booking one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import Booking
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.context import Context
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import TreatmentRow
from clinic_desktop.ui.appointments.bookings import Bookings
from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.ghosts import ghosts_of
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.looking import PAGE, Ask, Looked, free_days_of, look
from clinic_desktop.ui.appointments.mini_month import DAYS
from clinic_desktop.ui.appointments.side import CalendarSide
from clinic_desktop.ui.appointments.switching import Switching
from clinic_desktop.ui.appointments.walking import Walking
from clinic_desktop.ui.appointments.words import following
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent

_FIRST: Final = 1


class Finding(QObject):
    """Runs the search of one calendar. Nothing is kept for whoever looks: booking decides."""

    def __init__(
        self,
        desk: Desk,
        screen: QObject,
        side: CalendarSide,
        grid: DayGrid,
        bookings: Bookings,
        walking: Walking,
        switching: Switching,
        *,
        people: Callable[[], People],
        shown: Callable[[bool], None],
    ) -> None:
        """``people`` are those who work here; ``shown`` shows the side panel, or the calendar."""
        super().__init__(screen)
        self._desk, self._side, self._grid, self._bookings = desk, side, grid, bookings
        self._walking, self._switching = walking, switching
        self._people, self._shown = people, shown
        self._waiting: BookingIntent | None = None
        self._panel = side.search
        self._intent = BookingIntent()
        self._asked: Ask | None = None
        self._found: tuple[FreeSlot, ...] = ()
        self._looked: Looked | None = None
        self._sending = False
        panel = self._panel
        panel.form.changed.connect(self.ask)
        panel.form.left.connect(self.close)
        panel.answers.left.connect(self.close)
        panel.answers.pointed.connect(self._point)
        panel.answers.taken.connect(self.take)
        panel.answers.more_wanted.connect(self._ask_more)
        side.month.sheet.turned.connect(self.ask_days)

    @property
    def is_open(self) -> bool:
        """Whether a time is looked for."""
        return self._side.searching

    # -- opening and closing -------------------------------------------------------------------

    def open(self, intent: BookingIntent) -> None:
        """Begin to look for a time; the first answers are there to be booked at once.

        It begins at the day that is worked with, and with who is booked there; for a known patient
        today and with anybody. Where no day has been read yet, it waits for the first one.
        """
        today, people = self._walking.today, self._people()
        if today is None or not people.providers:
            self._waiting = intent
            return
        if self._switching.is_month:
            self._switching.to(kind=Kind.DAY)
        known = intent.patient_id is not None
        target = self._grid.target()
        usual = target.provider_id if target is not None and not known else None
        self._waiting, self._intent, self._found = None, intent, ()
        form = self._panel.form
        form.set_people(people.providers)
        form.begin(
            intent,
            provider_id=intent.provider_id or usual,
            first_day=today if known else self._switching.here() or today,
            today=today,
        )
        self._side.show_search()
        self._shown(True)
        self._panel.begin()
        self._panel.answers.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ask()
        self._desk.operations.query(
            self, treatments.price_list, self._offer, failed=self._failed, key="prices"
        )

    def go_on(self) -> None:
        """Begin what waited for the first day to be read."""
        if self._waiting is not None:
            self.open(self._waiting)

    def _offer(self, rows: tuple[TreatmentRow, ...]) -> None:
        self._panel.form.offer(rows, self._people().providers)

    def close(self) -> None:
        """Look no more; the calendar has the focus again."""
        if not self.is_open:
            return
        self._asked, self._looked, self._found = None, None, ()
        self._intent = BookingIntent()
        self._grid.set_ghosts(())
        self._side.show_parking()
        self._shown(False)
        self.ask_days()

    def reload(self) -> None:
        """Look again, because something was booked or freed meanwhile."""
        if self.is_open and not self._sending:
            self.ask(again=True)
        else:
            self.ask_days()

    # -- asking --------------------------------------------------------------------------------

    def ask(self, *, again: bool = False) -> None:
        """Ask for free times: the first one at once, then a page of them."""
        asked = self._panel.form.ask()
        if asked is None or not self.is_open:
            return
        self._asked = asked
        self._panel.state.show_loading(_("Looking for free times…"))
        shown = max(PAGE, len(self._found)) if again else PAGE
        first = asked.page(0, shown if again else _FIRST)
        self._query(first, lambda looked: self._first_came(asked, looked, shown, again=again))

    def _first_came(self, asked: Ask, looked: Looked, shown: int, *, again: bool) -> None:
        self._show(looked, looked.slots, whole=again)
        if looked.slots and not again:
            self._query(asked.page(0, shown), lambda more: self._show(more, more.slots, whole=True))
        if not again:
            self.ask_days()

    def _query(self, asked: Ask, done: Callable[[Looked], None]) -> None:
        self._desk.operations.query(
            self, lambda ctx: look(ctx, asked), done, failed=self._failed, key="slots"
        )

    def _ask_more(self) -> None:
        if self._asked is None:
            return
        before = self._found
        self._panel.state.show_loading(_("Looking for free times…"))
        self._query(
            self._asked.page(len(before), PAGE),
            lambda looked: self._show(looked, (*before, *looked.slots), whole=True),
        )

    def _show(self, looked: Looked, found: tuple[FreeSlot, ...], *, whole: bool) -> None:
        if not self.is_open:
            return
        self._looked, self._found = looked, found
        self._panel.form.show_work(looked.words, looked.minutes)
        if found:
            self._panel.show_slots(found, whole=whole)
        else:
            self._panel.show_none()
            self._grid.set_ghosts(())

    def _failed(self, error: Exception) -> None:
        self._panel.state.show_failed(str(error), self.ask)

    def ask_days(self) -> None:
        """Ask on which days of the month there is a free time."""
        first = self._side.month.sheet.first
        if first is None:
            return
        asked = self._asked or Ask(first, provider_id=self._one_shown())
        self._desk.operations.query(
            self,
            lambda ctx: _days(ctx, asked, first),
            lambda free: self._side.month.sheet.set_free(first, free),
            failed=lambda _error: self._side.month.sheet.set_free(first, None),
            key="free",
        )

    def _one_shown(self) -> UUID | None:
        """Return the provider whose days alone are shown."""
        geometry = self._grid.geometry_of_day
        shown = {
            column.provider.provider_id if column.provider is not None else None
            for column in (geometry.columns if geometry is not None else ())
        }
        return shown.pop() if len(shown) == 1 else None

    # -- the chosen one ------------------------------------------------------------------------

    def _point(self, place: int) -> None:
        self._grid.set_ghosts(ghosts_of(self._found, place))
        if 0 <= place < len(self._found):
            self._walking.bring(self._found[place].local_start.date())

    def take(self, shown_first: bool = False) -> None:
        """Book the chosen time; with nobody to book it for, the form asks for the rest."""
        slot, looked = self._panel.answers.chosen(), self._looked
        if slot is None or looked is None or self._sending:
            return
        if not self._desk.who.may("schedule.write"):
            self._desk.messages.warn(_("Your roles do not allow booking."))
            return
        intent = self._intent
        if intent.moves is not None:
            intent = replace(intent, why=self._panel.form.why.value() or "")
        work = looked.planned or looked.treatment_ids or intent.moves
        if intent.patient_id is None or shown_first or not work:
            self._bookings.at_free(slot, self._as_asked(looked, intent))
            return
        self._send(slot, looked, intent)

    def _as_asked(self, looked: Looked, intent: BookingIntent) -> BookingIntent:
        """Return the wish with the service that was chosen here."""
        return replace(
            intent,
            planned=tuple(one.chart_item_id for one in looked.planned),
            treatment_ids=looked.treatment_ids,
        )

    def _send(self, slot: FreeSlot, looked: Looked, intent: BookingIntent) -> None:
        patient_id = intent.patient_id
        if patient_id is None:
            return
        first = Booking(
            id=new_id(),
            patient_id=patient_id,
            provider_id=slot.provider_id,
            chair_id=slot.chair_id,
            planned=looked.planned,
            treatment_ids=looked.treatment_ids,
            instead_of_id=intent.instead_of_id,
            remark=intent.moves.remark if intent.moves is not None else "",
            source=intent.source,
            local_start=slot.local_start,
            second_hour=slot.second_hour,
            minutes=slot.minutes,
        )
        bookings = (first, *(following(first, one) for one in slot.then))
        self._sending = True
        self._panel.book.setEnabled(False)
        self._bookings.send(
            bookings,
            intent,
            planned=bool(looked.planned),
            done=lambda _row: self.booked(),
            failed=self._refused,
        )

    def booked(self) -> None:
        """Look no more: it is booked."""
        self._sending = False
        self.close()

    def _refused(self, error: Exception) -> None:
        self._sending = False
        self._desk.messages.warn(str(error))
        self.ask(again=True)


def _days(ctx: Context, asked: Ask, first: date) -> frozenset[date]:
    return free_days_of(ctx, asked, first, DAYS)
