"""Moving an appointment from the calendar: sent once, undone by the undo bar, refused in words."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.dates import format_weekday
from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, Move, OutsideHoursError
from clinic_desktop.ui.appointments.reason import ReasonDialog
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.desk import Desk

Act = Callable[[], None]


class Moves:
    """``changed`` is told of each new row, ``refused`` that one stayed where it was."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        changed: Callable[[AppointmentRow], None],
        refused: Act,
    ) -> None:
        self._desk, self._screen = desk, screen
        self._changed, self._refused = changed, refused
        self._under_way: set[UUID] = set()
        self._latest: dict[UUID, int] = {}

    def put(
        self,
        visit: AppointmentRow,
        target: Target,
        *,
        landed: Act | None = None,
        returned: Act | None = None,
    ) -> None:
        """Send it there; ``landed`` is told once it stands, ``returned`` once that is undone.

        A second key before the answer is the same act.
        """
        if visit.id in self._under_way:
            return
        if not self._desk.who.may("schedule.write"):
            self._desk.messages.warn(_("Your roles do not allow moving appointments."))
            self._refused()
            return
        if target.provider_id is None:
            self._desk.messages.warn(_("Nobody takes appointments there."))
            self._refused()
            return
        move = Move(
            id=visit.id,
            version=max(visit.version, self._latest.get(visit.id, 0)),
            provider_id=target.provider_id,
            chair_id=target.chair_id,
            local_start=target.local_start,
            second_hour=target.second_hour,
            minutes=target.minutes,
        )
        self._send(visit, move, landed, returned)

    def _send(
        self, visit: AppointmentRow, move: Move, landed: Act | None, returned: Act | None
    ) -> None:
        self._under_way.add(visit.id)

        def done(row: AppointmentRow) -> None:
            self._under_way.discard(visit.id)
            self._tell(visit, row, move.reason, landed, returned)

        def failed(error: Exception) -> None:
            self._under_way.discard(visit.id)
            self._stayed(visit, move, error, landed, returned)

        self._desk.operations.change(
            self._screen, lambda ctx: appointments.move(ctx, move), done, failed=failed
        )

    def _tell(
        self,
        before: AppointmentRow,
        row: AppointmentRow,
        reason: str,
        landed: Act | None,
        returned: Act | None,
    ) -> None:
        latest = [row]
        self._latest[row.id] = row.version

        def send(place: AppointmentRow, why: str, then: Act | None) -> None:
            move = _move_to(place, version=latest[0].version, reason=why)

            def came(now: AppointmentRow) -> None:
                latest[0] = now
                self._latest[now.id] = now.version
                if then is not None:
                    then()
                self._changed(now)

            self._desk.operations.change(
                self._screen, lambda ctx: appointments.move(ctx, move), came
            )

        if landed is not None:
            landed()
        self._desk.messages.undoable(
            self._words(before, row),
            lambda: send(before, _("Undone"), returned),
            lambda: send(row, reason, landed),
        )
        self._changed(row)

    def _words(self, before: AppointmentRow, row: AppointmentRow) -> str:
        name, locale = isolate(row.patient), self._desk.who.locale
        if (before.starts_at, before.minutes) == (row.starts_at, row.minutes):
            if before.provider_id != row.provider_id:
                words = _("{name} is with {provider} now.")
                return words.format(name=name, provider=row.provider)
            return _("{name} has another chair now.").format(name=name)
        if before.starts_at == row.starts_at:
            return _("{name}: {before} min before, {after} min now.").format(
                name=name, before=before.minutes, after=row.minutes
            )
        far = before.local_start.date() != row.local_start.date()
        then, now = (
            format_time(one.local_start.time(), locale)
            if not far
            else f"{format_weekday(one.local_start.date(), locale)}, "
            f"{format_time(one.local_start.time(), locale)}"
            for one in (before, row)
        )
        return _("{name} moved from {before} to {after}.").format(name=name, before=then, after=now)

    def _stayed(
        self,
        visit: AppointmentRow,
        move: Move,
        error: Exception,
        landed: Act | None,
        returned: Act | None,
    ) -> None:
        """Leave it where it was and say why; who may override is asked for the reason instead."""
        self._latest.pop(visit.id, None)
        self._refused()
        if isinstance(error, OutsideHoursError) and error.needs_reason and not move.reason:
            ReasonDialog(
                str(error),
                lambda reason: self._send(
                    visit, move.model_copy(update={"reason": reason}), landed, returned
                ),
                theme=self._desk.theme,
                parent=self._screen,
            ).open()
        else:
            self._desk.messages.warn(str(error))


def _move_to(place: AppointmentRow, *, version: int, reason: str) -> Move:
    """Return the move that brings an appointment to where this row had it."""
    return Move(
        id=place.id,
        version=version,
        provider_id=place.provider_id,
        chair_id=place.chair_id,
        local_start=place.local_start,
        second_hour=place.is_second_hour,
        minutes=place.minutes,
        reason=reason,
    )
