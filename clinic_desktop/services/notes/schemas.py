"""Clinical notes in and out."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.note_templates import LONGEST
from clinic_desktop.services.schemas import Input, Name, Row, Text


class NoteRow(Row):
    """A note with its text in force."""

    id: UUID
    version: int
    number: int
    author_id: UUID
    author: str
    status: str
    body: str
    created_at: datetime
    signed_at: datetime | None
    signer: str | None
    amends_id: UUID | None
    appointment_id: UUID | None


class NoteText(Input):
    """The text of a note as it is left: ``id`` is the note's, ``version_id`` the new version's.

    ``after`` is the number of the version that was edited, 0 for none; None does not ask.
    """

    id: UUID
    version_id: UUID
    patient_id: UUID
    body: Annotated[Text, Field(max_length=1_000_000)]
    appointment_id: UUID | None = None
    amends_id: UUID | None = None
    after: int | None = None


class TemplateRow(Row):
    """A note template; ``body`` has its places as they are written."""

    id: UUID
    version: int
    name: str
    body: str
    active: bool


class TemplateValues(Input):
    """What a person types about a note template."""

    name: Annotated[Name, Field(max_length=120)]
    body: Annotated[Text, Field(max_length=LONGEST)]
    active: bool = True


class Left(StrEnum):
    """What became of the note when the work it was opened for was taken back."""

    NONE = ""
    """There was none."""
    TAKEN = "taken"
    """Nobody had touched the draft: it went with the work."""
    SHORTENED = "shortened"
    """Nobody had touched it: it says only what is still done."""
    EDITED = "edited"
    """Somebody wrote in it: it stays as it is."""
    SIGNED = "signed"
    """It is signed: it stays, and an addendum corrects it."""
    OTHERS = "others"
    """It is another person's and tells of other work too: it stays as it is."""
