"""Lists to book from: planned work that nobody booked, broken appointments, tries to reach people.

An appointment names the planned work that it is for, so that completing finds it; the desk learns
of the chart what is to be booked, through two functions, and no more.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.creating import check, create, sane, to
from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions, replace_in
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_booking"
down_revision = "2026_11_30_ical"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

TABLES = (
    TableRights(
        "contact_attempt", "schedule.read", ("schedule.write",), "patient_id", append_only=True
    ),
)
_UNSCHEDULED = "uuid, timestamptz, boolean, uuid, date, date, date, uuid, boolean, int"
FUNCTIONS = (
    ("guard_planned()", "clinic_owner", ""),
    ("guard_contact()", "clinic_owner", ""),
    # The hosted API books for patients and learns nothing of anybody's chart.
    ("planned_work(uuid, uuid, timestamptz)", "clinic_reader", "clinic_staff"),
    (f"unscheduled_work({_UNSCHEDULED})", "clinic_reader", "clinic_staff"),
)
_PLANNED = (
    "kind = 'procedure' AND status IN ('planned', 'in_progress') AND until IS NULL "
    "AND deleted_at IS NULL"
)
_INDEXES = (
    ("ix_appointment_broken", "appointment", ["clinic_id", "starts_at", "id"],
     "status IN ('missed', 'cancelled') AND deleted_at IS NULL"),
    ("ix_appointment_rescheduled_from", "appointment", ["clinic_id", "rescheduled_from_id"],
     "rescheduled_from_id IS NOT NULL"),
    ("ix_appointment_treatment_chart_item", "appointment_treatment",
     ["clinic_id", "chart_item_id"], "chart_item_id IS NOT NULL AND deleted_at IS NULL"),
    ("ix_chart_item_planned", "chart_item", ["clinic_id", "since", "id"], _PLANNED),
    ("ix_chart_item_planned_provider", "chart_item",
     ["clinic_id", "provider_id", "since", "id"], _PLANNED),
)  # fmt: skip
_BEFORE = "    -- The record itself. Its number stays: kept papers and rows are found by it.\n"
_MORE = """    DELETE FROM clinic.contact_attempt a
    WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids);

"""
_SOURCES = (
    "desk", "phone", "web", "walk_in", "recall", "import", "backdated", "waiting_list"
)  # fmt: skip


def _attempts() -> None:
    table = "contact_attempt"
    create(
        table,
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("booked_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        to(table, "patient", "patient_id"),
        to(table, "appointment", "appointment_id"),
        to(table, "appointment", "booked_id"),
        to(table, "person", "person_id"),
        check(table, "about", "about IN ('planned', 'broken')"),
        check(table, "visit", "(about = 'broken') = (appointment_id IS NOT NULL)"),
        check(
            table,
            "channel",
            "channel IN ('phone', 'sms', 'email', 'whatsapp', 'post', 'in_person')",
        ),
        check(
            table,
            "outcome",
            "outcome IN ('no_answer', 'message_left', 'will_call', 'declined', 'wrong_number', "
            "'booked')",
        ),
        check(table, "booked", "(outcome = 'booked') = (booked_id IS NOT NULL)"),
        sane(table, "at"),
        check(table, "remark_text", "length(remark) <= 500"),
    )
    op.create_index("ix_contact_attempt_patient", table, ["clinic_id", "patient_id", "at"])


def _sources(*more: str, held: bool = False) -> None:
    """Say anew where an appointment may come from; ``held`` rows may keep what they have."""
    words = (*_SOURCES, *more)
    op.drop_constraint(op.f("appointment_source_check"), "appointment")
    op.create_check_constraint(
        op.f("appointment_source_check"),
        "appointment",
        f"source IN ({', '.join(repr(word) for word in words)})",
        postgresql_not_valid=held,
    )


def upgrade() -> None:
    _sources("planned", "rebooked")
    _attempts()
    for rights in TABLES:
        for statement in protect(rights):
            op.execute(statement)
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where))
    cursor = driver_cursor()
    cursor.execute((SQL / "2026_11_30_booking.sql").read_bytes())
    give_functions(FUNCTIONS)
    op.execute(trigger("contact_attempt", "b_guard_contact", "BEFORE INSERT", "guard_contact"))
    op.execute(
        "CREATE TRIGGER b_guard_planned BEFORE INSERT OR UPDATE OF chart_item_id, appointment_id, "
        "treatment_id ON clinic.appointment_treatment FOR EACH ROW "
        "WHEN (NEW.chart_item_id IS NOT NULL) EXECUTE FUNCTION clinic.guard_planned()"
    )
    replace_in("empty_records", _BEFORE, _MORE + _BEFORE)


def downgrade() -> None:
    replace_in("empty_records", _MORE + _BEFORE, _BEFORE)
    op.execute("DROP TRIGGER b_guard_planned ON clinic.appointment_treatment")
    op.drop_table("contact_attempt")
    drop_functions(FUNCTIONS)
    for name, table, _columns, _where in reversed(_INDEXES):
        op.drop_index(name, table)
    _sources(held=True)
