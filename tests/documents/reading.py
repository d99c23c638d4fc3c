"""What tests read back from a paper: its text, its pages, and what was drawn on them."""

import unicodedata
from collections.abc import Iterator
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from clinic_desktop.documents import glyphs
from clinic_desktop.documents.glyphs import Line, seen
from clinic_desktop.documents.page import Mark, Text
from clinic_desktop.documents.pdf import Pen
from clinic_desktop.documents.preview import Preview


def texts(data: bytes) -> list[str]:
    """The text of every page, composed as we print it."""
    with Preview(data) as preview:
        return [_composed(preview.text(number)) for number in range(len(preview.sizes))]


def whole_text(data: bytes) -> str:
    """All text of a paper."""
    return "\n".join(texts(data))


def words(text: str) -> str:
    """The text with every stretch of spaces and line ends as one space."""
    return " ".join(text.split())


def read_back(text: str, style: glyphs.Style) -> str:
    """What a reader copies of a text that was drawn on one line."""
    laid = glyphs.line(text, style)
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(max(400, laid.width + 100), 100), invariant=1)
    pen = Pen(canvas)
    pen.write(laid, 50, 50)
    pen.finish()
    canvas.save()
    return words(whole_text(stream.getvalue()))


def printed(text: str) -> str:
    """What is expected to be copied of a text."""
    return words(_composed(seen(text)))


def copied(laid: Line) -> str:
    """What the glyphs of a line stand for, from left to right."""
    return "".join(run.font.text_of(code) for run in laid.runs for code in run.codes)


def without_glyph(laid: Line) -> list[str]:
    """The codes of a line that its fonts would draw as an empty box."""
    return [
        code
        for run in laid.runs
        for code in run.codes
        if not run.font.face.charToGlyph.get(ord(code))
    ]


def drawn_lines(pages: list[list[Mark]]) -> Iterator[tuple[int, Text]]:
    """Every line of glyphs with the page it stands on."""
    for number, page in enumerate(pages):
        for mark in page:
            if isinstance(mark, Text):
                yield number, mark


def _composed(text: str) -> str:
    # Readers tell Arabic letters by their shapes and marks in any order.
    return unicodedata.normalize("NFC", text.replace("\N{NO-BREAK SPACE}", " "))
