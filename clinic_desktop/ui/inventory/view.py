"""Stock: what is left of each product, what is to be ordered, what nobody has counted."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.money import format_number
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import (
    MovementRow,
    NewMovement,
    ProductRow,
    ProductValues,
)
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.inventory.move_form import ACTS
from clinic_desktop.ui.inventory.product_dialog import ProductDialog
from clinic_desktop.ui.inventory.product_panel import ProductPanel
from clinic_desktop.ui.inventory.stock_list import (
    ALL,
    AWAY,
    LOW,
    UNKNOWN,
    Products,
    belongs,
    matches,
    worth,
)
from clinic_desktop.ui.inventory.stock_model import Column, stock_model
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import SearchField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.side import SideSplit

SAID: Final = {
    "use": N_("{count} {unit} of {name} used."),
    "purchase": N_("{count} {unit} of {name} received."),
    "waste": N_("{count} {unit} of {name} written off."),
    "count": N_("{name} is counted: {count} {unit}."),
}


class StockScreen(Screen):
    """A table and beside it the chosen product; U, R, W and C act on it."""

    title = N_("Stock")
    topics = frozenset({"product", "stock_balance", "stock_movement"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: tuple[ProductRow, ...] = ()
        self._wanted: UUID | None = None
        self._loaded = self._focus_wanted = False
        self._may = desk.who.may("stock.write")
        theme = desk.theme
        self.search = SearchField(_("Name, number or barcode"), theme=theme, key="B")
        self.which = Segmented(
            [(_("All"), ALL), (_("Reorder"), LOW), (_("Not counted"), UNKNOWN),
             (_("Put away"), AWAY)],
            theme=theme,
            name=_("Which products"),
        )  # fmt: skip
        self.new = Button(_("New product"), theme=theme, icon="plus", key="N")
        self.model = stock_model(desk.who)
        self.table = Products(theme=theme, name=_("Products"))
        self.table.setObjectName("stock.products")
        self.table.setProperty("keys_area", _("Products"))
        self.table.setModel(self.model)
        self.panel = StatePanel(theme=theme)
        self.shown = Label(theme=theme, role="text_2")
        self.worth = Label(theme=theme, role="text_2", tabular=True)
        self.panel.add_foot(self.shown, 1)
        self.panel.add_foot(self.worth)
        self.side = ProductPanel(desk)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(_("Stock"), theme=self.desk.theme, size="title"))
        head.addWidget(self.which)
        head.addStretch(1)
        if self._may:
            head.addWidget(self.new)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self.panel, 1)
        self.split = SideSplit(work, self.side, theme=self.desk.theme, width=340)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.split, 1)

    def _connect(self) -> None:
        self.search.searched.connect(self._filter)
        self.search.went_down.connect(self.table.setFocus)
        self.search.returnPressed.connect(self._scanned)
        self.table.went_up.connect(self.search.setFocus)
        self.table.row_changed.connect(self._chosen)
        self.table.digit_typed.connect(self._begin_scan)
        self.table.menu_asked.connect(self._menu)
        self.which.chosen.connect(lambda _value: self._filter(self.search.text().strip()))
        self.side.acts.keep_in(self.desk.drafts)
        self.side.acts.wanted.connect(self._move)
        self.side.acts.closed.connect(self.table.setFocus)
        self._key("B", self.find_here)
        if not self._may:
            return
        self.new.clicked.connect(self.new_product)
        self.side.edit.clicked.connect(self.edit)
        self.table.opened.connect(lambda _index: self.edit())
        self._key("N", self.new_product)
        for act in ACTS:
            self._key(act.key, partial(self._start, act.kind))

    def _key(self, key: str, act: Any) -> None:
        shortcut = QShortcut(QKeySequence(key), self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

    # -- loading ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask what is left."""
        self.panel.show_loading(_("Asking for the stock…"))

        def call(ctx: Context) -> tuple[ProductRow, ...]:
            return inventory.products(ctx, inactive=True)

        self.desk.operations.query(self, call, self._show, failed=self._failed, key="products")

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload)

    def _show(self, rows: tuple[ProductRow, ...]) -> None:
        self._found = tuple(sorted(rows, key=lambda row: fold(row.name)))
        kept = [row for row in rows if row.active]
        counts = {
            ALL: len(kept),
            LOW: sum(row.low for row in kept),
            UNKNOWN: sum(row.quantity is None for row in kept),
            AWAY: len(rows) - len(kept),
        }
        words = {
            ALL: _("All {count}"),
            LOW: _("Reorder {count}"),
            UNKNOWN: _("Not counted {count}"),
            AWAY: _("Put away {count}"),
        }
        for which, text in words.items():
            number = format_number(counts[which], self.desk.who.locale)
            self.which.set_words(which, text.format(count=number))
        self.worth.setText(worth(kept, self.desk.who))
        self._filter(self.search.text().strip())
        self._loaded = True
        if self._wanted is not None:
            self._go_to(self._wanted)
        elif self._focus_wanted:
            self.start_focus()

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
        self._chosen()

    def product(self) -> ProductRow | None:
        """Return the chosen product."""
        return self.model.row(self.table.current_row().row())

    @Slot()
    @Slot(QModelIndex)
    def _chosen(self, _index: QModelIndex | None = None) -> None:
        product = self.product()
        self.side.show_product(product)
        if product is None:
            return
        product_id = product.id

        def call(ctx: Context) -> tuple[MovementRow, ...]:
            return inventory.movements(ctx, product_id)

        self.desk.operations.query(
            self,
            call,
            self.side.show_movements,
            failed=lambda error: self.side.movements.show_failed(str(error), self._chosen),
            key="movements",
        )

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
            self._go_to(exact[0].id)
        elif self.model.rowCount():
            self.table.choose_row(0)
            self.table.setFocus()

    def _go_to(self, product_id: UUID) -> None:
        """Choose a product, whatever is filtered."""
        self._wanted = None
        product = next((row for row in self._found if row.id == product_id), None)
        if product is None:
            return
        if self.model.row_of(product_id) < 0:
            self.search.clear()
            self.which.set_value(ALL if product.active else AWAY)
            self._filter("")
        self.table.choose_row(self.model.row_of(product_id))
        self.table.setFocus()

    # -- acts -------------------------------------------------------------------------------

    def _start(self, kind: str) -> None:
        if self.product() is not None and self._may:
            if self.split.is_drawer() and not self.split.is_shown():
                self.split.toggle()
            self.side.acts.start(kind)

    @Slot(str, object, int, str)
    def _move(self, kind: str, movement_id: UUID, quantity: int, reason: str) -> None:
        product = self.product()
        if product is None:
            return

        def call(ctx: Context) -> None:
            if kind == "count":
                inventory.count_stock(ctx, id=movement_id, product_id=product.id, counted=quantity)
            else:
                inventory.move_stock(
                    ctx,
                    NewMovement.model_validate(
                        {
                            "id": movement_id,
                            "product_id": product.id,
                            "kind": kind,
                            "quantity": quantity,
                            "reason": reason,
                        }
                    ),
                )

        self.desk.operations.change(
            self,
            call,
            lambda _none: self._moved(kind, movement_id, quantity, product),
            failed=self.side.acts.refused,
        )

    def _moved(self, kind: str, movement_id: UUID, quantity: int, product: ProductRow) -> None:
        self.side.acts.moved()
        number = format_number(quantity, self.desk.who.locale)
        text = _(SAID[kind]).format(count=number, unit=product.unit, name=product.name)
        if kind == "count" and product.quantity is None:
            # Before the first count nothing was known, and that cannot be restored.
            self.desk.messages.say(text)
        else:
            self.desk.messages.undoable(text, partial(self._take_back, movement_id))
        self.refresh()

    def _take_back(self, movement_id: UUID) -> None:
        back = new_id()
        self.desk.operations.change(
            self,
            lambda ctx: inventory.take_back(ctx, id=back, movement_id=movement_id),
            lambda _none: self.desk.messages.say(_("Taken back. Both movements stay in the list.")),
        )

    @Slot()
    def new_product(self) -> None:
        """Open the form of a new product."""
        if self._may:
            ProductDialog(self.desk, None, parent=self, done=self._product_saved).open()

    @Slot()
    def edit(self) -> None:
        """Open the form of the chosen product."""
        product = self.product()
        if self._may and product is not None:
            ProductDialog(self.desk, product, parent=self, done=self._product_saved).open()

    def _product_saved(self, product_id: UUID) -> None:
        self._wanted = product_id
        self.refresh()

    def put_away(self) -> None:
        """Keep the chosen product no longer, or keep it again."""
        product = self.product()
        if product is not None and self._may:
            self._set_active(product, active=not product.active)

    def _set_active(self, product: ProductRow, *, active: bool) -> None:
        names = set(ProductValues.model_fields)
        values = ProductValues(**{**product.model_dump(include=names), "active": active})

        def done(version: int) -> None:
            changed = product.model_copy(update={"version": version, "active": active})
            text = _("{name} is kept again.") if active else _("{name} is put away.")
            self.desk.messages.undoable(
                text.format(name=product.name),
                lambda: self._set_active(changed, active=not active),
            )
            self.refresh()

        self.desk.operations.change(
            self,
            lambda ctx: inventory.change_product(ctx, product.id, product.version, values),
            done,
        )

    @Slot(QModelIndex, QPoint)
    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        product = self.product()
        if product is None or not self._may:
            return
        menu = QMenu(self)
        if product.active:
            for act in ACTS:
                menu.addAction(_(act.words)).triggered.connect(partial(self._start, act.kind))
        menu.addAction(_("Change")).triggered.connect(self.edit)
        words = _("Put away") if product.active else _("Keep again")
        menu.addAction(words).triggered.connect(self.put_away)
        menu.popup(place)

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, *, product_id: UUID | None = None, which: str = "", **_where: Any) -> None:
        """Show a product, or the products that are to be ordered."""
        self._wanted = product_id
        if which in (ALL, LOW, UNKNOWN, AWAY):
            self.which.set_value(which)
        self.refresh()

    def start_focus(self) -> None:
        """Begin in the table, where the keys and the scanner work."""
        self._focus_wanted = not self._loaded
        (self.table if self.model.rowCount() else self.search).setFocus()

    def leaving(self) -> None:
        """Want the focus no longer."""
        self._focus_wanted = False

    def find_here(self) -> None:
        """Go to the search."""
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> list[QWidget]:
        """Return search, table and side panel."""
        return [self.search, self.table, self.side.table]

    def toggle_side(self) -> None:
        """Show or hide the product beside the table."""
        self.split.toggle()

    def do_primary(self) -> None:
        """Use the chosen product."""
        if self.side.acts.is_open():
            self.side.acts.ask()
        else:
            self._start("use")

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the table."""
        area = _("Products")
        keys = [KeyHelp("B", _("search or scan"), area)]
        if self._may:
            acts = [KeyHelp(act.key, _(act.words).lower(), area) for act in ACTS]
            keys = [*acts, *keys, KeyHelp("N", _("new product"), area),
                    KeyHelp("Enter", _("change"), area)]  # fmt: skip
        return keys
