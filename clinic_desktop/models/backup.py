"""What became of each backup, so that every computer of the clinic can tell its age."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import Model, at_most, one_of


class BackupRun(Model):
    """One backup, drill or pack that came to an end; of the whole database, not of one clinic.

    Written by ``note_backup`` alone and outside the change log: each segment of the log would
    otherwise be the reason for the next one.
    """

    __tablename__ = "backup_run"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    good: Mapped[bool]
    sentence: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    places: Mapped[list[dict[str, object]]] = mapped_column(JSONB)

    __table_args__ = (
        one_of("kind", "full", "tail", "drill", "pack"),
        at_most("name", 100),
        at_most("sentence", 500),
        Index("ix_backup_run_ended_at", "kind", "ended_at"),
    )
