"""Putting somebody on the waiting list: for what, with whom, and when they can come."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from babel.dates import get_day_names
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.i18n import _, language
from clinic_desktop.services.appointments import sheets
from clinic_desktop.services.context import Context
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import TreatmentRow
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import NewRequest, RequestRow, RequestValues
from clinic_desktop.ui.appointments.patient_field import PatientField
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import (
    Choice,
    DateField,
    Field,
    LineEdit,
    NumberField,
    TimeField,
)

_NOTICES: Final = (0, 30, 60, 120, 24 * 60, 48 * 60)


class RequestDialog(Dialog):
    """A new request, or one to change; Ctrl+Enter saves."""

    def __init__(
        self,
        desk: Desk,
        on_saved: Callable[[], None],
        *,
        patient: tuple[UUID, str] | None = None,
        row: RequestRow | None = None,
        appointment_id: UUID | None = None,
        parent: QWidget,
    ) -> None:
        """``row`` is the request to change; ``appointment_id`` a visit to be brought on."""
        super().__init__(
            _("Waiting list"), theme=desk.theme, parent=parent, icon="list-checks", width=560
        )
        self._desk, self._on_saved, self._row = desk, on_saved, row
        self._appointment_id = appointment_id
        # The same form sent twice is the same request.
        self._id = new_id()
        theme, who = desk.theme, desk.who
        today = desk.operations.now().date()
        self.patient = PatientField(desk)
        self.patient.resized.connect(self.refit)
        self.service = Choice([(_("No service yet"), None)], theme=theme, value=None)
        self.provider = Choice([(_("Anybody"), None)], theme=theme, value=None)
        self.minutes = NumberField(theme=theme, least=5, most=600, unit=_("min"), step=5)
        self.not_before = TimeField(theme=theme)
        self.not_after = TimeField(theme=theme)
        self.first_day = DateField(theme=theme, locale=who.locale, today=today)
        self.last_day = DateField(theme=theme, locale=who.locale, today=today)
        self.notice = Choice([(_notice(one), one) for one in _NOTICES], theme=theme, value=60)
        self.urgent = QCheckBox(_("Urgent"))
        self.remark = LineEdit(theme=theme)
        self.days = self._weekdays()
        self.fields = self._lay_out()
        self.set_primary(_("Save"), self.save)
        self.service.chosen.connect(lambda _id: self._usual_minutes())
        self.patient.chosen.connect(lambda _id, _name: self.fields["patient_id"].clear())
        self._treatments: dict[UUID, TreatmentRow] = {}
        self._fill(patient)
        desk.operations.query(self, _offers, self._offer, key="offers")

    def _weekdays(self) -> list[QCheckBox]:
        names = get_day_names("abbreviated", locale=language())
        return [QCheckBox(str(names[day]).strip(".")) for day in range(7)]

    def _lay_out(self) -> dict[str, Field]:
        theme = self.theme
        fields = {
            "patient_id": Field(
                _("Patient"), self.patient, theme=theme, required=True, name="patient_id"
            ),
            "treatment_id": Field(_("Service"), self.service, theme=theme, name="treatment_id"),
            "minutes": Field(_("Length"), self.minutes, theme=theme, name="minutes"),
            "provider_id": Field(_("Provider"), self.provider, theme=theme, name="provider_id"),
            "notice": Field(_("Has to know"), self.notice, theme=theme, name="notice"),
            "not_before": Field(_("From"), self.not_before, theme=theme, name="not_before"),
            "not_after": Field(_("Until"), self.not_after, theme=theme, name="not_after"),
            "first_day": Field(_("First day"), self.first_day, theme=theme, name="first_day"),
            "last_day": Field(_("Last day"), self.last_day, theme=theme, name="last_day"),
            "remark": Field(_("Remark"), self.remark, theme=theme, name="remark"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        places = {
            "patient_id": (0, 0, 1, 4), "treatment_id": (1, 0, 1, 3), "minutes": (1, 3, 1, 1),
            "provider_id": (2, 0, 1, 2), "notice": (2, 2, 1, 2), "not_before": (4, 0, 1, 1),
            "not_after": (4, 1, 1, 1), "first_day": (4, 2, 1, 1), "last_day": (4, 3, 1, 1),
            "remark": (5, 0, 1, 4),
        }  # fmt: skip
        for name, place in places.items():
            grid.addWidget(fields[name], *place)
        days = QHBoxLayout()
        days.setSpacing(12)
        for box in self.days:
            days.addWidget(box)
        days.addStretch(1)
        days.addWidget(self.urgent)
        grid.addLayout(days, 3, 0, 1, 4)
        self.body.addLayout(grid)
        return fields

    def _fill(self, patient: tuple[UUID, str] | None) -> None:
        row = self._row
        if row is not None:
            patient = (row.patient_id, row.name)
            self.minutes.set_value(row.minutes)
            self.not_before.set_value(row.not_before)
            self.not_after.set_value(row.not_after)
            self.first_day.set_value(row.first_day)
            self.last_day.set_value(row.last_day)
            self.notice.set_value(min(_NOTICES, key=lambda one: abs(one - row.notice)))
            self.urgent.setChecked(row.urgent)
            self.remark.setText(row.remark)
            self.remark.setCursorPosition(0)
            for day, box in enumerate(self.days):
                box.setChecked(day in row.weekdays)
        if patient is not None:
            self.patient.set_patient(*patient)
            self.patient.setEnabled(row is None)
        (self.service if patient is not None else self.patient).setFocus()

    def _offer(
        self, found: "tuple[tuple[TreatmentRow, ...], tuple[tuple[str, UUID], ...]]"
    ) -> None:
        rows, providers = found
        self._treatments = {one.id: one for one in rows}
        self.service.set_options(
            [(_("No service yet"), None), *((one.name, one.id) for one in rows)]
        )
        self.provider.set_options([(_("Anybody"), None), *providers])
        if self._row is not None:
            self.service.set_value(self._row.treatment_id)
            self.provider.set_value(self._row.provider_id)

    def _usual_minutes(self) -> None:
        chosen = self._treatments.get(self.service.value())
        if chosen is not None:
            self.minutes.set_value(chosen.minutes)

    # -- saving -----------------------------------------------------------------------------

    def save(self) -> None:
        """Save the request; a refusal stands at its field."""
        if [field for field in self.fields.values() if not field.validate()]:
            return
        values = {
            "treatment_id": self.service.value(),
            "provider_id": self.provider.value(),
            "minutes": self.minutes.value(),
            "weekdays": tuple(day for day, box in enumerate(self.days) if box.isChecked()),
            "not_before": self.not_before.value(),
            "not_after": self.not_after.value(),
            "first_day": self.first_day.value(),
            "last_day": self.last_day.value(),
            "notice": self.notice.value(),
            "urgent": self.urgent.isChecked(),
            "remark": self.remark.text(),
        }
        row = self._row
        if row is not None:
            changed = RequestValues(**values)
            self._send(lambda ctx: waiting.change_request(ctx, row.id, row.version, changed))
            return
        patient_id = self.patient.patient_id
        if patient_id is None:
            self.fields["patient_id"].show_error(_("Choose a patient from the list."))
            return
        new = NewRequest(
            id=self._id, patient_id=patient_id, appointment_id=self._appointment_id, **values
        )
        self._send(lambda ctx: waiting.add_request(ctx, new))

    def _send(self, call: Callable[[Context], object]) -> None:
        self._desk.operations.change(self, call, self._done, failed=self._failed)

    def _done(self, _answer: object) -> None:
        self.accept()
        self._on_saved()

    def _failed(self, error: Exception) -> None:
        field = self.fields.get(getattr(error, "field", None) or "") or self.fields["remark"]
        field.show_error(str(error))
        field.editor.setFocus()


def _offers(
    ctx: Context,
) -> tuple[tuple[TreatmentRow, ...], tuple[tuple[str, UUID], ...]]:
    """Return the price list and the providers who work here."""
    today = LocalDay(local_of(ctx.now, ctx.zone).date(), ctx.zone)
    workers = sheets.staff_and_rooms(ctx, [today]).workers
    providers = tuple((one.short_name, one.provider_id) for one in workers if one.active)
    return treatments.price_list(ctx), providers


def _notice(minutes: int) -> str:
    if minutes == 0:
        return _("can come at once")
    if minutes < 60:
        return _("{count} min before").format(count=minutes)
    hours = minutes // 60
    return _("{count} h before").format(count=hours)
