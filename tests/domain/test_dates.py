"""Typed dates: what is read, what is refused and with which sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain import dates
from clinic_desktop.domain.dates import (
    format_date,
    format_long_date,
    format_month,
    order_of,
    parse_date,
)
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import in_language

TODAY = date(2026, 3, 12)
THIRD = date(1984, 9, 3)
LOCALES = ("en_IE", "en_US", "es_ES", "pt_BR", "pt_PT", "de_DE", "sv_SE", "ja_JP", "hu_HU", "ar_EG")


def read(text: str, locale: str = "en_IE", **limits: date) -> date:
    return parse_date(text, locale=locale, today=TODAY, **limits)


def refusal(text: str, locale: str = "en_IE", **limits: date) -> str:
    with pytest.raises(InvalidError) as caught:
        read(text, locale, **limits)
    return str(caught.value)


class TestOrder:
    @pytest.mark.parametrize(
        ("locale", "order"),
        [("en_IE", "dmy"), ("en_US", "mdy"), ("pt_BR", "dmy"), ("sv_SE", "ymd"), ("hu_HU", "ymd")],
    )
    def test_follows_the_locale(self, locale: str, order: str) -> None:
        assert order_of(locale) == order


class TestReading:
    @pytest.mark.parametrize(
        "text",
        [
            "3.9.84", "03/09/1984", "3-9-1984", "1984-09-03", "1984/9/3", "3 sep 1984",
            "3 Sept. 1984", "Sep 3, 1984", "3rd September 84", "3 de septiembre de 1984",
            "3 de set. de 1984", "030984", "03091984", " 3 . 9 . 1984 ", "٣/٩/١٩٨٤",
            "\u200f3/9/1984\u200e", "３．９．１９８４", "1984年9月3日",
        ],
    )  # fmt: skip
    def test_usual_ways(self, text: str) -> None:
        assert read(text) == THIRD

    @pytest.mark.parametrize(
        ("text", "locale"),
        [("9/3/84", "en_US"), ("090384", "en_US"), ("84-09-03", "sv_SE"), ("840903", "sv_SE")],
    )
    def test_order_of_the_locale(self, text: str, locale: str) -> None:
        assert read(text, locale) == THIRD

    def test_two_figure_year_is_the_nearest_one_allowed(self) -> None:
        assert read("5.6.26") == date(2026, 6, 5)
        assert read("5.6.26", latest=TODAY) == date(1926, 6, 5)
        assert read("5.6.20", latest=TODAY) == date(2020, 6, 5)
        assert read("11.3.26", earliest=TODAY, latest=date(2126, 12, 31)) == date(2126, 3, 11)

    @given(
        day=st.dates(min_value=date(1000, 1, 1), max_value=date(9999, 12, 31)),
        locale=st.sampled_from(LOCALES),
        language=st.sampled_from(["en", "es", "pt"]),
    )
    def test_what_is_written_can_be_read(self, day: date, locale: str, language: str) -> None:
        with in_language(language):
            assert read(format_date(day, locale), locale) == day

    @given(day=st.dates(min_value=date(1000, 1, 1)), locale=st.sampled_from(LOCALES))
    def test_iso_is_read_everywhere(self, day: date, locale: str) -> None:
        assert read(day.isoformat(), locale) == day

    @given(text=st.text(max_size=60), locale=st.sampled_from(LOCALES))
    def test_anything_else_is_refused_with_a_sentence(self, text: str, locale: str) -> None:
        sentence = ""
        try:
            read(text, locale)
        except InvalidError as refused:
            sentence = str(refused)
        assert sentence == "" or sentence.endswith(".")


class TestRefusing:
    def test_days_that_a_month_does_not_have(self) -> None:
        assert refusal("31/02/1984") == "February 1984 has 29 days."
        assert refusal("29.2.2023") == "February 2023 has 28 days."
        assert refusal("31.4.84") == "April 1984 has 30 days."
        assert refusal("0.4.84") == "April 1984 has 30 days."

    def test_months_that_do_not_exist(self) -> None:
        assert refusal("1/13/2000") == "There is no month 13."
        assert refusal("3 foo 84") == "“foo” is not a month."

    def test_years_out_of_range(self) -> None:
        low = date(1900, 1, 1)
        assert refusal("0001-01-01", earliest=low) == "The date has to be 1 Jan 1900 or later."
        assert refusal("9999-12-31", latest=TODAY) == (
            "This day is still to come. Today is 12 Mar 2026."
        )
        assert refusal("9999-12-31", latest=date(2030, 1, 1)) == (
            "The date has to be 1 Jan 2030 or earlier."
        )
        assert refusal("1.1.0000") == "There is no year 0."

    @pytest.mark.parametrize(
        "text",
        ["", " ", "\0", "<b>", "12", "1.1.123", "1.2.3.4", "x" * 5000, "May June 3"],
    )
    def test_what_is_not_a_date(self, text: str) -> None:
        assert refusal(text).startswith("Write day, month and year") or "no year" in refusal(text)


class TestWriting:
    def test_nobody_can_misread_it(self) -> None:
        assert format_date(THIRD, "en_IE") == "3 Sep 1984"
        assert format_date(THIRD, "en_US") == "Sep 3, 1984"
        assert format_long_date(TODAY, "en_GB") == "Thursday, 12 March 2026"

    def test_month_and_year(self) -> None:
        assert format_month(TODAY, "en_IE") == "Mar 2026"
        with in_language("pt"):
            assert format_month(TODAY, "pt_PT") == "03/2026"

    def test_words_are_in_the_interface_language(self) -> None:
        with in_language("pt"):
            assert format_date(THIRD, "en_IE") == "3 de set. de 1984"


class TestHeads:
    """What stands above the days of a calendar."""

    @pytest.mark.parametrize(
        ("locale", "words"),
        [("en_IE", ("Mon 9", "9–14 Mar 2026", "March 2026", "1 Apr", "Monday"))],
    )
    def test_words(self, locale, words) -> None:
        monday = date(2026, 3, 9)
        assert (
            dates.format_weekday(monday, locale),
            dates.format_days(monday, date(2026, 3, 14), locale),
            dates.format_whole_month(monday, locale),
            dates.format_day(date(2026, 4, 1), locale),
            dates.format_weekday_name(monday, locale),
        ) == words

    @pytest.mark.parametrize(("locale", "day"), [("en_IE", 0), ("en_US", 6), ("pt_BR", 6)])
    def test_first_weekday(self, locale, day) -> None:
        assert dates.first_weekday(locale) == day
