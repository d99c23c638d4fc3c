"""The list of sections at the left of the settings: all of them, or those a search found."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.i18n import _
from clinic_desktop.ui.settings.section import SectionEntry
from clinic_desktop.ui.widgets.cells import Cell, Roles


def folded(text: str) -> str:
    """Return a text without case and accents, for comparing."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


@dataclass(frozen=True)
class Found:
    """A line of the list: a section, or with ``label`` one setting of it."""

    entry: SectionEntry
    label: str = ""
    hit: bool = True
    """Whether the search meant this line; a section also stands above what was found in it."""


class SectionModel(QAbstractTableModel):
    """Holds the lines shown; the search is a filter over titles, settings and words."""

    def __init__(self, entries: Sequence[SectionEntry]) -> None:
        super().__init__()
        self._entries = list(entries)
        self._shown = [Found(entry) for entry in entries]

    def search(self, text: str) -> None:
        """Show the sections and settings in whose words every word of the text begins a word."""
        wanted = folded(text).split()
        self.beginResetModel()
        self._shown = []
        for entry in self._entries:
            hit = _fits((entry.title, *entry.words), wanted)
            within = [
                Found(entry, one.label)
                for one in (entry.settings if wanted else ())
                if _fits((one.label, *one.words), wanted)
            ]
            if hit or within:
                self._shown += [Found(entry, hit=hit), *within]
        self.endResetModel()

    def found(self, row: int) -> Found | None:
        """Return the line of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def entry(self, row: int) -> SectionEntry | None:
        """Return the section of a row."""
        found = self.found(row)
        return found.entry if found is not None else None

    def row_of(self, key: str) -> int:
        """Return the row of a section, -1 when it is not shown."""
        return next((row for row, one in enumerate(self._shown) if one.entry.key == key), -1)

    def first_hit(self) -> int:
        """Return the first row that the search meant, -1 for none."""
        return next((row for row, one in enumerate(self._shown) if one.hit), -1)

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
        found = self.found(index.row()) if index.isValid() else None
        if found is None:
            return None
        title = _(found.label or found.entry.title)
        if role == Roles.CELL:
            if found.label:
                return Cell(title, icon="corner-up-right", role="text_2")
            return Cell(title, icon=found.entry.icon)
        if role == Qt.ItemDataRole.DisplayRole:
            if found.label:
                return _("{place}: {act}").format(place=_(found.entry.title), act=title)
            return title
        return None


def _fits(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    words = folded(" ".join(_(text) for text in texts)).split()
    return all(any(word.strip("()").startswith(part) for word in words) for part in wanted)
