"""Draws the cells of every table: two lines, tags, marks of a search, bars, hatches."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from clinic_desktop.ui.theme.theme import Face, Theme
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.cells import Cell, Level, Roles
from clinic_desktop.ui.widgets.labels import plain_tip
from clinic_desktop.ui.widgets.painting import (
    TagSpec,
    draw_bar,
    draw_highlights,
    draw_icon,
    draw_tag,
    draw_text,
    tag_height,
    tag_width,
)

PADDING: Final = 10
_ICON: Final = 16
_GAP: Final = 6
_SKELETON: Final = (0.72, 0.9, 0.62, 0.8, 0.68)
_SKELETON_HEIGHT: Final = 10
_LEAST_TAG: Final = 14  # less shows no letter
_LONGEST_FIT: Final = 500  # more letters than the widest column shows
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_LEVEL_WIDTH: Final = 96
_LEVEL_HEIGHT: Final = 6

Index = QModelIndex | QPersistentModelIndex


class RowView(QTableView):
    """What the delegate asks a table: which row is below the pointer, which has the ring."""

    hovered_row = -1
    ringed_row = -1
    first_column = 0
    last_column = 0


class CellDelegate(QStyledItemDelegate):
    """Paints ``Cell`` objects (role ``Roles.CELL``) or plain ``DisplayRole`` text."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, two_lines: bool = False
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.two_lines = two_lines
        self._view = parent if isinstance(parent, RowView) else None

    def row_height(self) -> int:
        """Return the height of a row for the density in force."""
        base = self.theme.height("row")
        return base + 12 if self.two_lines else base

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's signature
        """Return the room the content wants, so that columns can fit it."""
        return QSize(round(self.natural_width(index) + 0.5), self.row_height())

    def natural_width(self, index: Index) -> float:
        """Return the width at which nothing in the cell is cut."""
        cell = self._cell(index)
        width = 2.0 * PADDING
        if cell.icon is not None:
            width += _ICON + _GAP
        if cell.unknown is not None:
            return width + tag_width(TagSpec("unknown", cell.unknown), self.theme)
        if cell.level is not None:
            width += _LEVEL_WIDTH + PADDING
        first = self._face(cell).metrics.horizontalAdvance(cell.text[:_LONGEST_FIT])
        first += self.theme.face("body", True).metrics.horizontalAdvance(cell.after)
        first += sum(tag_width(tag, self.theme) + _GAP for tag in cell.tags)
        small = self.theme.face("small", True).metrics.horizontalAdvance(cell.second)
        return width + max(first, small) + 1

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Say to a resting pointer what a narrow column cuts."""
        own = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
        if own or not index.isValid():
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), self.tip_of(index, option.rect.width()), view)
        return True

    def tip_of(self, index: Index, width: int) -> str:
        """Return the whole of a cell that has no room for it, or an empty text."""
        if index.data(Roles.GROUP) or self.natural_width(index) <= width:
            return ""
        return plain_tip(self._cell(index).spoken())

    # -- drawing ----------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell: ground, content, line below, bar and focus of its row."""
        rect: QRect = option.rect
        cell = index.data(Roles.CELL)
        if not isinstance(cell, Cell):
            heading = index.data(Roles.GROUP)
            if heading:
                self._draw_heading(painter, rect, str(heading))
                return
            if index.data(Roles.LOADING):
                self._draw_skeleton(painter, rect, index)
                return
            cell = _plain_cell(index)
        chosen = bool(option.state.value & _SELECTED)
        self._draw_ground(painter, rect, index, chosen=chosen)
        self._draw_cell(painter, QRectF(rect), cell)
        self._draw_edges(painter, rect, index, chosen=chosen)

    def _cell(self, index: Index) -> Cell:
        cell = index.data(Roles.CELL)
        return cell if isinstance(cell, Cell) else _plain_cell(index)

    def _face(self, cell: Cell) -> Face:
        return self.theme.face(cell.size, cell.tabular, cell.identifier)

    def _draw_ground(self, painter: QPainter, rect: QRect, index: Index, *, chosen: bool) -> None:
        if chosen:
            painter.fillRect(rect, self.theme.color("accent_soft"))
        elif self._view is None:
            painter.fillRect(rect, self.theme.color("surface"))
        elif self._view.hovered_row == index.row():
            painter.fillRect(rect, self.theme.color("hover"))
        self._draw_line(painter, rect)

    def _draw_cell(self, painter: QPainter, rect: QRectF, cell: Cell) -> None:
        box = rect.adjusted(PADDING, 0, -PADDING, -1)
        if cell.band:
            band = tokens().border["band"]
            painter.fillRect(QRectF(rect.left(), rect.top(), band, rect.height() - 1),
                             self.theme.color(cell.band))  # fmt: skip
        if cell.unknown is not None:
            self._draw_tags(painter, box, (TagSpec("unknown", cell.unknown),), right=cell.right)
            return
        if _is_plain(cell):
            draw_text(
                painter, box, cell.text, self._face(cell), self.theme.color(cell.role),
                align=_align(cell),
            )  # fmt: skip
            return
        first, second = self._lines(box, two=bool(cell.second))
        if cell.icon is not None:
            at = QPointF(first.left(), round(first.center().y() - _ICON / 2))
            draw_icon(painter, at, cell.icon, cell.icon_role, self.theme, _ICON)
            first.setLeft(first.left() + _ICON + _GAP)
            second.setLeft(first.left())
        if cell.level is not None:
            self._draw_level(painter, first, cell.level)
            first.setLeft(first.left() + _LEVEL_WIDTH + PADDING)
        self._draw_first(painter, first, cell)
        if cell.second:
            draw_text(
                painter, second, cell.second, self.theme.face("small", True),
                self.theme.color("text_2"), align=_align(cell),
            )  # fmt: skip

    def _lines(self, box: QRectF, *, two: bool) -> tuple[QRectF, QRectF]:
        """Return the rectangles of the first and the second line."""
        if not two:
            return QRectF(box), QRectF(box)
        body, small = self.theme.line_height("body"), self.theme.line_height("small")
        top = box.top() + (box.height() - body - small) / 2
        first = QRectF(box.left(), top, box.width(), body)
        return first, QRectF(box.left(), top + body, box.width(), small)

    def _draw_first(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        tags = sum(tag_width(tag, self.theme) + _GAP for tag in cell.tags)
        grey = self.theme.face("body", True)
        after = grey.metrics.horizontalAdvance(cell.after)
        room = QRectF(box)
        if cell.text:
            room.setWidth(max(24.0, box.width() - tags - after))
            if cell.right:
                room.moveRight(box.right())
            face = self._face(cell)
            if cell.highlights and not cell.right:
                draw_highlights(painter, room, cell.text, face.font, cell.highlights, self.theme)
            taken = draw_text(
                painter, room, cell.text, face, self.theme.color(cell.role),
                align=_align(cell), strike=cell.strike,
            )  # fmt: skip
            box.setLeft(box.left() + taken)
        if cell.after:
            ink = self.theme.color("text_3")
            box.setLeft(box.left() + draw_text(painter, box, cell.after, grey, ink))
        if cell.tags:
            if cell.text:
                box.setLeft(box.left() + _GAP)
            self._draw_tags(painter, box, cell.tags, right=cell.right and not cell.text)

    def _draw_tags(
        self, painter: QPainter, box: QRectF, tags: tuple[TagSpec, ...], *, right: bool
    ) -> None:
        height = tag_height(self.theme)
        left = box.left()
        if right:
            left = max(left, box.right() - sum(tag_width(tag, self.theme) for tag in tags))
        for tag in tags:
            width = min(tag_width(tag, self.theme), box.right() - left)
            if width < _LEAST_TAG:
                break
            top = round(box.center().y() - height / 2)
            draw_tag(painter, QRectF(round(left), top, width, height), tag, self.theme)
            left += width + _GAP

    def _draw_level(self, painter: QPainter, box: QRectF, level: Level) -> None:
        top = round(box.center().y() - _LEVEL_HEIGHT / 2)
        whole = QRectF(box.left(), top, _LEVEL_WIDTH, _LEVEL_HEIGHT)
        draw_bar(painter, whole, self.theme.color("grid" if self.theme.is_contrast else "sunken"))
        part = max(0.0, min(1.0, level.part))
        if part > 0:
            filled = QRectF(box.left(), top, max(4.0, _LEVEL_WIDTH * part), _LEVEL_HEIGHT)
            draw_bar(painter, filled, self.theme.color(level.role))
        if level.mark is not None:
            at = box.left() + _LEVEL_WIDTH * max(0.0, min(1.0, level.mark))
            painter.fillRect(
                QRectF(at - 1, top - 4, 2, _LEVEL_HEIGHT + 8), self.theme.color("text")
            )

    def _draw_heading(self, painter: QPainter, rect: QRect, words: str) -> None:
        """Draw this cell's slice of a heading that runs across all columns."""
        painter.save()
        painter.fillRect(rect, self.theme.color("canvas"))
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        whole = QRect(rect)
        if self._view is not None:
            whole.setLeft(-self._view.horizontalScrollBar().value())
            whole.setRight(max(self._view.viewport().width(), rect.right()))
        box = QRectF(whole).adjusted(PADDING, 0, -PADDING, 0)
        face = self.theme.face("micro", weight=600)
        draw_text(painter, box, words, face, self.theme.color("text_2"))
        painter.restore()
        self._draw_line(painter, rect)

    def _draw_skeleton(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.fillRect(rect, self.theme.color("surface"))
        part = _SKELETON[(index.row() + 2 * index.column()) % len(_SKELETON)]
        width = max(8.0, (rect.width() - 2 * PADDING) * part)
        top = rect.center().y() - _SKELETON_HEIGHT / 2
        colour = self.theme.color("grid" if self.theme.is_contrast else "sunken")
        draw_bar(painter, QRectF(rect.left() + PADDING, top, width, _SKELETON_HEIGHT), colour)
        self._draw_line(painter, rect)

    def _draw_line(self, painter: QPainter, rect: QRect) -> None:
        """Draw the line below a cell; a table draws its own, one for each row."""
        if self._view is not None:
            return
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self.theme.color("grid"))

    def _draw_edges(self, painter: QPainter, rect: QRect, index: Index, *, chosen: bool) -> None:
        """Draw the bar of a chosen or just changed row and the ring of the current one."""
        first, last, current = True, True, False
        if self._view is not None:
            column = index.column()
            first, last = column == self._view.first_column, column == self._view.last_column
            current = index.row() == self._view.ringed_row
        if current or (chosen and self.theme.is_contrast):
            role = "focus" if current else "accent"
            self._draw_frame(painter, rect, role, first=first, last=last)
        if first and (chosen or index.data(Roles.FLASH)):
            self._draw_bar(painter, rect, "accent" if chosen else "focus", inside=current)

    def _draw_bar(self, painter: QPainter, rect: QRect, role: str, *, inside: bool) -> None:
        """Draw the 3 px bar at the left of a row, inside the ring where there is one."""
        ring = tokens().focus["width"] if inside else 0
        bar = QRect(rect.left() + ring, rect.top(), tokens().border["bar"], rect.height() - 1)
        painter.fillRect(bar.adjusted(0, ring, 0, -ring), self.theme.color(role))

    def _draw_frame(
        self, painter: QPainter, rect: QRect, role: str, *, first: bool, last: bool
    ) -> None:
        width = tokens().focus["width"]
        colour = self.theme.color(role)
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), width), colour)
        painter.fillRect(QRect(rect.left(), rect.bottom() - width, rect.width(), width), colour)
        if first:
            painter.fillRect(QRect(rect.left(), rect.top(), width, rect.height() - 1), colour)
        if last:
            right = rect.right() - width + 1
            painter.fillRect(QRect(right, rect.top(), width, rect.height() - 1), colour)


def _plain_cell(index: Index) -> Cell:
    """Return the cell of a model that knows only the roles of Qt."""
    shown = index.data(Qt.ItemDataRole.DisplayRole)
    right = is_right(index.data(Qt.ItemDataRole.TextAlignmentRole))
    return Cell("" if shown is None else str(shown), right=right, tabular=right)


def _is_plain(cell: Cell) -> bool:
    """Return whether the cell is one line of text and nothing else, as most are."""
    return not (
        cell.second or cell.after or cell.icon or cell.tags or cell.highlights
        or cell.strike or cell.level is not None
    )  # fmt: skip


def is_right(align: object) -> bool:
    """Return whether what a model answers for ``TextAlignmentRole`` is right-aligned."""
    return isinstance(align, int) and bool(align & int(Qt.AlignmentFlag.AlignRight))


def _align(cell: Cell) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
