"""The side panel of stock: one product, its facts, its movements, and what can be done."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.money import format_money, format_number
from clinic_desktop.i18n import _
from clinic_desktop.services.inventory.schemas import MovementRow, ProductRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.inventory.move_form import MoveForm
from clinic_desktop.ui.inventory.stock_model import MovementColumn, movement_model
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.table import TableView


class ProductPanel(Panel):
    """Shows a product; without the right to write, without its acts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(theme=desk.theme)
        self._desk = desk
        theme = desk.theme
        self._may = desk.who.may("stock.write")
        self.name = Label(theme=theme, size="heading", wrap=True, lines=3)
        self.codes = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.edit = Button(theme=theme, icon="pencil", name=_("Change the product"), small=True)
        self.on_hand = _Fact(_("On hand"), theme)
        self.reorder = _Fact(_("Reorder at"), theme)
        self.value = _Fact(_("Value"), theme)
        self.movements = StatePanel(_("Movements"), theme=theme, framed=False)
        self.model = movement_model(desk.who)
        self.table = TableView(theme=theme, two_lines=True, name=_("Movements"))
        self.table.setModel(self.model)
        self.table.horizontalHeader().hide()
        self.acts = MoveForm(theme)
        self._lay_out()
        self.show_product(None)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.codes)
        head.addLayout(words, 1)
        if self._may:
            head.addWidget(self.edit)
        facts = QHBoxLayout()
        for fact in (self.on_hand, self.reorder, self.value):
            facts.addWidget(fact, 1)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(facts)
        self.body.setSpacing(0)
        self.body.addWidget(top)
        self.body.addWidget(rule())
        self.body.addWidget(self.movements, 1)
        self.body.addWidget(rule())
        foot = QWidget()
        row = QVBoxLayout(foot)
        row.setContentsMargins(14, 12, 14, 12)
        row.addWidget(self.acts)
        self.body.addWidget(foot)
        if not self._may:
            foot.hide()

    def show_product(self, row: ProductRow | None) -> None:
        """Show another product, or that none is chosen."""
        who = self._desk.who
        self.acts.set_product(row)
        self.edit.setEnabled(row is not None)
        if row is None:
            self.name.setText(_("No product is chosen"))
            self.codes.setText("")
            for fact in (self.on_hand, self.reorder, self.value):
                fact.tell("—")
            self.movements.show_empty(_("Choose a product to see what came and went."))
            return
        self.name.setText(row.name)
        codes = [row.sku, _("barcode {code}").format(code=row.barcode) if row.barcode else ""]
        self.codes.setText(" · ".join(code for code in codes if code))
        self.reorder.tell(format_number(row.reorder_level, who.locale))
        if row.quantity is None:
            self.on_hand.tell(_("Not known"), unknown=True)
            self.value.tell(_("Not known"), unknown=True)
            return
        self.on_hand.tell(f"{format_number(row.quantity, who.locale)} {row.unit}")
        if row.cost is None:
            self.value.tell(_("No cost"), unknown=True)
        else:
            self.value.tell(format_money(row.quantity * row.cost, who.currency, who.locale))

    def show_movements(self, rows: tuple[MovementRow, ...]) -> None:
        """Show what came and went, latest first."""
        if not rows:
            self.model.set_rows(())
            self.movements.show_empty(_("Nothing has come or gone yet. Count it to begin."))
            return
        keep_place(self.table, self.model, rows)
        self.table.fit_columns(stretch=MovementColumn.WHAT)
        self.movements.show_content(self.table)


class _Fact(QWidget):
    """A word and what it is."""

    def __init__(self, words: str, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Label(words, theme=theme, size="small", role="text_2"))
        self._known = Label(theme=theme, size="strong", tabular=True)
        self._unknown = Tag("unknown", "circle-help", "", theme=theme)
        column.addWidget(self._known)
        column.addWidget(self._unknown)
        self._unknown.hide()

    def tell(self, text: str, *, unknown: bool = False) -> None:
        """Say it, or say in the hatch that nobody knows."""
        self._known.setVisible(not unknown)
        self._unknown.setVisible(unknown)
        if unknown:
            self._unknown.set_tag("unknown", "circle-help", text)
        else:
            self._known.setText(text)

    def text(self) -> str:
        """Return what is said."""
        return self._unknown.text() if self._known.isHidden() else self._known.text()
