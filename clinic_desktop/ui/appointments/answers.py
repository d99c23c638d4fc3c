"""The free times that were found, one below the other: a figure chooses, Enter books."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.ui.appointments.words import time_words, visit_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_key, draw_text, key_height, key_width

_SLOT: Final = Qt.ItemDataRole.UserRole
_LINE: Final = 18
_PADDING: Final = 8
FIGURES: Final = 9
Index = QModelIndex | QPersistentModelIndex


class AnswerList(QListWidget):
    """Found times; ``pointed`` tells the one chosen, ``taken`` that it is to be booked."""

    pointed = Signal(int)
    taken = Signal(bool)
    """Whether the form is to be shown first."""
    more_wanted = Signal()
    left = Signal()

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self._locale = locale
        self.slots: tuple[FreeSlot, ...] = ()
        self._more = False
        self._aim = 0
        self.setProperty("keys_area", _("Free times"))
        self.setAccessibleName(_("Free times"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_AnswerDelegate(theme, self))
        self.setMinimumHeight(_LINE * 5)
        self.currentRowChanged.connect(self._point)
        self.itemClicked.connect(self._clicked)
        self.itemDoubleClicked.connect(lambda _item: self.take())
        theme.changed.connect(self.viewport().update)

    def show_slots(self, slots: Sequence[FreeSlot], *, more: bool) -> None:
        """Show these; the one chosen before stays chosen where it is still there."""
        before = self.chosen()
        self.slots, self._more = tuple(slots), more
        self.blockSignals(True)
        self.clear()
        for number, slot in enumerate(self.slots, start=1):
            item = QListWidgetItem(self._spoken(number, slot))
            item.setData(_SLOT, (number, *self._lines(slot)))
            self.addItem(item)
        if more:
            item = QListWidgetItem(_("More…"))
            item.setData(_SLOT, (0, _("More…")))
            self.addItem(item)
        place = self._aim
        if before is not None and self._aim == 0:
            same = [n for n, one in enumerate(self.slots) if one == before]
            place = same[0] if same else 0
        self._aim = 0
        self.setCurrentRow(min(place, len(self.slots) - 1))
        self.blockSignals(False)
        self.pointed.emit(self.currentRow())

    def chosen(self) -> FreeSlot | None:
        """Return the free time that Enter books."""
        place = self.currentRow()
        return self.slots[place] if 0 <= place < len(self.slots) else None

    def _lines(self, slot: FreeSlot) -> tuple[str, ...]:
        second = " · ".join(filter(None, (slot.provider, slot.chair)))
        then = (visit_words((one,), self._locale) for one in slot.then)
        return (time_words(slot, self._locale), second, *then)

    def _spoken(self, number: int, slot: FreeSlot) -> str:
        return ", ".join((str(number), *self._lines(slot)))

    # -- keys and mouse ------------------------------------------------------------------------

    def take(self, *, shown_first: bool = False) -> None:
        """Book the chosen time, or ask for more where that is chosen."""
        if self.chosen() is not None:
            self.taken.emit(shown_first)
        elif self._more and self.currentRow() == len(self.slots):
            self.ask_more()

    def ask_more(self) -> None:
        """Ask for further times; the first of them is chosen when they come."""
        if self._more:
            self._aim = len(self.slots)
            self.more_wanted.emit()

    def _point(self, place: int) -> None:
        if 0 <= place < len(self.slots):
            self.pointed.emit(place)

    def _clicked(self, _item: QListWidgetItem) -> None:
        if self.chosen() is None:
            self.take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by figure, book with Enter, go back with Esc; other keys are the calendar's."""
        key, modifiers = event.key(), event.modifiers()
        figure = key - Qt.Key.Key_0.value
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        plain = modifiers in (Qt.KeyboardModifier.NoModifier, _KEYPAD)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take(shown_first=shift)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif plain and 1 <= figure <= min(len(self.slots), FIGURES):
            self.setCurrentRow(figure - 1)
        elif key in _WALK:
            super().keyPressEvent(event)
        else:
            event.ignore()


class _AnswerDelegate(QStyledItemDelegate):
    """Draws a time with its figure, and with whom and where below it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        _number, *lines = index.data(_SLOT)
        height = len(lines) * _LINE + 2 * _PADDING
        return QSize(0, round(height * max(1.0, self._theme.scale)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line of the list."""
        theme = self._theme
        number, first, *below = index.data(_SLOT)
        whole: QRectF = QRectF(option.rect)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(whole, theme.color("accent_soft" if selected else "surface"))
        if selected:
            bar = QRectF(whole.left(), whole.top(), 3, whole.height())
            painter.fillRect(bar, theme.color("accent"))
        line = QRectF(whole.left(), whole.bottom() - 1, whole.width(), 1)
        painter.fillRect(line, theme.color("border"))
        left = whole.left() + 12
        if 1 <= number <= FIGURES:
            width = key_width(str(number), theme)
            box = QRectF(left, whole.center().y() - key_height(theme) / 2, width, key_height(theme))
            draw_key(
                painter, box, str(number), theme,
                ink=theme.color("text_2"), line=theme.color("border_control"),
            )  # fmt: skip
        left += 28
        height = theme.line_height("body")
        top = whole.top() + _PADDING
        room = QRectF(left, top, whole.right() - left - 8, height)
        face = theme.face("body", True, weight=600 if number else 500)
        draw_text(painter, room, first, face, theme.color("text" if number else "accent"))
        for words in below:
            room = room.translated(0, _LINE)
            draw_text(painter, room, words, theme.face("small", True), theme.color("text_2"))
        painter.restore()


_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
_WALK: Final = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
