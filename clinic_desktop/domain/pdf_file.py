"""A PDF that a person hands in: whether it opens, how many pages, and the look of the first."""

from threading import RLock
from typing import BinaryIO, Final, NamedTuple

import pypdfium2 as pdfium
from PIL import Image

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

# pdfium keeps state for the whole process and may be asked by one thread at a time.
PDFIUM: Final = RLock()
_END: Final = b"%%EOF"
_END_WITHIN: Final = 4096


class Opened(NamedTuple):
    """How many pages, and the first of them."""

    pages: int
    first: Image.Image


def open_pdf(source: BinaryIO, side: int) -> Opened:
    """Return the pages and the first one, drawn at most ``side`` dots high and wide.

    Raises InvalidError for one that is cut short, damaged, empty or behind a password.
    """
    end = source.seek(0, 2)
    source.seek(max(0, end - _END_WITHIN))
    # pdfium repairs what is cut off, and shows less than there was without saying so.
    if _END not in source.read():
        raise _damaged()
    source.seek(0)
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(source, autoclose=False)
        except pdfium.PdfiumError as error:
            if "assword" in str(error):
                raise InvalidError(
                    _("This PDF needs a password. Save it without one, then add it again.")
                ) from error
            raise _damaged() from error
        try:
            if len(document) == 0:
                raise _damaged()
            page = document[0]
            scale = side / max(1.0, *page.get_size())
            drawn = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
            page.close()
            return Opened(len(document), drawn)
        except pdfium.PdfiumError as error:
            raise _damaged() from error
        finally:
            document.close()


def _damaged() -> InvalidError:
    return InvalidError(_("This PDF is damaged or not complete. It was not stored."))
