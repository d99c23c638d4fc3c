"""Rows as CSV and XLSX whose cells no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal

from clinic_desktop.errors import SetupError
from clinic_desktop.files import put_in_place, refusal

Form = Literal["csv", "xlsx"]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL: Final = 32_767


def harmless(text: str) -> str:
    """Return a cell's text; one that a spreadsheet would run gets the mark that says "text".

    Spaces before the sign do not stop a spreadsheet, nor do the wide forms of the signs.
    """
    first = text.lstrip(" \u00a0\n\ufeff")[:1]
    if text[:1] in _FORMULA or first in _FORMULA or (first in "＝＋－＠" and first):
        return f"'{text}"
    return text


def write_table(path: Path, form: Form, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a table beside its place and put it there in one step; return the number of rows.

    Raises SetupError where the place cannot be written to.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        try:
            count = (_write_csv if form == "csv" else _write_xlsx)(beside, head, rows)
            put_in_place(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise refused(error, path) from error
    return count


def refused(error: OSError, path: Path) -> SetupError:
    """Return the sentence for a place that cannot be written to."""
    return refusal(error, path.parent)


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    # With the mark at the beginning, because Excel takes a file without it for Windows-1252.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([harmless(text) for text in head])
        for row in rows:
            writer.writerow([harmless(text) for text in row])
            count += 1
    return count


def _write_xlsx(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    # Loaded when a workbook is written: it takes a tenth of a second.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook(write_only=True)
    sheet = book.create_sheet()

    def cell(text: str) -> WriteOnlyCell:
        try:
            made = WriteOnlyCell(sheet, value=harmless(text)[:_LONGEST_CELL])
        except IllegalCharacterError:
            plain = "".join(char for char in text if char.isprintable() or char in "\n\t")
            made = WriteOnlyCell(sheet, value=harmless(plain)[:_LONGEST_CELL])
        # Whatever it looks like, it is text: phone numbers keep their zeros.
        made.data_type = "s"
        made.number_format = "@"
        return made

    count = 0
    sheet.append([cell(text) for text in head])
    for row in rows:
        sheet.append([cell(text) for text in row])
        count += 1
    book.save(path)
    return count
