"""A table model over rows that come a page at a time, under headings: it holds and draws them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from clinic_desktop.ui.widgets.cells import Cell, Roles
from clinic_desktop.ui.widgets.rows_model import RowsModel

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
SKELETONS: Final = 2


class PagedModel(RowsModel[T]):
    """Rows as far as they are known, and bars for more to come.

    Besides what every model of rows is given, ``heading`` names the group of a row, which stands
    above its first. ``wanted_more`` is told once when the view nears the end of a list that has
    more.
    """

    wanted_more = Signal()

    def __init__(
        self,
        columns: Mapping[Any, str],
        cell: Callable[[T, Any], Cell],
        *,
        key: Callable[[T], Hashable],
        heading: Callable[[T], str] | None = None,
        right: frozenset[Any] = frozenset(),
    ) -> None:
        super().__init__(columns, cell, key=key, right=right)
        self._heading = heading
        self._entries: list[T | str | None] = []
        self._headed: set[int] = set()
        self._more = self._asked = False

    # -- what the view is given -------------------------------------------------------------

    def set_rows(self, rows: Sequence[T], *, more: bool = False) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows, self._entries, self._headed = (), [], set()
        self._more, self._asked = more, False
        self._take_in(rows)
        self._entries += [None] * (SKELETONS if more else 0)
        self.endResetModel()

    def add_rows(self, rows: Sequence[T], *, more: bool) -> None:
        """Put the next page below; a row that is there already stays where it is."""
        bars = sum(entry is None for entry in self._entries)
        if bars:
            last = len(self._entries) - 1
            self.beginRemoveRows(QModelIndex(), last - bars + 1, last)
            del self._entries[-bars:]
            self.endRemoveRows()
        known = {self._key(row) for row in self._rows}
        fresh = [row for row in rows if self._key(row) not in known]
        before = len(self._entries)
        coming = len(self._laid_out(fresh)) + (SKELETONS if more else 0)
        if coming:
            self.beginInsertRows(QModelIndex(), before, before + coming - 1)
            self._take_in(fresh)
            self._entries += [None] * (SKELETONS if more else 0)
            self.endInsertRows()
        self._more, self._asked = more, False

    def fetch_failed(self) -> None:
        """Let the next page be asked for again."""
        self._asked = False

    def row(self, row: int) -> T | None:
        """Return the row at a place; None for headings and bars."""
        if not 0 <= row < len(self._entries) or row in self._headed:
            return None
        return cast("T | None", self._entries[row])

    @property
    def more(self) -> bool:
        """Whether there are more than those shown."""
        return self._more

    def _laid_out(self, rows: Sequence[T]) -> list[tuple[bool, T | str]]:
        """Return headings and rows in their order, each with whether it is a heading."""
        entries: list[tuple[bool, T | str]] = []
        before = self._heading(self._rows[-1]) if self._heading and self._rows else None
        for row in rows:
            if self._heading is not None and (words := self._heading(row)) != before:
                entries.append((True, words))
                before = words
            entries.append((False, row))
        return entries

    def _take_in(self, rows: Sequence[T]) -> None:
        start, coming = len(self._entries), self._laid_out(rows)
        self._headed |= {start + n for n, (is_heading, _entry) in enumerate(coming) if is_heading}
        self._entries += [entry for _is_heading, entry in coming]
        self._rows = (*self._rows, *rows)

    # -- Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Return how many rows there are, headings and bars among them."""
        return 0 if parent.isValid() else len(self._entries)

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether the next page may be asked for."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:  # noqa: ARG002 - Qt's signature
        """Tell that the view came near the end."""
        if not self._asked:
            self._asked = True
            self.wanted_more.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that rows can be chosen, headings and bars cannot."""
        if index.isValid() and self.row(index.row()) is not None:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell, or the same in words; a heading; that a row is on its way."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if entry is None:
            return True if role == Roles.LOADING else None
        if self.row(index.row()) is None:
            return entry if role in (Roles.GROUP, Qt.ItemDataRole.DisplayRole) else None
        return super().data(index, role)
