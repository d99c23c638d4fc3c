"""Indices of an exam, each with the number of sites it is taken from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.perio.sites import Site

SHALLOW_POCKET: Final = 4
DEEP_POCKET: Final = 6


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of the ``n`` sites that were examined; without any there is no percentage."""

    count: int
    n: int

    @property
    def percent(self) -> float | None:
        """The share in percent, None when nothing was examined."""
        return 100 * self.count / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of ``n`` sites in mm; without any there is none."""

    total: int
    n: int

    @property
    def mm(self) -> float | None:
        """The mean, None when nothing was measured."""
        return self.total / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Indices:
    """Everything that is counted. ``plaque`` and ``calculus`` are None when nobody looked."""

    teeth: int
    wanted: int
    entered: int
    bleeding: Share
    suppuration: Share
    plaque: Share | None
    calculus: Share | None
    medium: Share
    """Sites of 4 to 5 mm."""
    deep: Share
    """Sites of 6 mm or more."""
    depth: Mean
    loss: Mean
    deepest: int | None


def indices(exam: Exam) -> Indices:
    """Return the indices of an exam.

    Missing teeth are out, and so is every site that nobody looked at: it is not a site without
    bleeding (perio_rules.json, ``denominator_note``).
    """
    depths = [depth for one in exam.probed for depth in one.depth if depth is not None]
    losses = [loss for one in exam.probed for site in Site if (loss := one.loss(site)) is not None]
    shallow = sum(SHALLOW_POCKET <= depth < DEEP_POCKET for depth in depths)
    return Indices(
        teeth=len(exam.probed),
        wanted=exam.wanted,
        entered=len(depths),
        bleeding=_marked(exam, lambda one, site: one.bleeding[site]),
        suppuration=_marked(exam, lambda one, site: one.suppuration[site]),
        plaque=_marked(exam, lambda one, site: one.plaque[site]) if exam.plaque_looked else None,
        calculus=(
            _marked(exam, lambda one, site: one.calculus[site]) if exam.calculus_looked else None
        ),
        medium=Share(shallow, len(depths)),
        deep=Share(sum(depth >= DEEP_POCKET for depth in depths), len(depths)),
        depth=Mean(sum(depths), len(depths)),
        loss=Mean(sum(losses), len(losses)),
        deepest=max(depths, default=None),
    )


def _marked(exam: Exam, mark: Callable[[ToothReading, Site], bool]) -> Share:
    looked = [(one, site) for one in exam.probed for site in Site if one.examined(site)]
    return Share(sum(mark(one, site) for one, site in looked), len(looked))
