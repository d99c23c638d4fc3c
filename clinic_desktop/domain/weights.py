"""Whether a weight fits an age: a slip of the pen (14 for 41, pounds for kilograms) is asked about.

Usual weights of children are the 3rd centile of the lighter sex at the beginning of the year of age
and the 97th of the heavier one at its end, to 0.1 kg: below five years after the WHO Child Growth
Standards (2006); from five to ten after the WHO Reference 2007 and the CDC growth charts of 2000,
whichever is wider; above ten, where the WHO gives no weights for age, after the CDC (National
Center for Health Statistics, Vital and Health Statistics series 11 no. 246, table wtage). Each is
compared with those tables in ``tests/domain/test_weights.py``. What is asked about lies well
outside of them, because this is no judgement of growth. Adults are asked about below 30 and above
300 kg.
"""

from typing import Final

from babel.numbers import format_decimal

from clinic_desktop.i18n import ngettext

GROWN: Final = 18
ADULTS: Final = (30_000, 300_000)
# Usual weights in grams by completed years of age.
_CHILDREN: Final = (
    (2_400, 11_800), (7_100, 15_100), (9_200, 18_000), (11_000, 21_100), (12_500, 24_400),
    (14_000, 28_700), (15_500, 33_200), (17_000, 38_300), (18_900, 44_300), (21_100, 51_100),
    (23_600, 58_400), (26_500, 65_600), (29_300, 72_100), (32_800, 77_500), (36_600, 83_000),
    (39_500, 88_700), (41_700, 93_600), (43_300, 97_100),
)  # fmt: skip
_USUAL_ADULT: Final = 70_000
# How far beyond the usual a weight is asked about, in percent.
_BELOW, _ABOVE = 85, 150


def plausible(age: int) -> tuple[int, int]:
    """Return the weights in grams, from and to, that nobody is asked about at this age in years."""
    if age >= GROWN:
        return ADULTS
    low, high = _CHILDREN[max(0, age)]
    return low * _BELOW // 100, high * _ABOVE // 100


def usual(age: int | None) -> int:
    """Return a weight in grams in the middle of what is usual; of an adult where nobody knows."""
    if age is None or age >= GROWN:
        return _USUAL_ADULT
    return sum(_CHILDREN[max(0, age)]) // 2


def question(grams: int, age: int | None, locale: str) -> str:
    """Return what is asked about a weight that does not fit the age, nothing where it does."""
    if age is None:
        return ""
    low, high = plausible(age)
    if low <= grams <= high:
        return ""
    return ngettext(
        "{weight} kg at {age} year is unusual: {low} to {high} kg is to be expected. Weigh again?",
        "{weight} kg at {age} years is unusual: {low} to {high} kg is to be expected. Weigh again?",
        age,
    ).format(
        weight=_kilograms(grams, locale),
        age=age,
        low=_kilograms(low, locale),
        high=_kilograms(high, locale),
    )


def _kilograms(grams: int, locale: str) -> str:
    return str(format_decimal(grams / 1000, format="#,##0.#", locale=locale))
