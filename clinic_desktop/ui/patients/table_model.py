"""The rows of the patients' list; it holds them and fetches nothing."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.patients.list_schemas import Beginning
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.ui.patients.columns import TITLES, Column, cell_of
from clinic_desktop.ui.patients.marks import NO_MARKS, Marks
from clinic_desktop.ui.patients.tag_words import tags_of
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.cells import Roles

Index = QModelIndex | QPersistentModelIndex
Entry = PatientRow | str | None

SKELETONS: Final = 2
NOTHING: Final = Beginning(starred=(), recent=())
RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class PatientTableModel(QAbstractTableModel):
    """Patients found, perhaps a heading with those that sound alike, and bars for more to come.

    ``wanted_more`` is told once when the view nears the end of a list that has more.
    """

    wanted_more = Signal()

    def __init__(self, *, currency_sign: str) -> None:
        super().__init__()
        self._sign = currency_sign
        self._looks: Looks | None = None
        self._rows: list[PatientRow] = []
        self._entries: list[Entry] = []
        self._beginnings: tuple[str, ...] = ()
        self._typed = ""
        self._more = False
        self._asked = False
        self._flashing: frozenset[UUID] = frozenset()
        self._top: Beginning = NOTHING
        self._marks = NO_MARKS

    # -- what the view is given -------------------------------------------------------------

    def set_rows(
        self,
        rows: Sequence[PatientRow],
        *,
        looks: Looks,
        more: bool = False,
        typed: str = "",
        beginnings: tuple[str, ...] = (),
        top: Beginning | None = None,
    ) -> None:
        """Show other rows; ``beginnings`` are marked in the names, ``typed`` heads the similar.

        ``top`` are those starred and opened last, under headings of their own.
        """
        self.beginResetModel()
        self._looks = looks
        self._rows = list(rows)
        self._top = top or NOTHING
        self._typed, self._beginnings = typed, beginnings
        self._more, self._asked = more, False
        self._flashing = frozenset()
        self._entries = self._laid_out()
        self.endResetModel()

    def add_rows(self, rows: Sequence[PatientRow], *, more: bool) -> None:
        """Put the next page below; somebody who is there already stays where they are."""
        known = {row.id for row in self._rows}
        fresh = [row for row in rows if row.id not in known]
        self._take_bars()
        if fresh:
            start = len(self._entries)
            self.beginInsertRows(QModelIndex(), start, start + len(fresh) - 1)
            self._rows += fresh
            self._entries += fresh
            self.endInsertRows()
        self._more, self._asked = more, False
        self._put_bars()

    def renew_rows(
        self,
        rows: Sequence[PatientRow],
        *,
        looks: Looks,
        more: bool,
        top: Beginning | None = None,
    ) -> bool:
        """Show what changed in the same rows, or return False when others came or went."""
        above = top or NOTHING
        after = [*above.starred, *above.recent, *rows]
        before = [*self._top.starred, *self._top.recent, *self._rows]
        counted = (len(above.starred), len(above.recent), more)
        if counted != (len(self._top.starred), len(self._top.recent), self._more) or (
            [row.id for row in after] != [row.id for row in before]
        ):
            return False
        changed = {new.id for new, old in zip(after, before, strict=True) if new != old}
        self._looks, self._top = looks, above
        self._rows = list(rows)
        self._entries = self._laid_out()
        self.flash(frozenset(changed))
        return True

    def set_marks(self, marks: Marks) -> None:
        """Show other tags and stars on the same rows."""
        if marks == self._marks:
            return
        self._marks = marks
        if self._entries:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._entries) - 1, len(Column) - 1)
            )

    def flash(self, patients: frozenset[UUID]) -> None:
        """Mark rows that somebody else just changed; an empty set takes the marks away."""
        touched = patients | self._flashing
        self._flashing = patients
        for place, entry in enumerate(self._entries):
            if isinstance(entry, PatientRow) and entry.id in touched:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    def fetch_failed(self) -> None:
        """Let the next page be asked for again."""
        self._asked = False

    def row_at(self, place: int) -> PatientRow | None:
        """Return the patient of a row; None for headings and bars."""
        entry = self._entries[place] if 0 <= place < len(self._entries) else None
        return entry if isinstance(entry, PatientRow) else None

    def place_of(self, patient_id: UUID) -> int:
        """Return the row of a patient, or -1."""
        for place, entry in enumerate(self._entries):
            if isinstance(entry, PatientRow) and entry.id == patient_id:
                return place
        return -1

    def first_row(self) -> int:
        """Return the first row that holds a patient; 0 when there is none."""
        rows = (place for place, one in enumerate(self._entries) if isinstance(one, PatientRow))
        return next(rows, 0)

    def patients(self) -> tuple[PatientRow, ...]:
        """Return the patients shown, in their order."""
        return tuple(self._rows)

    @property
    def more(self) -> bool:
        """Whether there are more than those shown."""
        return self._more

    def _laid_out(self) -> list[Entry]:
        entries: list[Entry] = []
        for heading, rows in (
            (_("Starred"), self._top.starred),
            (_("Opened last"), self._top.recent),
        ):
            if rows:
                entries += [heading, *rows]
        if entries:
            entries.append(_("All patients"))
        entries += [row for row in self._rows if not row.sounds_like]
        alike = [row for row in self._rows if row.sounds_like]
        if alike:
            heading = _("Sounds like “{typed}”").format(typed=self._typed)
            entries += [heading, *alike]
        return entries + [None] * (SKELETONS if self._more else 0)

    def _take_bars(self) -> None:
        bars = sum(entry is None for entry in self._entries)
        if bars:
            last = len(self._entries) - 1
            self.beginRemoveRows(QModelIndex(), last - bars + 1, last)
            del self._entries[-bars:]
            self.endRemoveRows()

    def _put_bars(self) -> None:
        if self._more:
            start = len(self._entries)
            self.beginInsertRows(QModelIndex(), start, start + SKELETONS - 1)
            self._entries += [None] * SKELETONS
            self.endInsertRows()

    # -- Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Return how many rows there are, headings and bars among them."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether the next page may be asked for."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:  # noqa: ARG002 - Qt's signature
        """Tell that the view came near the end."""
        if not self._asked:
            self._asked = True
            self.wanted_more.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that patients can be chosen, headings and bars cannot."""
        if index.isValid() and isinstance(self._entries[index.row()], PatientRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the title of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return _(TITLES[column]).format(currency=self._sign)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.BALANCE:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if entry is None:
            return True if role == Roles.LOADING else None
        if isinstance(entry, str):
            return entry if role in (Roles.GROUP, Qt.ItemDataRole.DisplayRole) else None
        return self._of_patient(entry, Column(index.column()), role)

    def _of_patient(self, row: PatientRow, column: Column, role: int) -> Any:
        if role in (Roles.CELL, Qt.ItemDataRole.DisplayRole) and self._looks is not None:
            if column is Column.TAGS and role != Roles.CELL:
                return ", ".join(tag.name for tag in tags_of(row.tags, self._marks.tags))
            cell = cell_of(row, column, self._looks, self._beginnings, self._marks)
            return cell if role == Roles.CELL else cell.spoken()
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.TAGS:
            return "\n".join(tag.name for tag in tags_of(row.tags, self._marks.tags)) or None
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.BALANCE:
            return RIGHT
        if role == Roles.FLASH:
            return row.id in self._flashing
        return None


def matches_words(count: int, *, more: bool) -> str:
    """Return how many matches there are, for the note in the search field."""
    if more:
        return _("first {count} matches").format(count=count)
    return ngettext("{count} match", "{count} matches", count).format(count=count)
