"""Why a key wrote nothing, said at the site where the side panel is out of sight."""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.ui.perio.sheet import PerioSheet
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon

_WIDEST: Final = 360
_EDGE: Final = 8
_AWAY: Final = 6
# What was just typed and what comes next stay readable: a tooth back, the next tooth and its first.
_BEFORE, _AFTER = 3, 4


class SiteBubble(QFrame):
    """Lies over the grid beside the site; no finger and no number that is being typed meets it."""

    def __init__(self, theme: Theme, sheet: PerioSheet) -> None:
        super().__init__(sheet.viewport())
        self._sheet = sheet
        self._cell: Cell | None = None
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(8)
        self._icons = {
            tone: Icon(icon, theme=theme, role=f"on_{tone}_soft")
            for tone, icon in (("danger", "circle-alert"), ("warning", "triangle-alert"))
        }
        self._words = {
            tone: Label(theme=theme, role=f"on_{tone}_soft", wrap=True) for tone in self._icons
        }
        for tone, icon in self._icons.items():
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(self._words[tone], 1)
        for bar in (sheet.horizontalScrollBar(), sheet.verticalScrollBar()):
            bar.valueChanged.connect(self._place)
        sheet.viewport().installEventFilter(self)
        self.hide()

    def text(self) -> str:
        """Return the sentence shown, or nothing."""
        shown = [label.text() for label in self._words.values() if not label.isHidden()]
        return "".join(shown) if not self.isHidden() else ""

    def say(self, sentence: str, cell: Cell | None, tone: str = "danger") -> None:
        """Show a sentence about a site; an empty one takes it away."""
        self._cell = cell
        if not sentence or cell is None:
            self.hide()
            return
        for other, icon in self._icons.items():
            icon.setVisible(other == tone)
            self._words[other].setVisible(other == tone)
        self._words[tone].setText(sentence)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        self.show()
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the site when the grid changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if self._cell is None or self.isHidden():
            return
        room = self._sheet.viewport().rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        width = min(_WIDEST, room.width(), self.sizeHint().width())
        layout = self.layout()
        tall = layout.heightForWidth(width) if layout is not None else -1
        size = QSize(width, max(tall, self.minimumSizeHint().height()))
        self.resize(size)
        self.move(beside(self._sheet.shown_rect(self._cell).toRect(), size, room, self.kept_free()))

    def kept_free(self) -> list[QRect]:
        """Return the boxes of the site, of those typed before it and of those that come next."""
        charting = self._sheet.charting
        cell = self._cell
        if cell is None:
            return []
        around = (charting.walk.after(cell, step) for step in range(-_BEFORE, _AFTER + 1))
        cells = {cell, *(one for one in (*around, charting.cursor) if one is not None)}
        return [self._sheet.shown_rect(one).toAlignedRect() for one in cells]


def beside(box: QRect, size: QSize, room: QRect, free: Sequence[QRect]) -> QPoint:
    """Return where something of this size covers none of the boxes, as near to one as it can.

    Where no place is free, one that leaves the box itself free.
    """
    places = sorted(_places(box, size, room), key=lambda at: _distance(box, QRect(at, size)))
    clear = [at for at in places if not any(QRect(at, size).intersects(one) for one in free)]
    off = [at for at in places if not QRect(at, size).intersects(box)]
    return next(iter(clear or off or places))


def _places(box: QRect, size: QSize, room: QRect) -> Iterator[QPoint]:
    """Yield places in the room: at every few dots above, below and to both sides of the box."""
    right, bottom = room.right() - size.width() + 1, room.bottom() - size.height() + 1
    across = {room.left(), max(room.left(), right)}
    across |= {box.center().x() - size.width() // 2, box.left() - size.width() - _AWAY}
    across |= {box.right() + 1 + _AWAY}
    down = {room.top(), max(room.top(), bottom)}
    down |= {box.bottom() + 1 + _AWAY, box.top() - size.height() - _AWAY}
    down |= set(range(room.top(), max(room.top(), bottom) + 1, _AWAY))
    for x in across:
        for y in down:
            yield QPoint(max(room.left(), min(x, right)), max(room.top(), min(y, bottom)))


def _distance(box: QRect, other: QRect) -> int:
    apart = other.center() - box.center()
    return abs(apart.x()) + 2 * abs(apart.y())
