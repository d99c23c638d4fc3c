"""The list of stock: which products stand in it, what they are worth, the scanner's first digit."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.money import format_money, format_number
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Who
from clinic_desktop.services.inventory.schemas import ProductRow
from clinic_desktop.ui.inventory.stock_model import Column, stock_model
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import SearchField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView

ALL: Final = "all"
LOW: Final = "low"
UNKNOWN: Final = "unknown"
AWAY: Final = "away"

_COUNTED: Final = {
    ALL: N_("All {count}"),
    LOW: N_("Reorder {count}"),
    UNKNOWN: N_("Not counted {count}"),
    AWAY: N_("Put away {count}"),
}


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


class WhichProducts(Segmented):
    """Which of the four lists is shown, each with how many products stand in it."""

    def __init__(self, theme: Theme) -> None:
        options = [
            (_("All"), ALL),
            (_("Reorder"), LOW),
            (_("Not counted"), UNKNOWN),
            (_("Put away"), AWAY),
        ]
        super().__init__(options, theme=theme, name=_("Which products"))

    def count(self, rows: Sequence[ProductRow], locale: str) -> None:
        """Say how many of these stand in each list."""
        for which, words in _COUNTED.items():
            number = format_number(sum(belongs(row, which) for row in rows), locale)
            self.set_words(which, _(words).format(count=number))


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


class StockList(QWidget):
    """The products, searched or scanned; ``chosen`` tells that another one may be chosen.

    ``which`` stands beside the list, in the head of the screen.
    """

    chosen = Signal()

    def __init__(self, who: Who, theme: Theme) -> None:
        super().__init__()
        self._who = who
        self._found: tuple[ProductRow, ...] = ()
        self.wanted: UUID | None = None
        """The product to go to, once it is there."""
        self.which = WhichProducts(theme)
        self.search = SearchField(_("Name, number or barcode"), theme=theme, key="B")
        self.model = stock_model(who)
        self.table = Products(theme=theme, name=_("Products"))
        self.table.setObjectName("stock.products")
        self.table.setProperty("keys_area", _("Products"))
        self.table.setModel(self.model)
        self.panel = StatePanel(theme=theme)
        self.shown = Label(theme=theme, role="text_2")
        self.worth = Label(theme=theme, role="text_2", tabular=True)
        self.panel.add_foot(self.shown, 1)
        self.panel.add_foot(self.worth)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self.panel, 1)
        self.search.searched.connect(self._filter)
        self.search.went_down.connect(self.table.setFocus)
        self.search.returnPressed.connect(self._scanned)
        self.table.went_up.connect(self.search.setFocus)
        self.table.row_changed.connect(self._row_changed)
        self.table.digit_typed.connect(self._begin_scan)
        self.which.chosen.connect(lambda _value: self._filter(self.search.text().strip()))

    def show_products(self, rows: Sequence[ProductRow]) -> None:
        """Show what was loaded, by name."""
        self._found = tuple(sorted(rows, key=lambda row: fold(row.name)))
        self.which.count(rows, self._who.locale)
        self.worth.setText(worth([row for row in rows if row.active], self._who))
        self._filter(self.search.text().strip())

    def product(self) -> ProductRow | None:
        """Return the chosen product."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _row_changed(self, _index: QModelIndex) -> None:
        self.chosen.emit()

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted, which = fold(text), self.which.value()
        rows = tuple(row for row in self._found if belongs(row, which) and matches(row, wanted))
        keep_place(self.table, self.model, rows)
        self.table.fit_columns(stretch=Column.NAME)
        if rows:
            self.panel.show_content(self.table)
            if not self.table.current_row().isValid():
                self.table.choose_row(0)
        elif text:
            self.panel.show_empty(_("No product here matches “{text}”.").format(text=text))
        elif self._found:
            self.panel.show_empty(_("None here."))
        else:
            self.panel.show_empty(
                _("No product is kept yet."), detail=_("Press N to add the first.")
            )
        count = ngettext("{shown} of {count} shown", "{shown} of {count} shown", len(rows))
        self.shown.setText(count.format(shown=len(rows), count=len(self._found)))
        self.chosen.emit()

    # -- finding ----------------------------------------------------------------------------

    @Slot(str)
    def _begin_scan(self, digit: str) -> None:
        """A scanner types digits and Enter wherever the focus is: they go into the search."""
        self.search.setText(digit)
        self.search.setFocus()

    @Slot()
    def _scanned(self) -> None:
        """Go to the product with exactly this barcode or number, or the first that matches."""
        text = fold(self.search.text())
        exact = [row for row in self._found if text in (fold(row.barcode), fold(row.sku))]
        if len(exact) == 1:
            self.search.clear()
            self.go_to(exact[0].id)
        elif self.model.rowCount():
            self.table.choose_row(0)
            self.table.setFocus()

    def go_to(self, product_id: UUID) -> None:
        """Choose a product, whatever is filtered."""
        self.wanted = None
        product = next((row for row in self._found if row.id == product_id), None)
        if product is None:
            return
        if self.model.row_of(product_id) < 0:
            self.search.clear()
            self.which.set_value(ALL if product.active else AWAY)
            self._filter("")
        self.table.choose_row(self.model.row_of(product_id))
        self.table.setFocus()
