"""Images on their way to the screen, decoded where the window does not wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from clinic_desktop.domain import dicom, uploads
from clinic_desktop.domain.pictures import picture
from clinic_desktop.services.documents import attachments, marks
from clinic_desktop.services.documents.schemas import AttachmentRow, MarkRow

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context

Levels = tuple[NDArray[np.uint8], ...]
_SMALL_ENOUGH: Final = 1_000_000


@dataclass(frozen=True)
class Loaded:
    """An image to be shown: ``levels`` is itself, then half its size each, to be drawn small."""

    row: AttachmentRow
    frame: int
    levels: Levels
    content: bytes
    marks: tuple[MarkRow, ...]
    said: dicom.Description | None
    differs: tuple[str, ...]


def load(ctx: "Context", patient_id: UUID, row: AttachmentRow) -> Loaded:
    """Read, check and decode one image with what is drawn over it."""
    content = attachments.content(ctx, patient_id, row.id)
    said = dicom.describe(BytesIO(content)) if row.media_type == uploads.DICOM else None
    differs = attachments.differences(ctx, patient_id, said) if said is not None else ()
    return Loaded(
        row,
        0,
        levels(picture(BytesIO(content), row.media_type)),
        content,
        marks.marks(ctx, row.id),
        said,
        differs,
    )


def frame_of(loaded: Loaded, frame: int) -> Loaded:
    """Return another frame of an image that was read already."""
    shown = picture(BytesIO(loaded.content), loaded.row.media_type, frame)
    return Loaded(
        loaded.row, frame, levels(shown), loaded.content, loaded.marks, loaded.said, loaded.differs
    )


def levels(pixels: NDArray[np.uint8]) -> Levels:
    """Return the image and smaller copies, until one is small enough to be drawn at once."""
    found = [pixels]
    while found[-1].shape[0] * found[-1].shape[1] > _SMALL_ENOUGH:
        big = found[-1]
        even = big[: big.shape[0] // 2 * 2, : big.shape[1] // 2 * 2].astype(np.uint16)
        mean = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) // 4
        found.append(np.ascontiguousarray(mean, dtype=np.uint8))
    return tuple(found)


def small_pictures(ctx: "Context", patient_id: UUID) -> dict[UUID, QImage]:
    """Return a patient's small pictures, decoded."""
    return decoded(attachments.thumbnails(ctx, patient_id))


def decoded(found: Mapping[UUID, bytes]) -> dict[UUID, QImage]:
    """Return pictures by the stored file's id; one that cannot be drawn is left out."""
    images = {key: QImage.fromData(data) for key, data in found.items()}
    return {key: image for key, image in images.items() if not image.isNull()}


def to_image(pixels: NDArray[Any]) -> QImage:
    """Return the pixels as Qt draws them; the picture owns a copy."""
    height, width = pixels.shape[:2]
    form = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
    across = width * (1 if pixels.ndim == 2 else 3)
    return QImage(np.ascontiguousarray(pixels).tobytes(), width, height, across, form).copy()


def table(brightness: int, contrast: int) -> NDArray[np.uint8]:
    """Return what each of the 256 shades becomes; both from -100 to 100, 0 changes nothing."""
    steepness = (contrast + 100) / 100 if contrast <= 0 else 100 / max(1, 100 - contrast)
    shades = np.arange(256, dtype=np.float32)
    changed = (shades - 127.5) * steepness + 127.5 + brightness * 1.275
    return np.array(np.clip(np.rint(changed), 0, 255), dtype=np.uint8)


SMOOTH: Final = Qt.TransformationMode.SmoothTransformation
