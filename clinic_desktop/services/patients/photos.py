"""The picture of a patient's face: taken in as a square, shown small and whole, removed, put back.

Pictures are kept when another one is shown, so that a change can be taken back.
"""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import PatientPhoto
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.list_schemas import Crop
from clinic_desktop.services.rows import add_row

_SMALL: Final = text(
    "SELECT p.thumbnail FROM patient_photo p WHERE p.clinic_id = :clinic AND p.id = :photo"
)
_WHOLE: Final = text(
    "SELECT p.content FROM patient_photo p WHERE p.clinic_id = :clinic AND p.id = :photo"
)
# The record's version moves on without being compared: a picture takes nothing from an edit that
# somebody else has open.
_SHOW: Final = text(
    """
    UPDATE patient p SET photo_id = CAST(:photo AS uuid), version = p.version + 1
    FROM (SELECT o.id, o.photo_id FROM patient o
          WHERE o.clinic_id = :clinic AND o.id = :patient AND o.deleted_at IS NULL
            AND (CAST(:photo AS uuid) IS NULL OR EXISTS (
                SELECT FROM patient_photo f WHERE f.clinic_id = :clinic
                  AND f.id = CAST(:photo AS uuid) AND f.patient_id = o.id))
          FOR UPDATE) before
    WHERE p.clinic_id = :clinic AND p.id = before.id
    RETURNING before.photo_id
    """
)


def read_picture(path: Path) -> bytes:
    """Return a chosen file's bytes; raises InvalidError for one that cannot be a photo."""
    # What reads pictures takes longer to load than the rest of the first screen.
    from clinic_desktop.domain import portraits

    try:
        if not path.is_file():
            raise InvalidError(_("This is not a file. It was not stored."))
        if path.stat().st_size > portraits.LARGEST_FILE:
            raise InvalidError(portraits.too_large(path.stat().st_size))
        return path.read_bytes()
    except OSError as error:
        sentence = _("This file cannot be read: {reason}. It was not stored.")
        raise InvalidError(
            sentence.format(reason=error.strerror or type(error).__name__)
        ) from error


def set_photo(
    ctx: Context, patient_id: UUID, photo_id: UUID, data: bytes, *, name: str, crop: Crop
) -> UUID | None:
    """Show a picture of the patient, cut to a square; return the one that was shown before.

    Its kind is told by its content. Raises InvalidError with the sentence for what is refused.
    """
    from clinic_desktop.domain import portraits, uploads

    ctx.need(Permission.PATIENTS_WRITE)
    made = portraits.square(
        BytesIO(data), uploads.clean_name(name), x=crop.x, y=crop.y, side=crop.side
    )
    add_row(
        ctx,
        PatientPhoto,
        id=photo_id,
        patient_id=patient_id,
        sha256=hashlib.sha256(made.content).digest(),
        content=made.content,
        thumbnail=made.thumbnail,
    )
    return show_photo(ctx, patient_id, photo_id)


def show_photo(ctx: Context, patient_id: UUID, photo_id: UUID | None) -> UUID | None:
    """Show an earlier picture again, or none; return the one that was shown before."""
    ctx.need(Permission.PATIENTS_WRITE)
    values = {"clinic": ctx.clinic_id, "patient": patient_id, "photo": photo_id}
    found = ctx.connection.execute(_SHOW, values).one_or_none()
    if found is None:
        raise NotFoundError(_("The record is no longer there."))
    before = found.photo_id
    return UUID(str(before)) if before is not None else None


def photo(ctx: Context, photo_id: UUID, *, small: bool) -> bytes:
    """Return a picture as a JPEG: 96 px for lists, else 512 px. Raises NotFoundError."""
    ctx.need(Permission.PATIENTS_READ)
    values = {"clinic": ctx.clinic_id, "photo": photo_id}
    found = ctx.connection.execute(_SMALL if small else _WHOLE, values).scalar_one_or_none()
    if found is None:
        raise NotFoundError(_("This picture is not there."))
    return bytes(found)
