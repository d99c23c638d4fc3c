"""What an exam found, tooth by tooth; None is never zero.

Margins are stored relative to the cemento-enamel junction: positive is recession, negative a margin
that lies coronal to it. Attachment loss = depth + margin, unknown when either is (perio_rules.json,
``sign_convention``).
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site, is_flag

Numbers = tuple[int | None, ...]
Marks = tuple[bool, ...]
Value = int | bool | None

NO_NUMBERS: Final[Numbers] = (None,) * 6
NO_MARKS: Final[Marks] = (False,) * 6
NO_FURCATIONS: Final[Numbers] = (None,) * 4


class Standing(StrEnum):
    """Whether there is a tooth to be probed."""

    THERE = "there"
    IMPLANT = "implant"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid: a measure of a tooth at a place (a ``Site``, a ``Furca`` or 0)."""

    tooth: int
    measure: Measure
    place: int = 0


@dataclass(frozen=True, slots=True)
class ToothReading:
    """What was found on one tooth; lists of six are in the order of ``Site``."""

    tooth: int
    standing: Standing = Standing.THERE
    depth: Numbers = NO_NUMBERS
    margin: Numbers = NO_NUMBERS
    mgj: Numbers = NO_NUMBERS
    bleeding: Marks = NO_MARKS
    suppuration: Marks = NO_MARKS
    plaque: Marks = NO_MARKS
    calculus: Marks = NO_MARKS
    furcation: Numbers = NO_FURCATIONS
    mobility: int | None = None

    @property
    def probed(self) -> bool:
        """Whether there is something to probe."""
        return self.standing is not Standing.MISSING

    def value(self, measure: Measure, place: int = 0) -> Value:
        """Return what stands in a cell."""
        if measure is Measure.MOBILITY:
            return self.mobility
        found: Numbers | Marks = getattr(self, measure.value)
        return found[place]

    def with_value(self, measure: Measure, place: int, value: Value) -> "ToothReading":
        """Return the reading with one cell changed."""
        if measure is Measure.MOBILITY:
            return replace(self, mobility=value)
        before: Numbers | Marks = getattr(self, measure.value)
        after = (*before[:place], value, *before[place + 1 :])
        changes: dict[str, Any] = {measure.value: after}
        return replace(self, **changes)

    def loss(self, site: int) -> int | None:
        """Return the attachment loss of a site in mm, None when depth or margin is not known."""
        depth, margin = self.depth[site], self.margin[site]
        return None if depth is None or margin is None else depth + margin

    def examined(self, site: int) -> bool:
        """Return whether somebody looked at a site: it was probed, or something was marked."""
        return (
            self.depth[site] is not None
            or self.bleeding[site]
            or self.suppuration[site]
            or self.plaque[site]
            or self.calculus[site]
        )

    def keratinised(self, site: int) -> int | None:
        """Return the width of keratinised gingiva in mm: from the margin to the junction."""
        junction, margin = self.mgj[site], self.margin[site]
        return None if junction is None or margin is None else junction - margin

    def attached(self, site: int) -> int | None:
        """Return the width of attached gingiva in mm: keratinised gingiva less the pocket."""
        junction, loss = self.mgj[site], self.loss(site)
        return None if junction is None or loss is None else junction - loss

    def blank(self, measure: Measure, place: int) -> bool:
        """Return whether a cell is still to be filled."""
        return not is_flag(measure) and self.value(measure, place) is None


@dataclass(frozen=True)
class Exam:
    """An exam of the mouth. Plaque and calculus are looked for, or not: an empty mark says so only
    where they were.
    """

    teeth: dict[int, ToothReading] = field(default_factory=dict)
    plaque_looked: bool = False
    calculus_looked: bool = False

    def value(self, cell: Cell) -> Value:
        """Return what stands in a cell."""
        return self.teeth[cell.tooth].value(cell.measure, cell.place)

    def with_value(self, cell: Cell, value: Value) -> "Exam":
        """Return the exam with one cell changed; marking plaque says that it was looked for."""
        changed = self.teeth[cell.tooth].with_value(cell.measure, cell.place, value)
        return replace(
            self,
            teeth=self.teeth | {cell.tooth: changed},
            plaque_looked=self.plaque_looked or (cell.measure is Measure.PLAQUE and bool(value)),
            calculus_looked=self.calculus_looked
            or (cell.measure is Measure.CALCULUS and bool(value)),
        )

    @property
    def probed(self) -> tuple[ToothReading, ...]:
        """The teeth and implants that there are to probe."""
        return tuple(one for one in self.teeth.values() if one.probed)

    @property
    def implants(self) -> frozenset[int]:
        """The places where an implant stands for a tooth."""
        return frozenset(
            one.tooth for one in self.teeth.values() if one.standing is Standing.IMPLANT
        )

    @property
    def natural(self) -> tuple[ToothReading, ...]:
        """The teeth of the person's own; stage and extent are told by these."""
        return tuple(one for one in self.teeth.values() if one.standing is Standing.THERE)

    @property
    def wanted(self) -> int:
        """How many sites there are to probe."""
        return 6 * len(self.probed)

    @property
    def entered(self) -> int:
        """How many of them have a depth."""
        return sum(depth is not None for one in self.probed for depth in one.depth)

    @property
    def untouched(self) -> bool:
        """Whether nothing at all was entered."""
        return not any(
            one.mobility is not None
            or any(value is not None for value in (*one.depth, *one.margin, *one.mgj))
            or any(value is not None for value in one.furcation)
            or any((*one.bleeding, *one.suppuration, *one.plaque, *one.calculus))
            for one in self.teeth.values()
        )


def loss_rows(reading: ToothReading) -> tuple[tuple[Site, int], ...]:
    """Return the interdental sites of a tooth whose attachment loss is known, with it."""
    return tuple(
        (site, loss)
        for site in Site
        if site.interdental and (loss := reading.loss(site)) is not None
    )
