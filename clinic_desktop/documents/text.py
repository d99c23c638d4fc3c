"""Text broken into lines, in any script; a word wider than its place is cut, never lost."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from unicodedata import combining

from clinic_desktop.documents.glyphs import UNSEEN, Line, Run, Style, clean, line, width_of
from clinic_desktop.documents.order import base_level, turns

# Where a line may break: after spaces and dashes, and between the signs of Chinese and Japanese,
# except before what closes and after what opens.
_SPACE: Final = " \u1680\u2000-\u2006\u2008-\u200b\u205f\u3000"
_SIGN: Final = (
    "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003fffd"
)
_ENDS: Final = " \u200b\u3000"
_CLOSES: Final = "、。，．・：；？！）」』】〕》〉ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENS: Final = "（「『【〔《〈"
_DASH: Final = "\\-/\u2010\u2012-\u2014"
_PIECE: Final = re.compile(
    f"(?:[{_OPENS}]*[{_SIGN}][{_CLOSES}]*"
    f"|[{_DASH}]*[^{_SPACE}{_SIGN}{_DASH}]+[{_DASH}]*|[{_DASH}]+)[{_SPACE}]*|[{_SPACE}]+"
)
_WORD: Final = re.compile(f"[^{_SPACE}]+[{_SPACE}]*|[{_SPACE}]+")


class Span(NamedTuple):
    """Text in one style, as a part of a line."""

    text: str
    style: Style


def wrap(text: str, style: Style, width: float) -> list[Line]:
    """Break text into lines no wider than ``width`` points; a word wider than that is cut."""
    return wrap_spans([Span(text, style)], width)


def wrap_spans(spans: Iterable[Span], width: float) -> list[Line]:
    """Break stretches of text that follow one another into lines no wider than ``width`` points.

    A line end in the text begins a new line. Empty text gives no line.
    """
    lines: list[Line] = []
    row: list[_Piece] = []
    used = 0.0
    for piece in _pieces(spans, width):
        if piece.ends_line or (row and used + piece.width > width + 0.01):
            lines.append(_joined(row))
            row, used = [], 0.0
        if not piece.ends_line:
            row.append(piece)
            used += piece.full_width
    if row:
        lines.append(_joined(row))
    return lines


class _Piece(NamedTuple):
    """What cannot be broken: its width without and with the spaces that follow it."""

    text: str
    style: Style
    level: int
    width: float
    full_width: float
    ends_line: bool = False


def _pieces(spans: Iterable[Span], width: float) -> Iterator[_Piece]:
    for span in spans:
        for n, paragraph in enumerate(clean(span.text).split("\n")):
            if n:
                yield _Piece("", span.style, 0, 0, 0, ends_line=True)
            level = base_level(paragraph) if turns(paragraph) else 0
            # A record number is read as one word, dashes and all.
            breaks = _WORD if span.style.figures == "record" else _PIECE
            for text in breaks.findall(paragraph):
                piece = _measured(text, span.style, level)
                if piece.width <= width:
                    yield piece
                else:
                    yield from _cut(piece, width)


def _measured(text: str, style: Style, level: int) -> _Piece:
    bare = text.rstrip(_ENDS)
    full = width_of(text, style, level)
    return _Piece(text, style, level, full if bare == text else width_of(bare, style, level), full)


def _cut(piece: _Piece, width: float) -> Iterator[_Piece]:
    """Cut a word that is wider than its place, between whole signs."""
    style, level = piece.style, piece.level
    part, last, used = "", "", 0.0
    for sign in _signs(piece.text):
        # A sign's width beside the one before it: kerned, and joined in Arabic.
        wide = width_of(last + sign, style, level) - (width_of(last, style, level) if last else 0)
        if part and used + wide > width:
            yield _measured(part, style, level)
            part, used, wide = "", 0.0, width_of(sign, style, level)
        part += sign
        last = sign
        used += wide
    if part:
        yield _measured(part, style, level)


def _signs(text: str) -> Iterator[str]:
    """Yield each character with the marks and unseen signs that belong to it."""
    sign = ""
    for char in text:
        belongs = combining(char) or UNSEEN.match(char) or sign.endswith("\N{ZERO WIDTH JOINER}")
        # A thousand marks on one letter are cut too: the line has an end.
        if sign and (not belongs or len(sign) > 24):
            yield sign
            sign = ""
        sign += char
    if sign:
        yield sign


def _joined(row: Sequence[_Piece]) -> Line:
    """Return the pieces of one line as a line, the spaces at its end left out."""
    if not row:
        return Line((), 0.0)
    runs: list[Run] = []
    missing: list[str] = []
    x = 0.0
    at = 0
    while at < len(row):
        end = at + 1
        while end < len(row) and row[end].style is row[at].style:
            end += 1
        text = "".join(piece.text for piece in row[at:end])
        if end == len(row):
            text = text.rstrip(_ENDS)
        laid = line(text, row[at].style, row[at].level)
        runs += [run._replace(x=run.x + x) for run in laid.runs]
        missing += laid.missing
        x += laid.width
        at = end
    return Line(tuple(runs), x, tuple(dict.fromkeys(missing)))
