"""A time that became free, offered to those who wait: W after a cancellation, or on empty time."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.visit_status import NOT_BLOCKING, VisitStatus
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.waiting.schemas import FreeTime
from clinic_desktop.ui.appointments.standing import Target
from clinic_desktop.ui.desk import Desk

Whom = Callable[[FreeTime, str, Callable[[AppointmentRow], None], QWidget], None]
"""Shows whom to call: free time, provider's name, who is told of the booking, the screen."""


class Freed:
    """Knows the time that was freed last, and shows whom to call about it or about another."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        whom: Whom | None,
        booked: Callable[[AppointmentRow], None],
    ) -> None:
        self._desk, self._screen, self._whom, self._booked = desk, screen, whom, booked
        self._last: AppointmentRow | None = None

    def changed(self, row: AppointmentRow) -> None:
        """Remember a visit that falls through, forget it when it stands again."""
        if VisitStatus(row.status) in NOT_BLOCKING:
            self._last = row
        elif self._last is not None and self._last.id == row.id:
            self._last = None

    def call(self, visit: AppointmentRow | None, target: Target | None, provider: str) -> None:
        """Show whom to call: about what was freed last where nothing else is chosen."""
        messages = self._desk.messages
        if not self._desk.who.may("schedule.write"):
            messages.warn(_("Your roles do not allow booking."))
            return
        gone = visit if visit is not None and VisitStatus(visit.status) in NOT_BLOCKING else None
        if visit is not None and gone is None:
            messages.say(_("This time is taken. W shows whom to call once it is free."), "info")
            return
        gone = gone or self._at(target)
        if gone is not None:
            free, provider = _free_of(gone), gone.provider
        elif target is not None and target.provider_id is not None:
            free = FreeTime(
                local_start=target.local_start,
                second_hour=target.second_hour,
                provider_id=target.provider_id,
                chair_id=target.chair_id,
                minutes=max(5, target.minutes),
            )
        else:
            return
        if self._whom is not None:
            self._whom(free, provider, self._booked, self._screen)

    def _at(self, target: Target | None) -> AppointmentRow | None:
        """Return the visit freed last where keys act on its place, or nowhere else."""
        last = self._last
        if last is None or target is None:
            return last
        inside = (
            last.local_start
            <= target.local_start
            < last.local_start + (last.ends_at - last.starts_at)
        )
        mine = target.provider_id == last.provider_id or target.chair_id == last.chair_id
        return last if inside and mine else None


def _free_of(visit: AppointmentRow) -> FreeTime:
    return FreeTime(
        local_start=visit.local_start,
        provider_id=visit.provider_id,
        chair_id=visit.chair_id,
        minutes=max(5, visit.minutes),
    )
