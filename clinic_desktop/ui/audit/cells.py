"""The columns of the audit log and what each cell of them shows."""

from typing import Final

from clinic_desktop.domain.permissions import LABELS, Permission
from clinic_desktop.domain.record_words import (
    access_label,
    change_label,
    field_label,
    opened_label,
    table_label,
)
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.audit.schemas import AuditColumn, AuditRow, Source
from clinic_desktop.ui.widgets.cells import Cell, none_cell, unknown_cell
from clinic_desktop.ui.written import Written

TITLES: Final = {
    AuditColumn.WHEN: N_("When"),
    AuditColumn.WHO: N_("Who"),
    AuditColumn.PC: N_("PC"),
    AuditColumn.ACTION: N_("Action"),
    AuditColumn.WHAT: N_("What"),
    AuditColumn.PATIENT: N_("Patient"),
    AuditColumn.CATEGORY: N_("Right"),
}
# Logins that belong to nobody.
_MACHINES: Final = {
    "clinic_migrator": N_("Set-up and upgrades"),
    "clinic_worker": N_("Jobs"),
    "clinic_api": N_("Web"),
}


def cell_of(row: AuditRow, column: AuditColumn, source: Source, written: Written) -> Cell:
    """Return what an entry's cell shows."""
    match column:
        case AuditColumn.WHEN:
            return Cell(written.moment(row.at), tabular=True)
        case AuditColumn.WHO:
            machine = _MACHINES.get(row.login)
            return Cell(row.who, size="strong") if machine is None else Cell(_(machine))
        case AuditColumn.PC:
            return Cell(row.device) if row.device else none_cell()
        case AuditColumn.ACTION:
            label = change_label if source == "changes" else access_label
            return Cell(label(row.action))
        case AuditColumn.WHAT:
            # An erasure names the entries that it emptied by their numbers.
            named = (field_label(name) for name in row.fields if not name.isdecimal())
            fields = ", ".join(dict.fromkeys(named))
            after = f" · {fields}" if fields else ""
            what = table_label(row.what) if source == "changes" else opened_label(row.what)
            return Cell(what, after=after)
        case AuditColumn.PATIENT:
            return _patient(row)
        case _:
            right = row.category.partition(" ")[0] if source == "opened" else row.category
            return Cell(_right(right), role="text_2")


def _right(name: str) -> str:
    return _(LABELS[Permission(name)]) if name in set(Permission) else table_label(name)


def _patient(row: AuditRow) -> Cell:
    if row.patient_id is None:
        return none_cell()
    if not row.patient:
        return unknown_cell(_("Not shown to you"))
    return Cell(row.patient, after=_(" · No. {number}").format(number=row.number))
