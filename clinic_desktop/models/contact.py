"""Tries to reach a patient about an appointment that is still to be made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import ClinicModel, Protection, at_most, belongs_to, one_of, sane


class ContactAttempt(ClinicModel):
    """One try to reach a patient about planned treatment or about a broken appointment.

    ``appointment_id`` is the broken one, ``booked_id`` the one that came of the try. Tries about a
    recall stand with the recall.
    """

    __tablename__ = "contact_attempt"
    protection = Protection(
        read="schedule.read",
        write=("schedule.write",),
        patient="patient_id",
        append_only=True,
    )

    patient_id: Mapped[UUID]
    about: Mapped[str]
    appointment_id: Mapped[UUID | None]
    at: Mapped[datetime]
    channel: Mapped[str]
    outcome: Mapped[str]
    remark: Mapped[str] = mapped_column(server_default="")
    booked_id: Mapped[UUID | None]
    person_id: Mapped[UUID]

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("appointment"),
        belongs_to("appointment", "booked_id"),
        belongs_to("person"),
        one_of("about", "planned", "broken"),
        CheckConstraint("(about = 'broken') = (appointment_id IS NOT NULL)", name="visit"),
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
        CheckConstraint("(outcome = 'booked') = (booked_id IS NOT NULL)", name="booked"),
        sane("at"),
        at_most("remark", 500),
        Index("ix_contact_attempt_patient", "clinic_id", "patient_id", "at"),
    )
