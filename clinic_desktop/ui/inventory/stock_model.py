"""The tables of stock: products with what is left, and the movements of one of them."""

from enum import IntEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.money import format_amount, format_number, symbol_of
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Who
from clinic_desktop.services.inventory.schemas import MovementRow, ProductRow
from clinic_desktop.ui.widgets.cells import (
    Cell,
    Level,
    name_cell,
    none_cell,
    number_cell,
    quiet,
    tag_cell,
    unknown_cell,
)
from clinic_desktop.ui.widgets.rows_model import RowsModel

# A bar is full at three times the reorder level, so that the mark stands at a third.
FULL: Final = 3

KINDS: Final = {
    "purchase": N_("Received"),
    "use": N_("Used"),
    "sale": N_("Sold"),
    "waste": N_("Wasted"),
    "count": N_("Counted, difference"),
    "transfer": N_("Moved"),
    "return": N_("Returned"),
}


class Column(IntEnum):
    """The columns of the products."""

    NAME = 0
    SKU = 1
    LEFT = 2
    UNIT = 3
    LEVEL = 4
    COST = 5
    STATE = 6


def stock_model(who: Who) -> RowsModel[ProductRow]:
    """Return the model of the products."""
    sign = symbol_of(who.currency, who.locale)
    titles = {
        Column.NAME: N_("Product"),
        Column.SKU: N_("Number"),
        Column.LEFT: N_("On hand"),
        Column.UNIT: "",
        Column.LEVEL: N_("Level, mark = reorder"),
        Column.COST: _("Cost {sign}").format(sign=sign),
        Column.STATE: N_("State"),
    }
    right = frozenset({Column.LEFT, Column.COST})
    return RowsModel(
        titles, lambda row, column: _cell(who, row, column), key=lambda row: row.id, right=right
    )


def _cell(who: Who, row: ProductRow, column: Column) -> Cell:
    cell = _active_cell(who, row, column)
    return cell if row.active or column == Column.STATE else quiet(cell)


def _active_cell(who: Who, row: ProductRow, column: Column) -> Cell:
    if column == Column.NAME:
        return name_cell(row.name)
    if column == Column.SKU:
        return number_cell(row.sku)
    if column == Column.LEFT:
        if row.quantity is None:
            return unknown_cell("?", right=True)
        number = format_number(row.quantity, who.locale)
        return Cell(number, size="strong", tabular=True, right=True)
    if column == Column.UNIT:
        return Cell(row.unit, role="text_2")
    if column == Column.LEVEL:
        if row.quantity is None:
            return Cell(_("Never counted"), role="text_2")
        return Cell(level=level_of(row))
    if column == Column.COST:
        if row.cost is None:
            return none_cell(right=True)
        return Cell(format_amount(row.cost, who.currency, who.locale), tabular=True, right=True)
    return state_cell(row)


def level_of(row: ProductRow) -> Level:
    """Return how full a product's place is; call it when the quantity is known."""
    quantity = row.quantity or 0
    if not row.reorder_level:
        return Level(1.0 if quantity else 0.0, None, "accent" if quantity else "warning")
    full = row.reorder_level * FULL
    return Level(min(1.0, quantity / full), 1 / FULL, "warning" if row.low else "accent")


def state_cell(row: ProductRow) -> Cell:
    """Return the state as a tag."""
    if not row.active:
        return tag_cell("plain", _("Put away"), "archive")
    if row.quantity is None:
        return tag_cell("unknown", _("Not counted"), "circle-help")
    if row.quantity == 0:
        return tag_cell("danger", _("None left"), "circle-alert")
    if row.low:
        return tag_cell("warning", _("Reorder"), "triangle-alert")
    return tag_cell("soft", _("In stock"), "check")


class MovementColumn(IntEnum):
    """The columns of a product's movements."""

    WHAT = 0
    QUANTITY = 1


def movement_model(who: Who) -> RowsModel[MovementRow]:
    """Return the model of a product's ledger, latest first."""

    def cell(row: MovementRow, column: MovementColumn) -> Cell:
        if column == MovementColumn.QUANTITY:
            sign = "+" if row.quantity > 0 else "\u2212" if row.quantity < 0 else ""
            number = format_number(abs(row.quantity), who.locale)
            return Cell(f"{sign}{number}", size="strong", tabular=True, right=True)
        at = row.created_at.astimezone(ZoneInfo(who.zone))
        moment = f"{format_date(at.date(), who.locale)}, {format_time(at.time())}"
        after = f" · {row.reason}" if row.reason else ""
        return Cell(_(KINDS[row.kind]), after=after, second=moment)

    titles = {MovementColumn.WHAT: N_("Movement"), MovementColumn.QUANTITY: N_("Quantity")}
    return RowsModel(titles, cell, key=_id, right=frozenset({MovementColumn.QUANTITY}))


def _id(row: MovementRow) -> UUID:
    return row.id
