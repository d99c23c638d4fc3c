"""Whether an exam is a case of periodontitis, and the readings that tell it.

2017 classification: Tonetti, Greenwell, Kornman 2018 (doi:10.1111/jcpe.12945), the figures as
``perio_rules.json`` states them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from clinic_desktop.domain.perio.exam import Cell, Exam
from clinic_desktop.domain.perio.facts import Background, Evidence, Fact
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import FACIAL, ORAL, Site
from clinic_desktop.domain.teeth.numbering import tooth

_FACE_LOSS: Final = 3
_FACE_DEPTH: Final = 3


@dataclass
class Case:
    """The readings that a proposal is made from, and the facts found in them so far."""

    exam: Exam
    background: Background
    losses: dict[int, tuple[tuple[Site, int], ...]]
    """The interdental sites of each natural tooth whose attachment loss is known, with it."""
    found: list[Evidence] = field(default_factory=list)

    def say(
        self,
        fact: Fact,
        figure: float | None = None,
        cells: Sequence[Cell] = (),
        to: str = "",
        detail: str = "",
    ) -> None:
        """Add a fact to what was found."""
        self.found.append(Evidence(fact, figure, tuple(cells), to, detail))

    @property
    def worst(self) -> int:
        """The worst attachment loss between teeth in mm, 0 for none."""
        return max((loss for rows in self.losses.values() for _site, loss in rows), default=0)

    def lost_at(self, least: int) -> list[Cell]:
        """Return the sites between teeth that lost at least so many mm."""
        return [
            Cell(fdi, Measure.DEPTH, site)
            for fdi, rows in self.losses.items()
            for site, loss in rows
            if loss >= least
        ]


def is_case(case: Case) -> bool:
    """Return whether the case definition is met: loss between teeth, at two not side by side."""
    teeth = [fdi for fdi, rows in case.losses.items() if any(loss > 0 for _site, loss in rows)]
    if _apart(teeth):
        case.say(Fact.CASE_INTERDENTAL, len(teeth), case.lost_at(1))
        return True
    faces = [
        Cell(one.tooth, Measure.DEPTH, site)
        for one in case.exam.natural
        for site in (FACIAL[1], ORAL[1])
        if (one.loss(site) or 0) >= _FACE_LOSS and (one.depth[site] or 0) > _FACE_DEPTH
    ]
    if len({cell.tooth for cell in faces}) >= 2:
        case.say(Fact.CASE_FACES, len({cell.tooth for cell in faces}), faces)
        return True
    return False


def _apart(teeth: Sequence[int]) -> bool:
    """Return whether two of these teeth are not neighbours of one jaw."""
    places = [(tooth(fdi).upper, tooth(fdi).column) for fdi in teeth]
    return any(
        one[0] != other[0] or abs(one[1] - other[1]) > 1
        for index, one in enumerate(places)
        for other in places[index + 1 :]
    )
