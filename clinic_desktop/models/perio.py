"""Periodontal exams: what was probed on each tooth, and what was made of it; frozen once signed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import SMALLINT, Boolean, CheckConstraint, Index, UniqueConstraint
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

_NUMBERS = (
    "cardinality({column}) = {count} AND {low} <= ALL ({column}) AND {high} >= ALL ({column})"
)
_MARKS = "cardinality({column}) = 6 AND array_position({column}, NULL) IS NULL"
# Teeth of the upper jaw, of the permanent and the milk dentition, extra ones (116) by their
# anchor; a molar's place in its quadrant, where an extra tooth is none.
_UPPER = "tooth % 100 / 10 IN (1, 2, 5, 6)"
_MOLAR = "(tooth / 10 <= 4 AND tooth % 10 >= 6 OR tooth / 10 BETWEEN 5 AND 8 AND tooth % 10 >= 4)"
_DECIDED = "rtrim(stage || ' ' || grade || ' ' || extent)"


def _numbers(column: str, low: int, high: int, count: int = 6) -> CheckConstraint:
    """Return a check on a list of numbers in which an unknown one is NULL."""
    rule = _NUMBERS.format(column=column, low=low, high=high, count=count)
    return CheckConstraint(rule, name=column)


def _marks(column: str) -> CheckConstraint:
    """Return a check that a list has a mark for each of six sites."""
    return CheckConstraint(_MARKS.format(column=column), name=column)


class PerioExam(ClinicModel):
    """One exam; ``path`` is the order of the probe. Drafts are changed, signed ones never.

    ``bone_loss`` is in percent of the root, ``lost_teeth`` were lost to periodontitis; None and an
    empty text are "not recorded". ``proposed`` is what the figures proposed when stage, grade and
    extent were decided: a decision that differs from it has a reason.

    An exam that an archive brought in says from which clinic (``brought_from``), and by name who
    made and who signed it there; ``person_id`` is who brought it in, and ``signed_by`` nobody.
    """

    __tablename__ = "perio_exam"
    protection = Protection(
        read="clinical.read", write=("clinical.write", "clinical.sign"), patient="patient_id"
    )

    patient_id: Mapped[UUID]
    person_id: Mapped[UUID]
    on_day: Mapped[date]
    path: Mapped[str] = mapped_column(server_default="right_left")
    status: Mapped[str] = mapped_column(server_default="draft")
    plaque_looked: Mapped[bool] = mapped_column(server_default="false")
    calculus_looked: Mapped[bool] = mapped_column(server_default="false")
    lost_teeth: Mapped[int | None] = mapped_column(SMALLINT)
    bone_loss: Mapped[int | None] = mapped_column(SMALLINT)
    smoking: Mapped[str] = mapped_column(server_default="")
    diabetes: Mapped[str] = mapped_column(server_default="")
    complexity: Mapped[list[str]] = mapped_column(server_default="{}")
    stage: Mapped[str] = mapped_column(server_default="")
    grade: Mapped[str] = mapped_column(server_default="")
    extent: Mapped[str] = mapped_column(server_default="")
    proposed: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    remark: Mapped[str] = mapped_column(server_default="")
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None]
    brought_from: Mapped[str] = mapped_column(server_default="")
    author: Mapped[str] = mapped_column(server_default="")
    signer: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("person"),
        belongs_to("person", "signed_by"),
        one_of("path", "right_left", "facials_first"),
        one_of("status", "draft", "signed"),
        CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL"
            " AND (signed_by IS NOT NULL) <> (brought_from <> '' AND signer <> ''))",
            name="signed",
        ),
        CheckConstraint(
            "CASE WHEN brought_from = '' THEN author = '' AND signer = ''"
            " ELSE author <> '' AND (signer = '' OR signed_by IS NULL) END",
            name="brought",
        ),
        CheckConstraint("lost_teeth BETWEEN 0 AND 32", name="lost_teeth"),
        CheckConstraint("bone_loss BETWEEN 0 AND 100", name="bone_loss"),
        one_of("smoking", "", "none", "light", "heavy"),
        one_of("diabetes", "", "none", "controlled", "uncontrolled"),
        CheckConstraint(
            "complexity <@ ARRAY['vertical_loss', 'ridge_moderate', 'masticatory', 'ridge_severe',"
            " 'bite_collapse', 'rehabilitation'] AND cardinality(complexity) <= 6"
            " AND array_position(complexity, NULL) IS NULL",
            name="complexity",
        ),
        one_of("stage", "", "0", "1", "2", "3", "4"),
        one_of("grade", "", "A", "B", "C"),
        one_of("extent", "", "localized", "generalized", "molar_incisor"),
        CheckConstraint(
            "CASE WHEN stage IN ('', '0') THEN grade = '' AND extent = ''"
            " ELSE grade <> '' AND extent <> '' END",
            name="decided",
        ),
        CheckConstraint(
            f"stage = '' OR proposed = {_DECIDED} OR btrim(reason) <> ''", name="reasoned"
        ),
        at_most("proposed", 40),
        at_most("reason", 1000),
        at_most("remark", 4000),
        at_most("brought_from", 200),
        at_most("author", 200),
        at_most("signer", 200),
        sane("on_day"),
        sane("signed_at"),
        Index("ix_perio_exam_patient", "clinic_id", "patient_id", "on_day"),
    )


class PerioTooth(ClinicModel):
    """What was found on one tooth (FDI, an extra one 100 more). Six run MB B DB ML L DL,
    furcation B L M D.

    Depth, margin and mucogingival junction in mm from margin, junction of cement and enamel, the
    same junction; margin positive for recession. NULL is not measured. ``resume`` is the cell that
    follows the one typed last, where the exam goes on after a crash.
    """

    __tablename__ = "perio_tooth"
    protection = Protection(
        read="clinical.read",
        write=("clinical.write",),
        patient="patient_id",
        unlogged=("resume",),
    )

    patient_id: Mapped[UUID]
    exam_id: Mapped[UUID]
    tooth: Mapped[int] = mapped_column(SMALLINT)
    standing: Mapped[str] = mapped_column(server_default="there")
    depth: Mapped[list[int | None]] = mapped_column(
        ARRAY(SMALLINT), server_default="{NULL,NULL,NULL,NULL,NULL,NULL}"
    )
    margin: Mapped[list[int | None]] = mapped_column(
        ARRAY(SMALLINT), server_default="{NULL,NULL,NULL,NULL,NULL,NULL}"
    )
    mgj: Mapped[list[int | None]] = mapped_column(
        ARRAY(SMALLINT), server_default="{NULL,NULL,NULL,NULL,NULL,NULL}"
    )
    bleeding: Mapped[list[bool]] = mapped_column(ARRAY(Boolean), server_default="{f,f,f,f,f,f}")
    suppuration: Mapped[list[bool]] = mapped_column(ARRAY(Boolean), server_default="{f,f,f,f,f,f}")
    plaque: Mapped[list[bool]] = mapped_column(ARRAY(Boolean), server_default="{f,f,f,f,f,f}")
    calculus: Mapped[list[bool]] = mapped_column(ARRAY(Boolean), server_default="{f,f,f,f,f,f}")
    furcation: Mapped[list[int | None]] = mapped_column(
        ARRAY(SMALLINT), server_default="{NULL,NULL,NULL,NULL}"
    )
    mobility: Mapped[int | None] = mapped_column(SMALLINT)
    resume: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("perio_exam", "exam_id"),
        UniqueConstraint("clinic_id", "exam_id", "tooth"),
        CheckConstraint(
            "tooth / 100 BETWEEN 0 AND 3"
            " AND (tooth % 100 / 10 BETWEEN 1 AND 4 AND tooth % 10 BETWEEN 1 AND 8"
            " OR tooth % 100 / 10 BETWEEN 5 AND 8 AND tooth % 10 BETWEEN 1 AND 5)",
            name="tooth",
        ),
        one_of("standing", "there", "implant", "missing"),
        _numbers("depth", 0, 19),
        _numbers("margin", -9, 19),
        _numbers("mgj", 0, 19),
        CheckConstraint(
            f"NOT {_UPPER} OR mgj[4] IS NULL AND mgj[5] IS NULL AND mgj[6] IS NULL",
            name="no_junction_on_the_palate",
        ),
        _marks("bleeding"),
        _marks("suppuration"),
        _marks("plaque"),
        _marks("calculus"),
        _numbers("furcation", 0, 3, 4),
        CheckConstraint(
            f"(furcation[1] IS NULL OR {_MOLAR})"
            f" AND (furcation[2] IS NULL OR {_MOLAR} AND NOT {_UPPER})"
            f" AND (furcation[3] IS NULL AND furcation[4] IS NULL"
            f" OR {_UPPER} AND ({_MOLAR} OR tooth IN (14, 24)))",
            name="furcation_places",
        ),
        CheckConstraint("mobility BETWEEN 0 AND 3", name="mobility"),
        CheckConstraint(r"resume ~ '^(\d{2,3}:[a-z]+:\d)?$'", name="resume"),
        Index("ix_perio_tooth_patient", "clinic_id", "patient_id"),
    )
