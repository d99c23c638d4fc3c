"""Money in figures: exact both ways, in every locale and currency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.money import (
    LARGEST,
    decimals,
    format_amount,
    format_money,
    format_number,
    parse_money,
    to_decimal,
)
from clinic_desktop.errors import InvalidError

LOCALES = ("en_IE", "en_US", "en_IN", "es_ES", "es_MX", "pt_BR", "pt_PT", "de_CH", "fr_FR", "ar_EG")
CURRENCIES = ("EUR", "USD", "BRL", "JPY", "KWD", "CHF", "INR")


def refusal(text: str, currency: str = "EUR", locale: str = "en_IE") -> str:
    with pytest.raises(InvalidError) as caught:
        parse_money(text, currency, locale)
    return str(caught.value)


class TestFormat:
    def test_sign_stands_apart(self) -> None:
        assert format_money(482000, "EUR", "en_IE") == "€\u00a04,820.00"
        assert format_money(482000, "EUR", "es_ES") == "4.820,00\u00a0€"
        assert format_money(-500, "EUR", "en_IE") == "\u2212€\u00a05.00"

    def test_decimals_are_those_of_the_currency(self) -> None:
        assert decimals("JPY") == 0
        assert format_money(1234, "JPY", "ja_JP").endswith("1,234")
        assert format_amount(1234, "KWD", "en_IE") == "1.234"
        assert str(to_decimal(1234567, "EUR")) == "12345.67"

    def test_whole_numbers_are_grouped(self) -> None:
        assert format_number(18240, "en") == "18,240"
        assert format_number(-18240, "es") == "\u221218.240"


class TestParse:
    @given(
        minor=st.integers(min_value=-LARGEST, max_value=LARGEST),
        currency=st.sampled_from(CURRENCIES),
        locale=st.sampled_from(LOCALES),
    )
    def test_what_is_written_can_be_read(self, minor: int, currency: str, locale: str) -> None:
        assert parse_money(format_money(minor, currency, locale), currency, locale) == minor
        assert parse_money(format_amount(minor, currency, locale), currency, locale) == minor

    @pytest.mark.parametrize(
        ("text", "minor"),
        [
            ("12", 1200), ("12.5", 1250), ("12,5", 1250), (".5", 50), ("5.", 500), ("€ 12", 1200),
            ("12 €", 1200), ("eur 7", 700), ("1,234.50", 123450), ("1.234,50", 123450),
            ("1 234,50", 123450), ("1'234.50", 123450), ("-5", -500), ("\u2212 5.00", -500),
            ("5-", -500), ("٣٫٥", 350), ("1,23,456.00", 12345600), ("0", 0),
        ],
    )  # fmt: skip
    def test_usual_ways(self, text: str, minor: int) -> None:
        assert parse_money(text, "EUR", "en_IE") == minor

    def test_the_locale_decides_what_three_figures_after_a_mark_mean(self) -> None:
        assert parse_money("1,234", "EUR", "en_IE") == 123400
        assert parse_money("1.234", "EUR", "es_ES") == 123400
        assert refusal("1.234") == "Amounts in EUR have 2 decimals."
        assert parse_money("1.234", "KWD", "en_IE") == 1234

    def test_nothing_is_rounded(self) -> None:
        assert refusal("0.005") == "Amounts in EUR have 2 decimals."
        assert refusal("1.5", "JPY") == "Amounts in JPY have no decimals."

    @pytest.mark.parametrize(
        "text", ["", "abc", "1,2,3", "1.2.3", "--5", "\0", "<b>1</b>", "1e5", ",", "1 2 x"]
    )
    def test_what_is_not_an_amount(self, text: str) -> None:
        assert refusal(text) == "Write the amount in figures, for example 1,234.50."

    def test_too_large(self) -> None:
        assert refusal("9" * 18) == "This amount is larger than the books can hold."

    @given(text=st.text(max_size=50), locale=st.sampled_from(LOCALES))
    def test_anything_else_is_refused_with_a_sentence(self, text: str, locale: str) -> None:
        sentence = ""
        try:
            parse_money(text, "EUR", locale)
        except InvalidError as refused:
            sentence = str(refused)
        assert sentence == "" or sentence.endswith(".")
