"""Many rows in one transaction: words indexed once, the log's head held for less time."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.patching import driver_cursor, replace_in
from clinic_desktop.db.protection import trigger

revision = "2026_11_30_bulk"
down_revision = "2026_11_30_people"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
# What the new script replaces, and where its older text stands.
REPLACED = (("2026_11_30_imports", "index_new_words"), ("2026_11_30_speed", "seal_changes"))
# Each statement looked at all that the transaction had staged so far, to see that no row is of a
# merged record: its own rows, the last ones staged, are enough.
_ALL_STAGED = "PERFORM FROM clinic.change_stage s\n"
_LAST_STAGED = """PERFORM FROM (SELECT t.* FROM clinic.change_stage t WHERE t.xact = this_xact
                      ORDER BY t.n DESC LIMIT (SELECT count(*) FROM added)) s
"""


def _older(script: str, function: str) -> str:
    """Return the text with which an earlier migration made the function."""
    text = (SQL / f"{script}.sql").read_text(encoding="utf-8")
    pattern = rf"CREATE (?:OR REPLACE )?(FUNCTION clinic\.{function}\(.*?\nEND \$\$;)"
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise LookupError(function)
    return f"CREATE OR REPLACE {found[1]}"


def upgrade() -> None:
    op.create_table(
        "word_stage",
        sa.Column("n", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("n", name="word_stage_pkey"),
        prefixes=["UNLOGGED"],
    )
    cursor = driver_cursor()
    cursor.execute((SQL / "2026_11_30_bulk.sql").read_text(encoding="utf-8").encode())
    for statement in (
        "ALTER TABLE clinic.word_stage OWNER TO clinic_owner",
        "ALTER TABLE clinic.word_stage ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE clinic.word_stage FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner ON clinic.word_stage TO clinic_owner USING (true) WITH CHECK (true)",
        "GRANT SELECT ON clinic.word_stage TO clinic_backup",
        "ALTER FUNCTION clinic.index_staged_words() OWNER TO clinic_owner",
        "REVOKE ALL ON FUNCTION clinic.index_staged_words() FROM PUBLIC",
        trigger("word_stage", "word_stage_index", "INSERT", "index_staged_words", deferred=True),
    ):
        cursor.execute(statement.encode())
    replace_in("stage_added", _ALL_STAGED, _LAST_STAGED)


def downgrade() -> None:
    cursor = driver_cursor()
    # What waits for the end of the transaction would be in the way of altering tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    replace_in("stage_added", _LAST_STAGED, _ALL_STAGED)
    for script, function in REPLACED:
        cursor.execute(_older(script, function).encode())
    op.drop_table("word_stage")
    cursor.execute("DROP FUNCTION clinic.index_staged_words()")
