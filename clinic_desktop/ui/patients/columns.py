"""The columns of the patients' list and what each cell of them shows."""

from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Final

from clinic_desktop.domain.names import highlights
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.ui.patients.marks import NO_MARKS, Marks
from clinic_desktop.ui.patients.tag_words import small_tags, tags_of
from clinic_desktop.ui.patients.words import HERE, STATUSES, VISITS, Looks
from clinic_desktop.ui.widgets.cells import (
    Cell,
    money_cell,
    none_cell,
    number_cell,
    quiet,
    tag_cell,
    unknown_cell,
)


class Column(IntEnum):
    """The columns from left to right."""

    NAME = 0
    BORN = 1
    NUMBER = 2
    PHONE = 3
    NEXT = 4
    LAST = 5
    BALANCE = 6
    ALERTS = 7
    STATUS = 8
    TAGS = 9


TITLES: Final = {
    Column.NAME: N_("Name"),
    Column.BORN: N_("Born, age"),
    Column.NUMBER: N_("No."),
    Column.PHONE: N_("Phone"),
    Column.NEXT: N_("Next visit"),
    Column.LAST: N_("Last visit"),
    Column.BALANCE: N_("Balance {currency}"),
    Column.ALERTS: N_("Alerts"),
    Column.STATUS: N_("Status"),
    Column.TAGS: N_("Tags"),
}


def cell_of(
    row: PatientRow,
    column: Column,
    looks: Looks,
    beginnings: tuple[str, ...] = (),
    marks: Marks = NO_MARKS,
) -> Cell:
    """Return what a patient's cell shows; ``beginnings`` are marked in the name."""
    if column is Column.NAME:
        cell = _name(row, beginnings)
        if row.id in marks.stars:
            return replace(quiet_unless_active(cell, row), icon="star", icon_role="warning")
    elif column is Column.TAGS:
        return Cell(tags=small_tags(tags_of(row.tags, marks.tags)))
    else:
        cell = _CELLS[column](row, looks)
    return quiet_unless_active(cell, row)


def quiet_unless_active(cell: Cell, row: PatientRow) -> Cell:
    """Return the cell in grey for somebody who is no active patient."""
    plain = cell.unknown is None and not cell.tags and cell.icon is None
    return quiet(cell) if row.status != "active" and plain else cell


def _name(row: PatientRow, beginnings: tuple[str, ...]) -> Cell:
    marked = () if row.sounds_like else highlights(row.name, beginnings)
    # The other name stands there when it is what was found.
    found_by_other = row.other_name and beginnings and len(marked) < len(beginnings)
    after = f" · {row.other_name}" if found_by_other else ""
    return Cell(row.name, after=after, size="strong", highlights=marked)


def _born(row: PatientRow, looks: Looks) -> Cell:
    if row.born is None:
        return unknown_cell()
    day = looks.day(row.born)
    if row.born_estimated:
        day = _("about {year}").format(year=row.born.year)
    return Cell(day, after=f" · {looks.years(row.born)}", tabular=True)


def _number(row: PatientRow, _looks: Looks) -> Cell:
    if row.formerly:
        return replace(
            number_cell(row.number), after=_(" was {number}").format(number=row.formerly)
        )
    return number_cell(row.number)


def _phone(row: PatientRow, _looks: Looks) -> Cell:
    if row.phone:
        return Cell(show_phone(row.phone), tabular=True)
    if row.guardian:
        return Cell(_("Guardian: {name}").format(name=row.guardian))
    return none_cell()


def _next(row: PatientRow, looks: Looks) -> Cell:
    if row.next_visit is None:
        return none_cell()
    return Cell(looks.day_and_time(row.next_visit), tabular=True)


def _last(row: PatientRow, looks: Looks) -> Cell:
    if row.last_visit is None:
        return none_cell()
    return Cell(looks.day(row.last_visit), tabular=True, role="text_2")


def _balance(row: PatientRow, looks: Looks) -> Cell:
    if row.balance is None:
        return unknown_cell("?", right=True)
    return money_cell(looks.amount(row.balance), due=row.balance > 0)


def _alerts(row: PatientRow, _looks: Looks) -> Cell:
    if row.alerts is None:
        return unknown_cell(_("Not asked"))
    if row.alerts == 0:
        return Cell(_("none"), role="text_3")
    icon, role = _SEVERITIES[row.severity]
    return Cell(str(row.alerts), icon=icon, icon_role=role, tabular=True)


def _status(row: PatientRow, looks: Looks) -> Cell:
    today = row.next_visit is not None and looks.is_today(row.next_visit)
    if today and row.visit_status in HERE:
        kind, icon, word = VISITS[row.visit_status]
        return tag_cell(kind, _(word), icon)
    word = _(STATUSES[row.status])
    return Cell(word, role="text_2") if row.status == "active" else tag_cell("dashed", word)


_SEVERITIES: Final = {
    "stop": ("circle-alert", "danger"),
    "caution": ("triangle-alert", "warning"),
    None: ("info", "text_2"),
}
_CELLS: Final[dict[Column, Callable[[PatientRow, Looks], Cell]]] = {
    Column.BORN: _born,
    Column.NUMBER: _number,
    Column.PHONE: _phone,
    Column.NEXT: _next,
    Column.LAST: _last,
    Column.BALANCE: _balance,
    Column.ALERTS: _alerts,
    Column.STATUS: _status,
}
