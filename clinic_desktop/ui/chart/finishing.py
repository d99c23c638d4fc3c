"""Completing a visit from the chart: the sheet, the act, what it says, the note it opened."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinic_desktop.errors import ConflictError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.acts import ChartActs
from clinic_desktop.ui.chart.complete import CompletionDialog
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import Completed, CompletionSheet
    from clinic_desktop.services.context import Context


class Finishing(QObject):
    """Asks for the sheet, shows it, completes, tells, and opens the note."""

    def __init__(
        self, desk: Desk, writing: Writing, written: Written, acts: ChartActs, screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._desk = desk
        self._writing = writing
        self._written = written
        self._acts = acts
        self._screen = screen
        self.dialog: CompletionDialog | None = None

    def write_with(self, writing: Writing) -> None:
        """Write teeth another way: another kind of patient is shown."""
        self._writing = writing

    def begin(self) -> None:
        """Ask what can be completed now."""
        patient_id = self._acts.patient_id
        if patient_id is None or self.dialog is not None:
            return

        def call(ctx: "Context") -> "CompletionSheet":
            from clinic_desktop.services.chart.visit import completion_sheet

            return completion_sheet(ctx, patient_id)

        self._desk.operations.query(self, call, self._show, key="sheet")

    def _show(self, sheet: "CompletionSheet") -> None:
        if sheet.patient_id != self._acts.patient_id or not self._screen.isVisible():
            return
        if not sheet.lines:
            self._desk.messages.say(
                _("Nothing to complete: chart what was done first, as in 36 mod comp."), "info"
            )
            return
        dialog = CompletionDialog(
            sheet,
            writing=self._writing,
            money=self._written.money,
            theme=self._desk.theme,
            parent=self._screen,
        )
        dialog.confirmed.connect(self._complete)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _complete(self) -> None:
        from clinic_desktop.services.chart.schemas import Completion

        dialog = self.dialog
        if dialog is None:
            return
        visit = dialog.sheet.visit
        who = self._desk.who
        completion = Completion(
            act=dialog.act,
            patient_id=dialog.sheet.patient_id,
            item_ids=dialog.item_ids(),
            booked_ids=dialog.booked_ids(),
            asked_ids=dialog.asked_ids(),
            appointment_id=visit.id if visit is not None else None,
            provider_id=who.provider_id,
        )

        def done(completed: "Completed") -> None:
            dialog.accept()
            self._tell(completed)
            # Somebody who writes no notes stays on the chart.
            if completed.note_id is not None:
                self._desk.navigator.open_patient(
                    completion.patient_id, "notes", record=completed.note_id
                )

        self._acts.complete(completion, done, self._refused)

    def _refused(self, error: Exception) -> None:
        if self.dialog is None:
            self._desk.messages.warn(str(error))
            return
        self.dialog.refuse(str(error))
        if isinstance(error, StaleError | ConflictError):
            # What is listed is no longer so: the sheet is made anew from the chart.
            self.dialog.reject()
            self._desk.messages.warn(str(error))
            self.begin()

    def _tell(self, completed: "Completed") -> None:
        parts = [
            _("Completed. {amount} charged.").format(amount=self._written.money(completed.charged))
        ]
        parts += [
            _("{product}: {left} left, {needed} needed: count it.").format(
                product=one.name, left=one.left, needed=one.needed
            )
            for one in completed.shortages
        ]
        messages = self._desk.messages
        if completed.shortages:
            messages.warn(" ".join(parts))
        else:
            messages.say(parts[0], "check-check")
