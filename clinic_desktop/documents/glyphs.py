"""One line of text as glyphs: cleaned, put in the order of sight, each in a font that has it.

Nothing here reads markup: ``<b>`` and ``&`` are characters like any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Final, NamedTuple
from unicodedata import normalize

from arabic_reshaper import ArabicReshaper
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr

from clinic_desktop.documents.fonts import Figures, PaperFont, Weight, font_with, main_font
from clinic_desktop.documents.indic import is_devanagari, joined_codes
from clinic_desktop.documents.marks import (
    DOUBLED_TEXT,
    NO_CLASS,
    Glyph,
    before_letters,
    mark_class,
    place_marks,
    with_doubling,
)
from clinic_desktop.documents.order import Placed, base_level, in_sight, turns

# What a character without a glyph is drawn as. It copies as the character itself.
MARK: Final = "\N{DOUBLE QUESTION MARK}"

# Default_Ignorable_Code_Point of Unicode: signs that steer others and are never seen.
UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")

_RESHAPER: Final = ArabicReshaper({"delete_harakat": False, "support_ligatures": True})


@cache
def _leading(size: float) -> float:
    return round(size * 1.4 * 2) / 2


@dataclass(frozen=True, slots=True)
class Style:
    """How a stretch of text looks: size and line height in points, weight, kind of figures."""

    size: float = 9.5
    weight: Weight = "regular"
    figures: Figures = "text"
    color: str = "ink"
    # Each letter closer by this part of the size; titles are set a little tighter.
    tracking: float = 0.0

    @property
    def leading(self) -> float:
        """Return the distance from one line to the next in points."""
        return _leading(self.size)


class Run(NamedTuple):
    """Glyphs of one font; they begin ``x`` points from the line's beginning, ``rise`` above it.

    ``actual`` is what this run and the following ones with an empty one copy as, where their
    glyphs do not tell it: letters that change places, marks off the line.
    """

    font: PaperFont
    codes: str
    style: Style
    x: float
    rise: float = 0.0
    actual: str | None = None


class Line(NamedTuple):
    """One line ready to be drawn, its width in points, and the characters no font could draw."""

    runs: tuple[Run, ...]
    width: float
    missing: tuple[str, ...] = ()

    @property
    def leading(self) -> float:
        """Return the height of the line: that of its largest text."""
        return _leading(self.size)

    @property
    def size(self) -> float:
        """Return the size of its largest text."""
        if len(self.runs) == 1:
            return self.runs[0].style.size
        return max((run.style.size for run in self.runs), default=0.0)


def clean(text: str) -> str:
    """Return text as it can be printed: composed, its line ends made one, no control characters."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub(" ", text)
    return normalize("NFC", _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text))


def seen(text: str) -> str:
    """Return the text without the signs that only steer others: what a reader can copy back."""
    return UNSEEN.sub("", clean(text))


def unprintable(text: str) -> tuple[str, ...]:
    """Return the characters of the text that none of our fonts can draw, each once, in order."""
    found = dict.fromkeys(
        char for char in seen(text) if char != "\n" and font_with(char, "regular") is None
    )
    return tuple(found)


@lru_cache(maxsize=4096)
def line(text: str, style: Style, level: int | None = None) -> Line:
    """Lay out text on one line, however long it gets.

    ``level`` is the direction of the paragraph that the line belongs to, see order.base_level;
    None takes it from the text. Line ends count as spaces.
    """
    text = clean(text).replace("\n", " ")
    if text.isascii():
        return _plain_line(text, style)
    glyphs, missing = _glyphs(text, style, level)
    runs: list[Run] = []
    x = 0.0
    for font, part in _by_font(glyphs):
        found, x = _spaced(font, part, style, x)
        actual = _actual(part)
        if actual:
            found = [run._replace(actual="" if n else actual) for n, run in enumerate(found)]
        runs += found
    return Line(tuple(runs), x, tuple(dict.fromkeys(missing)))


def _actual(part: list[Glyph]) -> str:
    """Return what glyphs copy as where they do not tell it by themselves, else nothing.

    Readers put leftward text in order themselves, and this would stand in their way; and they
    leave out of it what lies beyond the first plane.
    """
    moved = any(glyph.mark or len(glyph.text) != 1 for glyph in part)
    if not moved or any(glyph.leftward for glyph in part):
        return ""
    text = "".join(glyph.text for glyph in part)
    return "" if max(text, default="") > "\ufffc" else text


@lru_cache(maxsize=16384)
def width_of(text: str, style: Style, level: int | None = None) -> float:
    """Return how wide text is on one line in points, without laying it out where that is plain."""
    if not text.isascii():
        return line(text, style, level).width
    font = main_font(style.weight)
    codes = font.figured(clean(text).replace("\n", " "), style.figures)
    thousandths = sum(font.widths(codes)) + sum(_changes(font, codes, style))
    return thousandths * style.size / 1000


def _plain_line(text: str, style: Style) -> Line:
    """Lay out what most text is: one font, from left to right, no marks."""
    if not text:
        return Line((), 0.0)
    font = main_font(style.weight)
    codes = font.figured(text, style.figures)
    run, width = _run(font, codes, _changes(font, codes, style), style, 0.0)
    return Line((run,), width)


def _glyphs(text: str, style: Style, level: int | None) -> tuple[list[Glyph], list[str]]:
    """Return the glyphs of a line from left to right and the characters that have none."""
    if turns(text):
        shaped = with_doubling(_RESHAPER.reshape(text))
        placed = in_sight(shaped, base_level(text) if level is None else level)
    else:
        placed = [Placed(char, False) for char in text]
    glyphs: list[Glyph] = []
    missing: list[str] = []
    for joining, group in groupby(placed, key=lambda each: is_devanagari(each.char)):
        chars = list(group)
        found = _devanagari(chars, style) if joining else []
        glyphs += found
        for char, leftward in [] if found else chars:
            if not UNSEEN.match(char):
                glyphs.append(_glyph(char, leftward, style, glyphs, missing))
    return glyphs, missing


def _glyph(
    char: str, leftward: bool, style: Style, before: list[Glyph], missing: list[str]
) -> Glyph:
    """Return the glyph of a character, or of our mark where no font can draw it."""
    plain = main_font(style.weight)
    if char.isascii():
        return Glyph(plain, plain.figured(char, style.figures), 0, leftward, char)
    mark = mark_class(char)
    font = font_with(char, style.weight)
    if mark and before and before[-1].font.has(char):
        font = before[-1].font
    if font is None:
        missing.append(char)
        return Glyph(plain, plain.stand_in(MARK, char), 0, leftward, char)
    if char in DOUBLED_TEXT:
        return Glyph(font, font.stand_in(char, DOUBLED_TEXT[char]), mark, leftward, char)
    return Glyph(font, font.figured(char, style.figures), mark, leftward, char)


def _devanagari(placed: list[Placed], style: Style) -> list[Glyph]:
    """Return the joined glyphs of Devanagari text, nothing where its font is not there."""
    text = "".join(each.char for each in placed)
    font = font_with(text[0], style.weight)
    if font is None or not all(font.has(char) or UNSEEN.match(char) for char in text):
        return []
    codes = [code for code in joined_codes(font, text) if not UNSEEN.match(code)]
    typed = UNSEEN.sub("", text)
    return [
        Glyph(font, code, 0 if font.width(code) else NO_CLASS, False, "" if n else typed)
        for n, code in enumerate(codes)
    ]


def _by_font(glyphs: list[Glyph]) -> Iterator[tuple[PaperFont, list[Glyph]]]:
    """Yield stretches of glyphs of one font."""
    start = 0
    for at in range(1, len(glyphs) + 1):
        if at == len(glyphs) or glyphs[at].font is not glyphs[start].font:
            yield glyphs[start].font, glyphs[start:at]
            start = at


def _spaced(
    font: PaperFont, glyphs: list[Glyph], style: Style, x: float
) -> tuple[list[Run], float]:
    """Return glyphs of one font as runs from x on, one for each height, and where they end."""
    glyphs = before_letters(glyphs)
    codes = [glyph.code for glyph in glyphs]
    changes = _changes(font, "".join(codes), style)
    rises: dict[int, float] = {}
    if any(glyph.mark for glyph in glyphs):
        begin, rises = place_marks(font, glyphs, codes, changes)
        x += begin * style.size / 1000
    runs = []
    start = 0
    for end in range(1, len(codes) + 1):
        if end < len(codes) and rises.get(end) == rises.get(start):
            continue
        rise = rises.get(start, 0.0) * style.size / 1000
        run, width = _run(font, "".join(codes[start:end]), changes[start:end], style, x)
        runs.append(run._replace(rise=rise))
        x += width
        start = end
    return runs, x


def _changes(font: PaperFont, codes: str, style: Style) -> list[float]:
    """Return by how much each glyph is wider than its own width: kerning and tracking.

    Only letters of our main font are set tighter: those that are joined would run into one
    another, and a narrow space is lost when the paper is copied from.
    """
    changes = font.kerns(codes)
    if not style.tracking or font is not main_font(style.weight):
        return changes
    closer = -1000 * style.tracking
    return [
        change + (0.0 if code == " " else closer)
        for change, code in zip(changes, codes, strict=True)
    ]


def _run(
    font: PaperFont, codes: str, changes: list[float], style: Style, x: float
) -> tuple[Run, float]:
    """Return codes with their changes as reportlab takes them, and their width in points."""
    widths = font.widths(codes)
    width = (sum(widths) + sum(changes)) * style.size / 1000
    if any(changes):
        shape = [
            ShapeData(0, wide + change, 0, 0, 0, wide)
            for wide, change in zip(widths, changes, strict=True)
        ]
        codes = ShapedStr(codes, shapeData=shape)  # type: ignore[arg-type]  # it is a list
    return Run(font, codes, style, x), width
