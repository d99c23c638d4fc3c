"""Combining marks set over and under their letters, in any script and without the font's help."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import category, combining

from clinic_desktop.documents.fonts import PaperFont

# Canonical combining classes by where the mark stands; any other lies over its letter.
_ABOVE: Final = {
    *(19, 23, 24, 25, 26, 27, 28, 30, 31, 33, 34, 35, 36, 107, 214, 216, 228, 230, 232, 234)
}
_BELOW: Final = {*range(10, 19), 20, 22, 29, 32, 103, 202, 218, 220, 222, 233, 240}
# The dots that tell Hebrew shin from sin, and holam, stand at an edge of their letter.
_AT_RIGHT: Final = {24}
_AT_LEFT: Final = {19, 25}
# A mark that stands where its font draws it.
NO_CLASS: Final = 1
_CLEAR: Final = 40  # thousandths of the size between a letter and its mark
# What looks level: a mark off the line is read back in the wrong place by some readers.
_LEVEL: Final = 30

# A vowel over the doubling sign has one glyph, so that neither is off the line.
_DOUBLED: Final = {
    f"{vowel}\u0651": chr(0xFC5E + n)
    for n, vowel in enumerate("\u064c\u064d\u064e\u064f\u0650\u0670")
}
DOUBLED_TEXT: Final = {glyph: text for text, glyph in _DOUBLED.items()}
_DOUBLING: Final = re.compile("[\u064c-\u0650\u0670]\u0651|\u0651[\u064c-\u0650\u0670]")


class Glyph(NamedTuple):
    """A glyph on its way to the line.

    ``mark`` is the canonical combining class, 0 for what stands by itself; ``leftward`` where the
    text is read from right to left; ``text`` is what was typed, on the first glyph of letters that
    change places for all of them.
    """

    font: PaperFont
    code: str
    mark: int
    leftward: bool
    text: str


def with_doubling(text: str) -> str:
    """Return Arabic text in which a doubling sign and the vowel over it are one character."""
    return _DOUBLING.sub(_doubled, text)


def _doubled(found: re.Match[str]) -> str:
    vowel = found.group().strip("\u0651")
    return _DOUBLED[f"{vowel}\u0651"]


@lru_cache(maxsize=1024)
def mark_class(char: str) -> int:
    """Return where a mark stands by its canonical combining class, 0 for what is no mark."""
    if char in DOUBLED_TEXT:
        return 230
    return combining(char) or (230 if category(char) in {"Mn", "Me"} else 0)


def before_letters(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs of a line with every mark before its letter, the nearest one last.

    In text read leftward they stand so already. A mark without a letter stands for itself.
    """
    placed: list[Glyph] = []
    letter: int | None = None
    for glyph in glyphs:
        if not glyph.mark:
            letter = None if glyph.leftward else len(placed)
            placed.append(glyph)
        elif glyph.leftward:
            placed.append(glyph)
        elif letter is None:
            placed.append(glyph._replace(mark=0))
        else:
            placed.insert(letter, glyph)
            # Later marks of this letter come farther out, and so before this one.
    return placed


def place_marks(
    font: PaperFont, glyphs: list[Glyph], codes: list[str], changes: list[float]
) -> tuple[float, dict[int, float]]:
    """Set combining marks over or under the letters they stand before.

    Changes codes and widths; returns where the first one begins and the rises of marks off the
    line. The pen moves to the right by the widths of glyphs only and to the left by changes only:
    readers of the paper take a move to the right for a space between words.
    """
    rises: dict[int, float] = {}
    moves: dict[int, float] = {}
    for base, marks in _with_marks(glyphs):
        _place_on(font, codes, glyphs, base, marks, moves, rises)
    begin = 0.0
    for n in sorted(moves):
        right = moves[n]
        codes[n] = font.widened(codes[n], max(0.0, -right))
        changes[n] = min(0.0, -right)
        if n == 0:
            begin = right
        elif right > 0:
            codes[n - 1] = font.widened(codes[n - 1], font.width(codes[n - 1]) + right)
        else:
            changes[n - 1] += right
    return begin, {n: rise for n, rise in rises.items() if abs(rise) > _LEVEL}


def _place_on(
    font: PaperFont,
    codes: list[str],
    glyphs: list[Glyph],
    base: int,
    marks: list[int],
    moves: dict[int, float],
    rises: dict[int, float],
) -> None:
    """Find where the marks of one letter stand: on its middle, clear of it and of one another.

    A mark that its font draws to the left of the pen belongs behind the letter as it is (Thai,
    Devanagari); only another mark can be in its way.
    """
    wide = font.width(codes[base])
    box = font.box(codes[base]) or (0.0, 0.0, wide, 0.0)
    top, bottom = box[3], box[1]
    marks_top, marks_bottom = float("-inf"), float("inf")
    for n in marks:
        ink = font.box(codes[n]) or (0.0, 0.0, 0.0, 0.0)
        kind = glyphs[n].mark
        if ink[0] + ink[2] < 0:
            moves[n] = wide
            top, bottom = marks_top, marks_bottom
        else:
            moves[n] = _across(box, ink, kind)
        if kind in _BELOW:
            rises[n] = min(0.0, bottom - ink[3] - _CLEAR)
            bottom = marks_bottom = ink[1] + rises[n]
        elif kind in _ABOVE:
            rises[n] = max(0.0, top - ink[1] + _CLEAR)
            top = marks_top = ink[3] + rises[n]


def _across(
    box: tuple[float, float, float, float], ink: tuple[float, float, float, float], kind: int
) -> float:
    """Return how far right of its letter's beginning a mark is drawn."""
    if kind in _AT_RIGHT:
        return box[2] - ink[2]
    if kind in _AT_LEFT:
        return box[0] - ink[0]
    return (box[0] + box[2] - ink[0] - ink[2]) / 2


def _with_marks(glyphs: list[Glyph]) -> Iterator[tuple[int, list[int]]]:
    """Yield each letter that has marks, with its marks from the nearest outward."""
    waiting: list[int] = []
    for n, glyph in enumerate(glyphs):
        if glyph.mark:
            waiting.append(n)
        elif waiting:
            yield n, waiting[::-1]
            waiting = []
