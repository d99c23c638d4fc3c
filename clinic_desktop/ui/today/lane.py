"""One lane of the board: a head with its count, and the cards that keys and clicks act on."""

from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.visit_status import KEYS, VisitStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.keymap.keymap import key_now, meant_key
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.card_delegate import CardDelegate
from clinic_desktop.ui.today.card_model import CardModel
from clinic_desktop.ui.today.cards import ERRAND_KEYS, Card, Errand, Lane
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon

ICONS: Final = {
    Lane.EXPECTED: "clock",
    Lane.WAITING: "door-open",
    Lane.CHAIRS: "armchair",
    Lane.LEAVING: "check-check",
}


class CardList(QListView):
    """The cards; letters act on the chosen one, left and right go to the next lane.

    A card is carried by press, move and release; what lies below the pointer is the screen's
    business, and Escape or a lost focus puts it back.
    """

    acted = Signal(object, object)
    """Card and the status it is to have, or the errand to run."""
    chair_asked = Signal(object)
    """Card whose patient is to be seated in a chair still to be chosen."""
    carried = Signal(object, QPoint)
    """Card that hangs at the pointer, and where that is on the screen."""
    put_down = Signal(object, QPoint)
    put_back = Signal()
    opened = Signal(object)
    """Card whose patient is to be opened."""
    stepped = Signal(int)
    """To the lane on the left (-1) or on the right (1)."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.cards = CardModel()
        self.cards.key_of = partial(key_now, self)
        self.setModel(self.cards)
        self._pressed_at: QPointF | None = None
        self._carrying: Card | None = None
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
        if self._carrying is not None:
            if event.key() == Qt.Key.Key_Escape:
                self._drop()
            return
        key, card = meant_key(self, event), self.chosen()
        wanted = KEYS.get(key) or ERRAND_KEYS.get(key)
        opened = card is not None and card.opened is not None and wanted == Errand.CALL
        if card is not None and wanted is not None and (card.visit is not None or opened):
            shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
            if shift and wanted == VisitStatus.IN_CHAIR:
                self.chair_asked.emit(card)
            else:
                self.acted.emit(card, wanted)
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        card = self.cards.card(self.indexAt(event.position().toPoint()).row())
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = (
            event.position() if left and card is not None and card.visit is not None else None
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = (event.position() - start).manhattanLength() >= QApplication.startDragDistance()
        if self._carrying is None and far:
            # The card below the press, not a card that a reload put there meanwhile.
            self._carrying = self.chosen()
        if self._carrying is not None:
            self.carried.emit(self._carrying, event.globalPosition().toPoint())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._drop()

    def _drop(self) -> None:
        """Let go of the card without doing anything."""
        self._pressed_at = None
        if self._carrying is not None:
            self._carrying = None
            self.put_back.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        carried, self._carrying, self._pressed_at = self._carrying, None, None
        if carried is not None:
            self.put_down.emit(carried, event.globalPosition().toPoint())
            return
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


# An empty lane says that it is known to be empty.
NOTHING: Final = {
    Lane.EXPECTED: N_("Nobody is expected."),
    Lane.WAITING: N_("Nobody is waiting."),
    Lane.CHAIRS: N_("Nobody is in a chair."),
    Lane.LEAVING: N_("Nobody is leaving."),
}


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
        self._nothing = Label(_(NOTHING[lane]), theme=theme, size="small", role="text_2", wrap=True)
        self._nothing.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        self.more = Button("", theme=theme, kind="quiet", small=True)
        self.more.hide()
        column.addWidget(self.more)

    def show_more(self, words: str) -> None:
        """Offer what the lane leaves out, or nothing."""
        self.more.setText(words)
        self.more.setVisible(bool(words))

    def show_cards(self, cards: tuple[Card, ...], note: str) -> None:
        """Show these cards; the chosen visit stays chosen, also when it moved in the lane."""
        before = self.list.chosen()
        row = self.list.currentIndex().row()
        self.list.cards.set_cards(cards)
        self._note.setText(note)
        self._nothing.setVisible(not cards)
        if before is not None and before.visit is not None:
            found = self.list.cards.row_of(before.visit.id)
            self.list.choose(found if found >= 0 else row)
