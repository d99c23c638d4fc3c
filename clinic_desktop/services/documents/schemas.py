"""Stored papers and files, in and out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.schemas import Input, Line, Row

Kind = Literal["invoice", "prescription", "receipt", "day_sheet", "upload"]


class NewDocument(Input):
    """A paper to store; ``id`` is made by the caller, so that storing twice is one act."""

    id: UUID
    patient_id: UUID | None
    kind: Kind
    title: Annotated[Line, Field(min_length=1, max_length=300)]
    media_type: Literal["application/pdf", "image/png", "image/jpeg"] = "application/pdf"
    content: bytes


class DocumentRow(Row):
    """A stored paper without its bytes."""

    id: UUID
    patient_id: UUID | None
    kind: str
    title: str
    media_type: str
    size: int
    created_at: datetime
