"""Recall: types and what completes them, when each patient is due, and the tries to reach them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.creating import check, create, sane, to
from clinic_desktop.db.patching import driver_cursor
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_recalls"
down_revision = "2026_11_30_imports"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

TABLES = (
    TableRights("recall_type", "schedule.read", ("catalogue.write",)),
    TableRights("recall_type_treatment", "schedule.read", ("catalogue.write",)),
    TableRights("recall", "schedule.read", ("schedule.write", "clinical.complete"), "patient_id"),
    TableRights(
        "recall_attempt", "schedule.read", ("schedule.write",), "patient_id", append_only=True
    ),
)
_INTERVAL = (
    "unit = 'week' AND every BETWEEN 1 AND 104 OR unit = 'month' AND every BETWEEN 1 AND 240"
)


def _types() -> None:
    table = "recall_type"
    create(
        table,
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("under_age", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("recall_type_clinic_id_fkey")
        ),
        to(table, "recall_type", "replaces_id"),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("recall_type_clinic_id_code_key")),
        check(table, "code_text", "btrim(code) <> '' AND length(code) <= 20"),
        check(table, "name_text", "btrim(name) <> '' AND length(name) <= 120"),
        check(table, "unit", "unit IN ('week', 'month')"),
        check(table, "interval", _INTERVAL),
        check(table, "under_age", "under_age BETWEEN 1 AND 120"),
        check(table, "replaces", "replaces_id <> id"),
    )
    table = "recall_type_treatment"
    create(
        table,
        sa.Column("recall_type_id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        to(table, "recall_type", "recall_type_id"),
        to(table, "treatment", "treatment_id"),
        sa.UniqueConstraint(
            "clinic_id",
            "recall_type_id",
            "treatment_id",
            name=op.f("recall_type_treatment_clinic_id_recall_type_id_treatment_id_key"),
        ),
    )
    op.create_index("ix_recall_type_treatment_treatment", table, ["clinic_id", "treatment_id"])


def _recalls() -> None:
    table = "recall"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("recall_type_id", sa.Uuid(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("pause_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        to(table, "patient", "patient_id"),
        to(table, "recall_type", "recall_type_id"),
        sa.UniqueConstraint(
            "clinic_id",
            "patient_id",
            "recall_type_id",
            name=op.f("recall_clinic_id_patient_id_recall_type_id_key"),
        ),
        check(table, "own_interval", "(every IS NULL) = (unit IS NULL)"),
        check(table, "interval", f"every IS NULL OR {_INTERVAL}"),
        check(table, "pause", "paused_until IS NULL OR pause_reason <> ''"),
        sane(table, "last_on"),
        sane(table, "due_on"),
        sane(table, "paused_until"),
        check(table, "pause_reason_text", "length(pause_reason) <= 200"),
        check(table, "remark_text", "length(remark) <= 500"),
    )
    op.create_index(
        "ix_recall_due",
        table,
        ["clinic_id", "due_on", "id"],
        postgresql_where=sa.text("due_on IS NOT NULL AND deleted_at IS NULL"),
    )


def _attempts() -> None:
    table = "recall_attempt"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        to(table, "patient", "patient_id"),
        to(table, "recall", "recall_id"),
        to(table, "appointment", "appointment_id"),
        to(table, "person", "person_id"),
        check(
            table,
            "channel",
            "channel IN ('phone', 'sms', 'email', 'whatsapp', 'post', 'in_person')",
        ),
        check(
            table,
            "outcome",
            "outcome IN ('no_answer', 'message_left', 'will_call', 'declined', 'wrong_number',"
            " 'booked')",
        ),
        sane(table, "at"),
        check(table, "remark_text", "length(remark) <= 500"),
    )
    op.create_index("ix_recall_attempt_recall", table, ["clinic_id", "recall_id", "at"])


def upgrade() -> None:
    _types()
    _recalls()
    _attempts()
    for rights in TABLES:
        for statement in protect(rights):
            op.execute(statement)
    driver_cursor().execute((SQL / "2026_11_30_recalls.sql").read_bytes())
    op.execute(trigger("recall_attempt", "b_guard_attempt", "BEFORE INSERT", "guard_attempt"))


def downgrade() -> None:
    for rights in reversed(TABLES):
        op.drop_table(rights.table)
    op.execute("DROP FUNCTION clinic.guard_attempt()")
