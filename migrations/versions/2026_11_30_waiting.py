"""The waiting list: who would come sooner, and what each answered to an offer."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.creating import check, create, sane, to
from clinic_desktop.db.patching import driver_cursor
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_waiting"
down_revision = "2026_11_30_hours"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

TABLES = (
    TableRights("waiting_request", "schedule.read", ("schedule.write",), "patient_id"),
    TableRights(
        "waiting_offer", "schedule.read", ("schedule.write",), "patient_id", append_only=True
    ),
)


def _requests() -> None:
    table = "waiting_request"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("weekdays", postgresql.ARRAY(sa.SMALLINT()), server_default="{}", nullable=False),
        sa.Column("not_before", sa.Time(), nullable=True),
        sa.Column("not_after", sa.Time(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("notice", sa.Integer(), server_default="60", nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("booked_id", sa.Uuid(), nullable=True),
        to(table, "patient", "patient_id"),
        to(table, "treatment", "treatment_id"),
        to(table, "provider", "provider_id"),
        to(table, "appointment", "appointment_id"),
        to(table, "appointment", "booked_id"),
        check(table, "status", "status IN ('waiting', 'booked', 'withdrawn')"),
        check(table, "minutes", "minutes BETWEEN 5 AND 600"),
        check(table, "notice", "notice BETWEEN 0 AND 20160"),
        check(
            table,
            "weekdays",
            "cardinality(weekdays) <= 7 AND weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[]",
        ),
        check(table, "times", "not_before < not_after"),
        check(table, "days", "first_day <= last_day"),
        check(table, "booked", "(status = 'booked') = (booked_id IS NOT NULL)"),
        sane(table, "first_day"),
        sane(table, "last_day"),
        check(table, "remark_text", "length(remark) <= 500"),
    )
    op.create_index(
        "ix_waiting_request_open",
        table,
        ["clinic_id", "created_at", "id"],
        postgresql_where=sa.text("status = 'waiting' AND deleted_at IS NULL"),
    )
    op.create_index("ix_waiting_request_patient", table, ["clinic_id", "patient_id"])


def _offers() -> None:
    table = "waiting_offer"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        to(table, "patient", "patient_id"),
        to(table, "waiting_request", "request_id"),
        to(table, "person", "person_id"),
        to(table, "provider", "provider_id"),
        check(table, "answer", "answer IN ('accepted', 'declined', 'no_answer', 'message_left')"),
        check(table, "minutes", "minutes BETWEEN 5 AND 600"),
        sane(table, "at"),
        sane(table, "starts_at"),
        check(table, "remark_text", "length(remark) <= 500"),
    )
    op.create_index("ix_waiting_offer_request", table, ["clinic_id", "request_id", "at"])


def _sources(*more: str, held: bool = False) -> None:
    """Say anew where an appointment may come from; ``held`` rows may keep what they have."""
    words = ("desk", "phone", "web", "walk_in", "recall", "import", "backdated", *more)
    op.drop_constraint(op.f("appointment_source_check"), "appointment")
    op.create_check_constraint(
        op.f("appointment_source_check"),
        "appointment",
        f"source IN ({', '.join(repr(word) for word in words)})",
        postgresql_not_valid=held,
    )


def upgrade() -> None:
    _sources("waiting_list")
    _requests()
    _offers()
    for rights in TABLES:
        for statement in protect(rights):
            op.execute(statement)
    driver_cursor().execute((SQL / "2026_11_30_waiting.sql").read_bytes())
    op.execute(trigger("waiting_offer", "b_guard_offer", "BEFORE INSERT", "guard_offer"))


def downgrade() -> None:
    for rights in reversed(TABLES):
        op.drop_table(rights.table)
    op.execute("DROP FUNCTION clinic.guard_offer()")
    _sources(held=True)
