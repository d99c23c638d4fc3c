"""The summary of a record: everything the clinic holds about a patient, to be read by a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import RECORD, draw_facts, draw_head, joined, legal_line
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.glyphs import Style, line
from clinic_desktop.documents.page import (
    BODY,
    MM,
    SMALL,
    STRONG,
    TITLE,
    Sheet,
    frame,
)
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.documents.perio_rows import ToothRows, side_words
from clinic_desktop.documents.text import wrap
from clinic_desktop.domain.perio.columns import columns_of
from clinic_desktop.domain.perio.exam import Exam
from clinic_desktop.domain.perio.margins import LEGENDS, MarginSign
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.i18n import _

_WHEN: Final = 34 * MM
_KEEP: Final = 14 * MM
_NOTE: Final = Style(size=6.8, color="ink_2")


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySection:
    """A part of the record: its title, and lines of when beside what; ``none`` says it is empty.

    ``figures`` are exams whose figures stand below the line of the same number.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    none: str
    figures: tuple[Exam, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPaper:
    """What stands on the summary."""

    head: ClinicHead
    name: str
    number: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[SummarySection, ...]
    made_at: datetime
    note: str
    notation: str = Notation.FDI
    margin_sign: MarginSign = MarginSign.PLUS


def render_summary(paper: SummaryPaper) -> bytes:
    """Return the PDF of a summary, in the language in force.

    Raises SetupError where the fonts are missing and InvalidError where the logo cannot be read.
    """
    with MAKING:
        return _drawn(paper)


def _drawn(paper: SummaryPaper) -> bytes:
    inside = frame(paper.head.paper)
    sheet = Sheet(inside, foot=legal_line(paper.head), on_turn=lambda: None)
    number = line(paper.number, RECORD)
    title = line(_("Patient record"), TITLE)
    wide = max(title.width, number.width) + 6 * MM
    end = draw_head(sheet, paper.head, to=inside.right - wide)
    right = sheet.write([title, number], y=inside.top, right=inside.right)
    sheet.y = max(end, right) + 3 * MM
    sheet.rule(width=1, color="rule")
    sheet.y = sheet.write(sheet.fit(paper.name, TITLE, inside.measure, most=3), y=sheet.y + 4 * MM)
    facts = [(name, value, BODY) for name, value in paper.facts]
    sheet.y = draw_facts(
        sheet, facts, x=inside.left, y=sheet.y + 2 * MM, to=inside.right, least=_WHEN
    )
    sheet.flow(wrap(paper.note, SMALL, inside.measure))
    for section in paper.sections:
        _draw_section(sheet, section, paper)
    sheet.finish()
    return pdf.make(
        sheet.pages,
        (sheet.frame.width, sheet.frame.height),
        title=f"{_('Patient record')} {paper.number}",
        author=paper.head.name,
        made=paper.made_at,
    )


def _draw_section(sheet: Sheet, section: SummarySection, paper: SummaryPaper) -> None:
    inside = sheet.frame
    sheet.need(_KEEP)
    sheet.y = sheet.put(section.title, STRONG, y=sheet.y + 5 * MM) + 0.5 * MM
    sheet.rule(color="rule")
    sheet.y += 1.5 * MM
    if not section.lines:
        sheet.flow(wrap(section.none, SMALL, inside.measure))
    for number, (when, what) in enumerate(section.lines):
        lines = [
            each
            for part in what.splitlines() or [""]
            for each in wrap(part, BODY, inside.measure - _WHEN)
        ]
        sheet.need(BODY.leading)
        sheet.write(wrap(when, SMALL, _WHEN - 2 * MM)[:1], x=inside.left, y=sheet.y + 1)
        sheet.flow(lines, x=inside.left + _WHEN)
        sheet.y += 1 * MM
        if number < len(section.figures):
            _draw_figures(sheet, section.figures[number], paper)
    if section.figures:
        sheet.flow(wrap(_figures_note(paper), _NOTE, inside.measure))


def _draw_figures(sheet: Sheet, exam: Exam, paper: SummaryPaper) -> None:
    """Write every figure of an exam, a jaw on one page."""
    rows = ToothRows(sheet, columns_of(exam.teeth), paper.notation, paper.margin_sign)
    for upper in (True, False):
        teeth = rows.teeth(exam, upper=upper)
        outer = rows.of_face(teeth, facial=upper)
        inner = rows.of_face(teeth, facial=not upper)
        sheet.need(rows.height(len(outer) + len(inner)))
        for place, (label, write) in enumerate(outer):
            side = side_words(upper=upper, facial=upper) if place == len(outer) - 1 else ""
            rows.row(joined([label, side]), teeth, write)
        rows.numbers(teeth)
        for place, (label, write) in enumerate(reversed(inner)):
            side = side_words(upper=upper, facial=not upper) if place == 0 else ""
            rows.row(joined([label, side]), teeth, write)
        sheet.y += 2 * MM


def _figures_note(paper: SummaryPaper) -> str:
    return _(
        "Figures in mm. A dot: not measured. {margin}."
        " Marks: B bleeding, S suppuration, P plaque, C calculus."
    ).format(margin=_(LEGENDS[paper.margin_sign]))
