"""What speaks for a stage and a grade: what is known beside the probe, and each fact found."""

from dataclasses import dataclass
from enum import StrEnum

from clinic_desktop.domain.perio.exam import Cell


class Complexity(StrEnum):
    """What a clinician found that raises a stage and that no probe measures."""

    VERTICAL_LOSS = "vertical_loss"
    RIDGE_MODERATE = "ridge_moderate"
    MASTICATORY = "masticatory"
    RIDGE_SEVERE = "ridge_severe"
    BITE_COLLAPSE = "bite_collapse"
    REHABILITATION = "rehabilitation"


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
    """The kinds of evidence; ``evidence_words`` says each in a sentence."""

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
