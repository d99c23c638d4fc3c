"""Booking from the calendar: the form at a place, or for what somebody wanted elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.patients.cards import open_patient
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.booking_form import Slot
from clinic_desktop.ui.appointments.making_anew import MakingAnew
from clinic_desktop.ui.appointments.sending import Booked, booking_act
from clinic_desktop.ui.appointments.series_form import SeriesStart
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent


class Bookings:
    """Opens the form for one screen; ``booked`` is told of each new row, ``repeat`` of a series."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        acts: VisitActs,
        anew: MakingAnew,
        booked: Callable[[AppointmentRow], None],
        repeat: Callable[[SeriesStart], None],
        gave_way: Callable[[AppointmentRow], None],
    ) -> None:
        """``gave_way`` is told of one that has another time, which leaves its own free."""
        self._desk, self._screen, self._acts, self._anew = desk, screen, acts, anew
        self._told, self._repeat, self._gave_way = booked, repeat, gave_way
        self.sheets: tuple[DaySheet, ...] = ()
        """The days at hand: whom and which chairs the form offers."""
        self._waiting: BookingIntent | None = None

    # -- the form ------------------------------------------------------------------------------

    def at(self, target: Target, *, whole: bool, intent: BookingIntent | None = None) -> None:
        """Open the form at a place; ``whole`` when its length was drawn too."""
        known = intent or BookingIntent()
        self._open(
            Slot(
                target.local_start,
                known.provider_id or target.provider_id,
                known.patient_id,
                known.patient,
                chair_id=target.chair_id,
                minutes=target.minutes if whole else known.minutes,
                second_hour=target.second_hour,
                intent=known,
            )
        )

    def at_free(self, slot: FreeSlot, intent: BookingIntent) -> None:
        """Open the form at a free time that was looked for."""
        self._open(
            Slot(
                slot.local_start,
                slot.provider_id,
                intent.patient_id,
                intent.patient,
                chair_id=slot.chair_id,
                minutes=slot.minutes,
                second_hour=slot.second_hour,
                intent=intent,
                then=slot.then,
            )
        )

    def want(self, intent: BookingIntent, target: Target | None) -> None:
        """Open the form for a patient, or for somebody still to be chosen.

        Where no day has been read yet, it opens with the first one.
        """
        if intent.patient_id is None and target is not None and self.sheets:
            self.at(target, whole=False, intent=intent)
            return
        self._waiting = intent

    def go_on(self, target: Target | None = None) -> None:
        """Open the form that waited for the day to be read."""
        intent = self._waiting
        if intent is None or target is None:
            return
        self._waiting = None
        self.named(intent, lambda known: self.at(target, whole=False, intent=known))

    def named(self, intent: BookingIntent, then: Callable[[BookingIntent], None]) -> None:
        """Go on once it is known what the patient is called."""
        patient_id = intent.patient_id
        if patient_id is None or intent.patient:
            then(intent)
            return
        self._desk.operations.query(
            self._screen,
            lambda ctx: open_patient(ctx, patient_id, access="peek"),
            lambda card: then(replace(intent, patient_id=card.id, patient=card.name)),
            key="patient",
        )

    def _open(self, slot: Slot) -> None:
        if not self.sheets:
            return
        if not self._desk.who.may("schedule.write"):
            self._desk.messages.warn(_("Your roles do not allow booking."))
            return
        there = (sheet for sheet in self.sheets if sheet.day == slot.start.date())
        sheet = next(there, self.sheets[0])
        # What is made anew is one appointment, not a series.
        repeat = self._repeat if slot.intent.moves is None else None
        why = slot.intent.why
        BookingDialog(
            self._desk,
            sheet,
            slot,
            lambda booked: self.told(booked, why),
            on_repeat=repeat,
            parent=self._screen,
        ).open()

    # -- without the form ----------------------------------------------------------------------

    def send(
        self,
        bookings: Sequence[Booking],
        intent: BookingIntent,
        *,
        planned: bool,
        done: Callable[[AppointmentRow], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Book what is known in full; ``done`` is told of the first visit."""

        def booked(found: Booked) -> None:
            done(found.row)
            self.told(found, intent.why)

        act = booking_act(bookings, intent, planned=planned)
        self._desk.operations.change(self._screen, act, booked, failed=failed)

    def told(self, booked: Booked, why: str = "") -> None:
        """Say that somebody is booked, and show them; ``why`` is why it is made anew."""
        row = booked.row
        if booked.after is not None:
            self._anew.tell(booked, why)
            self._told(row)
            self._gave_way(booked.after)
            return

        def undo() -> None:
            self._acts.cancel(row, _("Booked by mistake"))

        words = _("{name} is booked for {time}.").format(
            name=isolate(row.patient),
            time=format_time(row.local_start.time(), self._desk.who.locale),
        )
        self._desk.messages.undoable(words, undo)
        self._told(row)
