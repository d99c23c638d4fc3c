"""Booking an appointment: who, what, with whom, when; two keys for a known patient."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BookingFacts
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.ui.appointments.booking_form import USUAL_MINUTES, BookingForm, Slot
from clinic_desktop.ui.appointments.booking_work import PatientFacts
from clinic_desktop.ui.appointments.sending import Booked, booking_act
from clinic_desktop.ui.appointments.series_form import SeriesStart
from clinic_desktop.ui.appointments.words import following, visit_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.widgets.dialog import Dialog

FACTS_WIDTH: Final = 240


class BookingDialog(Dialog):
    """Enter books once everything is there; a refusal stands at its field."""

    def __init__(
        self,
        desk: Desk,
        sheet: DaySheet,
        slot: Slot,
        on_booked: Callable[[Booked], None],
        *,
        on_repeat: Callable[[SeriesStart], None] | None = None,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("New appointment"),
            theme=desk.theme,
            parent=parent,
            sentence=_then_words(slot, desk.who.locale),
            icon="calendar-plus",
            width=760,
        )
        self._desk, self._on_booked, self._slot = desk, on_booked, slot
        # The same form sent twice is the same appointment.
        self._id = new_id()
        self._sent = False
        self.form = BookingForm(desk, sheet, slot, self)
        self.form.resized.connect(self.refit)
        self.facts = PatientFacts(desk)
        self._lay_out()
        self._offer_acts(on_repeat)
        patient = self.form.patient
        patient.chosen.connect(lambda patient_id, _name: self._ask_facts(patient_id))
        if slot.patient_id is not None:
            patient.set_patient(slot.patient_id, slot.patient)
        self._keep_drafts()
        desk.operations.query(self, treatments.price_list, self.form.offer, key="prices")
        patient.chosen.connect(lambda _id, _name: self.form.service.setFocus())
        patient.likely.connect(self._name_primary)
        self._name_primary(slot.patient)
        (self.form.service if slot.patient_id else patient).setFocus()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self.form.grid, 1)
        self.facts.setFixedWidth(FACTS_WIDTH)
        row.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        # Only now: what it shows would be a window of its own while it stands nowhere.
        self.form.when.watch(self.form.fields["day"], self.form.fields["time"])

    def _offer_acts(self, on_repeat: Callable[[SeriesStart], None] | None) -> None:
        # Enter books from every field: opening is the first key, booking the second.
        self.set_primary(_("Book"), self.save, key="Enter")
        if on_repeat is not None:
            self.add_act(_("Repeat…"), lambda: self._repeat(on_repeat), key="Alt+R")
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.save)

    def _name_primary(self, name: str) -> None:
        """Say on the button who would be booked: Enter takes the first find."""
        button = self.primary()
        if button is not None:
            button.setText(_("Book {name}").format(name=name) if name else _("Book"))

    # -- the patient ----------------------------------------------------------------------------

    def _ask_facts(self, patient_id: UUID) -> None:
        """Ask what is planned for the patient, booked ahead and owed."""
        self.facts.show_unknown()
        self.form.when.set_patient("", (), but=None)
        self._desk.operations.query(
            self,
            lambda ctx: to_book.facts(ctx, patient_id),
            lambda found: self._show_facts(patient_id, found),
            failed=lambda error: self.facts.show_unknown(str(error)),
            key="facts",
        )

    def _show_facts(self, patient_id: UUID, found: BookingFacts) -> None:
        form, intent = self.form, self._slot.intent
        if patient_id != form.patient.patient_id:
            return
        self.facts.show_facts(found)
        moved = intent.moves.id if intent.moves is not None else None
        form.when.set_patient(form.patient.search.text(), found.visits, but=moved)
        known = {one.item_id for one in form.work.chosen()}
        wanted = set(intent.planned) if patient_id == intent.patient_id else set()
        form.work.show_work(found.work, known | wanted)
        form.fields["planned"].setVisible(bool(found.work))
        if wanted and self._slot.minutes is None:
            form.count_minutes()
        self.refit()

    # -- what is typed and not booked -----------------------------------------------------------

    def _keep_drafts(self) -> None:
        """Keep what is typed when the form is left, for the next time it is opened."""
        slot = self._slot
        place = f"{slot.start.isoformat()} {slot.provider_id or ''} {slot.chair_id or ''}"
        # What was begun for a line of a list comes back with that line alone.
        self._draft = DraftKeeper(
            self._desk.drafts,
            form="appointment",
            key=str(slot.patient_id) if slot.intent.answers else "new",
            read=lambda: {"slot": place, **self.form.texts()},
            parent=self,
        )
        self._draft.follow(*self.form.editors())
        self.leaving.connect(self._draft.keep_now)
        typed = self._draft.recall()
        if typed is not None and str(slot.patient_id or "") in ("", typed.get("patient_id", "")):
            self.form.fill(typed, same_slot=typed.get("slot") == place)
        self.form.patient.chosen.connect(lambda _id, _name: self._draft.touched())

    # -- booking it -----------------------------------------------------------------------------

    def _repeat(self, on_repeat: Callable[[SeriesStart], None]) -> None:
        """Go on in the form of a series with what is there; this form keeps its text until then."""
        form = self.form
        booking = form.booking(self._id, self._slot.intent)
        if booking is None:
            return
        start = SeriesStart(
            patient_id=booking.patient_id,
            patient=form.patient.search.text(),
            provider_id=booking.provider_id,
            provider=form.provider.currentText(),
            chair_id=booking.chair_id,
            local_start=booking.local_start,
            minutes=booking.minutes or USUAL_MINUTES,
            treatment_ids=booking.treatment_ids,
            service=form.service.currentText() if booking.treatment_ids else "",
            remark=booking.remark,
        )
        self._draft.touched()
        self.reject()
        on_repeat(start)

    def save(self) -> None:
        """Book what is there; the first field that lacks something says so."""
        first = None if self._sent else self.form.booking(self._id, self._slot.intent)
        if first is None:
            return
        bookings = (first, *(following(first, slot) for slot in self._slot.then))
        act = booking_act(bookings, self._slot.intent, planned=bool(first.planned))
        self.set_busy(True)
        self._sent = True
        self._desk.operations.change(self, act, self._booked, failed=self._refused)

    def _booked(self, booked: Booked) -> None:
        self.set_busy(False)
        self._draft.forget()
        self.accept()
        self._on_booked(booked)

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self._sent = False
        self.form.refuse(error)


def _then_words(slot: Slot, locale: str) -> str:
    return visit_words(slot.then, locale) if slot.then else ""
