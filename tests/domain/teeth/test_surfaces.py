"""Surface letters by country and by tooth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.teeth.numbering import Notation, teeth
from clinic_desktop.domain.teeth.surfaces import (
    CODES,
    NAMES,
    letters,
    read_letter,
    read_surfaces,
    tidy,
    valid_codes,
)
from clinic_desktop.errors import InvalidError

LOCALES = ["en_US", "en_CA", "en_GB", "en", "es_ES", "es-MX", "pt_BR", "pt_PT"]


class TestTidy:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("dom", "MOD"),
            ("OD", "DO"),
            ("mo", "MO"),
            ("5", "B5"),
            ("L5", "L5"),
            ("bodlm", "MODBL"),
            ("oo", "O"),
            ("", ""),
        ],
    )
    def test_usual_order(self, typed: str, stored: str) -> None:
        assert tidy(typed) == stored

    @given(st.text(CODES))
    def test_is_stable(self, text: str) -> None:
        assert tidy(tidy(text)) == tidy(text)
        assert set(tidy(text)) >= set(text)


class TestLetters:
    @pytest.mark.parametrize(
        ("locale", "back", "front", "upper_inner"),
        [
            ("en_US", "B", "F", "L"),
            ("en_CA", "B", "V", "L"),
            ("en_IE", "B", "B", "P"),
            ("es_ES", "V", "V", "P"),
            ("pt-BR", "V", "V", "P"),
        ],
    )
    def test_by_country(self, locale: str, back: str, front: str, upper_inner: str) -> None:
        assert letters("B", 36, locale) == back
        assert letters("B", 11, locale) == front
        assert letters("L", 16, locale) == upper_inner
        assert letters("L", 36, locale) == "L"

    def test_class_five_keeps_its_digit(self) -> None:
        assert letters("B5", 33, "es_ES") == "V5"

    def test_every_code_has_a_name(self) -> None:
        assert set(NAMES) == set(CODES)


class TestReadSurfaces:
    def test_v_is_vestibular_but_class_five_in_the_united_states(self) -> None:
        assert read_surfaces("v", (36,), "es_ES") == "B"
        assert read_surfaces("v", (36,), "en_US") == "B5"
        assert read_letter("f", "es_ES") == "B"

    def test_never_takes_o_on_a_front_tooth(self) -> None:
        with pytest.raises(InvalidError, match="11 is a front tooth: its edge is I"):
            read_surfaces("mo", (36, 11), "en")

    def test_never_takes_i_on_a_back_tooth(self) -> None:
        with pytest.raises(InvalidError, match="19 is a back tooth"):
            read_surfaces("i", (36,), "en", Notation.UNIVERSAL)

    def test_palatal_is_above(self) -> None:
        assert read_surfaces("p", (16,), "en") == "L"
        with pytest.raises(InvalidError, match="36 is a lower tooth"):
            read_surfaces("p", (36,), "en")

    def test_refuses_other_letters(self) -> None:
        with pytest.raises(InvalidError, match="X is not a tooth surface"):
            read_surfaces("x", (36,), "en")

    @given(st.sampled_from(sorted(teeth())), st.data(), st.sampled_from(LOCALES))
    def test_reads_what_it_writes(self, fdi: int, data: st.DataObject, locale: str) -> None:
        codes = tidy(data.draw(st.text(valid_codes(fdi), max_size=6)))
        assert read_surfaces(letters(codes, fdi, locale), (fdi,), locale) == codes
