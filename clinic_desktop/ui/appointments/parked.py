"""What is parked: kept per person, read anew with each view, and put down by key or mouse."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import OPEN, VisitStatus, word
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.doubles import Others, others_of
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.context import Context
from clinic_desktop.ui.appointments.choices import Choices
from clinic_desktop.ui.appointments.parking import ParkingPanel
from clinic_desktop.ui.desk import Desk


class Parked:
    """Keeps the list and its panel; ``changed`` is told the ids that are parked now."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        choices: Choices,
        panel: ParkingPanel,
        changed: Callable[[frozenset[UUID]], None],
    ) -> None:
        self._desk, self._screen, self._choices = desk, screen, choices
        self.panel, self._changed = panel, changed
        self._rows: dict[UUID, AppointmentRow] = {}
        self._also: Others = {}
        panel.list.removed.connect(self.take_out)

    def reload(self) -> None:
        """Ask how the parked ones stand now; those that cannot be moved any more are let out."""
        ids = self._choices.parked()
        if not ids:
            self._show(())
            return
        self._desk.operations.query(
            self._screen,
            lambda ctx: _parked(ctx, ids),
            lambda came: self._came(ids, *came),
            failed=lambda error: self._unread(len(ids), error),
            key="parked",
        )

    def _unread(self, count: int, error: Exception) -> None:
        """Say that some are parked, though not which; those read before stay as they were."""
        if not self._rows:
            self.panel.show_unread(count, str(error))

    def _came(
        self, asked: tuple[UUID, ...], rows: tuple[AppointmentRow, ...], also: Others
    ) -> None:
        self._also = also
        found = {row.id: row for row in rows if VisitStatus(row.status) in OPEN}
        now = self._choices.parked()
        left = tuple(one for one in now if one in found or one not in asked)
        if left != now:
            self._choices.park(left)
        self._show(tuple(found[one] for one in left if one in found))

    def _show(self, rows: tuple[AppointmentRow, ...]) -> None:
        self._rows = {row.id: row for row in rows}
        self.panel.show_visits(rows, self._also)
        self._changed(frozenset(self._rows))

    def holds(self, visit_id: UUID) -> bool:
        """Return whether it is parked."""
        return visit_id in self._choices.parked()

    def chosen(self) -> AppointmentRow | None:
        """Return the one that would be put down."""
        return self.panel.list.visit()

    def park(self, visit: AppointmentRow) -> None:
        """Put an appointment into the parking, or let it out again."""
        messages = self._desk.messages
        if self.holds(visit.id):
            self.take_out(visit)
            return
        if not self._desk.who.may("schedule.write"):
            messages.warn(_("Your roles do not allow moving appointments."))
            return
        if VisitStatus(visit.status) not in OPEN:
            words = _("{name} is {status}. The appointment stays where it was.")
            messages.warn(words.format(name=isolate(visit.patient), status=word(visit.status)))
            return
        self.put_in(visit)
        words = _("{name} is parked and stays booked for {time} until put down (V).")
        at = format_time(visit.local_start.time(), self._desk.who.locale)
        messages.undoable(
            words.format(name=isolate(visit.patient), time=at),
            lambda: self.let_out(visit.id),
            lambda: self.put_in(visit),
        )

    def take_out(self, visit: AppointmentRow) -> None:
        """Let an appointment out of the parking; it stays where it is booked."""
        self.let_out(visit.id)
        at = format_time(visit.local_start.time(), self._desk.who.locale)
        words = _("{name} is not parked any more and stays at {time}.")
        self._desk.messages.undoable(
            words.format(name=isolate(visit.patient), time=at),
            lambda: self.put_in(visit),
            lambda: self.let_out(visit.id),
        )

    def put_in(self, visit: AppointmentRow) -> None:
        """Keep it as parked."""
        others = [one for one in self._choices.parked() if one != visit.id]
        self._choices.park([*others, visit.id])
        self._show((*(row for one, row in self._rows.items() if one != visit.id), visit))
        self.panel.list.choose(visit.id)
        self.reload()

    def let_out(self, visit_id: UUID) -> None:
        """Keep it as parked no more."""
        self._choices.park([one for one in self._choices.parked() if one != visit_id])
        self._show(tuple(row for one, row in self._rows.items() if one != visit_id))

    # -- by the mouse -------------------------------------------------------------------------

    def is_over(self, at: QPoint) -> bool:
        """Return whether a point of the screen is on the parking."""
        panel = self.panel
        return panel.isVisible() and QRect(panel.mapToGlobal(QPoint()), panel.size()).contains(at)

    def take_here(self, visit: AppointmentRow, at: QPoint) -> bool:
        """Park what was let go over the panel; return whether it was."""
        if not self.is_over(at):
            return False
        if not self.holds(visit.id):
            self.park(visit)
        return True


def _parked(ctx: Context, ids: tuple[UUID, ...]) -> tuple[tuple[AppointmentRow, ...], Others]:
    rows = appointments.these(ctx, ids)
    return rows, others_of(ctx, rows)
