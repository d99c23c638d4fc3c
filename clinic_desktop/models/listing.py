"""How patients are listed: tags, stars, saved filters, and the keys along which a list walks."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    DerivedModel,
    Protection,
    belongs_to,
    not_blank,
    of_clinic,
    one_of,
)
from clinic_desktop.models.patient import SORTED


class PatientTag(ClinicModel):
    """One of the clinic's own tags; patients carry its id in ``patient.tags``.

    The letter stands beside the colour, which says nothing alone. A tag that is removed stays in
    the records and is shown nowhere, so that bringing it back brings back who had it.
    """

    __tablename__ = "patient_tag"
    protection = Protection(read="patients.read", write=("settings.write",))

    name: Mapped[str]
    letter: Mapped[str]
    colour: Mapped[str]

    __table_args__ = (
        of_clinic(),
        not_blank("name", 40),
        not_blank("letter", 2),
        one_of("colour", "plain", "accent", "info", "success", "warning", "danger"),
        Index(
            "ix_patient_tag_name",
            "clinic_id",
            text("lower(name)"),
            unique=True,
            postgresql_where="deleted_at IS NULL",
        ),
    )


class PatientStar(ClinicModel):
    """A patient whom somebody wants at the top of their list; taken back by ``deleted_at``.

    The database shows a person their own alone.
    """

    __tablename__ = "patient_star"
    protection = Protection(read="patients.read", write=("patients.read",), patient="patient_id")

    person_id: Mapped[UUID]
    patient_id: Mapped[UUID]

    __table_args__ = (
        belongs_to("person"),
        belongs_to("patient"),
        Index(
            "ix_patient_star_once",
            "clinic_id",
            "person_id",
            "patient_id",
            unique=True,
            postgresql_where="deleted_at IS NULL",
        ),
        Index("ix_patient_star_patient", "clinic_id", "patient_id"),
    )


class PatientFilter(ClinicModel):
    """A filter of the list under a name: a person's own, or the clinic's without ``person_id``."""

    __tablename__ = "patient_filter"
    protection = Protection(read="patients.read", write=("patients.read",))

    person_id: Mapped[UUID | None]
    name: Mapped[str]
    choices: Mapped[dict[str, object]] = mapped_column(JSONB)

    __table_args__ = (
        of_clinic(),
        belongs_to("person"),
        not_blank("name", 60),
        CheckConstraint("jsonb_typeof(choices) = 'object'", name="choices"),
        CheckConstraint("length(choices::text) <= 2000", name="choices_size"),
        Index("ix_patient_filter_person", "clinic_id", "person_id"),
    )


class PatientKey(DerivedModel):
    """By what a list walks other than by names: ``tag:`` and an id, ``born:`` and month and day."""

    __tablename__ = "patient_key"
    read = "patients.read"

    key: Mapped[str] = mapped_column(SORTED, primary_key=True)
    sort_key: Mapped[str] = mapped_column(SORTED, primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
