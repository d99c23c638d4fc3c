"""A periodontal exam on one page: graph in millimetres, every figure, indices with their n."""

from collections.abc import Callable, Sequence
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
    Box,
    Rule,
    Sheet,
    Text,
    frame,
)
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.documents.perio_graph import CROWN_MM, ROOT_MM, draw_jaw
from clinic_desktop.documents.text import wrap
from clinic_desktop.domain.perio.evidence import evidence_words, proposal_words, stage_words
from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.perio.figures import figure_rows
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.proposal import Proposal
from clinic_desktop.domain.perio.sites import Furca, furcations, on_screen
from clinic_desktop.domain.perio.words import ROMAN, signed
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.i18n import _, ngettext

COLUMNS: Final = 16
GUTTER: Final = 19 * MM
_A4_HEIGHT: Final = 297 * MM
_ROW: Final = 2.95 * MM
# A little narrower than the widest tooth asks for, so that all of it stands on one page.
_WIDEST: Final = 12.5
_FIGURE: Final = Style(size=6.2, figures="table")
_STRONG: Final = Style(size=6.2, weight="semibold", figures="table")
_QUIET: Final = Style(size=6.2, color="ink_2", figures="table")
_LABEL: Final = Style(size=6.2, color="ink_2")
_NUMBER: Final = Style(size=7.5, weight="semibold", figures="table")
_NOTE: Final = Style(size=6.8, color="ink_2")
_TABLE: Final = Style(size=7.5)
_TABLE_FIGURES: Final = Style(size=7.5, figures="table")
_TABLE_HEAD: Final = Style(size=7, weight="semibold")
_FRAMED: Final = 4
_AIR: Final = 1.5 * MM

_Texts = Sequence[tuple[str, Style, bool]]
_Write = Callable[[ToothReading], _Texts]


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
        self._column = (inside.measure - GUTTER) / COLUMNS
        # Four rows of teeth share what a shorter page has less.
        short = max(0.0, _A4_HEIGHT - inside.height) / (4 * (ROOT_MM + CROWN_MM))
        self._scale = self._column / _WIDEST - short

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

    def _x(self, fdi: int) -> float:
        return self._sheet.frame.left + GUTTER + (tooth(fdi).column - 1) * self._column

    def _teeth(self, *, upper: bool) -> list[ToothReading]:
        return [one for one in self._paper.exam.teeth.values() if tooth(one.tooth).upper is upper]

    def _jaw(self, *, upper: bool) -> None:
        """Draw both faces of a jaw with the numbers between them, crown to crown."""
        teeth = self._teeth(upper=upper)
        faces = (True, False) if upper else (False, True)
        for place, facial in enumerate(faces):
            rows = self._rows(upper=upper, facial=facial)
            if place == 0:
                for label, write in rows:
                    self._row(label, teeth, write)
                self._strip(teeth, upper=upper, facial=facial, root_up=True)
                self._numbers(teeth)
            else:
                self._strip(teeth, upper=upper, facial=facial, root_up=False)
                for label, write in reversed(rows):
                    self._row(label, teeth, write)
        self._sheet.y += _AIR

    def _strip(
        self, teeth: Sequence[ToothReading], *, upper: bool, facial: bool, root_up: bool
    ) -> None:
        sheet = self._sheet
        end = draw_jaw(
            sheet, teeth, x=self._x, column=self._column, scale=self._scale, facial=facial,
            root_up=root_up, left=sheet.frame.left + GUTTER,
        )  # fmt: skip
        side = _("buccal") if facial else _("palatal") if upper else _("lingual")
        sheet.put(side, _LABEL, x=sheet.frame.left, y=(sheet.y + end) / 2 - 3)
        sheet.y = end

    def _rows(self, *, upper: bool, facial: bool) -> list[tuple[str, _Write]]:
        rows: list[tuple[str, _Write]] = []
        if facial:
            rows += [(_("Mobility"), self._mobility), (_("Furcation"), self._furcation)]
        if any(mm is not None for one in self._teeth(upper=upper) for mm in one.mgj):
            rows.append((_("MGJ"), lambda one: self._six(one, "mgj", facial=facial)))
        rows += [
            (_("Attachment"), lambda one: self._losses(one, facial=facial)),
            (_("Marks"), lambda one: self._marks(one, facial=facial)),
            (_("Margin"), lambda one: self._margins(one, facial=facial)),
            (_("Depth"), lambda one: self._depths(one, facial=facial)),
        ]
        return rows

    def _row(self, label: str, teeth: Sequence[ToothReading], write: _Write) -> None:
        sheet = self._sheet
        sheet.put(label, _LABEL, x=sheet.frame.left, y=sheet.y - 0.6)
        for one in teeth:
            if not one.probed:
                continue
            texts = write(one)
            width = self._column / max(1, len(texts))
            for place, (text, style, framed) in enumerate(texts):
                middle = self._x(one.tooth) + (place + 0.5) * width
                self._centred(text, style, middle)
                if framed:
                    sheet.add(
                        Box(middle - 1.35 * MM, sheet.y + 0.2, 2.7 * MM, _ROW - 0.9, 0.6, "rule")
                    )
        sheet.y += _ROW

    def _centred(self, text: str, style: Style, middle: float, height: float = _ROW) -> None:
        if text:
            drawn = line(text, style)
            baseline = self._sheet.y + (height + style.size * 0.72) / 2
            self._sheet.add(Text(middle - drawn.width / 2, baseline, drawn))

    def _depths(self, one: ToothReading, *, facial: bool) -> _Texts:
        found = []
        for site in on_screen(one.tooth, facial=facial):
            depth = one.depth[site]
            deep = depth is not None and depth >= _FRAMED
            text = "·" if depth is None else str(depth)
            found.append(
                (text, _STRONG if deep else _FIGURE, depth is not None and depth > _FRAMED)
            )
        return found

    def _margins(self, one: ToothReading, *, facial: bool) -> _Texts:
        values = [one.margin[site] for site in on_screen(one.tooth, facial=facial)]
        return [("·" if mm is None else signed(mm), _QUIET, False) for mm in values]

    def _losses(self, one: ToothReading, *, facial: bool) -> _Texts:
        values = [one.loss(site) for site in on_screen(one.tooth, facial=facial)]
        return [("·" if mm is None else str(mm), _FIGURE, False) for mm in values]

    def _six(self, one: ToothReading, measure: str, *, facial: bool) -> _Texts:
        values = [getattr(one, measure)[site] for site in on_screen(one.tooth, facial=facial)]
        return [("" if mm is None else str(mm), _QUIET, False) for mm in values]

    def _marks(self, one: ToothReading, *, facial: bool) -> _Texts:
        # Translators: one letter each: bleeding, suppuration (pus), plaque, calculus.
        letters = (_("B"), _("S"), _("P"), _("C"))
        found = []
        for site in on_screen(one.tooth, facial=facial):
            marks = (one.bleeding[site], one.suppuration[site], one.plaque[site],
                     one.calculus[site])  # fmt: skip
            text = "".join(letter for letter, mark in zip(letters, marks, strict=True) if mark)
            found.append((text, Style(size=5.2, weight="semibold"), False))
        return found

    def _furcation(self, one: ToothReading) -> _Texts:
        there = furcations(one.tooth)
        across = (Furca.D, Furca.B, Furca.L, Furca.M)
        order = across if tooth(one.tooth).right else tuple(reversed(across))
        grades = [one.furcation[place] for place in order if place in there]
        return [("·" if grade is None else ROMAN[grade], _QUIET, False) for grade in grades]

    def _mobility(self, one: ToothReading) -> _Texts:
        return [("·" if one.mobility is None else str(one.mobility), _QUIET, False)]

    def _numbers(self, teeth: Sequence[ToothReading]) -> None:
        sheet = self._sheet
        for one in teeth:
            middle = self._x(one.tooth) + self._column / 2
            number = written(one.tooth, self._paper.notation)
            style = _NUMBER if one.probed else Style(size=7.5, color="line", figures="table")
            self._centred(number, style, middle, 3.6 * MM)
            if not one.probed:
                y = sheet.y + 1.8 * MM
                sheet.add(Rule(middle - 2 * MM, y, middle + 2 * MM, y, 0.5, "line"))
        sheet.y += 3.6 * MM

    def _scale_note(self) -> None:
        sheet = self._sheet
        ratio = self._scale / MM
        note = _(
            "Graph to scale, {ratio} : 1; a line for each millimetre from the cemento-enamel"
            " junction, every fifth stronger. Thick line: margin. Thin line: base of the pocket;"
            " square: 5 mm or more; dashed: margin not measured, drawn from the junction."
            " A dot in the figures: not measured. Margin: + recession, − coronal to the junction."
            " Marks: B bleeding, S suppuration, P plaque, C calculus."
        ).format(ratio=f"{ratio:.2f}")
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
        sheet.y = sheet.put(text, STRONG)


def _nothing() -> None:
    """Write nothing on the top of a second page."""
