"""Booking from the calendar: the form at a place, for somebody named elsewhere, a free slot."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import slots
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    DaySheet,
    FreeSlot,
    SlotSearch,
)
from clinic_desktop.services.patients.cards import open_patient
from clinic_desktop.ui.appointments.booking import BookingDialog, Slot
from clinic_desktop.ui.appointments.series_form import SeriesStart
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.desk import Desk

HALF_HOUR = 30


class Bookings:
    """Opens the form for one screen; ``booked`` is told of each new row, ``repeat`` of a series."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        acts: VisitActs,
        booked: Callable[[AppointmentRow], None],
        repeat: Callable[[SeriesStart], None],
    ) -> None:
        self._desk, self._screen, self._acts = desk, screen, acts
        self._told, self._repeat = booked, repeat
        self.sheets: tuple[DaySheet, ...] = ()
        """The days at hand: whom and which chairs the form offers."""
        self._for: UUID | None = None
        self._waits = False

    def at(self, target: Target, *, whole: bool) -> None:
        """Open the form at a place; ``whole`` when its length was drawn too."""
        self._open(
            Slot(
                target.local_start,
                target.provider_id,
                chair_id=target.chair_id,
                minutes=target.minutes if whole else None,
            )
        )

    def want(self, patient_id: UUID | None, target: Target | None) -> None:
        """Open the form for a patient, or for somebody still to be chosen.

        Where no day has been read yet, it opens with the first one.
        """
        if patient_id is None and target is not None and self.sheets:
            self.at(target, whole=False)
            return
        self._for, self._waits = patient_id, True

    def go_on(self, target: Target | None = None) -> None:
        """Open the form that waited for the day to be read."""
        if not self._waits or target is None:
            return
        self._waits, patient_id = False, self._for
        if patient_id is None:
            self.at(target, whole=False)
            return
        self._desk.operations.query(
            self._screen,
            lambda ctx: open_patient(ctx, patient_id, access="peek"),
            lambda card: self._open(
                Slot(
                    target.local_start,
                    target.provider_id,
                    card.id,
                    card.name,
                    chair_id=target.chair_id,
                )
            ),
            key="patient",
        )

    def find(self, target: Target | None) -> None:
        """Go to the next free half hour of a place's provider, ready to book."""
        if target is None:
            return
        search = SlotSearch(
            minutes=HALF_HOUR,
            provider_id=target.provider_id,
            first_day=target.local_start.date(),
            limit=1,
        )
        self._desk.operations.query(
            self._screen, lambda ctx: slots.free_slots(ctx, search), self._found, key="slot"
        )

    def _found(self, found: tuple[FreeSlot, ...]) -> None:
        if not found:
            self._desk.messages.warn(_("Nothing is free in the next weeks."))
            return
        slot = found[0]
        self._open(Slot(slot.local_start, slot.provider_id, chair_id=slot.chair_id))

    def _open(self, slot: Slot) -> None:
        if not self.sheets:
            return
        if not self._desk.who.may("schedule.write"):
            self._desk.messages.warn(_("Your roles do not allow booking."))
            return
        there = (sheet for sheet in self.sheets if sheet.day == slot.start.date())
        sheet = next(there, self.sheets[0])
        BookingDialog(
            self._desk, sheet, slot, self._booked, on_repeat=self._repeat, parent=self._screen
        ).open()

    def _booked(self, row: AppointmentRow) -> None:
        def undo() -> None:
            self._acts.cancel(row, _("Booked by mistake"))

        words = _("{name} is booked for {time}.").format(
            name=isolate(row.patient),
            time=format_time(row.local_start.time(), self._desk.who.locale),
        )
        self._desk.messages.undoable(words, undo)
        self._told(row)
