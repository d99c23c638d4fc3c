"""The matrix of rights: a row for each permission, a column for each role."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.domain.permissions import LABELS, Permission
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.staff.schemas import RoleRow

ADMIN: Final = "admin"

GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (N_("Patients"), ("patients.", "documents.")),
    (N_("Calendar"), ("schedule.",)),
    (N_("Treatment"), ("clinical.", "prescriptions.")),
    (N_("Money"), ("billing.",)),
    (N_("Stock and services"), ("stock.", "catalogue.")),
    (N_("Clinic"), ("reports.", "staff.", "settings.", "audit.")),
)


def lines() -> list[str | Permission]:
    """Return headings and permissions in the order shown; belonging to the clinic goes unsaid."""
    found: list[str | Permission] = []
    for heading, starts in GROUPS:
        found.append(heading)
        found += [p for p in Permission if p.value.startswith(starts)]
    return found


class RightsModel(QAbstractTableModel):
    """Holds the roles; a tick that is changed is told by the view, which asks the service."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = lines()
        self.roles: tuple[RoleRow, ...] = ()

    def set_roles(self, roles: Sequence[RoleRow]) -> None:
        """Show other roles."""
        self.beginResetModel()
        self.roles = tuple(roles)
        self.endResetModel()

    def replace(self, role: RoleRow) -> None:
        """Show one role as it is now."""
        self.roles = tuple(role if one.id == role.id else one for one in self.roles)
        place = next(n for n, one in enumerate(self.roles) if one.id == role.id)
        self.dataChanged.emit(self.index(0, place), self.index(self.rowCount() - 1, place))

    def permission(self, row: int) -> Permission | None:
        """Return the permission of a row, None for a heading."""
        line = self.lines[row]
        return line if isinstance(line, Permission) else None

    def heading(self, row: int) -> str:
        """Return the words of a heading, empty for a permission."""
        line = self.lines[row]
        return "" if isinstance(line, Permission) else _(line)

    def has(self, row: int, column: int) -> bool:
        """Return whether a role has the permission of a row."""
        permission = self.permission(row)
        return permission is not None and permission.value in self.roles[column].permissions

    def fixed(self, column: int) -> bool:
        """Return whether a role's rights stay as they are: administrators may do everything."""
        return self.roles[column].code == ADMIN

    def rowCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's default
    ) -> int:
        """Return how many roles there are."""
        return 0 if parent.isValid() else len(self.roles)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the role over a column, the permission beside a row."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.roles[section].name
        permission = self.permission(section)
        return _(LABELS[permission]) if permission else self.heading(section)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the tick in words, for the delegate and for screen readers."""
        if not index.isValid() or self.permission(index.row()) is None:
            return None
        there = self.has(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _("Yes") if there else _("No")
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return _("{role}: {right}: {answer}").format(
                role=self.roles[index.column()].name,
                right=self.headerData(index.row(), Qt.Orientation.Vertical),
                answer=_("Yes") if there else _("No"),
            )
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Leave headings out of what can be chosen."""
        if not index.isValid() or self.permission(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
