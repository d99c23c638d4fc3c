"""A square picture of a face made from whatever picture was handed in."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from PIL import Image

from clinic_desktop.domain import uploads
from clinic_desktop.domain.pictures import picture
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

LARGEST_FILE: Final = 20 * 1024 * 1024
SIDE: Final = 512
SMALL_SIDE: Final = 96
# Smaller ones cannot be told apart on the screen.
_LEAST: Final = 64
_LARGEST_STORED: Final = 524_288
_KINDS: Final = frozenset({uploads.JPEG, uploads.PNG, uploads.TIFF, uploads.BMP, uploads.WEBP})


@dataclass(frozen=True)
class Portrait:
    """Two JPEG pictures of the same square, without anything else that the file had held."""

    content: bytes
    thumbnail: bytes


def square(source: BinaryIO, name: str, *, x: float, y: float, side: float) -> Portrait:
    """Return a square of a picture, ``x`` and ``y`` its centre and ``side`` in parts from 0 to 1.

    The centre is in parts of the width and the height, the side of the shorter one; a square that
    would reach beyond is moved inside. Raises InvalidError with the sentence for what is refused.
    """
    image = opened(source, name)
    box = crop_box(image.width, image.height, x=x, y=y, side=side)
    if box[2] - box[0] < _LEAST:
        raise InvalidError(
            _("This picture is too small. {least} × {least} pixels are needed.").format(
                least=_LEAST
            )
        )
    cut = image.crop(box)
    content = _jpeg(cut, SIDE)
    return Portrait(content, _jpeg(cut, SMALL_SIDE))


def opened(source: BinaryIO, name: str) -> Image.Image:
    """Return a picture decoded once, turned as its camera was held, in red, green and blue."""
    size = source.seek(0, 2)
    if size > LARGEST_FILE:
        raise InvalidError(too_large(size))
    uploads.check_size(size)
    source.seek(0)
    head = source.read(uploads.HEAD_BYTES)
    source.seek(max(0, size - uploads.TAIL_BYTES))
    kind = uploads.media_type(name, head, source.read(uploads.TAIL_BYTES))
    if kind not in _KINDS:
        raise InvalidError(_("This file holds no photo. Choose a JPEG or PNG picture."))
    return Image.fromarray(picture(source, kind)).convert("RGB")


def too_large(size: int) -> str:
    """Return the sentence that refuses a file of so many bytes."""
    return _("This file has {size} MB. A photo may have {most} MB at most.").format(
        size=f"{size / 1024 / 1024:.1f}", most=LARGEST_FILE // 1024 // 1024
    )


def crop_box(
    width: int, height: int, *, x: float, y: float, side: float
) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the square, in pixels, inside the picture."""
    length = max(1, round(min(max(side, 0.05), 1.0) * min(width, height)))
    left = min(max(round(x * width - length / 2), 0), width - length)
    top = min(max(round(y * height - length / 2), 0), height - length)
    return left, top, left + length, top + length


def _jpeg(cut: Image.Image, side: int) -> bytes:
    small = cut.resize((min(side, cut.width),) * 2, Image.Resampling.LANCZOS)
    for quality in (88, 70, 50):
        stream = BytesIO()
        small.save(stream, "JPEG", quality=quality)
        if stream.tell() <= _LARGEST_STORED:
            break
    return stream.getvalue()
