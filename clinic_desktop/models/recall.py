"""Recall: what patients come back for, how often, when each is due, and who tried to reach them."""

from datetime import date, datetime
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

# How often somebody may come back at all: from a week to twenty years.
_INTERVAL = (
    "{unit} = 'week' AND {every} BETWEEN 1 AND 104"
    " OR {unit} = 'month' AND {every} BETWEEN 1 AND 240"
)


class RecallType(ClinicModel):
    """What patients come back for; ``every`` and ``unit`` are the usual interval.

    While a patient has an active recall of a type that replaces another (periodontal maintenance
    in place of hygiene), the other is not asked for. Below ``under_age`` years only, where set.
    """

    __tablename__ = "recall_type"
    protection = Protection(read="schedule.read", write=("catalogue.write",))

    code: Mapped[str]
    name: Mapped[str]
    every: Mapped[int]
    unit: Mapped[str]
    replaces_id: Mapped[UUID | None]
    under_age: Mapped[int | None]
    active: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (
        of_clinic(),
        belongs_to("recall_type", "replaces_id"),
        UniqueConstraint("clinic_id", "code"),
        not_blank("code", 20),
        not_blank("name", 120),
        one_of("unit", "week", "month"),
        CheckConstraint(_INTERVAL.format(unit="unit", every="every"), name="interval"),
        CheckConstraint("under_age BETWEEN 1 AND 120", name="under_age"),
        CheckConstraint("replaces_id <> id", name="replaces"),
    )


class RecallTypeTreatment(ClinicModel):
    """A treatment that, completed, begins the interval of a recall anew."""

    __tablename__ = "recall_type_treatment"
    protection = Protection(read="schedule.read", write=("catalogue.write",))

    recall_type_id: Mapped[UUID]
    treatment_id: Mapped[UUID]

    __table_args__ = (
        belongs_to("recall_type"),
        belongs_to("treatment"),
        UniqueConstraint("clinic_id", "recall_type_id", "treatment_id"),
        Index("ix_recall_type_treatment_treatment", "clinic_id", "treatment_id"),
    )


class Recall(ClinicModel):
    """When one patient is due for one type; ``every`` and ``unit`` only where theirs differ.

    ``due_on`` None: nothing was done yet and nobody named a date. ``paused_until`` holds it back,
    for good where it is the last day that the calendar knows.
    """

    __tablename__ = "recall"
    protection = Protection(
        read="schedule.read",
        write=("schedule.write", "clinical.complete"),
        patient="patient_id",
    )

    patient_id: Mapped[UUID]
    recall_type_id: Mapped[UUID]
    every: Mapped[int | None]
    unit: Mapped[str | None]
    last_on: Mapped[date | None]
    due_on: Mapped[date | None]
    paused_until: Mapped[date | None]
    pause_reason: Mapped[str] = mapped_column(server_default="")
    remark: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("recall_type"),
        UniqueConstraint("clinic_id", "patient_id", "recall_type_id"),
        CheckConstraint("(every IS NULL) = (unit IS NULL)", name="own_interval"),
        CheckConstraint(
            "every IS NULL OR " + _INTERVAL.format(unit="unit", every="every"), name="interval"
        ),
        CheckConstraint("paused_until IS NULL OR pause_reason <> ''", name="pause"),
        sane("last_on"),
        sane("due_on"),
        sane("paused_until"),
        at_most("pause_reason", 200),
        at_most("remark", 500),
        Index(
            "ix_recall_due",
            "clinic_id",
            "due_on",
            "id",
            postgresql_where="due_on IS NOT NULL AND deleted_at IS NULL",
        ),
    )


class RecallAttempt(ClinicModel):
    """One try to reach a patient about a recall, and what came of it."""

    __tablename__ = "recall_attempt"
    protection = Protection(
        read="schedule.read",
        write=("schedule.write",),
        patient="patient_id",
        append_only=True,
    )

    patient_id: Mapped[UUID]
    recall_id: Mapped[UUID]
    at: Mapped[datetime]
    channel: Mapped[str]
    outcome: Mapped[str]
    remark: Mapped[str] = mapped_column(server_default="")
    appointment_id: Mapped[UUID | None]
    person_id: Mapped[UUID]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("recall"),
        belongs_to("appointment"),
        belongs_to("person"),
        one_of("channel", "phone", "sms", "email", "whatsapp", "post", "in_person"),
        one_of(
            "outcome",
            "no_answer",
            "message_left",
            "will_call",
            "declined",
            "wrong_number",
            "booked",
        ),
        sane("at"),
        at_most("remark", 500),
        Index("ix_recall_attempt_recall", "clinic_id", "recall_id", "at"),
    )
