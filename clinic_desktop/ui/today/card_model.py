"""The cards of one lane as a list model; it holds cards and fetches nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.ui.today.cards import Card

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Roles(IntEnum):
    """What a card offers beside its text."""

    CARD = Qt.ItemDataRole.UserRole + 1


class CardModel(QAbstractListModel):
    """One row per card."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: Sequence[Card] = ()
        self.key_of: Callable[[str], str] = str
        """Returns the key in force for the usual one."""

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards instead."""
        self.beginResetModel()
        self._cards = tuple(cards)
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._cards)

    def card(self, row: int) -> Card | None:
        """Return the card of a row."""
        return self._cards[row] if 0 <= row < len(self._cards) else None

    def row_of(self, visit_id: object) -> int:
        """Return the row of a visit, or -1."""
        for row, card in enumerate(self._cards):
            if card.visit is not None and card.visit.id == visit_id:
                return row
        return -1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self.card(index.row()) if index.isValid() else None
        if card is None:
            return None
        if card.act is not None and (key := self.key_of(card.act.key)) != card.act.key:
            card = replace(card, act=replace(card.act, key=key))
        if role == Roles.CARD:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            spoken = [card.name, card.line, card.also, card.after]
            spoken += [card.tag.text] if card.tag else []
            spoken += [f"{card.act.word} ({card.act.key})".removesuffix(" ()")] if card.act else []
            return ". ".join(part for part in spoken if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return card.tip or None
        return None
