"""Clinical notes in and out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.schemas import Input, Row, Text


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
