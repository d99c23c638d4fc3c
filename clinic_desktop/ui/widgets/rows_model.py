"""A table model over a tuple of rows: it holds them, says a cell in a picture and in words."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt

from clinic_desktop.i18n import _
from clinic_desktop.ui.widgets.cells import Cell, Roles
from clinic_desktop.ui.widgets.table import TableView

T = TypeVar("T")


class RowsModel(QAbstractTableModel, Generic[T]):
    """Holds rows and fetches nothing.

    ``columns`` maps each column to its untranslated title, ``cell`` draws one, ``key`` tells rows
    apart. Titles of ``right`` columns stand at the right, as their figures do.
    """

    def __init__(
        self,
        columns: Mapping[Any, str],
        cell: Callable[[T, Any], Cell],
        *,
        key: Callable[[T], Hashable],
        right: frozenset[Any] = frozenset(),
    ) -> None:
        super().__init__()
        self._columns = dict(columns)
        self._cell = cell
        self._key = key
        self._right = right
        self._rows: Sequence[T] = ()

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rows(self) -> tuple[T, ...]:
        """Return what is shown."""
        return tuple(self._rows)

    def row(self, row: int) -> T | None:
        """Return the row at a place, None when there is none."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, key: Hashable) -> int:
        """Return where a row stands, -1 when it is not shown."""
        places = range(self.rowCount())
        return next((n for n in places if (row := self.row(n)) is not None
                     and self._key(row) == key), -1)  # fmt: skip

    def set_titles(self, columns: Mapping[Any, str]) -> None:
        """Show other words over the columns."""
        self._columns = dict(columns)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def redraw(self) -> None:
        """Say that cells look different now, though the rows are the same."""
        if self.rowCount():
            last = self.index(self.rowCount() - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the words over a column and on which side they stand."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = list(self._columns)[section]
        if role == Qt.ItemDataRole.DisplayRole:
            title = self._columns[column]
            return _(title) if title else ""
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self._right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a cell, or the same in words."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None or role not in (Roles.CELL, Qt.ItemDataRole.DisplayRole):
            return None
        cell = self._cell(row, list(self._columns)[index.column()])
        return cell if role == Roles.CELL else cell.spoken()


def keep_place(view: TableView, model: RowsModel[T], rows: Sequence[T]) -> None:
    """Show other rows in a table whose chosen row and scroll position stay where they are."""
    before = model.row(view.current_row().row())
    key = None if before is None else model._key(before)  # noqa: SLF001 - this module's own class
    place = view.current_row().row()
    scrolled = QPoint(view.horizontalScrollBar().value(), view.verticalScrollBar().value())
    model.set_rows(rows)
    found = model.row_of(key) if before is not None else -1
    if found < 0 and before is not None:
        found = min(place, len(rows) - 1)
    if found >= 0:
        view.choose_row(found)
    view.horizontalScrollBar().setValue(scrolled.x())
    view.verticalScrollBar().setValue(scrolled.y())
