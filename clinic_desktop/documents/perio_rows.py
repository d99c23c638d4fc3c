"""The rows of figures of a periodontal exam on paper: a column for each tooth, six to it."""

from collections.abc import Callable, Sequence
from typing import Final

from clinic_desktop.documents.glyphs import Style, line
from clinic_desktop.documents.page import MM, Box, Rule, Sheet, Text
from clinic_desktop.domain.perio.columns import Columns
from clinic_desktop.domain.perio.exam import Exam, Standing, ToothReading
from clinic_desktop.domain.perio.margins import MINUS, ROW_LABELS, MarginSign, signed
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Furca, on_screen, places
from clinic_desktop.domain.perio.words import ROMAN
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.i18n import _

GUTTER: Final = 19 * MM
_ROW: Final = 2.95 * MM
_NUMBERS: Final = 3.6 * MM
_FIGURE: Final = Style(size=6.2, figures="table")
_STRONG: Final = Style(size=6.2, weight="semibold", figures="table")
_QUIET: Final = Style(size=6.2, color="ink_2", figures="table")
LABEL: Final = Style(size=6.2, color="ink_2")
_NUMBER: Final = Style(size=7.5, weight="semibold", figures="table")
_GONE: Final = Style(size=7.5, color="line", figures="table")
_LETTERS: Final = Style(size=5.2, weight="semibold")
_FRAMED: Final = 4
# What nobody measured, and what there is none of on an implant.
_UNKNOWN, _NONE = "·", "–"

Texts = Sequence[tuple[str, Style, bool]]
Write = Callable[[ToothReading], Texts]


def side_words(*, upper: bool, facial: bool) -> str:
    """Return what a face is called: buccal, palatal or lingual."""
    return _("buccal") if facial else _("palatal") if upper else _("lingual")


class ToothRows:
    """Writes rows where the page stands; ``x`` is where the column of a tooth begins."""

    def __init__(
        self,
        sheet: Sheet,
        arch: Columns,
        notation: str = Notation.FDI,
        sign: MarginSign = MarginSign.PLUS,
    ) -> None:
        self._sheet, self._arch, self._notation, self._sign = sheet, arch, notation, sign
        self.left = sheet.frame.left + GUTTER
        self.right = sheet.frame.right
        self.column = (sheet.frame.measure - GUTTER) / arch.count

    def x(self, fdi: int) -> float:
        """Return the left edge of a tooth's column."""
        return self.left + (self._arch.places[fdi] - 1) * self.column

    def height(self, rows: int) -> float:
        """Return the height of rows with the numbers between them."""
        return rows * _ROW + _NUMBERS

    def teeth(self, exam: Exam, *, upper: bool) -> list[ToothReading]:
        """Return the teeth of a jaw."""
        return [one for one in exam.teeth.values() if tooth(one.tooth).upper is upper]

    def of_face(self, teeth: Sequence[ToothReading], *, facial: bool) -> list[tuple[str, Write]]:
        """Return the rows of a face from the outside to the teeth."""
        rows: list[tuple[str, Write]] = []
        if facial:
            rows += [(_("Mobility"), self._mobility), (_("Furcation"), self._furcation)]
        if any(mm is not None for one in teeth for mm in one.mgj):
            rows.append((_("MGJ"), lambda one: self._junctions(one, facial=facial)))
        return [
            *rows,
            (_("Attachment"), lambda one: self._losses(one, facial=facial)),
            (_("Marks"), lambda one: self._marks(one, facial=facial)),
            (_(ROW_LABELS[self._sign]), lambda one: self._margins(one, facial=facial)),
            (_("Depth"), lambda one: self._depths(one, facial=facial)),
        ]

    def row(self, label: str, teeth: Sequence[ToothReading], write: Write) -> None:
        """Write one row; teeth that are not there have nothing in it."""
        sheet = self._sheet
        sheet.put(label, LABEL, x=sheet.frame.left, y=sheet.y - 0.6)
        for one in teeth:
            if not one.probed:
                continue
            texts = write(one)
            width = self.column / max(1, len(texts))
            for place, (text, style, framed) in enumerate(texts):
                middle = self.x(one.tooth) + (place + 0.5) * width
                self._centred(text, style, middle)
                if framed:
                    side = min(2.7 * MM, width)
                    sheet.add(Box(middle - side / 2, sheet.y + 0.2, side, _ROW - 0.9, 0.6, "rule"))
        sheet.y += _ROW

    def numbers(self, teeth: Sequence[ToothReading]) -> None:
        """Write the number of each tooth, struck out where there is none."""
        sheet = self._sheet
        for one in teeth:
            middle = self.x(one.tooth) + self.column / 2
            number = written(one.tooth, self._notation)
            self._centred(number, _NUMBER if one.probed else _GONE, middle, _NUMBERS)
            if not one.probed:
                y = sheet.y + _NUMBERS / 2
                sheet.add(Rule(middle - 2 * MM, y, middle + 2 * MM, y, 0.5, "line"))
        sheet.y += _NUMBERS

    def _centred(self, text: str, style: Style, middle: float, height: float = _ROW) -> None:
        if text:
            drawn = line(text, style)
            baseline = self._sheet.y + (height + style.size * 0.72) / 2
            self._sheet.add(Text(middle - drawn.width / 2, baseline, drawn))

    def _depths(self, one: ToothReading, *, facial: bool) -> Texts:
        found = []
        for site in on_screen(one.tooth, facial=facial):
            depth = one.depth[site]
            deep = depth is not None and depth >= _FRAMED
            text = _UNKNOWN if depth is None else str(depth)
            found.append(
                (text, _STRONG if deep else _FIGURE, depth is not None and depth > _FRAMED)
            )
        return found

    def _margins(self, one: ToothReading, *, facial: bool) -> Texts:
        values = [one.margin[site] for site in on_screen(one.tooth, facial=facial)]
        return [
            (_UNKNOWN if mm is None else signed(mm, self._sign), _QUIET, False) for mm in values
        ]

    def _losses(self, one: ToothReading, *, facial: bool) -> Texts:
        values = [one.loss(site) for site in on_screen(one.tooth, facial=facial)]
        texts = [_UNKNOWN if mm is None else str(mm).replace("-", MINUS) for mm in values]
        return [(text, _FIGURE, False) for text in texts]

    def _junctions(self, one: ToothReading, *, facial: bool) -> Texts:
        values = [one.mgj[site] for site in on_screen(one.tooth, facial=facial)]
        return [("" if mm is None else str(mm), _QUIET, False) for mm in values]

    def _marks(self, one: ToothReading, *, facial: bool) -> Texts:
        # Translators: one letter each: bleeding, suppuration (pus), plaque, calculus.
        letters = (_("B"), _("S"), _("P"), _("C"))
        found = []
        for site in on_screen(one.tooth, facial=facial):
            marks = (one.bleeding[site], one.suppuration[site], one.plaque[site],
                     one.calculus[site])  # fmt: skip
            text = "".join(letter for letter, mark in zip(letters, marks, strict=True) if mark)
            found.append((text, _LETTERS, False))
        return found

    def _furcation(self, one: ToothReading) -> Texts:
        if one.standing is Standing.IMPLANT:
            return [(_NONE, _QUIET, False)]
        there = places(one.tooth, Measure.FURCATION)
        across = (Furca.D, Furca.B, Furca.L, Furca.M)
        order = across if tooth(one.tooth).right else tuple(reversed(across))
        grades = [one.furcation[place] for place in order if place in there]
        return [(_UNKNOWN if grade is None else ROMAN[grade], _QUIET, False) for grade in grades]

    def _mobility(self, one: ToothReading) -> Texts:
        if one.standing is Standing.IMPLANT:
            return [(_NONE, _QUIET, False)]
        return [(_UNKNOWN if one.mobility is None else str(one.mobility), _QUIET, False)]
