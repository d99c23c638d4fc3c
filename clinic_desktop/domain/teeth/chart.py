"""What a chart says at one date: the marks and the state of every tooth shown."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from clinic_desktop.domain.teeth.dentition import (
    arch_key,
    eruption,
    expected_teeth,
    milk_teeth,
    permanent_teeth,
)
from clinic_desktop.domain.teeth.numbering import Species, tooth

# A child's chart leaves room for the next molars three years before they come.
_SOON_MONTHS: Final = 36
# Dogs and cats have their milk teeth until about their fourth month.
_ANIMAL_MILK_MONTHS: Final = 4


class MarkStatus(StrEnum):
    """Whether a mark is found, wanted, under way or there, and whose work it is."""

    CONDITION = "condition"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    EXISTING = "existing"
    ELSEWHERE = "elsewhere"
    REFERRED = "referred"


# What is typed before the tooth, shown in the legend and underlined in the status switch.
STATUS_LETTERS: Final = {
    "p": MarkStatus.PLANNED,
    "d": MarkStatus.DONE,
    "e": MarkStatus.EXISTING,
    "w": MarkStatus.ELSEWHERE,
    "r": MarkStatus.REFERRED,
    "c": MarkStatus.CONDITION,
    "i": MarkStatus.IN_PROGRESS,
}


class ToothState(StrEnum):
    """Whether and how a tooth is there; not examined is never drawn as sound."""

    PRESENT = "present"
    MISSING = "missing"
    UNERUPTED = "unerupted"
    PARTLY_ERUPTED = "partly_erupted"
    IMPACTED = "impacted"
    ROOT = "root"
    IMPLANT = "implant"
    NOT_EXAMINED = "not_examined"


# The vocabulary codes that set the state of a tooth, instead of marking one that is there.
STATE_CODES: Final = {
    "MISSING": ToothState.MISSING,
    "UNERUPT": ToothState.UNERUPTED,
    "PARTERUPT": ToothState.PARTLY_ERUPTED,
    "IMPACT": ToothState.IMPACTED,
    "RETROOT": ToothState.ROOT,
    "IMPLANT": ToothState.IMPLANT,
}


@dataclass(frozen=True, slots=True)
class ChartMark:
    """One finding or treatment: on a tooth and its surfaces, or on the mouth (no tooth).

    ``code`` is what was recorded, of the vocabulary or the price list; ``paint`` the vocabulary
    code that says how it is drawn, empty for what is not drawn; ``label`` its name for people;
    ``detail`` the words that say more: material, roots, direction, grade.
    """

    tooth: int | None
    surfaces: str
    code: str
    status: MarkStatus
    paint: str
    label: str
    id: UUID | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToothView:
    """One tooth as it is shown; ``changed`` frames it where two dates are compared.

    ``detail`` says more of its state: why it is missing, which way it lies.
    """

    tooth: int
    state: ToothState = ToothState.NOT_EXAMINED
    marks: tuple[ChartMark, ...] = ()
    changed: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToothChart:
    """The teeth shown, and marks that belong to the mouth and no tooth."""

    teeth: tuple[ToothView, ...]
    mouth: tuple[ChartMark, ...] = ()

    def view(self, fdi: int) -> ToothView | None:
        """Return what is known of this tooth, or None when the chart does not show it."""
        return next((one for one in self.teeth if one.tooth == fdi), None)

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the teeth shown."""
        return frozenset(one.tooth for one in self.teeth)

    def with_views(self, *views: ToothView) -> "ToothChart":
        """Return the chart with these teeth replaced or added, in the order of the picture."""
        found = {one.tooth: one for one in self.teeth} | {one.tooth: one for one in views}
        ordered = sorted(found.values(), key=lambda one: arch_key(one.tooth))
        return replace(self, teeth=tuple(ordered))

    def count(self, state: ToothState) -> int:
        """Return how many teeth are in this state."""
        return sum(one.state is state for one in self.teeth)


def adult_chart(
    state: ToothState = ToothState.NOT_EXAMINED, species: str = Species.HUMAN
) -> ToothChart:
    """Return the permanent teeth, all in one state: 32 of a person, 42 of a dog, 30 of a cat."""
    return ToothChart(teeth=tuple(ToothView(fdi, state) for fdi in permanent_teeth(species)))


def chart_for_age(
    age_months: int | None,
    state: ToothState = ToothState.NOT_EXAMINED,
    species: str = Species.HUMAN,
) -> ToothChart:
    """Return the teeth usual at this age, in one state; of an unknown age those of an adult.

    It is what the chart shows before anyone has looked, so no state is guessed from the age.
    Molars that come years later are left out.
    """
    if species != Species.HUMAN:
        young = age_months is not None and age_months < _ANIMAL_MILK_MONTHS
        shown_teeth = milk_teeth(species) if young else permanent_teeth(species)
        return ToothChart(teeth=tuple(ToothView(fdi, state) for fdi in shown_teeth))
    if age_months is None:
        return adult_chart(state)
    shown = (
        one.tooth
        for one in expected_teeth(age_months)
        if eruption(one.tooth).erupts_from <= age_months + _SOON_MONTHS
    )
    return ToothChart(teeth=tuple(ToothView(fdi, state) for fdi in shown))


def changed_teeth(before: ToothChart, after: ToothChart) -> frozenset[int]:
    """Return the teeth whose state or marks differ between two dates."""
    earlier = {one.tooth: _said_of(one) for one in before.teeth}
    later = {one.tooth: _said_of(one) for one in after.teeth}
    return frozenset(
        fdi for fdi in earlier.keys() | later.keys() if earlier.get(fdi) != later.get(fdi)
    )


def _said_of(view: ToothView) -> tuple[ToothState, str, frozenset[ChartMark]]:
    return (view.state, view.detail, frozenset(view.marks))


def framed(chart: ToothChart, changed: frozenset[int]) -> ToothChart:
    """Return the chart with these teeth framed as changed."""
    return replace(
        chart, teeth=tuple(replace(one, changed=one.tooth in changed) for one in chart.teeth)
    )


def shows_both(chart: ToothChart, fdi: int) -> bool:
    """Return whether a tooth and the milk tooth before it are both in the chart."""
    counterpart = tooth(fdi).counterpart
    return counterpart is not None and counterpart in chart.numbers
