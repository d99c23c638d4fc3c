"""Working time of single dates, bookings held to it, minutes in which an assistant alone works."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions, replace_in
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_hours"
down_revision = "2026_11_30_bulk"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_hours.sql"
TABLES = (TableRights("special_time", "catalogue.read", ("catalogue.write",)),)
_WORKED_ON = "worked_on(uuid, uuid, uuid, date, text)"
# Who runs each function, and which people may call it.
FUNCTIONS = (
    ("clock_first(timestamp, text)", "clinic_owner", ""),
    ("clock_span(timestamp, timestamp, text)", "clinic_owner", ""),
    (_WORKED_ON, "clinic_owner", ""),
    ("is_worked(uuid, uuid, uuid, timestamptz, timestamptz, text)", "clinic_owner", ""),
    ("assist_time(text, timestamptz)", "clinic_owner", ""),
    ("place_before(uuid, uuid)", "clinic_log", "clinic_owner"),
    ("guard_place()", "clinic_owner", ""),
    ("hold_bookings()", "clinic_owner", ""),
    ("guard_booked()", "clinic_owner", ""),
)
_PLACE = (
    "provider_id, chair_id, starts_at, ends_at, local_start, zone, outside_reason, assist, "
    "status, deleted_at"
)
# Only a change of place is looked at, and what comes back; a step or a remark moves nothing.
TRIGGERS = (
    ("appointment", "b_guard_place", f"BEFORE INSERT OR UPDATE OF {_PLACE}", "guard_place"),
    ("working_time", "b_hold_bookings", "BEFORE INSERT OR UPDATE", "hold_bookings"),
    ("special_time", "b_hold_bookings", "BEFORE INSERT OR UPDATE", "hold_bookings"),
    ("provider", "b_guard_booked", "BEFORE UPDATE OF active, deleted_at", "guard_booked"),
    ("chair", "b_guard_booked", "BEFORE UPDATE OF active, deleted_at", "guard_booked"),
)
_SPAN = r"^(\d{1,4}-\d{1,4}(,\d{1,4}-\d{1,4})*)?$"
_SOURCES = "'desk', 'phone', 'web', 'walk_in', 'recall', 'import'"
# What a provider can do, a chair has, and a treatment asks of both.
_WORDS = (
    ("provider", "skills"),
    ("chair", "equipment"),
    ("treatment", "skills"),
    ("treatment", "equipment"),
)
# Places in the function that keeps taken times, and what stands there now: an assistant's minutes
# are the chair's, not the provider's.
_OWN = "    own := tstzmultirange(tstzrange(NEW.starts_at, ends, '[)'));\n"
_MINE = """    mine := own;
    IF NEW.assist <> '' THEN
        mine := own - clinic.assist_time(NEW.assist, NEW.starts_at);
    END IF;
"""
_GONE = "AND r.appointment_id = NEW.id AND r.kind = 'chair'\n          AND NEW.chair_id IS NULL;"
_GONE_NOW = """AND r.appointment_id = NEW.id
          AND (r.kind = 'chair' AND NEW.chair_id IS NULL
               OR r.kind = 'provider' AND isempty(mine));"""
_WANTED = """('chair', NEW.chair_id, taken)) AS wanted(kind, resource_id, blocking)
    WHERE wanted.resource_id IS NOT NULL"""
_WANTED_NOW = """('chair', NEW.chair_id, own, taken))
         AS wanted(kind, resource_id, own_time, blocking)
    WHERE wanted.resource_id IS NOT NULL AND NOT isempty(wanted.own_time)"""
_SAME = "       AND NEW.squeeze_reason = OLD.squeeze_reason\n"
HOOKS = (
    ("occupy", "    own tstzmultirange;\n", "    own tstzmultirange;\n    mine tstzmultirange;\n"),
    ("occupy", _SAME, f"{_SAME.rstrip()} AND NEW.assist = OLD.assist\n"),
    ("occupy", _OWN, _OWN + _MINE),
    ("occupy", _GONE, _GONE_NOW),
    (
        "occupy",
        "wanted.kind, wanted.resource_id, own, wanted.blocking",
        "wanted.kind, wanted.resource_id, wanted.own_time, wanted.blocking",
    ),
    (
        "occupy",
        "('provider', NEW.provider_id, taken AND NEW.squeeze_reason = '')",
        "('provider', NEW.provider_id, mine, taken AND NEW.squeeze_reason = '')",
    ),
    ("occupy", _WANTED, _WANTED_NOW),
)


def _create_table() -> None:
    stamp = sa.DateTime(timezone=True)
    op.create_table(
        "special_time",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=False), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=False), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", stamp, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", stamp, server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", stamp, nullable=True),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("special_time_pkey")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("special_time_clinic_id_fkey")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["clinic_id", f"{one}_id"],
                [f"{one}.clinic_id", f"{one}.id"],
                name=op.f(f"special_time_clinic_id_{one}_id_fkey"),
            )
            for one in ("provider", "chair")
        ),
        sa.CheckConstraint(
            "kind IN ('open', 'holiday', 'time_off', 'blockout')",
            name=op.f("special_time_kind_check"),
        ),
        sa.CheckConstraint(
            "provider_id IS NULL OR chair_id IS NULL", name=op.f("special_time_one_owner_check")
        ),
        sa.CheckConstraint(
            "kind <> 'holiday' OR provider_id IS NULL AND chair_id IS NULL",
            name=op.f("special_time_holiday_check"),
        ),
        sa.CheckConstraint(
            "kind <> 'time_off' OR provider_id IS NOT NULL", name=op.f("special_time_whose_check")
        ),
        sa.CheckConstraint(
            "kind <> 'blockout' OR btrim(label) <> ''", name=op.f("special_time_reason_check")
        ),
        sa.CheckConstraint(
            "ends > starts AND ends - starts <= interval '400 days'",
            name=op.f("special_time_length_check"),
        ),
        sa.CheckConstraint(
            "kind <> 'open' OR starts::date = ends::date", name=op.f("special_time_one_day_check")
        ),
        sa.CheckConstraint(
            "starts >= '1900-01-01' AND ends < '3000-01-01'", name=op.f("special_time_range_check")
        ),
        sa.CheckConstraint("length(label) <= 200", name=op.f("special_time_label_text_check")),
    )
    op.create_index("ix_special_time_ends", "special_time", ["clinic_id", "ends"])


def _add_columns() -> None:
    for table in ("appointment", "treatment"):
        op.add_column(table, sa.Column("assist", sa.Text(), server_default="", nullable=False))
        op.create_check_constraint(
            op.f(f"{table}_assist_check"),
            table,
            f"assist ~ '{_SPAN}' AND length(assist) <= 200",
        )
    for table, column in _WORDS:
        op.add_column(
            table,
            sa.Column(column, postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        )
        op.create_check_constraint(
            op.f(f"{table}_{column}_check"),
            table,
            f"cardinality({column}) <= 20 AND array_position({column}, NULL) IS NULL "
            f"AND length(array_to_string({column}, ',')) <= 800",
        )
    op.add_column(
        "appointment", sa.Column("outside_reason", sa.Text(), server_default="", nullable=False)
    )
    op.create_check_constraint(
        op.f("appointment_outside_reason_text_check"),
        "appointment",
        "length(outside_reason) <= 500",
    )
    op.drop_constraint(op.f("appointment_source_check"), "appointment")
    op.create_check_constraint(
        op.f("appointment_source_check"), "appointment", f"source IN ({_SOURCES}, 'backdated')"
    )


def upgrade() -> None:
    cursor = driver_cursor()
    _create_table()
    _add_columns()
    cursor.execute(SQL.read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    for rights in TABLES:
        for statement in protect(rights):
            cursor.execute(statement.encode())
    for table, name, events, function in TRIGGERS:
        cursor.execute(trigger(table, name, events, function).encode())
    for name, old, new in HOOKS:
        replace_in(name, old, new)


def downgrade() -> None:
    cursor = driver_cursor()
    for name, old, new in reversed(HOOKS):
        replace_in(name, new, old)
    for table, name, _events, _function in TRIGGERS:
        cursor.execute(f"DROP TRIGGER {name} ON clinic.{table}")
    op.drop_table("special_time")
    drop_functions(FUNCTIONS)
    # The older version knows no other word for what was entered afterwards.
    cursor.execute(
        "UPDATE clinic.appointment SET source = 'desk', version = version + 1 "
        "WHERE source = 'backdated'"
    )
    # What waits for the end of the transaction would be in the way of altering tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_constraint(op.f("appointment_source_check"), "appointment")
    op.create_check_constraint(
        op.f("appointment_source_check"), "appointment", f"source IN ({_SOURCES})"
    )
    for table, column in (*_WORDS, ("appointment", "assist"), ("treatment", "assist")):
        op.drop_column(table, column)
    op.drop_column("appointment", "outside_reason")
