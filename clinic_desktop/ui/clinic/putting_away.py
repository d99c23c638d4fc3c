"""Putting a record of the settings away and taking it back; with bookings ahead they go first."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.leaving import undoing
from clinic_desktop.services.leaving.schemas import Leaving, Outcome
from clinic_desktop.services.working_time.schemas import BookingsAheadError
from clinic_desktop.ui.clinic.leaving import LeavingDialog
from clinic_desktop.ui.desk import Desk


class AwaySection(Protocol):
    """What putting away needs of the section whose records they are."""

    desk: Desk

    def ask(self, ctx: Context) -> Any:
        """Return everything that the section shows."""

    def rows_of(self, found: Any) -> tuple[Any, ...]:
        """Return the rows out of what ``ask`` returned."""

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return the values of the fields."""

    def name_of(self, row: Any) -> str:
        """Return what a record is called."""

    def store(self, ctx: Context, record: UUID, row: Any, values: dict[str, Any]) -> None:
        """Change a record."""

    def given_up(self, row: Any) -> Leaving | None:
        """Return who or what bookings would be left without, None where nobody books it."""


class PuttingAway:
    """Does it for one section; ``done`` is told the record that was changed."""

    def __init__(
        self,
        section: AwaySection,
        widget: QWidget,
        *,
        done: Callable[[UUID], None],
        refused: Callable[[Exception], None],
    ) -> None:
        self._section, self._widget = section, widget
        self._done, self._refused = done, refused

    def set_active(self, row: Any, *, active: bool) -> None:
        """Use a record no longer, or again; what it stands in stays as it is."""
        section = self._section
        values = {**section.values_of(row), "active": active}

        def done(_none: None) -> None:
            self._tell(row, active=active)

        section.desk.operations.change(
            self._widget,
            lambda ctx: section.store(ctx, row.id, row, values),
            done,
            failed=lambda error: self._not_done(row, error),
        )

    def _tell(self, row: Any, *, active: bool) -> None:
        section = self._section

        def again(ctx: Context) -> None:
            newest = next(one for one in section.rows_of(section.ask(ctx)) if one.id == row.id)
            section.store(ctx, row.id, newest, {**section.values_of(newest), "active": not active})

        def undo() -> None:
            section.desk.operations.change(self._widget, again, lambda _none: self._done(row.id))

        text = _("{name} is in use again.") if active else _("{name} is put away.")
        section.desk.messages.undoable(text.format(name=section.name_of(row)), undo)
        self._done(row.id)

    def _not_done(self, row: Any, error: Exception) -> None:
        given_up = self._section.given_up(row)
        if given_up is None or not isinstance(error, BookingsAheadError):
            self._refused(error)
            return
        LeavingDialog(
            self._section.desk,
            given_up,
            lambda outcome: self._given(row, given_up, outcome),
            parent=self._widget,
        ).open()

    def _given(self, row: Any, given_up: Leaving, outcome: Outcome) -> None:
        """Say who has the bookings now; all of it is taken back as one."""
        section = self._section

        def undo() -> None:
            section.desk.operations.change(
                self._widget,
                lambda ctx: undoing.take_back(ctx, given_up, outcome),
                lambda _none: self._done(row.id),
            )

        if not outcome.given:
            if outcome.put_away:
                self._tell(row, active=False)
            return
        words = _("{moved} given to others, {cancelled} cancelled.")
        if outcome.put_away:
            words = _("{name} is put away: {moved} given to others, {cancelled} cancelled.")
        text = words.format(
            name=section.name_of(row), moved=outcome.moved, cancelled=outcome.cancelled
        )
        section.desk.messages.undoable(text, undo)
        self._done(row.id)
