"""The clinic itself, its chairs, hours and settings, and the counters of its numbers."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
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
)


class Clinic(ClinicModel):
    """A clinic: what stands at the head of its papers, and how it counts, writes and numbers."""

    __tablename__ = "clinic"
    protection = Protection(read="member", write=("settings.write",), unlogged=("logo",))

    name: Mapped[str]
    site: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    tax_number: Mapped[str] = mapped_column(server_default="")
    legal_line: Mapped[str] = mapped_column(server_default="")
    bank_account: Mapped[str] = mapped_column(server_default="")
    logo: Mapped[bytes | None]
    zone: Mapped[str]
    locale: Mapped[str]
    country: Mapped[str]
    currency: Mapped[str]
    notation: Mapped[str] = mapped_column(server_default="fdi")
    margin_sign: Mapped[str] = mapped_column(server_default="recession_plus")
    paper: Mapped[str] = mapped_column(server_default="A4")
    slot_minutes: Mapped[int] = mapped_column(server_default="15")
    lock_minutes: Mapped[int] = mapped_column(server_default="10")

    __table_args__ = (
        UniqueConstraint("id"),
        CheckConstraint("clinic_id = id", name="is_its_own"),
        not_blank("name"),
        one_of("notation", "fdi", "universal", "palmer"),
        one_of("margin_sign", "recession_plus", "recession_minus"),
        one_of("paper", "A4", "Letter"),
        CheckConstraint("slot_minutes IN (5, 10, 15, 20, 30)", name="slot_minutes"),
        CheckConstraint("lock_minutes BETWEEN 1 AND 60", name="lock_minutes"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("octet_length(logo) <= 5242880", name="logo_size"),
    )


class Chair(ClinicModel):
    """An operatory: a room with a dental chair, or a place where one patient is treated."""

    __tablename__ = "chair"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    name: Mapped[str]
    position: Mapped[int] = mapped_column(server_default="0")
    active: Mapped[bool] = mapped_column(server_default="true")
    equipment: Mapped[list[str]] = mapped_column(server_default="{}")

    __table_args__ = (
        of_clinic(),
        not_blank("name", 80),
        few_words("equipment"),
        UniqueConstraint("clinic_id", "name"),
    )


class WorkingTime(ClinicModel):
    """A weekly span in which the clinic, a provider or a chair is open or has a break.

    ``weekday`` counts from Monday = 0; times are local to the clinic.
    """

    __tablename__ = "working_time"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    provider_id: Mapped[UUID | None]
    chair_id: Mapped[UUID | None]
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    kind: Mapped[str] = mapped_column(server_default="open")
    label: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        of_clinic(),
        belongs_to("provider"),
        belongs_to("chair"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("ends > starts", name="order"),
        CheckConstraint("provider_id IS NULL OR chair_id IS NULL", name="one_owner"),
        one_of("kind", "open", "break"),
        at_most("label", 80),
    )


class SpecialTime(ClinicModel):
    """A dated span that differs from the week: other hours, a holiday, time off, a blockout.

    Times are local to the clinic. ``open`` spans of a date stand in place of the weekly hours of
    their owner; everything else is closed time. Of the clinic when no owner is named. What comes
    from another calendar names it and the event there, so that it can be followed.
    """

    __tablename__ = "special_time"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    provider_id: Mapped[UUID | None]
    chair_id: Mapped[UUID | None]
    kind: Mapped[str]
    starts: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    ends: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    label: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(server_default="")
    source_uid: Mapped[str] = mapped_column(server_default="")
    changed_by: Mapped[UUID | None]
    """Who changed by hand what came from another calendar, which leaves it alone since."""

    __table_args__ = (
        of_clinic(),
        belongs_to("provider"),
        belongs_to("chair"),
        belongs_to("person", "changed_by"),
        CheckConstraint("changed_by IS NULL OR source <> ''", name="by_hand"),
        one_of("kind", "open", "holiday", "time_off", "blockout"),
        CheckConstraint("provider_id IS NULL OR chair_id IS NULL", name="one_owner"),
        CheckConstraint(
            "kind <> 'holiday' OR provider_id IS NULL AND chair_id IS NULL", name="holiday"
        ),
        CheckConstraint("kind <> 'time_off' OR provider_id IS NOT NULL", name="whose"),
        CheckConstraint("kind <> 'blockout' OR btrim(label) <> ''", name="reason"),
        CheckConstraint("ends > starts AND ends - starts <= interval '400 days'", name="length"),
        CheckConstraint("kind <> 'open' OR starts::date = ends::date", name="one_day"),
        CheckConstraint("starts >= '1900-01-01' AND ends < '3000-01-01'", name="range"),
        at_most("label", 200),
        CheckConstraint(
            "(source = '') = (source_uid = '') AND length(source) <= 120 "
            "AND length(source_uid) <= 300",
            name="source",
        ),
        CheckConstraint("source = '' OR provider_id IS NOT NULL", name="source_owner"),
        Index("ix_special_time_ends", "clinic_id", "ends"),
        Index(
            "ix_special_time_source",
            "clinic_id",
            "provider_id",
            "source",
            "source_uid",
            unique=True,
            postgresql_where="source <> '' AND deleted_at IS NULL",
        ),
    )


class Setting(ClinicModel):
    """A named choice of the clinic that has no column of its own."""

    __tablename__ = "setting"
    protection = Protection(read="member", write=("settings.write",))

    name: Mapped[str]
    value: Mapped[dict[str, object]] = mapped_column(JSONB)

    __table_args__ = (of_clinic(), not_blank("name", 100), UniqueConstraint("clinic_id", "name"))


class Counter(Model):
    """The last number given in a series; the row is locked until commit, so numbers have no gaps.

    Series without a year use 0. Only triggers of the database write here.
    """

    __tablename__ = "counter"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int]

    __table_args__ = (of_clinic(),)
