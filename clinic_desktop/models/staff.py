"""People who work at the clinic, their roles and rights, and the providers among them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Model,
    Protection,
    at_most,
    belongs_to,
    few_words,
    not_blank,
    of_clinic,
    one_of,
    sane,
)


class Person(ClinicModel):
    """Somebody who works at the clinic; ``login`` is the database login, once there is one."""

    __tablename__ = "person"
    protection = Protection(read="staff.read", write=("staff.write",))

    name: Mapped[str]
    initials: Mapped[str]
    job: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="en")
    login: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    must_change_password: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        of_clinic(),
        not_blank("name", 120),
        not_blank("initials", 4),
        at_most("job", 120),
        at_most("email", 254),
        one_of("language", "en", "es", "pt"),
        CheckConstraint("login ~ '^u_[a-z0-9][a-z0-9_]{0,40}$'", name="login"),
        UniqueConstraint("clinic_id", "login"),
    )


class StaffRole(ClinicModel):
    """A named set of permissions in one clinic."""

    __tablename__ = "staff_role"
    protection = Protection(read="staff.read", write=("staff.write",))

    code: Mapped[str]
    name: Mapped[str]
    permissions: Mapped[list[str]]

    __table_args__ = (of_clinic(), not_blank("name", 80), UniqueConstraint("clinic_id", "code"))


class PersonRole(ClinicModel):
    """A role that a person has; taken away by ``deleted_at``."""

    __tablename__ = "person_role"
    protection = Protection(read="staff.read", write=("staff.write",))

    person_id: Mapped[UUID]
    staff_role_id: Mapped[UUID]

    __table_args__ = (
        belongs_to("person"),
        belongs_to("staff_role"),
        Index(
            "ix_person_role_once",
            "clinic_id",
            "person_id",
            "staff_role_id",
            unique=True,
            postgresql_where="deleted_at IS NULL",
        ),
    )


class EmergencyAccess(ClinicModel):
    """Rights a person took for an emergency, with the reason and the end.

    The database lets who took it end it early, and nothing else of it be changed.
    """

    __tablename__ = "emergency_access"
    protection = Protection(read="staff.read", write=("member",))

    person_id: Mapped[UUID]
    reason: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (
        belongs_to("person"),
        not_blank("reason", 500),
        CheckConstraint(
            "ends_at > starts_at AND ends_at <= starts_at + interval '4 hours'", name="length"
        ),
        sane("starts_at"),
        sane("ends_at"),
    )


class Provider(ClinicModel):
    """Somebody whose time is booked: dentist, hygienist, specialist, locum."""

    __tablename__ = "provider"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    person_id: Mapped[UUID | None]
    chair_id: Mapped[UUID | None]
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="dentist")
    registration: Mapped[str] = mapped_column(server_default="")
    colour: Mapped[str] = mapped_column(server_default="svc_exam")
    position: Mapped[int] = mapped_column(server_default="0")
    active: Mapped[bool] = mapped_column(server_default="true")
    skills: Mapped[list[str]] = mapped_column(server_default="{}")

    __table_args__ = (
        of_clinic(),
        few_words("skills"),
        belongs_to("person"),
        belongs_to("chair"),
        not_blank("name", 120),
        not_blank("short_name", 40),
        one_of("kind", "dentist", "hygienist", "assistant", "specialist"),
    )


class StaffRight(Model):
    """Login, permission and clinic together, kept by triggers; what every row policy asks."""

    __tablename__ = "staff_right"

    login: Mapped[str] = mapped_column(primary_key=True)
    permission: Mapped[str] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]


class PersonSecret(Model):
    """What a person alone may read: a PIN's hash, the seed of the second factor."""

    __tablename__ = "person_secret"

    login: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_at: Mapped[datetime]

    __table_args__ = (one_of("kind", "pin", "totp"), at_most("value", 500))
