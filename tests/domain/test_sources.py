"""What ships is listed with its source; what may not ship is named with its reason, and nowhere."""

import csv
import json
import re
from pathlib import Path

import pytest

from clinic_desktop.resources import resource

REFERENCE = resource("reference")
ROOT = Path(__file__).parents[2]
# What was compiled for the program; beside the repository where it is worked on.
COMPILED = ROOT.parent / "shared" / "data"
# Of our own making, beside the compiled tables; told of in a paragraph and not in a row.
OURS = {"SOURCES.md", "catalogue.json", "common_passwords.txt"}
# What each of them would look like in a file of ours, with an example that must be found.
FORBIDDEN = {
    "CDT": (r"\bD\d{4}\b", "D2393"),
    "SNODENT": (r"\bSNODENT\b", "SNODENT"),
    "SNOMED CT": (r"(?i)\bSNOMED\b|\b\d{8,18}\b", "80967001"),
    "DrugBank": (r"(?i)\bDB\d{5}\b|\bDrugBank\b", "DB01060"),
    "DDInter": (r"(?i)\bDDInter", "DDInter1234"),
    "World Vista interaction files": (r"(?i)\bPDDI_|\bworldvista\b.*\.(csv|xml)", "PDDI_id"),
    "BNF and DPF text": (r"\bBNF\b", "BNF 80"),
    "AAPD and ADA tables": (r"(?i)\bADA(AmericanDental| table)|AAPD table", "ADA table 2"),
    "ATC": (r"\b[A-DGHJLMNPRSV]\d{2}[A-Z]{2}\d{2}\b", "J01CA04"),
    "X12 TR3": (r"\b005010X\d{3}", "005010X224A2"),
    "HHHHHMM": (r"HHHHHMM", "HHHHHMM scale"),
}


def said() -> str:
    return REFERENCE.joinpath("SOURCES.md").read_text(encoding="utf-8")


def rows_of(title: str) -> list[list[str]]:
    """Return the table below a heading, or the first one."""
    part = said().split(f"## {title}\n")[1] if title else said()
    lines = [line for line in part.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def shipped() -> dict[str, list[str]]:
    return {name: row for row in rows_of("") for name in names(row[0])}


def texts() -> list[Path]:
    """Return every table and text of ours that reads like reference data."""
    found = [*REFERENCE.iterdir(), *resource("i18n").glob("*.po")]
    return [path for path in found if path.name not in OURS and path.suffix != ".md"]


class TestWhatShips:
    def test_each_file_has_a_row_and_each_row_a_file(self) -> None:
        there = {path.name for path in REFERENCE.iterdir()} - OURS
        assert set(shipped()) == there
        for name, row in shipped().items():
            # Source, terms and how sure; only the key of the keys speaks for itself.
            assert row[2], name
            assert all(row[3:6]) or name == "source_keys.json", name

    def test_the_rows_are_counted(self) -> None:
        for name, row in shipped().items():
            path = REFERENCE.joinpath(name)
            if path.suffix == ".csv":
                with path.open(encoding="utf-8", newline="") as stream:
                    assert int(row[1]) == sum(1 for _row in csv.DictReader(stream)), name
            elif row[1] and len(names(row[0])) == 1:
                assert int(row[1]) == len(json.loads(path.read_text(encoding="utf-8"))), name

    def test_what_is_from_memory_is_said_on_the_page(self) -> None:
        """A file that says "recalled" of a statement is named with it on the page."""
        by_name = {
            path.name for path in texts() if "recalled" in path.read_text(encoding="utf-8").lower()
        }
        told = {
            "prescription_fields.json": "regulation 217",
            "premedication_rules.json": "ASA classes",
            "money_rules.json": "articles of tax law",
            "formulary.csv": "metronidazole in pregnancy",
            "interactions.csv": "24 hours after cocaine",
            "tooth_anatomy.csv": "measures of third molars",
        }
        assert by_name == set(told)
        page = " ".join(said().split())
        assert [words for words in told.values() if words not in page] == []


class TestWhatMayNot:
    def test_each_is_named_with_whose_it_is_and_why(self) -> None:
        table = rows_of("What may not ship")
        assert {row[0] for row in table} == set(FORBIDDEN)
        assert all(all(row) and len(row) == 3 for row in table)

    @pytest.mark.parametrize("name", list(FORBIDDEN))
    def test_it_stands_in_no_file_of_ours(self, name) -> None:
        pattern, example = FORBIDDEN[name]
        assert re.search(pattern, example)
        for path in texts():
            # Addresses have numbers of their own.
            lines = re.sub(r"https?://\S+", "", path.read_text(encoding="utf-8")).splitlines()
            assert [line for line in lines if re.search(pattern, line)] == [], path.name


@pytest.mark.skipif(not COMPILED.is_dir(), reason="the compiled tables are not beside this copy")
class TestWhatWasCompiled:
    def test_every_file_ships_or_is_named_with_its_reason(self) -> None:
        there = {
            path.relative_to(COMPILED).as_posix() for path in COMPILED.rglob("*") if path.is_file()
        }
        outside = {
            names(row[0])[0]: row[1]
            for row in rows_of("What was compiled with them and stays outside")
        }
        assert all(outside.values())
        assert there - set(shipped()) == set(outside)

    def test_what_may_not_ship_there_is_named_here(self) -> None:
        """The compilers' own list, thing by thing."""
        listed = COMPILED.joinpath("SOURCES.md").read_text(encoding="utf-8")
        line = next(row for row in listed.splitlines() if row.startswith("Must not ship:"))
        theirs = re.sub(r"\([^)]*\)", "", line.removeprefix("Must not ship:")).rstrip(".")
        ours = " ".join(FORBIDDEN)
        words = {
            "BNF/DPF text": "BNF and DPF text", "AAPD/ADA tables as such": "AAPD and ADA tables",
            "WHO ATC file": "ATC", "X12 TR3 text": "X12 TR3",
            "Villalobos HHHHHMM wording": "HHHHHMM",
        }  # fmt: skip
        each = [" ".join(one.split()) for one in theirs.split(",")]
        assert [one for one in each if words.get(one, one) not in ours] == []
        # Named in a row of a table and not in that line.
        assert "do not ship the World Vista" in listed
