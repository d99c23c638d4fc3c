"""Seals over the log of reading, erasure told by the chain, and money that raw SQL cannot bend."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from psycopg import Cursor
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.patching import driver_cursor, give_functions
from clinic_desktop.db.protection import trigger

revision = "2026_11_30_tamper"
down_revision = "2026_11_30_emergency"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

_ACCESS_DIGEST = "access_digest(bigint, uuid, timestamptz, text, text, uuid, text, text)"
FUNCTIONS: tuple[tuple[str, str, str], ...] = (
    (_ACCESS_DIGEST, "clinic_log", "clinic_backup"),
    ("seal_hash(bytea, bigint, uuid, bigint[], bytea)", "clinic_log", "clinic_backup"),
    ("seal_access(uuid, integer)", "clinic_log", "clinic_backup"),
    ("refuse_unless_erased()", "clinic_owner", ""),
    ("erase_values(uuid, uuid)", "clinic_log", "clinic_staff"),
    ("guard_entry()", "clinic_owner", ""),
    ("must_mirror(uuid, uuid, uuid)", "clinic_owner", ""),
    ("guard_invoice_patient()", "clinic_owner", ""),
)
# What the new script replaces, and where its older text stands.
REPLACED = (("log", "log_access"), ("guards", "entry_balances"), ("guards", "guard_invoice_line"))


def _append_only(function: str) -> str:
    return (
        "CREATE OR REPLACE TRIGGER a_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON clinic.change_value FOR EACH STATEMENT EXECUTE FUNCTION clinic.{function}()"
    )


def _older(script: str, function: str) -> str:
    """Return the text with which an earlier migration made the function."""
    text = (SQL / f"2026_11_20_{script}.sql").read_text(encoding="utf-8")
    found = re.search(rf"CREATE (FUNCTION clinic\.{function}\(.*?\nEND \$\$;)", text, re.DOTALL)
    if found is None:
        raise LookupError(function)
    return f"CREATE OR REPLACE {found[1]}"


def _tables(cursor: Cursor[tuple[object, ...]]) -> None:
    op.create_table(
        "access_head",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("seals", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("noted", sa.BigInteger(), nullable=False),
        sa.Column("noted_xact", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("access_head_pkey")),
    )
    op.create_table(
        "access_seal",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "n", name=op.f("access_seal_pkey")),
    )
    for table in ("access_head", "access_seal"):
        cursor.execute(f"ALTER TABLE clinic.{table} OWNER TO clinic_log")
        cursor.execute(f"ALTER TABLE clinic.{table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE clinic.{table} FORCE ROW LEVEL SECURITY")
        cursor.execute(
            f"CREATE POLICY log ON clinic.{table} TO clinic_log USING (true) WITH CHECK (true)"
        )
        cursor.execute(f"GRANT SELECT ON clinic.{table} TO clinic_backup")
    cursor.execute(
        "CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON clinic.access_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_edit()"
    )


def upgrade() -> None:
    cursor = driver_cursor()
    _tables(cursor)
    cursor.execute((SQL / "2026_11_30_tamper.sql").read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    cursor.execute(_append_only("refuse_unless_erased"))
    cursor.execute(trigger("journal_entry", "b_guard_entry", "BEFORE INSERT", "guard_entry"))
    cursor.execute(
        "CREATE TRIGGER b_guard_invoice_patient BEFORE UPDATE ON clinic.invoice FOR EACH ROW "
        "WHEN (NEW.patient_id <> OLD.patient_id) "
        "EXECUTE FUNCTION clinic.guard_invoice_patient()"
    )


def downgrade() -> None:
    cursor = driver_cursor()
    cursor.execute("DROP TRIGGER b_guard_entry ON clinic.journal_entry")
    cursor.execute("DROP TRIGGER b_guard_invoice_patient ON clinic.invoice")
    cursor.execute(_append_only("refuse_edit"))
    for script, function in REPLACED:
        cursor.execute(_older(script, function).encode())
    for signature, _owner, _callers in reversed(FUNCTIONS):
        cursor.execute(f"DROP FUNCTION clinic.{signature}")
    for table in ("access_seal", "access_head"):
        op.drop_table(table)
