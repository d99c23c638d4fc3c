"""Which findings later work has taken care of, so that the chart no longer shows them as open."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus

_CARIES: Final = frozenset(
    {"CARIES", "CARIES_SEC", "CARIES_ARR", "I0", "I1", "I2", "I3", "I4", "I5", "I6"}
)
_SURFACE: Final = _CARIES | {"FRACT", "WEAR_ATT", "WEAR_ABR", "WEAR_ERO", "HYPO"}
_CROWN: Final = _SURFACE | {"CRACK", "DISC", "FLUOROSIS", "CARIES_ROOT"}
_PULP: Final = frozenset({"PULPITIS_REV", "PULPITIS_IRREV", "NECROSIS"})
_TOOTH: Final = _CROWN | _PULP
# A lesion at the root's tip is left: it heals, or does not, and somebody has to look again.
_ANSWERS: Final = {
    **dict.fromkeys(("AMAL", "COMP", "GIC", "TEMP", "GOLD", "INLAY"), _SURFACE),
    "VENEER": _SURFACE | {"DISC", "FLUOROSIS"},
    "SEAL": frozenset({"I0", "I1", "I2"}),
    "CROWN": _CROWN,
    "BR_ABUT": _CROWN,
    "RCT": _PULP,
    "PULPOTOMY": _PULP,
    "RETROOT": _TOOTH,
}
_BY_SURFACE: Final = frozenset({"AMAL", "COMP", "GIC", "TEMP", "GOLD", "INLAY", "VENEER", "SEAL"})


class Charted(NamedTuple):
    """A mark and the day from which it is true."""

    mark: ChartMark
    since: date


def answered(charted: Sequence[Charted]) -> frozenset[UUID]:
    """Return the ids of findings on one tooth that later work has treated.

    They are in the order in which they were charted. A filling answers for the surfaces it covers,
    a crown for the whole crown, a root canal for the pulp. Work that was found in the mouth on the
    day of the finding was there before it and answers nothing.
    """
    over = set()
    for place, finding in enumerate(charted):
        if (
            finding.mark.id is not None
            and finding.mark.status is MarkStatus.CONDITION
            and _is_answered(finding, charted[place + 1 :])
        ):
            over.add(finding.mark.id)
    return frozenset(over)


def _is_answered(finding: Charted, later: Sequence[Charted]) -> bool:
    open_surfaces = set(finding.mark.surfaces)
    for work in later:
        if not _came_after(work, finding) or finding.mark.paint not in _ANSWERS.get(
            work.mark.paint, ()
        ):
            continue
        if work.mark.paint not in _BY_SURFACE:
            return True
        open_surfaces -= set(work.mark.surfaces)
        if not open_surfaces and work.mark.surfaces:
            return True
    return False


def _came_after(work: Charted, finding: Charted) -> bool:
    if work.mark.status is MarkStatus.DONE:
        return True
    found = work.mark.status in {MarkStatus.EXISTING, MarkStatus.ELSEWHERE}
    return found and work.since > finding.since
