"""Prescriptions, frozen once issued."""

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
    one_of,
    sane,
)


class Prescription(ClinicModel):
    """What a provider prescribed, with what was known of allergies at that moment."""

    __tablename__ = "prescription"
    protection = Protection(
        read="prescriptions.read",
        write=("prescriptions.write",),
        patient="patient_id",
        guarded=True,
        open=("patient_id", "status", "number", "year", "issued_at", "document_id"),
    )

    patient_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    year: Mapped[int | None]
    number: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default="draft")
    issued_at: Mapped[datetime | None]
    weight_grams: Mapped[int | None]
    allergies: Mapped[str] = mapped_column(server_default="")
    overrides: Mapped[str] = mapped_column(server_default="")
    list_version: Mapped[str]
    document_id: Mapped[UUID | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("provider"),
        belongs_to("document"),
        UniqueConstraint("clinic_id", "year", "number"),
        one_of("status", "draft", "issued"),
        CheckConstraint("(status = 'issued') = (number IS NOT NULL)", name="numbered"),
        CheckConstraint("weight_grams BETWEEN 200 AND 650000", name="weight"),
        at_most("allergies", 2000),
        at_most("overrides", 2000),
        sane("issued_at"),
        Index("ix_prescription_patient", "clinic_id", "patient_id", "issued_at"),
    )


class PrescriptionItem(ClinicModel):
    """One medicine with its dose in words, the arithmetic behind it and the quantity."""

    __tablename__ = "prescription_item"
    protection = Protection(
        read="prescriptions.read",
        write=("prescriptions.write",),
        patient="patient_id",
        append_only=True,
        guarded=True,
        open=("prescription_id", "position"),
    )

    patient_id: Mapped[UUID]
    prescription_id: Mapped[UUID]
    position: Mapped[int]
    drug_id: Mapped[str] = mapped_column(server_default="")
    drug: Mapped[str]
    form: Mapped[str] = mapped_column(server_default="")
    dose: Mapped[str]
    arithmetic: Mapped[str] = mapped_column(server_default="")
    quantity: Mapped[int]
    unit: Mapped[str] = mapped_column(server_default="")
    days: Mapped[int | None]
    instructions: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("prescription"),
        UniqueConstraint("clinic_id", "prescription_id", "position"),
        not_blank("drug", 200),
        not_blank("dose", 500),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity"),
        CheckConstraint("days BETWEEN 1 AND 366", name="days"),
        at_most("instructions", 1000),
        Index("ix_prescription_item_patient", "clinic_id", "patient_id"),
    )
