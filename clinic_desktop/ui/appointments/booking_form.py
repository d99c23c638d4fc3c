"""The form of a new appointment: who, what, with whom and when, and what follows from each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES, Booking
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.treatments.schemas import TreatmentRow
from clinic_desktop.ui.appointments.booking_when import WhenFields
from clinic_desktop.ui.appointments.booking_work import WorkList
from clinic_desktop.ui.appointments.patient_field import PatientField
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import (
    Choice,
    DateField,
    Field,
    LineEdit,
    NumberField,
    TimeField,
)

USUAL_MINUTES: Final = 30
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
    """What is known when the form opens: a time with a provider, perhaps chair and patient."""

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


class BookingForm(QObject):
    """``fields`` by name, in ``grid``; the work says how long it takes, the provider which chair.

    ``resized`` is told when the form takes another height.
    """

    resized = Signal()

    def __init__(self, desk: Desk, sheet: DaySheet, slot: Slot, parent: QObject) -> None:
        super().__init__(parent)
        theme, who = desk.theme, desk.who
        self._treatments: dict[UUID, TreatmentRow] = {}
        wanted = slot.intent.treatment_ids
        self._wanted_service = str(wanted[0]) if wanted else ""
        self._columns = {column.provider_id: column for column in sheet.columns}
        self.patient = PatientField(desk)
        self.patient.resized.connect(self.resized)
        self.work = WorkList(who.locale)
        self.work.changed.connect(self.count_minutes)
        self.service = Choice([(_("No service yet"), None)], theme=theme, value=None)
        self.service.chosen.connect(lambda _value: self.count_minutes())
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
            desk, self.day, self.time, self.minutes, resized=self.resized.emit, parent=self
        )
        self.when.choose(second=slot.second_hour)
        self.remark = LineEdit(theme=theme)
        if slot.intent.moves is not None:
            self.remark.setText(slot.intent.moves.remark)
        self.reason = LineEdit(theme=theme)
        self.grid = QGridLayout()
        self.fields = self._lay_out(theme)
        self._usual_chair()
        if slot.chair_id is not None:
            self.chair.set_value(slot.chair_id)

    def _lay_out(self, theme: Theme) -> dict[str, Field]:
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
        grid = self.grid
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
        return fields

    # -- what follows from what is chosen -----------------------------------------------------

    def offer(self, rows: Sequence[TreatmentRow]) -> None:
        """Offer the services of the price list, and choose the one that was wanted."""
        self._treatments = {row.id: row for row in rows}
        options: list[tuple[str, object]] = [(_("No service yet"), None)]
        options += [(row.name, row.id) for row in rows]
        self.service.set_options(options)
        wanted = next((row.id for row in rows if str(row.id) == self._wanted_service), None)
        if wanted is not None and self.service.value() is None:
            self.service.set_value(wanted)

    def count_minutes(self) -> None:
        """Write how long the ticked work and the service take together."""
        minutes = sum(one.minutes for one in self.work.chosen())
        value = self.service.value()
        row = self._treatments.get(value) if isinstance(value, UUID) else None
        minutes += row.minutes if row is not None else 0
        if minutes:
            self.minutes.set_value(minutes)

    def _usual_chair(self) -> None:
        value = self.provider.value()
        column = self._columns.get(value) if isinstance(value, UUID) else None
        if column is not None:
            self.chair.set_value(column.chair_id)

    # -- what it says -------------------------------------------------------------------------

    def booking(self, appointment_id: UUID, intent: BookingIntent) -> Booking | None:
        """Return what is there; None where the first field that lacks something says so."""
        self.patient.take_first()
        wrong = [one for one in self.fields.values() if not one.validate()]
        if wrong:
            self.resized.emit()
            wrong[0].setFocus()
            return None
        day, time, patient = self.day.value(), self.time.value(), self.patient.patient_id
        provider, chair, service = self.provider.value(), self.chair.value(), self.service.value()
        if day is None or time is None or patient is None or not isinstance(provider, UUID):
            return None  # said above, at the field
        return Booking(
            id=appointment_id,
            patient_id=patient,
            provider_id=provider,
            chair_id=chair if isinstance(chair, UUID) else None,
            planned=tuple(one.planned for one in self.work.chosen()),
            treatment_ids=(service,) if isinstance(service, UUID) else (),
            instead_of_id=intent.instead_of_id,
            source=intent.source,
            local_start=datetime.combine(day, time),
            second_hour=self.when.second,
            minutes=self.minutes.value() or USUAL_MINUTES,
            remark=self.remark.text(),
            reason=self.reason.text(),
        )

    def refuse(self, error: Exception) -> None:
        """Say at its field what the service refused."""
        name = FIELD_OF.get(getattr(error, "field", None) or "time", "time")
        refused = self.fields[name]
        refused.show()
        refused.show_error(str(error))
        self.resized.emit()
        refused.setFocus()

    # -- what was typed and not booked --------------------------------------------------------

    def editors(self) -> tuple[QWidget, ...]:
        """Return what a person types or chooses in."""
        choices = (self.service, self.provider, self.chair)
        return (*choices, *self._lines().values())

    def _lines(self) -> dict[str, LineEdit]:
        return {
            "patient": self.patient.search,
            "minutes": self.minutes,
            "day": self.day,
            "time": self.time,
            "remark": self.remark,
            "reason": self.reason,
        }

    def texts(self) -> dict[str, str]:
        """Return what is typed and chosen, to be kept as a draft."""
        chosen = {
            "patient_id": str(self.patient.patient_id or ""),
            "service": str(self.service.value() or ""),
            "provider": str(self.provider.value() or ""),
            "chair": str(self.chair.value() or ""),
            "second": "1" if self.when.second else "",
        }
        return chosen | {name: line.text() for name, line in self._lines().items()}

    def fill(self, typed: Mapping[str, str], *, same_slot: bool) -> None:
        """Write what was typed before; another slot than then keeps its own time and people."""
        for name, line in self._lines().items():
            chosen = name == "patient" and typed.get("patient_id")
            if name in typed and not chosen and (same_slot or name not in ("day", "time")):
                line.setText(typed[name])
        if typed.get("patient_id"):
            self.patient.set_patient(UUID(typed["patient_id"]), typed.get("patient", ""))
        self._wanted_service = typed.get("service", "")
        if same_slot and "second" in typed:
            self.when.choose(second=bool(typed["second"]))
        for choice, name in ((self.provider, "provider"), (self.chair, "chair")):
            if same_slot and name in typed:
                choice.set_value(UUID(typed[name]) if typed[name] else None)
        self.fields["reason"].setVisible(bool(typed.get("reason")))
