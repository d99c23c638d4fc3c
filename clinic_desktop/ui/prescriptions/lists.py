"""The lists beside a prescription: the usual medicines, and what was prescribed before."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.regimens import Regimen, by_id, name_of
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Who
from clinic_desktop.services.prescriptions.schemas import PrescriptionRow
from clinic_desktop.ui.widgets.cells import Cell
from clinic_desktop.ui.widgets.rows_model import RowsModel


class One(IntEnum):
    """The one column of both lists."""

    WHAT = 0


_TITLE: Final = {One.WHAT: N_("Medicine")}


def usual_model() -> RowsModel[tuple[int, Regimen]]:
    """Return the model of the usual medicines, each with the number that adds it."""
    return RowsModel(_TITLE, _usual_cell, key=lambda row: row[0])


def numbered(regimens: Sequence[Regimen]) -> tuple[tuple[int, Regimen], ...]:
    """Return the regimens with their numbers."""
    return tuple(enumerate(regimens, start=1))


def _usual_cell(row: tuple[int, Regimen], _column: One) -> Cell:
    number, regimen = row
    days = ngettext("{count} day", "{count} days", regimen.days).format(count=regimen.days)
    how = (
        _("by weight, {days}").format(days=days)
        if regimen.by_weight
        else _("{form}, {days}").format(form=_(regimen.form), days=days)
    )
    name = name_of(by_id(regimen.medicine))
    return Cell(f"{number}  {name}", second=how, size="strong")


def before_model(who: Who) -> RowsModel[PrescriptionRow]:
    """Return the model of what was prescribed before, latest first."""

    def cell(row: PrescriptionRow, _column: One) -> Cell:
        day = row.issued_at.astimezone(ZoneInfo(who.zone)).date()
        drugs = ", ".join(item.drug for item in row.items)
        return Cell(
            format_date(day, who.locale),
            after=f" · {row.label}",
            second=drugs,
            size="strong",
            icon="printer" if row.document_id is not None else "file-text",
        )

    return RowsModel(_TITLE, cell, key=_id)


def _id(row: PrescriptionRow) -> UUID:
    return row.id
