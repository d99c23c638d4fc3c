"""Money, dates and times as the clinic writes them, month names in the paper's language."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_time
from babel.numbers import format_decimal

from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.domain import dates, money
from clinic_desktop.domain.words import in_words
from clinic_desktop.i18n import language


@lru_cache(maxsize=64)
def _worded(clinic: str, spoken: str) -> Locale:
    """Return the clinic's locale, its language replaced by the paper's where the two differ."""
    home = Locale.parse(clinic)
    if home.language == spoken:
        return home
    return Locale.parse("en_GB" if spoken == "en" else spoken)


# A paper writes most of its values more than once: to measure a column, then in it.
_money = lru_cache(maxsize=2048)(money.format_money)
_amount = lru_cache(maxsize=2048)(money.format_amount)
_symbol = lru_cache(maxsize=64)(money.symbol_of)


@lru_cache(maxsize=2048)
def _short_date(day: date, clinic: str, spoken: str) -> str:  # noqa: ARG001 - the answer hangs on it
    return dates.format_date(day, clinic)


@lru_cache(maxsize=1024)
def _number(value: Decimal, clinic: str) -> str:
    text = format_decimal(value, locale=clinic, decimal_quantization=False)
    return str(text).replace("-", money.MINUS)


class Formats:
    """Writes values for one clinic in the language in force when it is made."""

    def __init__(self, head: ClinicHead) -> None:
        """Take locale, currency and zone of the clinic."""
        self._locale = head.locale
        self._worded = _worded(head.locale, language())
        self._currency = head.currency
        self._zone = ZoneInfo(head.zone)

    @property
    def sign(self) -> str:
        """Return the currency's sign, or its code where it has none."""
        return _symbol(self._currency, self._locale)

    def money(self, minor: int) -> str:
        """Return an amount with the currency's sign."""
        return _money(minor, self._currency, self._locale)

    def amount(self, minor: int) -> str:
        """Return an amount without the sign, for columns whose head has it."""
        return _amount(minor, self._currency, self._locale)

    def number(self, value: Decimal) -> str:
        """Return a number with all the digits that say something."""
        return _number(value, self._locale)

    def words(self, value: Decimal, *, feminine: bool = False) -> str:
        """Return a quantity written out in the paper's language, see domain.words."""
        return in_words(value, str(self._worded), feminine=feminine)

    def long_date(self, day: date) -> str:
        """Return a date with the month in full: 12 March 2026."""
        return str(babel_date(day, "long", locale=self._worded))

    def short_date(self, day: date) -> str:
        """Return a date for a column: 12 Mar 2026."""
        return _short_date(day, self._locale, language())

    def weekday(self, day: date) -> str:
        """Return a date with its day of the week."""
        return dates.format_long_date(day, self._locale)

    def short_weekday(self, day: date) -> str:
        """Return a date for the head of a column: Thu 12 Mar."""
        return dates.format_weekday(day, self._locale)

    def days(self, first: date, last: date) -> str:
        """Return from which day to which: 9 – 15 March 2026."""
        return dates.format_days(first, last, self._locale)

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment by the clinic's clock."""
        return moment.astimezone(self._zone).date()

    def date_and_time(self, moment: datetime) -> str:
        """Return day and time of a moment by the clinic's clock."""
        local = moment.astimezone(self._zone)
        # The narrow space before "PM" is missing in many fonts of readers that copy it.
        time = str(format_time(local, "short", locale=self._locale)).replace("\u202f", "\u00a0")
        return f"{self.long_date(local.date())}, {time}"
