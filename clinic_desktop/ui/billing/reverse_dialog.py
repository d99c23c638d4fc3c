"""Taking an entry of the ledger back: with a reason, by an entry beside it."""

from collections.abc import Callable

from clinic_desktop.domain.money import format_money
from clinic_desktop.i18n import _
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import LedgerLine
from clinic_desktop.services.context import Context
from clinic_desktop.services.schemas import clean_line
from clinic_desktop.ui.billing.ledger_model import title_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import keep_texts
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit


class ReverseDialog(Dialog):
    """Asks why an entry is taken back."""

    def __init__(
        self, desk: Desk, line: LedgerLine, *, parent: Screen, done: Callable[[], None]
    ) -> None:
        who = desk.who
        super().__init__(
            _("Reverse this entry?"),
            theme=desk.theme,
            parent=parent,
            sentence=_("{work}, {amount}. Both entries stay in the ledger.").format(
                work=title_of(line, who),
                amount=format_money(line.amount, who.currency, who.locale),
            ),
            icon="undo-2",
            width=520,
        )
        self._desk = desk
        self._line = line
        self._done = done
        self.reason = LineEdit(theme=desk.theme, longest=300)
        self.field = Field(_("Reason"), self.reason, theme=desk.theme, required=True)
        self.body.addWidget(self.field)
        self._draft = keep_texts(
            desk.drafts,
            form="reverse",
            key=str(line.entry_id),
            editors={"reason": self.reason},
            parent=self,
        )
        self.leaving.connect(self._draft.keep_now)
        self.reason.returnPressed.connect(self._reverse)
        self.finished.connect(self.deleteLater)
        self.set_primary(_("Reverse"), self._reverse)

    def _reverse(self) -> None:
        if not self.field.validate():
            self.reason.setFocus()
            return
        self.set_busy(True)
        entry, memo = self._line.entry_id, clean_line(self.reason.text())

        def call(ctx: Context) -> None:
            day = ctx.now.astimezone(ctx.zone).date()
            # One act for each entry: reversed twice, by whomever, it is refused.
            billing.reverse(ctx, entry, act=f"reverse:{entry}", day=day, memo=memo)

        self._desk.operations.change(self, call, self._reversed, failed=self._refused)

    def _reversed(self, _none: None) -> None:
        self._draft.forget()
        self.accept()
        self._desk.messages.say(_("The entry is reversed."))
        self._done()

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self.field.show_error(str(error))
