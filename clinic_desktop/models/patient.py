"""Patients, their households, alerts and the words by which they are found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    DerivedModel,
    Model,
    Protection,
    at_most,
    belongs_to,
    not_blank,
    of_clinic,
    one_of,
    sane,
)

SORTED = Text(collation="C")


class Household(ClinicModel):
    """People whose accounts one payer settles."""

    __tablename__ = "household"
    protection = Protection(read="patients.read", write=("patients.write",))

    name: Mapped[str]
    payer_id: Mapped[UUID | None]

    __table_args__ = (of_clinic(), not_blank("name", 200))


class Patient(ClinicModel):
    """A person, or an animal, under the clinic's care.

    ``family`` is empty for somebody with one name. ``sort_key`` and ``words`` are computed by the
    program (case folded, accents stripped), because the database's collation is C. A record with
    ``merged_into_id`` is out of use and forwards to the one that holds its rows now. One with
    ``erased_at`` is empty but for its number, and nothing is written in it any more.
    """

    __tablename__ = "patient"
    protection = Protection(
        read="patients.read",
        write=("patients.write",),
        patient="id",
        unlogged=("sort_key", "words"),
    )

    number: Mapped[str]
    given: Mapped[str]
    family: Mapped[str] = mapped_column(server_default="")
    other_name: Mapped[str] = mapped_column(server_default="")
    sex: Mapped[str] = mapped_column(server_default="unknown")
    species: Mapped[str] = mapped_column(server_default="human")
    born: Mapped[date | None]
    born_estimated: Mapped[bool] = mapped_column(server_default="false")
    phone: Mapped[str] = mapped_column(server_default="")
    no_phone_reason: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    city: Mapped[str] = mapped_column(server_default="")
    postcode: Mapped[str] = mapped_column(server_default="")
    country: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="")
    prefers: Mapped[str] = mapped_column(server_default="phone")
    status: Mapped[str] = mapped_column(server_default="active")
    deceased_on: Mapped[date | None]
    tags: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    photo_id: Mapped[UUID | None]
    household_id: Mapped[UUID | None]
    guardian_id: Mapped[UUID | None]
    sticky_note: Mapped[str] = mapped_column(server_default="")
    alerts_reviewed_at: Mapped[datetime | None]
    alerts_reviewed_by: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None]
    erased_at: Mapped[datetime | None]
    sort_key: Mapped[str] = mapped_column(SORTED)
    words: Mapped[list[str]]

    __table_args__ = (
        of_clinic(),
        belongs_to("household"),
        belongs_to("patient", "guardian_id"),
        belongs_to("person", "alerts_reviewed_by"),
        belongs_to("patient", "merged_into_id"),
        UniqueConstraint("clinic_id", "number"),
        not_blank("given", 100),
        at_most("family", 100),
        at_most("other_name", 200),
        at_most("phone", 40),
        at_most("email", 254),
        at_most("address", 500),
        at_most("sticky_note", 4000),
        CheckConstraint("phone <> '' OR no_phone_reason <> ''", name="phone_or_reason"),
        one_of("sex", "female", "male", "other", "unknown"),
        one_of("species", "human", "dog", "cat"),
        one_of("prefers", "phone", "sms", "whatsapp", "email", "letter"),
        one_of("status", "active", "inactive", "archived", "deceased"),
        CheckConstraint("guardian_id <> id", name="not_own_guardian"),
        CheckConstraint(
            "merged_into_id IS NULL OR deleted_at IS NOT NULL AND merged_into_id <> id",
            name="merged",
        ),
        CheckConstraint(
            "erased_at IS NULL OR deleted_at IS NOT NULL AND given = 'Erased record' "
            "AND family = number AND born IS NULL AND words = '{}' AND concat(other_name, phone, "
            "email, address, city, postcode, country, sticky_note, sort_key) = ''",
            name="erased",
        ),
        sane("born"),
        sane("deceased_on"),
        CheckConstraint(
            "cardinality(tags) <= 48 AND array_position(tags, NULL) IS NULL", name="tags"
        ),
        # Each of the two tables points to the other.
        ForeignKeyConstraint(
            ["clinic_id", "photo_id"],
            ["patient_photo.clinic_id", "patient_photo.id"],
            name="patient_clinic_id_photo_id_fkey",
            use_alter=True,
            # A record that is brought in is there before its picture.
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_patient_order", "clinic_id", "sort_key", "id"),
        Index("ix_patient_status", "clinic_id", "status", "sort_key", "id"),
        Index("ix_patient_born", "clinic_id", "born"),
        Index("ix_patient_phone", "clinic_id", "phone"),
        Index("ix_patient_household", "clinic_id", "household_id"),
        Index("ix_patient_email", "clinic_id", "email", postgresql_where="email <> ''"),
        Index(
            "ix_patient_merged_into",
            "clinic_id",
            "merged_into_id",
            postgresql_where="merged_into_id IS NOT NULL",
        ),
    )


class PatientAlert(ClinicModel):
    """Something everybody must see before touching the patient, or the fact that none is known."""

    __tablename__ = "patient_alert"
    protection = Protection(
        read="patients.read", write=("patients.write", "clinical.write"), patient="patient_id"
    )

    patient_id: Mapped[UUID]
    kind: Mapped[str]
    severity: Mapped[str]
    text: Mapped[str]
    substance: Mapped[str] = mapped_column(server_default="")
    noted_on: Mapped[date]

    __table_args__ = (
        belongs_to("patient"),
        one_of(
            "kind",
            "allergy",
            "no_known_allergies",
            "anticoagulant",
            "condition",
            "pregnancy",
            "premedication",
            "medicine",
            "other",
        ),
        one_of("severity", "stop", "caution", "context"),
        not_blank("text", 500),
        sane("noted_on"),
        Index("ix_patient_alert_patient", "clinic_id", "patient_id"),
    )


class PatientPhoto(ClinicModel):
    """A square picture of a patient's face; ``patient.photo_id`` says which one is shown."""

    __tablename__ = "patient_photo"
    protection = Protection(
        read="patients.read",
        write=("patients.write",),
        patient="patient_id",
        unlogged=("content", "thumbnail"),
        append_only=True,
    )

    patient_id: Mapped[UUID]
    sha256: Mapped[bytes]
    content: Mapped[bytes]
    thumbnail: Mapped[bytes]

    __table_args__ = (
        belongs_to("patient"),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 524288", name="size"),
        CheckConstraint("octet_length(thumbnail) BETWEEN 1 AND 65536", name="thumbnail"),
        CheckConstraint("sha256 = sha256(content)", name="fingerprint"),
        Index("ix_patient_photo_patient", "clinic_id", "patient_id"),
    )


class PatientConsent(ClinicModel):
    """What a patient said about being contacted one way for one purpose; the latest word counts.

    Where nothing was ever said there is no row, and nobody may take that for a yes.
    """

    __tablename__ = "patient_consent"
    protection = Protection(
        read="patients.read", write=("patients.write",), patient="patient_id", append_only=True
    )

    patient_id: Mapped[UUID]
    recorded_by: Mapped[UUID | None]
    channel: Mapped[str]
    purpose: Mapped[str]
    answer: Mapped[str]
    how: Mapped[str]
    said_on: Mapped[date]
    remark: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("person", "recorded_by"),
        one_of("channel", "phone", "sms", "whatsapp", "email", "letter"),
        one_of("purpose", "care", "reminders", "marketing"),
        one_of("answer", "given", "refused", "unknown"),
        one_of("how", "spoken", "phone", "form", "message", "imported"),
        sane("said_on"),
        at_most("remark", 500),
        Index(
            "ix_patient_consent_patient",
            "clinic_id", "patient_id", "channel", "purpose", "created_at", "id",
        ),
    )  # fmt: skip


class PatientWord(DerivedModel):
    """Every word by whose beginning a patient is found as somebody types.

    The same words stand in ``patient.words``, so that a row found by one word is checked for the
    others, and its old words are found by their key when they change.
    """

    __tablename__ = "patient_word"
    read = "patients.read"

    word: Mapped[str] = mapped_column(SORTED, primary_key=True)
    sort_key: Mapped[str] = mapped_column(SORTED, primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)


class WordStage(Model):
    """Records of a transaction whose words are indexed when it ends, one row for each statement."""

    __tablename__ = "word_stage"

    n: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xact: Mapped[int] = mapped_column(BigInteger)
    clinic_id: Mapped[UUID]
    ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
