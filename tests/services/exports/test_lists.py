"""Lists given out: every row of the filter, no formula in any cell, written to the access log."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from clinic_desktop.errors import NotAllowedError, SetupError
from clinic_desktop.services.exports.lists import patients_list
from clinic_desktop.services.exports.tables import harmless, write_table
from clinic_desktop.services.patients.list_schemas import ListFilter


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "\n@"])
def test_no_cell_is_a_formula(sign, tmp_path) -> None:
    evil = f"{sign}cmd|' /C calc'!A0"
    assert harmless(evil).startswith("'")
    for form in ("csv", "xlsx"):
        write_table(tmp_path / f"a.{form}", form, ["x"], [[evil]])
    cell = load_workbook(tmp_path / "a.xlsx").active["A2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][0] == "'" + evil


def test_plain_text_stays() -> None:
    assert [harmless(t) for t in ("", "Ana-Sá", "a=b", "0123")] == ["", "Ana-Sá", "a=b", "0123"]


def test_filtered_list_with_phones_as_text(signed_in, make, tmp_path) -> None:
    make.patient("=Ana", "Reis")
    make.patient("Rui", "Sá", status="archived")
    path = tmp_path / "list.csv"
    with signed_in.reading() as ctx:
        assert patients_list(ctx, str(path)) == 1
        assert (
            patients_list(ctx, str(tmp_path / "all.xlsx"), chosen=ListFilter(status="archived"))
            == 1
        )
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[1][:6] == ["00001", "'=Ana", "Reis", "", "1984-09-03", "'+353865550142"]
    row = [c.value for c in list(load_workbook(tmp_path / "all.xlsx").active.rows)[1]]
    assert row[:3] == ["00002", "Rui", "Sá"]
    with signed_in.reading() as ctx:
        sql = "SELECT count(*) FROM access_log WHERE action = 'export' AND category = 'patients'"
        assert ctx.connection.execute(text(sql)).scalar_one() == 2


def test_needs_the_right(sign_in, tmp_path) -> None:
    with sign_in("u_front").reading() as ctx, pytest.raises(NotAllowedError):
        patients_list(ctx, str(tmp_path / "a.csv"))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to(signed_in) -> None:
    with signed_in.reading() as ctx, pytest.raises(SetupError):
        patients_list(ctx, str(Path("/proc/nowhere/a.csv")))
