"""What the letters of the board do: a status, a chair, an errand, the next free time."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.domain.visit_status import NOT_BLOCKING, VisitStatus
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.services.waiting.schemas import FreeTime
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.booking_form import Slot
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.today.cards import Card, Errand, free_chairs
from clinic_desktop.ui.today.carrying import Target
from clinic_desktop.ui.waiting.who_to_call import WhoToCallDialog, free_of_visit


class BoardActs:
    """Acts for one board; ``changed`` is called once something was done."""

    def __init__(self, desk: Desk, screen: QWidget, changed: Callable[[], None]) -> None:
        self._desk, self._screen, self._changed = desk, screen, changed
        self._visits = VisitActs(desk, screen, lambda _row: changed())

    def act(self, card: Card, wanted: VisitStatus | Errand) -> None:
        """Take a visit to a status, or run the errand that is left about it."""
        visit = card.visit
        if wanted == Errand.CALL:
            self._call(card)
            return
        if visit is None:
            return
        if isinstance(wanted, Errand):
            self._run(visit, wanted)
            return
        # The letter does what the button says, with the chair that it names.
        offered = card.act
        chair_id = offered.chair_id if offered is not None and offered.to == wanted else None
        self._visits.act(visit, wanted, chair_id=chair_id)

    def put(self, card: Card, target: Target) -> None:
        """Do what putting the card down there was said to do."""
        if card.visit is None or target.act is None or isinstance(target.act.to, Errand):
            return
        self._visits.act(card.visit, target.act.to, chair_id=target.act.chair_id, back=target.back)

    def _call(self, card: Card) -> None:
        """Show whom to call about a time that became free."""
        opened, visit = card.opened, card.visit
        if opened is not None:
            self._show_whom(opened.free, opened.visit.provider)
        elif visit is not None and VisitStatus(visit.status) in NOT_BLOCKING:
            self._show_whom(free_of_visit(visit), visit.provider)
        else:
            self._desk.messages.say(
                _("This time is taken. W shows whom to call once it is free."), "info"
            )

    def _show_whom(self, free: FreeTime, provider: str) -> None:
        if self._desk.who.may("schedule.write"):
            WhoToCallDialog(self._desk, free, provider, self._booked, parent=self._screen).open()

    def _run(self, visit: AppointmentRow, errand: Errand) -> None:
        if errand == Errand.ANEW:
            # The calendar knows where it is to be, and asks what it is for.
            self._desk.navigator.book(intent=BookingIntent(moves=visit, search=True))
        elif errand == Errand.BOOK:
            self._desk.navigator.book(visit.patient_id)
        else:
            self._desk.navigator.open_patient(visit.patient_id, str(errand))

    def choose_chair(self, card: Card, board: Board, at: QPoint) -> None:
        """Offer the free chairs, each with a figure as its key."""
        visit = card.visit
        if visit is None:
            return
        menu = QMenu(self._screen)
        free = free_chairs(board)
        for number, chair in enumerate(free, start=1):
            words = chair.name.replace("&", "&&")
            entry = menu.addAction(f"&{number}  {words}")
            entry.triggered.connect(
                lambda _checked=False, chair_id=chair.chair_id: self._visits.act(
                    visit, VisitStatus.IN_CHAIR, chair_id=chair_id
                )
            )
        if not free:
            menu.addAction(_("Every chair is in use")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        if free:
            menu.setActiveAction(menu.actions()[0])

    # -- the next free time -------------------------------------------------------------------

    def book_slot(self, slot: FreeSlot) -> None:
        """Open the form at a free time; its day is read first, since it may be another one."""
        self._desk.operations.query(
            self._screen,
            lambda ctx: appointments.day(ctx, slot.local_start.date()),
            lambda sheet: self._open_form(sheet, slot),
            key="slot",
        )

    def _open_form(self, sheet: DaySheet, slot: FreeSlot) -> None:
        BookingDialog(
            self._desk,
            sheet,
            Slot(slot.local_start, slot.provider_id),
            lambda booked: self._booked(booked.row),
            parent=self._screen,
        ).open()

    def _booked(self, row: AppointmentRow) -> None:
        words = _("{name} is booked for {time}.").format(
            name=row.patient, time=f"{row.local_start:%H:%M}"
        )
        self._desk.messages.undoable(
            words, lambda: self._visits.cancel(row, _("Booked by mistake"))
        )
        self._changed()
