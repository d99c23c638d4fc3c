"""The medicines of a prescription as cards one below the other, numbered and compared."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.regimens import Proposal
from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.prescriptions.drafting import proposal_of
from clinic_desktop.ui.prescriptions.item_card import ItemCard
from clinic_desktop.ui.widgets.labels import Label

# Two cards of one line each can be seen, however low the window is.
_LEAST: Final = 190


class ItemCards(QScrollArea):
    """``current`` is the card that is looked at.

    ``changed`` tells that a card was typed into, removed or brought back, ``turned_to`` that
    another is looked at, ``emptied`` that the last one was removed; ``instead_wanted`` carries
    the card.
    """

    changed = Signal()
    turned_to = Signal()
    emptied = Signal()
    instead_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.cards: list[ItemCard] = []
        self.current: ItemCard | None = None
        self.nothing = Label(
            _("Type a medicine, or the number of a usual one and Enter."),
            theme=desk.theme, role="text_2", wrap=True,
        )  # fmt: skip
        self._box = QVBoxLayout()
        self._box.setSpacing(12)
        page = QWidget()
        page.setProperty("kind", "canvas")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.nothing)
        inner.addLayout(self._box)
        inner.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(_LEAST)

    # -- which ------------------------------------------------------------------------------

    def add(self, proposal: Proposal, place: int | None = None) -> ItemCard:
        """Add a medicine, at the end where no place is named, and look at it."""
        card = ItemCard(proposal, theme=self._desk.theme)
        at = len(self.cards) if place is None else place
        self.cards.insert(at, card)
        self._box.insertWidget(at, card)
        card.changed.connect(self.changed)
        card.entered.connect(partial(self._turn_to, card))
        card.remove_wanted.connect(partial(self._remove, card))
        card.instead_wanted.connect(partial(self.instead_wanted.emit, card))
        card.show()
        self._turn_to(card)
        return card

    def drop(self, card: ItemCard) -> int:
        """Take a card away; return the place where it was."""
        place = self.cards.index(card)
        self.cards.remove(card)
        self._box.removeWidget(card)
        card.hide()
        card.deleteLater()
        if self.current is card:
            self.current = None
        return place

    def clear(self) -> None:
        """Take all cards away."""
        for card in list(self.cards):
            self.drop(card)

    def stopped(self) -> list[ItemCard]:
        """Return the cards that stand against an allergy."""
        return [card for card in self.cards if card.conflicts]

    def _remove(self, card: ItemCard) -> None:
        typed = card.typed()
        place = self.drop(card)
        if self.cards:
            beside = self.cards[min(place, len(self.cards) - 1)]
            beside.setFocus()
            self._turn_to(beside)
        else:
            self.emptied.emit()
        self.changed.emit()

        def back() -> None:
            self.add(proposal_of(typed), min(place, len(self.cards)))
            self.changed.emit()

        said = _("{drug} is removed.").format(drug=typed["drug"])
        self._desk.messages.undoable(said, back)

    def _turn_to(self, card: ItemCard) -> None:
        self.current = card
        self.turned_to.emit()

    # -- what they say ----------------------------------------------------------------------

    def compare(
        self, allergies: Iterable[str] | None, instead: Callable[[ItemCard], str | None]
    ) -> None:
        """Number and compare the cards; ``instead`` names what could be given for a stopped one.

        ``allergies`` is None where nobody asked about them.
        """
        for number, card in enumerate(self.cards, start=1):
            card.set_number(number)
            card.check(allergies)
            card.set_selected(card is self.current)
            card.show_instead(instead(card) if card.conflicts else None)
        self.nothing.setVisible(not self.cards)
        if self.current is None and self.cards:
            self.current = self.cards[-1]
