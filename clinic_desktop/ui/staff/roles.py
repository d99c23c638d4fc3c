"""What each role allows, as a matrix; a changed tick is kept at once and can be taken back."""

from uuid import UUID

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop.domain.permissions import LABELS, Permission
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import RoleRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.staff.rights_view import RightsView
from clinic_desktop.ui.staff.roles_model import RightsModel
from clinic_desktop.ui.widgets.panel import StatePanel


class RolesSection(Section):
    """The matrix in a panel."""

    title = N_("Roles and rights")
    topics = frozenset({"staff_role"})
    logged = ("staff_role",)
    wide = True
    sentence = N_("The database itself keeps to these; whoever has a role follows at once.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._may = desk.who.may("staff.write")
        self.model = RightsModel()
        self.view = RightsView(theme=desk.theme, changeable=self._may)
        self.view.setModel(self.model)
        self.view.setProperty("keys_area", _("Rights"))
        self.view.toggled.connect(self._toggle)
        self.panel = StatePanel(_("Rights of each role"), theme=desk.theme)
        self.panel.setMinimumHeight(360)
        if not self._may:
            self.panel.set_note(_("An administrator changes these."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)

    def reload(self) -> None:
        """Ask for the roles."""
        self.panel.show_loading(_("Asking for the roles…"))
        self.desk.operations.query(self, staff.roles, self._show, failed=self._failed, key="roles")

    def _show(self, roles: tuple[RoleRow, ...]) -> None:
        index = self.view.currentIndex()
        row, column = index.row(), index.column()
        self.model.set_roles(roles)
        self.panel.show_content(self.view)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row, column))

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload)

    @Slot(QModelIndex)
    def _toggle(self, index: QModelIndex) -> None:
        permission = self.model.permission(index.row())
        if permission is None:
            return
        role = self.model.roles[index.column()]
        if not self._may:
            self.desk.messages.warn(_("Only an administrator changes what roles allow."))
        elif self.model.fixed(index.column()):
            self.desk.messages.warn(_("Administrators may do everything: this role stays whole."))
        else:
            self._set(role.id, permission, give=not self.model.has(index.row(), index.column()))

    def _set(self, role_id: UUID, permission: Permission, *, give: bool) -> None:
        """Give a right to a role or take it away, whatever else was changed meanwhile."""
        role = next((one for one in self.model.roles if one.id == role_id), None)
        if role is None:
            return
        wanted = role.permissions | {permission.value} if give else (
            role.permissions - {permission.value}
        )  # fmt: skip

        def done(version: int) -> None:
            self.model.replace(role.model_copy(update={"version": version, "permissions": wanted}))
            right, name = _(LABELS[permission]), role.name
            words = (
                _("{role} may now: {right}.") if give else _("{role} may no longer: {right}.")
            ).format(role=name, right=right)
            self.desk.messages.undoable(
                words, lambda: self._set(role_id, permission, give=not give)
            )

        def failed(error: Exception) -> None:
            self.desk.messages.warn(str(error))
            self.refresh()

        self.desk.operations.change(
            self,
            lambda ctx: staff.change_role(ctx, role.id, role.version, frozenset(wanted)),
            done,
            failed=failed,
        )

    def start_focus(self) -> None:
        """Begin in the matrix."""
        self.view.setFocus()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the matrix."""
        area = _("Rights")
        return [KeyHelp("Space", _("give or take the right"), area)] if self._may else []
