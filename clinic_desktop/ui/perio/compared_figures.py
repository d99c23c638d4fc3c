"""The table below compared exams: what changed, in one line a row or folded where it is narrow."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget

from clinic_desktop.domain.perio.changes import SiteChange, site_changes
from clinic_desktop.domain.perio.exam import Exam
from clinic_desktop.domain.perio.figures import figure_rows
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.margins import signed
from clinic_desktop.domain.perio.words import site_words
from clinic_desktop.domain.teeth.numbering import written
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cells import Cell
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.table import TableView

_NAME: Final = -1
_NAME_WIDTH, _VALUE_WIDTH = 280, 130
# As narrow as the names and values of one line each are still read whole.
_LEAST_NAME, _LEAST_VALUE = 210, 106
# Of a folded row what it is takes what the values leave, but no less than this.
_FOLDED_NAME: Final = 104


class Row(NamedTuple):
    """A row of the table: what, one value for each exam, and the change."""

    name: str
    values: tuple[str, ...]
    change: str


class ComparedFigures(QStackedWidget):
    """Indices and changed sites of up to six exams; nothing is scrolled to sideways."""

    def __init__(self, theme: Theme, notation: str) -> None:
        super().__init__()
        self._theme, self._notation = theme, notation
        self._days: list[str] = []
        self.plain = TableView(theme=theme, name=_("What changed"))
        self.folded = TableView(theme=theme, two_lines=True, name=_("What changed"))
        self.addWidget(self.plain)
        self.addWidget(self.folded)
        self.model: RowsModel[Row] = RowsModel({}, _cell, key=lambda row: row.name)
        self._of_folded: RowsModel[Row] = RowsModel({}, _folded, key=lambda row: row.name)
        theme.changed.connect(self._share)

    @property
    def table(self) -> TableView:
        """The table that is shown."""
        return self.folded if self.currentWidget() is self.folded else self.plain

    def show_exams(self, exams: Sequence[tuple[str, Exam]]) -> None:
        """Show exams with their days, the oldest first."""
        self._days = [day for day, _exam in exams]
        found = [exam for _day, exam in exams]
        rows = [Row(name, values, "") for name, values in figure_rows(list(map(indices, found)))]
        rows += [self._changed(one) for one in site_changes(found)]
        columns = {_NAME: _("What")}
        lines = {place: "\n".join(halves(day)).strip() for place, day in enumerate(self._days)}
        self._of_folded = RowsModel(columns | lines, _folded, key=lambda row: row.name)
        columns |= dict(enumerate(self._days)) | {len(self._days): _("Change")}
        self.model = RowsModel(columns, _cell, key=lambda row: row.name)
        for table, model in ((self.plain, self.model), (self.folded, self._of_folded)):
            model.set_rows(rows)
            table.setModel(model)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew, folded or not."""
        super().resizeEvent(event)
        self._share()

    def _changed(self, one: SiteChange) -> Row:
        place = f"{written(one.tooth, self._notation)} {site_words(one.tooth, one.site)}"
        name = (_("{place}: attachment loss, mm") if one.loss else _("{place}: depth, mm")).format(
            place=place
        )
        values = tuple(_("not measured") if value is None else str(value) for value in one.values)
        return Row(name, values, signed(one.step))

    def _share(self) -> None:
        """Give each exam the same width; fold where the words would not be read."""
        if not self._days:
            return
        room, scale = self.width() - self._bar(), self._theme.scale
        count = len(self._days) + 1
        fits = room >= scale * (_LEAST_NAME + count * _LEAST_VALUE)
        had_focus = self.table.hasFocus()
        self.setCurrentWidget(self.plain if fits else self.folded)
        if had_focus:
            self.table.setFocus()
        if fits:
            name = min(_NAME_WIDTH * scale, room - count * _LEAST_VALUE * scale)
            self._widths(self.plain, name, min(_VALUE_WIDTH * scale, (room - name) / count))
            return
        model, delegate = self._of_folded, self.folded.cell_delegate
        wanted = max(
            delegate.natural_width(model.index(row, column))
            for row in range(model.rowCount())
            for column in range(1, count)
        )
        headings = self.folded.horizontalHeader()
        wanted = max(wanted, *(headings.sectionSizeFromContents(n).width() for n in range(count)))
        value = min(wanted, (room - _FOLDED_NAME) / (count - 1))
        self._widths(self.folded, room - (count - 1) * int(value), value)

    def _bar(self) -> int:
        return self.plain.verticalScrollBar().sizeHint().width()

    @staticmethod
    def _widths(table: TableView, name: float, value: float) -> None:
        header = table.horizontalHeader()
        for column in range(header.count()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            table.setColumnWidth(column, int(value if column else name))


def _cell(row: Row, column: int) -> Cell:
    if column == _NAME:
        return Cell(row.name)
    if column < len(row.values):
        return Cell(row.values[column])
    return Cell(row.change)


def _folded(row: Row, column: int) -> Cell:
    """Return a cell of two lines: below what it is stands how it changed, below a value its n."""
    if column == _NAME:
        place, colon, what = row.name.partition(": ")
        first, second = (place, f"{what} {row.change}") if colon else halves(row.name)
        return Cell(first, second=second, size="small")
    first, second = halves(row.values[column])
    return Cell(first, second=second, size="small")


def halves(words: str) -> tuple[str, str]:
    """Return words in two lines as short as they can be; one word stays whole."""
    parts = words.split(" ")
    ways = [(" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts) + 1)]
    return min(ways, key=lambda way: (max(map(len, way)), len(way[0])))
