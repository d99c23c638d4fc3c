"""Tables: rows to compare, driven by keys, drawn by the cell delegate."""

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cell_delegate import PADDING, CellDelegate, RowView
from clinic_desktop.ui.widgets.cells import Roles, can_choose
from clinic_desktop.ui.widgets.column_widths import ColumnWidths
from clinic_desktop.ui.widgets.table_header import TableHeader

_ALT: Final = Qt.KeyboardModifier.AltModifier


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
        self.cell_delegate = CellDelegate(theme, self, two_lines=two_lines)
        self._widths = ColumnWidths(self, self.cell_delegate, theme)
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
        self._widths.fit(stretch=stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._widths.share()

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
        return can_choose(self.model().index(row, 0))

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
