"""Repeating an appointment: the rule, its dates in words as it is written, what is against it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recurrence_words import in_words
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import (
    SeriesBooking,
    SeriesConflictError,
    SeriesDone,
    SeriesPlan,
)
from clinic_desktop.ui.appointments.series_dates import DatesPanel, day_words
from clinic_desktop.ui.appointments.series_rule import RuleFields
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label

ASK_AFTER_MS: Final = 150
WIDTH: Final = 860


@dataclass(frozen=True, slots=True)
class SeriesStart:
    """The appointment that repeats; ``first`` is one that is booked already."""

    patient_id: UUID
    patient: str
    provider_id: UUID
    provider: str
    chair_id: UUID | None
    local_start: datetime
    minutes: int
    treatment_ids: tuple[UUID, ...] = ()
    service: str = ""
    remark: str = ""
    first: AppointmentRow | None = None

    @classmethod
    def of(cls, visit: AppointmentRow) -> "SeriesStart":
        """Return the start of a series that begins with an appointment."""
        return cls(
            visit.patient_id,
            visit.patient,
            visit.provider_id,
            visit.provider,
            visit.chair_id,
            visit.local_start,
            visit.minutes,
            service=visit.service,
            remark=visit.remark,
            first=visit,
        )

    def words(self, locale: str) -> str:
        """Return who, what, with whom and from when on."""
        parts = (
            self.patient,
            self.service,
            _("{minutes} min").format(minutes=self.minutes),
            self.provider,
            _("from {day}, {time} on").format(
                day=day_words(self.local_start.date(), locale),
                time=format_time(self.local_start.time(), locale),
            ),
        )
        return " · ".join(part for part in parts if part)


class SeriesDialog(Dialog):
    """Nothing is booked while a date needs an answer; then all of it is, as one act."""

    def __init__(
        self,
        desk: Desk,
        start: SeriesStart,
        on_done: Callable[[SeriesDone], None],
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("Repeat appointment"),
            theme=desk.theme,
            parent=parent,
            sentence=start.words(desk.who.locale),
            icon="repeat",
            width=WIDTH,
        )
        self._desk, self._start, self._on_done = desk, start, on_done
        # The same form sent twice is the same series.
        self._id = new_id()
        self._sent = False
        theme, locale = desk.theme, desk.who.locale
        self.rule = RuleFields(start.local_start.date(), theme=theme, locale=locale)
        self.preview = Label("", theme=theme, weight=600, wrap=True)
        self.dates = DatesPanel(theme=theme, locale=locale)
        self.reason = LineEdit(theme=theme)
        self._reason = Field(_("Reason"), self.reason, theme=theme, required=True, name="reason")
        self._fields = {**self.rule.fields, "reason": self._reason}
        for part in (self.rule, self.preview, self.dates, self._reason):
            self.body.addWidget(part)
        self._reason.hide()
        self.set_primary(_("Book series"), self.save)
        self._ask_soon = QTimer(self)
        self._ask_soon.setSingleShot(True)
        self._ask_soon.setInterval(ASK_AFTER_MS)
        self._ask_soon.timeout.connect(self._ask)
        self.rule.edited.connect(self._edited)
        self.dates.answered.connect(self._ask)
        self._keep_drafts()
        self.rule.every.setFocus()
        self._edited()

    def _keep_drafts(self) -> None:
        first = self._start.first
        key = str(first.id if first is not None else self._start.patient_id)
        self._draft = DraftKeeper(
            self._desk.drafts,
            form="series",
            key=key,
            read=lambda: {**self.rule.texts(), "reason": self.reason.text()},
            parent=self,
        )
        typed = self._draft.recall()
        if typed is not None:
            self.rule.fill(typed)
            self.reason.setText(typed.get("reason", ""))
        self.rule.edited.connect(self._draft.touched)
        self._draft.follow(self.reason)
        self.leaving.connect(self._draft.keep_now)

    # -- while it is written ------------------------------------------------------------------

    def _edited(self) -> None:
        """Say the rule in words at once; what stands against its dates is asked a moment later."""
        self._set_ready(None)
        for field in self._fields.values():
            field.clear()
        try:
            rule = self.rule.rule()
            dates = rule.dates(self._start.local_start.date())
        except InvalidError as error:
            self._say_wrong(error)
            return
        at, locale = self._start.local_start.time(), self._desk.who.locale
        self.preview.set_role("text")
        self.preview.setText(in_words(rule, at, dates, locale))
        self._ask_soon.start()

    def _say_wrong(self, error: Exception) -> None:
        """Say at its field what is wrong, or in place of the dates where it is nobody's field."""
        self._ask_soon.stop()
        self._set_ready(None)
        self.dates.show_plan(None)
        named = getattr(error, "field", None) or self._wrong_field()
        if named == "end":
            named = "until" if self._fields["until"].isVisibleTo(self) else "count"
        field = self._fields.get(named)
        if field is not None and field.isVisibleTo(self):
            field.show_error(str(error))
            self.preview.setText("")
        else:
            self.preview.set_role("danger")
            self.preview.setText(str(error))

    def _wrong_field(self) -> str:
        """Return which of the numbers and days cannot be read."""
        wrong = (n for n in ("every", "count", "until") if self.rule.fields[n].problem())
        return next((n for n in wrong if self.rule.fields[n].isVisibleTo(self)), "")

    def _booking(self) -> SeriesBooking:
        start = self._start
        return SeriesBooking(
            id=self._id,
            patient_id=start.patient_id,
            provider_id=start.provider_id,
            chair_id=start.chair_id,
            treatment_ids=start.treatment_ids,
            local_start=start.local_start,
            minutes=start.minutes,
            rule=self.rule.rule(),
            remark=start.remark,
            first_id=start.first.id if start.first is not None else None,
            first_version=start.first.version if start.first is not None else 0,
            on_closed=self.rule.closed(),
            answers=self.dates.answers(),
            reason=self.reason.text(),
        )

    def _ask(self) -> None:
        try:
            booking = self._booking()
        except InvalidError as error:
            self._say_wrong(error)
            return
        self._desk.operations.query(
            self,
            lambda ctx: series.plan(ctx, booking),
            self._set_ready,
            failed=self._say_wrong,
            key="plan",
        )

    def _set_ready(self, plan: SeriesPlan | None) -> None:
        """Show the dates, and on the button how many of them would be booked."""
        if plan is None:
            self.dates.note.setText(_("Asking for the calendar…"))
        else:
            self.dates.show_plan(plan)
            self._reason.setVisible(plan.needs_reason)
            announce(self, self.dates.note.text())
            # Once what has come or gone is laid out.
            self.refit()
        button = self.primary()
        if button is not None:
            count = len([one for one in plan.landing if one.visit_id is None]) if plan else 0
            words = ngettext("Book {count}", "Book {count}", count).format(count=count)
            button.setText(words if count else _("Book series"))
            button.setEnabled(plan is not None and not plan.open and count > 0 and not self._sent)

    # -- saving -------------------------------------------------------------------------------

    def save(self) -> None:
        """Book all dates that have a place; what lacks something says so."""
        plan = self.dates.plan
        if self._sent or plan is None or plan.open or self._ask_soon.isActive():
            return
        if plan.needs_reason and not self._reason.validate():
            self.reason.setFocus()
            return
        booking = self._booking()
        self._sent = True
        self.set_busy(True)
        self._desk.operations.change(
            self, lambda ctx: series.book(ctx, booking), self._booked, failed=self._refused
        )

    def _booked(self, done: SeriesDone) -> None:
        self._draft.forget()
        self.accept()
        self._on_done(done)

    def _refused(self, error: Exception) -> None:
        self._sent = False
        if isinstance(error, SeriesConflictError):
            self._set_ready(error.plan)
            self.dates.note.setText(str(error))
            self.dates.list.setFocus()
            return
        self.set_busy(False)
        if isinstance(error, InvalidError):
            self._say_wrong(error)
        else:
            # Nothing written is wrong: the same key sends it again.
            self._set_ready(self.dates.plan)
            self.dates.note.setText(str(error))
            announce(self, str(error))
