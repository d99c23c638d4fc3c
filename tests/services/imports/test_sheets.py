"""The rows of workbooks: the texts that the library would give, and nothing hostile is held."""

import random
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from clinic_desktop.errors import InvalidError
from clinic_desktop.services.imports.files import form_of, rows_of
from clinic_desktop.services.imports.sheets import LONGEST_CELL, _text_of, sheet_rows

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _by_the_library(path: Path) -> list[list[str]]:
    book = load_workbook(path, read_only=True, data_only=True)
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()
    rows = [[_text_of(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    book.close()
    return [_trimmed(row) for row in rows]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _ours(path: Path) -> list[list[str]]:
    return [_trimmed(cells) for _number, cells in sheet_rows(path, None)]


def _value(chance: random.Random) -> Any:
    return chance.choice(
        [
            None,
            "",
            "Inês Conceição",
            " with blanks ",
            "<&>\"'",
            "陳美玲\nزين",
            chance.randrange(10**9),
            -3,
            0.1 + chance.random(),
            912345678.0,
            1e20,
            True,
            False,
            date(1984, 9, 3),
            datetime(2024, 2, 29, 13, 45),  # noqa: DTZ001 - a cell has no zone
            time(9, 30),
            timedelta(hours=26),
            "=1+1",
            CellRichText("bold ", TextBlock(InlineFont(b=True), "name")),
        ]
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("write_only", [True, False])
def test_agrees_with_the_library(tmp_path, seed: int, write_only: bool) -> None:
    chance = random.Random(seed)
    book = Workbook(write_only=write_only)
    sheet: Any = book.create_sheet("list", 0)
    if seed % 2:
        book.epoch = CALENDAR_MAC_1904
    for _row in range(60):
        sheet.append([_value(chance) for _cell in range(chance.randrange(12))])
    if not write_only:
        sheet["AB90"] = "far away"
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert _ours(path) == _by_the_library(path)


def _with_sheet(tmp_path: Path, body: str) -> Path:
    """Return a workbook whose sheet is this text."""
    plain, made = tmp_path / "plain.xlsx", tmp_path / "made.xlsx"
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, body if part == SHEET else old.read(part))
    return made


def _sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def test_another_prefix_and_what_is_spoken(tmp_path) -> None:
    body = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="inlineStr"><x:is>'
        "<x:r><x:t>東</x:t></x:r><x:rPh><x:t>ひがし</x:t></x:rPh><x:r><x:t>京</x:t></x:r>"
        "</x:is></x:c><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert list(sheet_rows(_with_sheet(tmp_path, body), None)) == [(1, ["東京", "2"])]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="99999999999"><c><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row><c r="$$1"><v>1</v></c></row>',
        '<row><c t="s"><v>7</v></c></row>',
        "<row><c><v>one</v></c></row>",
        "<row><c><v>1</v></row>",
    ],
)
def test_what_lies_is_damaged(tmp_path, rows: str) -> None:
    with pytest.raises(InvalidError, match="damaged"):
        list(sheet_rows(_with_sheet(tmp_path, _sheet(rows)), None))


def test_entities_in_the_sheet_itself(tmp_path) -> None:
    body = f'<!DOCTYPE a [<!ENTITY x "ha">]>{_sheet("<row><c><v>&x;</v></c></row>")}'
    with pytest.raises(InvalidError, match="entities"):
        form_of(_with_sheet(tmp_path, body))
    with pytest.raises(InvalidError, match="damaged"):
        list(sheet_rows(tmp_path / "made.xlsx", None))


def test_one_cell_of_sixty_megabytes_is_never_held(tmp_path) -> None:
    chance = random.Random(1)
    long = "".join(chance.randbytes(64).hex() * 32 for _one in range(60 << 8))
    body = _sheet(f'<row><c t="str"><v>{long}</v></c><c><v>2</v></c></row>')
    path = _with_sheet(tmp_path, body)
    del long, body
    tracemalloc.start()
    ((_number, cells),) = list(rows_of(path, form_of(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(cells[0]), cells[1]) == (LONGEST_CELL, "2")
    assert peak < 12_000_000


def test_a_sheet_far_down(tmp_path) -> None:
    path = _with_sheet(tmp_path, _sheet('<row r="40000"><c r="C40000"><v>2</v></c></row>'))
    rows = list(sheet_rows(path, None))
    assert (len(rows), rows[0], rows[-1]) == (40_000, (1, []), (40_000, ["", "", "2"]))
