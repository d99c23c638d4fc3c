"""One letter on a visit, from the board and from the calendar: its status, undo and redo."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.visit_status import EXPECTED, VisitStatus, word
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, StatusChange
from clinic_desktop.services.series.schemas import Scope, SeriesRow
from clinic_desktop.ui.appointments import cancel
from clinic_desktop.ui.appointments.cancel import CancelDialog, Parts
from clinic_desktop.ui.appointments.series_acts import SeriesActs
from clinic_desktop.ui.desk import Desk

_DONE_WORDS: Final = {
    VisitStatus.CONFIRMED: N_("{name} is confirmed for {time}."),
    VisitStatus.ARRIVED: N_("{name} has arrived."),
    VisitStatus.IN_CHAIR: N_("{name} is in the chair."),
    VisitStatus.DONE: N_("{name} is done."),
    VisitStatus.MISSED: N_("{name} is marked as missed."),
    VisitStatus.CANCELLED: N_("{name} is cancelled, {time} is free."),
}


class VisitActs:
    """Changes the status of visits for one screen; ``changed`` is told of each new row."""

    def __init__(
        self, desk: Desk, screen: QWidget, changed: Callable[[AppointmentRow], None]
    ) -> None:
        self._desk, self._screen, self._changed = desk, screen, changed
        self._zone = ZoneInfo(desk.who.zone)
        self._series = SeriesActs(desk, screen, changed)

    def act(
        self,
        visit: AppointmentRow,
        status: VisitStatus,
        *,
        chair_id: UUID | None = None,
        back: bool = False,
    ) -> None:
        """Give the visit this status; a cancellation asks for its reason first.

        ``chair_id`` is where a patient is seated when it is not the booked chair; ``back`` takes
        a step back.
        """
        if visit.status == status and chair_id in (None, visit.chair_id):
            return
        if status == VisitStatus.CANCELLED:
            if visit.series_id is None:
                self._ask_why(visit, None)
            else:
                self._series.read(visit.series_id, lambda row: self._ask_why(visit, row))
            return
        self._change(visit, status, "", chair_id=chair_id, back=back)

    def _ask_why(self, visit: AppointmentRow, row: SeriesRow | None) -> None:
        """Ask for the reason, and of a series which of its appointments are meant."""

        def given(reason: str) -> None:
            if row is None or dialog.scope is Scope.THIS:
                self._change(visit, VisitStatus.CANCELLED, reason)
                return
            self._series.cancel(
                row,
                visit,
                dialog.scope,
                reason,
                with_apart=dialog.with_apart,
                then=lambda: self._desk.drafts.forget(cancel.DRAFT, str(visit.id)),
            )

        now = self._desk.operations.now()
        dialog = CancelDialog(
            visit.patient,
            given,
            theme=self._desk.theme,
            parent=self._screen,
            drafts=self._desk.drafts,
            key=str(visit.id),
            parts=_parts(row, visit, now) if row is not None else None,
        )
        dialog.open()

    def cancel(self, visit: AppointmentRow, reason: str) -> None:
        """Cancel a visit for a reason that is known, without a message of its own."""
        change = StatusChange(
            id=visit.id, version=visit.version, to=VisitStatus.CANCELLED, reason=reason
        )
        self._send(change, self._changed)

    def _change(
        self,
        visit: AppointmentRow,
        status: VisitStatus,
        reason: str,
        *,
        chair_id: UUID | None = None,
        back: bool = False,
    ) -> None:
        change = StatusChange(
            id=visit.id,
            version=visit.version,
            to=status,
            reason=reason,
            back=back,
            change_chair=chair_id is not None,
            chair_id=chair_id,
        )

        def done(row: AppointmentRow) -> None:
            self._desk.drafts.forget(cancel.DRAFT, str(visit.id))
            self._tell(visit, row, change)

        self._send(change, done)

    def _tell(self, before: AppointmentRow, row: AppointmentRow, change: StatusChange) -> None:
        """Say what happened; each way back or forth starts from the row as it then is."""
        latest = [row]

        def came(now: AppointmentRow) -> None:
            latest[0] = now
            self._changed(now)

        def undo() -> None:
            back = StatusChange(
                id=row.id,
                version=latest[0].version,
                to=VisitStatus(before.status),
                back=not change.back,
                change_chair=change.change_chair,
                chair_id=before.chair_id,
            )
            self._send(back, came)

        def redo() -> None:
            self._send(change.model_copy(update={"version": latest[0].version}), came)

        self._desk.messages.undoable(self._words(row), undo, redo)
        self._changed(row)

    def _words(self, row: AppointmentRow) -> str:
        name = isolate(row.patient)
        words = _DONE_WORDS.get(VisitStatus(row.status))
        if words is None:
            return _("{name}: {status}.").format(name=name, status=word(row.status))
        return _(words).format(name=name, time=self._clock(row.starts_at))

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%H:%M}"

    def _send(self, change: StatusChange, done: Callable[[AppointmentRow], None]) -> None:
        self._desk.operations.change(
            self._screen, lambda ctx: appointments.set_status(ctx, change), done
        )


def _parts(row: SeriesRow, visit: AppointmentRow, now: datetime) -> Parts:
    """Return how many of a series can still be cancelled."""
    ahead = [
        one
        for one in row.visits
        if VisitStatus(one.status) in EXPECTED and (one.starts_at >= now or one.id == visit.id)
    ]
    following = [
        one
        for one in ahead
        if one.series_date is not None
        and visit.series_date is not None
        and one.series_date >= visit.series_date
    ]
    apart = sum(row.is_apart(one) and one.id != visit.id for one in ahead)
    return Parts(len(following), len(ahead), apart)
