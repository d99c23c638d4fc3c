"""The day on paper for when the screens are dark: a column for each provider or chair."""

from collections.abc import Sequence
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import joined
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.page import (
    BODY,
    MM,
    SMALL,
    STRONG,
    TITLE,
    Box,
    Sheet,
    frame,
)
from clinic_desktop.documents.papers import DayColumn, DaySheetPaper, DayVisit
from clinic_desktop.documents.text import wrap
from clinic_desktop.i18n import _

_TIME: Final = Style(size=8.5, weight="semibold", figures="table")
_UNTIL: Final = Style(size=8, color="ink_2", figures="table")
_NAME: Final = Style(size=8.5, weight="semibold")
_WORDS: Final = Style(size=8.5)
_QUIET_WORDS: Final = Style(size=8.5, color="ink_2")
_LETTER: Final = Style(size=8, weight="semibold")
_MOST_COLUMNS: Final = 4
_GAP: Final = 5 * MM
_LETTER_BOX: Final = 10.0
_TIMES: Final = 11 * MM
_AIR: Final = 3.0
_NOTES: Final = 5 * MM


def render_day_sheet(paper: DaySheetPaper) -> bytes:
    """Return the PDF of a day, lying, at most four columns on a page.

    The texts are in the language in force. Raises SetupError where the fonts are missing.
    """
    with MAKING:
        return _DaySheet(paper).pdf()


class _DaySheet:
    """One day being drawn."""

    def __init__(self, paper: DaySheetPaper) -> None:
        self._paper = paper
        self._formats = Formats(paper.head)
        made = _("As of {moment}").format(moment=self._formats.date_and_time(paper.made_at))
        foot = joined([_("Contains patient data"), paper.head.name, made])
        self._sheet = Sheet(frame(paper.head.paper, landscape=True), foot=foot, on_turn=self._head)

    def pdf(self) -> bytes:
        """Draw the columns, four at a time, and return the file."""
        sheet, columns = self._sheet, self._paper.columns
        self._head()
        for start in range(0, len(columns), _MOST_COLUMNS):
            if start:
                sheet.turn()
            self._draw_columns(columns[start : start + _MOST_COLUMNS])
        if not columns:
            sheet.y = sheet.put(_("Nothing is booked on this day."), BODY)
        sheet.finish()
        return pdf.make(
            sheet.pages,
            (sheet.frame.width, sheet.frame.height),
            title=f"{_('Day sheet')} {self._paper.day.isoformat()}",
            author=self._paper.head.name,
            made=self._paper.made_at,
        )

    def _head(self) -> None:
        sheet = self._sheet
        date = line(self._formats.weekday(self._paper.day), TITLE)
        letters = _("A allergy · B bleeding · P premedication")
        beside = wrap(letters, SMALL, sheet.frame.measure - date.width - 8 * MM)
        sheet.write(beside, y=sheet.frame.top + 7, right=sheet.frame.right)
        sheet.y = sheet.write([date]) + 3 * MM

    def _draw_columns(self, columns: Sequence[DayColumn]) -> None:
        """Draw columns beside one another; what does not fit goes on on the next pages."""
        sheet = self._sheet
        width = (sheet.frame.measure - _GAP * (len(columns) - 1)) / len(columns)
        rest = [list(column.visits) for column in columns]
        while True:
            top = self._column_heads(columns, width)
            ends = []
            for n, visits in enumerate(rest):
                x = sheet.frame.left + n * (width + _GAP)
                ends.append(self._draw_visits(visits, x, top, width))
            sheet.y = max(ends)
            if not any(rest):
                return
            sheet.turn()

    def _column_heads(self, columns: Sequence[DayColumn], width: float) -> float:
        sheet = self._sheet
        ends = []
        for n, column in enumerate(columns):
            x = sheet.frame.left + n * (width + _GAP)
            y = sheet.write(sheet.fit(column.title, STRONG, width, most=2), x=x)
            ends.append(sheet.write(sheet.fit(column.subtitle, SMALL, width, most=2), x=x, y=y))
        top = max(ends) + 1.5 * MM
        for n in range(len(columns)):
            x = sheet.frame.left + n * (width + _GAP)
            sheet.rule(y=top, x=x, to=x + width, width=1, color="rule")
        return top

    def _draw_visits(self, visits: list[DayVisit], x: float, y: float, width: float) -> float:
        """Draw what fits below y and take it off the list; return the end."""
        sheet = self._sheet
        first = True
        while visits:
            rows = self._rows(visits[0], width - _TIMES)
            high = sum(each.leading for each in rows) + _AIR + _NOTES
            if y + high > sheet.frame.bottom and not first:
                break
            self._draw_visit(visits.pop(0), rows, x, y, width)
            y += high
            first = False
        return y

    def _rows(self, visit: DayVisit, width: float) -> list[Line]:
        sheet = self._sheet
        beside = len(visit.alerts) * (_LETTER_BOX + 3)
        rows = sheet.fit(joined([visit.name, visit.age]), _NAME, width - beside, most=3)
        rows += sheet.fit(visit.service, _WORDS if visit.name else _QUIET_WORDS, width, most=3)
        rows += sheet.fit(joined([visit.phone, visit.note]), SMALL, width, most=3)
        return rows

    def _draw_visit(
        self, visit: DayVisit, rows: list[Line], x: float, y: float, width: float
    ) -> None:
        sheet = self._sheet
        top = y + _AIR
        below = sheet.put(visit.begins, _TIME, x=x, y=top)
        sheet.put(visit.ends, _UNTIL, x=x, y=below)
        end = sheet.write(rows, x=x + _TIMES, y=top)
        for n, letter in enumerate(reversed(visit.alerts)):
            left = x + width - (n + 1) * (_LETTER_BOX + 3) + 3
            sheet.add(Box(left, top + 1, _LETTER_BOX, _LETTER_BOX, 0.75, "rule"))
            laid = line(letter, _LETTER)
            sheet.write([laid], x=left + (_LETTER_BOX - laid.width) / 2, y=top + 0.4)
        # The empty space above the line is for notes by hand.
        sheet.rule(y=end + _NOTES, x=x, to=x + width)
