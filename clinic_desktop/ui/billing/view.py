"""The accounts that need somebody: work that stands on no invoice, and what is to be paid."""

from datetime import date, timedelta
from enum import IntEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.folding import fold, latin
from clinic_desktop.domain.money import format_amount, format_money, symbol_of
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.billing.accounts import not_invoiced, owing
from clinic_desktop.services.billing.schemas import AccountRow
from clinic_desktop.services.context import Who
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.cells import Cell, money_cell, name_cell, none_cell, number_cell
from clinic_desktop.ui.widgets.fields import SearchField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView

MOST: Final = 500
DAYS: Final = 180
NOT_INVOICED: Final = "not_invoiced"
OWING: Final = "owing"


class Column(IntEnum):
    """The columns of the accounts."""

    NAME = 0
    NUMBER = 1
    WORK = 2
    SINCE = 3
    TO_INVOICE = 4
    BALANCE = 5


class BillingScreen(Screen):
    """A list of accounts; Enter opens the ledger of one."""

    title = N_("Billing")
    topics = frozenset({"journal_entry", "posting", "invoice", "invoice_line"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: tuple[AccountRow, ...] = ()
        self._shown = ""
        theme = desk.theme
        self.which = Segmented(
            [(_("Not invoiced"), NOT_INVOICED), (_("To be paid"), OWING)],
            theme=theme,
            name=_("Which accounts"),
        )
        self.search = SearchField(_("Name or number in this list"), theme=theme, key="Ctrl+F")
        self.model = _model(desk.who)
        self.table = TableView(theme=theme, name=_("Accounts"))
        self.table.setObjectName("billing.accounts")
        self.table.setProperty("keys_area", _("Accounts"))
        self.table.setModel(self.model)
        self.panel = StatePanel(_("Accounts"), theme=theme)
        self.sum = Label(theme=theme, size="strong", tabular=True)
        self.limits = Label(theme=theme, role="text_2", wrap=True)
        self.panel.add_foot(self.limits, 1)
        self.panel.add_foot(self.sum)
        self._lay_out()
        self.which.chosen.connect(self._choose)
        self.search.searched.connect(self._filter)
        self.search.went_down.connect(self.table.setFocus)
        self.search.returnPressed.connect(self._open)
        self.table.went_up.connect(self.search.setFocus)
        self.table.opened.connect(self._open)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(_("Billing"), theme=self.desk.theme, size="title"))
        head.addWidget(self.which)
        head.addStretch(1)
        self.search.setMaximumWidth(360)
        head.addWidget(self.search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.panel, 1)

    # -- loading ----------------------------------------------------------------------------

    def _since(self) -> date:
        today = self.desk.operations.now().astimezone(ZoneInfo(self.desk.who.zone)).date()
        return today - timedelta(days=DAYS)

    def reload(self) -> None:
        """Ask for the accounts of the chosen kind."""
        since, kind = self._since(), str(self.which.value())
        self.panel.show_loading(_("Asking for the accounts…"))

        def done(rows: tuple[AccountRow, ...]) -> None:
            self._show(kind, rows)

        self.desk.operations.query(
            self,
            (lambda ctx: not_invoiced(ctx, since=since, most=MOST))
            if kind == NOT_INVOICED
            else (lambda ctx: owing(ctx, most=MOST)),
            done,
            failed=lambda error: self.panel.show_failed(str(error), self.reload),
            key="accounts",
        )

    def _show(self, kind: str, rows: tuple[AccountRow, ...]) -> None:
        if kind != self._shown:
            self.model.set_rows(())
        self._shown, self._found = kind, rows
        first = kind == NOT_INVOICED
        for column in (Column.WORK, Column.SINCE, Column.TO_INVOICE):
            self.table.setColumnHidden(column, not first)
        self._filter(self.search.text().strip())

    @Slot(str)
    def _filter(self, text: str) -> None:
        rows = tuple(row for row in self._found if _matches(row, text))
        keep_place(self.table, self.model, rows)
        self.table.fit_columns(stretch=Column.NAME)
        if rows:
            self.panel.show_content(self.table)
        elif self._found:
            self.panel.show_empty(_("No account in this list matches “{text}”.").format(text=text))
        elif self._shown == OWING:
            self.panel.show_empty(_("Nobody owes anything."))
        else:
            self.panel.show_empty(_("All work is invoiced."))
        self._sum_up(rows)

    def _sum_up(self, rows: tuple[AccountRow, ...]) -> None:
        who, first = self.desk.who, self._shown == NOT_INVOICED
        minor = sum(row.not_invoiced if first else row.balance for row in rows)
        self.sum.setText(format_money(minor, who.currency, who.locale) if rows else "")
        count = ngettext("{count} account", "{count} accounts", len(rows)).format(count=len(rows))
        self.panel.set_note(count)
        said = []
        if first:
            day = format_date(self._since(), who.locale)
            said.append(_("Work since {day}, oldest first.").format(day=day))
        else:
            said.append(_("Largest first."))
        if len(self._found) == MOST:
            said.append(_("The list ends after {count} accounts.").format(count=MOST))
        self.limits.setText(" ".join(said))

    @Slot(object)
    def _choose(self, _value: object) -> None:
        self.search.clear()
        self.reload()

    def account(self) -> AccountRow | None:
        """Return the chosen account."""
        return self.model.row(self.table.current_row().row())

    @Slot()
    @Slot(QModelIndex)
    def _open(self, _index: QModelIndex | None = None) -> None:
        account = self.account() or self.model.row(0)
        if account is not None:
            self.desk.navigator.open_patient(account.patient_id, tab="ledger")

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, *, accounts: str = "", **_where: Any) -> None:
        """Show one of the two lists: ``not_invoiced`` or ``owing``."""
        if accounts in (NOT_INVOICED, OWING):
            self.which.set_value(accounts)
        self.refresh()

    def start_focus(self) -> None:
        """Begin in the search of the list."""
        self.search.setFocus()

    def find_here(self) -> None:
        """Go to the search of the list."""
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        """Return the search and the table."""
        return [self.search, self.table]

    def patient_in_view(self) -> PatientInView | None:
        """Return whose account is chosen."""
        account = self.account()
        return None if account is None else PatientInView(account.patient_id, account.name)

    def do_primary(self) -> None:
        """Open the chosen account."""
        self._open()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("Accounts")
        return [
            KeyHelp("Enter", _("open the ledger"), area),
            KeyHelp("Ctrl+F", _("search this list")),
        ]


def _model(who: Who) -> RowsModel[AccountRow]:
    sign = symbol_of(who.currency, who.locale)

    def amount(minor: int) -> str:
        return format_amount(minor, who.currency, who.locale)

    def cell(row: AccountRow, column: Column) -> Cell:
        if column == Column.NAME:
            return name_cell(row.name)
        if column == Column.NUMBER:
            return number_cell(row.number)
        if column == Column.WORK:
            words = ngettext("{count} charge", "{count} charges", row.charges)
            return Cell(words.format(count=row.charges), role="text_2")
        if column == Column.SINCE:
            if row.oldest is None:
                return none_cell()
            return Cell(format_date(row.oldest, who.locale), role="text_2", tabular=True)
        if column == Column.TO_INVOICE:
            return money_cell(amount(row.not_invoiced), due=True)
        return money_cell(amount(row.balance), due=row.balance > 0)

    titles = {
        Column.NAME: N_("Patient"),
        Column.NUMBER: N_("No."),
        Column.WORK: N_("Work"),
        Column.SINCE: N_("Oldest"),
        Column.TO_INVOICE: _("Not invoiced {sign}").format(sign=sign),
        Column.BALANCE: _("Balance {sign}").format(sign=sign),
    }
    right = frozenset({Column.TO_INVOICE, Column.BALANCE})
    return RowsModel(titles, cell, key=_patient, right=right)


def _matches(row: AccountRow, text: str) -> bool:
    """Return whether the text stands in the name, in any writing of it, or begins the number."""
    wanted = fold(text)
    return (
        wanted in fold(row.name)
        or wanted in " ".join(latin(row.name))
        or row.number.startswith(text)
    )


def _patient(row: AccountRow) -> UUID:
    return row.patient_id
