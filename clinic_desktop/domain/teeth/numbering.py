"""Tooth numbers: FDI inside the program, FDI, Universal or Palmer on the screen."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, language
from clinic_desktop.resources import resource

# An extra tooth has no FDI number of its own: it carries that of its neighbour and this offset,
# so that one integer names every tooth. 118 is the supernumerary tooth at 18.
SUPERNUMERARY: Final = 100


class Notation(StrEnum):
    """The three ways of writing a tooth's number."""

    FDI = "fdi"
    UNIVERSAL = "universal"
    PALMER = "palmer"


@dataclass(frozen=True, slots=True)
class Tooth:
    """One tooth of a person: what its number says.

    ``column`` runs from 1 at the patient's right to 16 at the left; ``position`` from 1 at the
    midline. ``tooth_class`` is incisor, canine, premolar or molar.
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
    supernumerary: bool = False

    @property
    def position(self) -> int:
        """The place in the quadrant, 1 at the midline."""
        return self.fdi % 10

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
        return (
            _("supernumerary tooth at {tooth}").format(tooth=name) if self.supernumerary else name
        )


@cache
def teeth() -> dict[int, Tooth]:
    """Return every tooth by its number: 52 ordinary ones, then a supernumerary one for each."""
    with resource("reference", "tooth_numbering.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ordinary = {int(row["fdi"]): _ordinary(row) for row in rows}
    extra = {
        int(row["fdi"]) + SUPERNUMERARY: _extra(ordinary[int(row["fdi"])], row) for row in rows
    }
    return ordinary | extra


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


def _extra(beside: Tooth, row: dict[str, str]) -> Tooth:
    return Tooth(
        fdi=beside.fdi + SUPERNUMERARY,
        universal=row["supernumerary_universal"],
        palmer=f"{beside.palmer}S",
        palmer_symbol=f"{beside.palmer_symbol}S",
        dentition=beside.dentition,
        quadrant=beside.quadrant,
        arch=beside.arch,
        side=beside.side,
        tooth_class=beside.tooth_class,
        names=beside.names,
        column=beside.column,
        counterpart=None,
        supernumerary=True,
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
    """Return the number as this notation writes it: ``36``, ``19`` or ``LL6``."""
    found = tooth(fdi)
    if notation == Notation.UNIVERSAL:
        return found.universal
    if notation == Notation.PALMER:
        return found.palmer
    return f"{fdi - SUPERNUMERARY}S" if found.supernumerary else str(fdi)


@cache
def _readings(notation: str) -> dict[str, int]:
    return {written(fdi, notation).casefold(): fdi for fdi in teeth()}


def read_tooth(text: str, notation: str = Notation.FDI) -> int | None:
    """Return the FDI number of what was written in this notation, or None."""
    return _readings(notation).get(text.casefold())
