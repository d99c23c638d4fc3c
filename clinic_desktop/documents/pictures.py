"""The clinic's logo made ready for printing, once and not for every paper."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from clinic_desktop.domain.images import check_picture

# Sharper than 400 dots an inch no office printer shows.
_DOTS_PER_POINT = 400 / 72


class PrintedPicture(NamedTuple):
    """A picture without transparency or hidden data, as JPEG; its size is in points."""

    data: bytes
    width: float
    height: float


@lru_cache(maxsize=8)
def printed(data: bytes, width: float, height: float) -> PrintedPicture:
    """Return a picture that fits into a box of points, keeping its proportions.

    Raises InvalidError where domain.images.check_picture does.
    """
    check_picture(data)
    with Image.open(BytesIO(data), formats=("png", "jpeg")) as image:
        scale = min(width / image.width, height / image.height)
        # A very long or high picture keeps a whole dot.
        size = max(1.0, image.width * scale), max(1.0, image.height * scale)
        dots = (
            min(image.width, round(size[0] * _DOTS_PER_POINT)),
            min(image.height, round(size[1] * _DOTS_PER_POINT)),
        )
        flat = _on_white(image).resize((max(1, dots[0]), max(1, dots[1])), Image.Resampling.LANCZOS)
    stream = BytesIO()
    # Full colour resolution: the edges of a drawn logo stay clean.
    flat.save(stream, "JPEG", quality=95, subsampling=0, optimize=True)
    return PrintedPicture(stream.getvalue(), *size)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture as red, green and blue, with paper where it was transparent."""
    if image.mode == "CMYK":
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(paper, clear).convert("RGB")
