"""Appointments, the work planned for them, and the times that providers and chairs are taken."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    UniqueConstraint,
    Uuid,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    DerivedModel,
    Protection,
    at_most,
    belongs_to,
    one_of,
    sane,
    spans_of_minutes,
)


class Appointment(ClinicModel):
    """A patient's booked time. The local time and zone stand beside the instant they give."""

    __tablename__ = "appointment"
    protection = Protection(
        read="schedule.read",
        write=("schedule.write", "clinical.complete"),
        patient="patient_id",
    )

    patient_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    chair_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    local_start: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    zone: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="pending")
    status_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    seated_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    squeeze_reason: Mapped[str] = mapped_column(server_default="")
    remark: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(server_default="desk")
    assist: Mapped[str] = mapped_column(server_default="")
    """Minutes from the start in which an assistant alone works: ``0-10,50-60``."""
    outside_reason: Mapped[str] = mapped_column(server_default="")
    """Why it stands in the past or outside working time."""
    rescheduled_from_id: Mapped[UUID | None]
    """The one that it was made for: moved to this time, missed or cancelled. Said once."""
    series_id: Mapped[UUID | None]
    series_date: Mapped[date | None]
    """The date of the series' rule that it stands for, wherever it stands itself."""

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("provider"),
        belongs_to("chair"),
        belongs_to("appointment", "rescheduled_from_id"),
        belongs_to("appointment_series", "series_id"),
        # Deferrable: a series that moves by a week takes each date from the one before it.
        UniqueConstraint(
            "series_id", "clinic_id", "series_date", deferrable=True, initially="IMMEDIATE"
        ),
        CheckConstraint("(series_id IS NULL) = (series_date IS NULL)", name="series"),
        one_of(
            "status",
            "pending",
            "confirmed",
            "arrived",
            "in_chair",
            "done",
            "missed",
            "cancelled",
            "rescheduled",
        ),
        one_of(
            "source",
            "desk",
            "phone",
            "web",
            "walk_in",
            "recall",
            "import",
            "backdated",
            "waiting_list",
            "planned",
            "rebooked",
        ),
        CheckConstraint(
            "ends_at > starts_at AND ends_at - starts_at <= interval '24 hours'", name="length"
        ),
        CheckConstraint("status NOT IN ('cancelled') OR reason <> ''", name="cancel_reason"),
        CheckConstraint("rescheduled_from_id <> id", name="place"),
        sane("starts_at"),
        sane("ends_at"),
        at_most("remark", 2000),
        at_most("reason", 500),
        at_most("outside_reason", 500),
        spans_of_minutes("assist"),
        Index("ix_appointment_provider", "clinic_id", "provider_id", "starts_at"),
        Index("ix_appointment_day", "clinic_id", "starts_at"),
        Index("ix_appointment_patient", "clinic_id", "patient_id", "starts_at"),
        Index(
            "ix_appointment_broken",
            "clinic_id",
            "starts_at",
            "id",
            postgresql_where="status IN ('missed', 'cancelled') AND deleted_at IS NULL",
        ),
        Index(
            "ix_appointment_rescheduled_from",
            "clinic_id",
            "rescheduled_from_id",
            postgresql_where="rescheduled_from_id IS NOT NULL",
        ),
        # One at most stands in the place of another.
        Index(
            "ix_appointment_successor",
            "clinic_id",
            "rescheduled_from_id",
            unique=True,
            postgresql_where=(
                "rescheduled_from_id IS NOT NULL AND deleted_at IS NULL AND status <> 'cancelled'"
            ),
        ),
    )


class AppointmentTreatment(ClinicModel):
    """A treatment planned for an appointment, in order; it may come from the chart."""

    __tablename__ = "appointment_treatment"
    protection = Protection(
        read="schedule.read", write=("schedule.write", "clinical.complete"), patient=None
    )

    appointment_id: Mapped[UUID]
    treatment_id: Mapped[UUID]
    chart_item_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        belongs_to("appointment"),
        belongs_to("treatment"),
        belongs_to("chart_item"),
        Index("ix_appointment_treatment_appointment", "clinic_id", "appointment_id"),
        Index(
            "ix_appointment_treatment_chart_item",
            "clinic_id",
            "chart_item_id",
            postgresql_where="chart_item_id IS NOT NULL AND deleted_at IS NULL",
        ),
    )


class AppointmentResource(DerivedModel):
    """A provider's or chair's taken time; the constraint on it is what refuses double booking.

    Kept by a trigger from the appointment. One point as a range stands for equality, because the
    embedded server has no extension for it.
    """

    __tablename__ = "appointment_resource"
    read = "schedule.read"

    appointment_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(Uuid)
    own_time: Mapped[list[Range[datetime]]] = mapped_column(TSTZMULTIRANGE)
    blocking: Mapped[bool]

    __table_args__ = (
        belongs_to("appointment"),
        one_of("kind", "provider", "chair"),
        CheckConstraint("NOT isempty(own_time)", name="own_time"),
        ExcludeConstraint(
            (func.uuidrange(column("clinic_id"), column("clinic_id"), text("'[]'")), "="),
            (func.uuidrange(column("resource_id"), column("resource_id"), text("'[]'")), "="),
            (column("own_time"), "&&"),
            name="appointment_resource_no_overlap",
            where=text("blocking"),
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )


class BrokenVisit(DerivedModel):
    """The last visit of a patient that was missed or cancelled and not made anew.

    Kept by triggers, so that the list of them walks nobody who came since; a booking that is still
    pending is looked at by the list itself.
    """

    __tablename__ = "broken_visit"
    read = "schedule.read"

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    provider_id: Mapped[UUID]
    declined: Mapped[bool]
    """Whether the patient said no when last asked."""

    __table_args__ = (
        belongs_to("appointment"),
        Index("ix_broken_visit_all", "clinic_id", "starts_at", "appointment_id"),
        Index(
            "ix_broken_visit_open",
            "clinic_id",
            "starts_at",
            "appointment_id",
            postgresql_where="NOT declined",
        ),
        Index(
            "ix_broken_visit_provider", "clinic_id", "provider_id", "starts_at", "appointment_id"
        ),
    )
