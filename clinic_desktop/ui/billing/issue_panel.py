"""What stands on no invoice yet: ticked, addressed, issued with one key."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.money import format_money
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.billing.schemas import NewInvoice, OpenCharge
from clinic_desktop.ui.billing.ledger_model import OpenColumn, open_model
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import DateField, Field, LineEdit, TextArea
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.table import TableView

_LATEST: Final = timedelta(days=3650)
_ADDRESS_HEIGHT: Final = 84


class IssuePanel(StatePanel):
    """The charges to bill and the form around them.

    The invoice's id is made when the form opens and renewed when one was issued, so that pressing
    twice is one invoice. ``wanted`` carries the filled-in ``NewInvoice``.
    """

    wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Not invoiced"), theme=desk.theme, icon="file-text")
        self._desk = desk
        self._patient: UUID | None = None
        self._off: set[UUID] = set()
        self._invoice_id = new_id()
        self._may = desk.who.may("billing.issue")
        self.drafts: DraftKeeper | None = None
        self.model = open_model(desk.who, lambda posting: posting not in self._off)
        self.table = TableView(theme=desk.theme, two_lines=True, name=_("Work to invoice"))
        self.table.setProperty("keys_area", _("Work to invoice"))
        self.table.setModel(self.model)
        self.table.horizontalHeader().hide()
        self.table.clicked.connect(self._toggle)
        self.table.opened.connect(self._toggle)
        bind(self.table, "Space", lambda: self._toggle(self.table.current_row()))
        self._page = self._build()

    def _build(self) -> QWidget:
        theme, who = self._desk.theme, self._desk.who
        today = self._today()
        self.bill_to = TextArea(theme=theme, lines=3, longest=1000)
        self.bill_to.setMaximumHeight(_ADDRESS_HEIGHT)
        self.due = DateField(
            theme=theme, locale=who.locale, today=today, earliest=today, latest=today + _LATEST
        )
        self.remark = LineEdit(theme=theme, longest=500)
        self.fields = {
            "bill_to": Field(
                _("Bill to"), self.bill_to, theme=theme, optional=True,
                hint=_("Empty: the patient."),
            ),
            "due_on": Field(_("Pay by"), self.due, theme=theme, optional=True),
            "remark": Field(_("Remark"), self.remark, theme=theme, optional=True),
        }  # fmt: skip
        self.total = Label(theme=theme, size="heading", tabular=True)
        self.chosen = Label(theme=theme, role="text_2")
        self.issue = Button(
            _("Issue invoice and print"),
            theme=theme,
            icon="printer",
            key="Ctrl+Enter",
            kind="primary",
        )
        self.issue.clicked.connect(self.ask)
        self.refusal = Label(theme=theme, size="small", role="danger", wrap=True)
        self.refusal.hide()
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for field in self.fields.values():
            column.addWidget(field)
            field.setVisible(self._may)
        sums = QHBoxLayout()
        sums.addWidget(self.chosen, 1)
        sums.addWidget(self.total)
        column.addLayout(sums)
        column.addWidget(self.refusal)
        column.addWidget(self.issue)
        self.issue.setVisible(self._may)
        if not self._may:
            self.refusal.setText(_("Issuing invoices needs the right “Issue invoices”."))
            self.refusal.set_role("text_2")
            self.refusal.show()
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.table, 1)
        whole.addWidget(form)
        self.table.setMinimumHeight(theme.height("row") * 2 + 24)
        return page

    def _today(self) -> date:
        zone = ZoneInfo(self._desk.who.zone)
        return self._desk.operations.now().astimezone(zone).date()

    # -- what is shown ----------------------------------------------------------------------

    def begin(self, patient_id: UUID, *, bill_to: str, due_days: int | None) -> None:
        """Start the form of another patient, or with what was half-typed for this one."""
        self.leave()
        self._patient = patient_id
        self._invoice_id = new_id()
        self.drafts = DraftKeeper(
            self._desk.drafts, form="invoice", key=str(patient_id), read=self._typed, parent=self
        )
        self.drafts.follow(self.bill_to, self.due, self.remark)
        today = self._today()
        due = None if due_days is None else today + timedelta(days=due_days)
        self.bill_to.blockSignals(True)
        self.bill_to.setText(bill_to)
        self.bill_to.blockSignals(False)
        self.due.set_limits(today, today + _LATEST)
        self.due.set_value(due)
        self.remark.setText("")
        for name, text in (self.drafts.recall() or {}).items():
            if name in self.fields:
                editor = self.fields[name].editor
                editor.blockSignals(True)
                editor.setText(text)  # type: ignore[attr-defined]  # every editor here has text
                editor.blockSignals(False)
        for field in self.fields.values():
            field.clear()
        self.tell("")

    def leave(self) -> None:
        """Keep what is half-typed and show nobody's charges."""
        if self.drafts is not None:
            self.drafts.keep_now()
            self.drafts.deleteLater()
            self.drafts = None
        self._patient = None
        self._off.clear()
        self.model.set_rows(())
        self._sum_up()

    def _typed(self) -> dict[str, str]:
        return {
            "bill_to": self.bill_to.text(),
            "due_on": self.due.text(),
            "remark": self.remark.text(),
        }

    def set_charges(self, charges: tuple[OpenCharge, ...]) -> None:
        """Show what is not invoiced now; ticks taken away stay away."""
        self._off &= {charge.posting_id for charge in charges}
        keep_place(self.table, self.model, charges)
        self.table.fit_columns(stretch=OpenColumn.WHAT)
        if charges:
            self.show_content(self._page)
        else:
            self.show_empty(_("Everything is invoiced."))
        self._sum_up()

    @Slot(QModelIndex)
    def _toggle(self, index: QModelIndex) -> None:
        charge = self.model.row(index.row())
        if charge is None or not self._may:
            return
        self._off ^= {charge.posting_id}
        self.model.redraw()
        self._sum_up()

    def ticked(self) -> tuple[OpenCharge, ...]:
        """Return the charges that go on the invoice."""
        return tuple(one for one in self.model.rows() if one.posting_id not in self._off)

    def _sum_up(self) -> None:
        who, ticked = self._desk.who, self.ticked()
        total = sum(charge.amount for charge in ticked)
        self.total.setText(format_money(total, who.currency, who.locale))
        count = len(self.model.rows())
        self.set_note(ngettext("{count} charge", "{count} charges", count).format(count=count))
        self.chosen.setText(
            _("{ticked} of {count} on the invoice").format(ticked=len(ticked), count=count)
        )
        self.issue.setEnabled(bool(ticked))

    # -- the act ----------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Ask for the invoice when everything typed can be taken."""
        if not self._may or self._patient is None or not self.issue.isEnabled():
            return
        wrong = [field for field in self.fields.values() if not field.validate()]
        if wrong:
            wrong[0].editor.setFocus()
            return
        try:
            new = NewInvoice(
                id=self._invoice_id,
                patient_id=self._patient,
                posting_ids=tuple(charge.posting_id for charge in self.ticked()),
                bill_to=self.bill_to.text(),
                remark=self.remark.text(),
                due_on=self.due.value(),
            )
        except InvalidError as refused:
            self.tell(str(refused))
            return
        self.issue.setEnabled(False)
        self.tell("")
        self.wanted.emit(new)

    def issued(self) -> None:
        """Begin the next invoice: this one stands."""
        self._invoice_id = new_id()
        self.remark.setText("")
        if self.drafts is not None:
            self.drafts.forget()

    def refused(self, error: Exception) -> None:
        """Say why it was not issued; everything typed stays."""
        self.issue.setEnabled(bool(self.ticked()))
        field = self.fields.get(getattr(error, "field", None) or "")
        if field is not None:
            field.show_error(str(error))
            field.editor.setFocus()
        else:
            self.tell(str(error))

    def tell(self, sentence: str) -> None:
        """Show a sentence above the button."""
        if self._may:
            self.refusal.setText(sentence)
            self.refusal.setVisible(bool(sentence))
