"""Rights asked by the index, what is added staged by the statement, the log sealed at once."""

import re
from pathlib import Path

from psycopg import Cursor

from clinic_desktop.db.patching import driver_cursor

revision = "2026_11_30_speed"
down_revision = "2026_11_30_tamper"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
# What the new script replaces, and where its older text stands.
REPLACED = (
    ("2026_11_20_rights", "clinics_with"),
    ("2026_11_20_log", "stage_change"),
    ("2026_11_20_log", "seal_changes"),
    ("2026_11_30_tamper", "log_access"),
)
_STAGED = """
SELECT c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'z_stage_change' AND c.relnamespace = 'clinic'::regnamespace ORDER BY 1
"""


def _older(script: str, function: str) -> str:
    """Return the text with which an earlier migration made the function."""
    text = (SQL / f"{script}.sql").read_text(encoding="utf-8")
    pattern = rf"CREATE (?:OR REPLACE )?(FUNCTION clinic\.{function}\(.*?\nEND \$\$;)"
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise LookupError(function)
    return f"CREATE OR REPLACE {found[1]}"


def _staged(cursor: Cursor[tuple[object, ...]]) -> list[tuple[str, str]]:
    """Return every logged table with the arguments of its staging, as they are written in SQL."""
    found = cursor.execute(_STAGED.encode()).fetchall()
    return [(str(t), re.sub(r".*stage_change\((.*)\)$", r"\1", str(made))) for t, made in found]


def _seal_when(cursor: Cursor[tuple[object, ...]], condition: str) -> None:
    cursor.execute("DROP TRIGGER z_seal ON clinic.change_stage")
    cursor.execute(
        "CREATE CONSTRAINT TRIGGER z_seal AFTER INSERT ON clinic.change_stage "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {condition} "
        "EXECUTE FUNCTION clinic.seal_changes()".encode()
    )


def upgrade() -> None:
    cursor = driver_cursor()
    cursor.execute("ALTER TABLE clinic.change_stage ADD COLUMN leads boolean DEFAULT true NOT NULL")
    cursor.execute((SQL / "2026_11_30_speed.sql").read_text(encoding="utf-8").encode())
    cursor.execute("ALTER FUNCTION clinic.stage_added() OWNER TO clinic_log")
    cursor.execute("REVOKE ALL ON FUNCTION clinic.stage_added() FROM PUBLIC")
    for table, arguments in _staged(cursor):
        for statement in (
            f"DROP TRIGGER z_stage_change ON clinic.{table}",
            (
                f"CREATE TRIGGER z_stage_change AFTER UPDATE OR DELETE ON clinic.{table} "
                f"FOR EACH ROW EXECUTE FUNCTION clinic.stage_change({arguments})"
            ),
            (
                f"CREATE TRIGGER z_stage_added AFTER INSERT ON clinic.{table} "
                "REFERENCING NEW TABLE AS added FOR EACH STATEMENT "
                f"EXECUTE FUNCTION clinic.stage_added({arguments})"
            ),
        ):
            cursor.execute(statement.encode())
    _seal_when(cursor, "WHEN (NEW.leads)")


def downgrade() -> None:
    cursor = driver_cursor()
    _seal_when(cursor, "")
    for table, arguments in _staged(cursor):
        for statement in (
            f"DROP TRIGGER z_stage_added ON clinic.{table}",
            f"DROP TRIGGER z_stage_change ON clinic.{table}",
            (
                f"CREATE TRIGGER z_stage_change AFTER INSERT OR UPDATE OR DELETE ON clinic.{table} "
                f"FOR EACH ROW EXECUTE FUNCTION clinic.stage_change({arguments})"
            ),
        ):
            cursor.execute(statement.encode())
    cursor.execute("DROP FUNCTION clinic.stage_added()")
    for script, function in REPLACED:
        cursor.execute(_older(script, function).encode())
    cursor.execute("ALTER TABLE clinic.change_stage DROP COLUMN leads")
