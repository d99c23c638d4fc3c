"""Storing papers and reading them back; reading one is written to the access log."""

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy import Table, insert, select, text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError, NotFoundError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.models import Document
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents.schemas import DocumentRow, NewDocument

LARGEST: Final = 52_428_800
_TABLE: Table = Document.__table__  # type: ignore[assignment]  # declared as the wider FromClause

_CONTENT = text(
    "SELECT content, sha256 FROM read_document(:clinic, CAST(:patient AS uuid), :document)"
)
_THERE = text("SELECT 1 FROM document WHERE clinic_id = :clinic AND id = :document")


def store(ctx: Context, new: NewDocument) -> UUID:
    """Store a paper under its fingerprint; return its id. Raises InvalidError when too large."""
    ctx.need(Permission.DOCUMENTS_WRITE, Permission.BILLING_ISSUE, Permission.PRESCRIPTIONS_WRITE)
    if len(new.content) > LARGEST:
        raise InvalidError(
            _("This file is larger than {count} MB.").format(count=LARGEST // 1_048_576)
        )
    keys = {"clinic": ctx.clinic_id, "document": new.id}
    if ctx.connection.execute(_THERE, keys).first() is None:
        ctx.connection.execute(
            insert(_TABLE).values(
                clinic_id=ctx.clinic_id,
                **new.model_dump(),
                size=len(new.content),
                sha256=hashlib.sha256(new.content).digest(),
            )
        )
    return new.id


def content(ctx: Context, patient_id: UUID | None, document_id: UUID) -> bytes:
    """Return the stored bytes, checked against their fingerprint.

    Raises NotFoundError, SetupError when the disk changed them.
    """
    ctx.need(Permission.DOCUMENTS_READ)
    row = ctx.connection.execute(
        _CONTENT,
        {"clinic": ctx.clinic_id, "patient": patient_id, "document": document_id},
    ).one_or_none()
    if row is None:
        raise NotFoundError(_("This document is not there."))
    found = bytes(row.content)
    if hashlib.sha256(found).digest() != bytes(row.sha256):
        raise SetupError(_("This document was damaged on the disk. Restore it from a backup."))
    return found


def of_patient(ctx: Context, patient_id: UUID, *, limit: int = 200) -> tuple[DocumentRow, ...]:
    """Return a patient's stored papers, latest first."""
    ctx.need(Permission.DOCUMENTS_READ)
    statement = (
        select(*[getattr(Document, name) for name in DocumentRow.model_fields])
        .where(
            Document.clinic_id == ctx.clinic_id,
            Document.patient_id == patient_id,
            Document.deleted_at.is_(None),
        )
        .order_by(Document.created_at.desc())
        .limit(limit)
    )
    return tuple(map(DocumentRow.model_validate, ctx.connection.execute(statement)))
