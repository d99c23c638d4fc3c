"""Emergency access can be ended before its time, by who took it."""

from clinic_desktop.db.patching import driver_cursor
from clinic_desktop.db.protection import TableRights

revision = "2026_11_30_emergency"
down_revision = "2026_11_20_protection"
branch_labels = None
depends_on = None

TABLES = (TableRights("emergency_access", "staff.read", ("member",)),)

_ENDS = """
CREATE FUNCTION clinic.emergency_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own_login text;
    other_end timestamptz;
    moving text[] := ARRAY['ends_at', 'version', 'updated_at'];
BEGIN
    SELECT p.login INTO own_login FROM clinic.person p
    WHERE p.clinic_id = OLD.clinic_id AND p.id = OLD.person_id;
    IF own_login IS DISTINCT FROM session_user::text THEN
        RAISE EXCEPTION 'emergency access is ended by who took it' USING ERRCODE = '42501';
    END IF;
    IF OLD.ends_at <= now() OR NEW.ends_at > OLD.ends_at
       OR to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
        RAISE EXCEPTION 'emergency access can only be ended' USING ERRCODE = 'CD002';
    END IF;
    -- The server's clock says when, whatever was asked for; never before it began.
    NEW.ends_at := greatest(now(), OLD.starts_at + interval '1 microsecond');
    SELECT max(e.ends_at) INTO other_end FROM clinic.emergency_access e
    WHERE e.clinic_id = OLD.clinic_id AND e.person_id = OLD.person_id AND e.id <> OLD.id
      AND e.ends_at > now() AND e.deleted_at IS NULL;
    UPDATE clinic.staff_right r SET until = coalesce(other_end, now())
    WHERE r.login = own_login AND r.clinic_id = OLD.clinic_id AND r.until > now();
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    cursor = driver_cursor()
    cursor.execute(_ENDS)
    for statement in (
        "ALTER FUNCTION clinic.emergency_ends() OWNER TO clinic_owner",
        "REVOKE ALL ON FUNCTION clinic.emergency_ends() FROM PUBLIC",
        "DROP TRIGGER a_append_only ON clinic.emergency_access",
        (
            "CREATE TRIGGER a_guard_row BEFORE UPDATE ON clinic.emergency_access "
            "FOR EACH ROW EXECUTE FUNCTION clinic.guard_row()"
        ),
        (
            "CREATE TRIGGER a_no_delete BEFORE DELETE OR TRUNCATE ON clinic.emergency_access "
            "FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_edit()"
        ),
        (
            "CREATE TRIGGER b_emergency_ends BEFORE UPDATE ON clinic.emergency_access "
            "FOR EACH ROW EXECUTE FUNCTION clinic.emergency_ends()"
        ),
        "GRANT UPDATE ON clinic.emergency_access TO clinic_staff, clinic_api, clinic_worker",
    ):
        cursor.execute(statement.encode())


def downgrade() -> None:
    cursor = driver_cursor()
    for statement in (
        "REVOKE UPDATE ON clinic.emergency_access FROM clinic_staff, clinic_api, clinic_worker",
        "DROP TRIGGER b_emergency_ends ON clinic.emergency_access",
        "DROP TRIGGER a_guard_row ON clinic.emergency_access",
        "DROP TRIGGER a_no_delete ON clinic.emergency_access",
        (
            "CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON clinic.emergency_access FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_edit()"
        ),
        "DROP FUNCTION clinic.emergency_ends()",
    ):
        cursor.execute(statement.encode())
