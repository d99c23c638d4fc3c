"""A periodontal exam on one page: graph in millimetres, every figure, indices with their n."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import RECORD, draw_facts, draw_head, joined, legal_line
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
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
from clinic_desktop.documents.perio_graph import CROWN_MM, ROOT_MM, draw_jaw
from clinic_desktop.documents.perio_rows import LABEL, ToothRows, side_words
from clinic_desktop.documents.text import wrap
from clinic_desktop.domain.perio.columns import columns_of
from clinic_desktop.domain.perio.evidence import evidence_words, proposal_words, stage_words
from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.perio.figures import figure_rows
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.margins import LEGENDS, MarginSign
from clinic_desktop.domain.perio.proposal import Proposal
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.i18n import _, ngettext

_A4_HEIGHT: Final = 297 * MM
# A little narrower than the widest tooth asks for, so that all of it stands on one page.
_WIDEST: Final = 12.5
_NOTE: Final = Style(size=6.8, color="ink_2")
_TABLE: Final = Style(size=7.5)
_TABLE_FIGURES: Final = Style(size=7.5, figures="table")
_TABLE_HEAD: Final = Style(size=7, weight="semibold")
_AIR: Final = 1.5 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An earlier exam whose indices stand beside."""

    on: date
    exam: Exam


@dataclass(frozen=True, slots=True, kw_only=True)
class PerioPaper:
    """What stands on the paper of an exam; ``signer`` is empty for a draft."""

    head: ClinicHead
    patient_name: str
    patient_number: str
    patient_born: date | None
    on: date
    person: str
    exam: Exam
    proposal: Proposal
    decided: tuple[str, str, str] = ("", "", "")
    reason: str = ""
    remark: str = ""
    signer: str = ""
    signed_at: datetime | None = None
    made_at: datetime
    before: Beside | None = None
    notation: str = Notation.FDI
    margin_sign: MarginSign = MarginSign.PLUS
    brought_from: str = ""


def render_perio(paper: PerioPaper) -> bytes:
    """Return the PDF of an exam, in the language in force.

    Raises SetupError where the fonts are missing.
    """
    with MAKING:
        return _Paper(paper).pdf()


class _Paper:
    """One exam being drawn."""

    def __init__(self, paper: PerioPaper) -> None:
        self._paper = paper
        self._formats = Formats(paper.head)
        self._sheet = Sheet(frame(paper.head.paper), foot=legal_line(paper.head), on_turn=_nothing)
        inside = self._sheet.frame
        self._rows = ToothRows(
            self._sheet, columns_of(paper.exam.teeth), paper.notation, paper.margin_sign
        )
        # Four rows of teeth share what a shorter page has less.
        short = max(0.0, _A4_HEIGHT - inside.height) / (4 * (ROOT_MM + CROWN_MM))
        self._scale = self._rows.column / _WIDEST - short

    def pdf(self) -> bytes:
        """Draw everything and return the file."""
        paper, sheet = self._paper, self._sheet
        self._head()
        for upper in (True, False):
            self._jaw(upper=upper)
        self._scale_note()
        self._figures()
        self._decision()
        self._signature()
        sheet.finish()
        return pdf.make(
            sheet.pages,
            (sheet.frame.width, sheet.frame.height),
            title=f"{_('Periodontal exam')} {paper.patient_number}",
            author=paper.head.name,
            made=paper.made_at,
        )

    def _head(self) -> None:
        paper, sheet = self._paper, self._sheet
        inside = sheet.frame
        title = line(_("Periodontal exam"), TITLE)
        number = line(paper.patient_number, RECORD)
        end = draw_head(sheet, paper.head, to=inside.right - title.width - 6 * MM)
        right = sheet.write([title, number], y=inside.top, right=inside.right)
        sheet.y = max(end, right) + 1.5 * MM
        sheet.rule(width=1, color="rule")
        born = self._formats.short_date(paper.patient_born) if paper.patient_born else ""
        facts = [
            (_("Patient"), joined([paper.patient_name, born]), STRONG),
            (
                _("Exam of"),
                joined([self._formats.long_date(paper.on), paper.person]),
                BODY,
            ),
        ]
        sheet.y = draw_facts(
            sheet, facts, x=inside.left, y=sheet.y + 1.5 * MM, to=inside.right, least=24 * MM
        )
        sheet.y += _AIR

    # -- teeth ----------------------------------------------------------------------------------

    def _jaw(self, *, upper: bool) -> None:
        """Draw both faces of a jaw with the numbers between them, crown to crown."""
        rows = self._rows
        teeth = rows.teeth(self._paper.exam, upper=upper)
        for place, facial in enumerate((True, False) if upper else (False, True)):
            written_rows = rows.of_face(teeth, facial=facial)
            if place == 0:
                for label, write in written_rows:
                    rows.row(label, teeth, write)
                self._strip(teeth, upper=upper, facial=facial, root_up=True)
                rows.numbers(teeth)
            else:
                self._strip(teeth, upper=upper, facial=facial, root_up=False)
                for label, write in reversed(written_rows):
                    rows.row(label, teeth, write)
        self._sheet.y += _AIR

    def _strip(
        self, teeth: Sequence[ToothReading], *, upper: bool, facial: bool, root_up: bool
    ) -> None:
        sheet, rows = self._sheet, self._rows
        end = draw_jaw(
            sheet, teeth, x=rows.x, column=rows.column, scale=self._scale, facial=facial,
            root_up=root_up, left=rows.left, right=rows.right,
        )  # fmt: skip
        sheet.put(side_words(upper=upper, facial=facial), LABEL, x=sheet.frame.left,
                  y=(sheet.y + end) / 2 - 3)  # fmt: skip
        sheet.y = end

    def _scale_note(self) -> None:
        sheet, paper = self._sheet, self._paper
        ratio = self._scale / MM
        note = _(
            "Graph to scale, {ratio} : 1; a line for each millimetre from the cemento-enamel"
            " junction, every fifth stronger. Thick line: margin. Thin line: base of the pocket;"
            " square: 5 mm or more; dashed: margin not measured, drawn from the junction."
            " A dot in the figures: not measured. {margin}."
            " Marks: B bleeding, S suppuration, P plaque, C calculus."
        ).format(ratio=f"{ratio:.2f}", margin=_(LEGENDS[paper.margin_sign]))
        sheet.y = sheet.write(wrap(note, _NOTE, sheet.frame.measure), y=sheet.y) + _AIR

    # -- figures and decision -------------------------------------------------------------------

    def _figures(self) -> None:
        """Write the indices in two blocks side by side, each with its n."""
        paper, sheet = self._paper, self._sheet
        found = [indices(paper.exam)]
        days = [_("This exam")]
        if paper.before is not None:
            found.append(indices(paper.before.exam))
            days.append(self._formats.short_date(paper.before.on))
        rows = figure_rows(found)
        half = (len(rows) + 1) // 2
        top, ends = sheet.y, []
        width = (sheet.frame.measure - 6 * MM) / 2
        for place, block in enumerate((rows[:half], rows[half:])):
            sheet.y = top
            self._block(block, days, sheet.frame.left + place * (width + 6 * MM), width)
            ends.append(sheet.y)
        sheet.y = max(ends) + _AIR

    def _block(
        self, rows: Sequence[tuple[str, tuple[str, ...]]], days: Sequence[str], x: float,
        width: float,
    ) -> None:  # fmt: skip
        sheet = self._sheet
        rights = [x + width] if len(days) == 1 else [x + width * 0.74, x + width]
        y = sheet.y
        for text, right in zip(days, rights, strict=True):
            sheet.put(text, _TABLE_HEAD, y=y, right=right)
        y += _TABLE_HEAD.leading
        sheet.rule(y=y, x=x, to=x + width, width=0.8, color="rule")
        for name, values in rows:
            sheet.put(name, _TABLE, x=x, y=y + 1)
            for text, right in zip(values, rights, strict=True):
                sheet.put(text, _TABLE_FIGURES, y=y + 1, right=right)
            y += _TABLE.leading + 1.4
            sheet.rule(y=y, x=x, to=x + width)
        sheet.y = y

    def _decision(self) -> None:
        paper, sheet = self._paper, self._sheet
        stage, grade, extent = paper.decided
        lines = []
        if stage:
            lines.append(_("Decided: {what}.").format(what=stage_words(stage, grade, extent)))
            if paper.reason:
                lines.append(_("Reason: {reason}").format(reason=paper.reason))
        else:
            lines.append(_("Stage and grade: not decided."))
        proposed = _("Proposed by the figures: {what}.").format(what=proposal_words(paper.proposal))
        lines.append(proposed)
        for place, text in enumerate(lines):
            style = Style(size=8.5, weight="semibold") if place == 0 else Style(size=7.5)
            sheet.flow(wrap(text, style, sheet.frame.measure))
        self._evidence()
        if paper.remark:
            sheet.flow(wrap(paper.remark, SMALL, sheet.frame.measure))

    def _evidence(self) -> None:
        """Write as many facts as the page has room for, and how many more there are."""
        sheet, evidence = self._sheet, self._paper.proposal.evidence
        room = sheet.room - STRONG.leading - 2 * _AIR
        most = max(1, int(room / _NOTE.leading))
        for count in range(len(evidence), 0, -1):
            told = [evidence_words(one, self._paper.notation) for one in evidence[:count]]
            rest = len(evidence) - count
            if rest:
                more = ngettext("{count} more fact.", "{count} more facts.", rest)
                told.append(more.format(count=rest))
            lines = wrap(" ".join(told), _NOTE, sheet.frame.measure)
            if len(lines) <= most or count == 1:
                sheet.flow(lines)
                return

    def _signature(self) -> None:
        paper, sheet = self._paper, self._sheet
        sheet.y += _AIR
        sheet.need(SMALL.leading)
        text = _("Draft, not signed.")
        if paper.signer and paper.signed_at is not None:
            text = _("Signed by {name}, {moment}.").format(
                name=paper.signer, moment=self._formats.date_and_time(paper.signed_at)
            )
        if paper.brought_from:
            text += " " + _("From the record of {clinic}.").format(clinic=paper.brought_from)
        sheet.flow(wrap(text, STRONG, sheet.frame.measure))


def _nothing() -> None:
    """Write nothing on the top of a second page."""
