"""The grade of periodontitis: how fast attachment is lost, and what makes it worse.

2017 classification: Tonetti, Greenwell, Kornman 2018 (doi:10.1111/jcpe.12945), the figures as
``perio_rules.json`` states them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from clinic_desktop.domain.perio.case import Case
from clinic_desktop.domain.perio.exam import Cell, Exam, ToothReading
from clinic_desktop.domain.perio.facts import Fact
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site

_YEARS_APART: Final = 5


@dataclass(frozen=True)
class Earlier:
    """An exam of before, for how much was lost since."""

    on: date
    exam: Exam


def grade_of(case: Case, on: date, earlier: Sequence[Earlier]) -> str:
    """Return the grade by what was lost over time, raised by smoking and diabetes."""
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


def _direct(case: Case, on: date, earlier: Sequence[Earlier]) -> str:
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


def _indirect(case: Case) -> str:
    """Return the grade by bone loss over age, empty when either is not known."""
    bone, age = case.background.bone_loss, case.background.age
    if bone is None or not age:
        return ""
    ratio = bone / age
    grade = "A" if ratio < 0.25 else "B" if ratio <= 1 else "C"
    case.say(Fact.GRADE_INDIRECT, ratio, to=grade)
    return grade
