"""Booking an appointment: who, what, with whom, when; two keys for a known patient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES, Booking
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BookingFacts
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import TreatmentRow
from clinic_desktop.ui.appointments.booking_when import WhenFields
from clinic_desktop.ui.appointments.booking_work import PatientFacts, WorkList
from clinic_desktop.ui.appointments.patient_field import PatientField
from clinic_desktop.ui.appointments.sending import Booked, booking_act
from clinic_desktop.ui.appointments.series_form import SeriesStart
from clinic_desktop.ui.appointments.words import following, visit_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import (
    Choice,
    DateField,
    Field,
    LineEdit,
    NumberField,
    TimeField,
)

USUAL_MINUTES: Final = 30
FACTS_WIDTH: Final = 240
# Where a refusal of the service stands on this form.
FIELD_OF: Final = {
    "patient": "patient_id",
    "provider": "provider_id",
    "chair": "chair_id",
    "minutes": "minutes",
    "day": "day",
    "time": "time",
    "reason": "reason",
    "planned": "planned",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What is known when the dialog opens: a time with a provider, perhaps chair and patient."""

    start: datetime
    provider_id: UUID | None = None
    patient_id: UUID | None = None
    patient: str = ""
    minutes: int | None = None
    chair_id: UUID | None = None
    second_hour: bool = False
    intent: BookingIntent = field(default_factory=BookingIntent)
    """What is known of the wish: work, service, and which list it comes from."""
    then: tuple[FreeSlot, ...] = ()
    """Further visits that are booked with it."""


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
        self._treatments: dict[UUID, TreatmentRow] = {}
        self._columns = {column.provider_id: column for column in sheet.columns}
        theme, who = desk.theme, desk.who
        self.patient = PatientField(desk)
        self.patient.resized.connect(self.refit)
        self.work = WorkList(who.locale)
        self.work.changed.connect(self._count_minutes)
        self.facts = PatientFacts(desk)
        self.service = Choice([(_("No service yet"), None)], theme=theme, value=None)
        self.service.chosen.connect(lambda _value: self._count_minutes())
        self.provider = Choice(
            [(column.name, column.provider_id) for column in sheet.columns],
            theme=theme,
            value=slot.provider_id or (sheet.columns[0].provider_id if sheet.columns else None),
        )
        chairs: list[tuple[str, object]] = [(_("Chosen at arrival"), None)]
        chairs += [(chair.name, chair.chair_id) for chair in sheet.chairs]
        self.chair = Choice(chairs, theme=theme, value=None)
        self.provider.chosen.connect(lambda _value: self._usual_chair())
        self.day = DateField(theme=theme, locale=who.locale, today=sheet.day)
        self.day.set_value(slot.start.date())
        self.time = TimeField(theme=theme, value=slot.start.time())
        self.minutes = NumberField(
            theme=theme,
            least=5,
            most=LONGEST_MINUTES,
            value=slot.minutes or USUAL_MINUTES,
            unit=_("min"),
            step=5,
        )
        self.when = WhenFields(
            desk, self.day, self.time, self.minutes, resized=self.refit, parent=self
        )
        self.when.choose(second=slot.second_hour)
        self.remark = LineEdit(theme=theme)
        if slot.intent.moves is not None:
            self.remark.setText(slot.intent.moves.remark)
        self.reason = LineEdit(theme=theme)
        self._fields = self._lay_out()
        # Enter books from every field: opening is the first key, booking the second.
        self.set_primary(_("Book"), self.save, key="Enter")
        if on_repeat is not None:
            self.add_act(_("Repeat…"), lambda: self._repeat(on_repeat), key="Alt+R")
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.save)
        self._usual_chair()
        if slot.chair_id is not None:
            self.chair.set_value(slot.chair_id)
        self.patient.chosen.connect(lambda patient_id, _name: self._ask_facts(patient_id))
        if slot.patient_id is not None:
            self.patient.set_patient(slot.patient_id, slot.patient)
        wanted = slot.intent.treatment_ids
        self._wanted_service = str(wanted[0]) if wanted else ""
        self._keep_drafts(slot)
        desk.operations.query(self, treatments.price_list, self._offer, key="prices")
        self.patient.chosen.connect(lambda _id, _name: self.service.setFocus())
        self.patient.likely.connect(self._name_primary)
        self._name_primary(slot.patient)
        (self.service if slot.patient_id else self.patient).setFocus()

    def _lay_out(self) -> dict[str, Field]:
        theme = self._desk.theme
        fields = {
            "patient_id": Field(
                _("Patient"), self.patient, theme=theme, required=True, name="patient_id"
            ),
            "planned": Field(_("Planned work"), self.work, theme=theme, name="planned"),
            "treatment_ids": Field(_("Service"), self.service, theme=theme, name="treatment_ids"),
            "minutes": Field(_("Length"), self.minutes, theme=theme, name="minutes"),
            "provider_id": Field(_("Provider"), self.provider, theme=theme, name="provider_id"),
            "chair_id": Field(_("Chair"), self.chair, theme=theme, name="chair_id"),
            "day": Field(_("Day"), self.day, theme=theme, name="day"),
            "time": Field(_("Time"), self.time, theme=theme, name="time"),
            "which": self.when.which,
            "remark": Field(_("Remark"), self.remark, theme=theme, name="remark"),
            "reason": Field(_("Reason"), self.reason, theme=theme, name="reason"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number in range(4):
            grid.setColumnStretch(number, 1)
        places = {
            "patient_id": (0, 0, 1, 4), "planned": (1, 0, 1, 4), "treatment_ids": (2, 0, 1, 3),
            "minutes": (2, 3, 1, 1), "provider_id": (3, 0, 1, 2), "chair_id": (3, 2, 1, 2),
            "day": (4, 0, 1, 2), "time": (4, 2, 1, 2), "which": (5, 0, 1, 4),
            "remark": (6, 0, 1, 4), "reason": (7, 0, 1, 4),
        }  # fmt: skip
        for name, place in places.items():
            grid.addWidget(fields[name], *place)
        for name in ("reason", "planned"):
            fields[name].hide()
        for name in ("provider_id", "day", "time"):
            fields[name].set_required(True)
        fields["patient_id"].set_check(
            lambda: None if self.patient.patient_id else _("Choose the patient.")
        )
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(grid, 1)
        self.facts.setFixedWidth(FACTS_WIDTH)
        row.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.when.watch(fields["day"], fields["time"])
        return fields

    def _offer(self, rows: Sequence[TreatmentRow]) -> None:
        self._treatments = {row.id: row for row in rows}
        options: list[tuple[str, object]] = [(_("No service yet"), None)]
        options += [(row.name, row.id) for row in rows]
        self.service.set_options(options)
        wanted = next((row.id for row in rows if str(row.id) == self._wanted_service), None)
        if wanted is not None and self.service.value() is None:
            self.service.set_value(wanted)

    def _count_minutes(self) -> None:
        """Write how long the ticked work and the service take together."""
        minutes = sum(one.minutes for one in self.work.chosen())
        value = self.service.value()
        row = self._treatments.get(value) if isinstance(value, UUID) else None
        minutes += row.minutes if row is not None else 0
        if minutes:
            self.minutes.set_value(minutes)

    # -- the patient ----------------------------------------------------------------------------

    def _ask_facts(self, patient_id: UUID) -> None:
        """Ask what is planned for the patient, booked ahead and owed."""
        self.facts.show_unknown()
        self.when.set_patient("", (), but=None)
        self._desk.operations.query(
            self,
            lambda ctx: to_book.facts(ctx, patient_id),
            lambda found: self._show_facts(patient_id, found),
            failed=lambda error: self.facts.show_unknown(str(error)),
            key="facts",
        )

    def _show_facts(self, patient_id: UUID, found: BookingFacts) -> None:
        if patient_id != self.patient.patient_id:
            return
        self.facts.show_facts(found)
        intent = self._slot.intent
        moved = intent.moves.id if intent.moves is not None else None
        self.when.set_patient(self.patient.search.text(), found.visits, but=moved)
        known = {one.item_id for one in self.work.chosen()}
        wanted = set(intent.planned) if patient_id == intent.patient_id else set()
        self.work.show_work(found.work, known | wanted)
        self._fields["planned"].setVisible(bool(found.work))
        if wanted and self._slot.minutes is None:
            self._count_minutes()
        self.refit()

    def _keep_drafts(self, slot: Slot) -> None:
        """Keep what is typed when the form is left, for the next time it is opened."""
        self._slot_key = f"{slot.start.isoformat()} {slot.provider_id or ''} {slot.chair_id or ''}"
        # What was begun for a line of a list comes back with that line alone.
        key = str(slot.patient_id) if slot.intent.answers else "new"
        self._draft = DraftKeeper(
            self._desk.drafts, form="appointment", key=key, read=self._typed, parent=self
        )
        self._draft.follow(
            self.patient.search, self.service, self.provider, self.chair, self.day, self.time,
            self.minutes, self.remark, self.reason,
        )  # fmt: skip
        self.leaving.connect(self._draft.keep_now)
        typed = self._draft.recall()
        if typed is not None and str(slot.patient_id or "") in ("", typed.get("patient_id", "")):
            self._fill(typed)
        self.patient.chosen.connect(lambda _id, _name: self._draft.touched())

    def _typed(self) -> dict[str, str]:
        typed = {
            "slot": self._slot_key,
            "patient_id": str(self.patient.patient_id or ""),
            "service": str(self.service.value() or ""),
            "provider": str(self.provider.value() or ""),
            "chair": str(self.chair.value() or ""),
            "second": "1" if self.when.second else "",
        }
        return typed | {name: line.text() for name, line in self._lines().items()}

    def _lines(self) -> dict[str, LineEdit]:
        return {
            "patient": self.patient.search,
            "minutes": self.minutes,
            "day": self.day,
            "time": self.time,
            "remark": self.remark,
            "reason": self.reason,
        }

    def _fill(self, typed: dict[str, str]) -> None:
        """Write what was typed before; another slot than then keeps its own time and people."""
        here = typed.get("slot") == self._slot_key
        for name, line in self._lines().items():
            chosen = name == "patient" and typed.get("patient_id")
            if name in typed and not chosen and (here or name not in ("day", "time")):
                line.setText(typed[name])
        if typed.get("patient_id"):
            self.patient.set_patient(UUID(typed["patient_id"]), typed.get("patient", ""))
        self._wanted_service = typed.get("service", "")
        if here and "second" in typed:
            self.when.choose(second=bool(typed["second"]))
        for choice, name in ((self.provider, "provider"), (self.chair, "chair")):
            if here and name in typed:
                choice.set_value(UUID(typed[name]) if typed[name] else None)
        self._fields["reason"].setVisible(bool(typed.get("reason")))

    def _name_primary(self, name: str) -> None:
        """Say on the button who would be booked: Enter takes the first find."""
        button = self.primary()
        if button is not None:
            button.setText(_("Book {name}").format(name=name) if name else _("Book"))

    def _usual_chair(self) -> None:
        value = self.provider.value()
        column = self._columns.get(value) if isinstance(value, UUID) else None
        if column is not None:
            self.chair.set_value(column.chair_id)

    def _booking(self) -> Booking | None:
        """Return what is there; None where the first field that lacks something says so."""
        self.patient.take_first()
        wrong = [one for one in self._fields.values() if not one.validate()]
        if wrong:
            self.refit()
            wrong[0].setFocus()
            return None
        day, time, patient = self.day.value(), self.time.value(), self.patient.patient_id
        provider, chair, service = self.provider.value(), self.chair.value(), self.service.value()
        if day is None or time is None or patient is None or not isinstance(provider, UUID):
            return None  # said above, at the field
        return Booking(
            id=self._id,
            patient_id=patient,
            provider_id=provider,
            chair_id=chair if isinstance(chair, UUID) else None,
            planned=tuple(one.planned for one in self.work.chosen()),
            treatment_ids=(service,) if isinstance(service, UUID) else (),
            instead_of_id=self._slot.intent.instead_of_id,
            source=self._slot.intent.source,
            local_start=datetime.combine(day, time),
            second_hour=self.when.second,
            minutes=self.minutes.value() or USUAL_MINUTES,
            remark=self.remark.text(),
            reason=self.reason.text(),
        )

    def _repeat(self, on_repeat: Callable[[SeriesStart], None]) -> None:
        """Go on in the form of a series with what is there; this form keeps its text until then."""
        booking = self._booking()
        if booking is None:
            return
        start = SeriesStart(
            patient_id=booking.patient_id,
            patient=self.patient.search.text(),
            provider_id=booking.provider_id,
            provider=self.provider.currentText(),
            chair_id=booking.chair_id,
            local_start=booking.local_start,
            minutes=booking.minutes or USUAL_MINUTES,
            treatment_ids=booking.treatment_ids,
            service=self.service.currentText() if booking.treatment_ids else "",
            remark=booking.remark,
        )
        self._draft.touched()
        self.reject()
        on_repeat(start)

    def save(self) -> None:
        """Book what is there; the first field that lacks something says so."""
        first = None if self._sent else self._booking()
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
        name = FIELD_OF.get(getattr(error, "field", None) or "time", "time")
        refused = self._fields[name]
        refused.show()
        refused.show_error(str(error))
        self.refit()
        refused.setFocus()


def _then_words(slot: Slot, locale: str) -> str:
    return visit_words(slot.then, locale) if slot.then else ""
