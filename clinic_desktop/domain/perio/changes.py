"""What differs between exams: sites that got deeper or shallower, attachment lost or gained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.perio.exam import Exam
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.teeth.dentition import arch_key

# A probe is read to a millimetre: one more or less says nothing.
LEAST_CHANGE: Final = 2


@dataclass(frozen=True, slots=True)
class SiteChange:
    """One site whose depth or attachment changed; values run with the exams, None not measured."""

    tooth: int
    site: Site
    loss: bool
    values: tuple[int | None, ...]

    @property
    def step(self) -> int:
        """How much more there is at the end than at the beginning, in mm."""
        known = [value for value in self.values if value is not None]
        return known[-1] - known[0]


def site_changes(exams: Sequence[Exam]) -> tuple[SiteChange, ...]:
    """Return the sites that changed by 2 mm or more from the first exam to the last that know them.

    The exams are the oldest first.
    """
    found = []
    for fdi in sorted({fdi for exam in exams for fdi in exam.teeth}, key=arch_key):
        for site in Site:
            for loss in (False, True):
                values = tuple(_value(exam, fdi, site, loss=loss) for exam in exams)
                known = [value for value in values if value is not None]
                if len(known) > 1 and abs(known[-1] - known[0]) >= LEAST_CHANGE:
                    found.append(SiteChange(fdi, site, loss, values))
    return tuple(found)


def _value(exam: Exam, fdi: int, site: Site, *, loss: bool) -> int | None:
    reading = exam.teeth.get(fdi)
    if reading is None or not reading.probed:
        return None
    return reading.loss(site) if loss else reading.depth[site]
