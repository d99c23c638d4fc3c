"""Stage, grade and extent of periodontitis as proposals with their evidence, never a decision.

2017 classification: Tonetti, Greenwell, Kornman 2018 (doi:10.1111/jcpe.12945), the figures as
``perio_rules.json`` states them. A clinician accepts a proposal or decides otherwise with a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinic_desktop.domain.perio.case import Case, is_case
from clinic_desktop.domain.perio.exam import Exam, loss_rows
from clinic_desktop.domain.perio.facts import Background, Evidence, Fact
from clinic_desktop.domain.perio.grade import Earlier, grade_of
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.perio.stage import extent_of, raised, severity_of


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


def propose(
    exam: Exam, background: Background, *, on: date, earlier: Sequence[Earlier] = ()
) -> Proposal:
    """Return stage, grade and extent that follow from an exam and what else is known."""
    losses = {one.tooth: rows for one in exam.natural if (rows := loss_rows(one))}
    case = Case(exam, background, losses)
    missing = _missing(exam)
    if any(one not in exam.natural for one in exam.probed):
        case.say(Fact.IMPLANTS_OUT)
    if missing:
        case.say(Fact.SITES_MISSING, missing)
    if not losses:
        case.say(Fact.NO_LOSS_KNOWN)
        return Proposal(missing=missing, evidence=tuple(case.found))
    if not is_case(case):
        case.say(Fact.CASE_NOT_MET)
        # What nobody probed may hold the disease: "none" is said of a whole mouth only.
        stage = None if missing else 0
        return Proposal(stage=stage, missing=missing, evidence=tuple(case.found))
    severity = severity_of(case)
    stage = raised(case, severity)
    extent = extent_of(case, severity)
    grade = grade_of(case, on, earlier)
    return Proposal(stage, grade, extent, missing, tuple(case.found))


def _missing(exam: Exam) -> int:
    """Return how many interdental and facial sites of natural teeth have no known loss."""
    return sum(one.loss(site) is None for one in exam.natural for site in Site)
