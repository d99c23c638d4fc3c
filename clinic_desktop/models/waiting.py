"""The waiting list: who would come sooner and when they can, and what each answered to an offer."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import SMALLINT, CheckConstraint, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Protection,
    at_most,
    belongs_to,
    one_of,
    sane,
)


class WaitingRequest(ClinicModel):
    """Somebody who waits for a time; ``appointment_id`` is a later visit that would be brought on.

    ``weekdays`` (0 is Monday) and the local times bound when they can come; empty ones bound
    nothing. ``notice`` is how many minutes before it they have to know.
    """

    __tablename__ = "waiting_request"
    protection = Protection(read="schedule.read", write=("schedule.write",), patient="patient_id")

    patient_id: Mapped[UUID]
    treatment_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    appointment_id: Mapped[UUID | None]
    minutes: Mapped[int]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SMALLINT), server_default="{}")
    not_before: Mapped[time | None]
    not_after: Mapped[time | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    notice: Mapped[int] = mapped_column(server_default="60")
    urgent: Mapped[bool] = mapped_column(server_default="false")
    remark: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="waiting")
    booked_id: Mapped[UUID | None]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("treatment"),
        belongs_to("provider"),
        belongs_to("appointment"),
        belongs_to("appointment", "booked_id"),
        one_of("status", "waiting", "booked", "withdrawn"),
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
        CheckConstraint("notice BETWEEN 0 AND 20160", name="notice"),
        CheckConstraint(
            "cardinality(weekdays) <= 7 AND weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[]",
            name="weekdays",
        ),
        CheckConstraint("not_before < not_after", name="times"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("(status = 'booked') = (booked_id IS NOT NULL)", name="booked"),
        sane("first_day"),
        sane("last_day"),
        at_most("remark", 500),
        Index(
            "ix_waiting_request_open",
            "clinic_id",
            "created_at",
            "id",
            postgresql_where="status = 'waiting' AND deleted_at IS NULL",
        ),
        Index("ix_waiting_request_patient", "clinic_id", "patient_id"),
    )


class WaitingOffer(ClinicModel):
    """A time that was offered to somebody who waits, and what they answered."""

    __tablename__ = "waiting_offer"
    protection = Protection(
        read="schedule.read",
        write=("schedule.write",),
        patient="patient_id",
        append_only=True,
    )

    patient_id: Mapped[UUID]
    request_id: Mapped[UUID]
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    provider_id: Mapped[UUID]
    answer: Mapped[str]
    remark: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("waiting_request", "request_id"),
        belongs_to("person"),
        belongs_to("provider"),
        one_of("answer", "accepted", "declined", "no_answer", "message_left"),
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
        sane("at"),
        sane("starts_at"),
        at_most("remark", 500),
        Index("ix_waiting_offer_request", "clinic_id", "request_id", "at"),
    )
