"""A chart in words, for screen readers, tooltips and the line above the miniature."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from clinic_desktop.domain.chart_details import detail_words
from clinic_desktop.domain.teeth.chart import (
    STATE_CODES,
    ChartMark,
    MarkStatus,
    ToothChart,
    ToothState,
    ToothView,
)
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.domain.teeth.surfaces import NAMES
from clinic_desktop.i18n import N_, _, ngettext

STATUS_WORDS: Final = {
    MarkStatus.CONDITION: N_("Condition"),
    MarkStatus.PLANNED: N_("Planned"),
    MarkStatus.IN_PROGRESS: N_("In progress"),
    MarkStatus.DONE: N_("Done"),
    MarkStatus.EXISTING: N_("Existing here"),
    MarkStatus.ELSEWHERE: N_("Existing elsewhere"),
    MarkStatus.REFERRED: N_("Referred"),
}
STATE_WORDS: Final = {
    ToothState.PRESENT: N_("present"),
    ToothState.MISSING: N_("missing"),
    ToothState.UNERUPTED: N_("unerupted"),
    ToothState.PARTLY_ERUPTED: N_("partly erupted"),
    ToothState.IMPACTED: N_("impacted"),
    ToothState.ROOT: N_("root left"),
    ToothState.IMPLANT: N_("implant"),
    ToothState.NOT_EXAMINED: N_("not examined"),
}


def surface_words(codes: str) -> str:
    """Return the surfaces as words: ``mesial, occlusal, distal``."""
    return ", ".join(_(NAMES[code]) for code in codes)


def tooth_words(fdi: int, notation: str = Notation.FDI) -> str:
    """Return number and name: ``36, lower left first molar``."""
    return _("{number}, {name}").format(number=written(fdi, notation), name=tooth(fdi).name)


def mark_words(mark: ChartMark) -> str:
    """Return one mark: ``Done: composite filling, mesial, occlusal``, then its details."""
    status = _(STATUS_WORDS[mark.status])
    said = [surface_words(mark.surfaces), detail_words(mark.paint, mark.detail)]
    more = ", ".join(part for part in said if part)
    if not more:
        return _("{status}: {name}").format(status=status, name=mark.label)
    return _("{status}: {name}, {surfaces}").format(status=status, name=mark.label, surfaces=more)


def state_words(view: ToothView) -> str:
    """Return the state of a tooth: ``missing, extracted``."""
    state = _(STATE_WORDS[view.state])
    code = next((code for code, one in STATE_CODES.items() if one is view.state), "")
    more = detail_words(code, view.detail)
    return f"{state}, {more}" if more else state


def describe(view: ToothView, notation: str = Notation.FDI) -> str:
    """Return a tooth as it is read out: number, name, state, then every mark."""
    parts = [tooth_words(view.tooth, notation), state_words(view)]
    parts += [mark_words(mark) for mark in view.marks]
    if view.changed:
        parts.append(_("changed between the two dates"))
    return ". ".join(parts)


def describe_surface(view: ToothView, code: str, notation: str = Notation.FDI) -> str:
    """Return one surface as it is read out: its name, tooth and what is on it."""
    name = _("{surface} of {tooth}").format(
        surface=_(NAMES[code]), tooth=written(view.tooth, notation)
    )
    marks = [mark_words(mark) for mark in view.marks if code in mark.surfaces]
    if marks:
        return ". ".join([name, *marks])
    if view.state is ToothState.NOT_EXAMINED:
        return ". ".join([name, _(STATE_WORDS[ToothState.NOT_EXAMINED])])
    return name


def count_words(chart: ToothChart) -> str:
    """Return how many teeth are in which state: ``27 present, 1 implant, 3 missing``."""
    return ", ".join(_counts(chart))


def _counts(chart: ToothChart) -> Iterable[str]:
    counts = Counter(view.state for view in chart.teeth)
    forms = (
        (
            ToothState.PRESENT,
            ngettext("{n} present", "{n} present", counts[ToothState.PRESENT]),
        ),
        (
            ToothState.IMPLANT,
            ngettext("{n} implant", "{n} implants", counts[ToothState.IMPLANT]),
        ),
        (
            ToothState.ROOT,
            ngettext("{n} root left", "{n} roots left", counts[ToothState.ROOT]),
        ),
        (
            ToothState.MISSING,
            ngettext("{n} missing", "{n} missing", counts[ToothState.MISSING]),
        ),
        (
            ToothState.PARTLY_ERUPTED,
            ngettext(
                "{n} partly erupted",
                "{n} partly erupted",
                counts[ToothState.PARTLY_ERUPTED],
            ),
        ),
        (
            ToothState.UNERUPTED,
            ngettext("{n} unerupted", "{n} unerupted", counts[ToothState.UNERUPTED]),
        ),
        (
            ToothState.IMPACTED,
            ngettext("{n} impacted", "{n} impacted", counts[ToothState.IMPACTED]),
        ),
        (
            ToothState.NOT_EXAMINED,
            ngettext("{n} not examined", "{n} not examined", counts[ToothState.NOT_EXAMINED]),
        ),
    )
    for state, form in forms:
        count = counts[state]
        if count:
            yield form.format(n=count)
