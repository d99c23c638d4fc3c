"""Workbooks before a row of theirs is read: bombs, entities and what is no workbook are refused."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers import expat

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_MOST_UNPACKED: Final = 4 << 30
_MOST_TIMES: Final = 200
_MOST_PARTS: Final = 5_000
# Sheets are read row by row. What else a workbook holds is read into memory before the first row.
_SHEETS: Final = "xl/worksheets/"
_MOST_WHOLE: Final = 128 << 20
_SMALL: Final = 1 << 20


def check_workbook(path: Path) -> None:
    """Refuse bombs, entities and what is no workbook, before anything is unpacked whole."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
            bomb = unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS
            bomb = bomb or any(
                part.file_size > max(_SMALL, part.compress_size * _MOST_TIMES) for part in parts
            )
            if bomb:
                raise InvalidError(
                    _("This file unpacks to far more than it shows. It is not opened.")
                )
            if any(part.flag_bits & 1 for part in parts):
                raise InvalidError(
                    _("This file is protected by a password. Save it without one, then try again.")
                )
            if "[Content_Types].xml" not in packed.namelist() or not any(
                part.filename.startswith("xl/") for part in parts
            ):
                raise InvalidError(
                    _("This is a packed file, not a workbook. Unpack it and choose the list in it.")
                )
            texts = [part for part in parts if _is_xml(packed, part)]
            if any(
                part.file_size > _MOST_WHOLE and not part.filename.startswith(_SHEETS)
                for part in texts
            ):
                raise InvalidError(
                    _("The texts of this workbook are too many to read at once. Save it as CSV.")
                )
            for part in texts:
                with packed.open(part) as stream:
                    _refuse_entities(stream)
    except (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError) as error:
        raise damaged() from error


def _is_xml(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Return whether a part is read as XML, whatever its name says."""
    if part.filename.endswith((".xml", ".rels")):
        return True
    with packed.open(part) as stream:
        # With or without a mark, in one byte a letter or two.
        begins = stream.read(64).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return begins.startswith(b"<")


def damaged() -> InvalidError:
    """Return the sentence for a workbook that cannot be read to its end."""
    return InvalidError(_("This workbook is damaged. Open it in Excel and save it again."))


class _RootReached(Exception):  # noqa: N818 - no failure: the prologue ended
    pass


def _refuse_entities(stream: IO[bytes]) -> None:
    """Refuse a document type: no workbook has one, and entities are declared there."""
    parser = expat.ParserCreate()

    def refuse(*_declared: Any) -> None:
        raise InvalidError(_("This workbook declares entities, which none needs. It is refused."))

    def root(*_element: Any) -> None:
        raise _RootReached

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = root
    try:
        while chunk := stream.read(1 << 16):
            parser.Parse(chunk)
    except _RootReached:
        return


@dataclass(frozen=True)
class Book:
    """An opened workbook: where the rows of each sheet are, and what its cells are written by.

    ``dates`` and ``spans`` are the styles whose figures are a moment and a length of time.
    """

    archive: zipfile.ZipFile
    sheets: dict[str, str]
    texts: Sequence[str]
    dates: frozenset[int]
    spans: frozenset[int]
    epoch: Any


def sheets_of(path: Path) -> tuple[str, ...]:
    """Return the names of a workbook's sheets."""
    with opened(path) as book:
        return tuple(book.sheets)


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """Open a workbook: names, styles and shared texts are read, none of its rows yet."""
    try:
        book = _open(path)
    except Exception as error:
        # The library raises whatever the broken part happened to break.
        raise damaged() from error
    try:
        if not book.sheets:
            raise damaged()
        yield book
    finally:
        book.archive.close()


def _open(path: Path) -> Book:
    # Loaded when a workbook is opened: it takes a tenth of a second.
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    reader = ExcelReader(str(path), read_only=True, data_only=True, keep_links=False)
    try:
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        # As the library does, but for its look at each sheet's size: where a sheet does not tell
        # it, all rows would be read for it.
        sheets = {
            sheet.name: part.target
            for sheet, part in reader.parser.find_sheets()
            if part.target in reader.valid_files and "chartsheet" not in part.Type
        }
    except BaseException:
        reader.archive.close()
        raise
    return Book(
        archive=reader.archive,
        sheets=sheets,
        texts=reader.shared_strings,
        dates=frozenset(reader.wb._date_formats),  # noqa: SLF001 - told nowhere else
        spans=frozenset(reader.wb._timedelta_formats),  # noqa: SLF001 - see above
        epoch=reader.wb.epoch,
    )
