"""Roles' rights, row policies, guards and the change log over the first tables."""

from pathlib import Path

from psycopg import Cursor

from clinic_desktop.db.patching import driver_cursor, give_functions
from clinic_desktop.db.protection import TableRights, protect, protect_derived, trigger

revision = "2026_11_20_protection"
down_revision = "2026_11_20_tables"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

_CATALOGUE = ("catalogue.read", ("catalogue.write",))
_STAFF = ("staff.read", ("staff.write",))
_POSTS = ("billing.post", "clinical.complete")

TABLES = (
    TableRights("clinic", "member", ("settings.write",), unlogged=("logo",)),
    TableRights("setting", "member", ("settings.write",)),
    TableRights("chair", *_CATALOGUE),
    TableRights("working_time", *_CATALOGUE),
    TableRights("provider", *_CATALOGUE),
    TableRights("treatment", *_CATALOGUE),
    TableRights("treatment_material", *_CATALOGUE),
    TableRights("person", *_STAFF),
    TableRights("staff_role", *_STAFF),
    TableRights("person_role", *_STAFF),
    TableRights("emergency_access", "staff.read", ("member",), append_only=True),
    TableRights("household", "patients.read", ("patients.write",)),
    TableRights(
        "patient", "patients.read", ("patients.write",), "id", unlogged=("sort_key", "words")
    ),
    TableRights(
        "patient_alert", "patients.read", ("patients.write", "clinical.write"), "patient_id"
    ),
    TableRights(
        "appointment", "schedule.read", ("schedule.write", "clinical.complete"), "patient_id"
    ),
    TableRights("appointment_treatment", "schedule.read", ("schedule.write", "clinical.complete")),
    TableRights(
        "chart_item", "clinical.read", ("clinical.write", "clinical.complete"), "patient_id"
    ),
    TableRights("note", "clinical.read", ("clinical.write", "clinical.sign"), "patient_id"),
    TableRights(
        "note_version",
        "clinical.read",
        ("clinical.write",),
        "patient_id",
        append_only=True,
        guarded=True,
        open=("note_id", "number"),
    ),
    TableRights("journal_entry", "billing.read", _POSTS, "patient_id", append_only=True),
    TableRights("posting", "billing.read", _POSTS, "patient_id", append_only=True),
    TableRights("invoice", "billing.read", ("billing.issue",), "patient_id"),
    TableRights("invoice_line", "billing.read", ("billing.issue",), append_only=True),
    TableRights("product", "stock.read", ("stock.write", "catalogue.write")),
    TableRights(
        "stock_movement", "stock.read", ("stock.write", "clinical.complete"), append_only=True
    ),
    TableRights(
        "prescription",
        "prescriptions.read",
        ("prescriptions.write",),
        "patient_id",
        guarded=True,
        open=("patient_id", "status", "number", "year", "issued_at", "document_id"),
    ),
    TableRights(
        "prescription_item",
        "prescriptions.read",
        ("prescriptions.write",),
        "patient_id",
        append_only=True,
        guarded=True,
        open=("prescription_id", "position"),
    ),
    TableRights(
        "document",
        "documents.read",
        ("documents.write", "billing.issue", "prescriptions.write"),
        "patient_id",
        append_only=True,
        guarded=True,
        open=("patient_id", "kind", "title", "media_type", "size", "sha256"),
        unlogged=("content",),
    ),
)
DERIVED = {
    "patient_word": "patients.read",
    "appointment_resource": "schedule.read",
    "stock_balance": "stock.read",
}
TRIGGERS = (
    ("person", "b_login_is_given", "BEFORE INSERT OR UPDATE", "login_is_given"),
    ("person", "c_rights_follow", "AFTER INSERT OR UPDATE", "rights_follow"),
    ("person_role", "c_rights_follow", "AFTER INSERT OR UPDATE", "rights_follow"),
    ("staff_role", "c_rights_follow", "AFTER UPDATE", "rights_follow"),
    ("emergency_access", "c_emergency_begins", "AFTER INSERT", "emergency_begins"),
    ("patient", "b_number_patient", "BEFORE INSERT", "number_patient"),
    ("patient", "c_index_words", "AFTER INSERT OR UPDATE", "index_words"),
    ("appointment", "c_occupy", "AFTER INSERT OR UPDATE", "occupy"),
    ("note", "b_guard_note", "BEFORE INSERT OR UPDATE", "guard_note"),
    ("note_version", "b_guard_note_version", "BEFORE INSERT", "guard_note_version"),
    ("invoice", "b_guard_invoice", "BEFORE INSERT OR UPDATE", "guard_invoice"),
    ("invoice_line", "b_guard_invoice_line", "BEFORE INSERT", "guard_invoice_line"),
    ("prescription", "b_guard_prescription", "BEFORE INSERT OR UPDATE", "guard_prescription"),
    ("prescription_item", "b_guard_prescription_item", "BEFORE INSERT", "guard_prescription_item"),
    ("stock_movement", "c_move_stock", "AFTER INSERT", "move_stock"),
)
DEFERRED = (
    ("person", "d_admin_remains", "UPDATE", "admin_remains"),
    ("person_role", "d_admin_remains", "UPDATE", "admin_remains"),
    ("staff_role", "d_admin_remains", "UPDATE", "admin_remains"),
    ("journal_entry", "d_entry_balances", "INSERT", "entry_balances"),
    ("posting", "d_entry_balances", "INSERT", "entry_balances"),
)

_ENTRY_HASH = (
    "entry_hash(bytea, bigint, uuid, timestamptz, text, uuid, text, text, text, uuid, uuid, text, "
    "text[], bigint, bytea)"
)
# Who runs each function, and which people may call it; a trigger's needs nobody's leave.
FUNCTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "clinics_with(text[])",
        "clinic_reader",
        "clinic_staff, clinic_api, clinic_worker, clinic_owner, clinic_log, clinic_people",
    ),
    (
        "require(uuid, text[])",
        "clinic_reader",
        "clinic_staff, clinic_api, clinic_worker, clinic_owner, clinic_log, clinic_people",
    ),
    ("my_rights(uuid)", "clinic_reader", "clinic_staff, clinic_api, clinic_worker, clinic_log"),
    ("is_me(uuid, uuid)", "clinic_reader", "clinic_owner"),
    ("refresh_rights(uuid, text)", "clinic_owner", ""),
    ("rights_follow()", "clinic_owner", ""),
    ("admin_remains()", "clinic_owner", ""),
    ("emergency_begins()", "clinic_owner", ""),
    ("login_is_given()", "clinic_owner", ""),
    ("may_manage(text)", "clinic_reader", "clinic_people, clinic_owner"),
    ("give_login(uuid, uuid, text, text, integer)", "clinic_people", "clinic_staff"),
    ("end_login(uuid, uuid)", "clinic_people", "clinic_staff"),
    ("change_my_password(text)", "clinic_people", "clinic_staff"),
    ("set_my_secret(text, text)", "clinic_owner", "clinic_staff"),
    ("my_secret(text)", "clinic_owner", "clinic_staff"),
    ("clear_secret(uuid, uuid, text)", "clinic_owner", "clinic_staff"),
    ("stage_change()", "clinic_log", ""),
    ("seal_changes()", "clinic_log", ""),
    ("entry_digest(uuid, jsonb, jsonb, text)", "clinic_log", "clinic_backup"),
    (_ENTRY_HASH, "clinic_log", "clinic_backup"),
    ("refuse_edit()", "clinic_owner", ""),
    (
        "log_access(uuid, uuid, text, text)",
        "clinic_log",
        "clinic_staff, clinic_api, clinic_worker, clinic_reader",
    ),
    ("read_history(uuid, text, uuid)", "clinic_log", "clinic_staff, clinic_api"),
    ("guard_row()", "clinic_owner", ""),
    ("next_number(uuid, text, integer)", "clinic_owner", ""),
    ("number_patient()", "clinic_owner", ""),
    ("index_words()", "clinic_owner", ""),
    ("occupy()", "clinic_owner", ""),
    ("guard_note()", "clinic_owner", ""),
    ("guard_note_version()", "clinic_owner", ""),
    ("entry_balances()", "clinic_owner", ""),
    ("guard_invoice()", "clinic_owner", ""),
    ("guard_invoice_line()", "clinic_owner", ""),
    ("guard_prescription()", "clinic_owner", ""),
    ("guard_prescription_item()", "clinic_owner", ""),
    ("move_stock()", "clinic_owner", ""),
)


def _protect_log(cursor: Cursor[tuple[object, ...]]) -> None:
    """The log belongs to a role of its own; people read entries, never values, and edit nothing."""
    for table in ("log_head", "change_stage", "change_log", "change_value", "access_log"):
        cursor.execute(f"ALTER TABLE clinic.{table} OWNER TO clinic_log")
        cursor.execute(f"ALTER TABLE clinic.{table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE clinic.{table} FORCE ROW LEVEL SECURITY")
        cursor.execute(
            f"CREATE POLICY log ON clinic.{table} TO clinic_log USING (true) WITH CHECK (true)"
        )
        cursor.execute(f"GRANT SELECT ON clinic.{table} TO clinic_backup")
    for table, right in (("change_log", "member"), ("access_log", "audit.read")):
        cursor.execute(
            f"CREATE POLICY may_read ON clinic.{table} FOR SELECT "
            "TO clinic_staff, clinic_api, clinic_worker "
            f"USING (clinic_id = ANY ((SELECT clinic.clinics_with('{right}'))::uuid[]))"
        )
        cursor.execute(f"GRANT SELECT ON clinic.{table} TO clinic_staff, clinic_worker, clinic_api")
    for table in ("change_log", "change_value", "access_log"):
        cursor.execute(
            f"CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON clinic.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_edit()"
        )
    cursor.execute(
        "CREATE CONSTRAINT TRIGGER z_seal AFTER INSERT ON clinic.change_stage "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clinic.seal_changes()"
    )


def _protect_rights(cursor: Cursor[tuple[object, ...]]) -> None:
    """Rights, secrets and counters: no grant to anybody; functions of their owner move them."""
    for table in ("staff_right", "person_secret", "counter"):
        cursor.execute(f"ALTER TABLE clinic.{table} OWNER TO clinic_owner")
        cursor.execute(f"ALTER TABLE clinic.{table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE clinic.{table} FORCE ROW LEVEL SECURITY")
        cursor.execute(
            f"CREATE POLICY owner ON clinic.{table} TO clinic_owner USING (true) WITH CHECK (true)"
        )
        cursor.execute(f"GRANT SELECT ON clinic.{table} TO clinic_backup")
    cursor.execute("GRANT SELECT ON clinic.staff_right TO clinic_reader")
    cursor.execute("GRANT SELECT, UPDATE ON clinic.person TO clinic_people")
    cursor.execute("CREATE POLICY people ON clinic.person TO clinic_people USING (true)")


def upgrade() -> None:
    cursor = driver_cursor()
    cursor.execute("ALTER TYPE clinic.uuidrange OWNER TO clinic_owner")
    for script in ("rights", "log", "guards"):
        cursor.execute((SQL / f"2026_11_20_{script}.sql").read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    for rights in TABLES:
        for statement in protect(rights, by_statement=False):
            cursor.execute(statement.encode())
    for table, read in DERIVED.items():
        for statement in protect_derived(table, read):
            cursor.execute(statement.encode())
    for table, name, events, function in TRIGGERS:
        cursor.execute(trigger(table, name, events, function).encode())
    for table, name, events, function in DEFERRED:
        cursor.execute(trigger(table, name, events, function, deferred=True).encode())
    _protect_rights(cursor)
    _protect_log(cursor)
    cursor.execute("ALTER TABLE clinic.alembic_version OWNER TO clinic_owner")
    cursor.execute(
        "GRANT SELECT ON clinic.alembic_version "
        "TO clinic_staff, clinic_api, clinic_worker, clinic_backup, clinic_migrator"
    )


def downgrade() -> None:
    cursor = driver_cursor()
    for rights in TABLES:
        if rights.guarded:
            cursor.execute(f"DROP FUNCTION clinic.read_{rights.table}(uuid, uuid, uuid)")
    for table, *_rest in (*TRIGGERS, *DEFERRED):
        cursor.execute(f"ALTER TABLE clinic.{table} DISABLE TRIGGER USER")
    # Policies and triggers go with the functions they call; the tables stay for the next step.
    for signature, _owner, _callers in FUNCTIONS:
        cursor.execute(f"DROP FUNCTION clinic.{signature} CASCADE")
    for table in (
        *(rights.table for rights in TABLES),
        *DERIVED,
        *("staff_right", "person_secret", "counter"),
        *("log_head", "change_stage", "change_log", "change_value", "access_log"),
    ):
        cursor.execute(f"ALTER TABLE clinic.{table} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE clinic.{table} DISABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE clinic.{table} OWNER TO clinic_migrator")
        cursor.execute(f"DROP POLICY IF EXISTS owner ON clinic.{table}")
        cursor.execute(f"DROP POLICY IF EXISTS log ON clinic.{table}")
        cursor.execute(f"DROP POLICY IF EXISTS people ON clinic.{table}")
        cursor.execute(
            f"REVOKE ALL ON clinic.{table} FROM clinic_staff, clinic_api, clinic_worker, "
            "clinic_reader, clinic_backup, clinic_log, clinic_people"
        )
