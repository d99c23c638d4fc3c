"""The form of a product: new, changed, put away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.history.service import Saved, last_save
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import ProductRow, ProductValues
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.record_form import RecordForm
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit, MoneyField, NumberField
from clinic_desktop.ui.widgets.labels import Label


class ProductDialog(Dialog):
    """Name, number, barcode, unit, reorder level and cost; what is typed is kept until saved."""

    def __init__(
        self,
        desk: Desk,
        product: ProductRow | None,
        *,
        parent: QWidget,
        done: Callable[[UUID], None],
    ) -> None:
        super().__init__(
            _("New product") if product is None else product.name,
            theme=desk.theme,
            parent=parent,
            sentence=_("Its stock is unknown until it is counted.") if product is None else "",
            icon="package",
            width=560,
        )
        self._desk = desk
        self._done = done
        self._product = product
        self.form = RecordForm(desk, "product", self._make_fields(), self)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.body.addWidget(self.refusal)
        self.refusal.hide()
        self.form.begin(product, _values(product))
        self.leaving.connect(self.form.keep)
        self.finished.connect(self.deleteLater)
        self.set_primary(_("Add") if product is None else _("Save"), self._save)

    def _make_fields(self) -> dict[str, Field]:
        theme, who = self._desk.theme, self._desk.who
        self.name = LineEdit(theme=theme, longest=160)
        self.sku = LineEdit(theme=theme, longest=40)
        self.barcode = LineEdit(theme=theme, longest=64)
        self.unit = LineEdit(theme=theme, longest=40, placeholder=_("piece, box, bottle"))
        self.reorder = NumberField(theme=theme, least=0, most=1_000_000)
        self.cost = MoneyField(theme=theme, currency=who.currency, locale=who.locale)
        fields = {
            "name": Field(_("Name"), self.name, theme=theme, required=True),
            "sku": Field(_("Number"), self.sku, theme=theme, required=True),
            "barcode": Field(_("Barcode"), self.barcode, theme=theme, optional=True),
            "unit": Field(_("Counted in"), self.unit, theme=theme, required=True),
            "reorder_level": Field(_("Reorder at"), self.reorder, theme=theme),
            "cost": Field(_("Cost of one"), self.cost, theme=theme, optional=True),
        }
        places = {
            "name": (0, 0, 2),
            "sku": (1, 0, 1),
            "barcode": (1, 1, 1),
            "unit": (2, 0, 1),
            "reorder_level": (2, 1, 1),
            "cost": (3, 0, 1),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, (row, column, span) in places.items():
            grid.addWidget(fields[name], row, column, 1, span)
        self.body.addLayout(grid)
        # A scanner ends what it types with Enter, which is no wish to save.
        self.barcode.returnPressed.connect(self.unit.setFocus)
        return fields

    def _save(self) -> None:
        if not self.form.validate():
            return
        typed = self.form.values()
        active = self._product is None or self._product.active
        values = ProductValues(
            **{**typed, "reorder_level": typed["reorder_level"] or 0}, active=active
        )
        product_id, row = self.form.id, self.form.row
        self.set_busy(True)

        def call(ctx: Context) -> None:
            if row is None:
                inventory.add_product(ctx, product_id, values)
            else:
                inventory.change_product(ctx, product_id, row.version, values)

        self._desk.operations.change(self, call, self._saved, failed=self._refused)

    def _saved(self, _none: None) -> None:
        self.form.saved()
        self.accept()
        self._done(self.form.id)

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        if isinstance(error, StaleError):
            self._compare()
        elif not self.form.refuse(error):
            self.refusal.setText(str(error))
            self.refusal.show()

    def _compare(self) -> None:
        product_id, before = self.form.id, _values(self.form.row)

        def call(ctx: Context) -> tuple[ProductRow | None, Saved | None]:
            rows = inventory.products(ctx, inactive=True)
            newer = next((row for row in rows if row.id == product_id), None)
            return newer, last_save(ctx, "product", product_id)

        def show(found: tuple[ProductRow | None, Saved | None]) -> None:
            newer, saved = found
            if newer is not None:
                self._product = newer
                self.form.compare(
                    record=newer.name,
                    before=before,
                    theirs=_values(newer),
                    newer=newer,
                    saved=saved,
                    again=self._save,
                )

        self._desk.operations.query(self, call, show, failed=self._refused, key="newer")


def _values(row: ProductRow | None) -> dict[str, Any]:
    if row is None:
        return {"reorder_level": 0}
    names = ("name", "sku", "barcode", "unit", "reorder_level", "cost")
    return {name: getattr(row, name) for name in names}
