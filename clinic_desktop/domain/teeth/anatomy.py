"""Average sizes of teeth in millimetres, good for drawing and not for measuring a patient."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final

from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.resources import resource

# Extra teeth are mostly small and peg-shaped.
_SUPERNUMERARY_SIZE: Final = 0.7


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


def _root_names(text: str) -> tuple[str, ...]:
    """Read ``MB,DB,P (often fused)`` as three roots."""
    return tuple(name.strip() for name in text.partition("(")[0].split(","))


@cache
def anatomy(fdi: int) -> Anatomy:
    """Return the average measures of this tooth."""
    found = tooth(fdi)
    usual = _rows()[(found.dentition, found.arch, found.position)]
    if not found.supernumerary:
        return usual
    return Anatomy(
        width=usual.width * _SUPERNUMERARY_SIZE,
        depth=usual.depth * _SUPERNUMERARY_SIZE,
        crown=usual.crown * _SUPERNUMERARY_SIZE,
        root=usual.root * _SUPERNUMERARY_SIZE,
        roots=("single",),
        cusps=min(usual.cusps, 1),
    )
