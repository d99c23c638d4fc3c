"""The change log and the log of reading; written by the database alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import Model


class LogHead(Model):
    """Where a clinic's log stands: the last number and hash. Locked last in every transaction."""

    __tablename__ = "log_head"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    hash: Mapped[bytes]


class ChangeStage(Model):
    """Changes of a transaction still open; sealed into the log when it commits."""

    __tablename__ = "change_stage"

    n: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xact: Mapped[int] = mapped_column(BigInteger)
    clinic_id: Mapped[UUID]
    at: Mapped[datetime]
    tbl: Mapped[str]
    op: Mapped[str]
    row_id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    permission: Mapped[str]
    fields: Mapped[list[str]]
    salt: Mapped[UUID]
    before: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    # The first of a transaction waits for its end and has all of them sealed.
    leads: Mapped[bool] = mapped_column(server_default=true())

    __table_args__ = (
        Index("ix_change_stage_xact", "xact", "n"),
        {"prefixes": ["UNLOGGED"]},
    )


class ChangeLog(Model):
    """Who changed which fields of which row, when and where; each entry hashes the one before."""

    __tablename__ = "change_log"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    login: Mapped[str]
    person_id: Mapped[UUID | None]
    device: Mapped[str | None]
    tbl: Mapped[str]
    op: Mapped[str]
    row_id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    permission: Mapped[str]
    fields: Mapped[list[str]]
    seen: Mapped[int] = mapped_column(BigInteger, server_default="0")
    digest: Mapped[bytes]
    hash: Mapped[bytes]

    __table_args__ = (
        Index("ix_change_log_row", "clinic_id", "tbl", "row_id", "seq"),
        Index("ix_change_log_patient", "clinic_id", "patient_id", "seq"),
    )


class ChangeValue(Model):
    """The values of an entry, beside the chain that holds only their salted hash."""

    __tablename__ = "change_value"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    salt: Mapped[UUID]
    reason: Mapped[str | None]
    before: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, object] | None] = mapped_column(JSONB)


class AccessLog(Model):
    """Who opened or read which record, when and where."""

    __tablename__ = "access_log"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    login: Mapped[str]
    device: Mapped[str | None]
    patient_id: Mapped[UUID | None]
    action: Mapped[str]
    category: Mapped[str]

    __table_args__ = (
        Index("ix_access_log_patient", "clinic_id", "patient_id", "at"),
        Index("ix_access_log_at", "clinic_id", "at"),
        # Whom somebody opened last.
        Index(
            "ix_access_log_opened",
            "clinic_id",
            "login",
            "id",
            postgresql_where="action = 'open' AND patient_id IS NOT NULL",
        ),
    )


class AccessSeal(Model):
    """A seal over some access entries: their numbers and short hashes, chained to the one before.

    The newest entries, 512 of a clinic at most while somebody reads, are under no seal yet.
    """

    __tablename__ = "access_seal"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    digests: Mapped[bytes]
    hash: Mapped[bytes]


class AccessHead(Model):
    """Where a clinic's seals stand, and how far the next one may go once ``noted_xact`` is past."""

    __tablename__ = "access_head"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    seals: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    noted: Mapped[int] = mapped_column(BigInteger)
    noted_xact: Mapped[int] = mapped_column(BigInteger)
