"""Average sizes of teeth in millimetres, good for drawing and not for measuring a patient."""

import csv
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from clinic_desktop.domain.teeth.numbering import Species, Tooth, tooth
from clinic_desktop.resources import resource

# Extra teeth are mostly small and peg-shaped.
_SUPERNUMERARY_SIZE: Final = 0.7
_MILK_SIZE_OF_ANIMALS: Final = 0.6


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Widths (mesial to distal, outer to inner) and lengths of one tooth in mm, and its roots."""

    width: float
    depth: float
    crown: float
    root: float
    roots: tuple[str, ...]
    cusps: int


@cache
def _rows() -> dict[tuple[str, str, int], Anatomy]:
    with resource("reference", "tooth_anatomy.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["dentition"], row["arch"], int(row["position"])): Anatomy(
                width=float(row["md_crown_mm"]),
                depth=float(row["bl_crown_mm"]),
                crown=float(row["crown_length_mm"]),
                root=float(row["root_length_mm"]),
                roots=_root_names(row["root_names"]),
                cusps=int(row["cusps"]),
            )
            for row in csv.DictReader(stream)
        }


@cache
def _animal_rows() -> dict[tuple[str, str, str], Anatomy]:
    """Return the proportions by species, jaw and name (I1, C, P4...); ours, for drawing alone."""
    path = resource("reference", "tooth_anatomy_animals.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            (row["species"], row["arch"], row["anatomical"]): Anatomy(
                width=float(row["md_crown_mm"]),
                depth=float(row["bl_crown_mm"]),
                crown=float(row["crown_length_mm"]),
                root=float(row["root_length_mm"]),
                roots=_root_names(row["root_names"]),
                cusps=int(row["cusps"]),
            )
            for row in csv.DictReader(stream)
        }


def _of_animal(found: Tooth) -> Anatomy:
    short = _short_name(found)
    rows = _animal_rows()
    # A milk premolar without a like-named successor is drawn as its neighbour.
    usual = rows.get((found.species, found.arch, short)) or rows[(found.species, found.arch, "P3")]
    return _scaled(usual, _MILK_SIZE_OF_ANIMALS) if found.primary else usual


def _short_name(found: Tooth) -> str:
    """Return I1-I3, C, P1-P4 or M1-M3 from the place in the quadrant."""
    if found.tooth_class == "canine":
        return "C"
    before = {"incisor": 0, "premolar": 4, "molar": 8}[found.tooth_class]
    return f"{found.tooth_class[0].upper()}{found.position - before}"


def _scaled(usual: Anatomy, share: float) -> Anatomy:
    return replace(
        usual,
        width=usual.width * share,
        depth=usual.depth * share,
        crown=usual.crown * share,
        root=usual.root * share,
    )


def _root_names(text: str) -> tuple[str, ...]:
    """Read ``MB,DB,P (often fused)`` as three roots."""
    return tuple(name.strip() for name in text.partition("(")[0].split(","))


@cache
def anatomy(fdi: int) -> Anatomy:
    """Return the average measures of this tooth."""
    found = tooth(fdi)
    usual = (
        _rows()[(found.dentition, found.arch, found.position)]
        if found.species is Species.HUMAN
        else _of_animal(found)
    )
    if not found.supernumerary:
        return usual
    small = _scaled(usual, _SUPERNUMERARY_SIZE)
    return replace(small, roots=("single",), cusps=min(usual.cusps, 1))
