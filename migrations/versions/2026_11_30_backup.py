"""What became of the backups, and the job engine's tables in a schema of their own."""

from pathlib import Path

from clinic_desktop.db.patching import driver_cursor, drop_functions

revision = "2026_11_30_backup"
down_revision = "2026_11_30_speed"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

FUNCTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "note_backup(text, text, timestamptz, boolean, text, bigint, jsonb)",
        "clinic_owner",
        "clinic_backup, clinic_worker",
    ),
    ("ask_worker(uuid, text)", "clinic_worker", "clinic_staff"),
)

_EMPTY_JOBS = b"""
DO $$
DECLARE
    gone text;
BEGIN
    -- All names before the first is gone: what a CASCADE takes has none any more.
    FOREACH gone IN ARRAY ARRAY(
        SELECT format('TABLE jobs.%I', relname) FROM pg_class
        WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r'
        UNION ALL
        SELECT 'FUNCTION ' || p.oid::regprocedure FROM pg_proc p
        WHERE pronamespace = 'jobs'::regnamespace
        UNION ALL
        SELECT format('TYPE jobs.%I', typname) FROM pg_type
        WHERE typnamespace = 'jobs'::regnamespace AND typtype IN ('c', 'e')
          AND typname LIKE 'procrastinate%'
    )
    LOOP
        EXECUTE regexp_replace(gone, '^(\\w+) ', 'DROP \\1 IF EXISTS ') || ' CASCADE';
    END LOOP;
END $$
"""


def _script(name: str) -> bytes:
    return (SQL / f"2026_11_30_{name}.sql").read_text(encoding="utf-8").encode()


def upgrade() -> None:
    cursor = driver_cursor()
    cursor.execute("SELECT FROM pg_namespace WHERE nspname = 'jobs'")
    if cursor.fetchone() is None:
        cursor.execute("CREATE SCHEMA jobs AUTHORIZATION clinic_worker")
    cursor.execute("SET LOCAL ROLE clinic_worker")
    # Its functions name no schema: whoever runs them has this one in front.
    cursor.execute("SET LOCAL search_path = jobs, pg_catalog")
    cursor.execute(_script("jobs"))
    cursor.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC")
    cursor.execute("RESET ROLE")
    cursor.execute("SET LOCAL search_path = clinic, pg_catalog")
    cursor.execute("GRANT CREATE ON SCHEMA clinic TO clinic_worker")
    cursor.execute(_script("backup"))
    for signature, owner, callers in FUNCTIONS:
        cursor.execute(f"ALTER FUNCTION clinic.{signature} OWNER TO {owner}")
        cursor.execute(f"REVOKE ALL ON FUNCTION clinic.{signature} FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION clinic.{signature} TO {callers}")
    cursor.execute("REVOKE CREATE ON SCHEMA clinic FROM clinic_worker")


def downgrade() -> None:
    cursor = driver_cursor()
    drop_functions(FUNCTIONS)
    cursor.execute("DROP TABLE clinic.backup_run")
    # The schema itself stays: making it again would need a right on the database.
    cursor.execute(_EMPTY_JOBS)
