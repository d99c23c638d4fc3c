"""What one treatment takes from stock: products with how many of each."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.inventory.schemas import ProductRow
from clinic_desktop.services.treatments.schemas import Material
from clinic_desktop.ui.record_form import ValueEditor
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, NumberField

MOST: int = 10_000


class MaterialsEditor(ValueEditor):
    """Lines of product and number, each taken away by its button; one button adds a line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: dict[UUID, str] = {}
        self.lines: list[_Line] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.more = Button(_("Add a material"), theme=theme, icon="plus", small=True)
        self.more.clicked.connect(self._add_empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._column)
        row = QHBoxLayout()
        row.addWidget(self.more)
        row.addStretch(1)
        column.addLayout(row)
        self.setFocusProxy(self.more)

    def set_products(self, products: Sequence[ProductRow]) -> None:
        """Offer these products; those put away stay where they are used."""
        self._names = {row.id: row.name for row in products}
        options = self._options()
        for line in self.lines:
            line.product.set_options(options)
        self.more.setVisible(bool(products))

    def _options(self) -> list[tuple[str, UUID]]:
        return [(name, product) for product, name in self._names.items()]

    def _add_empty(self) -> None:
        line = self._add(None, 1)
        line.product.setFocus()
        self.edited.emit()

    def _add(self, product: UUID | None, quantity: int | None) -> "_Line":
        line = _Line(self._theme, self._options(), product, quantity)
        line.product.chosen.connect(lambda _value: self.edited.emit())
        line.quantity.textEdited.connect(lambda _text: self.edited.emit())
        line.remove.clicked.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._column.addWidget(line)
        return line

    def _remove(self, line: "_Line") -> None:
        self._take(line)
        self.more.setFocus()
        self.edited.emit()

    def _take(self, line: "_Line") -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()

    # -- the value --------------------------------------------------------------------------

    def problem(self) -> str | None:
        """Return what is wrong with the lines, or None."""
        seen: set[UUID] = set()
        for line in self.lines:
            product = line.product.value()
            if product is None:
                return _("Choose the product of each line, or take the line away.")
            if product in seen:
                return _("{name} stands here twice.").format(name=self._names[product])
            seen.add(product)
            try:
                if line.quantity.value() is None:
                    return _("Write how many of {name}.").format(name=self._names[product])
            except InvalidError as refused:
                return str(refused)
        return None

    def value(self) -> tuple[Material, ...]:
        """Return the materials; call it when there is no problem."""
        return tuple(
            Material(product_id=line.product.value(), quantity=line.quantity.value() or 1)
            for line in self.lines
            if line.product.value() is not None and line.quantity.problem() is None
        )

    def set_value(self, value: Any) -> None:
        """Show other materials."""
        for line in list(self.lines):
            self._take(line)
        for material in value or ():
            self._add(material.product_id, material.quantity)

    def words(self, value: Any) -> str:
        """Return materials in words: 1 × Articaine, 2 × Needles."""
        named = [
            f"{one.quantity} × {self._names.get(one.product_id, _('a product put away'))}"
            for one in value or ()
        ]
        return ", ".join(sorted(named))

    def kept(self) -> str:
        """Return the lines as text for a draft."""
        return json.dumps(
            [[str(line.product.value() or ""), line.quantity.text()] for line in self.lines]
        )

    def restore(self, text: str) -> None:
        """Show the lines of a draft."""
        for line in list(self.lines):
            self._take(line)
        for product, quantity in json.loads(text or "[]"):
            line = self._add(UUID(product) if product else None, None)
            line.quantity.setText(quantity)


class _Line(QWidget):
    """One product and how many of it."""

    def __init__(
        self,
        theme: Theme,
        options: list[tuple[str, UUID]],
        product: UUID | None,
        quantity: int | None,
    ) -> None:
        super().__init__()
        self.product = Choice(options, theme=theme)
        self.product.set_value(product)
        self.product.setAccessibleName(_("Product"))
        self.quantity = NumberField(theme=theme, least=1, most=MOST, value=quantity)
        self.quantity.setAccessibleName(_("How many"))
        self.quantity.setFixedWidth(64)
        self.remove = Button(theme=theme, icon="circle-x", name=_("Take away"), small=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.product, 1)
        row.addWidget(self.quantity)
        row.addWidget(self.remove)
