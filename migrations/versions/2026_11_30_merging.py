"""Merging the records of one person: what moves, what forwards, what is remembered of it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions, replace_in
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_merging"
down_revision = "2026_11_30_backup"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

TABLES = (
    TableRights(
        "patient_merge", "patients.read", ("patients.merge",), "survivor_id", unlogged=("moved",)
    ),
    TableRights("patient_distinct", "patients.read", ("patients.write",), "first_id"),
)
# Who runs each function, and which people may call it.
FUNCTIONS = (
    ("is_moving()", "clinic_owner", ""),
    ("patient_columns()", "clinic_owner", ""),
    ("move_records(uuid, uuid, uuid, jsonb)", "clinic_owner", ""),
    ("written_with(uuid, uuid, jsonb, timestamptz)", "clinic_owner", ""),
    ("merge_patients(uuid, uuid, uuid, uuid, jsonb, jsonb)", "clinic_owner", "clinic_staff"),
    ("unmerge_patients(uuid, uuid)", "clinic_owner", "clinic_staff"),
    ("guard_merge()", "clinic_owner", ""),
    ("guard_forwarding()", "clinic_owner", ""),
)
_BEGIN = "\nBEGIN\n"
_LET_MOVE = """    IF TG_OP = 'UPDATE' THEN
        IF clinic.is_moving() THEN
            RETURN NEW;
        END IF;
    END IF;
"""
# For everybody else the function is not even called: they have no leave to.
_LET_OWNER_MOVE = """    IF TG_OP = 'UPDATE' AND current_user = 'clinic_owner' THEN
        IF clinic.is_moving() THEN
            RETURN NULL;
        END IF;
    END IF;
"""
_LET_OWNER_MOVE_ROW = _LET_OWNER_MOVE.replace("RETURN NULL", "RETURN NEW")
_STAGED = "    INSERT INTO clinic.change_stage"
# Whoever still has the merged record open must not write into it unseen. Here it is asked for every
# table there is and will be; the row's own foreign key has waited for a merge under way.
_REFUSE = """    IF TG_ARGV[1] <> '' AND TG_OP <> 'DELETE' AND TG_TABLE_NAME <> 'patient' THEN
        PERFORM FROM clinic.patient p
        WHERE p.clinic_id = (row_now ->> 'clinic_id')::uuid
          AND p.id = (row_now ->> TG_ARGV[1])::uuid AND p.merged_into_id IS NOT NULL;
        IF FOUND THEN
            RAISE EXCEPTION 'the record was merged'
                USING ERRCODE = 'CD006', CONSTRAINT = 'record_merged';
        END IF;
    END IF;
"""
# The same for rows that a statement added: those just staged say whose they are.
_ADDED = "    RETURN NULL;\nEND "
_REFUSE_ADDED = """    IF TG_ARGV[1] <> '' AND TG_TABLE_NAME <> 'patient' THEN
        PERFORM FROM clinic.change_stage s
        JOIN clinic.patient p ON p.clinic_id = s.clinic_id AND p.id = s.patient_id
        WHERE s.xact = this_xact AND s.tbl = TG_TABLE_NAME AND s.op = 'I'
          AND p.merged_into_id IS NOT NULL;
        IF FOUND THEN
            RAISE EXCEPTION 'the record was merged'
                USING ERRCODE = 'CD006', CONSTRAINT = 'record_merged';
        END IF;
    END IF;
"""
# Functions of earlier migrations, the place in each and what is put there.
HOOKS = (
    ("guard_note", _BEGIN, _BEGIN + _LET_MOVE),
    ("guard_invoice", _BEGIN, _BEGIN + _LET_MOVE),
    ("guard_invoice_patient", _BEGIN, _BEGIN + _LET_OWNER_MOVE_ROW),
    ("guard_prescription", _BEGIN, _BEGIN + _LET_MOVE),
    ("refuse_edit", _BEGIN, _BEGIN + _LET_OWNER_MOVE),
    ("stage_change", _STAGED, _REFUSE + _STAGED),
    ("stage_added", _ADDED, _REFUSE_ADDED + _ADDED),
)


def upgrade() -> None:
    op.add_column("patient", sa.Column("merged_into_id", sa.Uuid()))
    op.create_foreign_key(
        "patient_clinic_id_merged_into_id_fkey",
        "patient",
        "patient",
        ["clinic_id", "merged_into_id"],
        ["clinic_id", "id"],
    )
    op.create_check_constraint(
        op.f("patient_merged_check"),
        "patient",
        "merged_into_id IS NULL OR deleted_at IS NOT NULL AND merged_into_id <> id",
    )
    op.create_index(
        "ix_patient_email",
        "patient",
        ["clinic_id", "email"],
        postgresql_where=sa.text("email <> ''"),
    )
    op.create_index(
        "ix_patient_merged_into",
        "patient",
        ["clinic_id", "merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    _create_merge()
    _create_distinct()
    op.create_table(
        "record_move",
        sa.Column("xact", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("xact", name="record_move_pkey"),
        prefixes=["UNLOGGED"],
    )
    cursor = driver_cursor()
    cursor.execute((SQL / "2026_11_30_merging.sql").read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    for statement in (
        "ALTER TABLE clinic.record_move OWNER TO clinic_owner",
        "ALTER TABLE clinic.record_move ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE clinic.record_move FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner ON clinic.record_move TO clinic_owner USING (true) WITH CHECK (true)",
        "GRANT SELECT ON clinic.record_move TO clinic_backup",
    ):
        cursor.execute(statement.encode())
    for rights in TABLES:
        for statement in protect(rights):
            cursor.execute(statement.encode())
    for table, name, function in (
        ("patient_merge", "b_guard_merge", "guard_merge"),
        ("patient", "b_guard_forwarding", "guard_forwarding"),
    ):
        events = "BEFORE INSERT OR UPDATE"
        cursor.execute(trigger(table, name, events, function).encode())
    for name, old, new in HOOKS:
        replace_in(name, old, new, first=True)
    # A clinic that is there already gives the right to those who have it in a new one.
    cursor.execute(
        "UPDATE clinic.staff_role SET permissions = permissions || 'patients.merge'::text, "
        "version = version + 1 WHERE code IN ('manager', 'admin') "
        "AND NOT 'patients.merge' = ANY (permissions) AND deleted_at IS NULL"
    )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _clinic_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _kept_columns() -> list[sa.Column[object]]:
    stamp = sa.DateTime(timezone=True)
    return [
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", stamp, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", stamp, server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", stamp),
    ]


def _of_patient(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column],
        ["patient.clinic_id", "patient.id"],
        name=f"{table}_clinic_id_{column}_fkey",
    )


def _create_merge() -> None:
    op.create_table(
        "patient_merge",
        *_clinic_columns(),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("moved", JSONB(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("taken", JSONB(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        *_kept_columns(),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="patient_merge_pkey"),
        _of_patient("patient_merge", "survivor_id"),
        _of_patient("patient_merge", "merged_id"),
        sa.CheckConstraint(
            "survivor_id <> merged_id", name=op.f("patient_merge_two_records_check")
        ),
    )
    op.create_index("ix_patient_merge_survivor", "patient_merge", ["clinic_id", "survivor_id"])
    op.create_index(
        "ix_patient_merge_merged",
        "patient_merge",
        ["clinic_id", "merged_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def _create_distinct() -> None:
    op.create_table(
        "patient_distinct",
        *_clinic_columns(),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        *_kept_columns(),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="patient_distinct_pkey"),
        _of_patient("patient_distinct", "first_id"),
        _of_patient("patient_distinct", "second_id"),
        sa.CheckConstraint("first_id < second_id", name=op.f("patient_distinct_in_order_check")),
        sa.UniqueConstraint(
            "clinic_id",
            "first_id",
            "second_id",
            name="patient_distinct_clinic_id_first_id_second_id_key",
        ),
    )


def downgrade() -> None:
    cursor = driver_cursor()
    # The right goes with what it allowed.
    cursor.execute(
        "UPDATE clinic.staff_role SET permissions = array_remove(permissions, 'patients.merge'), "
        "version = version + 1 WHERE 'patients.merge' = ANY (permissions)"
    )
    # What waits for the end of the transaction would be in the way of altering tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name, old, new in HOOKS:
        replace_in(name, new, old, first=True)
    cursor.execute("DROP TRIGGER b_guard_forwarding ON clinic.patient")
    for table in ("patient_merge", "patient_distinct", "record_move"):
        op.drop_table(table)
    drop_functions(FUNCTIONS)
    op.drop_index("ix_patient_merged_into", "patient")
    op.drop_index("ix_patient_email", "patient")
    op.drop_constraint(op.f("patient_merged_check"), "patient")
    op.drop_constraint("patient_clinic_id_merged_into_id_fkey", "patient")
    op.drop_column("patient", "merged_into_id")
