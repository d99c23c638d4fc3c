"""What a column is, guessed from its header in English, Spanish and Portuguese, or its values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.folding import fold, words_in

SURE: Final = "sure"
LIKELY: Final = "likely"
NONE: Final = "none"
# A member of a family in a row of their own columns: "Child 2 birth date", "Filho 1", "Hija 3".
_MEMBER: Final = re.compile(
    r"\b(?:child|kid|member|dependent|filh[oa]|hij[oa]|membro|miembro|dependente|dependiente|"
    r"familiar)\s*(?P<number>\d{1,2})\b"
)
_FILLING: Final = frozenset(
    [
        "a",
        "al",
        "con",
        "da",
        "das",
        "de",
        "del",
        "der",
        "do",
        "dos",
        "e",
        "el",
        "en",
        "la",
        "las",
        "los",
        "no",
        "of",
        "or",
        "o",
        "os",
        "the",
        "y",
        "patient",
        "patients",
        "paciente",
        "pacientes",
        "cliente",
        "client",
        "utente",
    ]
)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
_PHONE: Final = re.compile(r"\+?[\d\s().\-/]{9,25}")


@dataclass(frozen=True, slots=True)
class Guess:
    """Which field a column probably fills, of which member of the row, and how sure that is."""

    field: str = ""
    person: int = 0
    confidence: str = NONE


def _plain(header: str) -> str:
    return " ".join(words_in(fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))))


def guess_field(
    header: str, samples: Sequence[str], aliases: Mapping[str, Sequence[str]], *, by_value: bool
) -> Guess:
    """Return the field whose aliases fit the header best; ``by_value`` looks at samples too."""
    plain, person = _plain(header), 0
    member = _MEMBER.search(plain)
    if member is not None:
        person = int(member["number"])
        plain = " ".join((plain[: member.start()] + plain[member.end() :]).split())
        if not plain or plain in _FILLING:
            return Guess("name", person, SURE) if "name" in aliases else Guess()
    for field, names in aliases.items():
        if plain in names:
            return Guess(field, person, SURE)
    wanted = _core(plain)
    best, best_share = "", 0.0
    for field, names in aliases.items():
        for name in names:
            if wanted and wanted == _core(name):
                return Guess(field, person, SURE)
            share = _overlap(wanted, _core(name))
            if share > best_share:
                best, best_share = field, share
    if best_share >= 0.5:
        return Guess(best, person, LIKELY)
    return _by_values(samples, aliases) if by_value and not plain else Guess()


def _core(plain: str) -> frozenset[str]:
    return frozenset(plain.split()) - _FILLING


def _overlap(found: frozenset[str], alias: frozenset[str]) -> float:
    """Return how much of both an alias and a header share, 0 when the alias is not all there."""
    if not alias or not alias <= found:
        return 0.0
    return len(alias) / len(found)


def _by_values(samples: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> Guess:
    filled = [sample.strip() for sample in samples if sample.strip()]
    if not filled:
        return Guess()
    for field, form in (("email", _EMAIL), ("born", _DATE), ("phone", _PHONE)):
        if field in aliases and all(form.fullmatch(sample) for sample in filled):
            return Guess(field, 0, LIKELY)
    return Guess()


def looks_like_header(cells: Sequence[str], known: frozenset[frozenset[str]]) -> int:
    """Return how many cells of a row read like names of columns that we know."""
    cores = (_core(_plain(cell)) for cell in cells if cell.strip())
    return sum(1 for core in cores if core and (core in known or any(k <= core for k in known)))


def cores_of(aliases: Mapping[str, Sequence[str]]) -> frozenset[frozenset[str]]:
    """Return the aliases as ``looks_like_header`` compares them."""
    found = (_core(name) for names in aliases.values() for name in names)
    return frozenset(core for core in found if core)
