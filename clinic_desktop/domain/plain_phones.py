"""Phone numbers in plain figures, read as the library of all countries' numbers reads them.

The library looks for words, extensions and signs of every script first and prepares its patterns
again for each number: a hundred microseconds, which a file of a hundred thousand patients pays
twice. Here the patterns of a country are prepared once, and only what is beyond doubt is answered;
everything else is left to the library. ``tests/domain/test_plain_phones.py`` compares the two.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, NumberFormat, PhoneMetadata

_PLAIN: Final = re.compile(r"\s*(\+?)(\d[\d ().-]{4,})", re.ASCII)
_NO_FIGURES: Final = {code: None for code in range(128) if not chr(code).isdecimal()}
_LONGEST_CODE: Final = 3
_FIRST_GROUP: Final = re.compile(r"(\\\d)")


@dataclass(frozen=True, slots=True)
class _Format:
    """How numbers that begin and are as long as these are written inside their country."""

    begins: re.Pattern[str] | None
    whole: re.Pattern[str]
    rule: str


@dataclass(frozen=True, slots=True)
class _Numbering:
    """The numbering plan of a country, its patterns prepared."""

    code: str
    abroad: re.Pattern[str] | None
    prefix: re.Pattern[str] | None
    rewrites: bool
    possible: re.Pattern[str]
    lengths: frozenset[int]
    formats: tuple[_Format, ...]


@lru_cache(maxsize=300)
def _numbering(region: str) -> _Numbering | None:
    found = PhoneMetadata.metadata_for_region(region, None)
    general = found.general_desc if found is not None else None
    if found is None or general is None or not general.national_number_pattern:
        return None
    abroad, prefix = found.international_prefix, found.national_prefix_for_parsing
    return _Numbering(
        code=str(found.country_code),
        abroad=re.compile(abroad) if abroad else None,
        prefix=re.compile(prefix) if prefix else None,
        rewrites=bool(found.national_prefix_transform_rule),
        possible=re.compile(general.national_number_pattern),
        lengths=frozenset(general.possible_length),
        formats=tuple(_format(one) for one in found.number_format),
    )


def _format(one: NumberFormat) -> _Format:
    begins, rule = one.leading_digits_pattern, one.format or ""
    if one.national_prefix_formatting_rule:
        rule = _FIRST_GROUP.sub(one.national_prefix_formatting_rule, rule, count=1)
    return _Format(
        begins=re.compile(begins[-1]) if begins else None,
        whole=re.compile(one.pattern or ""),
        rule=rule,
    )


def plain_parts(text: str, country: str) -> tuple[str, str] | None:
    """Return country code and national number of a number in plain figures, None in any doubt."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    digits = found[2].translate(_NO_FIGURES)
    if found[1]:
        return _from_abroad(digits)
    own = _numbering(country)
    if own is None or (own.abroad is not None and own.abroad.match(digits)):
        return None
    # Whether these figures are the country's own code takes more looking at.
    if digits.startswith(own.code):
        return None
    return _within(digits, own)


def _from_abroad(digits: str) -> tuple[str, str] | None:
    for length in range(1, _LONGEST_CODE + 1):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions is not None and not digits.startswith("0"):
            there = _numbering(regions[0])
            return _within(digits[length:], there) if there is not None else None
    return None


def _within(digits: str, plan: _Numbering) -> tuple[str, str] | None:
    """Return the parts of a number of this plan, the figure dialled before it taken off."""
    prefix = plan.prefix.match(digits) if plan.prefix is not None else None
    if prefix is not None:
        if plan.rewrites:
            return None
        rest = digits[prefix.end() :]
        if plan.possible.fullmatch(rest) or not plan.possible.fullmatch(digits):
            digits = rest
    # Whoever shares a code with other countries is measured by the first of them as well.
    first = _numbering(COUNTRY_CODE_TO_REGION_CODE[int(plan.code)][0])
    fits = len(digits) in plan.lengths and first is not None and len(digits) in first.lengths
    # A number that begins with noughts keeps them in its own way.
    return (plan.code, digits) if fits and digits[0] != "0" else None


def dialled_inside(code: str, number: str) -> str | None:
    """Return the figures with which a number is written in its country; None in any doubt."""
    plan = _numbering(COUNTRY_CODE_TO_REGION_CODE[int(code)][0])
    if plan is None:
        return None
    for one in plan.formats:
        if (one.begins is None or one.begins.match(number)) and one.whole.fullmatch(number):
            return one.whole.sub(one.rule, number).translate(_NO_FIGURES)
    return number
