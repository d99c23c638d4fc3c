"""Runs of the import, and what inserting many patients at once needs."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_imports"
down_revision = "2026_11_30_attachments"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_imports.sql"
TABLES = (
    TableRights(
        "import_run",
        "settings.write",
        ("settings.write",),
        unlogged=("made", "keys", "key_ids"),
    ),
)
# Who runs each function, and which people may call it.
FUNCTIONS = (
    ("index_new_words()", "clinic_owner", ""),
    ("reserve_patient_numbers(uuid, integer, integer)", "clinic_owner", "clinic_staff"),
)


def _table() -> None:
    op.create_table(
        "import_run",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="done", nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("made", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("key_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('patients', 'appointments', 'balances', 'treatments', 'stock')",
            name=op.f("import_run_kind_check"),
        ),
        sa.CheckConstraint("state IN ('done', 'undone')", name=op.f("import_run_state_check")),
        sa.CheckConstraint(
            "btrim(file_name) <> '' AND length(file_name) <= 255",
            name=op.f("import_run_file_name_text_check"),
        ),
        sa.CheckConstraint(
            "file_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("import_run_file_sha256_check")
        ),
        sa.CheckConstraint(
            "least(records, added, known, refused, file_size) >= 0",
            name=op.f("import_run_counts_check"),
        ),
        sa.CheckConstraint(
            "cardinality(keys) = cardinality(key_ids)", name=op.f("import_run_keys_check")
        ),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL) AND (state = 'undone') = "
            "(undone_by IS NOT NULL) AND (state = 'undone') = (kept IS NOT NULL)",
            name=op.f("import_run_undone_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("import_run_clinic_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"], ["person.clinic_id", "person.id"],
            name=op.f("import_run_clinic_id_person_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "undone_by"], ["person.clinic_id", "person.id"],
            name=op.f("import_run_clinic_id_undone_by_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("import_run_pkey")),
    )  # fmt: skip
    op.create_index("ix_import_run_recent", "import_run", ["clinic_id", "created_at"])


def upgrade() -> None:
    _table()
    cursor = driver_cursor()
    for rights in TABLES:
        for statement in protect(rights):
            cursor.execute(statement.encode())
    cursor.execute(SQL.read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    cursor.execute("DROP TRIGGER c_index_words ON clinic.patient")
    cursor.execute(trigger("patient", "c_index_words", "AFTER UPDATE", "index_words").encode())
    cursor.execute(
        "CREATE TRIGGER c_index_new_words AFTER INSERT ON clinic.patient "
        "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
        "EXECUTE FUNCTION clinic.index_new_words()"
    )


def downgrade() -> None:
    cursor = driver_cursor()
    cursor.execute("DROP TRIGGER c_index_new_words ON clinic.patient")
    cursor.execute("DROP TRIGGER c_index_words ON clinic.patient")
    cursor.execute(
        trigger("patient", "c_index_words", "AFTER INSERT OR UPDATE", "index_words").encode()
    )
    drop_functions(FUNCTIONS)
    op.drop_table("import_run")
