"""Raw SQL as each role: what must never happen is refused by the database itself."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from tests.cluster import CLINIC, OTHER_CLINIC, PASSWORD

Connection = psycopg.Connection


@pytest.fixture
def as_login(database) -> Iterator[object]:
    """Open raw connections as any login; each statement on its own."""
    opened: list[Connection] = []

    def connect(login: str, *, autocommit: bool = True) -> Connection:
        connection = open_connection(database.person(login), autocommit=autocommit)
        connection.execute("SET search_path = clinic, pg_catalog")
        if not autocommit:
            connection.commit()
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def front(as_login) -> Connection:
    return as_login("u_front")


@pytest.fixture
def theirs(database, sign_in):
    """A patient of the other clinic."""
    from tests.factories import Factory

    return Factory(sign_in("u_other")).patient(given="Otto", family="Elsewhere")


def refused(connection: Connection, statement: str, values: object = (), *codes: str) -> None:
    """Assert that the statement fails for a reason that is ours, not for a slip in the test."""
    expected = codes or ("42501", "CD002", "CD005")
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(statement.encode(), values)
    assert caught.value.sqlstate in expected, (caught.value.sqlstate, str(caught.value))


def rows(connection: Connection, statement: str, values: object = ()) -> list[tuple[object, ...]]:
    return connection.execute(statement.encode(), values).fetchall()


PATIENT = """
INSERT INTO patient (clinic_id, id, number, given, phone, sort_key, words)
VALUES (%s, %s, '', 'Mallory', '1', 'mallory', '{mallory}')
"""


class TestOtherClinic:
    """Another clinic's rows cannot be read, added to, moved or probed."""

    def test_read(self, front, theirs) -> None:
        assert rows(front, "SELECT 1 FROM patient WHERE id = %s", (theirs,)) == []
        assert rows(front, "SELECT 1 FROM clinic WHERE id = %s", (OTHER_CLINIC,)) == []
        assert rows(front, "SELECT 1 FROM patient_word WHERE clinic_id = %s", (OTHER_CLINIC,)) == []
        assert rows(front, "SELECT 1 FROM change_log WHERE clinic_id = %s", (OTHER_CLINIC,)) == []

    def test_insert(self, front) -> None:
        refused(front, PATIENT, (OTHER_CLINIC, new_id()))

    def test_move(self, front, make) -> None:
        mine = make.patient()
        refused(
            front,
            "UPDATE patient SET clinic_id = %s, version = version + 1 WHERE id = %s",
            (OTHER_CLINIC, mine),
        )

    def test_change(self, front, theirs) -> None:
        changed = front.execute(
            "UPDATE patient SET given = 'x', version = version + 1 WHERE id = %s", (theirs,)
        )
        assert changed.rowcount == 0

    def test_foreign_key_is_no_oracle(self, front, theirs) -> None:
        alert = """
            INSERT INTO patient_alert (clinic_id, id, patient_id, kind, severity, text, noted_on)
            VALUES (%s, %s, %s, 'other', 'context', 'x', '2026-01-01')
        """
        # The same answer for a patient of the other clinic and for one that does not exist.
        refused(front, alert, (CLINIC, new_id(), theirs), "23503")
        refused(front, alert, (CLINIC, new_id(), new_id()), "23503")
        refused(front, alert, (OTHER_CLINIC, new_id(), theirs))

    def test_guarded_reading(self, front, as_login, theirs) -> None:
        refused(front, "SELECT * FROM read_note_version(%s, %s)", (OTHER_CLINIC, theirs))
        refused(
            as_login("u_dentist"), "SELECT * FROM read_note_version(%s, %s)", (OTHER_CLINIC, theirs)
        )
        refused(front, "SELECT log_access(%s, %s, 'open', 'x')", (OTHER_CLINIC, theirs))
        refused(front, "SELECT * FROM read_history(%s, 'patient', %s)", (OTHER_CLINIC, theirs))

    def test_a_view_or_function_of_ones_own_gains_nothing(self, front, theirs) -> None:
        front.execute(
            "CREATE FUNCTION pg_temp.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM clinic.patient'"
        )
        assert rows(front, "SELECT pg_temp.peek()") == [(0,)]


class TestNotes:
    """Clinical notes and their history need the permission."""

    @pytest.fixture
    def note(self, sign_in, make) -> tuple[uuid.UUID, uuid.UUID]:
        patient, note_id = make.patient(), new_id()
        with sign_in("u_dentist").writing() as ctx:
            text = NoteText(
                id=note_id, version_id=new_id(), patient_id=patient, body="secret words"
            )
            notes.write(ctx, text)
        return patient, note_id

    def test_front_desk_reads_neither_text_nor_history(self, front, note) -> None:
        patient, note_id = note
        refused(front, "SELECT body FROM note_version")
        refused(front, "SELECT * FROM read_note_version(%s, %s)", (CLINIC, patient))
        refused(front, "SELECT * FROM change_value")
        history = rows(
            front,
            "SELECT hidden, before, after FROM read_history(%s, 'note', %s)",
            (CLINIC, note_id),
        )
        assert history == [(True, None, None)]
        assert rows(front, "SELECT 1 FROM note") == []

    def test_assistant_cannot_sign_and_nobody_signs_for_another(self, as_login, note) -> None:
        _patient, note_id = note
        sign = """
            UPDATE note SET status = 'signed', signed_at = now(), version = version + 1,
                   signed_by = (SELECT id FROM person WHERE login = %s) WHERE id = %s
        """
        refused(as_login("u_assistant"), sign, ("u_assistant", note_id))
        refused(as_login("u_dentist2"), sign, ("u_dentist", note_id))

    def test_written_in_ones_own_name(self, as_login, note) -> None:
        patient, _note_id = note
        refused(
            as_login("u_dentist2"),
            """
            INSERT INTO note (clinic_id, id, patient_id, author_id)
            SELECT %s, %s, %s, id FROM person WHERE login = 'u_dentist'
            """,
            (CLINIC, new_id(), patient),
        )

    def test_versions_are_never_rewritten(self, as_login, note) -> None:
        dentist = as_login("u_dentist")
        refused(dentist, "UPDATE note_version SET body = 'other'")
        refused(dentist, "DELETE FROM note_version")


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


class TestNever:
    """Overlaps, unbalanced money, negative stock, changed invoices, poison values."""

    def test_overlapping_appointments(self, front, make) -> None:
        patient, provider = make.patient(), make.provider()
        make.appointment(patient, provider, starts_at=datetime(2092, 3, 13, 9, tzinfo=UTC))
        book = """
            INSERT INTO appointment (clinic_id, id, patient_id, provider_id, starts_at, ends_at,
                                     local_start, zone)
            VALUES (%s, %s, %s, %s, %s, %s, '2092-03-13 09:15', 'Europe/Dublin')
        """
        keys = (CLINIC, new_id(), patient, provider)
        refused(front, book, (*keys, "2092-03-13 09:15Z", "2092-03-13 09:45Z"), "23P01")
        refused(front, book, (*keys, "2092-03-13 10:00Z", "2092-03-13 10:00Z"), "23514")
        refused(front, book, (*keys, "2092-03-13 10:00Z", "infinity"), "23514")
        refused(front, "DELETE FROM appointment_resource")
        refused(front, "UPDATE appointment_resource SET blocking = false")

    def test_squeeze_needs_the_right_and_never_shares_a_chair(self, as_login, make) -> None:
        patient, provider, chair = make.patient(), make.provider(), make.chair()
        start = datetime(2092, 3, 13, 9, tzinfo=UTC)
        make.appointment(patient, provider, chair_id=chair, starts_at=start)
        squeeze = """
            INSERT INTO appointment (clinic_id, id, patient_id, provider_id, chair_id, starts_at,
                                     ends_at, local_start, zone, squeeze_reason)
            VALUES (%s, %s, %s, %s, %s, %s, %s, '2092-03-13 09:00', 'Europe/Dublin', 'swelling')
        """
        times = (start, datetime(2092, 3, 13, 9, 20, tzinfo=UTC))
        refused(as_login("u_front"), squeeze, (CLINIC, new_id(), patient, provider, None, *times))
        dentist = as_login("u_dentist")
        dentist.execute(squeeze.encode(), (CLINIC, new_id(), patient, provider, None, *times))
        refused(dentist, squeeze, (CLINIC, new_id(), patient, provider, chair, *times), "23P01")

    def test_unbalanced_entry(self, front, as_login, make) -> None:
        patient, entry = make.patient(), new_id()
        head = """
            INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act)
            VALUES (%s, %s, %s, 'charge', '2026-03-12', %s)
        """
        posting = """
            INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, amount)
            VALUES (%s, %s, %s, %s, %s, %s)
        """
        refused(front, head, (CLINIC, new_id(), patient, "empty"), "23514")
        two = as_login("u_front", autocommit=False)
        two.execute(head.encode(), (CLINIC, entry, patient, "a"))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "receivable", patient, 5000))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "income", None, -4999))
        with pytest.raises(psycopg.errors.CheckViolation, match="balance"):
            two.commit()
        two.execute(head.encode(), (CLINIC, entry, patient, "b"))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "receivable", patient, 5000))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "income", None, -5000))
        two.commit()
        # Adding to an entry that stands, changing or deleting it.
        refused(front, posting, (CLINIC, new_id(), entry, "cash", None, 1), "CD002")
        refused(front, "UPDATE posting SET amount = 2")
        refused(front, "DELETE FROM journal_entry")
        refused(front, head, (CLINIC, new_id(), patient, "b"), "23505")

    def test_negative_stock(self, front, make) -> None:
        product = make.product(counted=2)
        refused(
            front,
            "INSERT INTO stock_movement (clinic_id, id, product_id, kind, quantity)"
            " VALUES (%s, %s, %s, 'use', -3)",
            (CLINIC, new_id(), product),
            "23514",
        )
        refused(front, "UPDATE stock_balance SET quantity = 99")
        refused(front, "UPDATE stock_movement SET quantity = 99")

    def test_invoice_numbers_are_not_chosen(self, front, make) -> None:
        refused(
            front,
            "INSERT INTO invoice (clinic_id, id, patient_id, total, status, year, number,"
            " issued_at, issued_on) VALUES (%s, %s, %s, 0, 'issued', 2026, 7, now(), '2026-01-01')",
            (CLINIC, new_id(), make.patient()),
        )
        refused(front, "UPDATE counter SET last = 0")

    def test_version_cannot_be_skipped(self, front, make) -> None:
        patient = make.patient()
        for change in ("given = 'X'", "given = 'X', version = 9"):
            refused(
                front,
                f"UPDATE patient SET {change} WHERE id = %s",
                (patient,),
                "CD001",
            )

    @pytest.mark.parametrize("born", ["infinity", "4000-01-01", "0044-03-15 BC", "0001-01-01"])
    def test_poison_dates(self, front, born) -> None:
        refused(
            front,
            "INSERT INTO patient (clinic_id, id, number, given, phone, sort_key, words, born)"
            " VALUES (%s, %s, '', 'x', '1', 'x', '{x}', %s)",
            (CLINIC, new_id(), born),
            "23514",
        )

    def test_password_of_the_template_opens_nothing_else(self, database) -> None:
        for login in ("postgres", "clinic_owner", "clinic_staff", "clinic_log"):
            with pytest.raises(psycopg.OperationalError):
                open_connection(database.cluster.address.dsn(login, PASSWORD, database.name))

    def test_dates_come_back(self, front, make) -> None:
        patient = make.patient(born=date(1900, 2, 28))
        assert rows(front, "SELECT born FROM patient WHERE id = %s", (patient,)) == [
            (date(1900, 2, 28),)
        ]
