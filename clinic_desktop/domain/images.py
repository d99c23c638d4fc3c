"""Pictures that a person hands in: known by what they hold, never by what they are called."""

import struct
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, UnidentifiedImageError

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

LARGEST_FILE: Final = 5 * 1024 * 1024
MOST_PIXELS: Final = 50_000_000

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_MARKUP: Final = (b"<svg", b"<!doctype", b"<html", b"<?xml", b"<script")

# What the decoders raise for a file that is cut or wrong.
_DAMAGE: Final = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error)


class Picture(NamedTuple):
    """A picture that was checked: ``kind`` is ``png`` or ``jpeg``, the size is in pixels."""

    kind: str
    width: int
    height: int


def check_picture(data: bytes, *, field: str = "logo") -> Picture:
    """Return what a picture is, having decoded it once.

    Raises InvalidError with a sentence for anything but one whole PNG or JPEG of at most 5 MB and
    50 megapixels. Size and pixels are looked at before anything is decoded, and no other decoder
    than these two is ever asked.
    """
    if not data:
        raise InvalidError(_("This file is empty. Choose a PNG or JPEG picture."), field=field)
    if len(data) > LARGEST_FILE:
        sentence = _("This file has {size} MB. A picture may have 5 MB at most.")
        size = f"{len(data) / 1024 / 1024:.1f}"
        raise InvalidError(sentence.format(size=size), field=field)
    kind = _kind(data, field)
    try:
        check_pixels(_png_size(data) if kind == "png" else _jpeg_size(data), field)
        with Image.open(BytesIO(data), formats=(kind,)) as image:
            # Asked again: a file may say one size to us and another to the decoder.
            check_pixels(image.size, field)
            image.load()
            return Picture(kind, *image.size)
    except (Image.DecompressionBombError, *_DAMAGE) as error:
        raise InvalidError(
            _("This picture is damaged or not complete. Save it again and choose the new file."),
            field=field,
        ) from error


def _kind(data: bytes, field: str) -> str:
    if data.startswith(_PNG):
        return "png"
    if data.startswith(_JPEG):
        return "jpeg"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP) or b"<svg" in data[:4096].lower():
        sentence = _(
            "This is a drawing or a page made of text, which can hold a program. "
            "Save it as a PNG picture and choose that file."
        )
    else:
        sentence = _("This file is not a PNG or JPEG picture, whatever its name says.")
    raise InvalidError(sentence, field=field)


def check_pixels(size: tuple[int, int], field: str) -> None:
    """Raise InvalidError for a picture beyond 50 megapixels; asked before anything is decoded."""
    if size[0] * size[1] <= MOST_PIXELS:
        return
    sentence = _("This picture has {millions} million pixels. It may have 50 million at most.")
    millions = round(size[0] * size[1] / 1_000_000)
    raise InvalidError(sentence.format(millions=millions), field=field)


def _png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Return the size in the first frame header; SyntaxError when there is none."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        # Frame headers are C0 to CF but for three tables among them.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    raise SyntaxError("a JPEG without a frame")
