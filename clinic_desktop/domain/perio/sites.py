"""Which sites a tooth has: six to probe, furcations where its roots part, a junction to measure."""

from enum import IntEnum
from typing import Final

from clinic_desktop.domain.perio.rules import FLAGS, Measure
from clinic_desktop.domain.teeth.numbering import Tooth, tooth


class Site(IntEnum):
    """The six sites of a tooth; the number is the place in what is stored."""

    MB = 0
    B = 1
    DB = 2
    ML = 3
    L = 4
    DL = 5

    @property
    def facial(self) -> bool:
        """Whether it is on the side of cheek and lip."""
        return self <= Site.DB

    @property
    def interdental(self) -> bool:
        """Whether it is between two teeth; stage is told by these alone."""
        return self not in (Site.B, Site.L)


class Furca(IntEnum):
    """Where a furcation is entered; the number is the place in what is stored."""

    B = 0
    L = 1
    M = 2
    D = 3


FACIAL: Final = (Site.MB, Site.B, Site.DB)
ORAL: Final = (Site.ML, Site.L, Site.DL)
_ONLY: Final = (0,)
# What is graded of a tooth and of no implant.
OF_TEETH: Final = (Measure.FURCATION, Measure.MOBILITY)


def on_screen(fdi: int, *, facial: bool) -> tuple[Site, ...]:
    """Return the three sites of a face from left to right as the picture shows them."""
    sites = FACIAL if facial else ORAL
    return tuple(reversed(sites)) if tooth(fdi).right else sites


def furcations(fdi: int) -> tuple[Furca, ...]:
    """Return where this tooth has furcations; none for teeth of one root, as extra teeth are.

    Upper molars three, upper first premolars mesial and distal, lower molars two; milk molars as
    permanent ones (perio_rules.json, ``furcation_sites``).
    """
    found = tooth(fdi)
    if found.supernumerary:
        return ()
    if found.tooth_class == "molar":
        return (Furca.B, Furca.M, Furca.D) if found.upper else (Furca.B, Furca.L)
    return (Furca.M, Furca.D) if _upper_first_premolar(found) else ()


def _upper_first_premolar(found: Tooth) -> bool:
    return found.upper and found.tooth_class == "premolar" and found.position == 4


def junctions(fdi: int) -> tuple[Site, ...]:
    """Return where the mucogingival junction is measured: everywhere but on the palate."""
    return FACIAL if tooth(fdi).upper else (*FACIAL, *ORAL)


def places(fdi: int, measure: Measure, *, implant: bool = False) -> tuple[int, ...]:
    """Return the places of a measure that this tooth has, or the implant in its place.

    An implant has no roots that part, and the grades of mobility are those of teeth.
    """
    if implant and measure in OF_TEETH:
        return ()
    if measure is Measure.FURCATION:
        return furcations(fdi)
    if measure is Measure.MOBILITY:
        return _ONLY
    if measure is Measure.MGJ:
        return junctions(fdi)
    return tuple(Site)


def is_flag(measure: Measure) -> bool:
    """Return whether a measure is marked or not, instead of having a value."""
    return measure in FLAGS
