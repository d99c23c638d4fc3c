"""A patient's images and documents: added, described, shown, removed and brought back."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain import dicom, uploads
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.pictures import Inspected, inspect
from clinic_desktop.errors import InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Attachment
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents import files
from clinic_desktop.services.documents.schemas import (
    About,
    Attached,
    AttachmentRow,
    NewAttachment,
)
from clinic_desktop.services.rows import add_row, change_row, restore_row

KIND_OF_MODALITY: Final = {"IO": "intraoral", "PX": "panoramic", "CT": "volume", "XC": "photo"}

_LIST: Final = text(
    """
    SELECT a.id, a.version, a.file_id, a.kind, a.title, a.name, a.taken_on, a.teeth, a.note,
           a.created_at, p.name AS added_by, f.media_type, f.size, f.width, f.height, f.frames
    FROM attachment a
    JOIN stored_file f ON f.clinic_id = a.clinic_id AND f.id = a.file_id
    JOIN person p ON p.clinic_id = a.clinic_id AND p.id = a.added_by
    WHERE a.clinic_id = :clinic AND a.patient_id = :patient AND a.deleted_at IS NULL
    ORDER BY coalesce(a.taken_on::timestamptz, a.created_at) DESC, a.created_at DESC, a.id DESC
    """
)
_THUMBNAILS: Final = text(
    "SELECT id, thumbnail FROM read_stored_file(:clinic, :patient) WHERE thumbnail IS NOT NULL"
)
_THE_SAME: Final = text(
    """
    SELECT id, version, title FROM attachment
    WHERE clinic_id = :clinic AND patient_id = :patient AND file_id = :file
      AND deleted_at IS NULL AND id <> :id
    LIMIT 1
    """
)
_STATE: Final = text("SELECT version, title FROM attachment WHERE clinic_id = :clinic AND id = :id")
_WHOSE: Final = text(
    """
    SELECT number, born, concat_ws(' ', given, family, other_name) AS names
    FROM patient WHERE clinic_id = :clinic AND id = :patient AND deleted_at IS NULL
    """
)


def attach(ctx: Context, new: NewAttachment, path: Path) -> Attached:
    """Attach a file of this computer to a patient's record.

    Its size is looked at before anything is read, and never more than one piece of it is in
    memory. Raises InvalidError with the sentence for what is refused.
    """
    ctx.need(Permission.DOCUMENTS_WRITE)
    name = uploads.clean_name(path.name)
    with _opened(path) as source:
        return _attach(ctx, new, source, name)


def attach_bytes(ctx: Context, new: NewAttachment, data: bytes, name: str) -> Attached:
    """Attach what was pasted. Raises InvalidError with the sentence for what is refused."""
    ctx.need(Permission.DOCUMENTS_WRITE)
    return _attach(ctx, new, BytesIO(data), uploads.clean_name(name))


def attachments(ctx: Context, patient_id: UUID) -> tuple[AttachmentRow, ...]:
    """Return a patient's images and documents, latest first."""
    ctx.need(Permission.DOCUMENTS_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return tuple(map(AttachmentRow.model_validate, ctx.connection.execute(_LIST, keys)))


def thumbnails(ctx: Context, patient_id: UUID) -> dict[UUID, bytes]:
    """Return the small pictures by the stored file's id; written to the access log as one entry."""
    ctx.need(Permission.DOCUMENTS_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return {row.id: bytes(row.thumbnail) for row in ctx.connection.execute(_THUMBNAILS, keys)}


def content(ctx: Context, patient_id: UUID, attachment_id: UUID) -> bytes:
    """Return an attachment's bytes, checked; reading is written to the access log.

    Raises NotFoundError, SetupError when the disk changed them.
    """
    ctx.need(Permission.DOCUMENTS_READ)
    return b"".join(files.pieces(ctx, patient_id, attachment_id))


def save_copy(ctx: Context, patient_id: UUID, attachment_id: UUID, target: BinaryIO) -> None:
    """Write an attachment's bytes to an open file, piece by piece."""
    ctx.need(Permission.DOCUMENTS_READ)
    for piece in files.pieces(ctx, patient_id, attachment_id):
        target.write(piece)


def describe(ctx: Context, attachment_id: UUID, version: int, about: About) -> int:
    """Change what is said about a file; return the new version. Raises InvalidError (``title``)."""
    ctx.need(Permission.DOCUMENTS_WRITE)
    if not about.title:
        raise InvalidError(_("Give it a title, for example Bitewing right."), field="title")
    values = about.model_dump() | {"teeth": list(about.teeth)}
    return change_row(ctx, Attachment, id=attachment_id, version=version, **values)


def remove(ctx: Context, attachment_id: UUID, version: int) -> int:
    """Take a file out of the record; its bytes stay, so that it can be brought back."""
    ctx.need(Permission.DOCUMENTS_WRITE)
    return change_row(ctx, Attachment, id=attachment_id, version=version, deleted_at=ctx.now)


def restore(ctx: Context, attachment_id: UUID, version: int) -> int:
    """Bring back a file that was removed at ``version``."""
    ctx.need(Permission.DOCUMENTS_WRITE)
    return restore_row(ctx, Attachment, id=attachment_id, version=version)


def differences(ctx: Context, patient_id: UUID, said: dicom.Description) -> tuple[str, ...]:
    """Return in words what a DICOM file says of its patient that the record does not."""
    ctx.need(Permission.PATIENTS_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    row = ctx.connection.execute(_WHOSE, keys).one_or_none()
    if row is None:
        raise NotFoundError(_("This patient is not there."))
    found = dicom.differences(said, names=row.names, number=row.number, born=row.born)
    return tuple(found)


def _attach(ctx: Context, new: NewAttachment, source: BinaryIO, name: str) -> Attached:
    # Told by its content before it is told by its hash: a refused file is not read to its end.
    holds = inspect(source, name)
    file_id = files.keep(ctx, source, holds, files.fingerprint(source))
    differs = differences(ctx, new.patient_id, holds.said) if holds.said is not None else ()
    keys = {"clinic": ctx.clinic_id, "patient": new.patient_id, "file": file_id, "id": new.id}
    there = ctx.connection.execute(_THE_SAME, keys).one_or_none()
    if there is not None:
        return Attached(
            id=there.id, title=there.title, media_type=holds.media_type, version=there.version,
            already=True, differs=differs,
        )  # fmt: skip
    about = new.about or _guess(holds, name)
    add_row(
        ctx,
        Attachment,
        id=new.id,
        patient_id=new.patient_id,
        file_id=file_id,
        added_by=ctx.who.person_id,
        kind=about.kind,
        title=about.title or _guess(holds, name).title,
        name=name,
        taken_on=about.taken_on,
        teeth=list(about.teeth),
        note=about.note,
    )
    state = ctx.connection.execute(_STATE, {"clinic": ctx.clinic_id, "id": new.id}).one()
    return Attached(
        id=new.id, title=state.title, media_type=holds.media_type, version=state.version,
        already=False, differs=differs,
    )  # fmt: skip


def _guess(holds: Inspected, name: str) -> About:
    """Return what can be said of a file that nobody described yet."""
    stem = PurePosixPath(name).stem.replace("_", " ").strip() or name
    if holds.said is not None:
        return About(
            kind=KIND_OF_MODALITY.get(holds.said.modality, "other"),
            title=holds.said.words or stem,
            taken_on=holds.said.taken_on,
        )
    kind = "scan" if holds.media_type == uploads.PDF else "photo"
    return About(kind=kind, title=stem)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; raises InvalidError where this computer does not let us."""
    try:
        # A device or a pipe would never end, and a folder cannot be read.
        if not path.is_file():
            raise InvalidError(_("This is not a file. It was not stored."))
        uploads.check_size(path.stat().st_size)
        with path.open("rb") as source:
            yield source
    except OSError as error:
        sentence = _("This file cannot be read: {reason}. It was not stored.")
        raise InvalidError(
            sentence.format(reason=error.strerror or type(error).__name__)
        ) from error
