"""The model of the list of notes: one column, fetches nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.i18n import _
from clinic_desktop.ui.notes.rows import TAGS, NoteLine
from clinic_desktop.ui.widgets.cells import Cell, Roles
from clinic_desktop.ui.widgets.painting import TagSpec

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class NotesModel(QAbstractTableModel):
    """Lines of notes, latest first."""

    def __init__(self, moment: Callable[[datetime], str]) -> None:
        """``moment`` writes date and time."""
        super().__init__()
        self._moment = moment
        self._lines: tuple[NoteLine, ...] = ()

    def show(self, lines: Sequence[NoteLine]) -> bool:
        """Show these lines; return whether anything changed."""
        if tuple(lines) == self._lines:
            return False
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()
        return True

    def line_at(self, index: Index) -> NoteLine | None:
        """Return the line of an index."""
        return self._lines[index.row()] if index.isValid() else None

    def place_of(self, note_id: UUID) -> int:
        """Return the place of a note, or -1."""
        return next((at for at, line in enumerate(self._lines) if line.id == note_id), -1)

    def lines(self) -> tuple[NoteLine, ...]:
        """Return what is shown."""
        return self._lines

    def rowCount(self, parent: Index = _TOP) -> int:
        """Return the number of notes."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _TOP) -> int:
        """Return one."""
        return 0 if parent.isValid() else 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the head, for screen readers; it is not drawn."""
        shown = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _("Note") if shown and section == 0 else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a line shows."""
        line = self.line_at(index)
        if line is None:
            return None
        if role == Roles.CELL:
            return self._cell(line)
        return self._cell(line).spoken() if role == Qt.ItemDataRole.DisplayRole else None

    def _cell(self, line: NoteLine) -> Cell:
        when = self._moment(line.at) if line.at is not None else _("New note")
        if line.addendum:
            when = _("{moment}, addendum").format(moment=when)
        kind, icon, word = TAGS[line.state]
        tags = [TagSpec(kind, _(word), icon)]
        if line.amended:
            tags.append(TagSpec("info", _("Amended"), None))
        second = f"{line.author} · {line.excerpt}"
        return Cell(when, second=second, size="strong", tags=tuple(tags))
