"""Stored papers and files, named by what they contain."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from clinic_desktop.models.base import ClinicModel, Protection, belongs_to, not_blank, one_of


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
