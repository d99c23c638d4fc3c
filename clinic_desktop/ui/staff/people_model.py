"""The table of people: name, user name, roles, and whether they can sign in."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.domain.passwords import user_name_of
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.staff.schemas import PersonRow
from clinic_desktop.ui.widgets.cells import Cell, Roles, name_cell, none_cell, quiet, tag_cell


class Column(IntEnum):
    """The columns in their order."""

    NAME = 0
    USER = 1
    ROLES = 2
    STATE = 3


TITLES: Final = {
    Column.NAME: N_("Name"),
    Column.USER: N_("User name"),
    Column.ROLES: N_("Roles"),
    Column.STATE: N_("Sign-in"),
}


class PeopleModel(QAbstractTableModel):
    """Holds rows and fetches nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[PersonRow, ...] = ()

    def set_rows(self, rows: Sequence[PersonRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, row: int) -> PersonRow | None:
        """Return the person of a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, person_id: object) -> int:
        """Return where a person stands, -1 when not in the list."""
        return next((n for n, person in enumerate(self._rows) if person.id == person_id), -1)

    def rowCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many people there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the words over a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(TITLES[Column(section)])
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a cell, or the same in words."""
        person = self.row(index.row()) if index.isValid() else None
        if person is None:
            return None
        if role == Roles.CELL:
            return _cell(person, Column(index.column()))
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(person, Column(index.column())).spoken()
        return None


def _cell(person: PersonRow, column: Column) -> Cell:
    if column == Column.NAME:
        cell = name_cell(person.name, person.job)
        return cell if person.active else quiet(cell)
    if column == Column.USER:
        return Cell(user_name_of(person.login)) if person.login else none_cell()
    if column == Column.ROLES:
        return Cell(", ".join(sorted(person.role_names))) if person.role_names else none_cell()
    if not person.active:
        return tag_cell("plain", _("Left"), "user-x")
    if person.login is None:
        return tag_cell("dashed", _("No sign-in"))
    if person.must_change_password:
        return tag_cell("warning", _("Invited"), "mail")
    return tag_cell("success", _("Works here"), "check")
