"""The order of teeth along the arches, ranges, quadrants, and which teeth an age has."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final

from clinic_desktop.domain.teeth.numbering import Species, Tooth, teeth, teeth_of, tooth
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.resources import resource

UPPER: Final = (18, 17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27, 28)
LOWER: Final = (48, 47, 46, 45, 44, 43, 42, 41, 31, 32, 33, 34, 35, 36, 37, 38)
UPPER_PRIMARY: Final = (55, 54, 53, 52, 51, 61, 62, 63, 64, 65)
LOWER_PRIMARY: Final = (85, 84, 83, 82, 81, 71, 72, 73, 74, 75)
PERMANENT: Final = UPPER + LOWER
PRIMARY: Final = UPPER_PRIMARY + LOWER_PRIMARY
QUADRANTS: Final = ("ur", "ul", "ll", "lr")
ADULT_MONTHS: Final = 21 * 12


@cache
def permanent_teeth(species: str = Species.HUMAN) -> tuple[int, ...]:
    """Return the permanent teeth of a species in the order of the picture."""
    return in_arch_order(
        tuple(one.fdi for one in teeth_of(species) if not one.primary and not one.supernumerary)
    )


@cache
def milk_teeth(species: str = Species.HUMAN) -> tuple[int, ...]:
    """Return the milk teeth of a species in the order of the picture."""
    return in_arch_order(
        tuple(one.fdi for one in teeth_of(species) if one.primary and not one.supernumerary)
    )


def arch_key(fdi: int) -> tuple[bool, int, int, bool]:
    """Return the sort key of the picture: upper before lower, patient's right before left.

    A supernumerary tooth stands on the far side of its neighbour, seen from the midline.
    """
    found = tooth(fdi)
    outward = -found.extra if found.right else found.extra
    return (not found.upper, found.column, outward, found.primary)


def in_arch_order(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return the teeth as they follow one another in the picture, each once."""
    return tuple(sorted(set(numbers), key=arch_key))


def teeth_between(first: int, last: int, present: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Return the teeth of a range along the arch: ``13-23`` is six teeth.

    Where milk and permanent teeth meet, ``present`` decides for each position; without it a range
    between two kinds takes the milk teeth. Raises InvalidError for a range across both jaws.
    """
    start, end = sorted((tooth(first), tooth(last)), key=lambda found: found.column)
    if start.species is not end.species:
        raise InvalidError(_("These are not the teeth of one kind of animal."))
    if start.upper != end.upper:
        raise InvalidError(_("A range stays in one jaw. Join teeth of both jaws with +."))
    found = {first, last}
    for column in range(start.column, end.column + 1):
        if column not in {start.column, end.column}:
            found.update(_at(column, start, end, present))
    return in_arch_order(tuple(found))


def _at(column: int, start: Tooth, end: Tooth, present: frozenset[int]) -> tuple[int, ...]:
    """Return the tooth of a column between the two ends of a range, none where there is a gap."""
    here = positions(start.upper, start.species).get(column, ())
    standing = [fdi for fdi in here if fdi in present]
    if len(standing) == 1:
        return (standing[0],)
    milk = start.primary or end.primary
    return here[-1:] if milk else here[:1]


@cache
def positions(upper: bool, species: str = Species.HUMAN) -> dict[int, tuple[int, ...]]:
    """Return the ordinary teeth of each column of a jaw: permanent first, then the milk tooth."""
    found: dict[int, tuple[int, ...]] = {}
    for fdi, one in teeth().items():
        if one.species == species and one.upper is upper and not one.supernumerary:
            found[one.column] = (*found.get(one.column, ()), fdi)
    return found


def quadrant(name: str, present: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Return the teeth of ``ur``, ``ul``, ``ll`` or ``lr``: those present, or the permanent."""
    wanted = name.upper()
    pool = tuple(present) or PERMANENT
    return in_arch_order(tuple(fdi for fdi in pool if tooth(fdi).quadrant == wanted))


@dataclass(frozen=True, slots=True)
class Eruption:
    """When a tooth comes and when it falls out, in months of age (American Dental Association)."""

    erupts_from: int
    erupts_to: int
    sheds_from: int | None
    sheds_to: int | None


_MONTHS: Final = {"months": 1, "years": 12}


@cache
def _eruptions() -> dict[tuple[str, str, int], Eruption]:
    with resource("reference", "tooth_eruption.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["dentition"], row["arch"], int(row["position"])): Eruption(
                erupts_from=int(row["erupt_from"]) * _MONTHS[row["erupt_unit"]],
                erupts_to=int(row["erupt_to"]) * _MONTHS[row["erupt_unit"]],
                sheds_from=int(row["shed_from"]) * 12 if row["shed_from"] else None,
                sheds_to=int(row["shed_to"]) * 12 if row["shed_to"] else None,
            )
            for row in csv.DictReader(stream)
        }


def eruption(fdi: int) -> Eruption:
    """Return when this tooth usually erupts and is shed."""
    found = tooth(fdi)
    return _eruptions()[(found.dentition, found.arch, found.position)]


@dataclass(frozen=True, slots=True)
class Expected:
    """The tooth usual at one position of the arch at some age, and whether it has come through."""

    tooth: int
    erupted: bool


def expected_teeth(age_months: int) -> tuple[Expected, ...]:
    """Return the usual tooth of each of the 32 positions at this age.

    A milk tooth stands until its successor has usually come; a tooth counts as come through at
    the end of its usual period. What a patient really has is what was examined, never this.
    """
    return tuple(
        _expected(column, upper, age_months) for upper in (True, False) for column in range(1, 17)
    )


def _expected(column: int, upper: bool, age_months: int) -> Expected:
    permanent, *milk = positions(upper)[column]
    if age_months >= eruption(permanent).erupts_to:
        return Expected(permanent, erupted=True)
    if not milk:
        return Expected(permanent, erupted=False)
    shed_at = eruption(milk[0]).sheds_to
    if shed_at is not None and age_months >= shed_at:
        return Expected(permanent, erupted=False)
    return Expected(milk[0], erupted=age_months >= eruption(milk[0]).erupts_to)
