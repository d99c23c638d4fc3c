"""The small pictures side by side: the model that holds them and the delegate that draws them."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.services.documents.schemas import AttachmentRow
from clinic_desktop.ui.documents.words import kind_words, where_and_when
from clinic_desktop.ui.images.loading import SMOOTH
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

if TYPE_CHECKING:
    from clinic_desktop.services.context import Who

_PADDING: Final = 8
_LINES: Final = 40
SIZES: Final = {"small": 96, "middle": 152, "large": 232}
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_MOST_BYTES: Final = 96 * 1024 * 1024


class ThumbRoles(IntEnum):
    """What the delegate asks for."""

    ROW = Qt.ItemDataRole.UserRole + 1
    PICTURE = Qt.ItemDataRole.UserRole + 2


class ThumbsModel(QAbstractListModel):
    """Holds the rows and their small pictures; fetches nothing."""

    def __init__(self, who: "Who") -> None:
        super().__init__()
        self._who = who
        self._rows: tuple[AttachmentRow, ...] = ()
        self._pictures: dict[UUID, QImage] = {}
        self._arrived = False

    def set_rows(self, rows: Sequence[AttachmentRow]) -> None:
        """Show other images."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def set_pictures(self, pictures: Mapping[UUID, QImage]) -> None:
        """Take the small pictures, by the stored file's id."""
        self._pictures = dict(pictures)
        self._arrived = True
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def clear(self) -> None:
        """Forget everything: another patient comes."""
        self._pictures, self._arrived = {}, False
        self.set_rows(())

    def rows(self) -> tuple[AttachmentRow, ...]:
        """Return what is shown."""
        return self._rows

    def row(self, place: int) -> AttachmentRow | None:
        """Return the image at a place, None when there is none."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, attachment_id: UUID) -> int:
        """Return where an image stands, -1 when it is not shown."""
        return next((n for n, row in enumerate(self._rows) if row.id == attachment_id), -1)

    def lacks_picture(self, row: AttachmentRow) -> bool:
        """Return whether it is known that there is no small picture to draw."""
        return self._arrived and row.file_id not in self._pictures

    def rowCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many images there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return an image in words, its row, or its small picture."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ThumbRoles.ROW:
            return row
        if role == ThumbRoles.PICTURE:
            return self._pictures.get(row.file_id)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            parts = (row.title, kind_words(row.kind), where_and_when(row, self._who))
            return ", ".join(part for part in parts if part)
        return None


class ThumbDelegate(QStyledItemDelegate):
    """Draws a small picture with its title, teeth and day.

    Whole cards are kept as they were drawn: a frame of five hundred copies five hundred cards.
    """

    def __init__(self, theme: Theme, who: "Who", parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._who = who
        self._cards: dict[tuple[int, int], QPixmap] = {}
        self._kept = 0
        self._ratio = 0.0
        self.side = SIZES["middle"]
        theme.changed.connect(self.forget)

    def forget(self) -> None:
        """Draw every card again: the theme changed, or the pictures did."""
        self._cards.clear()
        self._kept = 0

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Any) -> QSize:
        """Return the size of a card."""
        lines = int(_LINES * self._theme.scale)
        return QSize(self.side + 2 * _PADDING, self.side + lines + 2 * _PADDING)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one card."""
        ratio = painter.device().devicePixelRatioF()
        if ratio != self._ratio:
            self.forget()
            self._ratio = ratio
        # Plain numbers: Python's flags and a question to the model cost more than the drawing.
        key = (index.row(), option.state.value & _SELECTED)
        rect = option.rect
        card = self._cards.get(key)
        if card is None:
            row = index.data(ThumbRoles.ROW)
            card = self._card(row, index, rect.size(), ratio, chosen=bool(key[1]))
            self._keep(key, card)
        painter.drawPixmap(rect.topLeft(), card)

    def _keep(self, key: tuple[int, int], card: QPixmap) -> None:
        self._kept += card.width() * card.height() * 4
        if self._kept > _MOST_BYTES:
            self.forget()
        self._cards[key] = card

    def _card(
        self, row: AttachmentRow, index: Any, size: QSize, ratio: float, *, chosen: bool
    ) -> QPixmap:
        card = QPixmap(size * ratio)
        card.setDevicePixelRatio(ratio)
        # Without anything to see through, copying it is a third of the work.
        card.fill(self._theme.color("surface"))
        painter = QPainter(card)
        rect = QRect(QPoint(0, 0), size)
        inner = rect.adjusted(3, 3, -3, -3)
        self._ground(painter, inner, chosen)
        frame = QRect(inner.left() + 5, inner.top() + 5, self.side, self.side)
        frame.moveLeft((rect.width() - self.side) // 2)
        self._picture(painter, frame, row, index, ratio)
        self._words(painter, inner, frame, row)
        painter.end()
        return card

    def _ground(self, painter: QPainter, rect: QRect, chosen: bool) -> None:
        theme = self._theme
        painter.fillRect(rect, theme.color("accent_soft" if chosen else "surface"))
        painter.setPen(QPen(theme.color("accent" if chosen else "border"), 2 if chosen else 1))
        painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))

    def _picture(
        self, painter: QPainter, frame: QRect, row: AttachmentRow, index: Any, ratio: float
    ) -> None:
        image: QImage | None = index.data(ThumbRoles.PICTURE)
        if image is None:
            painter.fillRect(frame, self._theme.color("sunken"))
            model = index.model()
            if isinstance(model, ThumbsModel) and model.lacks_picture(row):
                # Not drawn as a dark image: nobody has seen this one.
                painter.fillRect(frame, self._theme.hatch())
                middle = QPointF(frame.center()) - QPointF(12, 12)
                draw_icon(painter, middle, "file-image", "unknown", self._theme, 24)
            return
        side = round(self.side * ratio)
        scaled = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, SMOOTH)
        scaled.setDevicePixelRatio(ratio)
        size = scaled.deviceIndependentSize()
        at = QPointF(frame.topLeft())
        at += QPointF((frame.width() - size.width()) / 2, (frame.height() - size.height()) / 2)
        painter.fillRect(frame, QColor("black"))
        painter.drawImage(at.toPoint(), scaled)

    def _words(self, painter: QPainter, inner: QRect, frame: QRect, row: AttachmentRow) -> None:
        theme = self._theme
        height = theme.line_height("small")
        line = QRectF(inner.left() + 6, frame.bottom() + 5, inner.width() - 12, height)
        draw_text(painter, line, row.title, theme.font("small"), theme.color("text"))
        line.translate(0, height)
        words = where_and_when(row, self._who)
        draw_text(painter, line, words, theme.font("small"), theme.color("text_2"))


class ThumbsView(QListView):
    """The small pictures; Enter opens, the arrows walk, several can be selected."""

    opened = Signal(int)

    def __init__(self, theme: Theme, who: "Who", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.delegate = ThumbDelegate(theme, who, self)
        self.setItemDelegate(self.delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # Every card has one size: laying out five hundred asks for it once.
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSpacing(4)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Images"))
        self.setProperty("keys_area", _("Images"))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        theme.changed.connect(self.viewport().update)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Draw every card again when its pictures arrive."""
        super().setModel(model)
        if model is not None:
            model.dataChanged.connect(self.delegate.forget)
            model.modelReset.connect(self.delegate.forget)

    def use_side(self, side: int) -> None:
        """Draw the pictures at another size."""
        self.delegate.side = side
        self.delegate.forget()
        self.scheduleDelayedItemsLayout()

    def chosen(self) -> list[int]:
        """Return the selected places in their order, or the current one."""
        places = sorted(index.row() for index in self.selectedIndexes())
        return places or ([self.currentIndex().row()] if self.currentIndex().isValid() else [])

    def choose(self, place: int) -> None:
        """Select one place and bring it into view."""
        self.setCurrentIndex(self.model().index(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; letters belong to the tab, not to a search by name."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex().row())
            return
        if event.text().strip() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)
