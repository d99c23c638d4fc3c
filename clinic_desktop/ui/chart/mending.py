"""Mending an entry: completed work that was not done, a finding that is true since another day."""

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.chart_line import read_day
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart.acts import ChartActs
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.line import LineEdit
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.chart.schemas import ChartItemRow, Uncompleted

# What became of the note that completing had opened, by what the service answers.
_OF_NOTE: Final = {
    "taken": N_("Its note was not touched and is gone too."),
    "shortened": N_("Its note was not touched and tells only of the rest now."),
    "edited": N_("Its note was written in and stays: look at what it says."),
    "signed": N_("Its note is signed and stays: correct it by an addendum."),
    "others": N_("Its note is another person's, tells of other work too and stays."),
}
_STAYS: Final = frozenset({"edited", "signed", "others"})
_WIDTH: Final = 460
_LONGEST: Final = 200


class Mending(QObject):
    """Asks in a small dialog and acts; ``dialog`` is the one that is open."""

    def __init__(
        self, desk: Desk, writing: Writing, written: Written, acts: ChartActs, screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._desk = desk
        self._writing = writing
        self._written = written
        self._acts = acts
        self._screen = screen
        self.dialog: AskDialog | None = None

    def write_with(self, writing: Writing) -> None:
        """Write teeth another way: another kind of patient is shown."""
        self._writing = writing

    def reverse(self, item: "ChartItemRow", words: str) -> None:
        """Ask why, then take a completion back: charge, stock and plan with it."""
        dialog = self._open(
            _("Take the completion back"),
            _(
                "{work}: the charge is reversed, materials return to stock and the plan is open "
                "again. Charge and reversal both stay on the account."
            ).format(work=words),
            _("Why"),
        )
        act = new_id()

        def confirmed() -> None:
            from clinic_desktop.services.chart.schemas import Uncompletion

            reason = dialog.text()
            if not reason:
                dialog.refuse(_("Say why: it stands on the account."))
                return
            patient_id = self._acts.patient_id
            if patient_id is None:
                return
            asked = Uncompletion(act=act, patient_id=patient_id, item_id=item.id, reason=reason)
            dialog.accept()
            self._acts.uncomplete(asked, self._tell)

        dialog.set_primary(_("Take it back"), confirmed, icon="undo-2")

    def _tell(self, result: "Uncompleted") -> None:
        amount = self._written.money(result.amount)
        words = _("Not completed after all. {amount} taken off the account.").format(amount=amount)
        of_note = _OF_NOTE.get(result.note)
        if of_note is not None:
            words = f"{words} {_(of_note)}"
        if result.note in _STAYS:
            self._desk.messages.warn(words)
        else:
            self._desk.messages.say(words, "undo-2")

    def change_day(self, item: "ChartItemRow", words: str) -> None:
        """Ask since when an entry is true."""
        dialog = self._open(
            _("True since another day"),
            _("{entry}: since when is it so in the mouth? What was known before stays.").format(
                entry=words
            ),
            _("Since"),
        )
        dialog.field.setText(self._written.day(item.since))
        dialog.field.selectAll()

        def confirmed() -> None:
            today = self._desk.operations.now().astimezone(ZoneInfo(self._written.zone)).date()
            try:
                day = read_day(dialog.text(), self._writing.locale, today)
            except ClinicError as refused:
                dialog.refuse(str(refused))
                return
            dialog.accept()
            self._acts.change_day(item.id, item.version, day, words)

        dialog.set_primary(_("Change"), confirmed, icon="check")

    def _open(self, title: str, sentence: str, label: str) -> "AskDialog":
        dialog = AskDialog(self._desk, title, sentence, label, self._screen)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()
        dialog.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return dialog

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


class AskDialog(Dialog):
    """One sentence, one field."""

    def __init__(self, desk: Desk, title: str, sentence: str, label: str, parent: QWidget) -> None:
        super().__init__(
            title, theme=desk.theme, parent=parent, sentence=sentence, icon="undo-2", width=_WIDTH
        )
        self.field = LineEdit(theme=desk.theme, longest=_LONGEST)
        self._around = Field(label, self.field, theme=desk.theme)
        self.body.addWidget(self._around)

    def text(self) -> str:
        """Return what is typed."""
        return self.field.text().strip()

    def refuse(self, sentence: str) -> None:
        """Say below the field what is wrong with it."""
        self._around.show_error(sentence)
