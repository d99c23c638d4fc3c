"""Appointments that repeat: the rule of a series and what each of its appointments is to be."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import ClinicModel, Protection, at_most, belongs_to, sane

_WRITE = ("schedule.write", "clinical.complete")


class AppointmentSeries(ClinicModel):
    """A patient's repeated appointment as it was agreed.

    ``rule`` is iCalendar's (domain/recurrence.py) and gives dates from ``local_start`` on; the time
    of day is the clinic's own. An appointment of it that stands elsewhere, or is longer, or with
    somebody else, has been moved by itself. ``follows_id`` is the series that it was parted from.
    """

    __tablename__ = "appointment_series"
    protection = Protection(read="schedule.read", write=_WRITE, patient="patient_id")

    patient_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    chair_id: Mapped[UUID | None]
    rule: Mapped[str]
    local_start: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    zone: Mapped[str]
    minutes: Mapped[int]
    follows_id: Mapped[UUID | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("provider"),
        belongs_to("chair"),
        belongs_to("appointment_series", "follows_id"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        # Never without an end.
        CheckConstraint(
            r"rule ~ '^FREQ=(WEEKLY|MONTHLY);.*;(COUNT=\d{1,3}|UNTIL=\d{8})$'", name="rule"
        ),
        CheckConstraint("follows_id <> id", name="follows"),
        at_most("rule", 200),
        sane("local_start"),
        Index("ix_appointment_series_patient", "clinic_id", "patient_id"),
    )


class SeriesTreatment(ClinicModel):
    """A treatment that each appointment of a series is for, in order."""

    __tablename__ = "series_treatment"
    protection = Protection(read="schedule.read", write=_WRITE, patient=None)

    series_id: Mapped[UUID]
    treatment_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        belongs_to("appointment_series", "series_id"),
        belongs_to("treatment"),
        Index("ix_series_treatment_series", "clinic_id", "series_id"),
    )
