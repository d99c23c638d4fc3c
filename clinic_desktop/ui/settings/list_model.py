"""The list of sections at the left of the settings: all of them, or those a search found."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.i18n import _
from clinic_desktop.ui.settings.section import SectionEntry
from clinic_desktop.ui.widgets.cells import Cell, Roles


def folded(text: str) -> str:
    """Return a text without case and accents, for comparing."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


class SectionModel(QAbstractTableModel):
    """Holds the entries shown; the search is a filter over titles and words."""

    def __init__(self, entries: Sequence[SectionEntry]) -> None:
        super().__init__()
        self._entries = list(entries)
        self._shown = list(entries)

    def search(self, text: str) -> None:
        """Show the entries in whose title or words every word of the text begins a word."""
        wanted = folded(text).split()
        self.beginResetModel()
        self._shown = [entry for entry in self._entries if _fits(entry, wanted)]
        self.endResetModel()

    def entry(self, row: int) -> SectionEntry | None:
        """Return the entry of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, key: str) -> int:
        """Return the row of a section, -1 when it is not shown."""
        return next((row for row, e in enumerate(self._shown) if e.key == key), -1)

    def rowCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many sections are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return one column."""
        return 0 if parent.isValid() else 1

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the section as a cell or in words."""
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == Roles.CELL:
            return Cell(_(entry.title), icon=entry.icon)
        if role == Qt.ItemDataRole.DisplayRole:
            return _(entry.title)
        return None


def _fits(entry: SectionEntry, wanted: Sequence[str]) -> bool:
    words = folded(" ".join(_(text) for text in (entry.title, *entry.words))).split()
    return all(any(word.startswith(part) for word in words) for part in wanted)
