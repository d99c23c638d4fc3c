"""The rows of a sheet as texts: streamed by the parser itself, however large a cell or a gap is.

openpyxl opens the workbook and knows its styles; its own way through the rows makes an element of
each cell first, which takes most of the time of an import.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers import expat

from clinic_desktop.errors import InvalidError
from clinic_desktop.services.imports.workbooks import Book, damaged, opened

LONGEST_CELL: Final = 100_000
_CHUNK: Final = 1 << 16
# What a spreadsheet has at most; a file that speaks of more is none of theirs.
_MOST_ROWS: Final = 1_048_576
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _VALUE = f"{_MAIN}row", f"{_MAIN}c", f"{_MAIN}v"
_INLINE, _TEXT, _PHONETIC = f"{_MAIN}is", f"{_MAIN}t", f"{_MAIN}rPh"


class _Sheet:
    """Takes the parser's events and keeps the rows that are whole."""

    def __init__(self, book: Book) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._book = book
        self._row = self._column = 0
        self._cells: list[str] = []
        self._kind, self._style = "n", 0
        self._parts: list[str] = []
        self._length = 0
        self._inline = False
        self._columns: dict[str, int] = {}
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_declared: Any) -> None:
        raise damaged()

    def _begin(self, name: str, said: dict[str, str]) -> None:
        if name == _CELL:
            self._kind, self._style = said.get("t", "n"), int(said.get("s") or 0)
            place = said.get("r")
            self._column = self._place(place) if place else self._column + 1
            self._parts, self._length = [], 0
        elif name == _VALUE or (name == _TEXT and self._inline):
            self.parser.CharacterDataHandler = self._take
        elif name == _ROW:
            self._row = int(said["r"]) if "r" in said else self._row + 1
            if not 0 < self._row <= _MOST_ROWS:
                raise damaged()
            self._column, self._cells = 0, []
        elif name == _INLINE:
            self._inline = True
        elif name == _PHONETIC:
            # How a text is spoken stands beside it and is no part of it.
            self._inline = False

    def _place(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            from openpyxl.utils import column_index_from_string

            found = self._columns[letters] = column_index_from_string(letters)
        return found

    def _take(self, text: str) -> None:
        # What lies behind the longest cell is passed over and never held.
        if self._length < LONGEST_CELL:
            self._parts.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        if name == _CELL:
            if self._parts:
                self._keep(self._read("".join(self._parts)))
            self._inline = False
        elif name in (_VALUE, _TEXT):
            self.parser.CharacterDataHandler = None
        elif name == _ROW:
            self.rows.append((self._row, self._cells))
        elif name == _PHONETIC:
            self._inline = True

    def _keep(self, text: str) -> None:
        gap = self._column - 1 - len(self._cells)
        if gap >= 0:
            self._cells += [""] * gap
            self._cells.append(text)
        else:
            self._cells[self._column - 1] = text

    def _read(self, value: str) -> str:
        kind = self._kind
        if kind == "s":
            return str(self._book.texts[int(value)])[:LONGEST_CELL]
        if kind == "n":
            return self._number(value)
        if kind == "b":
            return "1" if int(value) else "0"
        if kind == "d":
            from openpyxl.utils.datetime import from_ISO8601

            return _text_of(from_ISO8601(value))
        return value[:LONGEST_CELL]

    def _number(self, value: str) -> str:
        figures = float(value) if "." in value or "e" in value or "E" in value else int(value)
        if self._style not in self._book.dates:
            return _text_of(figures)
        from openpyxl.utils.datetime import from_excel

        span = self._style in self._book.spans
        try:
            return _text_of(from_excel(figures, self._book.epoch, timedelta=span))
        except (OverflowError, ValueError):
            return "#VALUE!"


def sheet_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of each row of a sheet, the first where none is named.

    Raises InvalidError for a sheet that cannot be read to its end.
    """
    with opened(path) as book:
        part = book.sheets.get(sheet or "") or next(iter(book.sheets.values()))
        walked = _Sheet(book)
        with book.archive.open(part) as source:
            done = 0
            while True:
                chunk = _fed(walked, source)
                for number, cells in walked.rows:
                    for blank in range(done + 1, number):
                        yield blank, []
                    done = max(done, number)
                    yield number, cells
                walked.rows.clear()
                if not chunk:
                    return


def _fed(walked: _Sheet, source: IO[bytes]) -> bytes:
    """Have the next piece of a sheet parsed; return it, empty at the end."""
    try:
        chunk = source.read(_CHUNK)
        walked.parser.Parse(chunk, not chunk)
    except InvalidError:
        raise
    except Exception as error:
        # Whatever a broken or a lying part happens to break.
        raise damaged() from error
    return chunk


def _text_of(value: Any) -> str:
    """Return a cell's value as the text that a person would have typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)[:LONGEST_CELL]
