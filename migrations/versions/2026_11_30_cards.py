"""The head of a record is read by one function, which asks once for all the rights it needs.

Each table that a statement names asks for the person's rights in its policy: for a statement of
nine tables that answers one short row, asking and carrying the policies in its plan was half as
long as the answer itself.
"""

from pathlib import Path

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions, replace_in
from clinic_desktop.db.protection import PEOPLE

revision = "2026_11_30_cards"
down_revision = "2026_11_30_note_templates"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

FUNCTIONS = (
    # It tells the caller of the caller alone, and is called by functions of the reader.
    ("rights_among(uuid, text[])", "clinic_reader", PEOPLE),
    ("enter_access(uuid, uuid, text, text)", "clinic_log", "clinic_reader"),
    ("patient_card(uuid, uuid, text)", "clinic_reader", PEOPLE),
)
# Whoever calls it by itself is asked as before; how an entry is written stands in one place.
_ASKS_AND_WRITES = """DECLARE
    -- A transaction that takes a number has one of its own before: seals wait for it by that.
    this_xact xid8 := pg_current_xact_id();
    entry bigint;
BEGIN
    INSERT INTO clinic.access_log (clinic_id, at, login, device, patient_id, action, category)
    SELECT in_clinic, clock_timestamp(), session_user,
           left(NULLIF(current_setting('clinic.device', true), ''), 100),
           in_patient, left(in_action, 100), left(in_category, 60)
    WHERE in_clinic = ANY (clinic.clinics_with('member'))
    RETURNING id INTO entry;
    IF entry IS NULL THEN
        RAISE EXCEPTION 'the right member is missing' USING ERRCODE = '42501';
    END IF;
    IF entry % 256 = 0 THEN
        PERFORM clinic.seal_access(in_clinic, 1024);
    END IF;
END """
_ASKS = """BEGIN
    PERFORM clinic.require(in_clinic, 'member');
    PERFORM clinic.enter_access(in_clinic, in_patient, in_action, in_category);
END """


def upgrade() -> None:
    driver_cursor().execute((SQL / "2026_11_30_cards.sql").read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    replace_in("log_access", _ASKS_AND_WRITES, _ASKS)


def downgrade() -> None:
    replace_in("log_access", _ASKS, _ASKS_AND_WRITES)
    drop_functions(FUNCTIONS)
