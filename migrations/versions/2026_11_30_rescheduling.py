"""Appointments moved to another time, broken ones that wait, blocked time changed by hand, feeds.

A rescheduled appointment has one that took its place. The list of broken appointments walks rows
of its own. What a person changed of an imported busy time is known as theirs.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.creating import to
from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions
from clinic_desktop.db.protection import protect_derived

revision = "2026_11_30_rescheduling"
down_revision = "2026_11_30_perio_more"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_rescheduling.sql"
DERIVED = {"broken_visit": "schedule.read"}
FUNCTIONS = (
    ("guard_stands_for()", "clinic_owner", ""),
    ("guard_successor()", "clinic_owner", ""),
    ("last_broken(uuid, uuid[])", "clinic_owner", ""),
    ("keep_broken(uuid, uuid)", "clinic_owner", ""),
    ("broken_by_visit()", "clinic_owner", ""),
    ("broken_by_patient()", "clinic_owner", ""),
    ("broken_by_attempt()", "clinic_owner", ""),
    ("log_feed(uuid, uuid, integer)", "clinic_log", "clinic_backup"),
)
_TRIGGERS = (
    ("b_guard_stands_for", "appointment"),
    ("d_guard_made_anew", "appointment"),
    ("d_guard_successor", "appointment"),
    ("k_keep_broken_new", "appointment"),
    ("k_keep_broken", "appointment"),
    ("k_keep_broken", "patient"),
    ("k_keep_broken", "contact_attempt"),
)
_ONE = "rescheduled_from_id IS NOT NULL AND deleted_at IS NULL AND status <> 'cancelled'"
# Of several that were made for one broken appointment, the first keeps its place.
_FIRST_ONLY = """
UPDATE clinic.appointment a SET rescheduled_from_id = NULL, version = a.version + 1
WHERE a.rescheduled_from_id IS NOT NULL AND a.deleted_at IS NULL AND a.status <> 'cancelled'
  AND EXISTS (SELECT FROM clinic.appointment o
              WHERE o.clinic_id = a.clinic_id AND o.rescheduled_from_id = a.rescheduled_from_id
                AND o.deleted_at IS NULL AND o.status <> 'cancelled'
                AND (o.created_at, o.id) < (a.created_at, a.id))
"""
_FILL = """
INSERT INTO clinic.broken_visit
    (clinic_id, patient_id, appointment_id, starts_at, provider_id, declined)
SELECT b.* FROM clinic.clinic c CROSS JOIN LATERAL clinic.last_broken(c.id, NULL) b
"""


def _broken_visit() -> None:
    table = "broken_visit"
    op.create_table(
        table,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        to(table, "appointment", "appointment_id"),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("broken_visit_pkey")),
    )
    walk = ["clinic_id", "starts_at", "appointment_id"]
    op.create_index("ix_broken_visit_all", table, walk)
    op.create_index("ix_broken_visit_open", table, walk, postgresql_where=sa.text("NOT declined"))
    op.create_index("ix_broken_visit_provider", table, ["clinic_id", "provider_id", *walk[1:]])


def _by_hand() -> None:
    op.add_column("special_time", sa.Column("changed_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("special_time_clinic_id_changed_by_fkey"),
        "special_time",
        "person",
        ["clinic_id", "changed_by"],
        ["clinic_id", "id"],
    )
    op.create_check_constraint(
        op.f("special_time_by_hand_check"), "special_time", "changed_by IS NULL OR source <> ''"
    )


def upgrade() -> None:
    _broken_visit()
    for table, read in DERIVED.items():
        for statement in protect_derived(table, read):
            op.execute(statement)
    _by_hand()
    op.create_check_constraint(
        op.f("appointment_place_check"), "appointment", "rescheduled_from_id <> id"
    )
    cursor = driver_cursor()
    cursor.execute(_FIRST_ONLY.encode())
    # The log of it is closed before the table is altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.create_index(
        "ix_appointment_successor",
        "appointment",
        ["clinic_id", "rescheduled_from_id"],
        unique=True,
        postgresql_where=sa.text(_ONE),
    )
    cursor.execute(SQL.read_bytes())
    give_functions(FUNCTIONS)
    cursor.execute(_FILL.encode())


def downgrade() -> None:
    cursor = driver_cursor()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name, table in _TRIGGERS:
        cursor.execute(f"DROP TRIGGER {name} ON clinic.{table}".encode())
    drop_functions(FUNCTIONS)
    op.drop_index("ix_appointment_successor", "appointment")
    op.drop_constraint(op.f("appointment_place_check"), "appointment")
    op.drop_column("special_time", "changed_by")
    op.drop_table("broken_visit")
