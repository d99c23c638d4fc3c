"""The tables of an account: its ledger, newest first, and the charges that can be billed."""

from collections.abc import Callable
from enum import IntEnum
from typing import Final
from uuid import UUID

from clinic_desktop.domain.charges import charge_title
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.money import format_amount
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.billing.schemas import LedgerLine, OpenCharge
from clinic_desktop.services.context import Who
from clinic_desktop.ui.widgets.cells import Cell, money_cell, none_cell
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.rows_model import RowsModel

KINDS: Final = {
    "charge": (N_("Charge"), "plus"),
    "payment": (N_("Payment"), "credit-card"),
    "adjustment": (N_("Adjustment"), "square-pen"),
    "write_off": (N_("Write-off"), "circle-minus"),
    "refund": (N_("Refund"), "undo-2"),
    "deposit": (N_("Deposit"), "coins"),
}


class Column(IntEnum):
    """The columns of the ledger."""

    DAY = 0
    KIND = 1
    WHAT = 2
    CHARGE = 3
    CREDIT = 4
    BALANCE = 5
    INVOICE = 6


RIGHT: Final[frozenset[IntEnum]] = frozenset({Column.CHARGE, Column.CREDIT, Column.BALANCE})


def ledger_model(who: Who) -> RowsModel[LedgerLine]:
    """Return the model of a ledger; its rows are shown as they are given."""
    titles = {
        Column.DAY: N_("Date"),
        Column.KIND: N_("Type"),
        Column.WHAT: N_("What"),
        Column.CHARGE: N_("Charge"),
        Column.CREDIT: N_("Credit"),
        Column.BALANCE: N_("Balance"),
        Column.INVOICE: N_("Invoice"),
    }
    return RowsModel(
        titles, lambda line, column: _cell(who, line, column), key=_posting, right=RIGHT
    )


def _posting(line: LedgerLine) -> UUID:
    return line.posting_id


def title_of(line: LedgerLine | OpenCharge, who: Who) -> str:
    """Return what a line is for: ``36 MOD Composite, 3 surfaces``."""
    return charge_title(
        line.text,
        tooth=line.tooth,
        surfaces=line.surfaces,
        notation=who.notation,
        locale=who.locale,
    )


def _cell(who: Who, line: LedgerLine, column: Column) -> Cell:
    if column == Column.DAY:
        return Cell(format_date(line.day, who.locale), role="text_2", tabular=True)
    if column == Column.KIND:
        words, icon = KINDS[line.kind]
        if line.reverses_id is not None:
            words, icon = N_("Reversal"), "undo-2"
        return Cell(_(words), icon=icon, role="text_2")
    if column == Column.WHAT:
        return Cell(title_of(line, who), after=_memo(line), strike=line.reversed)
    if column == Column.INVOICE:
        return _invoice_cell(line)
    if column == Column.BALANCE:
        return money_cell(_amount(line.balance, who), due=True)
    shown = line.amount if (line.amount > 0) == (column == Column.CHARGE) else None
    if shown is None:
        return Cell(right=True)
    return money_cell(_amount(abs(shown), who), role="text")


def _memo(line: LedgerLine) -> str:
    memo = line.memo
    return f" · {memo}" if memo and memo != line.text else ""


def _invoice_cell(line: LedgerLine) -> Cell:
    if line.invoice_number is not None:
        return Cell(tags=(TagSpec("plain", line.invoice_number, "file-text"),))
    if line.reversed:
        return Cell(tags=(TagSpec("soft", _("Reversed"), "undo-2"),))
    if line.kind == "charge" and line.reverses_id is None:
        return Cell(tags=(TagSpec("dashed", _("Not invoiced")),))
    return none_cell()


def _amount(minor: int, who: Who) -> str:
    return format_amount(minor, who.currency, who.locale)


class OpenColumn(IntEnum):
    """The columns of the charges to bill."""

    WHAT = 0
    AMOUNT = 1


def open_model(who: Who, ticked: Callable[[UUID], bool]) -> RowsModel[OpenCharge]:
    """Return the model of the charges that stand on no invoice; ``ticked`` says which are to."""

    def cell(charge: OpenCharge, column: OpenColumn) -> Cell:
        chosen = ticked(charge.posting_id)
        if column == OpenColumn.AMOUNT:
            return money_cell(_amount(charge.amount, who), due=chosen)
        words = _("on the invoice") if chosen else _("not on the invoice")
        return Cell(
            title_of(charge, who),
            second=f"{format_date(charge.day, who.locale)} · {words}",
            icon="square-check" if chosen else "square",
            icon_role="accent" if chosen else "text_2",
            role="text" if chosen else "text_2",
        )

    titles = {OpenColumn.WHAT: N_("Work"), OpenColumn.AMOUNT: N_("Amount")}
    return RowsModel(
        titles,
        cell,
        key=lambda charge: charge.posting_id,
        right=frozenset({OpenColumn.AMOUNT}),
    )
