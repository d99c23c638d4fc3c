"""Raw SQL at the rights and the log: nothing is taken, forged, given to oneself or silenced."""

import psycopg
import pytest

from clinic_desktop.domain.ids import new_id
from tests.cluster import CLINIC, OTHER_CLINIC
from tests.db.raw_sql import PATIENT, refused, rows

SILENCING = (
    "UPDATE change_log SET login = 'x'",
    "DELETE FROM change_log",
    "TRUNCATE change_log",
    "INSERT INTO change_log SELECT * FROM change_log LIMIT 1",
    "UPDATE change_value SET after = '{}'",
    "DELETE FROM access_log",
    "UPDATE log_head SET seq = 0",
    "INSERT INTO change_stage OVERRIDING SYSTEM VALUE SELECT * FROM change_stage",
    "ALTER TABLE patient DISABLE TRIGGER ALL",
    "ALTER TABLE patient DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE patient NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY may_read ON patient",
    "DROP TRIGGER z_stage_change ON patient",
    "SET session_replication_role = replica",
    "SELECT seal_changes()",
    "SELECT stage_change()",
    "SELECT stage_added()",
    "SELECT next_number(gen_random_uuid(), 'patient', 0)",
    "SELECT refresh_rights(gen_random_uuid(), 'x')",
    "DELETE FROM patient",
    "TRUNCATE patient CASCADE",
    "CREATE TABLE clinic.mine (x int)",
    "CREATE RULE r AS ON INSERT TO patient DO INSTEAD NOTHING",
)


class TestLog:
    """Nobody edits, deletes, forges or silences the log."""

    @pytest.mark.parametrize("login", ["u_front", "u_admin", "clinic_worker", "clinic_api"])
    def test_refused(self, as_login, login) -> None:
        attacker = as_login(login)
        for statement in SILENCING:
            refused(attacker, statement, (), "42501", "0A000", "42809")

    def test_actor_is_the_login_whatever_is_set(self, front, make) -> None:
        patient = make.patient()
        for setting in ("clinic.actor", "clinic.person", "clinic.login", "app.actor"):
            front.execute(f"SELECT set_config('{setting}', 'u_admin', false)".encode())
        front.execute(
            "UPDATE patient SET given = 'Z', version = version + 1 WHERE id = %s", (patient,)
        )
        (logged,) = rows(
            front, "SELECT login FROM change_log WHERE row_id = %s AND op = 'U'", (patient,)
        )
        assert logged == ("u_front",)


CLIMBING = (
    "SET ROLE clinic_owner",
    "SET ROLE clinic_migrator",
    "SET SESSION AUTHORIZATION u_admin",
    "INSERT INTO staff_right VALUES ('u_front', 'staff.write', gen_random_uuid(), NULL)",
    "SELECT * FROM staff_right",
    "SELECT * FROM person_secret",
    "UPDATE staff_role SET permissions = '{staff.write}', version = version + 1",
    "ALTER ROLE u_admin PASSWORD 'mine'",
    "ALTER ROLE u_front SUPERUSER",
    "ALTER ROLE u_front BYPASSRLS",
    "CREATE ROLE u_mine LOGIN",
    "GRANT clinic_owner TO u_front",
    "ALTER SYSTEM SET log_statement = 'all'",
    "COPY patient TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'u_admin'",
)


class TestRights:
    """Rights are not taken, forged or given to oneself."""

    def test_front_desk(self, front, as_login) -> None:
        held = as_login("u_admin")
        for statement in CLIMBING:
            held.execute("SELECT 1")
            try:
                result = front.execute(statement.encode())
            except psycopg.Error as error:
                assert error.sqlstate in {"42501", "CD002"}, error  # noqa: PT017 - either is right
            else:
                # Row policies refuse by touching nothing.
                assert result.rowcount == 0, statement

    def test_forged_settings_change_nothing(self, front, theirs) -> None:
        for name in ("clinic.api_clinic", "clinic.id", "role.clinic", "row_security"):
            value = "off" if name == "row_security" else str(OTHER_CLINIC)
            front.execute(f"SELECT set_config('{name}', '{value}', false)".encode())
        try:
            found = rows(front, "SELECT 1 FROM patient WHERE id = %s", (theirs,))
        except psycopg.errors.InsufficientPrivilege:
            found = []  # row_security = off makes the query fail instead of hiding rows
        assert found == []

    def test_another_clinics_login_is_not_taken_over(self, as_login) -> None:
        admin = as_login("u_admin")
        verifier = admin.pgconn.encrypt_password(b"mine", b"u_other", b"scram-sha-256").decode()
        (me,) = rows(admin, "SELECT id FROM person WHERE login = 'u_admin'")
        person = new_id()
        admin.execute(
            "INSERT INTO person (clinic_id, id, name, initials) VALUES (%s, %s, 'O', 'O')",
            (CLINIC, person),
        )
        give = "SELECT give_login(%s, %s, %s, %s, 1)"
        refused(admin, give, (CLINIC, person, "u_other", verifier), "42710")
        refused(admin, give, (OTHER_CLINIC, person, "u_new", verifier))
        for login in ("postgres", "clinic_backup", "u_x; DROP TABLE", "pg_monitor"):
            refused(admin, give, (CLINIC, person, login, verifier), "22023")
        refused(admin, give, (CLINIC, person, "u_fresh", "plain password"), "22023")
        refused(
            admin,
            "UPDATE person SET login = 'u_other', version = version + 1 WHERE id = %s",
            (me[0],),
        )
        refused(
            admin,
            "INSERT INTO person (clinic_id, id, name, initials, login)"
            " VALUES (%s, %s, 'O', 'O', 'u_other')",
            (CLINIC, new_id()),
        )

    def test_front_desk_gives_no_logins(self, front) -> None:
        refused(front, "SELECT give_login(%s, %s, 'u_new', 'x', 1)", (CLINIC, new_id()))
        refused(front, "SELECT end_login(%s, %s)", (CLINIC, new_id()))
        refused(front, "SELECT clear_secret(%s, %s, 'totp')", (CLINIC, new_id()))

    def test_emergency_only_for_oneself_and_not_for_long(self, front) -> None:
        take = """
            INSERT INTO emergency_access (clinic_id, id, person_id, reason, starts_at, ends_at)
            SELECT %s, %s, id, 'x', now(), now() + %s::interval FROM person WHERE login = %s
        """
        refused(front, take, (CLINIC, new_id(), "1 hour", "u_assistant"))
        refused(front, take, (CLINIC, new_id(), "9 hours", "u_front"), "23514")
        front.execute(take.encode(), (CLINIC, new_id(), "1 hour", "u_front"))
        longer = "UPDATE emergency_access SET version = version + 1, ends_at = "
        refused(front, longer + "now() + interval '3 hours'")
        refused(front, longer + "now(), reason = 'nothing'")
        refused(front, longer + "now(), starts_at = now() - interval '1 hour'")
        refused(front, longer + "ends_at, deleted_at = now()")
        refused(front, "DELETE FROM emergency_access")

    def test_emergency_is_ended_by_who_took_it_and_its_rights_go(self, front, as_login) -> None:
        key = new_id()
        front.execute(
            b"""
            INSERT INTO emergency_access (clinic_id, id, person_id, reason, starts_at, ends_at)
            SELECT %s, %s, id, 'x', now(), now() + interval '1 hour' FROM person
            WHERE login = 'u_front'
            """,
            (CLINIC, key),
        )
        mine = "SELECT count(*) FROM my_rights(%s) WHERE permission = 'clinical.read'"
        assert rows(front, mine, (CLINIC,)) == [(1,)]
        end = "UPDATE emergency_access SET ends_at = now(), version = version + 1 WHERE id = %s"
        refused(as_login("u_admin"), end, (key,))
        # What is asked for does not count: it ended now, not an hour ago.
        front.execute(
            b"UPDATE emergency_access SET ends_at = starts_at + interval '1 us', "
            b"version = version + 1 WHERE id = %s",
            (key,),
        )
        assert rows(front, mine, (CLINIC,)) == [(0,)]
        assert rows(
            front, "SELECT ends_at > starts_at + interval '1 us' FROM emergency_access"
        ) == [(True,)]
        refused(front, end, (key,))

    def test_last_admin_stays_by_any_way(self, as_login) -> None:
        admin = as_login("u_admin")
        for statement in (
            "UPDATE person SET active = false, version = version + 1 WHERE login = 'u_admin'",
            "UPDATE person SET deleted_at = now(), version = version + 1 WHERE login = 'u_admin'",
            "UPDATE person_role SET deleted_at = now(), version = version + 1",
            "UPDATE staff_role SET permissions = '{member}', version = version + 1",
        ):
            refused(admin, statement, (), "CD004")


class TestMachines:
    """The API acts for one clinic a transaction, the worker moves nothing."""

    def test_api_without_a_clinic_sees_nothing(self, as_login, make) -> None:
        make.patient()
        api = as_login("clinic_api", autocommit=False)
        assert rows(api, "SELECT 1 FROM patient") == []
        api.rollback()

    def test_api_sees_its_clinic_alone(self, as_login, make, theirs) -> None:
        mine = make.patient()
        api = as_login("clinic_api", autocommit=False)
        api.execute("SELECT set_config('clinic.api_clinic', %s, true)", (str(CLINIC),))
        assert rows(api, "SELECT id FROM patient") == [(mine,)]
        api.commit()
        # The setting is gone with its transaction: the pool's next user starts with nothing.
        assert rows(api, "SELECT id FROM patient") == []
        api.rollback()

    @pytest.mark.parametrize("login", ["clinic_api", "clinic_worker"])
    def test_no_clinical_text_and_no_money(self, as_login, login, make) -> None:
        patient = make.patient()
        machine = as_login(login)
        machine.execute(f"SELECT set_config('clinic.api_clinic', '{CLINIC}', false)".encode())
        refused(machine, "SELECT * FROM read_note_version(%s, %s)", (CLINIC, patient))
        refused(
            machine,
            "INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act)"
            " VALUES (%s, %s, %s, 'charge', '2026-01-01', 'x')",
            (CLINIC, new_id(), patient),
        )
        refused(machine, PATIENT, (CLINIC, new_id()))

    @pytest.mark.parametrize("login", ["clinic_api", "clinic_worker"])
    def test_no_people(self, as_login, login) -> None:
        refused(as_login(login), "SELECT give_login(%s, %s, 'u_n', 'x', 1)", (CLINIC, new_id()))
