"""The shipped list of medicines that dentists prescribe, and what is checked on what is typed.

Compiled from the sources named in resources/reference/SOURCES.md; doses need the sign-off of a
dentist or pharmacist before a clinic relies on them. The absence of an alert means nothing.
"""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from clinic_desktop.resources import resource

LIST_VERSION: Final = "2026-11"
LIST_DATE: Final = date(2026, 11, 1)
# Letters that two names of one substance share at least, and the shortest word compared.
_STEM: Final = 7
_SHORTEST_NAME: Final = 5

# Classes in which an allergy to one makes another one dangerous; penicillin allergy and
# cephalosporins after anaphylaxis as the formulary's own cautions say.
_FAMILIES: Final = {
    "penicillin": ("penicillin",),
    "cephalosporin": ("cephalosporin", "penicillin"),
    "nsaid": ("nsaid", "aspirin"),
    "salicylate": ("nsaid", "aspirin", "salicylate"),
    "opioid": ("opioid",),
    "macrolide": ("macrolide",),
    "lincosamide": ("lincosamide",),
    "nitroimidazole": ("nitroimidazole",),
}


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine of the list, with its usual dose in the words of the list."""

    id: str
    name: str
    other_name: str
    kind: str
    route: str
    forms: str
    use: str
    adult_dose: str
    adult_most: str
    child_low: float | None
    child_high: float | None
    child_basis: str
    child_interval: str
    child_most: str
    min_age: str
    cautions: str
    pregnancy: str


@cache
def medicines() -> tuple[Medicine, ...]:
    """Return the list by name."""
    with resource("reference", "formulary.csv").open(encoding="utf-8", newline="") as file:
        rows = [_medicine(row) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda one: one.name))


def _medicine(row: dict[str, str]) -> Medicine:
    def number(column: str) -> float | None:
        return float(row[column]) if row[column] else None

    return Medicine(
        id=row["id"],
        name=row["inn"],
        other_name=row["alt_name"],
        kind=row["class"],
        route=row["route"],
        forms=row["form_strength_examples"],
        use=row["dental_use"],
        adult_dose=row["adult_dose"],
        adult_most=row["adult_max"],
        child_low=number("child_low_mg_per_kg"),
        child_high=number("child_high_mg_per_kg"),
        child_basis=row["child_basis"],
        child_interval=row["child_interval_h"],
        child_most=row["child_max"],
        min_age=row["min_age"],
        cautions=row["contraindications_cautions"],
        pregnancy=row["pregnancy_lactation"],
    )


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def medicine_of(drug: str) -> Medicine | None:
    """Return the medicine that a typed name begins with, or None when the list has it not."""
    typed = _fold(drug).strip()
    if not typed:
        return None
    known = [(_bare(name), one) for one in medicines() for name in (one.name, one.other_name)]
    found = [(name, one) for name, one in known if name and typed.startswith(name)]
    # The longest name wins: "amoxicillin + clavulanate" is not amoxicillin alone.
    return max(found, key=lambda pair: len(pair[0]))[1] if found else None


def _bare(name: str) -> str:
    """Return a name without what the list says about its use in brackets."""
    return _fold(name).split(" (")[0]


def allergy_conflicts(drug: str, allergies: Iterable[str]) -> tuple[str, ...]:
    """Return the recorded allergies that speak against what was typed, by substance and class."""
    medicine = medicine_of(drug)
    words = {_fold(drug)}
    if medicine is not None:
        words |= {_bare(medicine.name), _bare(medicine.other_name), _fold(medicine.kind)}
        for kind, relatives in _FAMILIES.items():
            if kind in _fold(medicine.kind):
                words |= set(relatives)
    words.discard("")
    return tuple(allergy for allergy in allergies if _speaks_against(_fold(allergy), words))


def _speaks_against(allergy: str, words: set[str]) -> bool:
    """Return whether a recorded allergy names one of the substances or classes.

    Beginnings are compared, because names end differently from one language to the next:
    penicillin, penicilina, Penicilline.
    """
    named = {part.strip(".,;:()") for part in allergy.split()}
    parts = {part for word in words for part in word.replace("+", " ").split()}
    return any(
        one[:_STEM] == other[:_STEM]
        for one in named
        for other in parts
        if len(one) >= _SHORTEST_NAME and len(other) >= _SHORTEST_NAME
    )
