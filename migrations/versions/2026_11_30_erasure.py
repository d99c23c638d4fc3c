"""Erasing a person: the one function that may, what it leaves, and what refuses to be written."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions, replace_in
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_erasure"
down_revision = "2026_11_30_recalls"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_erasure.sql"

TABLES = (
    TableRights("erasure", "patients.read", ("patients.erase",), "patient_id", append_only=True),
)
# Who runs each function, and who may call it.
FUNCTIONS = (
    ("is_erasing()", "clinic_owner", "clinic_log"),
    ("refuse_erased(uuid, uuid[])", "clinic_log", ""),
    ("guard_erased()", "clinic_owner", ""),
    ("guard_erasure()", "clinic_owner", ""),
    ("erasure_rules(uuid)", "clinic_owner", ""),
    ("records_of(uuid, uuid)", "clinic_owner", ""),
    ("erasure_facts(uuid, uuid)", "clinic_owner", ""),
    ("preview_erasure(uuid, uuid)", "clinic_owner", "clinic_staff"),
    ("empty_records(uuid, uuid[], date)", "clinic_owner", ""),
    ("end_erasing()", "clinic_owner", ""),
    ("forget_staged(uuid, uuid[])", "clinic_log", "clinic_owner"),
    ("wipe_log(uuid, uuid, jsonb, jsonb)", "clinic_log", "clinic_owner"),
    ("erase_records(uuid, uuid, uuid, uuid, text, text)", "clinic_owner", ""),
    ("erase_patient(uuid, uuid, uuid, text, text)", "clinic_owner", "clinic_staff"),
    ("erase_again(uuid, uuid, uuid, text)", "clinic_owner", ""),
    ("let_go_papers(uuid)", "clinic_owner", "clinic_staff"),
)
_BEGIN = "\nBEGIN\n"
_LET_DELETE = """    IF TG_OP = 'DELETE' AND current_user = 'clinic_owner' THEN
        IF clinic.is_erasing() THEN
            RETURN NULL;
        END IF;
    END IF;
"""
# Texts leave an appointment; the times it takes stay as they are.
_LET_EMPTY = """    IF TG_OP = 'UPDATE' THEN
        IF clinic.is_erasing() THEN
            RETURN NULL;
        END IF;
    END IF;
"""
_MERGED = """p.merged_into_id IS NOT NULL;
        IF FOUND THEN
"""
_CLOSED = """(p.merged_into_id IS NOT NULL OR p.erased_at IS NOT NULL);
        IF FOUND AND NOT clinic.is_erasing() THEN
"""
_REFUSE_ROW = """            PERFORM clinic.refuse_erased((row_now ->> 'clinic_id')::uuid,
                                         ARRAY[(row_now ->> TG_ARGV[1])::uuid]);
"""
_REFUSE_ADDED = """            PERFORM clinic.refuse_erased(s.clinic_id, array_agg(s.patient_id))
            FROM clinic.change_stage s
            WHERE s.xact = this_xact AND s.tbl = TG_TABLE_NAME AND s.op = 'I'
            GROUP BY s.clinic_id;
"""
# Functions of earlier migrations, the place in each and what is put there.
HOOKS = (
    ("refuse_edit", _BEGIN, _BEGIN + _LET_DELETE),
    ("occupy", _BEGIN, _BEGIN + _LET_EMPTY),
    ("stage_change", _MERGED, _CLOSED + _REFUSE_ROW),
    ("stage_added", _MERGED, _CLOSED + _REFUSE_ADDED),
)
_ERASED = (
    "erased_at IS NULL OR deleted_at IS NOT NULL AND given = 'Erased record' "
    "AND family = number AND born IS NULL AND words = '{}' AND concat(other_name, phone, "
    "email, address, city, postcode, country, sticky_note, sort_key) = ''"
)


def _table() -> None:
    stamp = sa.DateTime(timezone=True)
    op.create_table(
        "erasure",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("early_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("care_until", sa.Date()),
        sa.Column("invoices_kept", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kept_until", sa.Date()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", stamp, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", stamp, server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", stamp),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("erasure_pkey")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"],
            name=op.f("erasure_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"], ["person.clinic_id", "person.id"],
            name=op.f("erasure_clinic_id_person_id_fkey"),
        ),
        sa.CheckConstraint(
            "btrim(reason) <> '' AND length(reason) <= 500", name=op.f("erasure_reason_text_check")
        ),
        sa.CheckConstraint(
            "length(early_reason) <= 500", name=op.f("erasure_early_reason_text_check")
        ),
        sa.CheckConstraint("invoices_kept >= 0", name=op.f("erasure_invoices_kept_check")),
        *(
            sa.CheckConstraint(
                f"{column} >= '1850-01-01' AND {column} < '2200-01-01'",
                name=op.f(f"erasure_{column}_range_check"),
            )
            for column in ("care_until", "kept_until")
        ),
    )  # fmt: skip
    op.create_index("ix_erasure_patient", "erasure", ["clinic_id", "patient_id"])


def upgrade() -> None:
    op.add_column("patient", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_check_constraint(op.f("patient_erased_check"), "patient", _ERASED)
    _table()
    op.create_table(
        "record_erasure",
        sa.Column("xact", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("xact", name="record_erasure_pkey"),
        prefixes=["UNLOGGED"],
    )
    cursor = driver_cursor()
    cursor.execute(SQL.read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    for statement in (
        "ALTER TABLE clinic.record_erasure OWNER TO clinic_owner",
        "ALTER TABLE clinic.record_erasure ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE clinic.record_erasure FORCE ROW LEVEL SECURITY",
        (
            "CREATE POLICY owner ON clinic.record_erasure TO clinic_owner "
            "USING (true) WITH CHECK (true)"
        ),
        "GRANT SELECT ON clinic.record_erasure TO clinic_backup",
    ):
        cursor.execute(statement.encode())
    for rights in TABLES:
        for statement in protect(rights):
            cursor.execute(statement.encode())
    cursor.execute(trigger("erasure", "b_guard_erasure", "BEFORE INSERT", "guard_erasure").encode())
    for name, event, when in (
        ("b_guard_erased", "UPDATE", "OLD.erased_at IS NOT NULL OR NEW.erased_at IS NOT NULL"),
        ("b_guard_erased_new", "INSERT", "NEW.erased_at IS NOT NULL"),
    ):
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON clinic.patient FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION clinic.guard_erased()".encode()
        )
    for name, old, new in HOOKS:
        replace_in(name, old, new, first=True)
    # A clinic that is there already gives the right to those who have it in a new one.
    cursor.execute(
        "UPDATE clinic.staff_role SET permissions = permissions || 'patients.erase'::text, "
        "version = version + 1 WHERE code = 'admin' "
        "AND NOT 'patients.erase' = ANY (permissions) AND deleted_at IS NULL"
    )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def downgrade() -> None:
    cursor = driver_cursor()
    # The right goes with what it allowed.
    cursor.execute(
        "UPDATE clinic.staff_role SET permissions = array_remove(permissions, 'patients.erase'), "
        "version = version + 1 WHERE 'patients.erase' = ANY (permissions)"
    )
    # What waits for the end of the transaction would be in the way of altering tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name, old, new in HOOKS:
        replace_in(name, new, old, first=True)
    for name in ("b_guard_erased", "b_guard_erased_new"):
        cursor.execute(f"DROP TRIGGER {name} ON clinic.patient".encode())
    for table in ("erasure", "record_erasure"):
        op.drop_table(table)
    drop_functions(FUNCTIONS)
    op.drop_constraint(op.f("patient_erased_check"), "patient")
    op.drop_column("patient", "erased_at")
