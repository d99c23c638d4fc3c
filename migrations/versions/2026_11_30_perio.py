"""Periodontal exams: one row for each tooth probed, frozen with the exam's signature."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.creating import check, create, sane, to
from clinic_desktop.db.patching import driver_cursor, replace_in
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_perio"
down_revision = "2026_11_30_series"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

TABLES = (
    TableRights("perio_exam", "clinical.read", ("clinical.write", "clinical.sign"), "patient_id"),
    TableRights(
        "perio_tooth", "clinical.read", ("clinical.write",), "patient_id", unlogged=("resume",)
    ),
)
_UPPER = "tooth / 10 IN (1, 2, 5, 6)"
_MOLAR = "(tooth / 10 <= 4 AND tooth % 10 >= 6 OR tooth / 10 >= 5 AND tooth % 10 >= 4)"
_DECIDED = "rtrim(stage || ' ' || grade || ' ' || extent)"
_BLANK = "{NULL,NULL,NULL,NULL,NULL,NULL}"
# What an erasure removes, how long a record is kept: a place of each function, what comes there.
_RECORD = "    -- The record itself. Its number stays: kept papers and rows are found by it.\n"
_EXAMS = """    DELETE FROM clinic.perio_tooth t
    WHERE t.clinic_id = in_clinic AND t.patient_id = ANY (in_ids);
    DELETE FROM clinic.perio_exam e
    WHERE e.clinic_id = in_clinic AND e.patient_id = ANY (in_ids);

"""
_LAST = "        (SELECT max(r.issued_at)::date FROM clinic.prescription r\n"
_PROBED = """        (SELECT max(e.on_day) FROM clinic.perio_exam e
         WHERE e.clinic_id = in_clinic AND e.patient_id = ANY (ids)),
"""
CHANGES = (
    ("empty_records", _RECORD, _EXAMS + _RECORD),
    ("erasure_facts", _LAST, _PROBED + _LAST),
)


def _word(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default="false", nullable=False)


def _exams() -> None:
    table = "perio_exam"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        _word("path", "right_left"),
        _word("status", "draft"),
        _flag("plaque_looked"),
        _flag("calculus_looked"),
        sa.Column("lost_teeth", sa.SMALLINT(), nullable=True),
        sa.Column("bone_loss", sa.SMALLINT(), nullable=True),
        _word("smoking"),
        _word("diabetes"),
        sa.Column("complexity", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _word("stage"),
        _word("grade"),
        _word("extent"),
        _word("proposed"),
        _word("reason"),
        _word("remark"),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        to(table, "patient", "patient_id"),
        to(table, "person", "person_id"),
        to(table, "person", "signed_by"),
        check(table, "path", "path IN ('right_left', 'facials_first')"),
        check(table, "status", "status IN ('draft', 'signed')"),
        check(
            table,
            "signed",
            "(status = 'signed') = (signed_at IS NOT NULL AND signed_by IS NOT NULL)",
        ),
        check(table, "lost_teeth", "lost_teeth BETWEEN 0 AND 32"),
        check(table, "bone_loss", "bone_loss BETWEEN 0 AND 100"),
        check(table, "smoking", "smoking IN ('', 'none', 'light', 'heavy')"),
        check(table, "diabetes", "diabetes IN ('', 'none', 'controlled', 'uncontrolled')"),
        check(
            table,
            "complexity",
            "complexity <@ ARRAY['vertical_loss', 'ridge_moderate', 'masticatory', 'ridge_severe',"
            " 'bite_collapse', 'rehabilitation'] AND cardinality(complexity) <= 6"
            " AND array_position(complexity, NULL) IS NULL",
        ),
        check(table, "stage", "stage IN ('', '0', '1', '2', '3', '4')"),
        check(table, "grade", "grade IN ('', 'A', 'B', 'C')"),
        check(table, "extent", "extent IN ('', 'localized', 'generalized', 'molar_incisor')"),
        check(
            table,
            "decided",
            "CASE WHEN stage IN ('', '0') THEN grade = '' AND extent = ''"
            " ELSE grade <> '' AND extent <> '' END",
        ),
        check(table, "reasoned", f"stage = '' OR proposed = {_DECIDED} OR btrim(reason) <> ''"),
        check(table, "proposed_text", "length(proposed) <= 40"),
        check(table, "reason_text", "length(reason) <= 1000"),
        check(table, "remark_text", "length(remark) <= 4000"),
        sane(table, "on_day"),
        sane(table, "signed_at"),
    )
    op.create_index("ix_perio_exam_patient", table, ["clinic_id", "patient_id", "on_day"])


def _numbers(name: str, blank: str = _BLANK) -> sa.Column[list[int]]:
    return sa.Column(name, postgresql.ARRAY(sa.SMALLINT()), server_default=blank, nullable=False)


def _marks(name: str) -> sa.Column[list[bool]]:
    return sa.Column(
        name, postgresql.ARRAY(sa.Boolean()), server_default="{f,f,f,f,f,f}", nullable=False
    )


def _within(table: str, column: str, low: int, high: int, count: int = 6) -> sa.CheckConstraint:
    rule = (
        f"cardinality({column}) = {count} AND {low} <= ALL ({column}) AND {high} >= ALL ({column})"
    )
    return check(table, column, rule)


def _marked(table: str, column: str) -> sa.CheckConstraint:
    rule = f"cardinality({column}) = 6 AND array_position({column}, NULL) IS NULL"
    return check(table, column, rule)


def _teeth() -> None:
    table = "perio_tooth"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("tooth", sa.SMALLINT(), nullable=False),
        _word("standing", "there"),
        _numbers("depth"),
        _numbers("margin"),
        _numbers("mgj"),
        _marks("bleeding"),
        _marks("suppuration"),
        _marks("plaque"),
        _marks("calculus"),
        _numbers("furcation", "{NULL,NULL,NULL,NULL}"),
        sa.Column("mobility", sa.SMALLINT(), nullable=True),
        _word("resume"),
        to(table, "patient", "patient_id"),
        to(table, "perio_exam", "exam_id"),
        sa.UniqueConstraint(
            "clinic_id", "exam_id", "tooth", name=op.f("perio_tooth_clinic_id_exam_id_tooth_key")
        ),
        check(
            table,
            "tooth",
            "tooth / 10 BETWEEN 1 AND 4 AND tooth % 10 BETWEEN 1 AND 8"
            " OR tooth / 10 BETWEEN 5 AND 8 AND tooth % 10 BETWEEN 1 AND 5",
        ),
        check(table, "standing", "standing IN ('there', 'implant', 'missing')"),
        _within(table, "depth", 0, 19),
        _within(table, "margin", -9, 19),
        _within(table, "mgj", 0, 19),
        check(
            table,
            "no_junction_on_the_palate",
            f"NOT {_UPPER} OR mgj[4] IS NULL AND mgj[5] IS NULL AND mgj[6] IS NULL",
        ),
        _marked(table, "bleeding"),
        _marked(table, "suppuration"),
        _marked(table, "plaque"),
        _marked(table, "calculus"),
        _within(table, "furcation", 0, 3, 4),
        check(
            table,
            "furcation_places",
            f"(furcation[1] IS NULL OR {_MOLAR})"
            f" AND (furcation[2] IS NULL OR {_MOLAR} AND NOT {_UPPER})"
            f" AND (furcation[3] IS NULL AND furcation[4] IS NULL"
            f" OR {_UPPER} AND ({_MOLAR} OR tooth IN (14, 24)))",
        ),
        check(table, "mobility", "mobility BETWEEN 0 AND 3"),
        check(table, "resume", r"resume ~ '^(\d{2}:[a-z]+:\d)?$'"),
    )
    op.create_index("ix_perio_tooth_patient", table, ["clinic_id", "patient_id"])


def upgrade() -> None:
    _exams()
    _teeth()
    for rights in TABLES:
        for statement in protect(rights):
            op.execute(statement)
    driver_cursor().execute((SQL / "2026_11_30_perio.sql").read_bytes())
    for table in ("perio_exam", "perio_tooth"):
        op.execute(trigger(table, "b_guard_perio", "BEFORE INSERT OR UPDATE", f"guard_{table}"))
    for name, old, new in CHANGES:
        replace_in(name, old, new)


def downgrade() -> None:
    for name, old, new in reversed(CHANGES):
        replace_in(name, new, old)
    for rights in reversed(TABLES):
        op.drop_table(rights.table)
    op.execute("DROP FUNCTION clinic.guard_perio_tooth()")
    op.execute("DROP FUNCTION clinic.guard_perio_exam()")
