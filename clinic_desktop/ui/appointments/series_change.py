"""Changing a series: which of its appointments, to where, and what stands against each of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recurrence_words import in_words
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.schemas import AppointmentRow, VisitChangedError
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import (
    OnClosed,
    Scope,
    SeriesChange,
    SeriesChangedError,
    SeriesConflictError,
    SeriesPlan,
    SeriesRow,
)
from clinic_desktop.ui.appointments.series_acts import SeriesActs
from clinic_desktop.ui.appointments.series_dates import DatesPanel
from clinic_desktop.ui.appointments.series_place import NAMES, PlaceFields
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import (
    Choice,
    Field,
    LineEdit,
)
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.segmented import Segmented

ASK_AFTER_MS: Final = 150
WIDTH: Final = 860
Place = tuple[datetime | None, int | None, object, object]


class SeriesChangeDialog(Dialog):
    """Opens on an appointment of a series, perhaps with the place where it was put already."""

    def __init__(
        self,
        desk: Desk,
        row: SeriesRow,
        visit: AppointmentRow,
        people: People,
        acts: SeriesActs,
        *,
        scope: Scope = Scope.FOLLOWING,
        target: Target | None = None,
        on_cancel: Callable[[], None] = lambda: None,
        landed: Callable[[], None] = lambda: None,
        returned: Callable[[], None] = lambda: None,
        parent: QWidget,
    ) -> None:
        """``landed`` is told once it is done, ``returned`` once that is taken back."""
        super().__init__(
            _("Change the series of {name}").format(name=row.patient),
            theme=desk.theme,
            parent=parent,
            icon="repeat",
            width=WIDTH,
        )
        self._desk, self._sender = desk, acts
        self._landed, self._returned = landed, returned
        self._row, self._visit = row, visit
        # The same form sent twice parts the series once.
        self._new_id = new_id()
        self._sent = False
        theme, locale = desk.theme, desk.who.locale
        start = target.local_start if target is not None else visit.local_start
        self.scope = Segmented(
            [
                (_("This one alone"), Scope.THIS.value),
                (_("This and following"), Scope.FOLLOWING.value),
                (_("The whole series"), Scope.ALL.value),
            ],
            theme=theme,
            value=scope.value,
            name=_("Which appointments"),
        )
        self.place = PlaceFields(theme, locale, people, start.date())
        self.day, self.time, self.minutes = self.place.day, self.place.time, self.place.minutes
        self.provider, self.chair = self.place.provider, self.place.chair
        self.on_closed = Choice(
            [
                (_("Ask for each"), OnClosed.ASK.value),
                (_("Leave where it is"), OnClosed.LEAVE_OUT.value),
                (_("Take the next worked day"), OnClosed.NEXT_DAY.value),
            ],
            theme=theme,
            value=OnClosed.ASK.value,
        )
        self.with_apart = QCheckBox()
        self.preview = Label("", theme=theme, weight=600, wrap=True)
        self.dates = DatesPanel(theme=theme, locale=locale, moves=True)
        self.reason = LineEdit(theme=theme)
        self._fields = self._lay_out()
        self.set_primary(_("Change series"), self.save)
        self.add_act(_("Cancel appointments…"), lambda: self._to_cancel(on_cancel), key="Alt+X")
        self._ask_soon = QTimer(self)
        self._ask_soon.setSingleShot(True)
        self._ask_soon.setInterval(ASK_AFTER_MS)
        self._ask_soon.timeout.connect(self._ask)
        place = visit if target is None else target
        self.place.fill(start, place.minutes, place.provider_id, place.chair_id)
        self._show_row()
        self._follow()
        self._edited()

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self) -> dict[str, Field]:
        theme = self.theme
        fields = {
            "scope": Field(_("Which appointments"), self.scope, theme=theme, name="scope"),
            "day": Field(_("Day"), self.day, theme=theme, required=True, name="day"),
            "time": Field(_("Time"), self.time, theme=theme, required=True, name="time"),
            "minutes": Field(_("Length"), self.minutes, theme=theme, required=True, name="minutes"),
            "provider": Field(_("Provider"), self.provider, theme=theme, name="provider"),
            "chair": Field(_("Chair"), self.chair, theme=theme, name="chair"),
            "on_closed": Field(
                _("Days on which nobody works"), self.on_closed, theme=theme, name="on_closed"
            ),
            "reason": Field(_("Reason"), self.reason, theme=theme, required=True, name="reason"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number in range(6):
            grid.setColumnStretch(number, 1)
        places = {
            "scope": (0, 0, 1, 6), "day": (1, 0, 1, 2), "time": (1, 2, 1, 2),
            "minutes": (1, 4, 1, 2), "provider": (2, 0, 1, 2), "chair": (2, 2, 1, 2),
            "on_closed": (2, 4, 1, 2),
        }  # fmt: skip
        for name, place in places.items():
            grid.addWidget(fields[name], *place)
        self.body.addLayout(grid)
        for part in (self.with_apart, self.preview, self.dates, fields["reason"]):
            self.body.addWidget(part)
        fields["reason"].hide()
        return fields

    def _show_row(self) -> None:
        """Say what the series is, and how many of it were moved by themselves."""
        row = self._row
        dates = row.rule.dates(row.local_start.date())
        self.set_sentence(in_words(row.rule, row.local_start.time(), dates, self._locale) + ".")
        apart = sum(row.is_apart(one) and one.id != self._visit.id for one in row.visits)
        words = ngettext(
            "Also {count} that was moved by itself",
            "Also {count} that were moved by themselves",
            apart,
        )
        self.with_apart.setText(words.format(count=apart))
        self.with_apart.setVisible(bool(apart))

    @property
    def _locale(self) -> str:
        return self._desk.who.locale

    def _follow(self) -> None:
        for line in (self.day, self.time, self.minutes):
            line.textEdited.connect(self._edited)
        for choice in (self.scope, self.provider, self.chair, self.on_closed):
            choice.chosen.connect(self._edited)
        self.with_apart.toggled.connect(self._edited)
        self.dates.answered.connect(self._ask)

    # -- while it is written ------------------------------------------------------------------

    def _edited(self, *_value: object) -> None:
        self.dates.forget()
        self._set_ready(None)
        for field in self._fields.values():
            field.clear()
        self._ask_soon.start()

    def _change(self) -> SeriesChange | None:
        """Return what is asked for, None where a field says what it lacks."""
        wrong = [field for field in self._fields.values() if field.problem() is not None]
        wrong = [field for field in wrong if field.name != "reason"]
        for field in wrong:
            field.validate()
        day, time, minutes = None, None, None
        if not wrong:
            day, time, minutes = self.day.value(), self.time.value(), self.minutes.value()
        provider, chair = self.provider.value(), self.chair.value()
        if day is None or time is None or minutes is None or not isinstance(provider, UUID):
            return None
        plan = self.dates.plan
        return SeriesChange(
            series_id=self._row.id,
            version=self._row.version,
            visit_id=self._visit.id,
            scope=Scope(self.scope.value()),
            new_id=self._new_id,
            local_start=datetime.combine(day, time),
            minutes=minutes,
            provider_id=provider,
            chair_id=chair if isinstance(chair, UUID) else None,
            with_apart=self.with_apart.isChecked(),
            on_closed=OnClosed(self.on_closed.value()),
            answers=self.dates.answers(),
            reason=self.reason.text(),
            seen=plan.seen if plan is not None else (),
        )

    def _ask(self) -> None:
        change = self._change()
        if change is None:
            self.dates.show_plan(None)
            return
        self._desk.operations.query(
            self,
            lambda ctx: series.plan_change(ctx, change),
            self._set_ready,
            failed=self._say_wrong,
            key="plan",
        )

    def _set_ready(self, plan: SeriesPlan | None) -> None:
        if plan is None:
            self.dates.note.setText(_("Asking for the calendar…"))
        else:
            self.dates.show_plan(plan)
            self._fields["reason"].setVisible(plan.needs_reason)
            self._say_after(plan)
            announce(self, self.dates.note.text())
            # Once what has come or gone is laid out.
            self.refit()
        button = self.primary()
        if button is not None:
            button.setEnabled(
                plan is not None and not plan.open and self._is_changed() and not self._sent
            )

    def _say_after(self, plan: SeriesPlan) -> None:
        """Say the series as it will be; of one appointment alone its row says all."""
        days = [(one.lands or one.wanted).date() for one in plan.dates]
        alone = self.scope.value() == Scope.THIS.value or not days
        words = "" if alone else in_words(plan.rule, plan.at, sorted(days), self._locale)
        self.preview.set_role("text")
        self.preview.setText(words)

    def _is_changed(self) -> bool:
        """Whether anything differs from how the appointment stands."""
        change, visit = self._change(), self._visit
        if change is None:
            return False
        now = (visit.local_start, visit.minutes, visit.provider_id, visit.chair_id)
        asked = (change.local_start, change.minutes, change.provider_id, change.chair_id)
        return asked != now or change.with_apart

    def _say_wrong(self, error: Exception) -> None:
        self._set_ready(None)
        self.dates.show_plan(None)
        field = self._fields.get(getattr(error, "field", None) or "")
        if field is not None and isinstance(error, InvalidError):
            field.show()
            field.show_error(str(error))
            field.setFocus()
            return
        self.preview.set_role("danger")
        self.preview.setText(str(error))

    # -- saving -------------------------------------------------------------------------------

    def save(self) -> None:
        """Change what has a place; what lacks something says so."""
        plan, change = self.dates.plan, self._change()
        if self._sent or plan is None or plan.open or change is None:
            return
        if self._ask_soon.isActive():
            return  # asked a moment ago: the answer may be another
        reason = self._fields["reason"]
        if plan.needs_reason and not reason.validate():
            self.reason.setFocus()
            return
        self._sent = True
        self.set_busy(True)
        self._sender.change(
            self._visit, change, failed=self._refused, then=self._done, returned=self._returned
        )

    def _done(self) -> None:
        if self.isVisible():
            self.accept()
        self._landed()

    def _refused(self, error: Exception) -> None:
        self._sent = False
        if isinstance(error, SeriesChangedError):
            self._show_conflict(error)
        elif isinstance(error, SeriesConflictError):
            self._set_ready(error.plan)
            self.dates.note.setText(str(error))
            self.dates.list.setFocus()
        elif isinstance(error, VisitChangedError):
            # One of them stands elsewhere by now: what is shown is asked anew.
            self.dates.show_plan(None)
            self._sender.read(self._row.id, self._read_again)
            self._say_wrong(error)
        else:
            self._say_wrong(error)

    def _read_again(self, row: SeriesRow) -> None:
        self._row = row
        self._visit = next((one for one in row.visits if one.id == self._visit.id), self._visit)
        self._show_row()
        self._ask_soon.start()

    def _show_conflict(self, error: SeriesChangedError) -> None:
        """Show the series as it was, as it is asked for, and as somebody else left it."""
        now = error.now
        theirs = next((one for one in now.visits if one.id == self._visit.id), None)
        if theirs is None:
            # The appointment belongs to another series by now.
            self._say_wrong(error)
            return
        place = self.place
        shown = place.shown_of(self._visit), place.shown(), place.shown_of(theirs)
        lines = [
            ConflictLine(name, self._fields[name].label(), *values)
            for name, *values in zip(NAMES, *shown, strict=True)
        ]
        at = error.at or self._desk.operations.now()
        dialog = ConflictDialog(
            record=_("the series of {name}").format(name=now.patient),
            lines=lines,
            who=error.by,
            saved_at=format_time(at.astimezone(ZoneInfo(self._desk.who.zone)).time()),
            theme=self.theme,
            parent=self,
        )

        def chosen(sides: dict[str, Side]) -> None:
            self._row, self._visit = now, theirs
            taken = {name for name, side in sides.items() if side is Side.THEIRS}
            self.place.take(theirs, taken)
            self._show_row()
            self._edited()

        dialog.chosen.connect(chosen)
        self._set_ready(None)
        dialog.open()

    def _to_cancel(self, on_cancel: Callable[[], None]) -> None:
        self.reject()
        on_cancel()
