"""A prescription being written: one line, a weight, cards, and whether it can be signed."""

from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.regimens import (
    Proposal,
    Regimen,
    by_id,
    instead_of,
    name_of,
    propose,
    read_line,
    usual,
)
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.prescriptions.schemas import NewPrescription
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.prescriptions.drafting import FORM, cards_to_text, proposals_of
from clinic_desktop.ui.prescriptions.entry import EntryLine
from clinic_desktop.ui.prescriptions.foot import SigningFoot
from clinic_desktop.ui.prescriptions.item_card import ItemCard
from clinic_desktop.ui.prescriptions.item_cards import ItemCards
from clinic_desktop.ui.prescriptions.safety import SafetyPanel
from clinic_desktop.ui.prescriptions.weight import WeightLine
from clinic_desktop.ui.widgets.labels import Label


class Writing(QWidget):
    """The middle of the tab.

    Ids of the prescription and its items are made when they are begun, so that signing twice is
    one prescription. ``wanted`` carries the ``NewPrescription`` that is to be signed.
    """

    wanted = Signal(object)

    def __init__(self, desk: Desk, safety: SafetyPanel, *, may: bool) -> None:
        super().__init__()
        self.desk = desk
        self.safety = safety
        self._may = may
        self._patient: UUID | None = None
        self._age: int | None = None
        self._id = new_id()
        self._signing = False
        self._drafts: DraftKeeper | None = None
        self._lay_out()
        self.entry.taken.connect(self.take)
        self.entry.textEdited.connect(lambda: self.refuse(""))
        self.weight.textEdited.connect(self._touched)
        self.weight.left.connect(self._show_weight_problem)
        self.weight.doubted.connect(self._show_doubt)
        self.safety.reason_changed.connect(self._touched)
        self.items.changed.connect(self._touched)
        self.items.turned_to.connect(self.look)
        self.items.emptied.connect(self.entry.setFocus)
        self.items.instead_wanted.connect(self._take_instead)
        self.sign.clicked.connect(self.ask)

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.entry = EntryLine(theme)
        self.weight = WeightLine(theme, self.desk.who.locale)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        self.doubt = Label(theme=theme, size="small", role="warning", wrap=True)
        self.doubt.hide()
        self.items = ItemCards(self.desk)
        self.nothing = self.items.nothing
        self._foot = SigningFoot(theme)
        self.ready, self.why, self.sign = self._foot.ready, self._foot.why, self._foot.sign
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.entry, 1)
        line.addWidget(self.weight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(line)
        column.addWidget(self.refusal)
        column.addWidget(self.doubt)
        column.addWidget(self.items, 1)
        column.addWidget(self._foot)
        if not self._may:
            for widget in (self.entry, self.weight, self._foot):
                widget.hide()
            self.nothing.setText(
                _("Prescriptions are written by providers in their own name. You can read them.")
            )

    # -- whose ------------------------------------------------------------------------------

    @property
    def cards(self) -> list[ItemCard]:
        """The medicines of the prescription, in their order."""
        return self.items.cards

    @property
    def age(self) -> int | None:
        """The completed years of the patient, None where nobody knows."""
        return self._age

    def begin(self, patient_id: UUID, age: int | None) -> None:
        """Write for a patient, with what was half-written before."""
        self._age = self.weight.age = age
        if patient_id == self._patient:
            self.look()
            return
        self._patient = patient_id
        self._drafts = DraftKeeper(
            self.desk.drafts,
            form=FORM,
            key=str(patient_id),
            read=self._typed,
            parent=self,
        )
        kept = self._drafts.recall()
        if kept is not None and self._may:
            self.weight.setText(kept.get("weight", ""))
            self.weight.ask()
            self.safety.reason.setText(kept.get("reason", ""))
            for proposal in proposals_of(kept.get("items", "[]")):
                self.items.add(proposal)
        self.look()

    def leave(self) -> None:
        """Keep what is half-written and write for nobody."""
        self.keep()
        if self._drafts is not None:
            self._drafts.deleteLater()
            self._drafts = None
        self._patient = None
        self._empty()

    def keep(self) -> None:
        """Keep what is half-written."""
        if self._drafts is not None:
            self._drafts.keep_now()

    def _empty(self) -> None:
        """Begin another prescription."""
        self._id = new_id()
        self._signing = False
        self.items.clear()
        for line in (self.entry, self.weight, self.safety.reason):
            line.clear()
        self.safety.reason_field.clear()
        self.refuse("")
        self.look()

    def _typed(self) -> dict[str, str]:
        return {
            "weight": self.weight.text(),
            "reason": self.safety.reason.text(),
            "items": cards_to_text(self.cards),
        }

    # -- writing ----------------------------------------------------------------------------

    @Slot(str)
    def take(self, text: str) -> None:
        """Add what was typed: a usual one by its number, or a medicine."""
        if not self._may or self._patient is None:
            return
        regimens = usual(self._age)
        typed = text.strip()
        self.weight.ask()
        try:
            if typed.isdecimal() and 1 <= int(typed) <= len(regimens):
                proposal = self._propose(regimens[int(typed) - 1])
            else:
                proposal = read_line(
                    typed,
                    age=self._age,
                    weight_grams=self.weight.grams(),
                    locale=self.desk.who.locale,
                )
        except InvalidError as refused:
            self.refuse(str(refused))
            (self.weight if refused.field == "weight" else self.entry).setFocus()
            return
        self.refuse("")
        self.entry.clear()
        card = self.items.add(proposal)
        self._touched()
        if card.is_whole():
            self.entry.setFocus()
        else:
            card.show_form(shown=True)

    def _propose(self, regimen: Regimen) -> Proposal:
        return propose(regimen, weight_grams=self.weight.grams(), locale=self.desk.who.locale)

    @Slot(QModelIndex)
    def take_row(self, index: QModelIndex) -> None:
        """Add the usual medicine of a row."""
        self.take(str(index.row() + 1))

    @Slot()
    def take_instead(self) -> None:
        """Take what is offered instead of the medicine that is looked at, or of the first stop."""
        stopped = self.items.stopped()
        if self.items.current in stopped:
            self._take_instead(self.items.current)
        elif stopped:
            self._take_instead(stopped[0])

    @Slot(object)
    def _take_instead(self, card: ItemCard) -> None:
        regimen = self._instead(card)
        if regimen is None:
            return
        try:
            proposal = self._propose(regimen)
        except InvalidError as refused:
            self.refuse(str(refused))
            self.weight.setFocus()
            return
        self.items.add(proposal, self.items.drop(card))
        self._touched()
        self.entry.setFocus()

    def _instead(self, card: ItemCard) -> Regimen | None:
        allergies = self.safety.allergies() or ()
        return instead_of(card.drug.text(), age=self._age, allergies=allergies)

    def _name_instead(self, card: ItemCard) -> str | None:
        regimen = self._instead(card)
        return None if regimen is None else name_of(by_id(regimen.medicine))

    @Slot()
    def _show_weight_problem(self) -> None:
        self.refuse(self.weight.problem() or "")

    def _show_doubt(self, sentence: str) -> None:
        self.doubt.setText(sentence)
        self.doubt.setVisible(bool(sentence))

    @Slot()
    def _touched(self) -> None:
        if self._drafts is not None:
            self._drafts.touched()
        self.look()

    @Slot()
    def look(self) -> None:
        """Compare, number and say what is ready; the button is off while something is missing."""
        self.items.compare(self.safety.allergies(), self._name_instead)
        self.safety.show_item(self.items.current, self.cards)
        self._foot.tell(len(self.cards), self._missing(), busy=self._signing)

    def _missing(self) -> str:
        """Return why it cannot be signed yet, in words."""
        if not self.cards:
            return _("Nothing is prescribed yet.")
        if self.weight.problem() is not None:
            return _("The weight cannot be read.")
        for number, card in enumerate(self.cards, start=1):
            if not card.is_whole():
                return _("Item {number} is not complete.").format(number=number)
        if self.safety.stopped_without_reason():
            stopped = next(n for n, card in enumerate(self.cards, start=1) if card.conflicts)
            return _("Item {number} needs a change or a reason.").format(number=stopped)
        return ""

    def refuse(self, sentence: str) -> None:
        """Say above the cards what cannot be taken as it is."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    # -- signing ----------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Ask for the signature when everything is there, else go to what is missing."""
        if not self._may or self._signing or self._patient is None:
            return
        if not self.cards:
            self.entry.setFocus()
            return
        if not all(card.validate() for card in self.cards):
            return
        if self.weight.problem() is not None:
            self._show_weight_problem()
            self.weight.setFocus()
            return
        if self.safety.stopped_without_reason():
            self.safety.reason_field.validate()
            self.safety.reason.setFocus()
            return
        new = NewPrescription(
            id=self._id,
            patient_id=self._patient,
            items=tuple(card.item() for card in self.cards),
            weight_grams=self.weight.grams(),
            override=self.safety.reason.text() if self.items.stopped() else "",
        )
        self._signing = True
        self.look()
        self.wanted.emit(new)

    def signed(self) -> None:
        """Begin the next one: this one stands."""
        if self._drafts is not None:
            self._drafts.forget()
        self._empty()

    def refused(self, error: Exception) -> None:
        """Say why it was not signed; everything written stays."""
        self._signing = False
        self.look()
        self.refuse(str(error))
