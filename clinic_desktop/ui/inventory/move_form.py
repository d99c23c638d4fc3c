"""Using, receiving, wasting, counting: four keys, then a quantity and Enter."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.inventory.schemas import ProductRow
from clinic_desktop.ui.drafts import DraftKeeper, Drafts, keep_texts
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, LineEdit, NumberField
from clinic_desktop.ui.widgets.labels import Label

MOST: Final = 1_000_000


@dataclass(frozen=True)
class Act:
    """One of the four: its key, its words, and what the form asks."""

    kind: str
    key: str
    words: str
    icon: str
    asks: str
    least: int = 1


ACTS: Final = (
    Act("use", "U", N_("Use"), "arrow-up-right", N_("How many are used")),
    Act("purchase", "R", N_("Receive"), "truck", N_("How many came")),
    Act("waste", "W", N_("Waste"), "trash-2", N_("How many are lost")),
    Act("count", "C", N_("Count"), "clipboard-check", N_("How many are there now"), 0),
)


class MoveForm(QStackedWidget):
    """The four acts, or the form of the one that was chosen.

    The movement's id is made when the form opens, so that Enter twice is one movement. ``wanted``
    carries kind, id, quantity and reason.
    """

    wanted = Signal(str, object, int, str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._act = ACTS[0]
        self._id = new_id()
        self._product: ProductRow | None = None
        self._drafts: Drafts | None = None
        self._draft: DraftKeeper | None = None
        self.buttons: dict[str, Button] = {}
        self._acts = self._build_acts()
        self._form = self._build_form()
        self.addWidget(self._acts)
        self.addWidget(self._form)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.currentChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the room of what is shown: the acts are lower than the form."""
        return (self._form if self.is_open() else self._acts).sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least room of what is shown."""
        return (self._form if self.is_open() else self._acts).minimumSizeHint()

    def _build_acts(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, act in enumerate(ACTS):
            kind = "primary" if act.kind == "use" else "plain"
            button = Button(_(act.words), theme=self._theme, icon=act.icon, key=act.key, kind=kind)
            button.set_spread(True)
            button.clicked.connect(lambda _checked=False, act=act: self.start(act.kind))
            grid.addWidget(button, place // 2, place % 2)
            self.buttons[act.kind] = button
        return page

    def _build_form(self) -> QWidget:
        theme = self._theme
        self.title = Label(theme=theme, size="strong")
        self.quantity = NumberField(theme=theme, least=1, most=MOST)
        self.reason = LineEdit(theme=theme, longest=300)
        self.fields = {
            "quantity": Field(_("Quantity"), self.quantity, theme=theme),
            "reason": Field(_("Reason"), self.reason, theme=theme, optional=True),
        }
        self.go = Button(theme=theme, key="Enter", kind="primary", name=_("Do it"))
        self.go.clicked.connect(self.ask)
        back = Button(_("Cancel"), theme=theme, key="Esc")
        back.clicked.connect(self._leave)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        for field in self.fields.values():
            column.addWidget(field)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.go, 1)
        column.addLayout(row)
        for line in (self.quantity, self.reason):
            line.returnPressed.connect(self.ask)
        bind_within(page, "Esc", self._leave)
        return page

    # -- drafts -----------------------------------------------------------------------------

    def keep_in(self, drafts: Drafts) -> None:
        """Keep there what is half-typed about a product."""
        self._drafts = drafts

    def _keep(self, product: ProductRow) -> None:
        if self._draft is not None:
            self._draft.deleteLater()
        if self._drafts is not None:
            self._draft = keep_texts(
                self._drafts,
                form="movement",
                key=f"{product.id} {self._act.kind}",
                editors={"quantity": self.quantity, "reason": self.reason},
                parent=self,
            )

    def _forget(self) -> None:
        if self._draft is not None:
            self._draft.forget()

    # -- what is asked ----------------------------------------------------------------------

    def set_product(self, product: ProductRow | None) -> None:
        """Act on another product; a form that is open for the one before closes."""
        before, self._product = self._product, product
        for button in self.buttons.values():
            button.setEnabled(product is not None and product.active)
        other = before is None or product is None or before.id != product.id
        if self.is_open() and other:
            self.close_form()

    def is_open(self) -> bool:
        """Return whether a quantity is being asked for."""
        return self.currentWidget() is self._form

    def start(self, kind: str) -> None:
        """Ask for the quantity of an act."""
        product = self._product
        if product is None or not product.active:
            return
        self._act = next(act for act in ACTS if act.kind == kind)
        self._id = new_id()
        self.title.setText(_(self._act.asks))
        self.quantity.setAccessibleName(_(self._act.asks))
        self.quantity.set_limits(self._act.least, MOST)
        self.quantity.set_note(product.unit[:24])
        self.quantity.set_value(1 if kind == "use" else None)
        self.reason.clear()
        self.fields["reason"].setVisible(kind != "count")
        for field in self.fields.values():
            field.clear()
        self._keep(product)
        self.go.setText(_(self._act.words))
        self.go.setEnabled(True)
        self.setCurrentWidget(self._form)
        self.quantity.setFocus()
        self.quantity.selectAll()

    @Slot()
    def ask(self) -> None:
        """Ask for the movement when the quantity can be taken."""
        if not self.go.isEnabled():
            return
        quantity = self.fields["quantity"]
        if not quantity.validate():
            self.updateGeometry()
            return
        number = self.quantity.value()
        if number is None:
            quantity.show_error(_("Write how many."))
            return
        self.go.setEnabled(False)
        self.wanted.emit(self._act.kind, self._id, number, self.reason.text().strip())

    def refused(self, error: Exception) -> None:
        """Say why it was not done; the form stays."""
        self.go.setEnabled(True)
        field = self.fields.get(getattr(error, "field", None) or "quantity")
        (field or self.fields["quantity"]).show_error(str(error))
        self.updateGeometry()
        self.quantity.setFocus()
        self.quantity.selectAll()

    def moved(self) -> None:
        """Show the four acts again, because what was asked is done."""
        self._forget()
        self.close_form()

    def _leave(self) -> None:
        # A quantity that somebody thought better of must not stand there the next time.
        self._forget()
        self.close_form()

    @Slot()
    def close_form(self) -> None:
        """Show the four acts again."""
        if self.is_open():
            if self._draft is not None:
                self._draft.keep_now()
            self.setCurrentWidget(self._acts)
            self.closed.emit()
