"""Beside the call list: how to reach the patient, what was tried, what to record."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from clinic_desktop.i18n import _
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls.schemas import DueRow, RecallRow
from clinic_desktop.ui.calling.days import Days
from clinic_desktop.ui.calling.panel import CallPanel
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.painting import TagSpec


class RecallPanel(CallPanel):
    """The chosen patient, what they are due for, and one act more: to hold the recall back."""

    held_back = Signal()

    def __init__(self, desk: Desk, days: Days) -> None:
        super().__init__(desk, days)
        self._desk = desk

    def more_acts(self) -> Sequence[Button]:
        """Return the button that holds a recall back."""
        hold = Button(_("Hold back"), theme=self.theme, key="P")
        hold.clicked.connect(self.held_back)
        return (hold,)

    def show_due(self, row: DueRow) -> None:
        """Show a line of the list, and ask for what was tried."""
        last = (
            self.days.day(row.last_on)
            if row.last_on
            else TagSpec("unknown", _("Not recorded"), "circle-help")
        )
        facts: list[tuple[str, str | TagSpec]] = [
            (_("For"), row.type_name),
            (_("Due"), self.days.day(row.due_on)),
            (_("Last time"), last),
        ]
        self.show_row(row.id, row, "", facts)

        def told(found: tuple[RecallRow, ...]) -> None:
            mine = next((one for one in found if one.id == row.id), None)
            self.show_tries(row.id, mine.attempts if mine is not None else ())

        self._desk.operations.query(
            self,
            lambda ctx: recalls.recalls_of(ctx, row.patient_id),
            told,
            failed=lambda _error: None,
            key="tries",
        )
