"""Tables of the shipped fonts, read as the specification of OpenType lays them out."""

from struct import pack

import pytest

from clinic_desktop.documents.fonts import main_font
from clinic_desktop.documents.opentype import Kerning, single_substitutions


def gsub(subtable: bytes, *, extension: bool = False) -> bytes:
    """A table with one feature ``zero`` of one lookup."""
    if extension:
        subtable = pack(">HHI", 1, 1, 8) + subtable
    lookup = pack(">HHHH", 7 if extension else 1, 0, 1, 8) + subtable
    features = pack(">H4sH", 1, b"zero", 8) + pack(">HHH", 0, 1, 0)
    lookups = pack(">HH", 1, 4) + lookup
    start = 10
    return pack(">HHHHH", 1, 0, 0, start, start + len(features)) + features + lookups


class TestSingleSubstitutions:
    def test_adds_a_distance(self) -> None:
        coverage = pack(">HHHH", 1, 2, 5, 7)
        assert single_substitutions(gsub(pack(">HHh", 1, 6, 100) + coverage), "zero") == {
            5: 105,
            7: 107,
        }

    @pytest.mark.parametrize("extension", [False, True])
    def test_names_each_glyph(self, extension: bool) -> None:
        coverage = pack(">HHHHH", 2, 1, 5, 6, 0)
        table = gsub(pack(">HHHHH", 2, 10, 2, 50, 60) + coverage, extension=extension)
        assert single_substitutions(table, "zero") == {5: 50, 6: 60}

    def test_knows_no_other_feature(self) -> None:
        coverage = pack(">HHH", 1, 1, 5)
        assert single_substitutions(gsub(pack(">HHh", 1, 6, 1) + coverage), "tnum") == {}

    def test_figures_of_the_shipped_font_have_one_width(self) -> None:
        font = main_font("regular")
        figures = font.figured("0123456789", "table")
        assert len(set(font.widths(figures))) == 1
        assert len(set(font.widths("0123456789"))) > 1

    def test_record_numbers_have_another_zero(self) -> None:
        font = main_font("semibold")
        assert font.figured("0", "record") != font.figured("0", "table")
        assert font.figured("1", "record") == font.figured("1", "table")
        assert font.figured("x", "record") == "x"


class TestKerning:
    @pytest.mark.parametrize("weight", ["regular", "semibold"])
    def test_brings_open_shapes_together(self, weight: str) -> None:
        font = main_font(weight)
        for pair in ("To", "AV", "Yo", "P."):
            assert font.kerns(pair)[0] < 0, pair
        assert font.kerns("HH") == [0.0, 0.0]
        assert font.kerns("") == []

    def test_says_nothing_of_unknown_glyphs(self) -> None:
        font = main_font("regular")
        kerning = Kerning(bytes(font.face.get_table("GPOS")))
        assert kerning.between(65000, 65001) == 0
        assert kerning.between(65000, 65001) == 0
