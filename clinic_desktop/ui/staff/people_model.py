"""The table of people: name, user name, roles, and whether they can sign in."""

from enum import IntEnum
from typing import Final

from clinic_desktop.domain.passwords import user_name_of
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.staff.schemas import PersonRow
from clinic_desktop.ui.widgets.cells import Cell, name_cell, none_cell, quiet, tag_cell
from clinic_desktop.ui.widgets.rows_model import RowsModel


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


class PeopleModel(RowsModel[PersonRow]):
    """Everybody who works or worked here."""

    def __init__(self) -> None:
        super().__init__(TITLES, _cell, key=lambda person: person.id)


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
