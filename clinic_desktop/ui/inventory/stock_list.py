"""The list of stock: which products stand in it, what they are worth, the scanner's first digit."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.money import format_money
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.context import Who
from clinic_desktop.services.inventory.schemas import ProductRow
from clinic_desktop.ui.widgets.table import TableView

ALL: Final = "all"
LOW: Final = "low"
UNKNOWN: Final = "unknown"
AWAY: Final = "away"


def worth(rows: Sequence[ProductRow], who: Who) -> str:
    """Return what the stock is worth, and of how many products nobody knows it."""
    known = [row for row in rows if row.quantity is not None and row.cost is not None]
    minor = sum((row.quantity or 0) * (row.cost or 0) for row in known)
    text = _("Stock value {amount}").format(amount=format_money(minor, who.currency, who.locale))
    rest = len(rows) - len(known)
    if not rest:
        return text
    return ngettext(
        "{value}, without {count} product not known",
        "{value}, without {count} products not known",
        rest,
    ).format(value=text, count=rest)


class Products(TableView):
    """The table of products; a digit typed into it is the first of a scanner."""

    digit_typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand digits on; the rest is the table's."""
        if event.text().isdecimal() and not event.modifiers():
            self.digit_typed.emit(event.text())
            event.accept()
            return
        super().keyPressEvent(event)


def belongs(row: ProductRow, which: str) -> bool:
    """Return whether a product stands in one of the four lists."""
    if which == AWAY:
        return not row.active
    if which == LOW:
        return row.active and row.low
    if which == UNKNOWN:
        return row.active and row.quantity is None
    return row.active


def matches(row: ProductRow, wanted: str) -> bool:
    """Return whether the folded text stands in name, number or barcode."""
    return any(wanted in fold(text) for text in (row.name, row.sku, row.barcode))
