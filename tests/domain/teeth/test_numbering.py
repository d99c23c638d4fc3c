"""Tooth numbers in the three notations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.teeth.dentition import PERMANENT, permanent_teeth
from clinic_desktop.domain.teeth.numbering import (
    MOST_EXTRA,
    OF_PEOPLE,
    Notation,
    notation_for,
    read_tooth,
    species_of,
    teeth,
    teeth_of,
    tooth,
    written,
)
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import in_language


class TestTeeth:
    @pytest.mark.parametrize(("species", "count"), [("human", 52), ("dog", 70), ("cat", 56)])
    def test_has_the_ordinary_teeth_and_three_extra_for_each(
        self, species: str, count: int
    ) -> None:
        ordinary = [one for one in teeth_of(species) if not one.supernumerary]
        extra = [one for one in teeth_of(species) if one.supernumerary]
        assert len(ordinary) == count
        assert len(extra) == count * MOST_EXTRA
        assert {one.anchor for one in extra} == {one.fdi for one in ordinary}
        assert {one.extra for one in extra} == {1, 2, 3}

    def test_no_number_names_two_teeth(self) -> None:
        assert len(teeth()) == (52 + 70 + 56) * (1 + MOST_EXTRA)
        assert max(teeth()) <= 39_999

    def test_the_quadrants_of_fdi_say_jaw_and_side(self) -> None:
        for found in teeth_of("human"):
            quadrant = found.anchor // 10
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

    def test_the_quadrants_of_triadan_say_jaw_and_side(self) -> None:
        for species in ("dog", "cat"):
            for found in teeth_of(species):
                quadrant = int(found.universal[0])
                assert found.upper is (quadrant in {1, 2, 5, 6})
                assert found.right is (quadrant in {1, 4, 5, 8})
                assert found.primary is (quadrant >= 5)

    def test_a_dog_has_42_permanent_teeth_and_a_cat_30(self) -> None:
        assert len(permanent_teeth("dog")) == 42
        assert len(permanent_teeth("cat")) == 30
        assert permanent_teeth("human") == PERMANENT
        assert written(permanent_teeth("dog")[0]) == "110"
        assert {written(fdi) for fdi in permanent_teeth("cat")}.isdisjoint({"105", "405", "406"})


class TestTooth:
    @pytest.mark.parametrize("number", [0, 9, 10, 19, 29, 56, 99, 100, 119, -36, 1100, 2105, 418])
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
        assert tooth(218).name == "supernumerary tooth 2 at upper right third molar"
        assert tooth(11108).name == "supernumerary tooth at upper right premolar (P4)"


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
            (218, "51S2", "UR8S2"),
            (155, "AS", "URES"),
            (355, "AS3", "URES3"),
        ],
    )
    def test_known_pairs(self, fdi: int, universal: str, palmer: str) -> None:
        assert written(fdi, Notation.UNIVERSAL) == universal
        assert written(fdi, Notation.PALMER) == palmer

    def test_fdi_marks_extra_teeth(self) -> None:
        assert written(36) == "36"
        assert written(136) == "36S"
        assert written(236) == "36S2"

    def test_an_animals_tooth_is_written_as_triadan_whatever_is_usual(self) -> None:
        assert {written(1108, notation) for notation in Notation} == {"108"}
        assert written(12409) == "409S"

    @pytest.mark.parametrize("notation", list(Notation))
    def test_reads_back_as_the_same_tooth(self, notation: Notation) -> None:
        numbers = [one.fdi for one in teeth_of(species_of(notation))]
        assert [read_tooth(written(fdi, notation), notation) for fdi in numbers] == numbers

    @given(st.sampled_from(sorted(teeth())))
    def test_one_notation_leads_to_another_and_back(self, number: int) -> None:
        species = tooth(number).species
        for one in OF_PEOPLE if species == "human" else [notation_for(species, "fdi")]:
            assert read_tooth(written(number, one), one) == number

    def test_reading_ignores_case_and_refuses_the_rest(self) -> None:
        assert read_tooth("ll6", Notation.PALMER) == 36
        assert read_tooth("36", Notation.PALMER) is None
        assert read_tooth("", Notation.FDI) is None
