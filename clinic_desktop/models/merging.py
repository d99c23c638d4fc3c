"""Records of one person: merged, taken apart again, or known to be two people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import ClinicModel, Model, Protection, belongs_to


class PatientMerge(ClinicModel):
    """One merge: which rows moved to the survivor, and which fields of it changed.

    ``moved`` holds the ids by ``table.column``; ``before`` and ``taken`` the survivor's fields.
    Only ``merge_patients`` and ``unmerge_patients`` write it, as a trigger makes sure.
    """

    __tablename__ = "patient_merge"
    protection = Protection(
        read="patients.read", write=("patients.merge",), patient="survivor_id", unlogged=("moved",)
    )

    survivor_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    moved: Mapped[dict[str, object]] = mapped_column(JSONB)
    before: Mapped[dict[str, object]] = mapped_column(JSONB)
    taken: Mapped[dict[str, object]] = mapped_column(JSONB)
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        belongs_to("patient", "survivor_id"),
        belongs_to("patient", "merged_id"),
        CheckConstraint("survivor_id <> merged_id", name="two_records"),
        Index("ix_patient_merge_survivor", "clinic_id", "survivor_id"),
        Index(
            "ix_patient_merge_merged",
            "clinic_id",
            "merged_id",
            unique=True,
            postgresql_where="undone_at IS NULL",
        ),
    )


class PatientDistinct(ClinicModel):
    """Two records that somebody compared and found to be two people; taken back by deleting."""

    __tablename__ = "patient_distinct"
    protection = Protection(read="patients.read", write=("patients.write",), patient="first_id")

    first_id: Mapped[UUID]
    second_id: Mapped[UUID]

    __table_args__ = (
        belongs_to("patient", "first_id"),
        belongs_to("patient", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        UniqueConstraint("clinic_id", "first_id", "second_id"),
    )


class RecordMove(Model):
    """Marks the transaction that is moving rows between records; guards let exactly that pass."""

    __tablename__ = "record_move"

    xact: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
