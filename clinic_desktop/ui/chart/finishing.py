"""Completing a visit from the chart: the act, the sheet where it is needed, the note it opened."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.chart_examples import usual_example
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.acts import ChartActs
from clinic_desktop.ui.chart.complete import CompletionDialog, is_plain
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import Completed, CompletionSheet, WorkLine
    from clinic_desktop.services.context import Context


class Finishing(QObject):
    """Completes, tells, and opens the note; asks by the sheet where it has to."""

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
        # Pressing twice is once.
        self._under_way = False

    def write_with(self, writing: Writing) -> None:
        """Write teeth another way: another kind of patient is shown."""
        self._writing = writing

    def begin(self, *, look: bool = False) -> None:
        """Complete today's work; ``look`` shows first what will be written.

        The sheet comes by itself where something is to be decided.
        """
        patient_id = self._acts.patient_id
        if patient_id is None or self.dialog is not None or self._under_way:
            return
        self._under_way = True

        def call(ctx: "Context") -> "CompletionSheet":
            from clinic_desktop.services.chart.visit import completion_sheet

            return completion_sheet(ctx, patient_id)

        self._desk.operations.query(
            self, call, lambda sheet: self._decide(sheet, look=look), failed=self._not_asked
        )

    def _not_asked(self, error: Exception) -> None:
        self._under_way = False
        self._desk.messages.warn(str(error))

    def _decide(self, sheet: "CompletionSheet", *, look: bool) -> None:
        self._under_way = False
        if sheet.patient_id != self._acts.patient_id or not self._screen.isVisible():
            return
        if not sheet.lines:
            words = _("Nothing to complete: chart what was done first, as in {example}.")
            self._desk.messages.say(
                words.format(example=usual_example(self._writing.notation)), "info"
            )
        elif not look and is_plain(sheet):
            self._write(sheet, new_id(), [line for line in sheet.lines if line.today])
        else:
            self._show(sheet)

    def _show(self, sheet: "CompletionSheet") -> None:
        dialog = CompletionDialog(
            sheet,
            writing=self._writing,
            money=self._written.money,
            theme=self._desk.theme,
            parent=self._screen,
        )
        dialog.confirmed.connect(lambda: self._write(sheet, dialog.act, dialog.chosen()))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _write(self, sheet: "CompletionSheet", act: UUID, lines: "list[WorkLine]") -> None:
        from clinic_desktop.services.chart.schemas import Completion

        completion = Completion(
            act=act,
            patient_id=sheet.patient_id,
            item_ids=tuple(line.id for line in lines if line.source != "booked"),
            booked_ids=tuple(line.id for line in lines if line.source == "booked"),
            asked_ids=tuple(line.id for line in lines if line.questions),
            appointment_id=sheet.visit.id if sheet.visit is not None else None,
            provider_id=self._desk.who.provider_id,
        )

        def done(completed: "Completed") -> None:
            self._under_way = False
            if self.dialog is not None:
                self.dialog.accept()
            self._tell(completed)
            # Somebody who writes no notes stays on the chart.
            if completed.note_id is not None:
                self._desk.navigator.open_patient(
                    completion.patient_id, "notes", record=completed.note_id
                )

        self._under_way = True
        self._acts.complete(completion, done, self._refused)

    def _refused(self, error: Exception) -> None:
        self._under_way = False
        anew = isinstance(error, StaleError | ConflictError)
        if self.dialog is not None and not anew:
            self.dialog.refuse(str(error))
            return
        if self.dialog is not None:
            self.dialog.reject()
        self._desk.messages.warn(str(error))
        if anew:
            # What was asked for is no longer so: the sheet is made anew from the chart.
            self.begin(look=True)

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
