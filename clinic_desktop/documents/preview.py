"""A PDF as pictures of its pages, for the screen and for printers."""

import atexit
from functools import cache
from io import BytesIO
from math import ceil
from threading import RLock
from types import TracebackType
from typing import Final, NamedTuple, Self
from weakref import WeakSet

import pypdfium2 as pdfium
from PIL import Image

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_POINTS_PER_INCH: Final = 72
# pdfium keeps state for the whole process and may be asked by one thread at a time.
_PDFIUM: Final = RLock()
_OPEN: Final[WeakSet["Preview"]] = WeakSet()


class PageSize(NamedTuple):
    """Width and height of a page in points."""

    width: float
    height: float


class PagePicture(NamedTuple):
    """A page as dots: four bytes each, red, green, blue and one unused, row by row."""

    width: int
    height: int
    stride: int
    data: bytes


class Preview:
    """An open PDF whose pages can be drawn at any size; close it or use it in ``with``."""

    def __init__(self, data: bytes) -> None:
        """Open a PDF. Raises InvalidError with a sentence for anything else."""
        with _PDFIUM:
            try:
                self._document = pdfium.PdfDocument(data)
            except pdfium.PdfiumError as error:
                sentence = _("This paper cannot be shown: its file is damaged or not a PDF.")
                raise InvalidError(sentence) from error
            _OPEN.add(self)
            _close_at_the_end()
            self._open_page: tuple[int, pdfium.PdfPage] | None = None
            self.sizes = tuple(
                PageSize(*self._document.get_page_size(number))
                for number in range(len(self._document))
            )

    def __enter__(self) -> Self:
        """Return the open preview."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Let go of the file; the pages drawn stay."""
        with _PDFIUM:
            if self._open_page is not None:
                self._open_page[1].close()
                self._open_page = None
            self._document.close()

    def dots(self, number: int, dots_per_inch: float) -> tuple[int, int]:
        """Return width and height of a page in dots."""
        scale = dots_per_inch / _POINTS_PER_INCH
        size = self.sizes[number]
        return ceil(size.width * scale), ceil(size.height * scale)

    def picture(
        self, number: int, dots_per_inch: float, rows: tuple[int, int] | None = None
    ) -> PagePicture:
        """Return page ``number``, counted from 0, on white paper.

        ``rows`` gives the first and the last but one row of dots when only a band is wanted: a
        whole page at the size of a printer takes longer than a screen may stand still.
        """
        scale = dots_per_inch / _POINTS_PER_INCH
        height = self.dots(number, dots_per_inch)[1]
        first, end = rows or (0, height)
        # pdfium cuts by points and rounds them up to dots.
        above, below = (max(0.0, (cut - 0.5) / scale) for cut in (first, height - end))
        with _PDFIUM:
            page = self._page(number)
            bitmap = page.render(
                scale=scale, crop=(0, below, 0, above), rev_byteorder=True, prefer_bgrx=True
            )
            picture = PagePicture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            bitmap.close()
        return picture

    def png(self, number: int, dots_per_inch: float) -> bytes:
        """Return page ``number``, counted from 0, as a PNG file."""
        drawn = self.picture(number, dots_per_inch)
        size = (drawn.width, drawn.height)
        image = Image.frombuffer("RGBX", size, drawn.data, "raw", "RGBX", drawn.stride, 1)
        stream = BytesIO()
        image.convert("RGB").save(stream, "PNG")
        return stream.getvalue()

    def text(self, number: int) -> str:
        """Return the text of page ``number``, counted from 0, as a reader copies it."""
        with _PDFIUM:
            found = self._page(number).get_textpage()
            text = str(found.get_text_range())
            found.close()
        return text.replace("\r\n", "\n")

    def _page(self, number: int) -> pdfium.PdfPage:
        """Return a page read from the file, keeping the last one: its bands follow one another."""
        if self._open_page is None or self._open_page[0] != number:
            if self._open_page is not None:
                self._open_page[1].close()
            self._open_page = (number, self._document[number])
        return self._open_page[1]


@cache
def _close_at_the_end() -> None:
    """Close what is still open when the program ends, before pdfium complains of it.

    What is registered last runs first, so this waits until pdfium has opened its first file.
    """
    atexit.register(_close_all)


def _close_all() -> None:
    for preview in tuple(_OPEN):
        preview.close()
