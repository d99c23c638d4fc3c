"""What a chart entry says beside its name: material, root, direction, grade, reason."""

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from clinic_desktop.domain.teeth.anatomy import anatomy
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.i18n import _, language
from clinic_desktop.resources import resource

ROOT_SLOT: Final = "root"
_DEGREES_SLOT: Final = "degrees"
_MOST_DEGREES: Final = 180
_SHORTEST: Final = 3
# Canals beside the ones that are named like their root.
_MORE_CANALS: Final = {"MB": ("mb2",), "M": ("mb", "ml"), "D": ("db", "dl")}


@dataclass(frozen=True, slots=True)
class Detail:
    """One word an entry can be told more closely with; of one ``slot`` only one holds."""

    slot: str
    code: str
    sign: str
    names: dict[str, str]
    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the language in force."""
        return self.names.get(language()) or self.names["en"]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


@cache
def details() -> dict[str, tuple[Detail, ...]]:
    """Return the details of each vocabulary code, in the order of the file."""
    found: dict[str, tuple[Detail, ...]] = {}
    with resource("reference", "chart_details.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = Detail(
                slot=row["slot"],
                code=row["detail"],
                sign=row["sign"],
                names={code: row[f"name_{code}"] for code in ("en", "es", "pt")},
                keys=tuple(row["keys"].split()),
            )
            for code in row["codes"].split():
                found[code] = (*found.get(code, ()), one)
    return found


def takes_roots(paint: str) -> bool:
    """Return whether an entry is on single roots."""
    term = terms().get(paint)
    return term is not None and term.scope == "root"


@cache
def root_words(fdi: int) -> tuple[str, ...]:
    """Return the roots and canals of a tooth that can be named: none of one with a single root."""
    names = anatomy(fdi).roots
    if len(names) == 1:
        return ()
    plain = tuple(name.lower() for name in names)
    return (*plain, *(more for name in names for more in _MORE_CANALS.get(name, ())))


def read_details(paint: str, fdis: Sequence[int], words: Sequence[str]) -> str | None:
    """Return the words as they are stored, or None when one of them is no detail of the entry.

    Words may be the code, a short key, or three letters of the name in any of the languages.
    """
    found: dict[str, list[str]] = {}
    for word in words:
        one = _read(paint, fdis, word)
        if one is None:
            return None
        slot, code = one
        if slot in found and slot != ROOT_SLOT:
            return None
        found.setdefault(slot, []).append(code)
    return " ".join(code for codes in found.values() for code in dict.fromkeys(codes))


def _read(paint: str, fdis: Sequence[int], word: str) -> tuple[str, str] | None:
    plain = _fold(word)
    if not plain:
        return None
    if takes_roots(paint) and fdis and all(plain in root_words(fdi) for fdi in fdis):
        return ROOT_SLOT, plain
    if paint == "ROT" and plain.isdecimal() and 0 < int(plain) <= _MOST_DEGREES:
        return _DEGREES_SLOT, str(int(plain))
    known = details().get(paint, ())
    for one in known:
        if plain == one.code or plain in map(_fold, one.keys):
            return one.slot, one.code
    if len(plain) >= _SHORTEST:
        for one in known:
            said = (one.code, *map(_fold, one.names.values()), *map(_fold, one.keys))
            if any(name.startswith(plain) for name in said):
                return one.slot, one.code
    return None


def rest_of_detail(paint: str, typed: str) -> str:
    """Return what is missing of the detail's word that begins like this, or nothing."""
    for one in details().get(paint, ()):
        for word in (one.name, one.code):
            if len(typed) >= _SHORTEST and word.startswith(typed):
                return word[len(typed) :]
    return ""


@cache
def implied(paint: str, name: str) -> str:
    """Return the material that a treatment's name says: ``Crown, zirconia``; nothing if none."""
    whole = _fold(name)
    best, longest = "", 0
    for one in details().get(paint, ()):
        if one.slot != "material":
            continue
        for said in (*one.names.values(), *one.keys):
            bare = _fold(said)
            if len(bare) >= _SHORTEST and bare in whole and len(bare) > longest:
                best, longest = one.code, len(bare)
    return best


def detail_words(paint: str, detail: str) -> str:
    """Return stored details as words: ``zirconia``; roots in their capitals."""
    known = {one.code: one.name for one in details().get(paint, ())}
    words = []
    for code in detail.split():
        if code in known:
            words.append(known[code])
        elif code.isdecimal():
            words.append(_("{degrees}°").format(degrees=code))
        else:
            words.append(code.upper())
    return ", ".join(words)


def roots_of(detail: str, fdi: int) -> tuple[str, ...]:
    """Return the roots named in stored details, upper case as in the anatomy; empty is all."""
    names = anatomy(fdi).roots
    named = set(detail.split())
    found = []
    for name in names:
        canals = {name.lower(), *_MORE_CANALS.get(name, ())}
        if named & canals & set(root_words(fdi)):
            found.append(name)
    return tuple(found)


def sign_of(paint: str, detail: str) -> str:
    """Return the one sign that is drawn for stored details, or nothing."""
    known = {one.code: one.sign for one in details().get(paint, ())}
    return next((known[code] for code in detail.split() if known.get(code)), "")


def has(detail: str, word: str) -> bool:
    """Return whether a stored detail says this word."""
    return word in detail.split()


def degrees(detail: str) -> int | None:
    """Return the degrees of a rotation, or None when they were not measured."""
    return next((int(word) for word in detail.split() if word.isdecimal()), None)


def valid_detail(paint: str, fdi: int | None, detail: str) -> bool:
    """Return whether stored details are ones this entry can have on this tooth."""
    if not detail:
        return True
    words = detail.split()
    return read_details(paint, (fdi,) if fdi is not None else (), words) == detail
