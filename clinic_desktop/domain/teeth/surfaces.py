"""Tooth surfaces: stored as M O I D B L and 5, written and read in the letters of a country."""

from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _

CODES: Final = "MOIDBL5"
NAMES: Final = {
    "M": N_("mesial"),
    "O": N_("occlusal"),
    "I": N_("incisal"),
    "D": N_("distal"),
    "B": N_("buccal"),
    "L": N_("lingual"),
    "5": N_("cervical"),
}


@dataclass(frozen=True, slots=True)
class Letters:
    """How a country writes the outer and the inner surface."""

    outer_back: str
    outer_front: str
    inner_upper: str


_AMERICAN: Final = Letters("B", "F", "L")
_CANADIAN: Final = Letters("B", "V", "L")
_VESTIBULAR: Final = Letters("V", "V", "P")
_INTERNATIONAL: Final = Letters("B", "B", "P")


def letters_of(locale: str) -> Letters:
    """Return the letters used where this locale is spoken.

    F for facial is American, V for vestibular Canadian, Spanish and Portuguese, P for palatal is
    used outside North America.
    """
    code, _separator, country = locale.replace("-", "_").partition("_")
    if code in {"es", "pt", "fr", "it"}:
        return _VESTIBULAR
    if country.upper() == "US":
        return _AMERICAN
    return _CANADIAN if country.upper() == "CA" else _INTERNATIONAL


def tidy(codes: str) -> str:
    """Return stored codes in the usual order, each once: ``DMO`` becomes ``MOD``, ``OD`` ``DO``.

    A cervical filling of no named side is on the outer one: ``5`` becomes ``B5``.
    """
    found = {code for code in codes.upper() if code in CODES}
    if "5" in found and not found & {"B", "L"}:
        found.add("B")
    order = CODES if "M" in found else "DOIBL5"
    return "".join(code for code in order if code in found)


def valid_codes(fdi: int) -> str:
    """Return the codes this tooth has: O only with cusps, I only with an edge."""
    return CODES.replace("O" if tooth(fdi).anterior else "I", "")


def letters(codes: str, fdi: int, locale: str) -> str:
    """Return stored codes as they are written for this tooth in this locale."""
    found, usage = tooth(fdi), letters_of(locale)
    spelled = {
        "B": usage.outer_front if found.anterior else usage.outer_back,
        "L": usage.inner_upper if found.upper else "L",
    }
    return "".join(spelled.get(code, code) for code in codes)


def read_letter(letter: str, locale: str) -> str | None:
    """Return the code a letter stands for, before any tooth is known, or None.

    B, F and V all name the outer surface, except that V is the class V restoration in the United
    States. P and L both name the inner one.
    """
    upper = letter.upper()
    if upper == "V":
        return "5" if letters_of(locale) is _AMERICAN else "B"
    if upper == "P":
        return "L"
    if upper == "F":
        return "B"
    return upper if upper and upper in CODES else None


def read_surfaces(
    text: str, fdis: tuple[int, ...], locale: str, notation: str = Notation.FDI
) -> str:
    """Return the codes of what was written, checked against every tooth it is meant for.

    Raises InvalidError naming the first surface a tooth does not have.
    """
    codes = ""
    for letter in text:
        code = read_letter(letter, locale)
        if code is None:
            raise InvalidError(_("{letter} is not a tooth surface.").format(letter=letter.upper()))
        for fdi in fdis:
            _check(letter.upper(), code, fdi, notation)
        codes += code
    return tidy(codes)


def _check(letter: str, code: str, fdi: int, notation: str) -> None:
    found, name = tooth(fdi), written(fdi, notation)
    if code not in valid_codes(fdi):
        sentence = (
            _("{tooth} is a front tooth: its edge is I, it has no O.")
            if code == "O"
            else _("{tooth} is a back tooth: its chewing surface is O, it has no I.")
        )
        raise InvalidError(sentence.format(tooth=name))
    if letter == "P" and not found.upper:
        sentence = _("{tooth} is a lower tooth: its inner surface is L, not P (palatal).")
        raise InvalidError(sentence.format(tooth=name))
