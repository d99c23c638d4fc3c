"""Cells and exams in words, for screen readers, sentences and papers."""

from typing import Final

from clinic_desktop.domain.perio.exam import Cell, Exam, Standing, Value
from clinic_desktop.domain.perio.rules import FLAGS, Measure
from clinic_desktop.domain.perio.sites import Furca, Site, is_flag
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.i18n import N_, _, ngettext

_SITES: Final = {
    Site.MB: N_("mesio-buccal"),
    Site.B: N_("mid-buccal"),
    Site.DB: N_("disto-buccal"),
    Site.ML: N_("mesio-lingual"),
    Site.L: N_("mid-lingual"),
    Site.DL: N_("disto-lingual"),
}
_PALATAL: Final = {
    Site.ML: N_("mesio-palatal"),
    Site.L: N_("mid-palatal"),
    Site.DL: N_("disto-palatal"),
}
_FURCAS: Final = {
    Furca.B: N_("buccal furcation"),
    Furca.L: N_("lingual furcation"),
    Furca.M: N_("mesial furcation"),
    Furca.D: N_("distal furcation"),
}
MEASURES: Final = {
    Measure.DEPTH: N_("probing depth"),
    Measure.MARGIN: N_("gingival margin"),
    Measure.MGJ: N_("mucogingival junction"),
    Measure.BLEEDING: N_("bleeding"),
    Measure.SUPPURATION: N_("suppuration"),
    Measure.PLAQUE: N_("plaque"),
    Measure.CALCULUS: N_("calculus"),
    Measure.FURCATION: N_("furcation"),
    Measure.MOBILITY: N_("mobility"),
}
STANDINGS: Final = {
    Standing.THERE: N_("tooth"),
    Standing.IMPLANT: N_("implant"),
    Standing.MISSING: N_("missing"),
}
ROMAN: Final = {0: "0", 1: "I", 2: "II", 3: "III", 4: "IV"}


def site_words(fdi: int, site: int) -> str:
    """Return the site of a tooth in words; the upper jaw has a palate, the lower a tongue."""
    found = Site(site)
    return _(_PALATAL.get(found, _SITES[found]) if tooth(fdi).upper else _SITES[found])


def place_words(cell: Cell, notation: str = Notation.FDI) -> str:
    """Return tooth and place: ``16 mesio-buccal``, ``26 distal furcation``, ``31``."""
    number = written(cell.tooth, notation)
    if cell.measure is Measure.MOBILITY:
        return number
    if cell.measure is Measure.FURCATION:
        return f"{number} {_(_FURCAS[Furca(cell.place)])}"
    return f"{number} {site_words(cell.tooth, cell.place)}"


def cell_words(cell: Cell, notation: str = Notation.FDI) -> str:
    """Return tooth, place and measure: ``16 mesio-buccal probing depth``."""
    if cell.measure is Measure.FURCATION:
        return place_words(cell, notation)
    return f"{place_words(cell, notation)} {_(MEASURES[cell.measure])}"


def value_words(cell: Cell, value: Value) -> str:
    """Return what stands in a cell in words; an empty one says that nobody measured."""
    if is_flag(cell.measure):
        return _("marked") if value else _("not marked")
    if value is None:
        return _("not measured")
    if cell.measure is Measure.MOBILITY:
        return _("grade {grade}").format(grade=value)
    if cell.measure is Measure.FURCATION:
        return _("class {grade}").format(grade=ROMAN[value])
    if cell.measure is Measure.MARGIN and value:
        sentence = (
            ngettext("{mm} mm recession", "{mm} mm recession", value)
            if value > 0
            else ngettext("{mm} mm coronal to the CEJ", "{mm} mm coronal to the CEJ", -value)
        )
        return sentence.format(mm=abs(value))
    return _("{mm} mm").format(mm=value)


def describe(exam: Exam, cell: Cell, notation: str = Notation.FDI) -> str:
    """Return a cell as it is read out: ``16 mesio-buccal probing depth 5 mm, bleeding``."""
    reading = exam.teeth[cell.tooth]
    name = cell_words(cell, notation)
    if reading.standing is Standing.IMPLANT:
        name = _("implant {cell}").format(cell=name)
    if reading.standing is Standing.MISSING:
        return _("{cell}: tooth missing").format(cell=name)
    parts = [f"{name} {value_words(cell, exam.value(cell))}"]
    if cell.measure in (Measure.DEPTH, Measure.MARGIN):
        parts += [_(MEASURES[flag]) for flag in FLAGS if reading.value(flag, cell.place)]
        loss = reading.loss(cell.place)
        if loss is not None:
            parts.append(_("attachment loss {mm} mm").format(mm=loss))
    return ", ".join(parts)
