"""What is done with a product: moved, moved back, put away, kept again."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.money import format_number
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import NewMovement, ProductRow, ProductValues
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.inventory.move_form import MoveForm

SAID: Final = {
    "use": N_("{count} {unit} of {name} used."),
    "purchase": N_("{count} {unit} of {name} received."),
    "waste": N_("{count} {unit} of {name} written off."),
    "count": N_("{name} is counted: {count} {unit}."),
}


class ProductActs:
    """Acts for one screen; ``changed`` is called once something was done.

    ``form`` is where a movement is asked for, and where its refusal is said.
    """

    def __init__(
        self, desk: Desk, screen: QWidget, form: MoveForm, changed: Callable[[], None]
    ) -> None:
        self._desk, self._screen, self._form, self._changed = desk, screen, form, changed

    # -- what comes and goes ----------------------------------------------------------------

    def move(
        self, product: ProductRow, kind: str, movement_id: UUID, quantity: int, reason: str
    ) -> None:
        """Use, receive, waste or count a quantity of a product."""

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

        self._desk.operations.change(
            self._screen,
            call,
            lambda _none: self._moved(product, kind, movement_id, quantity),
            failed=self._form.refused,
        )

    def _moved(self, product: ProductRow, kind: str, movement_id: UUID, quantity: int) -> None:
        self._form.moved()
        number = format_number(quantity, self._desk.who.locale)
        text = _(SAID[kind]).format(count=number, unit=product.unit, name=product.name)
        if kind == "count" and product.quantity is None:
            # Before the first count nothing was known, and that cannot be restored.
            self._desk.messages.say(text)
        else:
            self._desk.messages.undoable(text, partial(self._take_back, movement_id))
        self._changed()

    def _take_back(self, movement_id: UUID) -> None:
        back = new_id()
        said = _("Taken back. Both movements stay in the list.")
        self._desk.operations.change(
            self._screen,
            lambda ctx: inventory.take_back(ctx, id=back, movement_id=movement_id),
            lambda _none: self._desk.messages.say(said),
        )

    # -- whether it is kept -----------------------------------------------------------------

    def put_away(self, product: ProductRow) -> None:
        """Keep a product no longer, or one that is put away again."""
        self._set_active(product, active=not product.active)

    def _set_active(self, product: ProductRow, *, active: bool) -> None:
        names = set(ProductValues.model_fields)
        values = ProductValues(**{**product.model_dump(include=names), "active": active})

        def done(version: int) -> None:
            changed = product.model_copy(update={"version": version, "active": active})
            text = _("{name} is kept again.") if active else _("{name} is put away.")
            self._desk.messages.undoable(
                text.format(name=product.name),
                lambda: self._set_active(changed, active=not active),
            )
            self._changed()

        self._desk.operations.change(
            self._screen,
            lambda ctx: inventory.change_product(ctx, product.id, product.version, values),
            done,
        )
