"""One lane of the board: a head with its count, and the cards that keys and clicks act on."""

from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.visit_status import KEYS
from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.keymap import key_now, meant_key
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.card_delegate import CardDelegate
from clinic_desktop.ui.today.card_model import CardModel
from clinic_desktop.ui.today.cards import Card, Lane
from clinic_desktop.ui.widgets.labels import Icon, Label

ICONS: Final = {
    Lane.EXPECTED: "clock",
    Lane.WAITING: "door-open",
    Lane.CHAIRS: "armchair",
    Lane.LEAVING: "check-check",
}


class CardList(QListView):
    """The cards; letters act on the chosen one, left and right go to the next lane."""

    acted = Signal(object, object)
    """Card and the status it is to have."""
    opened = Signal(object)
    """Card whose patient is to be opened."""
    stepped = Signal(int)
    """To the lane on the left (-1) or on the right (1)."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.cards = CardModel()
        self.cards.key_of = partial(key_now, self)
        self.setModel(self.cards)
        self._delegate = CardDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setProperty("kind", "board")
        self.setAccessibleName(name)
        self.setProperty("focus_ring", "none")
        self.setProperty("keys_area", _("Board"))
        self.doubleClicked.connect(self._open)
        self.activated.connect(self._open)

    def chosen(self) -> Card | None:
        """Return the chosen card."""
        return self.cards.card(self.currentIndex().row())

    def choose(self, row: int) -> None:
        """Choose a card by its row."""
        if self.cards.rowCount():
            self.setCurrentIndex(self.cards.index(max(0, min(row, self.cards.rowCount() - 1))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        status, card = KEYS.get(meant_key(self, event)), self.chosen()
        if status is not None and card is not None and card.visit is not None:
            self.acted.emit(card, status)
            return
        if event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                self.stepped.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
                return
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(self.currentIndex())
                return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        card = self.cards.card(index.row()) if index.isValid() else None
        if card is None or card.act is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._delegate.act_rect(card, QRectF(self.visualRect(index))).contains(event.position()):
            self.acted.emit(card, card.act.to)

    def act_place(self, row: int) -> QPoint:
        """Return the middle of a card's button, for those who click it."""
        card = self.cards.card(row)
        if card is None:
            return QPoint()
        rect = QRectF(self.visualRect(self.cards.index(row)))
        return self._delegate.act_rect(card, rect).center().toPoint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Names break differently in another width, and cards get another height.
        self.scheduleDelayedItemsLayout()

    def _open(self, index: QModelIndex) -> None:
        card = self.cards.card(index.row())
        if card is not None and card.visit is not None:
            self.opened.emit(card)


class LaneView(QWidget):
    """A lane with its head."""

    def __init__(self, lane: Lane, title: str, theme: Theme) -> None:
        super().__init__()
        self.lane = lane
        self.list = CardList(theme, title)
        self._note = Label("", theme=theme, size="small", role="text_2")
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(Icon(ICONS[lane], theme=theme, size=18))
        head.addWidget(Label(title, theme=theme, size="strong"))
        head.addWidget(self._note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.list, 1)

    def show_cards(self, cards: tuple[Card, ...], note: str) -> None:
        """Show these cards; the chosen visit stays chosen, also when it moved in the lane."""
        before = self.list.chosen()
        row = self.list.currentIndex().row()
        self.list.cards.set_cards(cards)
        self._note.setText(note)
        if before is not None and before.visit is not None:
            found = self.list.cards.row_of(before.visit.id)
            self.list.choose(found if found >= 0 else row)
