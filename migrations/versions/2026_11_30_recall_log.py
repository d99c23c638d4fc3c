"""A completion taken back sets the recall back: the log says from what it was advanced."""

from pathlib import Path

from alembic import op
from psycopg import Cursor

revision = "2026_11_30_recall_log"
down_revision = "2026_11_30_perio"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_recall_log.sql"
FUNCTION = "clinic.read_recall_log(uuid, uuid)"


def _cursor() -> Cursor[tuple[object, ...]]:
    return op.get_bind().connection.cursor()  # type: ignore[return-value]  # psycopg's, by our URL


def upgrade() -> None:
    cursor = _cursor()
    cursor.execute(SQL.read_bytes())
    for statement in (
        f"ALTER FUNCTION {FUNCTION} OWNER TO clinic_log",
        f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO clinic_staff, clinic_api",
    ):
        cursor.execute(statement.encode())


def downgrade() -> None:
    _cursor().execute(f"DROP FUNCTION {FUNCTION}".encode())
