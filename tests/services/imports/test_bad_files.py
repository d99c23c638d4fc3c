"""Files that are not what they say, or far too much: refused with a sentence, or read."""

import io
import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from clinic_desktop.errors import InvalidError
from clinic_desktop.services.imports.files import LARGEST_FILE, Form, form_of, rows_of


def _rows(path, **kwargs):
    return list(rows_of(Path(path), form_of(Path(path)), **kwargs))


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("CT", "[Content_Types].xml"), content)
    return out.getvalue()


def _hard_to_pack() -> bytes:
    """Return 17 MB that pack to a hundredth, as texts of a list may; to less it would be a bomb."""
    chance = random.Random(1)
    return b"".join(chance.randbytes(1 << 7).hex().encode() * 64 for _one in range(1050))


def _workbook() -> bytes:
    out, book = io.BytesIO(), Workbook()
    book.active.append(["Name", "Sum"])
    book.active.append(["Ana", "=1+1"])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\xef\xbb\xbf \r\n\r\n", "empty"),
        ("really.csv", b"%PDF-1.7\n...", "PDF"),
        ("really.xlsx", b"\x89PNG\r\n", "PNG"),
        ("old.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old Excel"),
        (
            "locked.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("bomb.xlsx", _zip(CT=b"<a/>", xl__workbook=b"0" * 300_000_000), "unpacks"),
        ("archive.xlsx", _zip(a=b"b"), "packed file"),
        ("broken.xlsx", _workbook()[:-200], "damaged"),
        ("hollow.xlsx", _zip(CT=b"<a/>", **{"xl__workbook.xml": b"<a/>"}), "damaged"),
        (
            "entities.xlsx",
            _zip(CT=b"<a/>", **{"xl__workbook.xml": (
                b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')}),
            "entities",
        ),
        (
            "other_name.xlsx",
            _zip(CT=b"<a/>", **{"xl__sheet.dat": (
                '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'.encode("utf-16"))}),
            "entities",
        ),
        (
            "texts.xlsx",
            _zip(CT=b"<a/>", **{"xl__sharedStrings.xml": b"<a>" + _hard_to_pack() * 8 + b"</a>"}),
            "as CSV",
        ),
    ],
)  # fmt: skip
def test_refused_with_a_sentence(file, name, content, word) -> None:
    with pytest.raises(InvalidError, match=word):
        _rows(file(name, content))


def test_missing_file(tmp_path) -> None:
    with pytest.raises(InvalidError, match="cannot be opened"):
        form_of(tmp_path / "gone.csv")


def test_a_formula_is_its_value_and_never_run(file) -> None:
    assert _rows(file("a.xlsx", _workbook())) == [(1, ["Name", "Sum"]), (2, ["Ana"])]
    assert _rows(file("a.csv", '"=cmd|calc!A0";b\n'))[0] == (1, ["=cmd|calc!A0", "b"])


def test_marks_in_the_middle_and_nul(file) -> None:
    path = file("a.csv", "a;b\n\ufeffc;d\n".encode() + b"e\0;f\n" + "\ufeffg;h\n".encode())
    assert [cells for _n, cells in _rows(path)] == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]


def test_ragged_rows_and_quotes(file) -> None:
    path = file("a.csv", 'a,b,c\n1\n1,2,3,4,5\n"x\ny",2,"say ""hi"""\n')
    assert [cells for _n, cells in _rows(path)][1:] == [
        ["1"], ["1", "2", "3", "4", "5"], ["x\ny", "2", 'say "hi"'],
    ]  # fmt: skip
    assert [n for n, _cells in _rows(path)] == [1, 2, 3, 4]


def test_five_thousand_columns(file, tmp_path) -> None:
    with pytest.raises(InvalidError, match="5000 columns"):
        _rows(file("a.csv", ",".join(str(n) for n in range(5000)) + "\n"))
    book = Workbook(write_only=True)
    book.create_sheet().append(range(5000))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InvalidError, match="5000 columns"):
        _rows(tmp_path / "a.xlsx")


def test_more_than_a_gigabyte(tmp_path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.write(b"Name;DOB\n")
        stream.truncate(LARGEST_FILE + 1)
    with pytest.raises(InvalidError, match="larger than 1 GB"):
        form_of(path)


def test_a_quote_never_closed(file) -> None:
    with pytest.raises(InvalidError, match="line 2"):
        _rows(file("a.csv", 'a,b\n"' + "x" * 200_000))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("cp1252", "cp1252")],
)  # fmt: skip
def test_encodings(file, encoding, told) -> None:
    text = "Nome;Observações\nInês Conceição;“só” às 9 – não\nJoão;ã\n"
    path = file("a.csv", text.encode(encoding))
    assert form_of(Path(path)) == Form("csv", told, ";")
    assert _rows(path)[1][1] == ["Inês Conceição", "“só” às 9 – não"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(file, delimiter) -> None:
    path = file("a.csv", delimiter.join(["Name", "Note"]) + "\n" + f'"Reis, Ana"{delimiter}"a;b"\n')
    assert _rows(path)[1][1] == ["Reis, Ana", "a;b"]


def test_memory_stays_flat(tmp_path) -> None:
    """A file of 60 MB is walked in a few MB; one of 500 MB takes no more."""
    path = tmp_path / "large.csv"
    line = "Carvalho, Inês;1984-09-03;+351912345678;" + "x" * 160 + "\n"
    with path.open("w", encoding="utf-8") as stream:
        for _ in range(300):
            stream.write(line * 1000)
    form = form_of(path)
    tracemalloc.start()
    count = sum(1 for _row in rows_of(path, form))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 300_000
    assert peak < 8_000_000
