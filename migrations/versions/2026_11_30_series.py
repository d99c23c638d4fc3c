"""Appointments that repeat: a rule with an end, its treatments, and the appointments it gave."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.creating import check, create, sane, to
from clinic_desktop.db.patching import driver_cursor
from clinic_desktop.db.protection import TableRights, protect

revision = "2026_11_30_series"
down_revision = "2026_11_30_chart"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_series.sql"
_WRITE = ("schedule.write", "clinical.complete")
TABLES = (
    TableRights("appointment_series", "schedule.read", _WRITE, "patient_id"),
    TableRights("series_treatment", "schedule.read", _WRITE),
)
_DATE_KEY = "appointment_series_id_clinic_id_series_date_key"


def _series() -> None:
    table = "appointment_series"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("local_start", sa.DateTime(timezone=False), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        to(table, "patient", "patient_id"),
        to(table, "provider", "provider_id"),
        to(table, "chair", "chair_id"),
        to(table, "appointment_series", "follows_id"),
        check(table, "minutes", "minutes BETWEEN 5 AND 1440"),
        check(table, "rule", r"rule ~ '^FREQ=(WEEKLY|MONTHLY);.*;(COUNT=\d{1,3}|UNTIL=\d{8})$'"),
        check(table, "follows", "follows_id <> id"),
        check(table, "rule_text", "length(rule) <= 200"),
        sane(table, "local_start"),
    )
    op.create_index("ix_appointment_series_patient", table, ["clinic_id", "patient_id"])


def _treatments() -> None:
    table = "series_treatment"
    create(
        table,
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        to(table, "appointment_series", "series_id"),
        to(table, "treatment", "treatment_id"),
    )
    op.create_index("ix_series_treatment_series", table, ["clinic_id", "series_id"])


def _link() -> None:
    table = "appointment"
    op.add_column(table, sa.Column("series_id", sa.Uuid(), nullable=True))
    op.add_column(table, sa.Column("series_date", sa.Date(), nullable=True))
    op.create_foreign_key(
        op.f("appointment_clinic_id_series_id_fkey"),
        table,
        "appointment_series",
        ["clinic_id", "series_id"],
        ["clinic_id", "id"],
    )
    op.create_check_constraint(
        op.f("appointment_series_check"), table, "(series_id IS NULL) = (series_date IS NULL)"
    )
    op.create_unique_constraint(
        op.f(_DATE_KEY),
        table,
        # The series first, which few have: nobody walks a clinic's appointments by this index.
        ["series_id", "clinic_id", "series_date"],
        deferrable=True,
        initially="IMMEDIATE",
    )


def upgrade() -> None:
    _series()
    _treatments()
    _link()
    for rights in TABLES:
        for statement in protect(rights):
            op.execute(statement)
    driver_cursor().execute(SQL.read_bytes())


def downgrade() -> None:
    op.execute("DROP TRIGGER b_guard_series ON clinic.appointment")
    # What waits for the end of the transaction would be in the way of altering tables.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_constraint(op.f(_DATE_KEY), "appointment")
    op.drop_constraint(op.f("appointment_series_check"), "appointment")
    op.drop_constraint(op.f("appointment_clinic_id_series_id_fkey"), "appointment")
    op.drop_column("appointment", "series_date")
    op.drop_column("appointment", "series_id")
    for rights in reversed(TABLES):
        op.drop_table(rights.table)
    op.execute("DROP FUNCTION clinic.guard_series_visit()")
    op.execute("DROP FUNCTION clinic.guard_series()")
