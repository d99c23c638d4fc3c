"""DICOM images of a dental clinic (IO, PX, DX): what the file says, and one frame as grey.

Source: DICOM PS3.3 C.7.6.3 (pixel description), C.11.2 (VOI LUT, window), C.8.11.
"""

import logging
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import RLock
from typing import Any, BinaryIO, Final

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import pixel_array

from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.images import check_pixels
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _

MODALITIES: Final = {
    "IO": N_("Intraoral X-ray"),
    "PX": N_("Panoramic X-ray"),
    "DX": N_("Digital X-ray"),
    "CR": N_("Digital X-ray"),
    "CT": N_("Volume"),
    "XC": N_("Photograph"),
}
_MOST_FRAMES: Final = 10_000
_LONGEST_VALUE: Final = 400
_DAMAGE: Final = (
    InvalidDicomError, OSError, EOFError, ValueError, AttributeError, KeyError, TypeError,
    NotImplementedError, RuntimeError, IndexError, OverflowError, MemoryError, struct.error,
    BytesLengthException, Image.DecompressionBombError,
)  # fmt: skip
# What it warns of are values of the file, a patient's among them: nothing for a log.
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
# Python's warning filters belong to the process: two threads would leave each other's behind.
_WARNINGS: Final = RLock()


class PackedError(InvalidError):
    """The image is whole but compressed in a way that cannot be read here."""


@dataclass(frozen=True)
class Tag:
    """A line of the file's own description."""

    number: str
    name: str
    value: str


@dataclass(frozen=True)
class Description:
    """What a DICOM file says about itself; empty texts where it says nothing."""

    modality: str
    patient_name: str
    patient_id: str
    born: date | None
    taken_on: date | None
    width: int
    height: int
    frames: int
    mm_per_pixel: tuple[float, float] | None
    """Height and width of a pixel in mm, as it was in the detector or the patient."""
    tags: tuple[Tag, ...]

    @property
    def words(self) -> str:
        """The kind of image in words."""
        return _(MODALITIES[self.modality]) if self.modality in MODALITIES else self.modality


@contextmanager
def quiet() -> Iterator[None]:
    """Keep readers from complaining: files of sensors bend many rules; what matters is asked."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def describe(source: BinaryIO) -> Description:
    """Return what the file says, without its pixels. Raises InvalidError where it is damaged."""
    dataset = _read(source)
    try:
        return _described(dataset)
    except _DAMAGE as error:
        raise _damaged() from error


def grey(source: BinaryIO, frame: int = 0) -> NDArray[np.uint8]:
    """Return one frame as 8-bit grey (rows, columns) or colour (rows, columns, 3).

    The window of the file is applied, or the whole range where it has none; MONOCHROME1, in which
    the lowest value is white, is inverted. Raises InvalidError for a damaged file, one beyond 50
    megapixels, and PackedError for a compression that cannot be read here.
    """
    dataset = _read(source)
    try:
        said = _described(dataset)
        check_pixels((said.width, said.height), "file")
        source.seek(0)
        with quiet():
            values = pixel_array(source, index=min(frame, said.frames - 1), raw=False)
        return _as_grey(values, dataset)
    except InvalidError:
        raise
    except _DAMAGE as error:
        if _is_compressed_strangely(dataset):
            raise PackedError(
                _(
                    "This DICOM image is packed in a way ({name}) that cannot be shown here. "
                    "The file is kept; save it uncompressed in the X-ray program to see it."
                ).format(name=dataset.file_meta.TransferSyntaxUID.name)
            ) from error
        raise _damaged() from error


def differences(said: Description, *, names: str, number: str, born: date | None) -> list[str]:
    """Return in words what in the file is not what the record says; empty when all fits.

    ``names`` are all names of the record. Names are compared by their parts, without order, case
    and accents; what the file does not say is no difference.
    """
    found = []
    in_file = set(fold(said.patient_name.replace("^", " ").replace("=", " ")).split())
    if in_file and not in_file & set(fold(names).split()):
        found.append(_("the name {name}").format(name=said.patient_name.replace("^", " ").strip()))
    if said.patient_id and number and said.patient_id.lstrip("0") != number.lstrip("0"):
        found.append(_("the number {number}").format(number=said.patient_id))
    if said.born and born and said.born != born:
        found.append(_("the birth date {date}").format(date=said.born.isoformat()))
    return found


def _read(source: BinaryIO) -> pydicom.Dataset:
    """Return the file's description; its pixels are not read."""
    source.seek(0)
    try:
        with quiet():
            return pydicom.dcmread(source, stop_before_pixels=True)
    except _DAMAGE as error:
        raise _damaged() from error


def _described(dataset: pydicom.Dataset) -> Description:
    with quiet():
        frames = int(dataset.get("NumberOfFrames") or 1)
        if not 1 <= frames <= _MOST_FRAMES:
            raise _damaged()
        return Description(
            modality=str(dataset.get("Modality") or ""),
            patient_name=_text(dataset.get("PatientName")),
            patient_id=_text(dataset.get("PatientID")),
            born=_day(dataset.get("PatientBirthDate")),
            taken_on=_day(dataset.get("AcquisitionDate") or dataset.get("StudyDate")),
            width=int(dataset.get("Columns") or 0),
            height=int(dataset.get("Rows") or 0),
            frames=frames,
            mm_per_pixel=_spacing(dataset),
            tags=tuple(_tags(dataset)),
        )


def _text(value: Any) -> str:
    kept = "".join(c for c in str(value if value is not None else "") if c.isprintable())
    return kept.strip()[:_LONGEST_VALUE]


def _day(value: Any) -> date | None:
    text = str(value or "").strip()
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) >= 8 else None
    except ValueError:
        return None


def _spacing(dataset: pydicom.Dataset) -> tuple[float, float] | None:
    """Return the distance of rows and of columns; of the patient before that of the detector."""
    for name in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        value = dataset.get(name)
        if value is None or isinstance(value, str) or len(value) != 2:
            continue
        rows, columns = float(value[0]), float(value[1])
        if 0.0005 < rows < 10 and 0.0005 < columns < 10:
            return rows, columns
    return None


def _tags(dataset: pydicom.Dataset) -> list[Tag]:
    found = []
    for element in dataset:
        if element.VR in {"SQ", "OB", "OW", "OF", "UN", "OD", "OL", "OV"}:
            continue
        number = f"{element.tag.group:04X},{element.tag.element:04X}"
        found.append(Tag(number, str(element.name), _text(element.value)))
    return found


def _as_grey(values: NDArray[Any], dataset: pydicom.Dataset) -> NDArray[np.uint8]:
    if values.ndim == 3:
        return np.ascontiguousarray(values[..., :3].astype(np.uint8))
    slope = float(dataset.get("RescaleSlope") or 1)
    shift = float(dataset.get("RescaleIntercept") or 0)
    real = values.astype(np.float32) * np.float32(slope) + np.float32(shift)
    low, high = _window(dataset, real)
    scaled = np.clip((real - low) * (255.0 / max(high - low, 1e-6)), 0, 255)
    shown = scaled.astype(np.uint8)
    inverted = dataset.get("PhotometricInterpretation") == "MONOCHROME1"
    if (dataset.get("PresentationLUTShape") or "") == "INVERSE":
        inverted = True
    return np.ascontiguousarray(255 - shown if inverted else shown)


def _window(dataset: pydicom.Dataset, real: NDArray[np.float32]) -> tuple[float, float]:
    """Return the values that become black and white."""
    centre, width = dataset.get("WindowCenter"), dataset.get("WindowWidth")
    if centre is not None and width is not None and str(centre) and str(width):
        middle, across = _first(centre), _first(width)
        if across >= 1:
            # PS3.3 C.11.2.1.2.1: the linear function runs from c - 0.5 - (w-1)/2.
            return middle - 0.5 - (across - 1) / 2, middle - 0.5 + (across - 1) / 2
    return float(real.min()), float(real.max())


def _first(value: Any) -> float:
    """Return a number, or the first of several windows."""
    return float(value if isinstance(value, int | float) else value[0])


def _is_compressed_strangely(dataset: pydicom.Dataset) -> bool:
    meta = getattr(dataset, "file_meta", None)
    syntax = meta.get("TransferSyntaxUID") if meta is not None else None
    try:
        with quiet():
            return syntax is not None and not get_decoder(syntax).is_available
    except _DAMAGE:
        return False


def _damaged() -> InvalidError:
    return InvalidError(_("This DICOM file is damaged or not complete. It cannot be shown."))
