"""One medicine of the prescription being written: in one look, or open to be changed."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.formulary import allergy_conflicts, medicine_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.regimens import Proposal
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.prescriptions.schemas import NewItem
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, LineEdit, NumberField
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.panel import Panel

_NARROW: Final = 420
_TEXTS: Final = ("drug", "form", "dose", "unit", "instructions")


class ItemCard(Panel):
    """A card with the number, the medicine, its dose and supply, and the arithmetic behind them.

    The item's id is made with the card, so that signing twice is one item.
    """

    changed = Signal()
    entered = Signal()
    """The focus came into the card."""
    remove_wanted = Signal()
    instead_wanted = Signal()

    def __init__(self, proposal: Proposal, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme=theme, parent=parent)
        self.id: UUID = new_id()
        self.arithmetic = proposal.arithmetic
        self._proposed = proposal.dose
        self.conflicts: tuple[str, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "inside")
        self._open = False
        self._build_head()
        self._build_sums()
        self._build_form(proposal)
        self._build_instead()
        self.show_form(shown=not self.is_whole())
        self._tell()

    # -- building ---------------------------------------------------------------------------

    def _build_head(self) -> None:
        theme = self.theme
        self.number = Label("1", theme=theme, role="text_3", tabular=True)
        self.number.setFixedWidth(20)
        self.title_label = Label(theme=theme, size="large", weight=600, wrap=True)
        self.dose_label = Label(theme=theme, role="text_2", wrap=True)
        self.supply_label = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.state = Tag("success", "check", _("Checked"), theme=theme)
        self.edit = Button(theme=theme, icon="square-pen", name=_("Change"), small=True)
        self.edit.clicked.connect(lambda: self.show_form(shown=not self._open))
        self.remove = Button(theme=theme, icon="circle-x", name=_("Remove"), small=True)
        self.remove.clicked.connect(self.remove_wanted)
        words = QVBoxLayout()
        words.setSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        self._name_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._name_row.setSpacing(8)
        self._name_row.addWidget(self.title_label, 1)
        self._name_row.addWidget(self.state, 0, top | Qt.AlignmentFlag.AlignLeft)
        words.addLayout(self._name_row)
        words.addWidget(self.dose_label)
        words.addWidget(self.supply_label)
        head = QHBoxLayout()
        head.setContentsMargins(14, 12, 12, 8)
        head.setSpacing(8)
        head.addWidget(self.number, 0, top)
        head.addLayout(words, 1)
        for widget in (self.edit, self.remove):
            head.addWidget(widget, 0, top)
        self.body.addLayout(head)
        self.body.setSpacing(0)

    def _build_sums(self) -> None:
        self._sums = QFrame()
        self._sums.setProperty("kind", "sunken")
        column = QVBoxLayout(self._sums)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        for line in self.arithmetic:
            column.addWidget(Label(line, theme=self.theme, tabular=True, wrap=True))
        holder = QVBoxLayout()
        holder.setContentsMargins(42, 0, 12, 12 if self.arithmetic else 4)
        holder.addWidget(self._sums)
        self.body.addLayout(holder)
        self._sums.setVisible(bool(self.arithmetic))

    def _build_form(self, proposal: Proposal) -> None:
        theme = self.theme
        self.drug = LineEdit(proposal.drug, theme=theme, longest=200)
        self.form = LineEdit(proposal.form, theme=theme, longest=120)
        self.dose = LineEdit(proposal.dose, theme=theme, longest=500)
        self.quantity = NumberField(theme=theme, least=1, most=10_000, value=proposal.quantity)
        self.unit = LineEdit(proposal.unit, theme=theme, longest=40)
        self.days = NumberField(theme=theme, least=1, most=366, value=proposal.days, unit=_("days"))
        self.instructions = LineEdit(proposal.instructions, theme=theme, longest=500)
        self.fields = {
            "drug": Field(_("Medicine"), self.drug, theme=theme, required=True),
            "form": Field(_("Strength and form"), self.form, theme=theme),
            "dose": Field(_("Dose and how often"), self.dose, theme=theme, required=True),
            "quantity": Field(_("Quantity"), self.quantity, theme=theme, required=True),
            "unit": Field(_("Unit"), self.unit, theme=theme),
            "days": Field(_("For"), self.days, theme=theme),
            "instructions": Field(_("Instructions"), self.instructions, theme=theme),
        }
        self._form = QWidget()
        grid = QGridLayout(self._form)
        grid.setContentsMargins(42, 4, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        places = {
            "drug": (0, 0, 3),
            "form": (0, 3, 3),
            "dose": (1, 0, 6),
            "quantity": (2, 0, 2),
            "unit": (2, 2, 2),
            "days": (2, 4, 2),
            "instructions": (3, 0, 6),
        }
        for name, (row, column, span) in places.items():
            grid.addWidget(self.fields[name], row, column, 1, span)
            self.fields[name].edited.connect(self._edited)
            self.fields[name].editor.installEventFilter(self)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.body.addWidget(self._form)

    def _build_instead(self) -> None:
        self._instead = QFrame()
        self._instead.setProperty("kind", "panel_foot")
        row = QHBoxLayout(self._instead)
        row.setContentsMargins(14, 8, 12, 8)
        row.addWidget(Label(_("Instead, with this allergy:"), theme=self.theme, role="text_2"), 1)
        self.instead = Button(theme=self.theme, icon="arrow-right", key="Alt+A", name=_("Instead"))
        self.instead.clicked.connect(self.instead_wanted)
        row.addWidget(self.instead)
        self._instead.hide()
        self.body.addWidget(self._instead)

    # -- what it says -----------------------------------------------------------------------

    def set_number(self, number: int) -> None:
        """Show where the card stands in the prescription."""
        self.number.setText(str(number))
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the state below the medicine's name where there is little room beside it."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW * self.theme.scale
        ways = QBoxLayout.Direction
        self._name_row.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def show_form(self, *, shown: bool) -> None:
        """Open the fields, or show the medicine in one look."""
        self._open = shown
        self._form.setVisible(shown)
        if shown and self.isVisible():
            wrong = next((f for f in self.fields.values() if f.problem() is not None), None)
            (wrong or self.fields["dose"]).editor.setFocus()

    def show_instead(self, words: str | None) -> None:
        """Offer what could be given instead, or nothing."""
        self._instead.setVisible(words is not None)
        if words is not None:
            self.instead.setText(words)

    def check(self, allergies: Iterable[str] | None) -> None:
        """Compare what is typed with the allergies; None when nobody asked about them."""
        self.conflicts = allergy_conflicts(
            f"{self.drug.text()} {self.form.text()}", allergies or ()
        )
        if self.conflicts:
            self.state.set_tag("danger", "octagon-alert", _("Stop"))
        elif medicine_of(self.drug.text()) is None:
            self.state.set_tag("unknown", "circle-help", _("Not in the list"))
        elif allergies is None:
            self.state.set_tag("unknown", "circle-help", _("Not asked"))
        else:
            self.state.set_tag("success", "check", _("Checked"))
        self._tell()

    def is_whole(self) -> bool:
        """Return whether everything that a prescription needs is there and can be read."""
        return all(field.problem() is None for field in self.fields.values())

    def validate(self) -> bool:
        """Show what is missing, with the fields open; return whether nothing is."""
        wrong = [field for field in self.fields.values() if not field.validate()]
        if wrong:
            self.show_form(shown=True)
            wrong[0].editor.setFocus()
        return not wrong

    def item(self) -> NewItem:
        """Return what is typed; call it when the card is whole."""
        medicine = medicine_of(self.drug.text())
        return NewItem(
            id=self.id,
            drug_id=medicine.id if medicine is not None else "",
            drug=self.drug.text(),
            form=self.form.text(),
            dose=self.dose.text(),
            arithmetic="; ".join(self.arithmetic),
            quantity=self.quantity.value() or 1,
            unit=self.unit.text(),
            days=self.days.value(),
            instructions=self.instructions.text(),
        )

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, to be kept as a draft."""
        return {
            **{name: getattr(self, name).text() for name in _TEXTS},
            "quantity": self.quantity.text(),
            "days": self.days.text(),
            "arithmetic": "\n".join(self.arithmetic),
        }

    def _edited(self) -> None:
        # The arithmetic was that of the dose proposed; of another one it would be untrue.
        if self.arithmetic and self.dose.text() != self._proposed:
            self.arithmetic = ()
            self._sums.hide()
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        drug = ", ".join(part for part in (self.drug.text(), self.form.text()) if part)
        self.title_label.setText(drug)
        self.dose_label.setText(self.dose.text() or _("No dose yet"))
        self.dose_label.set_role("text_2" if self.dose.text() else "warning")
        self.supply_label.setText(self._supply())
        spoken = _("{number}. {drug}. {state}").format(
            number=self.number.text(), drug=drug, state=self.state.text()
        )
        self.setAccessibleName(spoken)

    def _supply(self) -> str:
        parts = []
        if self.quantity.problem() is None and (count := self.quantity.value()) is not None:
            parts.append(
                _("Supply {count} {unit}").format(count=count, unit=self.unit.text()).strip()
            )
        if self.days.problem() is None and (days := self.days.value()) is not None:
            parts.append(ngettext("for {count} day", "for {count} days", days).format(count=days))
        if self.instructions.text():
            parts.append(self.instructions.text())
        return " · ".join(parts)

    # -- keys and focus ---------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the focus comes into a field; Enter in one closes a card that is whole."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and not event.modifiers() and self.validate():
                self.show_form(shown=False)
                self.setFocus()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del removes the card, Enter opens its fields."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.show_form(shown=True)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that this card is looked at."""
        super().focusInEvent(event)
        self.entered.emit()
