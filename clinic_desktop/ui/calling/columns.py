"""How the columns of a list to book from share its width: long names give way to what matters."""

from typing import Final

from PySide6.QtWidgets import QHeaderView

from clinic_desktop.ui.widgets.table import TableView

LEAST_NAME: Final = 190
LEAST: Final = 180
# A panel's frame and the scroll bar beside its lines.
EDGES: Final = 16


def fit(table: TableView, *, stretch: int, name: int, room: int, least: int = LEAST) -> None:
    """Fit columns into ``room``; the stretched one is never narrower than ``least``.

    The column ``name`` is cut first, then the table scrolls sideways.
    """
    table.fit_columns(stretch=stretch)
    header = table.horizontalHeader()
    others = [header.sectionSize(column) for column in range(header.count()) if column != stretch]
    missing = least - (room - sum(others))
    if missing <= 0:
        return
    given = min(missing, max(0, header.sectionSize(name) - LEAST_NAME))
    header.resizeSection(name, header.sectionSize(name) - given)
    if given < missing:
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(stretch, least)
