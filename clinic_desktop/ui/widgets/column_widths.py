"""How wide the columns of a table are: as their content wants, and one of them takes the rest."""

from typing import Final

from PySide6.QtWidgets import QHeaderView

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cell_delegate import CellDelegate, RowView
from clinic_desktop.ui.widgets.cells import can_choose

_WIDEST: Final = 420
_READABLE: Final = 160  # the least that is left of the column that takes the rest
_FIT_ROWS: Final = 60


class ColumnWidths:
    """Shares the width of one table between its columns."""

    def __init__(self, view: RowView, delegate: CellDelegate, theme: Theme) -> None:
        self._view, self._delegate, self._theme = view, delegate, theme
        self._stretched: int | None = None

    def fit(self, *, stretch: int | None) -> None:
        """Give every column the width of its content, all but the one that takes the rest."""
        header, model = self._view.horizontalHeader(), self._view.model()
        if model is None:
            return
        header.setStretchLastSection(stretch is None)
        self._stretched = stretch
        for column in range(model.columnCount()):
            if column == stretch:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
                continue
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            widths = [
                self._delegate.natural_width(model.index(row, column))
                for row in range(min(model.rowCount(), _FIT_ROWS))
                if can_choose(model.index(row, 0))
            ]
            title = header.sectionSizeFromContents(column).width()
            header.resizeSection(column, round(min(_WIDEST, max([title, *widths]))))
        self.share()

    def share(self) -> None:
        """Let the one column take the rest, or keep what is readable of it."""
        header, column = self._view.horizontalHeader(), self._stretched
        if column is None or column >= header.count():
            return
        others = sum(
            header.sectionSize(other)
            for other in range(header.count())
            if other != column and not header.isSectionHidden(other)
        )
        least = round(_READABLE * self._theme.scale)
        modes = QHeaderView.ResizeMode
        if not others or self._view.viewport().width() - others >= least:
            header.setSectionResizeMode(column, modes.Stretch)
        else:
            header.setSectionResizeMode(column, modes.Interactive)
            header.resizeSection(column, least)
