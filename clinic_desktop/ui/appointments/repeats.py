"""Repeating from the calendar: a new series, a change of one, and the question where one is put."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.visit_status import OPEN, VisitStatus
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.services.context import Context
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import Scope, SeriesChange, SeriesPlan, SeriesRow
from clinic_desktop.ui.appointments.series_acts import SeriesActs
from clinic_desktop.ui.appointments.series_change import SeriesChangeDialog
from clinic_desktop.ui.appointments.series_form import SeriesDialog, SeriesStart
from clinic_desktop.ui.appointments.series_question import SeriesQuestion
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.desk import Desk

Act = Callable[[], None]


class Ends(NamedTuple):
    """Who is told that appointments of a series stand elsewhere, are back, or stay."""

    landed: Act
    returned: Act
    stay: Act


def _nothing() -> None:
    """Nobody has to be told."""


class Repeats:
    """Opens what is asked about series for one screen; ``people`` tells whom forms offer."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        acts: SeriesActs,
        *,
        people: Callable[[], People],
        cancel: Callable[[AppointmentRow], None],
    ) -> None:
        self._desk, self._screen, self._acts = desk, screen, acts
        self._people, self._cancel = people, cancel
        self.question: SeriesQuestion | None = None
        """What is asked beside a place now."""

    # -- by key -------------------------------------------------------------------------------

    def repeat(self, visit: AppointmentRow | None) -> None:
        """Repeat the chosen appointment, or change the series that it belongs to."""
        if visit is None:
            self._desk.messages.say(_("Choose the appointment that repeats."), "info")
        elif not self._desk.who.may("schedule.write"):
            self._desk.messages.warn(_("Your roles do not allow booking."))
        elif visit.series_id is not None:
            self._open_change(visit, Scope.FOLLOWING, None)
        elif VisitStatus(visit.status) in (*OPEN, VisitStatus.DONE):
            self.begin(SeriesStart.of(visit))
        else:
            words = _("The appointment of {name} does not take place. Book another one first.")
            self._desk.messages.warn(words.format(name=isolate(visit.patient)))

    def begin(self, start: SeriesStart) -> None:
        """Open the form of a new series."""
        SeriesDialog(self._desk, start, self._acts.booked, parent=self._screen).open()

    def _open_change(self, visit: AppointmentRow, scope: Scope, target: Target | None) -> None:
        series_id = visit.series_id
        if series_id is not None:
            self._acts.read(series_id, lambda row: self._show_change(row, visit, scope, target))

    def _show_change(
        self,
        row: SeriesRow,
        visit: AppointmentRow,
        scope: Scope,
        target: Target | None,
        ends: Ends | None = None,
    ) -> None:
        now = next((one for one in row.visits if one.id == visit.id), visit)
        SeriesChangeDialog(
            self._desk,
            row,
            now,
            self._people(),
            self._acts,
            scope=scope,
            target=target,
            on_cancel=lambda: self._cancel(now),
            landed=ends.landed if ends is not None else _nothing,
            returned=ends.returned if ends is not None else _nothing,
            parent=self._screen,
        ).open()

    # -- where one is put ---------------------------------------------------------------------

    def ask(
        self,
        visit: AppointmentRow,
        target: Target,
        at: QPoint,
        *,
        alone: Act,
        landed: Act,
        returned: Act,
        stay: Act,
    ) -> None:
        """Ask which of a series are meant by moving one of them; ``at`` is a point of the screen.

        ``alone`` moves this one; where more are moved, ``landed`` is told once they stand and
        ``returned`` once that is taken back. ``stay`` is told that nothing is moved.
        """
        if self.question is not None:
            return  # a second key before the answer is the same act

        def answered(scope: Scope) -> None:
            self.question = None
            if scope is Scope.THIS:
                alone()
            else:
                self._move(visit, target, scope, Ends(landed, returned, stay))

        def stays() -> None:
            self.question = None
            words = _("{name} stays where it was.")
            self._desk.messages.say(words.format(name=isolate(visit.patient)), "info")
            stay()

        words = _("{name}: which of the series are moved?")
        self.question = SeriesQuestion(
            words.format(name=isolate(visit.patient)),
            answered,
            stays,
            theme=self._desk.theme,
            parent=self._screen,
        )
        self.question.ask_at(at)

    def _move(self, visit: AppointmentRow, target: Target, scope: Scope, ends: Ends) -> None:
        """Move a part of a series at once where nothing stands against it, else ask about it."""
        series_id, provider_id = visit.series_id, target.provider_id
        if series_id is None or provider_id is None:
            return

        def looked(ctx: Context) -> tuple[SeriesRow, SeriesChange, SeriesPlan]:
            row = series.series(ctx, series_id)
            change = _change_of(row, visit, target, scope, provider_id)
            return row, change, series.plan_change(ctx, change)

        def found(answer: tuple[SeriesRow, SeriesChange, SeriesPlan]) -> None:
            row, change, plan = answer
            if plan.open or any(one.state.value == "kept" for one in plan.dates):
                ends.stay()
                self._show_change(row, visit, scope, target, ends)
                return
            seen = change.model_copy(update={"seen": plan.seen})
            self._acts.change(
                visit,
                seen,
                failed=self._not_moved(ends.stay),
                then=ends.landed,
                returned=ends.returned,
            )

        self._desk.operations.query(
            self._screen, looked, found, failed=self._not_moved(ends.stay), key="series move"
        )

    def _not_moved(self, stay: Act) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            self._desk.messages.warn(str(error))
            stay()

        return failed


def _change_of(
    row: SeriesRow, visit: AppointmentRow, target: Target, scope: Scope, provider_id: UUID
) -> SeriesChange:
    return SeriesChange(
        series_id=row.id,
        version=row.version,
        visit_id=visit.id,
        scope=scope,
        new_id=new_id(),
        local_start=target.local_start,
        minutes=target.minutes,
        provider_id=provider_id,
        chair_id=target.chair_id,
    )
