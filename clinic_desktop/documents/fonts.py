"""The fonts of papers: one TrueType family for each kind of script, read when it is first met."""

from functools import cache
from itertools import pairwise
from struct import unpack_from
from threading import RLock
from typing import Any, Final, Literal
from unicodedata import category

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFError, TTFont

from clinic_desktop.documents.opentype import (
    Kerning,
    Ligatures,
    ligatures,
    single_substitutions,
)
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.resources import resource

Weight = Literal["regular", "semibold"]
Figures = Literal["text", "table", "record"]

# Inter first, then a family for each script it lacks. A file that is not there is passed over:
# its characters are then shown as a mark and listed, see glyphs.py.
_SCRIPTS: Final = ("NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansThai")
_CHAINS: Final[dict[str, tuple[str, ...]]] = {
    "regular": ("Inter-Regular", *(f"{script}-Regular" for script in _SCRIPTS)),
    "semibold": ("Inter-SemiBold", *(f"{script}-Bold" for script in _SCRIPTS)),
}
_EVERY_WEIGHT: Final = ("DroidSansFallback", "NotoEmoji-Regular")

# Private codes for glyphs that no character names: figures of one width, the mark for a
# character without a glyph. Text never holds them, see text.clean.
_FIRST_OWN_CODE: Final = 0xF0000
_FIGURES: Final = "0123456789+\N{MINUS SIGN}"

# reportlab keeps fonts and their half-made subsets for the whole process, and reads a font by
# one moving position: one paper is made at a time.
MAKING: Final = RLock()

# Streams are compressed and need no second coat of printable characters (a quarter smaller).
rl_config.useA85 = 0


class PaperFont(TTFont):
    """A font whose glyphs may be other than its characters' own, and whose text still copies."""

    face: Any

    def __init__(self, name: str) -> None:
        """Read the file ``resources/fonts/NAME.ttf``."""
        path = resource("fonts", f"{name}.ttf")
        super().__init__(f"Paper-{name}", str(path), asciiReadable=False, shapable=False)
        self._unit = 1000 / self.face.unitsPerEm
        self._own: dict[tuple[int, str, float], str] = {}
        self._own_text: dict[int, str] = {}
        self._kerns: dict[str, float] = {}
        self._kerning = Kerning(self._table("GPOS")) if "GPOS" in self.face.table else None
        self._figures: dict[str, dict[int, str]] = {
            "text": {},
            "table": self._swaps("tnum"),
            "record": self._swaps("tnum", "zero"),
        }
        self._ligatures: dict[str, list[Ligatures]] = {}

    @property
    def shapable(self) -> bool:
        """Tell reportlab that positions beside the characters are to be followed."""
        return True

    @shapable.setter
    def shapable(self, value: bool) -> None:
        """Take what the base class sets and keep to our own answer."""

    def has(self, char: str) -> bool:
        """Say whether the font has a glyph of its own for a character."""
        return bool(self.face.charToGlyph.get(ord(char)))

    def figured(self, text: str, figures: Figures) -> str:
        """Return the codes that draw text with the figures of a table or a record number."""
        return text.translate(self._figures[figures])

    def stand_in(self, mark: str, char: str) -> str:
        """Return a code that draws ``mark`` and copies as ``char``, which has no glyph."""
        return self.own_code(self.face.charToGlyph[ord(mark)], char)

    def text_of(self, code: str) -> str:
        """Return what a code copies as."""
        return self._own_text.get(ord(code), code)

    def widened(self, code: str, width: float) -> str:
        """Return a code that draws and copies as another and is ``width`` thousandths wide."""
        return self.own_code(self.glyph(code), self.text_of(code), width)

    def own_code(self, glyph: int, text: str, width: float | None = None) -> str:
        """Return a private code that draws a glyph and copies as ``text``."""
        if width is None:
            width = self.face.hmetrics[glyph][0] * self._unit
        key = (glyph, text, round(width, 1))
        if key not in self._own:
            code = _FIRST_OWN_CODE + len(self._own)
            self._own[key] = chr(code)
            self._own_text[code] = text
            self.face.charToGlyph[code] = glyph
            self.face.charWidths[code] = key[2]
        return self._own[key]

    def width(self, code: str) -> float:
        """Return the advance of a code in thousandths of the size."""
        return float(self.face.charWidths.get(ord(code), self.face.defaultWidth))

    def widths(self, codes: str) -> list[float]:
        """Return the advance of every code in thousandths of the size."""
        known, other = self.face.charWidths, self.face.defaultWidth
        return [known.get(code, other) for code in map(ord, codes)]

    def kerns(self, codes: str) -> list[float]:
        """Return how much wider each code is before the next one, in thousandths of the size."""
        if self._kerning is None:
            return [0.0] * len(codes)
        known = self._kerns
        changes = []
        for left, right in pairwise(codes):
            change = known.get(left + right)
            if change is None:
                change = known[left + right] = self._kern(left, right, self._kerning)
            changes.append(change)
        # Nothing follows the last one.
        return [*changes, 0.0] if codes else []

    def _kern(self, left: str, right: str, kerning: Kerning) -> float:
        glyphs = self.face.charToGlyph
        change = kerning.between(glyphs.get(ord(left), 0), glyphs.get(ord(right), 0))
        return float(change * self._unit)

    def ligatures(self, feature: str) -> list[Ligatures]:
        """Return the joined glyphs of a feature, lookup by lookup."""
        if feature not in self._ligatures:
            there = "GSUB" in self.face.table
            self._ligatures[feature] = ligatures(self._table("GSUB"), feature) if there else []
        return self._ligatures[feature]

    def glyph(self, code: str) -> int:
        """Return the number of the glyph that a code draws."""
        return int(self.face.charToGlyph.get(ord(code), 0))

    def box(self, char: str) -> tuple[float, float, float, float] | None:
        """Return left, bottom, right, top of the ink in thousandths, None for a blank."""
        glyph = self.face.charToGlyph.get(ord(char), 0)
        start, end = self.face.glyphPos[glyph : glyph + 2]
        if start == end:
            return None
        outline = self.face.get_chunk(self.face.get_table_pos("glyf")[0] + start, 10)
        left, bottom, right, top = unpack_from(">4h", outline, 2)
        return left * self._unit, bottom * self._unit, right * self._unit, top * self._unit

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab calls it by this name
        """Write the subsets used in one document.

        As in the base class but for the table from codes to text, which there can hold neither
        characters beyond the first plane (emoji) nor our own codes.
        """
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            name = self.getSubsetInternalName(number, doc)[1:]
            base = (SUBSETN(number) + b"+" + self.face.name).decode("ascii")
            font: Any = pdfdoc.PDFTrueTypeFont()
            font.Name, font.BaseFont = name, base
            font.FirstChar, font.LastChar = 0, len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
            to_text = pdfdoc.PDFStream()
            to_text.content = self._text_of_codes(base, subset)
            to_text.filters = [pdfdoc.PDFZCompress]
            font.ToUnicode = doc.Reference(to_text, f"toUnicodeCMap:{base}")
            font.FontDescriptor = self.face.addSubsetObjects(doc, base, subset)
            doc.Reference(font, name)
            doc.idToObject["BasicFonts"].dict[name] = font
        del self.state[doc]

    def _text_of_codes(self, name: str, subset: list[int]) -> str:
        lines = []
        for code, char in enumerate(subset):
            # Code 0 stands for "no glyph" and is never written.
            text = self._own_text.get(char, chr(char or 0xFFFD))
            lines.append(f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>")
        chunks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
        body = "\n".join(
            f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            f"/CMapName /{name} def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        )

    def _swaps(self, *features: str) -> dict[int, str]:
        """Return character -> code for the figures after substituting feature after feature."""
        if "GSUB" not in self.face.table:
            return {}
        tables = [single_substitutions(self._table("GSUB"), feature) for feature in features]
        swapped = {}
        for char in _FIGURES:
            glyph = own = self.face.charToGlyph.get(ord(char), 0)
            for table in tables:
                glyph = table.get(glyph, glyph)
            if glyph != own:
                swapped[ord(char)] = self.own_code(glyph, char)
        return swapped

    def _table(self, tag: str) -> bytes:
        return bytes(self.face.get_table(tag))


@cache
def font(name: str) -> PaperFont | None:
    """Return a font by its file's name, or None when it is not there or cannot be embedded."""
    if not resource("fonts", f"{name}.ttf").is_file():
        return None
    try:
        found = PaperFont(name)
    except TTFError:
        return None
    pdfmetrics.registerFont(found)
    return found


def main_font(weight: Weight) -> PaperFont:
    """Return Inter; without it no paper is made, which SetupError says in a sentence."""
    found = font(_CHAINS[weight][0])
    if found is None:
        raise SetupError(
            _(
                "The program's own fonts are missing, so this paper cannot be made. "
                "Install the program again. Nothing that is stored was lost."
            )
        )
    return found


@cache
def font_with(char: str, weight: Weight) -> PaperFont | None:
    """Return the first font that can draw a character, or None when none of ours can."""
    if category(char) == "Co":
        # Private characters mean something else in every font, and our own codes are among them.
        return None
    if main_font(weight).has(char):
        return main_font(weight)
    for name in (*_CHAINS[weight][1:], *_EVERY_WEIGHT):
        found = font(name)
        if found is not None and found.has(char):
            return found
    return None
