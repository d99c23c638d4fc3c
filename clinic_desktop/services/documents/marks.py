"""What is drawn over an image: kept beside it, never in it."""

import math
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import AttachmentMark
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents.schemas import MarkRow, NewMark
from clinic_desktop.services.rows import add_row, change_row, restore_row

_HUNDREDTHS: Final = 100
_FARTHEST: Final = 20_000_000
_LEAST_MM: Final = 0.01
_MOST_MM: Final = 1000
_OF: Final = text(
    """
    SELECT id, version, frame, shape, points, words, micrometres FROM attachment_mark
    WHERE clinic_id = :clinic AND attachment_id = :attachment AND deleted_at IS NULL
    ORDER BY created_at, id
    """
)
_OLD_SCALES: Final = text(
    """
    SELECT id, version FROM attachment_mark
    WHERE clinic_id = :clinic AND attachment_id = :attachment AND frame = :frame
      AND shape = 'scale' AND deleted_at IS NULL AND id <> :id
    """
)


def marks(ctx: Context, attachment_id: UUID) -> tuple[MarkRow, ...]:
    """Return what is drawn over an image, in the order in which it was drawn."""
    ctx.need(Permission.DOCUMENTS_READ)
    keys = {"clinic": ctx.clinic_id, "attachment": attachment_id}
    return tuple(
        MarkRow(
            id=row.id,
            version=row.version,
            frame=row.frame,
            shape=row.shape,
            points=tuple(point / _HUNDREDTHS for point in row.points),
            words=row.words,
            mm=None if row.micrometres is None else row.micrometres / 1000,
        )
        for row in ctx.connection.execute(_OF, keys)
    )


def draw(ctx: Context, new: NewMark) -> int:
    """Draw over an image; return the version. A scale takes the place of an earlier one.

    Raises InvalidError (``mm``) for a length outside 0.01 to 1,000 mm, (``words``) for an empty
    text.
    """
    ctx.need(Permission.DOCUMENTS_WRITE)
    if new.shape == "text" and not new.words:
        raise InvalidError(_("Write what is to stand there."), field="words")
    micrometres = None
    if new.shape == "scale":
        if new.mm is None or not _LEAST_MM <= new.mm <= _MOST_MM:
            raise InvalidError(_("A known length is from 0.01 to 1,000 mm."), field="mm")
        micrometres = round(new.mm * 1000)
        keys = {"clinic": ctx.clinic_id, "attachment": new.attachment_id, "frame": new.frame}
        for old in ctx.connection.execute(_OLD_SCALES, {**keys, "id": new.id}).all():
            change_row(ctx, AttachmentMark, id=old.id, version=old.version, deleted_at=ctx.now)
    if not all(math.isfinite(p) and abs(p) < _FARTHEST / _HUNDREDTHS for p in new.points):
        raise ValueError("points outside any image")
    add_row(
        ctx,
        AttachmentMark,
        id=new.id,
        patient_id=new.patient_id,
        attachment_id=new.attachment_id,
        frame=new.frame,
        shape=new.shape,
        points=[round(point * _HUNDREDTHS) for point in new.points],
        words=new.words,
        micrometres=micrometres,
    )
    return 1


def erase(ctx: Context, mark_id: UUID, version: int) -> int:
    """Take something drawn away; return the version at which it can be brought back."""
    ctx.need(Permission.DOCUMENTS_WRITE)
    return change_row(ctx, AttachmentMark, id=mark_id, version=version, deleted_at=ctx.now)


def draw_again(ctx: Context, mark_id: UUID, version: int) -> int:
    """Bring back something that was erased at ``version``."""
    ctx.need(Permission.DOCUMENTS_WRITE)
    return restore_row(ctx, AttachmentMark, id=mark_id, version=version)
