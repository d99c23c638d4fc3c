"""Money as people read and write it: whole minor units inside, the locale's figures outside."""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import (
    NumberPattern,
    format_decimal,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)
from babel.numbers import format_currency as babel_currency

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

MINUS: Final = "\u2212"
_NO_BREAK_SPACE: Final = "\u00a0"
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES: Final = re.compile(r"[\s'’\u00a0\u202f\u2009]+")
_LONGEST: Final = 40
# One short of 10^15 minor units: far above any clinic's till, far below a database's limit.
LARGEST: Final = 10**15 - 1


@cache
def decimals(currency: str) -> int:
    """Return how many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Return the amount in main units, exactly."""
    return Decimal(minor).scaleb(-decimals(currency))


def format_money(minor: int, currency: str, locale: str) -> str:
    """Return an amount of minor units with its currency sign: € 1,234.50."""
    text = babel_currency(
        to_decimal(minor, currency), currency, format=_pattern(locale), locale=locale
    )
    return str(text).replace("-", MINUS)


def format_amount(minor: int, currency: str, locale: str) -> str:
    """Return an amount of minor units without its sign, for columns headed by the currency."""
    pattern, written = _amounts(currency, locale)
    return str(pattern.apply(to_decimal(minor, currency), written)).replace("-", MINUS)


# Tables write a column of them for each frame: what they have in common is read once.
@cache
def _amounts(currency: str, locale: str) -> tuple[NumberPattern, Locale]:
    places = "." + "0" * decimals(currency) if decimals(currency) else ""
    return parse_pattern(f"#,##0{places}"), Locale.parse(locale)


def format_number(number: int, locale: str) -> str:
    """Return a whole number with the locale's grouping: 18,240."""
    return str(format_decimal(number, locale=locale)).replace("-", MINUS)


def symbol_of(currency: str, locale: str) -> str:
    """Return the sign of the currency as the locale writes it: €, US$, kr."""
    return str(get_currency_symbol(currency, locale=locale))


@cache
def _pattern(locale: str) -> str:
    """Return the locale's pattern, a space kept between sign and figures."""
    pattern = str(Locale.parse(locale).currency_formats["standard"].pattern)
    spaced = re.sub(r"¤(?=[#0])", f"¤{_NO_BREAK_SPACE}", pattern)
    return re.sub(r"(?<=[#0])¤", f"{_NO_BREAK_SPACE}¤", spaced)


def parse_money(text: str, currency: str, locale: str) -> int:
    """Read an amount as a person types it and return minor units, exactly.

    Currency sign or code, spaces and the locale's grouping are accepted; a point or comma that
    can only be the decimal mark is read as one. Raises ``InvalidError`` with a sentence when
    the text is not one amount or has more decimals than the currency.
    """
    body, negative = _strip(text, currency, locale)
    whole, fraction = _split(body, currency, locale)
    if len(fraction) > decimals(currency):
        raise InvalidError(_too_fine(currency))
    minor = int((whole + fraction.ljust(decimals(currency), "0")) or "0")
    if minor > LARGEST:
        raise InvalidError(_("This amount is larger than the books can hold."))
    return -minor if negative else minor


def _unreadable(currency: str, locale: str) -> str:
    example = format_amount(123450 if decimals(currency) else 1234, currency, locale)
    return _("Write the amount in figures, for example {example}.").format(example=example)


def _too_fine(currency: str) -> str:
    if decimals(currency) == 0:
        return _("Amounts in {currency} have no decimals.").format(currency=currency)
    return _("Amounts in {currency} have {count} decimals.").format(
        currency=currency, count=decimals(currency)
    )


def _strip(text: str, currency: str, locale: str) -> tuple[str, bool]:
    """Return figures, points and commas only, and whether the amount is negative."""
    if len(text) > _LONGEST:
        raise InvalidError(_unreadable(currency, locale))
    cleaned = _visible(text).replace("٫", ".").replace("٬", ",")
    for sign in (symbol_of(currency, locale), symbol_of(currency, "en"), currency):
        found = re.escape(_visible(sign))
        cleaned = re.sub(found, "", cleaned, count=1, flags=re.IGNORECASE)
    cleaned = _SPACES.sub("", cleaned).replace(MINUS, "-").replace("–", "-")
    negative = cleaned.startswith("-") or cleaned.endswith("-")
    cleaned = cleaned.removeprefix("-").removesuffix("-") if negative else cleaned.lstrip("+")
    body = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in cleaned)
    if re.fullmatch(r"[0-9.,]*[0-9][0-9.,]*", body) is None:
        raise InvalidError(_unreadable(currency, locale))
    return body, negative


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def _split(body: str, currency: str, locale: str) -> tuple[str, str]:
    """Return the figures before and after the decimal mark."""
    marks = [char for char in body if char in ".,"]
    if not marks:
        return body, ""
    mark = _decimal_mark(body, marks, locale)
    whole, _mark, fraction = body.rpartition(mark) if mark else (body, "", "")
    if not mark:
        whole = body
    groups = re.split("[.,]", whole)
    ordered = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(part) in (2, 3) for part in groups[1:-1])
        and len(groups[-1]) == 3
    )  # fmt: skip
    if not ordered or (not fraction and mark and not whole):
        raise InvalidError(_unreadable(currency, locale))
    return "".join(groups), fraction


def _decimal_mark(body: str, marks: list[str], locale: str) -> str:
    """Return the character that is the decimal mark here, or nothing when there is none."""
    if len(set(marks)) == 2:
        last = marks[-1]
        return last if marks.count(last) == 1 else ""
    if len(marks) > 1:
        return ""
    point = _ascii_mark(str(get_decimal_symbol(locale)), ".")
    group = _ascii_mark(str(get_group_symbol(locale)), ",")
    tail = body.rpartition(marks[0])[2]
    grouping = marks[0] == group != point and len(tail) == 3 and body[0] not in ".,0"
    return "" if grouping else marks[0]


def _ascii_mark(mark: str, default: str) -> str:
    return mark if mark in ".," else {"٫": ".", "٬": ","}.get(mark, default if mark else "")
