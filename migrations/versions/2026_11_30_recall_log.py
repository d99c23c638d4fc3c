"""A completion taken back sets the recall back: the log says from what it was advanced."""

from pathlib import Path

from clinic_desktop.db.patching import driver_cursor

revision = "2026_11_30_recall_log"
down_revision = "2026_11_30_perio"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_recall_log.sql"
FUNCTION = "clinic.read_recall_log(uuid, uuid)"


def upgrade() -> None:
    cursor = driver_cursor()
    cursor.execute(SQL.read_bytes())
    for statement in (
        f"ALTER FUNCTION {FUNCTION} OWNER TO clinic_log",
        f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO clinic_staff, clinic_api",
    ):
        cursor.execute(statement.encode())


def downgrade() -> None:
    driver_cursor().execute(f"DROP FUNCTION {FUNCTION}".encode())
