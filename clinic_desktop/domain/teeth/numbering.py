"""Tooth numbers: FDI inside the program; FDI, Universal or Palmer on the screen; animals' Triadan.

One integer names every tooth. A person's is the FDI number, an extra tooth carries its neighbour's
and a hundred for each: 118 is the first supernumerary tooth at 18, 218 the second. An animal's
is its Triadan number and a thousand (dog) or two (cat), an extra one ten thousand more.
"""

import csv
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Final

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, language
from clinic_desktop.resources import resource

# An extra tooth has no FDI number of its own: it carries that of its neighbour and this offset.
SUPERNUMERARY: Final = 100
_EXTRA_OF_ANIMAL: Final = 10_000
MOST_EXTRA: Final = 3
_ANIMALS: Final = {"dog": 1000, "cat": 2000}
# The lower jaw of a dog has eleven teeth a side.
_HALF_ARCH: Final = 11


class Species(StrEnum):
    """Whose teeth they are."""

    HUMAN = "human"
    DOG = "dog"
    CAT = "cat"


class Notation(StrEnum):
    """The ways of writing a tooth's number: three for people, Triadan for each kind of animal."""

    FDI = "fdi"
    UNIVERSAL = "universal"
    PALMER = "palmer"
    DOG = "triadan_dog"
    CAT = "triadan_cat"


OF_PEOPLE: Final = (Notation.FDI, Notation.UNIVERSAL, Notation.PALMER)
_TRIADAN: Final = {Species.DOG: Notation.DOG, Species.CAT: Notation.CAT}


def species_of(notation: str) -> Species:
    """Return whose teeth a notation writes."""
    return next((one for one, triadan in _TRIADAN.items() if triadan == notation), Species.HUMAN)


def notation_for(species: str, usual: str) -> str:
    """Return how teeth of a species are written where people's are written in ``usual``."""
    return _TRIADAN.get(Species(species), usual)


@dataclass(frozen=True, slots=True)
class Tooth:
    """One tooth: what its number says.

    ``column`` runs from 1 at the patient's right to 16 at the left, of an animal to 22;
    ``position`` from 1 at the midline. ``tooth_class`` is incisor, canine, premolar or molar;
    ``extra`` is 0, or which supernumerary tooth beside this one it is.
    """

    fdi: int
    universal: str
    palmer: str
    palmer_symbol: str
    dentition: str
    quadrant: str
    arch: str
    side: str
    tooth_class: str
    names: dict[str, str]
    column: int
    counterpart: int | None
    extra: int = 0
    species: Species = Species.HUMAN
    carnassial: bool = False

    @property
    def supernumerary(self) -> bool:
        """Whether it is an extra tooth."""
        return self.extra > 0

    @property
    def anchor(self) -> int:
        """The number of the ordinary tooth it stands at: its own, unless it is an extra one."""
        step = SUPERNUMERARY if self.species is Species.HUMAN else _EXTRA_OF_ANIMAL
        return self.fdi - self.extra * step

    @property
    def position(self) -> int:
        """The place in the quadrant, 1 at the midline."""
        return self.fdi % (10 if self.species is Species.HUMAN else 100)

    @property
    def anterior(self) -> bool:
        """Whether it has an edge instead of an occlusal surface."""
        return self.tooth_class in {"incisor", "canine"}

    @property
    def upper(self) -> bool:
        """Whether it stands in the upper jaw."""
        return self.arch == "maxillary"

    @property
    def right(self) -> bool:
        """Whether it stands on the patient's right, the left of the picture."""
        return self.side == "right"

    @property
    def primary(self) -> bool:
        """Whether it is a milk tooth."""
        return self.dentition == "primary"

    @property
    def name(self) -> str:
        """The anatomical name in the language in force."""
        name = self.names.get(language()) or self.names["en"]
        if self.extra > 1:
            return _("supernumerary tooth {n} at {tooth}").format(n=self.extra, tooth=name)
        return _("supernumerary tooth at {tooth}").format(tooth=name) if self.extra else name


@cache
def teeth() -> dict[int, Tooth]:
    """Return every tooth by its number: people's, animals', then extra ones of each."""
    with resource("reference", "tooth_numbering.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ordinary = {int(row["fdi"]): _ordinary(row) for row in rows}
    extra = {
        one.fdi: one
        for row in rows
        for number in range(1, MOST_EXTRA + 1)
        for one in [_extra(ordinary[int(row["fdi"])], row["supernumerary_universal"], number)]
    }
    return ordinary | extra | _of_animals()


def teeth_of(species: str) -> tuple[Tooth, ...]:
    """Return the teeth of one species, extra ones too."""
    return tuple(one for one in teeth().values() if one.species == species)


def _ordinary(row: dict[str, str]) -> Tooth:
    counterpart = row["replaced_primary_fdi"] or row["successor_permanent_fdi"]
    return Tooth(
        fdi=int(row["fdi"]),
        universal=row["universal"],
        palmer=row["palmer_ascii"],
        palmer_symbol=row["palmer_symbol"],
        dentition=row["dentition"],
        quadrant=row["quadrant"],
        arch=row["arch"],
        side=row["side"],
        tooth_class=row["tooth_class"],
        names={code: row[f"name_{code}"] for code in ("en", "es", "pt")},
        column=int(row["chart_column_1_16_from_patient_right"]),
        counterpart=int(counterpart) if counterpart else None,
    )


def _extra(beside: Tooth, universal: str, number: int) -> Tooth:
    """Return an extra tooth; the second and third carry their number behind the S."""
    again = "" if number == 1 else str(number)
    own = universal if universal.endswith("S") or not again else f"{universal}S"
    return replace(
        beside,
        fdi=beside.fdi + SUPERNUMERARY * number,
        universal=f"{own}{again}",
        palmer=f"{beside.palmer}S{again}",
        palmer_symbol=f"{beside.palmer_symbol}S{again}",
        counterpart=None,
        extra=number,
    )


def tooth(fdi: int) -> Tooth:
    """Return the tooth of this number.

    Raises InvalidError for a number that no tooth has.
    """
    found = teeth().get(fdi)
    if found is None:
        raise InvalidError(_("{number} is not the number of a tooth.").format(number=fdi))
    return found


def written(fdi: int, notation: str = Notation.FDI) -> str:
    """Return the number as this notation writes it: ``36``, ``19`` or ``LL6``; an animal's ``108``.

    A second extra tooth is ``18S2``.
    """
    found = tooth(fdi)
    if found.species is not Species.HUMAN:
        return found.universal
    if notation == Notation.UNIVERSAL:
        return found.universal
    if notation == Notation.PALMER:
        return found.palmer
    again = "" if found.extra < 2 else str(found.extra)
    return f"{found.anchor}S{again}" if found.supernumerary else str(fdi)


@cache
def _readings(notation: str) -> dict[str, int]:
    return {
        written(one.fdi, notation).casefold(): one.fdi for one in teeth_of(species_of(notation))
    }


def read_tooth(text: str, notation: str = Notation.FDI) -> int | None:
    """Return the number of what was written in this notation, or None."""
    return _readings(notation).get(text.casefold())


# -- animals --------------------------------------------------------------------------------------

_QUADRANTS: Final = {
    "right maxillary": ("UR", "maxillary", "right"),
    "left maxillary": ("UL", "maxillary", "left"),
    "left mandibular": ("LL", "mandibular", "left"),
    "right mandibular": ("LR", "mandibular", "right"),
}
_SIDES: Final = {
    "UR": {"en": "upper right", "es": "superior derecho", "pt": "superior direito"},
    "UL": {"en": "upper left", "es": "superior izquierdo", "pt": "superior esquerdo"},
    "LL": {"en": "lower left", "es": "inferior izquierdo", "pt": "inferior esquerdo"},
    "LR": {"en": "lower right", "es": "inferior derecho", "pt": "inferior direito"},
}
_KINDS: Final = {
    "incisor": {"en": "incisor", "es": "incisivo", "pt": "incisivo"},
    "canine": {"en": "canine", "es": "canino", "pt": "canino"},
    "premolar": {"en": "premolar", "es": "premolar", "pt": "pré-molar"},
    "molar": {"en": "molar", "es": "molar", "pt": "molar"},
}
_MILK: Final = {"en": "deciduous ", "es": "temporal ", "pt": "decíduo "}
# Milk teeth of the fifth to eighth quadrant stand where those of the first to fourth follow.
_DECIDUOUS: Final = 400


def _of_animals() -> dict[int, Tooth]:
    with resource("reference", "triadan.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    numbers = {(row["species"], int(row["triadan"])) for row in rows}
    found: dict[int, Tooth] = {}
    for row in rows:
        one = _animal(row, numbers)
        for number in range(MOST_EXTRA + 1):
            extra = _extra_of_animal(one, number) if number else one
            found[extra.fdi] = extra
    return found


def _animal(row: dict[str, str], numbers: set[tuple[str, int]]) -> Tooth:
    triadan, base = int(row["triadan"]), _ANIMALS[row["species"]]
    quadrant, arch, side = _QUADRANTS[row["quadrant"]]
    milk = row["dentition"] == "deciduous"
    other = triadan - _DECIDUOUS if milk else triadan + _DECIDUOUS
    place = triadan % 100
    return Tooth(
        fdi=base + triadan,
        universal=str(triadan),
        palmer=str(triadan),
        palmer_symbol=str(triadan),
        dentition="primary" if milk else "permanent",
        quadrant=quadrant,
        arch=arch,
        side=side,
        tooth_class=row["tooth_class"],
        names=_animal_names(row, quadrant, milk=milk),
        column=_HALF_ARCH + 1 - place if side == "right" else _HALF_ARCH + place,
        counterpart=base + other if (row["species"], other) in numbers else None,
        species=Species(row["species"]),
        carnassial=row["is_carnassial"] == "1",
    )


def _animal_names(row: dict[str, str], quadrant: str, *, milk: bool) -> dict[str, str]:
    kind, sides, short = _KINDS[row["tooth_class"]], _SIDES[quadrant], row["anatomical"]
    tail = "" if short == "C" else f" ({short})"
    return {
        "en": f"{sides['en']} {_MILK['en'] if milk else ''}{kind['en']}{tail}",
        "es": f"{kind['es']} {_MILK['es'] if milk else ''}{sides['es']}{tail}",
        "pt": f"{kind['pt']} {_MILK['pt'] if milk else ''}{sides['pt']}{tail}",
    }


def _extra_of_animal(beside: Tooth, number: int) -> Tooth:
    text = f"{beside.universal}S{'' if number == 1 else number}"
    return replace(
        beside,
        fdi=beside.fdi + _EXTRA_OF_ANIMAL * number,
        universal=text,
        palmer=text,
        palmer_symbol=text,
        counterpart=None,
        extra=number,
    )
