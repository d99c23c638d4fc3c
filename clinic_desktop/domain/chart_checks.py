"""Whether what a chart entry says goes together: teeth, status and surfaces with what is charted.

Behind ``chart_line``, which is what other modules use.
"""

from clinic_desktop.domain.chart_examples import usual_example
from clinic_desktop.domain.chart_ways import Reader, Reading
from clinic_desktop.domain.chart_words import OWN_WORK, TREATMENTS
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.domain.teeth.dentition import in_arch_order
from clinic_desktop.i18n import _


def check(reader: Reader, reading: Reading) -> None:
    """Note the first thing that does not go together, and take the selected teeth where it may."""
    _check_teeth(reader, reading)
    if reading.problem is None:
        _check_status(reading)
    if reading.problem is None:
        _check_surfaces(reader, reading)


def _check_teeth(reader: Reader, reading: Reading) -> None:
    entry = reading.entry
    if reading.teeth or entry is None or not (entry.needs_tooth or reading.surfaces):
        return
    reading.teeth = in_arch_order(reader.selected)
    if not reading.teeth:
        reading.fail(_("Which tooth? Type it before the rest."), 0, 0, unfinished=True)


def _check_status(reading: Reading) -> None:
    entry = reading.entry
    if entry is None:
        return
    if entry.finding:
        if reading.status_end and reading.status in TREATMENTS:
            sentence = _("{name} is a finding, not a treatment. Leave out the letter before it.")
            reading.fail(sentence.format(name=title(entry.word)), 0, reading.status_end)
        reading.status = MarkStatus.CONDITION
    elif reading.status is MarkStatus.CONDITION:
        sentence = _(
            "{name} is not a condition. Type e before the tooth for existing, d for done, "
            "p for planned."
        )
        reading.fail(sentence.format(name=title(entry.word)), *reading.what_span)
    elif reading.status in OWN_WORK and not entry.priced:
        sentence = _(
            "{name} is not in the price list. Type e before the tooth if it is already there."
        )
        reading.fail(sentence.format(name=title(entry.word)), *reading.what_span)


def _check_surfaces(reader: Reader, reading: Reading) -> None:
    entry = reading.entry
    if entry is None:
        return
    if reading.surfaces and not entry.takes_surfaces:
        sentence = _("{name} has no surfaces. Leave them out.")
        reading.fail(sentence.format(name=title(entry.word)), *reading.surfaces_span)
        return
    reading.surfaces = reading.surfaces or entry.usual_surfaces(reading.teeth)
    if entry.needs_surfaces and not reading.surfaces:
        words = _("On which surfaces? Type them after the tooth, as in {example}.")
        sentence = words.format(example=usual_example(reader.notation))
        reading.fail(sentence, *reading.what_span, unfinished=True)


def title(name: str) -> str:
    """Return the name with a capital, as a tag or a sentence begins."""
    return name[:1].upper() + name[1:]
