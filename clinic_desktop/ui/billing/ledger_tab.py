"""A patient's account: what is open, the ledger, and the work that is to be invoiced."""

from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QPoint, Slot
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.documents.of_invoice import address_of, invoice_paper
from clinic_desktop.domain.aging import aging
from clinic_desktop.domain.births import age_in_years
from clinic_desktop.domain.money import format_money, symbol_of
from clinic_desktop.errors import InvalidError, StaleError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import (
    InvoiceRow,
    Ledger,
    LedgerLine,
    NewInvoice,
    OpenCharge,
)
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import InvoiceRules
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import open_patient
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.billing.aging_strip import AgingStrip
from clinic_desktop.ui.billing.issue_panel import IssuePanel
from clinic_desktop.ui.billing.ledger_model import Column, ledger_model
from clinic_desktop.ui.billing.reverse_dialog import ReverseDialog
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.table import TableView

ADULT: Final = 18


@dataclass(frozen=True)
class Account:
    """What one question brings; ``card`` and ``rules`` only when the patient is another one."""

    ledger: Ledger
    charges: tuple[OpenCharge, ...]
    card: PatientCard | None
    rules: InvoiceRules | None


class LedgerTab(Screen):
    """The tab Ledger of a patient's record; an invoice's paper takes its place until Esc."""

    title = N_("Ledger")
    topics = frozenset({"journal_entry", "posting", "invoice", "invoice_line"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._patient: UUID | None = None
        self._begun: UUID | None = None
        self._focus_wanted = False
        who = desk.who
        self.model = ledger_model(who)
        sign = symbol_of(who.currency, who.locale)
        self.model.set_titles(
            {
                Column.DAY: N_("Date"),
                Column.KIND: N_("Type"),
                Column.WHAT: N_("What"),
                Column.CHARGE: _("Charge {sign}").format(sign=sign),
                Column.CREDIT: _("Credit {sign}").format(sign=sign),
                Column.BALANCE: _("Balance {sign}").format(sign=sign),
                Column.INVOICE: N_("Invoice"),
            }
        )
        self.table = TableView(theme=desk.theme, name=_("Ledger"))
        self.table.setObjectName("billing.ledger")
        self.table.setProperty("keys_area", _("Ledger"))
        self.table.setModel(self.model)
        self.panel = StatePanel(_("Ledger"), theme=desk.theme)
        self.panel.add_foot(
            Label(
                _(
                    "Entries are never changed or deleted. To correct one, press R on it: "
                    "a reversing entry is written beside it."
                ),
                theme=desk.theme,
                role="text_2",
                wrap=True,
            ),
            1,
        )
        self.strip = AgingStrip(desk.theme, who)
        self.issue = IssuePanel(desk)
        self.paper = PaperPage(desk.theme)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.strip)
        column.addWidget(self.panel, 1)
        self.split = SideSplit(work, self.issue, theme=self.desk.theme, width=360)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.split)
        self.pages.addWidget(self.paper)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.addWidget(self.pages)

    def _connect(self) -> None:
        self.issue.wanted.connect(self._issue)
        self.paper.left.connect(self._back)
        self.table.opened.connect(self._open_row)
        self.table.menu_asked.connect(self._menu)
        if self.desk.who.may("billing.post"):
            bind(self.table, "R", self.reverse)

    # -- loading ----------------------------------------------------------------------------

    def open(self, patient_id: UUID) -> None:
        """Show another patient's account."""
        if patient_id != self._patient:
            self._patient = patient_id
            self._begun = None
            self.paper.close_paper()
            self.model.set_rows(())
            self.issue.leave()
            self.issue.show_loading()
        self.refresh()

    def reload(self) -> None:
        """Ask for the account again; ticks and half-typed text stay."""
        patient_id = self._patient
        if patient_id is None:
            return
        self.panel.show_loading(_("Asking for the account…"))
        another = self._begun != patient_id

        def call(ctx: Context) -> Account:
            return Account(
                ledger=billing.ledger(ctx, patient_id),
                charges=billing.open_charges(ctx, patient_id),
                card=open_patient(ctx, patient_id, access="refresh") if another else None,
                rules=clinic.invoice_rules(ctx) if another else None,
            )

        self.desk.operations.query(self, call, self._show, failed=self._failed, key="account")

    def _payer(self, card: PatientCard) -> str:
        """Return who gets a child's bill; empty for somebody who gets their own."""
        today = self.desk.operations.now().astimezone(ZoneInfo(self.desk.who.zone)).date()
        child = card.born is not None and age_in_years(card.born, today) < ADULT
        if not child or not card.guardian:
            return ""
        return "\n".join((card.guardian, *address_of(card)))

    def _show(self, found: Account) -> None:
        account = found.ledger
        if account.patient_id != self._patient:
            return
        if found.card is not None and found.rules is not None:
            self._begun = found.card.id
            self.issue.begin(
                found.card.id, bill_to=self._payer(found.card), due_days=found.rules.due_days
            )
        self.strip.setVisible(bool(account.lines))
        today = self.desk.operations.now().astimezone(ZoneInfo(self.desk.who.zone)).date()
        self.strip.show_aging(aging(account.lines, today))
        if account.lines:
            keep_place(self.table, self.model, account.lines[::-1])
            self.table.fit_columns(stretch=Column.WHAT)
            self.panel.show_content(self.table)
        else:
            self.model.set_rows(())
            self.panel.show_empty(_("Nothing has been charged yet."))
        count = len(account.lines)
        self.panel.set_note(ngettext("{count} entry", "{count} entries", count).format(count=count))
        self.issue.set_charges(found.charges)
        if self._focus_wanted:
            self.start_focus()

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload)
        if self._begun != self._patient:
            self.issue.show_failed(str(error), self.reload)

    # -- issuing and printing ---------------------------------------------------------------

    def _issue(self, new: NewInvoice) -> None:
        self.desk.operations.change(
            self,
            lambda ctx: invoices.issue_invoice(ctx, new),
            self._issued,
            failed=self.issue.refused,
        )

    def _issued(self, row: InvoiceRow) -> None:
        who = self.desk.who
        self.desk.messages.say(
            _("Invoice {number} is issued, {total}. To correct it later, write a credit note.")
            .format(number=row.label, total=format_money(row.total, who.currency, who.locale))
        )  # fmt: skip
        if row.patient_id != self._patient:
            self.desk.drafts.forget("invoice", str(row.patient_id))
            return
        self.issue.issued()
        self.refresh()
        self.open_invoice(row.id, row.label, to_print=True)

    def open_invoice(self, invoice_id: UUID, label: str, *, to_print: bool = False) -> None:
        """Show an invoice's paper: the one stored, drawn only when there is none yet."""
        self._draw(invoice_id, label, to_print=to_print, again=True)

    def _draw(self, invoice_id: UUID, label: str, *, to_print: bool, again: bool) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, StaleError) and again:
                # Another PC stored the paper at the same moment: that one is shown.
                self._draw(invoice_id, label, to_print=to_print, again=False)
                return
            self.desk.messages.warn(
                _("Invoice {number} has no paper yet. {reason}").format(number=label, reason=error)
            )

        self.desk.operations.change(
            self,
            lambda ctx: invoice_paper(ctx, invoice_id),
            partial(self._show_paper, self._patient, label, to_print),
            failed=failed,
        )

    def _show_paper(self, patient_id: UUID | None, label: str, to_print: bool, data: bytes) -> None:
        if patient_id != self._patient:
            return
        self.pages.setCurrentWidget(self.paper)
        try:
            name = _("Invoice {number}").format(number=label)
            self.paper.show_paper(data, name, to_print=to_print)
        except InvalidError as refused:
            self._back()
            self.desk.messages.refuse(refused)

    @Slot()
    def _back(self) -> None:
        if self.pages.currentWidget() is self.paper:
            self.pages.setCurrentWidget(self.split)
            self.table.setFocus()

    def line(self) -> LedgerLine | None:
        """Return the chosen line of the ledger."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _open_row(self, _index: QModelIndex) -> None:
        line = self.line()
        if line is None:
            return
        if line.invoice_id is not None and line.invoice_number is not None:
            self.open_invoice(line.invoice_id, line.invoice_number)
        else:
            self.desk.messages.say(_("This entry stands on no invoice."), "info")

    @Slot(QModelIndex, QPoint)
    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        line = self.line()
        if line is None:
            return
        menu = QMenu(self)
        shown = menu.addAction(_("Show the invoice"))
        shown.setEnabled(line.invoice_id is not None)
        shown.triggered.connect(lambda: self._open_row(QModelIndex()))
        if self.desk.who.may("billing.post"):
            menu.addAction(_("Reverse with a reason")).triggered.connect(self.reverse)
        menu.popup(place)

    # -- reversing --------------------------------------------------------------------------

    @Slot()
    def reverse(self) -> None:
        """Ask for the reason and write the entry that takes the chosen one back."""
        line = self.line()
        if line is None or not self.desk.who.may("billing.post"):
            return
        if line.reversed or line.reverses_id is not None:
            self.desk.messages.say(_("This entry is reversed already."), "info")
            return
        if line.invoice_number is not None:
            self.desk.messages.warn(
                _("This charge stands on an invoice. Write a credit note instead.")
            )
            return
        ReverseDialog(self.desk, line, parent=self, done=self.refresh).open()

    # -- what the window asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin with the work to invoice when there is some, else in the ledger."""
        self._focus_wanted = self._begun != self._patient
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.setFocus()
        elif self.issue.model.rows() and not self.split.is_drawer():
            self.issue.table.setFocus()
        else:
            self.table.setFocus()

    def panes(self) -> list[QWidget]:
        """Return the ledger and the work to invoice."""
        if self.pages.currentWidget() is self.paper:
            return [self.paper.preview]
        return [self.table, self.issue]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the account."""
        if self.pages.currentWidget() is self.paper:
            return [
                KeyHelp("Ctrl+P", _("print")),
                KeyHelp("Ctrl+S", _("save as PDF")),
                KeyHelp("Esc", _("back to the account")),
            ]
        ledger, work = _("Ledger"), _("Work to invoice")
        keys = [KeyHelp("Enter", _("show the invoice"), ledger)]
        if self.desk.who.may("billing.issue"):
            keys = [
                KeyHelp("Ctrl+Enter", _("issue invoice and print")),
                KeyHelp("Space", _("on the invoice or not"), work),
                *keys,
            ]
        if self.desk.who.may("billing.post"):
            keys.append(KeyHelp("R", _("reverse"), ledger))
        return keys

    def do_primary(self) -> None:
        """Issue the ticked charges and print."""
        if self.pages.currentWidget() is not self.paper:
            self.issue.ask()

    def print_current(self) -> None:
        """Print the paper that is shown, or the invoice of the chosen line."""
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.print_paper()
            return
        line = self.line()
        if line is not None and line.invoice_id is not None and line.invoice_number is not None:
            self.open_invoice(line.invoice_id, line.invoice_number, to_print=True)
        else:
            self.desk.messages.say(_("Choose an entry that stands on an invoice."), "info")

    def save_now(self) -> None:
        """Keep the paper as a file."""
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.save_paper()

    def toggle_side(self) -> None:
        """Show or hide the work to invoice."""
        self.split.toggle()

    def leaving(self) -> None:
        """Keep what is half-typed."""
        self._focus_wanted = False
        if self.issue.drafts is not None:
            self.issue.drafts.keep_now()
