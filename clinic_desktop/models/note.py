"""Clinical notes: append-only versions, signed and then locked; the templates they begin with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
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


class NoteTemplate(ClinicModel):
    """The words a note begins with; its places are those of ``domain/note_templates``."""

    __tablename__ = "note_template"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    name: Mapped[str]
    body: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (
        of_clinic(),
        UniqueConstraint("clinic_id", "name"),
        not_blank("name", 120),
        not_blank("body", 8_000),
    )


class Note(ClinicModel):
    """A clinical note without its text; the text stands in its versions.

    ``filled`` is the version that completing work wrote from templates, 0 where a person began the
    note: while no later version stands, nobody has touched it.
    """

    __tablename__ = "note"
    protection = Protection(
        read="clinical.read", write=("clinical.write", "clinical.sign"), patient="patient_id"
    )

    patient_id: Mapped[UUID]
    appointment_id: Mapped[UUID | None]
    author_id: Mapped[UUID]
    amends_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(server_default="draft")
    filled: Mapped[int] = mapped_column(server_default="0")
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("appointment"),
        belongs_to("person", "author_id"),
        belongs_to("person", "signed_by"),
        belongs_to("note", "amends_id"),
        one_of("status", "draft", "signed"),
        CheckConstraint("filled >= 0", name="filled"),
        CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL AND signed_by IS NOT NULL)", name="signed"
        ),
        sane("signed_at"),
        Index("ix_note_patient", "clinic_id", "patient_id", "created_at"),
        Index("ix_note_unsigned", "clinic_id", "created_at", postgresql_where="status = 'draft'"),
    )


class NoteVersion(ClinicModel):
    """The text of a note as it was left or signed; the highest ``number`` is the one in force."""

    __tablename__ = "note_version"
    protection = Protection(
        read="clinical.read",
        write=("clinical.write",),
        patient="patient_id",
        append_only=True,
        guarded=True,
        open=("note_id", "number"),
    )

    patient_id: Mapped[UUID]
    note_id: Mapped[UUID]
    number: Mapped[int]
    body: Mapped[str]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("note"),
        UniqueConstraint("clinic_id", "note_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        at_most("body", 1_000_000),
        Index("ix_note_version_patient", "clinic_id", "patient_id"),
    )
