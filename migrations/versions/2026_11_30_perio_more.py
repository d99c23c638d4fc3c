"""Exams that archives bring in, extra teeth, the sign of margins, and who filled a cell."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.patching import driver_cursor

revision = "2026_11_30_perio_more"
down_revision = "2026_11_30_fresh_words"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
HAND = "clinic.perio_hand(uuid, uuid, text, integer)"

_MOLAR_BEFORE = "(tooth / 10 <= 4 AND tooth % 10 >= 6 OR tooth / 10 >= 5 AND tooth % 10 >= 4)"
_MOLAR = "(tooth / 10 <= 4 AND tooth % 10 >= 6 OR tooth / 10 BETWEEN 5 AND 8 AND tooth % 10 >= 4)"
_UPPER_BEFORE = "tooth / 10 IN (1, 2, 5, 6)"
_UPPER = "tooth % 100 / 10 IN (1, 2, 5, 6)"


def _furcations(upper: str, molar: str) -> str:
    return (
        f"(furcation[1] IS NULL OR {molar})"
        f" AND (furcation[2] IS NULL OR {molar} AND NOT {upper})"
        f" AND (furcation[3] IS NULL AND furcation[4] IS NULL"
        f" OR {upper} AND ({molar} OR tooth IN (14, 24)))"
    )


def _junctions(upper: str) -> str:
    return f"NOT {upper} OR mgj[4] IS NULL AND mgj[5] IS NULL AND mgj[6] IS NULL"


_ORDINARY = (
    "{number} / 10 BETWEEN 1 AND 4 AND tooth % 10 BETWEEN 1 AND 8"
    " OR {number} / 10 BETWEEN 5 AND 8 AND tooth % 10 BETWEEN 1 AND 5"
)
_SIGNED = (
    "(status = 'signed') = (signed_at IS NOT NULL"
    " AND (signed_by IS NOT NULL) <> (brought_from <> '' AND signer <> ''))"
)
_BROUGHT = (
    "CASE WHEN brought_from = '' THEN author = '' AND signer = ''"
    " ELSE author <> '' AND (signer = '' OR signed_by IS NULL) END"
)
# Table, name, the rule before, the rule after; an empty one is none.
RULES = (
    (
        "perio_exam",
        "signed",
        "(status = 'signed') = (signed_at IS NOT NULL AND signed_by IS NOT NULL)",
        _SIGNED,
    ),
    (
        "perio_exam",
        "brought",
        "",
        _BROUGHT,
    ),
    ("perio_exam", "brought_from_text", "", "length(brought_from) <= 200"),
    ("perio_exam", "author_text", "", "length(author) <= 200"),
    ("perio_exam", "signer_text", "", "length(signer) <= 200"),
    (
        "perio_tooth",
        "tooth",
        _ORDINARY.format(number="tooth"),
        f"tooth / 100 BETWEEN 0 AND 3 AND ({_ORDINARY.format(number='tooth % 100')})",
    ),
    ("perio_tooth", "no_junction_on_the_palate", _junctions(_UPPER_BEFORE), _junctions(_UPPER)),
    (
        "perio_tooth",
        "furcation_places",
        _furcations(_UPPER_BEFORE, _MOLAR_BEFORE),
        _furcations(_UPPER, _MOLAR),
    ),
    (
        "perio_tooth",
        "resume",
        r"resume ~ '^(\d{2}:[a-z]+:\d)?$'",
        r"resume ~ '^(\d{2,3}:[a-z]+:\d)?$'",
    ),
    ("clinic", "margin_sign", "", "margin_sign IN ('recession_plus', 'recession_minus')"),
)
COLUMNS = ("brought_from", "author", "signer")


def _word(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _name(table: str, rule: str) -> str:
    return op.f(f"{table}_{rule}_check")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("perio_exam", _word(column))
    op.add_column("clinic", _word("margin_sign", "recession_plus"))
    for table, name, before, after in RULES:
        if before:
            op.drop_constraint(_name(table, name), table)
        op.create_check_constraint(_name(table, name), table, after)
    cursor = driver_cursor()
    cursor.execute((SQL / "2026_11_30_perio_more.sql").read_bytes())
    for statement in (
        "ALTER FUNCTION clinic.guard_perio_exam() OWNER TO clinic_owner",
        f"ALTER FUNCTION {HAND} OWNER TO clinic_log",
        f"REVOKE ALL ON FUNCTION {HAND} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {HAND} TO clinic_staff, clinic_api",
    ):
        cursor.execute(statement.encode())


def downgrade() -> None:
    cursor = driver_cursor()
    cursor.execute(f"DROP FUNCTION {HAND}".encode())
    script = (SQL / "2026_11_30_perio.sql").read_text(encoding="utf-8")
    older = script[script.index("CREATE FUNCTION clinic.guard_perio_exam()") :]
    older = older[: older.index("END $$;") + len("END $$;")]
    cursor.execute(older.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1).encode())
    for table, name, _before, _after in reversed(RULES):
        op.drop_constraint(_name(table, name), table)
    for table, name, before, _after in RULES:
        if before:
            # What was brought in or is an extra tooth stays: older programs add no more of it.
            op.create_check_constraint(_name(table, name), table, before, postgresql_not_valid=True)
    for column in COLUMNS:
        op.drop_column("perio_exam", column)
    op.drop_column("clinic", "margin_sign")
