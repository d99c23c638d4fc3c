"""What has to be there before something is done to a tooth; what is missing is asked, not refused.

The rules are those of the craft: a crown needs a tooth or an implant below it, a post a filled
canal, an implant crown its implant, an extraction something to take out.
"""

from collections.abc import Iterable
from typing import Final

from clinic_desktop.domain.teeth.chart import (
    STATE_CODES,
    ChartMark,
    MarkStatus,
    ToothChart,
    ToothState,
    ToothView,
)
from clinic_desktop.domain.teeth.numbering import Notation, written
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.i18n import N_, _

_GONE: Final = frozenset({ToothState.MISSING})
_HIDDEN: Final = frozenset({ToothState.UNERUPTED, ToothState.IMPACTED})
# What stands in the place of a lost tooth, or says that one is lost.
_FOR_A_GAP: Final = frozenset(
    {"BR_PONT", "DENT_F", "DENT_P", "IMPLANT", "SPACE", "ORTHO", "SPLINT", "SUPER", "DIASTEMA"}
)
_ROOT_WORK: Final = frozenset({"RCT", "POST", "APICO", "PULPOTOMY"})
_ON_CROWN: Final = frozenset({"surface", "surface_or_tooth"})
_MISSING: Final = N_("{tooth} is missing.")
_MISSING_ALREADY: Final = N_("{tooth} is missing already.")
_NOT_THROUGH: Final = N_("{tooth} has not come through.")
_IS_IMPLANT: Final = N_("{tooth} is an implant: it has no pulp and no surfaces of its own.")
_STILL_THERE: Final = N_("{tooth} is still there: an implant or pontic stands in a gap.")
_NO_IMPLANT: Final = N_("{tooth} has no implant yet.")
_NO_ROOT_CANAL: Final = N_("{tooth} has no filled root canal for a post.")
_NO_CANAL_BEFORE: Final = N_("{tooth} has no filled root canal: its tip is cut after that.")
_ROOT_ONLY: Final = N_("{tooth} is only a root.")


def questions(
    chart: ToothChart,
    marks: Iterable[ChartMark],
    notation: str = Notation.FDI,
    *,
    beside: Iterable[ChartMark] = (),
) -> tuple[str, ...]:
    """Return a sentence for each thing that does not fit the teeth as they are; none is fine.

    ``beside`` is what comes with it: a post and the root canal below it in one visit.
    """
    marks = tuple(marks)
    coming = (*marks, *beside)
    found: dict[str, None] = {}
    for mark in marks:
        if mark.tooth is None:
            continue
        view = chart.view(mark.tooth)
        sentence = _question(view, mark, coming) if view is not None else None
        if sentence is not None:
            found[_(sentence).format(tooth=written(mark.tooth, notation))] = None
    return tuple(found)


def _question(view: ToothView, mark: ChartMark, coming: tuple[ChartMark, ...]) -> str | None:
    if mark.status in {MarkStatus.EXISTING, MarkStatus.ELSEWHERE, MarkStatus.REFERRED}:
        # What is seen in the mouth may say more than the chart knew; it corrects the state.
        return _of_finding(view, mark)
    if mark.status is MarkStatus.CONDITION:
        return _of_finding(view, mark)
    return _of_work(view, mark, coming)


def _of_finding(view: ToothView, mark: ChartMark) -> str | None:
    if view.state in _GONE and mark.paint not in STATE_CODES and mark.paint not in _FOR_A_GAP:
        return _MISSING
    return None


def _of_work(view: ToothView, mark: ChartMark, coming: tuple[ChartMark, ...]) -> str | None:
    paint = mark.paint
    scope = terms()[paint].scope if paint in terms() else ""
    has = {one.paint for one in (*view.marks, *_others(coming, mark)) if _is_there(one)}
    if paint in {"IMPLANT", "BR_PONT"}:
        there = view.state in {ToothState.PRESENT, ToothState.PARTLY_ERUPTED}
        return _STILL_THERE if there and "MISSING" not in has else None
    if paint == "ABUT_IMP":
        return None if view.state is ToothState.IMPLANT or "IMPLANT" in has else _NO_IMPLANT
    if view.state in _GONE and paint not in _FOR_A_GAP:
        return _MISSING_ALREADY if paint == "MISSING" else _MISSING
    if view.state in _HIDDEN and (scope in _ON_CROWN or paint == "CROWN"):
        return _NOT_THROUGH
    if view.state is ToothState.IMPLANT and (paint in _ROOT_WORK or scope in _ON_CROWN):
        return _IS_IMPLANT
    if view.state is ToothState.ROOT and scope in _ON_CROWN:
        return _ROOT_ONLY
    if paint == "POST" and "RCT" not in has:
        return _NO_ROOT_CANAL
    if paint == "APICO" and "RCT" not in has:
        return _NO_CANAL_BEFORE
    return None


def _others(coming: tuple[ChartMark, ...], mark: ChartMark) -> tuple[ChartMark, ...]:
    """Return what is charted or completed together with a mark on the same tooth."""
    return tuple(one for one in coming if one is not mark and one.tooth == mark.tooth)


def _is_there(mark: ChartMark) -> bool:
    return mark.status in {
        MarkStatus.DONE,
        MarkStatus.EXISTING,
        MarkStatus.ELSEWHERE,
        MarkStatus.IN_PROGRESS,
    }
