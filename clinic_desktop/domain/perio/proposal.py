"""Stage, grade and extent of periodontitis as proposals with their evidence, never a decision.

2017 classification: Tonetti, Greenwell, Kornman 2018 (doi:10.1111/jcpe.12945), the figures as
``perio_rules.json`` states them. A clinician accepts a proposal or decides otherwise with a reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from clinic_desktop.domain.perio.exam import Cell, Exam, ToothReading, loss_rows
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import FACIAL, ORAL, Site
from clinic_desktop.domain.teeth.numbering import tooth

_FACE_LOSS, _FACE_DEPTH = 3, 3
_LOST_OF_STAGE_4: Final = 5
_FEWEST_TEETH: Final = 20
_DEPTH_OF_STAGE_2, _DEPTH_OF_STAGE_3 = 5, 6
_GENERAL: Final = 0.30
_YEARS_APART: Final = 5
_LEAST_LOSS: Final = {1: 1, 2: 3, 3: 5, 4: 5}


class Complexity(StrEnum):
    """What a clinician found that raises a stage and that no probe measures."""

    VERTICAL_LOSS = "vertical_loss"
    RIDGE_MODERATE = "ridge_moderate"
    MASTICATORY = "masticatory"
    RIDGE_SEVERE = "ridge_severe"
    BITE_COLLAPSE = "bite_collapse"
    REHABILITATION = "rehabilitation"


_TO_STAGE_3: Final = frozenset({Complexity.VERTICAL_LOSS, Complexity.RIDGE_MODERATE})


@dataclass(frozen=True, slots=True)
class Background:
    """What is known beside the probe; None and an empty text are "not recorded".

    ``lost_teeth`` were lost because of periodontitis; ``bone_loss`` is the worst in percent of the
    root; ``smoking`` is none, light (under 10 a day) or heavy; ``diabetes`` none, controlled
    (HbA1c under 7 %) or uncontrolled.
    """

    age: int | None = None
    lost_teeth: int | None = None
    bone_loss: int | None = None
    smoking: str = ""
    diabetes: str = ""
    complexity: frozenset[Complexity] = frozenset()


class Fact(StrEnum):
    """The kinds of evidence; ``words`` of the screens and papers say each in a sentence."""

    NO_LOSS_KNOWN = "no_loss_known"
    CASE_INTERDENTAL = "case_interdental"
    CASE_FACES = "case_faces"
    CASE_NOT_MET = "case_not_met"
    WORST_LOSS = "worst_loss"
    BONE_LOSS = "bone_loss"
    LOST_TEETH = "lost_teeth"
    LOST_UNKNOWN = "lost_unknown"
    DEPTH = "depth"
    FURCATION = "furcation"
    CONFIRMED = "confirmed"
    MOBILITY = "mobility"
    FEW_TEETH = "few_teeth"
    TO_CONSIDER = "to_consider"
    EXTENT = "extent"
    GRADE_DIRECT = "grade_direct"
    GRADE_INDIRECT = "grade_indirect"
    GRADE_ASSUMED = "grade_assumed"
    SMOKING = "smoking"
    SMOKING_UNKNOWN = "smoking_unknown"
    DIABETES = "diabetes"
    DIABETES_UNKNOWN = "diabetes_unknown"
    SITES_MISSING = "sites_missing"
    IMPLANTS_OUT = "implants_out"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact: its figure, the cells it was read from, and the stage or grade it leads to."""

    fact: Fact
    figure: float | None = None
    cells: tuple[Cell, ...] = ()
    to: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows from an exam. ``stage`` is 1 to 4, 0 for "no periodontitis by definition",
    None when there is not enough to say; ``missing`` sites may still change it.
    """

    stage: int | None = None
    grade: str = ""
    extent: str = ""
    missing: int = 0
    evidence: tuple[Evidence, ...] = ()

    @property
    def text(self) -> str:
        """The proposal as it is kept beside a decision: ``3 B generalized``, empty for none."""
        if self.stage is None:
            return ""
        return " ".join((str(self.stage), self.grade, self.extent)).strip()


@dataclass(frozen=True)
class Earlier:
    """An exam of before, for how much was lost since."""

    on: date
    exam: Exam


@dataclass
class _Case:
    """The readings that a proposal is made from."""

    exam: Exam
    background: Background
    losses: dict[int, tuple[tuple[Site, int], ...]]
    found: list[Evidence] = field(default_factory=list)

    def say(
        self,
        fact: Fact,
        figure: float | None = None,
        cells: Sequence[Cell] = (),
        to: str = "",
        detail: str = "",
    ) -> None:
        self.found.append(Evidence(fact, figure, tuple(cells), to, detail))

    @property
    def worst(self) -> int:
        return max((loss for rows in self.losses.values() for _site, loss in rows), default=0)


def propose(
    exam: Exam, background: Background, *, on: date, earlier: Sequence[Earlier] = ()
) -> Proposal:
    """Return stage, grade and extent that follow from an exam and what else is known."""
    losses = {one.tooth: rows for one in exam.natural if (rows := loss_rows(one))}
    case = _Case(exam, background, losses)
    missing = _missing(exam)
    if any(one not in exam.natural for one in exam.probed):
        case.say(Fact.IMPLANTS_OUT)
    if missing:
        case.say(Fact.SITES_MISSING, missing)
    if not losses:
        case.say(Fact.NO_LOSS_KNOWN)
        return Proposal(missing=missing, evidence=tuple(case.found))
    if not _is_case(case):
        case.say(Fact.CASE_NOT_MET)
        # What nobody probed may hold the disease: "none" is said of a whole mouth only.
        stage = None if missing else 0
        return Proposal(stage=stage, missing=missing, evidence=tuple(case.found))
    severity = _severity(case)
    stage = _raised(case, severity)
    extent = _extent(case, severity)
    grade = _grade(case, on, earlier)
    return Proposal(stage, grade, extent, missing, tuple(case.found))


def _missing(exam: Exam) -> int:
    """Return how many interdental and facial sites of natural teeth have no known loss."""
    return sum(one.loss(site) is None for one in exam.natural for site in Site)


def _depth_cells(case: _Case, least: int) -> list[Cell]:
    return [
        Cell(fdi, Measure.DEPTH, site)
        for fdi, rows in case.losses.items()
        for site, loss in rows
        if loss >= least
    ]


# -- is it periodontitis ---------------------------------------------------------------------


def _is_case(case: _Case) -> bool:
    """Return whether the case definition is met: loss between teeth, at two not side by side."""
    teeth = [fdi for fdi, rows in case.losses.items() if any(loss > 0 for _site, loss in rows)]
    if _apart(teeth):
        case.say(Fact.CASE_INTERDENTAL, len(teeth), _depth_cells(case, 1))
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


# -- stage -----------------------------------------------------------------------------------


def _severity(case: _Case) -> int:
    """Return the stage by the worst loss between teeth; the bone in radiographs where it is worse.

    Severity is told by attachment; bone counts when no attachment is lost between teeth.
    """
    worst, lost = case.worst, case.background.lost_teeth
    if worst > 0:
        stage = 1 if worst <= 2 else 2 if worst <= 4 else 3
        case.say(Fact.WORST_LOSS, worst, _depth_cells(case, worst), str(stage))
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


def _raised(case: _Case, severity: int) -> int:
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


def _pockets(case: _Case, least: int) -> list[Cell]:
    """Return sites that deep; where no attachment is lost it is a pseudo-pocket and not counted."""
    return [
        Cell(one.tooth, Measure.DEPTH, site)
        for one in case.exam.natural
        for site in Site
        if (one.depth[site] or 0) >= least and (one.loss(site) or 0) > 0
    ]


def _deepest(case: _Case, cells: Sequence[Cell]) -> int:
    return max(int(case.exam.value(cell) or 0) for cell in cells)


def _to_stage_2(case: _Case) -> Iterator[Evidence]:
    cells = _pockets(case, _DEPTH_OF_STAGE_2)
    if cells and not _pockets(case, _DEPTH_OF_STAGE_3):
        yield Evidence(Fact.DEPTH, _deepest(case, cells), tuple(cells), "2")


def _to_stage_3(case: _Case) -> Iterator[Evidence]:
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


def _to_stage_4(case: _Case) -> Iterator[Evidence]:
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


# -- extent ----------------------------------------------------------------------------------


def _extent(case: _Case, severity: int) -> str:
    """Return how far it reaches: the share of teeth whose loss is that of the severity."""
    least = _LEAST_LOSS[severity]
    involved = [fdi for fdi, rows in case.losses.items() if max(loss for _s, loss in rows) >= least]
    if not involved:  # severity was read from the bone: every tooth with any loss counts
        involved = [cell.tooth for cell in _depth_cells(case, 1)]
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


# -- grade -----------------------------------------------------------------------------------


def _grade(case: _Case, on: date, earlier: Sequence[Earlier]) -> str:
    grade = _direct(case, on, earlier) or _indirect(case)
    if not grade:
        grade = "B"
        case.say(Fact.GRADE_ASSUMED, to="B")
    for known, worst, mild, unknown, fact in (
        (case.background.smoking, "heavy", "light", Fact.SMOKING_UNKNOWN, Fact.SMOKING),
        (case.background.diabetes, "uncontrolled", "controlled", Fact.DIABETES_UNKNOWN,
         Fact.DIABETES),
    ):  # fmt: skip
        if not known:
            case.say(unknown)
            continue
        at_least = "C" if known == worst else "B" if known == mild else "A"
        if at_least > grade:
            grade = at_least
        if at_least > "A":
            case.say(fact, to=at_least, detail=known)
    return grade


def _direct(case: _Case, on: date, earlier: Sequence[Earlier]) -> str:
    """Return the grade by what was lost since an exam five years old, empty without one."""
    old = [one for one in earlier if _years(one.on, on) >= _YEARS_APART]
    if not old:
        return ""
    before = max(old, key=lambda one: one.on)
    grown = [
        (now - then, Cell(one.tooth, Measure.DEPTH, site))
        for one in case.exam.natural
        for site in Site
        if site.interdental
        and (now := one.loss(site)) is not None
        and (then := _loss_then(before.exam, one.tooth, site)) is not None
    ]
    if not grown:
        return ""
    most = max(step for step, _cell in grown)
    grade = "A" if most <= 0 else "B" if most < 2 else "C"
    cells = [cell for step, cell in grown if step == most] if most > 0 else []
    case.say(Fact.GRADE_DIRECT, most, cells, grade, detail=before.on.isoformat())
    return grade


def _loss_then(exam: Exam, fdi: int, site: Site) -> int | None:
    before: ToothReading | None = exam.teeth.get(fdi)
    return None if before is None else before.loss(site)


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _indirect(case: _Case) -> str:
    """Return the grade by bone loss over age, empty when either is not known."""
    bone, age = case.background.bone_loss, case.background.age
    if bone is None or not age:
        return ""
    ratio = bone / age
    grade = "A" if ratio < 0.25 else "B" if ratio <= 1 else "C"
    case.say(Fact.GRADE_INDIRECT, ratio, to=grade)
    return grade
