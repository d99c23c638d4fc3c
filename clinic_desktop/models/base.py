"""Base of every table: key, version, times, constraint names, the declaration of protection."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    Time,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


@dataclass(frozen=True)
class Protection:
    """Who may do what with the rows of a table, and how they are logged; see db/protection.py.

    ``write`` names every permission whose act may cause the write. ``patient`` is the column that
    says whose record the row belongs to. ``unlogged`` columns are derived or too large and stay
    out of the change log. A ``guarded`` table is read only through ``read_<table>()``, which
    writes the access entry; its ``open`` columns are the exception.
    """

    read: str
    write: tuple[str, ...]
    patient: str | None = None
    append_only: bool = False
    guarded: bool = False
    open: tuple[str, ...] = ()
    unlogged: tuple[str, ...] = ()


class Model(DeclarativeBase):
    """Declarative base; columns are named explicitly by services, entities are never loaded."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        UUID: Uuid,
        int: Integer,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        date: Date,
        time: Time,
        list[str]: ARRAY(Text),
    }


class ClinicModel(Model):
    """A row of one clinic: composite key, version, times, soft delete."""

    __abstract__ = True
    protection: ClassVar[Protection]

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]


class DerivedModel(Model):
    """A row that triggers keep from other rows: read by staff, written by the database alone."""

    __abstract__ = True
    read: ClassVar[str]

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)


class Money(BigInteger):
    """Minor units of the clinic's currency; an integer cannot hold NaN."""


def belongs_to(table: str, column: str | None = None) -> ForeignKeyConstraint:
    """Return a foreign key that carries the clinic, so that a row never points into another one."""
    return ForeignKeyConstraint(
        ["clinic_id", column or f"{table}_id"], [f"{table}.clinic_id", f"{table}.id"]
    )


def of_clinic() -> ForeignKeyConstraint:
    """Return the foreign key of a table that has no other parent."""
    return ForeignKeyConstraint(["clinic_id"], ["clinic.id"])


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return a check that a text column holds one of the words; enums are not leakproof."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def sane(column: str) -> CheckConstraint:
    """Return a check on a date or time: the drivers cannot read infinity, BC or year 10000."""
    return CheckConstraint(
        f"{column} >= '1850-01-01' AND {column} < '2200-01-01'", name=f"{column}_range"
    )


def not_blank(column: str, longest: int = 200) -> CheckConstraint:
    """Return a check that a text is neither blank nor beyond ``longest`` characters."""
    return CheckConstraint(
        f"btrim({column}) <> '' AND length({column}) <= {longest}", name=f"{column}_text"
    )


def at_most(column: str, longest: int) -> CheckConstraint:
    """Return a check that a text stays within ``longest`` characters."""
    return CheckConstraint(f"length({column}) <= {longest}", name=f"{column}_text")


def spans_of_minutes(column: str) -> CheckConstraint:
    """Return a check that a text has spans of minutes parted by commas, or nothing."""
    spans = r"^(\d{1,4}-\d{1,4}(,\d{1,4}-\d{1,4})*)?$"
    return CheckConstraint(f"{column} ~ '{spans}' AND length({column}) <= 200", name=column)


def few_words(column: str) -> CheckConstraint:
    """Return a check that a list has few words, none of them missing."""
    return CheckConstraint(
        f"cardinality({column}) <= 20 AND array_position({column}, NULL) IS NULL "
        f"AND length(array_to_string({column}, ',')) <= 800",
        name=column,
    )
