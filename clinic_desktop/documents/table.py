"""Tables that break between rows, the head repeated and the sum so far carried over."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from clinic_desktop.documents.glyphs import Line, Style
from clinic_desktop.documents.page import BODY, STRONG, Sheet
from clinic_desktop.documents.text import wrap
from clinic_desktop.i18n import _

HEAD: Final = Style(size=8, weight="semibold")
FIGURES: Final = Style(figures="table")
STRONG_FIGURES: Final = Style(weight="semibold", figures="table")

# Points between a rule and the text of the row below or above it.
_AIR: Final = 6.0


class Column(NamedTuple):
    """A column ``width`` points wide from x, its head, and whether its text ends at its right."""

    name: str
    x: float
    width: float
    at_right: bool = False


class Table:
    """Rows under one another on a sheet; ``carry`` says the sum of the rows written so far."""

    def __init__(
        self, sheet: Sheet, columns: Sequence[Column], *, carry: Callable[[], str] | None = None
    ) -> None:
        """Take the columns from left to right; the last one holds what is summed."""
        self._sheet = sheet
        self._columns = columns
        self._carry = carry
        self._rows_here = 0

    def head(self) -> None:
        """Write the names of the columns and the rule under them."""
        self._cells([wrap(column.name, HEAD, column.width) for column in self._columns])
        self._sheet.y += 3
        self._sheet.rule(width=1, color="rule")

    def row(self, cells: Sequence[Sequence[Line]]) -> None:
        """Write a row. One that is higher than a page goes on from page to page."""
        if not self._fits(cells) and self._rows_here:
            self.turn()
        while not self._fits(cells):
            fitting = self._lines_that_fit(cells)
            self._write([lines[:fitting] for lines in cells])
            cells = [lines[fitting:] for lines in cells]
            self.turn()
        self._write(cells)
        self._sheet.rule()

    def turn(self) -> None:
        """Go to a new page with the head, and the sum so far on both pages."""
        sheet = self._sheet
        page = len(sheet.pages)
        if self._carry is not None:
            self._carried(_("Carried to page {page}").format(page=page + 1))
        sheet.turn()
        self.head()
        self._rows_here = 0
        if self._carry is not None:
            self._carried(_("Carried over from page {page}").format(page=page))
            sheet.rule()

    @property
    def _reserve(self) -> float:
        return 2 * _AIR + STRONG.leading if self._carry is not None else 0.0

    def _fits(self, cells: Sequence[Sequence[Line]]) -> bool:
        high = max(sum(each.leading for each in lines) for lines in cells)
        return high + 2 * _AIR + self._reserve <= self._sheet.room

    def _lines_that_fit(self, cells: Sequence[Sequence[Line]]) -> int:
        room = self._sheet.room - 2 * _AIR - self._reserve
        longest = max(cells, key=len)
        count = 0
        while count < len(longest) and room >= longest[count].leading:
            room -= longest[count].leading
            count += 1
        return max(1, count)

    def _write(self, cells: Sequence[Sequence[Line]]) -> None:
        self._sheet.y += _AIR
        self._cells(cells)
        self._sheet.y += _AIR
        self._rows_here += 1

    def _cells(self, cells: Sequence[Sequence[Line]]) -> None:
        top = end = self._sheet.y
        for column, lines in zip(self._columns, cells, strict=True):
            right = column.x + column.width if column.at_right else None
            end = max(end, self._sheet.write(lines, x=column.x, y=top, right=right))
        self._sheet.y = end

    def _carried(self, name: str) -> None:
        assert self._carry is not None  # noqa: S101 - asked by the caller
        sheet, last = self._sheet, self._columns[-1]
        top = sheet.y + _AIR
        sheet.put(self._carry(), STRONG_FIGURES, y=top, right=last.x + last.width)
        sheet.y = sheet.put(name, BODY, y=top) + _AIR
