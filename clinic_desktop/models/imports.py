"""Runs of the import: what came from which file, so that it can be told and undone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Protection,
    belongs_to,
    not_blank,
    of_clinic,
    one_of,
)


class ImportRun(ClinicModel):
    """One file brought in, whole or not at all, by one person.

    ``made`` are the rows it added, in the order of the file; every other row of the run carries
    its ``created_at``, because it was made in the same transaction. ``keys`` are the numbers that
    the other system gave, and ``key_ids`` the records they now mean, so that a later file of
    appointments or balances finds them.
    """

    __tablename__ = "import_run"
    protection = Protection(
        read="settings.write",
        write=("settings.write",),
        unlogged=("made", "keys", "key_ids"),
    )

    person_id: Mapped[UUID]
    kind: Mapped[str]
    file_name: Mapped[str]
    file_size: Mapped[int] = mapped_column(BigInteger)
    file_sha256: Mapped[str]
    plan: Mapped[dict[str, object]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="done")
    records: Mapped[int]
    added: Mapped[int]
    known: Mapped[int]
    refused: Mapped[int]
    kept: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    made: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    keys: Mapped[list[str]]
    key_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))

    __table_args__ = (
        of_clinic(),
        belongs_to("person"),
        belongs_to("person", "undone_by"),
        one_of("kind", "patients", "appointments", "balances", "treatments", "stock"),
        one_of("state", "done", "undone"),
        not_blank("file_name", 255),
        CheckConstraint("file_sha256 ~ '^[0-9a-f]{64}$'", name="file_sha256"),
        CheckConstraint("least(records, added, known, refused, file_size) >= 0", name="counts"),
        CheckConstraint("cardinality(keys) = cardinality(key_ids)", name="keys"),
        CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL) AND (state = 'undone') = "
            "(undone_by IS NOT NULL) AND (state = 'undone') = (kept IS NOT NULL)",
            name="undone",
        ),
        Index("ix_import_run_recent", "clinic_id", "created_at"),
    )
