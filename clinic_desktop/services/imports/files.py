"""Files of other systems as rows of texts: streamed, whatever their encoding, never trusted."""

import csv
import hashlib
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.imports.sheets import LONGEST_CELL, sheet_rows
from clinic_desktop.services.imports.workbooks import check_workbook

MOST_COLUMNS: Final = 500
LARGEST_FILE: Final = 1 << 30
_SAMPLE: Final = 1 << 18
_CHUNK: Final = 1 << 20
_DELIMITERS: Final = (",", ";", "\t", "|")
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
# What a file really is when its first bytes say so, in the words of the refusal.
_OTHERS: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"SQLite format 3": "SQLite",
    b"age-encryption": "age",
}


@dataclass(frozen=True)
class Form:
    """How a file is written: ``csv`` with encoding and delimiter, or ``xlsx``."""

    kind: str
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class Fingerprint:
    """A file's size in bytes, its SHA-256 and about how many lines it has."""

    size: int
    sha256: str
    lines: int


def form_of(path: Path) -> Form:
    """Return how the file is written, by its content and not its name.

    Raises InvalidError with a sentence for what is no table.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_SAMPLE)
    except OSError as error:
        raise InvalidError(
            _("The file {name} cannot be opened: {reason}.").format(
                name=path.name, reason=error.strerror or type(error).__name__
            )
        ) from error
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise InvalidError(_("The file {name} is empty.").format(name=path.name))
    if size > LARGEST_FILE:
        raise InvalidError(_("The file is larger than 1 GB. Divide it and import the parts."))
    _refuse_others(path, head)
    if head.startswith(b"PK\x03\x04"):
        check_workbook(path)
        return Form("xlsx")
    encoding = _encoding(head, whole=size <= _SAMPLE)
    sample = head.decode(encoding, errors="ignore").replace("\ufeff", "").replace("\0", "")
    return Form("csv", encoding, _delimiter(sample))


def _refuse_others(path: Path, head: bytes) -> None:
    if head.startswith(_OLE):
        # Excel wraps a workbook with a password in the old container.
        if _holds(path, _PACKAGE):
            raise InvalidError(
                _("This workbook is protected by a password. Save it without one, then try again.")
            )
        raise InvalidError(
            _("This is the old Excel format. Save it as .xlsx or .csv in Excel, then try again.")
        )
    for mark, name in _OTHERS.items():
        if head.lstrip(BOM_UTF8).startswith(mark):
            raise InvalidError(
                _(
                    "This file is {format}, not a table. Export the list as CSV or XLSX there."
                ).format(format=name)
            )


def _holds(path: Path, wanted: bytes) -> bool:
    tail = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if wanted in tail + chunk:
                return True
            tail = chunk[-len(wanted) :]
    return False


def fingerprint(path: Path) -> Fingerprint:
    """Read the file once for its size, hash and number of lines."""
    digest, size, lines = hashlib.sha256(), 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
    return Fingerprint(size, digest.hexdigest(), lines + 1)


# -- delimited text ----------------------------------------------------------------------------


def _encoding(head: bytes, *, whole: bool) -> str:
    if head.startswith(BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 5:
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        head.decode("utf-8") if whole else head[: head.rfind(b"\n")].decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte(head)
    return "utf-8"


def _single_byte(head: bytes) -> str:
    """Return the code page of the sample: the one of Western Windows where its letters make sense.

    Read in a wrong one, accented letters become signs.
    """
    marked = [char for char in head.decode("cp1252", errors="replace") if ord(char) > 127]
    letters = sum(char.isalpha() or char in "ªº€’“”–" for char in marked)
    if letters * 2 >= len(marked):
        return "cp1252"
    best = from_bytes(head[: 1 << 14], cp_isolation=["cp850", "mac_roman", "cp1250"]).best()
    return best.encoding if best is not None else "cp1252"


def _delimiter(sample: str) -> str:
    """Return the mark that cuts most lines into the same number of cells, more than one."""
    csv.field_size_limit(_SAMPLE * 2)
    lines = [line for line in sample.splitlines()[:60] if line.strip()][:40]
    best, best_score = ",", 0.0
    for mark in _DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        if not counts:
            continue
        usual = max(set(counts), key=lambda one: (counts.count(one), one))
        score = counts.count(usual) / len(counts) * min(usual - 1, 10)
        if usual > 1 and score > best_score:
            best, best_score = mark, score
    return best


def _text_rows(path: Path, form: Form) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    # A byte that its encoding does not have becomes a mark, and the row is told.
    with path.open("r", encoding=form.encoding, errors="replace", newline="") as stream:
        reader = csv.reader(_clean_lines(stream), delimiter=form.delimiter, skipinitialspace=True)
        first = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise InvalidError(
                    _(
                        "A quotation mark that opens in line {line} is never closed, or the cell "
                        "is longer than {longest} characters."
                    ).format(line=first, longest=LONGEST_CELL)
                ) from error
            yield first, cells
            first = reader.line_num + 1


def _clean_lines(stream: io.TextIOBase) -> Iterator[str]:
    """Yield lines without NUL and without the marks that joined files carry in their middle."""
    while line := stream.readline(_CHUNK):
        yield line.replace("\0", "").replace("\ufeff", "")


def rows_of(path: Path, form: Form, *, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of every row, blank ones too; one row in memory at a time.

    Raises InvalidError for a file that cannot be read to its end.
    """
    found = sheet_rows(path, sheet) if form.kind == "xlsx" else _text_rows(path, form)
    for number, cells in found:
        if len(cells) > MOST_COLUMNS and any(cell for cell in cells[MOST_COLUMNS:]):
            raise InvalidError(
                _(
                    "Row {row} has {count} columns. Up to {most} are read: "
                    "leave out those that are not needed."
                ).format(row=number, count=len(cells), most=MOST_COLUMNS)
            )
        yield number, cells
