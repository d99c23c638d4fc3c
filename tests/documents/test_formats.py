"""Values as the clinic writes them, words in the paper's language."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clinic_desktop.documents.formats import Formats
from clinic_desktop.i18n import use_language
from tests.documents.samples import head

DAY = date(2026, 3, 12)


@pytest.fixture(params=[("en_IE", "EUR"), ("es_ES", "EUR"), ("pt_BR", "BRL")])
def formats(request: pytest.FixtureRequest) -> Formats:
    locale, currency = request.param
    return Formats(head(locale=locale, currency=currency, zone="America/Sao_Paulo"))


class TestFormats:
    def test_money_follows_the_country(self) -> None:
        assert Formats(head()).money(123450) == "€\u00a01,234.50"
        assert Formats(head(locale="es_ES")).money(123450) == "1.234,50\u00a0€"
        brazil = Formats(head(locale="pt_BR", currency="BRL"))
        assert brazil.money(-123450) == "\u2212R$\u00a01.234,50"
        assert brazil.amount(-123450) == "\u22121.234,50"
        assert brazil.sign == "R$"

    def test_a_currency_has_its_own_decimals(self) -> None:
        assert Formats(head(currency="JPY")).amount(1234) == "1,234"
        assert Formats(head(currency="KWD")).amount(1234) == "1.234"

    def test_numbers_keep_all_their_digits(self) -> None:
        assert Formats(head()).number(Decimal("1.125")) == "1.125"
        assert Formats(head(locale="es_ES")).number(Decimal("22.4")) == "22,4"
        assert Formats(head()).number(Decimal("1E+2")) == "100"

    def test_the_date_is_that_of_the_clinics_clock(self, formats: Formats) -> None:
        late = datetime(2026, 3, 13, 1, 30, tzinfo=UTC)
        assert formats.day_of(late) == DAY
        assert "22:30" in formats.date_and_time(late)

    @pytest.mark.parametrize(
        ("language", "locale", "expected"),
        [
            ("en", "en_IE", "12 March 2026"),
            ("en", "en_US", "March 12, 2026"),
            ("es", "en_IE", "12 de marzo de 2026"),
            ("pt", "pt_BR", "12 de março de 2026"),
            ("en", "pt_BR", "12 March 2026"),
        ],
    )
    def test_month_names_follow_the_language(
        self, language: str, locale: str, expected: str
    ) -> None:
        use_language(language)
        try:
            assert Formats(head(locale=locale)).long_date(DAY) == expected
        finally:
            use_language("en")

    @pytest.mark.parametrize(
        ("language", "locale", "expected"),
        [
            ("en", "en_IE", "two hundred and twenty-one"),
            ("en", "en_US", "two hundred twenty-one"),
            ("es", "es_MX", "doscientas veintiuna"),
            ("es", "en_IE", "doscientas veintiuna"),
            ("pt", "pt_BR", "duzentas e vinte e uma"),
        ],
    )
    def test_quantities_are_written_out_in_the_language(
        self, language: str, locale: str, expected: str
    ) -> None:
        use_language(language)
        try:
            formats = Formats(head(locale=locale))
        finally:
            use_language("en")
        assert formats.words(Decimal(221), feminine=True) == expected

    def test_the_time_of_an_american_clinic_is_copied_with_a_plain_space(self) -> None:
        text = Formats(head(locale="en_US", zone="UTC")).date_and_time(
            datetime(2026, 3, 12, 14, 19, tzinfo=UTC)
        )
        assert text == "March 12, 2026, 2:19\u00a0PM"
