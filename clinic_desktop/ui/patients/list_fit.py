"""The widths of the list's columns: what they hold, and who gives up room where it is short."""

from typing import Final

from clinic_desktop.ui.patients.columns import Column
from clinic_desktop.ui.patients.table_model import PatientTableModel
from clinic_desktop.ui.widgets.table import TableView

# Which columns give up room, and how much of it they keep.
YIELDING: Final = ((Column.NAME, 200), (Column.PHONE, 140), (Column.NAME, 150))
FITTED_ROWS: Final = 60


def fit_list(table: TableView, model: PatientTableModel) -> None:
    """Give columns their content's width; where there is too little, names and phones yield.

    Status and tags, at the end, are never cut by the stretching of the last one.
    """
    table.fit_columns(stretch=None)
    header = table.horizontalHeader()
    rows = range(min(model.rowCount(), FITTED_ROWS))
    ends = [c for c in (Column.STATUS, Column.TAGS) if not table.isColumnHidden(c)]
    natural = 0
    for column in ends:
        widths = (table.cell_delegate.natural_width(model.index(row, column)) for row in rows)
        natural += round(max(widths, default=0.0))
    others = header.length() - sum(header.sectionSize(column) for column in ends)
    over = others + natural - table.viewport().width()
    for column, least in YIELDING:
        width = header.sectionSize(column)
        yielded = min(max(over, 0), max(width - least, 0))
        header.resizeSection(column, width - yielded)
        over -= yielded
