"""Stock: what is left of each product, what is to be ordered, what nobody has counted."""

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import MovementRow, ProductRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.inventory.move_form import ACTS
from clinic_desktop.ui.inventory.product_acts import ProductActs
from clinic_desktop.ui.inventory.product_dialog import ProductDialog
from clinic_desktop.ui.inventory.product_panel import ProductPanel
from clinic_desktop.ui.inventory.stock_list import ALL, AWAY, LOW, UNKNOWN, StockList
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.side import SideSplit


class StockScreen(Screen):
    """A table and beside it the chosen product; U, R, W and C act on it."""

    title = N_("Stock")
    topics = frozenset({"product", "stock_balance", "stock_movement"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._loaded = self._focus_wanted = False
        self._may = desk.who.may("stock.write")
        self._list = StockList(desk.who, desk.theme)
        self.search, self.which = self._list.search, self._list.which
        self.model, self.table = self._list.model, self._list.table
        self.panel, self.worth = self._list.panel, self._list.worth
        self.new = Button(_("New product"), theme=desk.theme, icon="plus", key="N")
        self.side = ProductPanel(desk)
        self.acts = ProductActs(desk, self, self.side.acts, self.refresh)
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
        self.split = SideSplit(self._list, self.side, theme=self.desk.theme, width=340)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.split, 1)

    def _connect(self) -> None:
        self._list.chosen.connect(self._chosen)
        self.table.menu_asked.connect(self._menu)
        self.side.acts.keep_in(self.desk.drafts)
        self.side.acts.wanted.connect(self._move)
        self.side.acts.closed.connect(self.table.setFocus)
        bind(self.table, "B", self.find_here)
        if not self._may:
            return
        self.new.clicked.connect(self.new_product)
        self.side.edit.clicked.connect(self.edit)
        self.table.opened.connect(lambda _index: self.edit())
        bind(self.table, "N", self.new_product)
        for act in ACTS:
            bind(self.table, act.key, partial(self._start, act.kind))

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
        self._list.show_products(rows)
        self._loaded = True
        if self._list.wanted is not None:
            self._list.go_to(self._list.wanted)
        elif self._focus_wanted:
            self.start_focus()

    def product(self) -> ProductRow | None:
        """Return the chosen product."""
        return self._list.product()

    @Slot()
    def _chosen(self) -> None:
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

    # -- acts -------------------------------------------------------------------------------

    def _start(self, kind: str) -> None:
        if self.product() is not None and self._may:
            if self.split.is_drawer() and not self.split.is_shown():
                self.split.toggle()
            self.side.acts.start(kind)

    @Slot(str, object, int, str)
    def _move(self, kind: str, movement_id: UUID, quantity: int, reason: str) -> None:
        product = self.product()
        if product is not None:
            self.acts.move(product, kind, movement_id, quantity, reason)

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
        self._list.wanted = product_id
        self.refresh()

    def put_away(self) -> None:
        """Keep the chosen product no longer, or keep it again."""
        product = self.product()
        if product is not None and self._may:
            self.acts.put_away(product)

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
        menu.addAction(_("History") + "\tCtrl+H").triggered.connect(self.show_history)
        menu.popup(place)

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, *, product_id: UUID | None = None, which: str = "", **_where: Any) -> None:
        """Show a product, or the products that are to be ordered."""
        self._list.wanted = product_id
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

    @Slot()
    def show_history(self) -> None:
        """Show who changed the chosen product."""
        product = self.product()
        if product is not None:
            show_history(self.desk, self, name=product.name, table="product", row_id=product.id)

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
