"""Tooth numbers in the three notations."""

import pytest

from clinic_desktop.domain.teeth.numbering import (
    SUPERNUMERARY,
    Notation,
    read_tooth,
    teeth,
    tooth,
    written,
)
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import in_language


class TestTeeth:
    def test_has_the_52_ordinary_teeth_and_one_extra_for_each(self) -> None:
        ordinary = [fdi for fdi in teeth() if fdi < SUPERNUMERARY]
        extra = [fdi for fdi in teeth() if fdi > SUPERNUMERARY]
        assert len(ordinary) == 52
        assert extra == [fdi + SUPERNUMERARY for fdi in ordinary]

    def test_the_quadrants_of_fdi_say_jaw_and_side(self) -> None:
        for fdi, found in teeth().items():
            quadrant = fdi % SUPERNUMERARY // 10
            assert found.upper is (quadrant in {1, 2, 5, 6})
            assert found.right is (quadrant in {1, 4, 5, 8})
            assert found.primary is (quadrant >= 5)

    def test_successors_and_milk_teeth_name_each_other(self) -> None:
        for fdi, found in teeth().items():
            if found.counterpart is not None:
                other = tooth(found.counterpart)
                assert other.counterpart == fdi
                assert other.column == found.column
                assert other.primary is not found.primary


class TestTooth:
    @pytest.mark.parametrize("number", [0, 9, 10, 19, 29, 56, 99, 100, 119, -36])
    def test_refuses_a_number_no_tooth_has(self, number: int) -> None:
        with pytest.raises(InvalidError, match=f"{number} is not the number of a tooth"):
            tooth(number)

    def test_names_follow_the_language(self) -> None:
        assert tooth(36).name == "lower left first molar"
        with in_language("es"):
            assert tooth(36).name == "primer molar inferior izquierdo"
        with in_language("pt"):
            assert tooth(55).name == "segundo molar decíduo superior direito"

    def test_an_extra_tooth_says_where_it_is(self) -> None:
        assert tooth(118).name == "supernumerary tooth at upper right third molar"


class TestWritten:
    @pytest.mark.parametrize(
        ("fdi", "universal", "palmer"),
        [
            (18, "1", "UR8"),
            (28, "16", "UL8"),
            (38, "17", "LL8"),
            (48, "32", "LR8"),
            (11, "8", "UR1"),
            (36, "19", "LL6"),
            (55, "A", "URE"),
            (65, "J", "ULE"),
            (75, "K", "LLE"),
            (85, "T", "LRE"),
            (118, "51", "UR8S"),
            (155, "AS", "URES"),
        ],
    )
    def test_known_pairs(self, fdi: int, universal: str, palmer: str) -> None:
        assert written(fdi, Notation.UNIVERSAL) == universal
        assert written(fdi, Notation.PALMER) == palmer

    def test_fdi_marks_extra_teeth(self) -> None:
        assert written(36) == "36"
        assert written(136) == "36S"

    @pytest.mark.parametrize("notation", list(Notation))
    def test_reads_back_as_the_same_tooth(self, notation: Notation) -> None:
        assert [read_tooth(written(fdi, notation), notation) for fdi in teeth()] == list(teeth())

    def test_reading_ignores_case_and_refuses_the_rest(self) -> None:
        assert read_tooth("ll6", Notation.PALMER) == 36
        assert read_tooth("36", Notation.PALMER) is None
        assert read_tooth("", Notation.FDI) is None
