"""Erased people: that it was done, when, by whom and why; nothing of who they were."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Model,
    Protection,
    at_most,
    belongs_to,
    not_blank,
    sane,
)


class Erasure(ClinicModel):
    """One erasure; ``erase_patient`` alone writes it.

    ``care_until`` is how long the record itself was to be kept, ``early_reason`` why it was not;
    ``kept_until`` the day on which the last of the kept invoices may go. ``person_id`` is empty
    for one that a restore did again.
    """

    __tablename__ = "erasure"
    protection = Protection(
        read="patients.read", write=("patients.erase",), patient="patient_id", append_only=True
    )

    patient_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    reason: Mapped[str]
    early_reason: Mapped[str] = mapped_column(server_default="")
    care_until: Mapped[date | None]
    invoices_kept: Mapped[int] = mapped_column(server_default="0")
    kept_until: Mapped[date | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("person"),
        not_blank("reason", 500),
        at_most("early_reason", 500),
        CheckConstraint("invoices_kept >= 0", name="invoices_kept"),
        sane("care_until"),
        sane("kept_until"),
        Index("ix_erasure_patient", "clinic_id", "patient_id"),
    )


class RecordErasure(Model):
    """Marks the transaction that is erasing a record; guards let exactly that pass."""

    __tablename__ = "record_erasure"

    xact: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
