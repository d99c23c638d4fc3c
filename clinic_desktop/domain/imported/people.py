"""Names, titles, sex and phone numbers as other systems export them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.names import tidy
from clinic_desktop.domain.phones import read_phone
from clinic_desktop.errors import InvalidError

# What a title says about sex; an empty word says nothing. English, Spanish, Portuguese.
TITLES: Final[dict[str, str]] = {
    **dict.fromkeys(("mr", "mister", "master", "sir", "sr", "senhor", "senor", "exmo"), "male"),
    **dict.fromkeys(("don", "d", "menino", "dom"), "male"),
    **dict.fromkeys(("mrs", "ms", "miss", "lady", "madam", "sra", "srta"), "female"),
    **dict.fromkeys(("senhora", "senora", "senorita", "dona", "dna", "da", "menina"), "female"),
    **dict.fromkeys(("exma", "sr.ª", "dra", "doutora", "doctora", "profa"), "female"),
    **dict.fromkeys(("dr", "doctor", "doutor", "prof", "eng", "mx", "rev"), ""),
}
_SPLIT_TITLES: Final = re.compile(r"^(?:sr\s*/\s*a|sr\s*\(\s*a\s*\))\.?$")
_WORDS_OF_SEX: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("male", "man", "boy", "masculino", "masc", "hombre", "varon", "homem"), "male"
    ),
    **dict.fromkeys(("macho", "rapaz", "nino", "masculine"), "male"),
    **dict.fromkeys(("female", "woman", "girl", "femenino", "feminino", "fem"), "female"),
    **dict.fromkeys(("mujer", "mulher", "hembra", "nina", "rapariga", "f"), "female"),
    **dict.fromkeys(("other", "otro", "outro", "non-binary", "no binario", "nb", "x"), "other"),
    **dict.fromkeys(("", "?", "-", "u", "unknown", "desconocido", "desconhecido"), "unknown"),
    **dict.fromkeys(("n/a", "nd", "n/d", "0", "9", "i", "indeterminado"), "unknown"),
    "1": "male",  # ISO 5218
    "2": "female",
    "h": "male",
    "v": "male",
}
_PARTICLES: Final = frozenset(
    [
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "la",
        "las",
        "le",
        "les",
        "los",
        "san",
        "santa",
        "ter",
        "van",
        "von",
        "y",
    ]
)
# First names that often stand second: José Luis, Maria João, Mary Anne.
_SECOND_GIVEN: Final = frozenset((
    "jose", "luis", "maria", "joao", "carlos", "antonio", "manuel", "miguel", "angel", "pedro",
    "paulo", "jesus", "javier", "francisco", "ana", "isabel", "teresa", "carmen", "pilar",
    "luisa", "cristina", "helena", "beatriz", "alberto", "eduardo", "filipe", "jorge", "anne",
    "ann", "marie", "jane", "lee", "lynn", "rose",
))  # fmt: skip
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_EXCEL_TAIL: Final = re.compile(r"^(\+?\d{5,})\.0$")
_BETWEEN_NUMBERS: Final = re.compile(r"\s*(?:[/;|\n]|,(?=\s*[+(\d])|\bou\b|\bor\b|\bo\b)\s*")
_NOTE: Final = re.compile(r"\([^()\d]*\)|[^\W\d_]{2,}\.?:?", re.UNICODE)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name cut into its parts, and what its title says about sex (empty: nothing)."""

    given: str
    family: str
    sex: str = ""


def split_name(text: str, *, two_families: bool, alone: bool = False) -> PersonName:
    """Cut a merged name column: "Carvalho-Lindqvist, Inês (Sra.)", "Sr. João Reis", "REIS João".

    Without a comma the part in capitals is the family; else particles stay with the family, and
    ``two_families`` (Spanish and Portuguese use) says whether three words end in two family names.
    ``alone`` allows for first names only, as children have them in the row of a parent.
    """
    plain, sex = _without_titles(tidy(text))
    family, comma, given = plain.partition(",")
    if comma:
        given, more = _without_titles(tidy(given.strip(" ,")))
        family, most = _without_titles(tidy(family))
        sex = sex or more or most
        return PersonName(given, family, sex) if given else PersonName(family, "", sex)
    words = plain.split()
    if len(words) < 2:
        return PersonName(plain, "", sex)
    shouted = [len(word) > 1 and word.isupper() for word in words]
    if any(shouted) and not all(shouted):
        loud = " ".join(word for word, loud in zip(words, shouted, strict=True) if loud)
        quiet = " ".join(word for word, loud in zip(words, shouted, strict=True) if not loud)
        return PersonName(quiet, loud, sex)
    if alone and all(fold(word) in _SECOND_GIVEN for word in words[1:]):
        return PersonName(plain, "", sex)
    cut = _first_of_family(words, two_families=two_families)
    return PersonName(" ".join(words[:cut]), " ".join(words[cut:]), sex)


def _first_of_family(words: list[str], *, two_families: bool) -> int:
    """Return the place of the first word that belongs to the family."""
    wanted, place = (2 if two_families and len(words) > 2 else 1), len(words)
    while wanted and place > 1:
        place -= 1
        while place > 1 and fold(words[place - 1]) in _PARTICLES:
            place -= 1
        wanted -= 1
    place = max(1, place)
    return place + (place == 1 < len(words) - 1 and fold(words[1]) in _SECOND_GIVEN)


def _without_titles(text: str) -> tuple[str, str]:
    """Return the text without titles before it or in brackets, and the sex that they say."""
    sex = ""
    for found in _BRACKETS.finditer(text):
        said = title_of(found[1] or found[2] or "")
        if said is not None:
            sex = sex or said
            text = text.replace(found[0], " ")
    words = text.split()
    while len(words) > 1 and (said := _leading_title(words[0])) is not None:
        sex = sex or said
        words.pop(0)
    return " ".join(words), sex


def _leading_title(word: str) -> str | None:
    """Return what a first word says when it is a title; short ones only with their point."""
    said = title_of(word)
    if said is None or (
        len(fold(word).strip(".")) <= 2 and not set(".ª") & set(word) and not _known(word)
    ):
        return None
    return said


def _known(word: str) -> bool:
    return fold(word) in ("mr", "ms", "dr", "sr")


def title_of(text: str) -> str | None:
    """Return the sex that a title says, empty when it says none; None when it is no title."""
    word = fold(text).strip(" .:,").replace("sr.a", "sra").replace("dr.a", "dra")
    if _SPLIT_TITLES.match(word):
        return ""
    return TITLES.get(word)


@dataclass(frozen=True, slots=True)
class SexCodes:
    """How a column writes sex: ``m`` is what a lone M means, None when nobody can tell."""

    m: str | None


def guess_sex_codes(values: Iterable[str]) -> SexCodes:
    """Return how a column writes sex: M beside H or V is mujer, M beside F is male."""
    seen = {fold(value).strip(" .") for value in values}
    spanish = bool(seen & {"h", "v", "hombre", "varon"})
    other = bool(seen & {"f", "fem", "female", "femenino", "feminino"})
    if spanish and not other:
        return SexCodes("female")
    if other and not spanish:
        return SexCodes("male")
    return SexCodes(None)


@lru_cache(maxsize=256)
def read_sex(text: str, codes: SexCodes) -> str | None:
    """Return female, male, other or unknown for a code, word or title; None for another word."""
    word = fold(text).strip(" .")
    if word == "m":
        return codes.m or "unknown"
    return _WORDS_OF_SEX.get(word) or TITLES.get(word) or None


def split_phones(text: str) -> Iterator[str]:
    """Yield the numbers of a cell that may hold several, without the notes between them."""
    if not text or text.isspace():
        return
    cell = _EXCEL_TAIL.sub(r"\1", text.strip())
    for part in _BETWEEN_NUMBERS.split(cell):
        number = part if "ext" in part.casefold() else _NOTE.sub(" ", part)
        number = number.strip(" .,:-")
        if sum(char.isdecimal() for char in number) >= 5:
            yield number


def read_phones(text: str, country: str) -> tuple[list[str], list[str]]:
    """Return the numbers of a cell as they are stored, and those that nobody could dial."""
    good: list[str] = []
    bad: list[str] = []
    for part in split_phones(text):
        try:
            stored = read_phone(part, country)
        except InvalidError:
            bad.append(part)
        else:
            if stored not in good:
                good.append(stored)
    return good, bad
