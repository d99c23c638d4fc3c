"""One letter on a visit, from the board and from the calendar: its status, undo and redo."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.visit_status import VisitStatus, word
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, StatusChange
from clinic_desktop.ui.appointments import cancel
from clinic_desktop.ui.appointments.cancel import CancelDialog
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
            CancelDialog(
                visit.patient,
                lambda reason: self._change(visit, status, reason),
                theme=self._desk.theme,
                parent=self._screen,
                drafts=self._desk.drafts,
                key=str(visit.id),
            ).open()
            return
        self._change(visit, status, "", chair_id=chair_id, back=back)

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
