"""More of a tooth: what kind of crown, which root, which animal; work completed by mistake."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions
from clinic_desktop.db.protection import trigger

revision = "2026_11_30_chart"
down_revision = "2026_11_30_booking"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_chart.sql"
FUNCTIONS = (
    ("guard_chart_item()", "clinic_owner", ""),
    ("read_chart_log(uuid, uuid)", "clinic_log", "clinic_staff, clinic_api"),
)
# A number names an extra tooth by hundreds of its neighbour's, an animal's by thousands.
_PEOPLE, _ALL = "BETWEEN 11 AND 199", "BETWEEN 11 AND 39999"


def _numbers(rule: str, *, held: bool = False) -> None:
    """Say anew which numbers teeth may have; ``held`` rows may keep what they have."""
    for table in ("chart_item", "posting"):
        name = op.f(f"{table}_tooth_check")
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, f"tooth {rule}", postgresql_not_valid=held)


def upgrade() -> None:
    for table, name, usual in (
        ("chart_item", "detail", ""),
        ("chart_item", "act", ""),
        ("patient", "species", "human"),
    ):
        op.add_column(table, sa.Column(name, sa.Text(), server_default=usual, nullable=False))
    for table, name, rule in (
        ("chart_item", "detail", "detail ~ '^[a-z0-9 ]{0,60}$'"),
        ("chart_item", "act", "length(act) <= 40"),
        ("patient", "species", "species IN ('human', 'dog', 'cat')"),
    ):
        op.create_check_constraint(op.f(f"{table}_{name}_check"), table, rule)
    _numbers(_ALL)
    cursor = driver_cursor()
    cursor.execute(SQL.read_bytes())
    give_functions(FUNCTIONS)
    cursor.execute(
        trigger(
            "chart_item", "b_guard_chart_item", "BEFORE INSERT OR UPDATE", "guard_chart_item"
        ).encode()
    )
    # A clinic that is there already gives the right to those who have it in a new one.
    cursor.execute(
        b"UPDATE clinic.staff_role SET permissions = permissions || 'clinical.reverse'::text, "
        b"version = version + 1 WHERE code IN ('dentist', 'admin') "
        b"AND NOT 'clinical.reverse' = ANY (permissions) AND deleted_at IS NULL"
    )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def downgrade() -> None:
    cursor = driver_cursor()
    cursor.execute(
        b"UPDATE clinic.staff_role SET version = version + 1, "
        b"permissions = array_remove(permissions, 'clinical.reverse') "
        b"WHERE 'clinical.reverse' = ANY (permissions)"
    )
    # What waits for the end of the transaction would be in the way of altering tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("DROP TRIGGER b_guard_chart_item ON clinic.chart_item")
    drop_functions(FUNCTIONS)
    _numbers(_PEOPLE, held=True)
    op.drop_column("patient", "species")
    op.drop_column("chart_item", "act")
    op.drop_column("chart_item", "detail")
