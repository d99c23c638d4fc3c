"""The stage of periodontitis by its severity and complexity, and how far it extends.

2017 classification: Tonetti, Greenwell, Kornman 2018 (doi:10.1111/jcpe.12945), the figures as
``perio_rules.json`` states them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from clinic_desktop.domain.perio.case import Case
from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.facts import Complexity, Evidence, Fact
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.teeth.numbering import tooth

_LOST_OF_STAGE_4: Final = 5
_FEWEST_TEETH: Final = 20
_DEPTH_OF_STAGE_2, _DEPTH_OF_STAGE_3 = 5, 6
_TO_STAGE_3: Final = frozenset({Complexity.VERTICAL_LOSS, Complexity.RIDGE_MODERATE})
_GENERAL: Final = 0.30
_LEAST_LOSS: Final = {1: 1, 2: 3, 3: 5, 4: 5}


def severity_of(case: Case) -> int:
    """Return the stage by the worst loss between teeth; the bone in radiographs where it is worse.

    Severity is told by attachment; bone counts when no attachment is lost between teeth.
    """
    worst, lost = case.worst, case.background.lost_teeth
    if worst > 0:
        stage = 1 if worst <= 2 else 2 if worst <= 4 else 3
        case.say(Fact.WORST_LOSS, worst, case.lost_at(worst), str(stage))
    else:
        bone = case.background.bone_loss
        if bone is None:
            return 1
        stage = 1 if bone < 15 else 2 if bone <= 33 else 3
        case.say(Fact.BONE_LOSS, bone, to=str(stage))
    if stage == 3:
        if lost is None:
            case.say(Fact.LOST_UNKNOWN)
        else:
            stage = 4 if lost >= _LOST_OF_STAGE_4 else 3
            case.say(Fact.LOST_TEETH, lost, to=str(stage))
    return stage


def raised(case: Case, severity: int) -> int:
    """Return the stage after what makes treatment complex; it only ever raises."""
    stage = severity
    for evidence in (*_to_stage_2(case), *_to_stage_3(case)):
        if int(evidence.to) > stage:
            stage = int(evidence.to)
        # What leads to stage II says nothing where the loss alone is worse.
        if int(evidence.to) > 2 or severity <= 2:
            case.found.append(evidence)
    for evidence in _to_stage_4(case):
        # "In addition to stage III complexity": what was measured raises from there; below it
        # is for the clinician to confirm.
        if stage >= 3 or evidence.fact is Fact.CONFIRMED:
            stage = 4
            case.found.append(evidence)
        else:
            case.say(
                Fact.TO_CONSIDER, evidence.figure, evidence.cells, "4", detail=evidence.fact.value
            )
    return stage


def _pockets(case: Case, least: int) -> list[Cell]:
    """Return sites that deep; where no attachment is lost it is a pseudo-pocket and not counted."""
    return [
        Cell(one.tooth, Measure.DEPTH, site)
        for one in case.exam.natural
        for site in Site
        if (one.depth[site] or 0) >= least and (one.loss(site) or 0) > 0
    ]


def _deepest(case: Case, cells: Sequence[Cell]) -> int:
    return max(int(case.exam.value(cell) or 0) for cell in cells)


def _to_stage_2(case: Case) -> Iterator[Evidence]:
    cells = _pockets(case, _DEPTH_OF_STAGE_2)
    if cells and not _pockets(case, _DEPTH_OF_STAGE_3):
        yield Evidence(Fact.DEPTH, _deepest(case, cells), tuple(cells), "2")


def _to_stage_3(case: Case) -> Iterator[Evidence]:
    cells = _pockets(case, _DEPTH_OF_STAGE_3)
    if cells:
        yield Evidence(Fact.DEPTH, _deepest(case, cells), tuple(cells), "3")
    entered = [
        Cell(one.tooth, Measure.FURCATION, place)
        for one in case.exam.natural
        for place, grade in enumerate(one.furcation)
        if (grade or 0) >= 2
    ]
    if entered:
        yield Evidence(Fact.FURCATION, _deepest(case, entered), tuple(entered), "3")
    for sign in sorted(case.background.complexity & _TO_STAGE_3):
        yield Evidence(Fact.CONFIRMED, to="3", detail=sign.value)


def _to_stage_4(case: Case) -> Iterator[Evidence]:
    loose = [
        Cell(one.tooth, Measure.MOBILITY) for one in case.exam.natural if (one.mobility or 0) >= 2
    ]
    if loose:
        yield Evidence(Fact.MOBILITY, _deepest(case, loose), tuple(loose), "4")
    # An extra tooth has no opposite one to bite on.
    teeth = sum(not tooth(one.tooth).supernumerary for one in case.exam.natural)
    if teeth < _FEWEST_TEETH:
        yield Evidence(Fact.FEW_TEETH, teeth, (), "4")
    for sign in sorted(case.background.complexity - _TO_STAGE_3):
        yield Evidence(Fact.CONFIRMED, to="4", detail=sign.value)


def extent_of(case: Case, severity: int) -> str:
    """Return how far it reaches: the share of teeth whose loss is that of the severity."""
    least = _LEAST_LOSS[severity]
    involved = [fdi for fdi, rows in case.losses.items() if max(loss for _s, loss in rows) >= least]
    if not involved:  # severity was read from the bone: every tooth with any loss counts
        involved = [cell.tooth for cell in case.lost_at(1)]
    share = len(set(involved)) / len(case.losses)
    extent = "generalized" if share >= _GENERAL else "localized"
    if _molar_incisor(involved):
        extent = "molar_incisor"
    cells = [Cell(fdi, Measure.DEPTH) for fdi in sorted(set(involved))]
    case.say(Fact.EXTENT, 100 * share, cells, extent, detail=f"{len(cells)}/{len(case.losses)}")
    return extent


def _molar_incisor(teeth: Sequence[int]) -> bool:
    """Return whether first molars and incisors are involved, both of them, and nothing else."""
    kinds = {(tooth(fdi).tooth_class, tooth(fdi).position) for fdi in teeth}
    molars = {kind for kind in kinds if kind == ("molar", 6)}
    incisors = {kind for kind in kinds if kind[0] == "incisor"}
    return bool(molars) and bool(incisors) and kinds == molars | incisors
