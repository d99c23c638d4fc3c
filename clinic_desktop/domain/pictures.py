"""Pictures and papers handed in: decoded once to be sure, shown small, shown whole."""

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from clinic_desktop.domain import dicom, pdf_file, uploads
from clinic_desktop.domain.images import check_pixels
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

THUMBNAIL: Final = 256
_FORMATS: Final = {
    uploads.JPEG: "JPEG",
    uploads.PNG: "PNG",
    uploads.TIFF: "TIFF",
    uploads.BMP: "BMP",
    uploads.WEBP: "WEBP",
}
_DAMAGE: Final = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError,
    EOFError, struct.error, KeyError, TypeError, IndexError, OverflowError,
)  # fmt: skip
_HIGHEST: Final = {"I;16": 65535, "I;16B": 65535, "I;16L": 65535, "I": 65535, "F": 1.0}


@dataclass(frozen=True)
class Inspected:
    """What a file holds, after it was opened to be sure."""

    media_type: str
    width: int | None
    height: int | None
    frames: int
    """Frames of an image, pages of a document."""
    thumbnail: bytes | None
    """A JPEG of at most 256 x 256, or None where nothing can be shown."""
    said: dicom.Description | None = None
    """What a DICOM file says about itself."""


def inspect(source: BinaryIO, name: str) -> Inspected:
    """Return what a file holds, by its content.

    Size and pixels are looked at before anything is decoded. Raises InvalidError with the
    sentence for what is refused.
    """
    size = source.seek(0, 2)
    uploads.check_size(size)
    source.seek(0)
    head = source.read(uploads.HEAD_BYTES)
    source.seek(max(0, size - uploads.TAIL_BYTES))
    kind = uploads.media_type(name, head, source.read(uploads.TAIL_BYTES))
    if kind == uploads.PDF:
        opened = pdf_file.open_pdf(source, THUMBNAIL)
        return Inspected(kind, None, None, opened.pages, _jpeg(opened.first))
    if kind == uploads.DICOM:
        return _inspect_dicom(source)
    shown, frames = _decode(source, kind, 0)
    height, width = shown.shape[:2]
    return Inspected(kind, width, height, frames, _jpeg(Image.fromarray(shown)))


def _inspect_dicom(source: BinaryIO) -> Inspected:
    said = dicom.describe(source)
    if not said.width or not said.height:
        raise InvalidError(_("This DICOM file holds no image. It was not stored."))
    check_pixels((said.width, said.height), "file")
    try:
        thumbnail = _jpeg(Image.fromarray(dicom.grey(source)))
    except dicom.PackedError:
        thumbnail = None
    return Inspected(uploads.DICOM, said.width, said.height, said.frames, thumbnail, said)


def picture(source: BinaryIO, media_type: str, frame: int = 0) -> NDArray[np.uint8]:
    """Return an image to be shown: rows by columns of grey, or of red, green and blue.

    Raises InvalidError where it is damaged or too large.
    """
    if media_type == uploads.DICOM:
        return dicom.grey(source, frame)
    return _decode(source, media_type, frame)[0]


def _decode(source: BinaryIO, kind: str, frame: int) -> tuple[NDArray[np.uint8], int]:
    source.seek(0)
    try:
        # No other decoder than that of the kind is ever asked.
        with dicom.quiet(), Image.open(source, formats=(_FORMATS[kind],)) as image:
            check_pixels(image.size, "file")
            frames = int(getattr(image, "n_frames", 1))
            if frame:
                image.seek(min(frame, frames - 1))
                check_pixels(image.size, "file")
            image.load()
            return _eight_bits(ImageOps.exif_transpose(image)), frames
    except InvalidError:
        raise
    except Image.DecompressionBombError as error:
        raise InvalidError(
            _("This picture has more than 50 million pixels. It was not stored.")
        ) from error
    except _DAMAGE as error:
        raise InvalidError(
            _("This picture is damaged or not complete. Save it again and choose the new file.")
        ) from error


def _eight_bits(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode in _HIGHEST:
        values = np.asarray(image, dtype=np.float32)
        scaled = np.clip(values * (255.0 / _HIGHEST[image.mode]), 0, 255)
        return np.ascontiguousarray(scaled, dtype=np.uint8)
    if image.mode in {"1", "L"}:
        return np.ascontiguousarray(np.asarray(image.convert("L"), dtype=np.uint8))
    if "A" in image.mode or "transparency" in image.info:
        # What is see-through lies on white, as on paper.
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        image = Image.alpha_composite(ground, layered)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), dtype=np.uint8))


def _jpeg(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.BILINEAR, reducing_gap=2.0)
    stream = BytesIO()
    small.save(stream, "JPEG", quality=82)
    return stream.getvalue()
