"""A prescription being written: one line, a weight, cards, and whether it can be signed."""

import json
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

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
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.prescriptions.schemas import NewPrescription
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.prescriptions.entry import EntryLine
from clinic_desktop.ui.prescriptions.item_card import ItemCard
from clinic_desktop.ui.prescriptions.safety import SafetyPanel
from clinic_desktop.ui.prescriptions.weight import WeightLine
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel

# Two cards of one line each can be seen, however low the window is.
_CARDS: Final = 190


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
        self._current: ItemCard | None = None
        self._drafts: DraftKeeper | None = None
        self.cards: list[ItemCard] = []
        self._lay_out()
        self.entry.taken.connect(self.take)
        self.entry.textEdited.connect(lambda: self.refuse(""))
        self.weight.textEdited.connect(self._touched)
        self.weight.left.connect(self._show_weight_problem)
        self.weight.doubted.connect(self._show_doubt)
        self.safety.reason_changed.connect(self._touched)
        self.sign.clicked.connect(self.ask)

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.entry = EntryLine(theme)
        self.weight = WeightLine(theme, self.desk.who.locale)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        self.doubt = Label(theme=theme, size="small", role="warning", wrap=True)
        self.doubt.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.entry, 1)
        line.addWidget(self.weight)
        self._cards_box = QVBoxLayout()
        self._cards_box.setSpacing(12)
        self.nothing = Label(
            _("Type a medicine, or the number of a usual one and Enter."),
            theme=theme, role="text_2", wrap=True,
        )  # fmt: skip
        page = QWidget()
        page.setProperty("kind", "canvas")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.nothing)
        inner.addLayout(self._cards_box)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(_CARDS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(line)
        column.addWidget(self.refusal)
        column.addWidget(self.doubt)
        column.addWidget(area, 1)
        column.addWidget(self._foot())
        if not self._may:
            for widget in (self.entry, self.weight):
                widget.hide()
            self.nothing.setText(
                _("Prescriptions are written by providers in their own name. You can read them.")
            )

    def _foot(self) -> Panel:
        theme = self.desk.theme
        foot = Panel(theme=theme)
        self.ready = Label(theme=theme, size="strong", wrap=True)
        self.why = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.sign = Button(
            _("Sign and print"), theme=theme, icon="printer", key="Ctrl+Enter", kind="primary"
        )
        row = QHBoxLayout()
        row.setContentsMargins(14, 10, 12, 10)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.ready)
        words.addWidget(self.why)
        row.addLayout(words, 1)
        row.addWidget(self.sign)
        foot.body.addLayout(row)
        if not self._may:
            foot.hide()
        return foot

    # -- whose ------------------------------------------------------------------------------

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
            form="prescription",
            key=str(patient_id),
            read=self._typed,
            parent=self,
        )
        kept = self._drafts.recall()
        if kept is not None and self._may:
            self.weight.setText(kept.get("weight", ""))
            self.weight.ask()
            self.safety.reason.setText(kept.get("reason", ""))
            for values in json.loads(kept.get("items", "[]")):
                self._add(_proposal(values))
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
        for card in list(self.cards):
            self._drop(card)
        for line in (self.entry, self.weight, self.safety.reason):
            line.clear()
        self.safety.reason_field.clear()
        self.refuse("")
        self.look()

    def _typed(self) -> dict[str, str]:
        return {
            "weight": self.weight.text(),
            "reason": self.safety.reason.text(),
            "items": json.dumps([card.typed() for card in self.cards]),
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
        card = self._add(proposal)
        self._touched()
        if card.is_whole():
            self.entry.setFocus()
        else:
            card.show_form(shown=True)

    def _propose(self, regimen: Regimen) -> Proposal:
        return propose(regimen, weight_grams=self.weight.grams(), locale=self.desk.who.locale)

    @Slot(QModelIndex)
    def take_row(self, index: QModelIndex) -> None:
        self.take(str(index.row() + 1))

    def _add(self, proposal: Proposal, place: int | None = None) -> ItemCard:
        card = ItemCard(proposal, theme=self.desk.theme)
        at = len(self.cards) if place is None else place
        self.cards.insert(at, card)
        self._cards_box.insertWidget(at, card)
        card.changed.connect(self._touched)
        card.entered.connect(partial(self._look_at, card))
        card.remove_wanted.connect(partial(self._remove, card))
        card.instead_wanted.connect(partial(self._take_instead, card))
        card.show()
        self._look_at(card)
        return card

    def _drop(self, card: ItemCard) -> int:
        place = self.cards.index(card)
        self.cards.remove(card)
        self._cards_box.removeWidget(card)
        card.hide()
        card.deleteLater()
        if self._current is card:
            self._current = None
        return place

    def _remove(self, card: ItemCard) -> None:
        typed = card.typed()
        place = self._drop(card)
        beside = self.cards[min(place, len(self.cards) - 1)] if self.cards else None
        if beside is not None:
            beside.setFocus()
            self._look_at(beside)
        else:
            self.entry.setFocus()
        self._touched()

        def back() -> None:
            self._add(_proposal(typed), min(place, len(self.cards)))
            self._touched()

        said = _("{drug} is removed.").format(drug=typed["drug"])
        self.desk.messages.undoable(said, back)

    @Slot()
    def take_instead(self) -> None:
        """Take what is offered instead of the medicine that is looked at, or of the first stop."""
        stopped = [card for card in self.cards if card.conflicts]
        if self._current in stopped:
            self._take_instead(self._current)
        elif stopped:
            self._take_instead(stopped[0])

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
        self._add(proposal, self._drop(card))
        self._touched()
        self.entry.setFocus()

    def _instead(self, card: ItemCard) -> Regimen | None:
        allergies = self.safety.allergies() or ()
        return instead_of(card.drug.text(), age=self._age, allergies=allergies)

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

    def _look_at(self, card: ItemCard) -> None:
        self._current = card
        self.look()

    def look(self) -> None:
        """Compare, number and say what is ready; the button is off while something is missing."""
        allergies = self.safety.allergies()
        for number, card in enumerate(self.cards, start=1):
            card.set_number(number)
            card.check(allergies)
            card.set_selected(card is self._current)
            regimen = self._instead(card) if card.conflicts else None
            card.show_instead(None if regimen is None else name_of(by_id(regimen.medicine)))
        self.nothing.setVisible(not self.cards)
        if self._current is None and self.cards:
            self._current = self.cards[-1]
        self.safety.show_item(self._current, self.cards)
        missing = self._missing()
        count = len(self.cards)
        self.ready.setText(
            ngettext("{count} medicine", "{count} medicines", count).format(count=count)
        )
        self.why.setText(missing or _("Ready to be signed."))
        self.sign.setEnabled(not missing and not self._signing)

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
            override=self.safety.reason.text() if any(c.conflicts for c in self.cards) else "",
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


def _proposal(values: dict[str, Any]) -> Proposal:
    """Return a card's contents as they were kept."""

    def number(name: str) -> int | None:
        return int(values[name]) if str(values.get(name, "")).isdecimal() else None

    return Proposal(
        medicine="",
        drug=str(values.get("drug", "")),
        form=str(values.get("form", "")),
        dose=str(values.get("dose", "")),
        arithmetic=tuple(line for line in str(values.get("arithmetic", "")).splitlines() if line),
        quantity=number("quantity"),
        unit=str(values.get("unit", "")),
        days=number("days"),
        instructions=str(values.get("instructions", "")),
    )
