"""Stored papers and files, in and out."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.schemas import Input, Line, Row, Text

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


AttachmentKind = Literal[
    "intraoral", "panoramic", "cephalometric", "volume", "photo", "scan", "letter", "consent",
    "report", "other",
]  # fmt: skip
Shape = Literal["arrow", "line", "text", "measure", "scale"]
Tooth = Annotated[int, Field(ge=11, le=85)]


class About(Input):
    """What a person says about a file; ``teeth`` in FDI."""

    kind: AttachmentKind = "other"
    title: Annotated[Line, Field(max_length=200)] = ""
    taken_on: date | None = None
    teeth: Annotated[tuple[Tooth, ...], Field(max_length=60)] = ()
    note: Annotated[Text, Field(max_length=4000)] = ""


class NewAttachment(Input):
    """A file to attach; ``id`` is made by the caller, so that attaching twice is one act.

    Without ``about`` the kind and date are taken from the file, the title from its name.
    """

    id: UUID
    patient_id: UUID
    about: About | None = None


class Attached(Row):
    """What became of a file: ``already`` when this patient has it, under ``id``.

    ``differs`` names what a DICOM file says of its patient that the record does not.
    """

    id: UUID
    title: str
    media_type: str
    version: int
    already: bool
    differs: tuple[str, ...]


class AttachmentRow(Row):
    """An attachment without its bytes."""

    id: UUID
    version: int
    file_id: UUID
    kind: str
    title: str
    name: str
    taken_on: date | None
    teeth: tuple[int, ...]
    note: str
    created_at: datetime
    added_by: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    frames: int


class NewMark(Input):
    """Something to draw over an image; ``points`` are pixels of the frame, x and y in turn."""

    id: UUID
    patient_id: UUID
    attachment_id: UUID
    frame: int = 0
    shape: Shape
    points: tuple[float, ...]
    words: Annotated[Line, Field(max_length=500)] = ""
    mm: float | None = None


class MarkRow(Row):
    """What is drawn over an image; ``points`` in pixels."""

    id: UUID
    version: int
    frame: int
    shape: str
    points: tuple[float, ...]
    words: str
    mm: float | None
