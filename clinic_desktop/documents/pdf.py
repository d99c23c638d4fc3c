"""Drawn pages to the bytes of a PDF; the same pages always give the same bytes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from clinic_desktop.documents.fonts import MAKING, main_font
from clinic_desktop.documents.glyphs import Line, Run
from clinic_desktop.documents.page import (
    Box,
    Image,
    Mark,
    Outline,
    Rule,
    Squares,
    Text,
    tokens,
)
from clinic_desktop.i18n import language


def make(
    pages: Sequence[Iterable[Mark]],
    size: tuple[float, float],
    *,
    title: str,
    author: str,
    made: datetime,
) -> bytes:
    """Return a PDF of the pages, each ``size`` points large.

    ``made`` is written as its date instead of the moment of making, so that a second print of a
    paper is the same file.
    """
    stream = BytesIO()
    with MAKING:
        canvas = Canvas(
            stream,
            pagesize=size,
            pageCompression=1,
            invariant=1,
            initialFontName=main_font("regular").fontName,  # type: ignore[arg-type]  # a name
            lang=language(),
        )
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setCreator("Clinic Desktop")
        canvas.setDateFormatter(_always(made))
        for page in pages:
            _draw(canvas, page, size[1])
            canvas.showPage()
        canvas.save()
    return stream.getvalue()


def _always(moment: datetime) -> Callable[..., str]:
    def date(*_now: int) -> str:
        return moment.strftime("D:%Y%m%d%H%M%SZ")

    return date


def _color(name: str) -> Color:
    return HexColor(str(tokens()[name]))


def _draw(canvas: Canvas, page: Iterable[Mark], height: float) -> None:
    pen = Pen(canvas)
    for mark in page:
        match mark:
            case Text():
                pen.write(mark.line, mark.x, height - mark.y)
            case Rule():
                canvas.setLineWidth(mark.width)
                canvas.setStrokeColor(_color(mark.color))
                canvas.setDash([mark.dash] if mark.dash else [])
                canvas.line(mark.x1, height - mark.y1, mark.x2, height - mark.y2)
            case Box():
                canvas.setLineWidth(mark.stroke)
                canvas.setStrokeColor(_color(mark.color))
                canvas.setDash([])
                canvas.rect(mark.x, height - mark.y - mark.height, mark.width, mark.height)
            case Outline():
                _draw_outline(canvas, mark, height)
            case Image():
                bottom = height - mark.y - mark.height
                picture = ImageReader(BytesIO(mark.picture.data))
                canvas.drawImage(picture, mark.x, bottom, mark.width, mark.height)
            case Squares():
                _draw_squares(canvas, mark, height)
    pen.finish()


def _draw_outline(canvas: Canvas, outline: Outline, height: float) -> None:
    path = canvas.beginPath()
    for n, (x, y) in enumerate(outline.points):
        (path.lineTo if n else path.moveTo)(x, height - y)
    path.close()
    canvas.setLineWidth(outline.stroke)
    canvas.setStrokeColor(_color(outline.color))
    canvas.setDash([])
    canvas.drawPath(path, stroke=1, fill=0)


class Pen:
    """Writes lines of glyphs as one text object, naming font and colour where they change."""

    def __init__(self, canvas: Canvas) -> None:
        """Begin on the canvas's page."""
        self._canvas = canvas
        self._text: Any = canvas.beginText()
        self._font: tuple[str, float] | None = None
        self._color = ""

    def write(self, line: Line, x: float, y: float) -> None:
        """Write a line from x on, y being the height of its baseline."""
        marked = False
        for run in line.runs:
            if marked and run.actual != "":
                self._operate("EMC")
            if run.actual:
                actual = f"\ufeff{run.actual}".encode("utf-16-be").hex().upper()
                self._operate(f"/Span <</ActualText <{actual}>>> BDC")
            marked = run.actual is not None
            self._write_run(run, x + run.x, y + run.rise)
        if marked:
            self._operate("EMC")

    def finish(self) -> None:
        """Put what was written on the page."""
        self._canvas.drawText(self._text)

    def _write_run(self, run: Run, x: float, y: float) -> None:
        if (run.font.fontName, run.style.size) != self._font:
            self._font = (run.font.fontName, run.style.size)
            self._text.setFont(*self._font)
        if run.style.color != self._color:
            self._color = run.style.color
            self._text.setFillColor(_color(self._color))
        # To a hundredth of a point; reportlab's own call costs as much as the text it places.
        self._operate(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
        self._text.textOut(run.codes)

    def _operate(self, operator: str) -> None:
        self._text._code.append(operator)  # noqa: SLF001 - there is no call for marked content


def _draw_squares(canvas: Canvas, code: Squares, height: float) -> None:
    path = canvas.beginPath()
    for row, cells in enumerate(code.rows):
        y = height - code.y - (row + 1) * code.size
        column = 0
        while column < len(cells):
            end = column
            while end < len(cells) and cells[end]:
                end += 1
            if end > column:
                path.rect(code.x + column * code.size, y, (end - column) * code.size, code.size)
            column = end + 1
    canvas.setFillColor(_color("ink"))
    canvas.drawPath(path, stroke=0, fill=1)
