"""Tables: rows to compare, driven by keys, drawn by the cell delegate."""

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cell_delegate import PADDING, CellDelegate, RowView, is_right
from clinic_desktop.ui.widgets.cells import (
    Cell,
    Level,
    Roles,
    money_cell,
    name_cell,
    none_cell,
    number_cell,
    quiet,
    tag_cell,
    unknown_cell,
)
from clinic_desktop.ui.widgets.painting import TagSpec, draw_icon, draw_text

__all__ = [
    "Cell",
    "CellDelegate",
    "Level",
    "Roles",
    "TableView",
    "TagSpec",
    "money_cell",
    "name_cell",
    "none_cell",
    "number_cell",
    "quiet",
    "tag_cell",
    "unknown_cell",
]

_ARROW: Final = 14
_WIDEST: Final = 420
_READABLE: Final = 160  # the least that is left of the column that takes the rest
_FIT_ROWS: Final = 60


class TableView(RowView):
    """A table of rows.

    Enter or a double click opens, Alt+Enter shows details, Space selects, Ctrl+C copies rows,
    the menu key and the right button ask for a menu, Up on the first row goes back to the
    search above. Rows with the role ``GROUP`` or ``LOADING`` cannot be chosen.
    """

    opened = Signal(QModelIndex)
    details = Signal(QModelIndex)
    menu_asked = Signal(QModelIndex, QPoint)
    row_changed = Signal(QModelIndex)
    went_up = Signal()

    def __init__(
        self,
        *,
        theme: Theme,
        two_lines: bool = False,
        many: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._stretched: int | None = None
        self.cell_delegate = CellDelegate(theme, self, two_lines=two_lines)
        self.setItemDelegate(self.cell_delegate)
        self.setProperty("focus_ring", "none")
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(TableHeader(theme, self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()

    # -- rows -------------------------------------------------------------------------------

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Show other rows."""
        if (before := self.model()) is not None:
            before.modelReset.disconnect(self._fit_headings)
            before.rowsInserted.disconnect(self._fit_headings)
        super().setModel(model)
        if model is None:
            return
        self.selectionModel().currentRowChanged.connect(self._tell_row)
        model.modelReset.connect(self._fit_headings)
        model.rowsInserted.connect(self._fit_headings)
        self._fit_headings()

    def current_row(self) -> QModelIndex:
        """Return the current row's first cell, invalid when there is none."""
        index = self.currentIndex()
        return index.siblingAtColumn(0) if index.isValid() else QModelIndex()

    def choose_row(self, row: int) -> None:
        """Make a row current and selected and scroll to it; headings give way to the next row."""
        model = self.model()
        if model is None:
            return
        while row < model.rowCount() and not self._can_choose(row):
            row += 1
        if 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, self._leftmost()))

    def fit_columns(self, *, stretch: int | None = None) -> None:
        """Give every column the width of its content; ``stretch`` names one that takes the rest.

        Where hardly any rest is left that one stays readable, and the table scrolls sideways.
        """
        header = self.horizontalHeader()
        model = self.model()
        if model is None:
            return
        header.setStretchLastSection(stretch is None)
        self._stretched = stretch
        for column in range(model.columnCount()):
            if column == stretch:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
                continue
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            widths = [
                self.cell_delegate.natural_width(model.index(row, column))
                for row in range(min(model.rowCount(), _FIT_ROWS))
                if self._can_choose(row)
            ]
            title = header.sectionSizeFromContents(column).width()
            header.resizeSection(column, round(min(_WIDEST, max([title, *widths]))))
        self._fit_stretched()

    def _fit_stretched(self) -> None:
        """Let the one column take the rest, or keep what is readable of it."""
        header, column = self.horizontalHeader(), self._stretched
        if column is None or column >= header.count():
            return
        others = sum(
            header.sectionSize(other)
            for other in range(header.count())
            if other != column and not header.isSectionHidden(other)
        )
        least = round(_READABLE * self.theme.scale)
        modes = QHeaderView.ResizeMode
        if not others or self.viewport().width() - others >= least:
            header.setSectionResizeMode(column, modes.Stretch)
        else:
            header.setSectionResizeMode(column, modes.Interactive)
            header.resizeSection(column, least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._fit_stretched()

    def _fit_headings(
        self, _parent: QModelIndex | None = None, first: int = 0, last: int = -1
    ) -> None:
        """Give rows that are headings the height of a heading."""
        if not self.cell_delegate.two_lines:
            return
        model = self.model()
        for row in range(first, (last if last >= 0 else model.rowCount() - 1) + 1):
            heading = bool(model.index(row, 0).data(Roles.GROUP))
            wanted = self.theme.height("row") if heading else self.cell_delegate.row_height()
            if self.rowHeight(row) != wanted:
                self.setRowHeight(row, wanted)

    def _can_choose(self, row: int) -> bool:
        index = self.model().index(row, 0)
        return not index.data(Roles.GROUP) and not index.data(Roles.LOADING)

    def _leftmost(self) -> int:
        header = self.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        return next((column for column in order if not header.isSectionHidden(column)), 0)

    def _tell_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_changed.emit(current)
        self.viewport().update()  # the ring covers the whole row

    # -- keys and pointer -------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, show details, copy and leave upwards; the rest is Qt's."""
        index = self.current_row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if not index.isValid() or not (plain or event.modifiers() & _ALT):
                event.ignore()
                return
            (self.opened if plain else self.details).emit(index)
        elif event.key() == Qt.Key.Key_Up and index.row() <= 0:
            self.went_up.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            rows = self.model().rowCount() if self.model() is not None else 0
            self.choose_row(0 if event.key() == Qt.Key.Key_Home else rows - 1)
        else:
            super().keyPressEvent(event)
            self._skip_heading(event.key())
            return
        event.accept()

    def _skip_heading(self, key: int) -> None:
        """Step over rows that cannot be chosen in the direction of the arrow."""
        index = self.currentIndex()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key), 0)
        row = index.row()
        while step and 0 <= row < self.model().rowCount() and not self._can_choose(row):
            row += step
        if step and row != index.row() and 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, index.column()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row."""
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._can_choose(index.row()):
            self.opened.emit(index.siblingAtColumn(0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tone the row below the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        """Forget the toned row when the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu at the pointer, or below the row when a key asked."""
        index = self.currentIndex()
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.visualRect(index).bottomLeft() + QPoint(PADDING, 0)
        else:
            index = self.indexAt(at)
        if index.isValid():
            place = self.viewport().mapToGlobal(at)
            self.menu_asked.emit(index.siblingAtColumn(0), place)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Arrive on a row, so that the arrow keys have somewhere to start."""
        super().focusInEvent(event)
        current = self.currentIndex()
        if not current.isValid() or not self._can_choose(current.row()):
            self.choose_row(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring off the row."""
        super().focusOutEvent(event)
        self.viewport().update()

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, cells apart by tabs."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        columns = [
            column
            for column in range(self.model().columnCount())
            if not self.isColumnHidden(column)
        ]
        lines = [
            "\t".join(
                str(self.model().index(row, column).data() or "").replace("\t", " ")
                for column in columns
            )
            for row in rows
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Find out once for all cells where rows begin and end and which has the ring."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        seen = [column for column in order if not header.isSectionHidden(column)]
        self.first_column, self.last_column = (seen[0], seen[-1]) if seen else (0, 0)
        self.ringed_row = self.currentIndex().row() if self.hasFocus() else -1
        super().paintEvent(event)
        self._draw_lines()

    def _draw_lines(self) -> None:
        """Draw the line below every row that can be seen."""
        rows = self.verticalHeader()
        first = rows.visualIndexAt(0)
        if first < 0:
            return
        last = rows.visualIndexAt(self.viewport().height() - 1)
        width = min(self.horizontalHeader().length(), self.viewport().width())
        colour = self.theme.color("grid")
        painter = QPainter(self.viewport())
        for row in range(first, (last if last >= 0 else rows.count() - 1) + 1):
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.fillRect(0, bottom, width, 1, colour)
        painter.end()

    def _hover(self, row: int) -> None:
        if row == self.hovered_row:
            return
        self.hovered_row = row
        self.viewport().update()

    def _restyle(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self.theme.height("row"))
        self.verticalHeader().setDefaultSectionSize(self.cell_delegate.row_height())
        if self.model() is not None:
            self._fit_headings()
        self.viewport().update()


_ALT: Final = Qt.KeyboardModifier.AltModifier


class TableHeader(QHeaderView):
    """Column heads in the smallest type, the arrow of the sorted one beside its words.

    A line break in a title is kept: two lines have room.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSectionsClickable(False)
        self.setStretchLastSection(True)
        theme.changed.connect(self._restyle)
        self._restyle()

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802 - Qt's name
        """Draw words, arrow and the line below."""
        if not rect.isValid():
            return
        theme = self._theme
        painter.save()
        painter.fillRect(rect, theme.color("surface"))
        words = str(self._data(column, Qt.ItemDataRole.DisplayRole) or "")
        right = is_right(self._data(column, Qt.ItemDataRole.TextAlignmentRole))
        box = QRect(rect).adjusted(PADDING, 0, -PADDING, -1)
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == column
        if sorted_here and right:
            box.setRight(box.right() - _ARROW - 2)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        lines = words.split("\n")
        each = box.toRectF()
        each.setHeight(each.height() / len(lines))
        taken = 0.0
        for line in lines:
            width = draw_text(
                painter, each, line, theme.face("micro"), theme.color("text_2"), align=side
            )
            taken = max(taken, width)
            each.translate(0, each.height())
        if sorted_here:
            down = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            left = box.right() + 2 if right else box.left() + int(taken) + 4
            at = QPoint(left, box.center().y() - _ARROW // 2 + 1).toPointF()
            draw_icon(
                painter, at, "chevron-down" if down else "chevron-up", "text_2", theme, _ARROW
            )
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _data(self, column: int, role: Qt.ItemDataRole) -> object:
        if self.model() is None:
            return None
        return self.model().headerData(column, Qt.Orientation.Horizontal, role)

    def _restyle(self) -> None:
        self.setFont(self._theme.font("micro"))
        self.setFixedHeight(max(30, self._theme.height("row") - 6))
