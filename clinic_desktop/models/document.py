"""Stored papers and files, named by what they contain."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Protection,
    at_most,
    belongs_to,
    not_blank,
    of_clinic,
    one_of,
    sane,
)

PIECE: Final = 1_048_576
"""Bytes of every piece of a file but the last."""
KINDS: Final = (
    "intraoral", "panoramic", "cephalometric", "volume", "photo", "scan", "letter", "consent",
    "report", "other",
)  # fmt: skip


class Document(ClinicModel):
    """A stored paper; what was printed once is printed again from these bytes."""

    __tablename__ = "document"
    protection = Protection(
        read="documents.read",
        write=("documents.write", "billing.issue", "prescriptions.write"),
        patient="patient_id",
        guarded=True,
        open=("patient_id", "kind", "title", "media_type", "size", "sha256"),
        unlogged=("content",),
        append_only=True,
    )

    patient_id: Mapped[UUID | None]
    kind: Mapped[str]
    title: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    content: Mapped[bytes]

    __table_args__ = (
        belongs_to("patient"),
        one_of("kind", "invoice", "prescription", "receipt", "day_sheet", "upload"),
        not_blank("title", 300),
        one_of("media_type", "application/pdf", "image/png", "image/jpeg"),
        CheckConstraint("size = octet_length(content) AND size <= 52428800", name="size"),
        CheckConstraint("sha256 = sha256(content)", name="fingerprint"),
        Index("ix_document_patient", "clinic_id", "patient_id", "created_at"),
    )


class StoredFile(ClinicModel):
    """What a file holds, once for each clinic however often it is handed in.

    ``fingerprint`` is the SHA-256 of the SHA-256 of its pieces, which the database checks when
    the transaction ends: a file is whole or it is not there.
    """

    __tablename__ = "stored_file"
    protection = Protection(
        read="documents.read",
        write=("documents.write",),
        guarded=True,
        open=("fingerprint", "size", "pieces", "media_type", "width", "height", "frames"),
        unlogged=("thumbnail",),
        append_only=True,
    )

    fingerprint: Mapped[bytes]
    size: Mapped[int]
    pieces: Mapped[int]
    media_type: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    frames: Mapped[int] = mapped_column(server_default="1")
    thumbnail: Mapped[bytes | None]

    __table_args__ = (
        of_clinic(),
        UniqueConstraint("clinic_id", "fingerprint"),
        CheckConstraint("size BETWEEN 1 AND 209715200", name="size"),
        CheckConstraint("pieces = (size + 1048575) / 1048576", name="pieces"),
        one_of(
            "media_type",
            "image/jpeg", "image/png", "image/tiff", "image/bmp", "image/webp", "application/pdf",
            "application/dicom",
        ),
        CheckConstraint(
            "width IS NULL AND height IS NULL"
            " OR width > 0 AND height > 0 AND width::bigint * height <= 50000000",
            name="pixels",
        ),
        CheckConstraint("frames >= 1", name="frames"),
        CheckConstraint("octet_length(thumbnail) <= 262144", name="thumbnail"),
    )  # fmt: skip


class FilePiece(ClinicModel):
    """A piece of a stored file; together, in the order of ``number``, they are its bytes."""

    __tablename__ = "file_piece"
    protection = Protection(
        read="documents.read",
        write=("documents.write",),
        guarded=True,
        open=("file_id", "number", "sha256"),
        unlogged=("content",),
        append_only=True,
    )

    file_id: Mapped[UUID]
    number: Mapped[int]
    sha256: Mapped[bytes]
    content: Mapped[bytes]

    __table_args__ = (
        belongs_to("stored_file", "file_id"),
        UniqueConstraint("clinic_id", "file_id", "number"),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 1048576", name="size"),
        CheckConstraint("sha256 = sha256(content)", name="fingerprint"),
    )


class Attachment(ClinicModel):
    """A patient's image or document: what it is called and about, over a stored file."""

    __tablename__ = "attachment"
    protection = Protection(read="documents.read", write=("documents.write",), patient="patient_id")

    patient_id: Mapped[UUID]
    file_id: Mapped[UUID]
    added_by: Mapped[UUID]
    kind: Mapped[str]
    title: Mapped[str]
    name: Mapped[str]
    taken_on: Mapped[date | None]
    teeth: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    note: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("stored_file", "file_id"),
        belongs_to("person", "added_by"),
        one_of("kind", *KINDS),
        not_blank("title", 200),
        not_blank("name", 200),
        CheckConstraint(r"name !~ '[/\\]'", name="name_path"),
        sane("taken_on"),
        at_most("note", 4000),
        CheckConstraint(
            "cardinality(teeth) <= 60 AND array_position(teeth, NULL) IS NULL", name="teeth"
        ),
        Index("ix_attachment_patient", "clinic_id", "patient_id", "created_at"),
        Index("ix_attachment_file", "clinic_id", "file_id"),
    )


class AttachmentMark(ClinicModel):
    """Something drawn over an image; the image itself never changes.

    ``points`` are x, y, x, y in hundredths of a pixel of the frame; a text has one point.
    A ``scale`` says how long its line is: ``micrometres``.
    """

    __tablename__ = "attachment_mark"
    protection = Protection(read="documents.read", write=("documents.write",), patient="patient_id")

    patient_id: Mapped[UUID]
    attachment_id: Mapped[UUID]
    frame: Mapped[int] = mapped_column(server_default="0")
    shape: Mapped[str]
    points: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    words: Mapped[str] = mapped_column(server_default="")
    micrometres: Mapped[int | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("attachment"),
        one_of("shape", "arrow", "line", "text", "measure", "scale"),
        CheckConstraint("frame >= 0", name="frame"),
        CheckConstraint(
            "cardinality(points) = CASE shape WHEN 'text' THEN 2 ELSE 4 END"
            " AND array_position(points, NULL) IS NULL",
            name="points",
        ),
        CheckConstraint("(shape = 'text') <= (btrim(words) <> '')", name="text"),
        at_most("words", 500),
        CheckConstraint(
            "(shape = 'scale') = (micrometres IS NOT NULL)"
            " AND (micrometres IS NULL OR micrometres BETWEEN 10 AND 1000000)",
            name="length",
        ),
        Index("ix_attachment_mark_attachment", "clinic_id", "attachment_id"),
    )
