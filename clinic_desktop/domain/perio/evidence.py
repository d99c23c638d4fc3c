"""Stage, grade, extent and their evidence in words, in the language in force."""

from collections.abc import Sequence
from typing import Final

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.facts import Complexity, Evidence, Fact
from clinic_desktop.domain.perio.proposal import Proposal
from clinic_desktop.domain.perio.words import ROMAN, place_words
from clinic_desktop.domain.teeth.numbering import Notation, written
from clinic_desktop.i18n import N_, _, ngettext

_MOST_NAMED: Final = 6

EXTENTS: Final = {
    "localized": N_("localized"),
    "generalized": N_("generalized"),
    "molar_incisor": N_("molar and incisor pattern"),
}
SMOKING: Final = {
    "none": N_("Does not smoke"),
    "light": N_("Fewer than 10 cigarettes a day"),
    "heavy": N_("10 cigarettes a day or more"),
}
DIABETES: Final = {
    "none": N_("No diabetes"),
    "controlled": N_("Diabetes, HbA1c under 7.0 %"),
    "uncontrolled": N_("Diabetes, HbA1c 7.0 % or more"),
}
SIGNS: Final = {
    Complexity.VERTICAL_LOSS: N_("Vertical bone loss of 3 mm or more"),
    Complexity.RIDGE_MODERATE: N_("Moderate ridge defect"),
    Complexity.MASTICATORY: N_("Masticatory dysfunction"),
    Complexity.RIDGE_SEVERE: N_("Severe ridge defect"),
    Complexity.BITE_COLLAPSE: N_("Bite collapse, drifting or flaring"),
    Complexity.REHABILITATION: N_("Complex rehabilitation is needed"),
}
_SAID: Final = {
    "light": N_("fewer than 10 cigarettes a day"),
    "heavy": N_("10 cigarettes a day or more"),
    "controlled": N_("HbA1c under 7.0 %"),
    "uncontrolled": N_("HbA1c 7.0 % or more"),
}
_SENTENCES: Final = {
    Fact.NO_LOSS_KNOWN: N_(
        "Not enough data: no attachment loss between teeth is known. Depth and margin are needed."
    ),
    Fact.CASE_NOT_MET: N_(
        "The definition of a case is not met: no attachment loss between two teeth apart."
    ),
    Fact.LOST_UNKNOWN: N_(
        "How many teeth were lost to periodontitis is not recorded: five or more are stage IV."
    ),
    Fact.GRADE_ASSUMED: N_(
        "Grade B is assumed: neither an exam five years old nor bone loss and age are known."
    ),
    Fact.SMOKING_UNKNOWN: N_("Smoking is not recorded."),
    Fact.DIABETES_UNKNOWN: N_("Diabetes is not recorded."),
    Fact.IMPLANTS_OUT: N_("Implants are left out of stage and extent."),
}

_FIGURED: Final = {
    Fact.CASE_INTERDENTAL: N_("Attachment loss between teeth at {count} teeth."),
    Fact.CASE_FACES: N_(
        "Attachment loss of 3 mm or more with pockets over 3 mm at {count} teeth: {where}."
    ),
    Fact.WORST_LOSS: N_("Worst attachment loss between teeth {count} mm: {where}."),
    Fact.BONE_LOSS: N_("Worst bone loss {count} % of the root."),
    Fact.DEPTH: N_("Deepest pocket with attachment loss {count} mm: {where}."),
    Fact.FURCATION: N_("Furcation class {roman}: {where}."),
    Fact.MOBILITY: N_("Mobility grade {count}: {where}."),
    Fact.FEW_TEETH: N_("{count} teeth of one's own are left, fewer than 20."),
    Fact.EXTENT: N_(
        "Extent: {share} teeth have the loss of this severity ({percent} %): {teeth}."
        " Proposed: {extent}."
    ),
    Fact.GRADE_DIRECT: N_("Most attachment lost between teeth since {day}: {count} mm."),
    Fact.GRADE_INDIRECT: N_("Bone loss over age: {ratio}."),
    Fact.SMOKING: N_("Smoking: {said}."),
    Fact.DIABETES: N_("Diabetes: {said}."),
}


def stage_words(stage: str, grade: str = "", extent: str = "") -> str:
    """Return ``Stage III, grade B, generalized``; 0 is "no periodontitis"."""
    if stage == "0":
        return _("No periodontitis by the definition of a case")
    parts = [_("Stage {stage}").format(stage=ROMAN[int(stage)])]
    if grade:
        parts.append(_("grade {grade}").format(grade=grade))
    if extent:
        parts.append(_(EXTENTS[extent]))
    return ", ".join(parts)


def proposal_words(proposal: Proposal) -> str:
    """Return what is proposed in one line."""
    if proposal.stage is None:
        return _("Not enough data for a stage")
    return stage_words(str(proposal.stage), proposal.grade, proposal.extent)


def _where(cells: Sequence[Cell], notation: str) -> str:
    named = ", ".join(place_words(cell, notation) for cell in cells[:_MOST_NAMED])
    rest = len(cells) - _MOST_NAMED
    if rest > 0:
        more = ngettext("and {count} more", "and {count} more", rest).format(count=rest)
        named = f"{named} {more}"
    return named


def evidence_words(one: Evidence, notation: str = Notation.FDI) -> str:
    """Return a fact as a sentence with its figure and the sites it was read from."""
    if one.fact in _SENTENCES:
        return _(_SENTENCES[one.fact])
    if one.fact is Fact.CONFIRMED:
        return _("{sign}: stage {stage} (said by the clinician).").format(
            sign=_(SIGNS[Complexity(one.detail)]), stage=ROMAN[int(one.to)]
        )
    if one.fact is Fact.TO_CONSIDER:
        sentence = _("To be confirmed: {what} Stage IV if treatment needs complex rehabilitation.")
        return sentence.format(what=_measured(Fact(one.detail), one, notation))
    return _measured(one.fact, one, notation) + _leads_to(one)


def _leads_to(one: Evidence) -> str:
    if not one.to or one.fact in (Fact.EXTENT, Fact.CASE_FACES, Fact.CASE_INTERDENTAL):
        return ""
    if one.to.isdigit():
        return " " + _("Stage {stage}.").format(stage=ROMAN[int(one.to)])
    return " " + _("Grade {grade}.").format(grade=one.to)


def _measured(fact: Fact, one: Evidence, notation: str) -> str:
    figure = one.figure or 0
    whole = int(figure)
    if fact is Fact.SITES_MISSING:
        return missing_words(whole)
    if fact is Fact.LOST_TEETH:
        sentence = ngettext(
            "{count} tooth lost to periodontitis.", "{count} teeth lost to periodontitis.", whole
        )
        return sentence.format(count=whole)
    return _(_FIGURED[fact]).format(
        count=whole,
        roman=ROMAN.get(whole, ""),
        ratio=f"{figure:.2f}",
        percent=round(figure),
        where=_where(one.cells, notation),
        teeth=", ".join(written(cell.tooth, notation) for cell in one.cells),
        share=one.detail,
        day=one.detail,
        extent=_(EXTENTS.get(one.to, "")) if one.to in EXTENTS else "",
        said=_(_SAID[one.detail]) if one.detail in _SAID else "",
    )


def missing_words(count: int) -> str:
    """Return how many sites may still change what is proposed."""
    sentence = ngettext(
        "{count} site is without attachment loss known, so this may change.",
        "{count} sites are without attachment loss known, so this may change.",
        count,
    )
    return sentence.format(count=count)
