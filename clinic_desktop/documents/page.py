"""A paper under the pen: its frame, its pages, and what was drawn where, in points from the top."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from clinic_desktop.documents.glyphs import MARK, Line, Style, line
from clinic_desktop.documents.pictures import PrintedPicture
from clinic_desktop.documents.text import wrap
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.resources import resource

MM: Final = 72 / 25.4
_SIZES: Final = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}

# The foot is written below the bottom margin's edge, the rest of the page ends above it.
_FOOT_GAP: Final = 3 * MM
_ABOVE_FOOT: Final = 2 * MM
_MOST_FOOT_LINES: Final = 6
_CAPITAL: Final = 0.727  # the height of Inter's capitals


class Text(NamedTuple):
    """A line of glyphs whose baseline begins at x, y."""

    x: float
    y: float
    line: Line


class Rule(NamedTuple):
    """A straight line; ``dash`` is the length of its strokes, 0 for an unbroken one."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    color: str
    dash: float = 0.0


class Outline(NamedTuple):
    """A closed line through points, without filling."""

    points: tuple[tuple[float, float], ...]
    stroke: float
    color: str


class Box(NamedTuple):
    """A frame without filling."""

    x: float
    y: float
    width: float
    height: float
    stroke: float
    color: str


class Image(NamedTuple):
    """A picture whose upper left corner is at x, y."""

    x: float
    y: float
    width: float
    height: float
    picture: PrintedPicture


class Squares(NamedTuple):
    """Black squares of one size in rows, for a code that a camera reads."""

    x: float
    y: float
    size: float
    rows: tuple[tuple[int, ...], ...]


Mark = Text | Rule | Outline | Box | Image | Squares


@cache
def tokens() -> dict[str, Any]:
    """Return the design's measures and colours of paper."""
    with resource("tokens.json").open(encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)["paper"]
    return found


class Frame(NamedTuple):
    """A page's size and the edges of what is written on it, in points."""

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def measure(self) -> float:
        """Return the width between the margins."""
        return self.right - self.left


def frame(size: str, *, landscape: bool = False) -> Frame:
    """Return the frame of ``A4`` or ``Letter``; lying, the margins turn with the page."""
    top, right, bottom, left = (value * MM for value in tokens()["margin_mm"][size.lower()])
    width, height = (value * MM for value in _SIZES[size])
    if landscape:
        width, height = height, width
        top, right, bottom, left = right, bottom, right, bottom
    return Frame(width, height, left, top, width - right, height - bottom)


BODY: Final = Style()
SMALL: Final = Style(size=8, color="ink_2")
STRONG: Final = Style(weight="semibold")
QUIET: Final = Style(color="ink_2")
TITLE: Final = Style(size=16, weight="semibold", tracking=0.015)


class Sheet:
    """The pages of one paper. ``y`` is how far down the page is written.

    ``on_turn`` is called on every new page but the first and writes what stands on its top.
    """

    def __init__(self, inside: Frame, *, foot: str, on_turn: Callable[[], None]) -> None:
        """Open the first page; ``foot`` is the line at the bottom of every page."""
        self.frame = inside
        self.pages: list[list[Mark]] = [[]]
        self.y = inside.top
        self._on_turn = on_turn
        self._missing: dict[str, None] = {}
        self._in_full: dict[str, None] = {}
        beside = line(_page_of(999, 999), SMALL).width + 4 * MM
        self._foot = wrap(foot, SMALL, inside.measure - beside)[:_MOST_FOOT_LINES]
        # The margin holds two lines; a longer foot takes the rest from the page.
        extra = max(0, len(self._foot) - 2) * SMALL.leading
        self._foot_at = inside.bottom - extra
        self.frame = inside._replace(bottom=self._foot_at - _ABOVE_FOOT)

    @property
    def room(self) -> float:
        """Return how much can still be written on this page."""
        return self.frame.bottom - self.y

    def turn(self) -> None:
        """Go to a new page."""
        self.pages.append([])
        self.y = self.frame.top
        self._on_turn()

    def need(self, height: float) -> None:
        """Go to a new page if less than this is left."""
        if self.room < height:
            self.turn()

    def together(
        self,
        draw: Callable[[], None],
        *,
        turn: Callable[[], None] | None = None,
        keep: float = 0.0,
    ) -> None:
        """Draw a block whose end becomes ``y``; if it ends below the page, on a new one instead.

        ``turn`` goes to the new page where more than that is to be done; ``keep`` is what has to
        stay free below the block.
        """
        page, before, y = self.pages[-1], len(self.pages[-1]), self.y
        draw()
        if self.y + keep > self.frame.bottom:
            del page[before:]
            self.y = y
            (turn or self.turn)()
            draw()

    def fit(
        self, text: str, style: Style, width: float, *, most: int, repeated: bool = False
    ) -> list[Line]:
        """Wrap text to a number of lines; what is longer stands in full at the paper's end.

        ``repeated`` text stands elsewhere already and is only cut.
        """
        lines = wrap(text, style, width)
        if len(lines) <= most:
            return lines
        if repeated:
            return [*lines[: most - 1], line("…", style)]
        self._in_full[text] = None
        return [*lines[: most - 1], *wrap(_("… in full at the end"), style, width)[:1]]

    def flow(self, lines: Iterable[Line], *, x: float | None = None) -> None:
        """Write lines from where the page stands, going on on new pages."""
        for each in lines:
            self.need(each.leading)
            self.y = self.write([each], x=x)

    def add(self, mark: Mark) -> None:
        """Draw something on the page."""
        self.pages[-1].append(mark)

    def write(
        self,
        lines: Iterable[Line],
        *,
        x: float | None = None,
        y: float | None = None,
        right: float | None = None,
    ) -> float:
        """Write lines below one another from y, or from where the page stands; return the end.

        With ``right`` they end there instead of beginning at ``x``.
        """
        at = self.y if y is None else y
        left = self.frame.left if x is None else x
        for each in lines:
            leading = each.leading or BODY.leading
            if each.runs:
                # The line's height is shared: letters stand in its middle.
                baseline = at + (leading + each.size * _CAPITAL) / 2
                start = left if right is None else right - each.width
                self.add(Text(start, baseline, each))
            if each.missing:
                self._missing.update(dict.fromkeys(each.missing))
            at += leading
        return at

    def put(self, text: str, style: Style = BODY, **where: float) -> float:
        """Write text on one line, see write."""
        return self.write([line(text, style)], **where)

    def rule(
        self,
        *,
        y: float | None = None,
        x: float | None = None,
        to: float | None = None,
        width: float = 0.5,
        color: str = "line",
    ) -> None:
        """Draw a line across the page, or from x to ``to``."""
        at = self.y if y is None else y
        left = self.frame.left if x is None else x
        right = self.frame.right if to is None else to
        self.add(Rule(left, at, right, at, width, color))

    def finish(self) -> None:
        """Write what was shortened or could not be printed, and the foot of every page."""
        self.finish_text()
        pages, top = self.pages, self._foot_at
        for number, page in enumerate(pages, 1):
            self.pages = [page]
            self.rule(y=top)
            self.write(self._foot, y=top + _FOOT_GAP)
            text = _page_of(number, len(pages))
            self.put(text, SMALL, y=top + _FOOT_GAP, right=self.frame.right)
        self.pages = pages

    def finish_text(self) -> None:
        """Write what was shortened or could not be printed, without a foot."""
        for text in self._in_full:
            self.y += BODY.leading
            self.need(3 * BODY.leading)
            self.y = self.put(_("In full:"), STRONG)
            self.flow(wrap(text, BODY, self.frame.measure))
        if self._missing:
            self.y += BODY.leading / 2
            self.flow(wrap(self._about_missing(), SMALL, self.frame.measure))

    def _about_missing(self) -> str:
        sentence = ngettext(
            "A sign that could not be printed is shown as {mark}: {codes}.",
            "Signs that could not be printed are shown as {mark}: {codes}.",
            len(self._missing),
        )
        codes = ", ".join(f"U+{ord(char):04X}" for char in self._missing)
        return sentence.format(mark=MARK, codes=codes)


def _page_of(number: int, count: int) -> str:
    return _("Page {number} of {count}").format(number=number, count=count)
