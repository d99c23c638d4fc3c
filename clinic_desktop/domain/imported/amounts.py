"""Amounts and counts of a column: which mark it uses for decimals, and each of them read."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from clinic_desktop.domain.money import LARGEST, decimals
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_SIGNS: Final = re.compile(r"[^\d.,()\-−–]+")
_DEBIT: Final = re.compile(r"(?i)\b(?:cr|credit|crédito|credito|haber|h)\.?$")
_NOTHING: Final = frozenset({"", "-", "--", "n/a", "null"})


def guess_mark(values: Iterable[str], usual: str) -> str:
    """Return the decimal mark of a column, ``.`` or ``,``; ``usual`` when no value tells."""
    points = commas = 0
    for value in values:
        figures = "".join(char for char in value if char.isdecimal() or char in ".,")
        mark = max(figures.rfind("."), figures.rfind(","))
        if mark < 0:
            continue
        tail = len(figures) - mark - 1
        both = "." in figures and "," in figures
        if both or tail in (1, 2):
            points += figures[mark] == "."
            commas += figures[mark] == ","
        elif figures.count(figures[mark]) > 1 or tail == 3:
            # A mark before three figures groups thousands more often than it cuts a mill.
            points += figures[mark] == ","
            commas += figures[mark] == "."
    if points == commas:
        return usual
    return "." if points > commas else ","


def read_amount(text: str, mark: str, currency: str) -> int | None:
    """Return minor units, None for an empty cell: "1.234,50 €", "(12.50)", "80,00 CR" (minus).

    Raises InvalidError for what is no amount.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.casefold() in _NOTHING:
        return None
    credit = _DEBIT.search(plain) is not None
    figures = _SIGNS.sub("", plain).strip(".,") if plain else ""
    negative = credit or figures.startswith(("-", "−", "–", "(")) or figures.endswith(("-", ")"))
    figures = figures.strip("()-−–")
    whole, _cut, fraction = figures.replace("," if mark == "." else ".", "").partition(mark)
    places = decimals(currency)
    if fraction.strip("0") and len(fraction.rstrip("0")) > places:
        raise InvalidError(_("“{text}” has more decimals than money has.").format(text=text))
    if not (whole + fraction).isdecimal() or len(whole) > 15:
        raise InvalidError(_("“{text}” is not an amount.").format(text=text))
    minor = int(whole + fraction[:places].ljust(places, "0"))
    if minor > LARGEST:
        raise InvalidError(_("This amount is larger than the books can hold."))
    return -minor if negative else minor


def read_count(text: str) -> int | None:
    """Return a whole number, None for an empty cell; raises InvalidError for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.casefold() in _NOTHING:
        return None
    whole = re.sub(r"[.,]0+$", "", plain)
    if not re.fullmatch(r"-?\d{1,9}", whole):
        raise InvalidError(_("“{text}” is not a whole number.").format(text=text))
    return int(whole)
