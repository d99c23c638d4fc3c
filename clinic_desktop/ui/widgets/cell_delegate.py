"""Draws the cells of every table: two lines, tags, marks of a search, bars, hatches."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.cells import Cell, Level, Roles
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
_LEVEL_WIDTH: Final = 96
_LEVEL_HEIGHT: Final = 6

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints ``Cell`` objects (role ``Roles.CELL``) or plain ``DisplayRole`` text."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, two_lines: bool = False
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.two_lines = two_lines

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
            width += _LEVEL_WIDTH
        first = QFontMetricsF(self._font(cell)).horizontalAdvance(cell.text)
        first += QFontMetricsF(self.theme.font("body", True)).horizontalAdvance(cell.after)
        first += sum(tag_width(tag, self.theme) + _GAP for tag in cell.tags)
        small = QFontMetricsF(self.theme.font("small", True)).horizontalAdvance(cell.second)
        return width + max(first, small) + 1

    # -- drawing ----------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell: ground, content, line below, bar and focus of its row."""
        painter.save()
        heading = index.data(Roles.GROUP)
        if heading:
            self._draw_heading(painter, option.rect, str(heading))
        elif index.data(Roles.LOADING):
            self._draw_skeleton(painter, option.rect, index)
        else:
            self._draw_ground(painter, option, index)
            self._draw_cell(painter, QRectF(option.rect), self._cell(index))
            self._draw_edges(painter, option, index)
        self._draw_line(painter, option.rect)
        painter.restore()

    def _cell(self, index: Index) -> Cell:
        cell = index.data(Roles.CELL)
        if isinstance(cell, Cell):
            return cell
        shown = index.data(Qt.ItemDataRole.DisplayRole)
        right = is_right(index.data(Qt.ItemDataRole.TextAlignmentRole))
        return Cell("" if shown is None else str(shown), right=right, tabular=right)

    def _font(self, cell: Cell) -> QFont:
        return self.theme.font(cell.size, cell.tabular, identifier=cell.identifier)

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state = _state(option)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self.theme.color("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver or self._hovered(index):
            painter.fillRect(option.rect, self.theme.color("hover"))
        else:
            painter.fillRect(option.rect, self.theme.color("surface"))

    def _hovered(self, index: Index) -> bool:
        return getattr(self.parent(), "hovered_row", -1) == index.row()

    def _draw_cell(self, painter: QPainter, rect: QRectF, cell: Cell) -> None:
        box = rect.adjusted(PADDING, 0, -PADDING, -1)
        if cell.band:
            band = tokens().border["band"]
            painter.fillRect(QRectF(rect.left(), rect.top(), band, rect.height() - 1),
                             self.theme.color(cell.band))  # fmt: skip
        if cell.unknown is not None:
            self._draw_tags(painter, box, (TagSpec("unknown", cell.unknown),), right=cell.right)
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
                painter, second, cell.second, self.theme.font("small", True),
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
        after = QFontMetricsF(self.theme.font("body", True)).horizontalAdvance(cell.after)
        room = QRectF(box)
        if cell.text:
            room.setWidth(max(24.0, box.width() - tags - after))
            if cell.right:
                room.moveRight(box.right())
            font = self._font(cell)
            if cell.highlights and not cell.right:
                draw_highlights(painter, room, cell.text, font, cell.highlights, self.theme)
            taken = draw_text(
                painter, room, cell.text, font, self.theme.color(cell.role),
                align=_align(cell), strike=cell.strike,
            )  # fmt: skip
            box.setLeft(box.left() + taken)
        if cell.after:
            grey = self.theme.color("text_3")
            box.setLeft(
                box.left()
                + draw_text(painter, box, cell.after, self.theme.font("body", True), grey)
            )
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
        painter.fillRect(rect, self.theme.color("canvas"))
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        table = self.parent()
        if isinstance(table, QTableView):
            rect = QRect(rect)
            rect.setLeft(-table.horizontalScrollBar().value())
            rect.setRight(max(table.viewport().width(), rect.right()))
        box = QRectF(rect).adjusted(PADDING, 0, -PADDING, 0)
        font = self.theme.font("micro", weight=600)
        draw_text(painter, box, words, font, self.theme.color("text_2"))

    def _draw_skeleton(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.fillRect(rect, self.theme.color("surface"))
        part = _SKELETON[(index.row() + 2 * index.column()) % len(_SKELETON)]
        width = max(8.0, (rect.width() - 2 * PADDING) * part)
        top = rect.center().y() - _SKELETON_HEIGHT / 2
        colour = self.theme.color("grid" if self.theme.is_contrast else "sunken")
        draw_bar(painter, QRectF(rect.left() + PADDING, top, width, _SKELETON_HEIGHT), colour)

    def _draw_line(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(QPen(self.theme.color("grid"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _draw_edges(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the bar of a chosen or just changed row and the ring of the current one."""
        rect: QRect = option.rect
        state = _state(option)
        first, last = self._ends(index)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        current = self._is_current(index)
        if current or (chosen and self.theme.is_contrast):
            role = "focus" if current else "accent"
            self._draw_frame(painter, rect, role, first=first, last=last)
        if first and (chosen or index.data(Roles.FLASH)):
            role = "accent" if chosen else "focus"
            left = rect.left() + (tokens().focus["width"] if current else 0)
            bar = QRect(left, rect.top(), tokens().border["bar"], rect.height() - 1)
            if current:
                bar.adjust(0, tokens().focus["width"], 0, -tokens().focus["width"])
            painter.fillRect(bar, self.theme.color(role))

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

    def _ends(self, index: Index) -> tuple[bool, bool]:
        """Return whether the cell is the first and the last one seen in its row."""
        table: Any = self.parent()
        if not isinstance(table, QTableView):
            return True, True
        header = table.horizontalHeader()
        order = [
            column
            for column in (header.logicalIndex(place) for place in range(header.count()))
            if not header.isSectionHidden(column)
        ]
        return index.column() == order[0], index.column() == order[-1]

    def _is_current(self, index: Index) -> bool:
        """Return whether the focus is on this row, shown when the table is used by keys."""
        table: Any = self.parent()
        if not isinstance(table, QTableView) or not table.hasFocus():
            return False
        return bool(table.currentIndex().row() == index.row())


def is_right(align: object) -> bool:
    """Return whether what a model answers for ``TextAlignmentRole`` is right-aligned."""
    return isinstance(align, int) and bool(align & int(Qt.AlignmentFlag.AlignRight))


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state


def _align(cell: Cell) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
