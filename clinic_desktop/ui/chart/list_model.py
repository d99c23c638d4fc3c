"""The table model of the list beside the teeth: holds rows, fetches nothing."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.domain.teeth.describe import STATUS_WORDS
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.letter_badge import BADGE_ROLE, letter_of
from clinic_desktop.ui.chart.list_rows import ListRow
from clinic_desktop.ui.widgets.cells import Cell, Roles, money_cell, none_cell, unknown_cell

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Column(IntEnum):
    """The columns of the list."""

    TOOTH = 0
    SURFACES = 1
    WHAT = 2
    STATUS = 3
    FEE = 4


class ListModel(QAbstractTableModel):
    """Rows of the list; a row that somebody else just changed flashes until the next change."""

    def __init__(self, writing: Writing, amount: Callable[[int], str]) -> None:
        """``amount`` writes a fee in minor units."""
        super().__init__()
        self._writing = writing
        self._amount = amount
        self._rows: tuple[ListRow, ...] = ()
        self._flashing: frozenset[UUID] = frozenset()
        self._heads = (_("Tooth"), _("Surfaces"), _("What"), _("Status"), _("Fee"))

    @property
    def locale(self) -> str:
        """How surfaces are written here."""
        return self._writing.locale

    def show(self, rows: Sequence[ListRow], *, flashing: frozenset[UUID] = frozenset()) -> bool:
        """Show these rows; return whether anything changed."""
        if tuple(rows) == self._rows and flashing == self._flashing:
            return False
        self.beginResetModel()
        self._rows = tuple(rows)
        self._flashing = flashing
        self.endResetModel()
        return True

    def row_at(self, index: Index) -> ListRow | None:
        """Return the row of an index."""
        return self._rows[index.row()] if index.isValid() else None

    def place_of(self, item_id: UUID) -> int:
        """Return the place of an entry, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.id == item_id), -1)

    def rows(self) -> tuple[ListRow, ...]:
        """Return what is shown."""
        return self._rows

    def rowCount(self, parent: Index = _TOP) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heads, for screen readers; they are not drawn."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let everything but headings and the preview be chosen."""
        row = self.row_at(index)
        if row is None or row.id is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row = self.row_at(index)
        if row is None:
            return None
        if row.is_heading:
            return self._of_heading(row, index.column(), role)
        if role == Roles.CELL:
            return self._cell(row, Column(index.column()))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, Column(index.column()))
        if role == Roles.FLASH:
            return row.id is None or row.id in self._flashing
        if role == BADGE_ROLE and index.column() == Column.STATUS and row.status is not None:
            return row.status, letter_of(row.status, row.paint)
        return None

    def _of_heading(self, row: ListRow, column: int, role: int) -> Any:
        if role == Roles.GROUP:
            return row.title
        return row.title if role == Qt.ItemDataRole.DisplayRole and column == 0 else None

    def _words(self, row: ListRow, column: Column) -> str:
        if column is Column.STATUS and row.status is not None:
            return _(STATUS_WORDS[row.status])
        if column is Column.TOOTH:
            return self._cell(row, column).text
        return self._cell(row, column).spoken()

    def _cell(self, row: ListRow, column: Column) -> Cell:
        role = "text_3" if row.quiet else "text"
        if column is Column.TOOTH:
            tooth = self._writing.teeth([row.tooth]).upper() if row.tooth is not None else ""
            # The surfaces below the tooth: beside it they would take the words of the treatment.
            second = self._surfaces(row) if tooth else ""
            return Cell(tooth, second=second, size="strong", tabular=True, role=role)
        if column is Column.SURFACES:
            return Cell(self._surfaces(row), size="small")
        if column is Column.WHAT:
            return Cell(row.title, second=row.second, strike=row.quiet, role=role)
        if column is Column.FEE:
            return self._fee(row)
        return Cell()

    def _surfaces(self, row: ListRow) -> str:
        fdis = [row.tooth] if row.tooth is not None else []
        return self._writing.surfaces(row.surfaces, fdis).upper()

    def _fee(self, row: ListRow) -> Cell:
        if row.fee is not None:
            return money_cell(self._amount(row.fee), role="text")
        return unknown_cell(_("No fee"), right=True) if row.priced else none_cell(right=True)
