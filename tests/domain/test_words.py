"""Quantities in words, in three languages and their countries."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.words import LARGEST, in_words


class TestInWords:
    @pytest.mark.parametrize(
        ("number", "english", "spanish", "portuguese"),
        [
            (0, "zero", "cero", "zero"),
            (1, "one", "uno", "um"),
            (16, "sixteen", "dieciséis", "dezasseis"),
            (21, "twenty-one", "veintiuno", "vinte e um"),
            (30, "thirty", "treinta", "trinta"),
            (45, "forty-five", "cuarenta y cinco", "quarenta e cinco"),
            (100, "one hundred", "cien", "cem"),
            (101, "one hundred and one", "ciento uno", "cento e um"),
            (168, "one hundred and sixty-eight", "ciento sesenta y ocho",
             "cento e sessenta e oito"),
            (500, "five hundred", "quinientos", "quinhentos"),
            (1000, "one thousand", "mil", "mil"),
            (1001, "one thousand and one", "mil uno", "mil e um"),
            (1200, "one thousand two hundred", "mil doscientos", "mil e duzentos"),
            (1234, "one thousand two hundred and thirty-four",
             "mil doscientos treinta y cuatro", "mil duzentos e trinta e quatro"),
            (21000, "twenty-one thousand", "veintiún mil", "vinte e um mil"),
            (31000, "thirty-one thousand", "treinta y un mil", "trinta e um mil"),
            (10**6, "one million", "un millón", "um milhão"),
            (2 * 10**6, "two million", "dos millones", "dois milhões"),
            (21 * 10**6, "twenty-one million", "veintiún millones", "vinte e um milhões"),
            (10**9, "one billion", "mil millones", "mil milhões"),
        ],
    )  # fmt: skip
    def test_reads_as_people_say_it(
        self, number: int, english: str, spanish: str, portuguese: str
    ) -> None:
        assert in_words(number, "en_IE") == english
        assert in_words(number, "es") == spanish
        assert in_words(number, "pt_PT") == portuguese

    def test_follows_the_country(self) -> None:
        assert in_words(168, "en_US") == "one hundred sixty-eight"
        assert in_words(1001, "en-US") == "one thousand one"
        assert in_words(16, "pt_BR") == "dezesseis"
        assert in_words(10**9, "pt_BR") == "um bilhão"

    def test_follows_the_noun(self) -> None:
        assert in_words(21, "es", feminine=True) == "veintiuna"
        assert in_words(201, "es", feminine=True) == "doscientas una"
        assert in_words(31000, "es", feminine=True) == "treinta y una mil"
        assert in_words(2, "pt", feminine=True) == "duas"
        assert in_words(222, "pt", feminine=True) == "duzentas e vinte e duas"
        assert in_words(2 * 10**6, "pt", feminine=True) == "dois milhões"

    def test_reads_decimals_digit_by_digit(self) -> None:
        assert in_words(Decimal("7.50"), "en") == "seven point five"
        assert in_words(Decimal("7.05"), "es") == "siete coma cero cinco"
        assert in_words(Decimal("0.5"), "pt_BR") == "zero vírgula cinco"
        assert in_words(Decimal("1E+2"), "en") == "one hundred"

    def test_writes_another_language_in_english(self) -> None:
        assert in_words(3, "de_DE") == "three"

    @pytest.mark.parametrize("number", [-1, LARGEST + 1, Decimal("NaN"), Decimal("Infinity")])
    def test_refuses_what_has_no_words(self, number: Decimal) -> None:
        with pytest.raises(ValueError, match="in words"):
            in_words(number, "en")

    @given(st.integers(0, LARGEST), st.sampled_from(["en", "en_US", "es", "pt", "pt_BR"]))
    def test_tells_every_number_from_its_neighbour(self, number: int, locale: str) -> None:
        text = in_words(number, locale)
        assert text == text.strip()
        assert "  " not in text
        if number:
            assert text != in_words(number - 1, locale)
