"""Every attack as every login that would try it: refused, and nothing moved.

One clinic serves all of them, because none of them may change it: after each attack everything
stored, every role and every setting is compared with what was there before.
"""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from tests.cluster import CLINIC, OTHER_CLINIC
from tests.conftest import Database
from tests.factories import Factory

Connection = psycopg.Connection[tuple[Any, ...]]
LOGINS = ("u_front", "clinic_api", "clinic_worker")

# Refusals that are ours: no right, frozen, in somebody else's name; keys, checks and overlaps.
RIGHT = {"42501", "CD002", "CD003", "CD005", "0A000"}
KEYS = {*RIGHT, "23503"}
CHECKS = {*RIGHT, "23514"}
NOT_TAKEN = {*RIGHT, "23P01"}


@dataclass(frozen=True)
class Attack:
    """Statements of one transaction; ``$name`` stands for something of the scene."""

    name: str
    statements: tuple[str, ...]
    codes: frozenset[str] = frozenset(RIGHT)
    reads: bool = False


def _each(name: str, *statements: str, codes: set[str] = RIGHT) -> list[Attack]:
    return [
        Attack(f"{name}: {statement}", (statement,), frozenset(codes)) for statement in statements
    ]


HEAD = (
    "INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act)"
    " VALUES ('$clinic', '$new', '$patient', '{kind}', '2026-03-12', 'attack')"
)
SIDE = (
    "INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, amount)"
    " VALUES ('$clinic', gen_random_uuid(), '{entry}', '{account}', {patient}, {amount})"
)
BOOK = (
    "INSERT INTO appointment (clinic_id, id, patient_id, provider_id, chair_id, starts_at, ends_at,"
    " local_start, zone) VALUES ('$clinic', '$new', '$patient', {provider}, {chair},"
    " '2092-03-13 09:15Z', '2092-03-13 09:45Z', '2092-03-13 09:15', 'Europe/Dublin')"
)


def _entry(name: str, *sides: tuple[str, str, int], kind: str = "charge") -> Attack:
    return Attack(
        name,
        (
            HEAD.format(kind=kind),
            *(
                SIDE.format(entry="$new", account=account, patient=patient, amount=amount)
                for account, patient, amount in sides
            ),
        ),
        frozenset(CHECKS),
    )


MINE = "'$patient'"
ATTACKS = [
    *_each(
        "climb",
        "SET ROLE clinic_owner",
        "SET ROLE clinic_log",
        "SET ROLE clinic_people",
        "SET ROLE clinic_migrator",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION u_admin",
        "GRANT clinic_owner TO $login",
        "GRANT clinic_staff TO $login",
        "ALTER ROLE $login SUPERUSER",
        "ALTER ROLE $login BYPASSRLS",
        "ALTER ROLE $login CREATEROLE",
        "CREATE ROLE u_mine LOGIN SUPERUSER",
        "CREATE ROLE u_mine IN ROLE clinic_staff",
        "INSERT INTO staff_right VALUES ('$login', 'staff.write', '$clinic', NULL)",
        "UPDATE staff_right SET permission = 'staff.write'",
        "UPDATE staff_role SET permissions = '{staff.write}', version = version + 1",
        "INSERT INTO person_role (clinic_id, id, person_id, staff_role_id)"
        " SELECT p.clinic_id, gen_random_uuid(), p.id, r.id FROM person p, staff_role r"
        " WHERE r.code = 'admin' AND p.login = 'u_front'",
        "SELECT refresh_rights('$clinic', '$login')",
        "GRANT SELECT ON note_version TO $login",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION file_fdw",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT * FROM person_secret",
    ),
    *_each(
        "take over a login",
        "ALTER ROLE u_admin PASSWORD 'mine'",
        "ALTER ROLE clinic_backup PASSWORD 'mine'",
        "ALTER ROLE u_admin RENAME TO u_gone",
        "DROP ROLE u_admin",
        "SELECT give_login('$clinic', '$admin', 'u_admin', '$verifier', NULL)",
        "SELECT end_login('$clinic', '$admin')",
        "SELECT clear_secret('$clinic', '$admin', 'totp')",
        "UPDATE person SET login = 'u_admin', version = version + 1 WHERE login = 'u_front'",
        "UPDATE person SET active = false, version = version + 1 WHERE login = 'u_admin'",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"
        " AND pid <> pg_backend_pid()",
    ),
    *_each(
        "overlap",
        BOOK.format(provider="'$provider'", chair="NULL"),
        BOOK.format(provider="'$second'", chair="'$chair'"),
        "UPDATE appointment SET starts_at = '2092-03-13 09:10Z',"
        " local_start = '2092-03-13 09:10', version = version + 1"
        " WHERE id = '$later'",
        "UPDATE appointment_resource SET blocking = false",
        "DELETE FROM appointment_resource",
        codes={*NOT_TAKEN},
    ),
    *_each(
        "negative stock",
        "INSERT INTO stock_movement (clinic_id, id, product_id, kind, quantity)"
        " VALUES ('$clinic', '$new', '$product', 'use', -99)",
        "UPDATE stock_balance SET quantity = -1",
        "UPDATE stock_balance SET quantity = 99",
        "UPDATE stock_movement SET quantity = 99",
        "DELETE FROM stock_movement",
        codes=CHECKS,
    ),
    _entry("unbalanced entry: one side", ("receivable", MINE, 5000)),
    _entry("unbalanced entry: a cent", ("receivable", MINE, 5000), ("income", "NULL", -4999)),
    _entry("entry without sides"),
    _entry("entry of another patient", ("receivable", "'$other'", 50), ("income", "NULL", -50)),
    _entry("refund", ("receivable", MINE, 500), ("cash", "NULL", -500), kind="refund"),
    _entry("hidden refund", ("receivable", MINE, 500), ("cash", "NULL", -500), kind="payment"),
    _entry("write-off", ("written_off", "NULL", 500), ("receivable", MINE, -500), kind="write_off"),
    Attack(
        "more in an entry that stands",
        tuple(
            SIDE.format(entry="$entry", account=account, patient=patient, amount=amount)
            for account, patient, amount in (("receivable", MINE, 9), ("income", "NULL", -9))
        ),
    ),
    *_each(
        "changed money",
        "UPDATE posting SET amount = amount * 2",
        "DELETE FROM posting",
        "DELETE FROM journal_entry",
        "UPDATE counter SET last = 0",
    ),
    *_each(
        "changed invoice",
        *(
            f"UPDATE invoice SET {change}, version = version + 1 WHERE id = '$invoice'"
            for change in (
                "total = 1",
                "bill_to = 'x'",
                "remark = 'x'",
                "number = 99",
                "issued_on = '2020-01-01'",
                "patient_id = '$other'",
                "deleted_at = now()",
                "status = 'draft', number = NULL, year = NULL, issued_at = NULL, issued_on = NULL",
            )
        ),
        "UPDATE invoice_line SET amount = 1",
        "DELETE FROM invoice",
        "INSERT INTO invoice (clinic_id, id, patient_id, total, status, year, number, issued_at,"
        " issued_on) VALUES ('$clinic', '$new', '$patient', 0, 'issued', 2026, 7, now(), now())",
    ),
    *_each(
        "move to another clinic",
        *(
            f"UPDATE {table} SET clinic_id = '$elsewhere', version = version + 1"
            for table in ("patient", "appointment", "invoice", "product", "person", "chair")
        ),
        "INSERT INTO patient (clinic_id, id, number, given, phone, sort_key, words)"
        " VALUES ('$elsewhere', '$new', '', 'M', '1', 'm', '{m}')",
        codes=KEYS,
    ),
    *_each(
        "probe by foreign key",
        *(
            "INSERT INTO patient_alert (clinic_id, id, patient_id, kind, severity, text, noted_on)"
            f" VALUES ('{clinic}', '$new', '{whose}', 'other', 'context', 'x', '2026-01-01')"
            for clinic in ("$clinic", "$elsewhere")
            for whose in ("$theirs", "$nobody")
        ),
        codes=KEYS,
    ),
    *_each(
        "switch off",
        "ALTER TABLE patient DISABLE TRIGGER ALL",
        "ALTER TABLE invoice DISABLE TRIGGER b_guard_invoice",
        "DROP TRIGGER z_stage_change ON patient",
        "ALTER TABLE patient DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE patient NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY may_read ON patient",
        "CREATE POLICY mine ON patient USING (true)",
        "DROP FUNCTION guard_invoice() CASCADE",
        "CREATE OR REPLACE FUNCTION clinics_with(VARIADIC wanted text[]) RETURNS uuid[]"
        " LANGUAGE sql AS 'SELECT NULL::uuid[]'",
        "SET session_replication_role = replica",
        "ALTER SYSTEM SET session_replication_role = replica",
        "ALTER ROLE $login SET session_replication_role = replica",
        "ALTER DATABASE $database SET search_path = public",
        "GRANT SET ON PARAMETER session_replication_role TO $login",
        "LOAD 'plpgsql'",
    ),
    *_each(
        "edit the log",
        "UPDATE change_log SET login = 'x'",
        "DELETE FROM change_value",
        "UPDATE log_head SET seq = 0",
        "DELETE FROM access_log",
        "DELETE FROM access_seal",
        "UPDATE access_head SET seals = 0",
        "SELECT seal_access('$clinic', 1)",
        "SELECT erase_values('$clinic', '$patient')",
    ),
    *_each(
        "erase",
        "SELECT erase_patient('$clinic', '$new', '$patient', 'asked', 'early')",
        "SELECT erase_patient('$elsewhere', '$new', '$theirs', 'asked', 'early')",
        "SELECT preview_erasure('$clinic', '$patient')",
        "SELECT erase_again('$clinic', '$new', '$patient', 'x')",
        "SELECT erase_records('$clinic', '$new', '$patient', NULL, 'x', '')",
        "SELECT empty_records('$clinic', ARRAY['$patient'::uuid], '2026-01-01')",
        "SELECT wipe_log('$clinic', '$patient', '{}', '[]')",
        "SELECT forget_staged('$clinic', ARRAY['$patient'::uuid])",
        "SELECT end_erasing()",
        "SELECT let_go_papers('$clinic')",
        "INSERT INTO record_erasure VALUES (pg_current_xact_id()::text::bigint)",
        "INSERT INTO erasure (clinic_id, id, patient_id, reason)"
        " VALUES ('$clinic', '$new', '$patient', 'x')",
        "UPDATE patient SET erased_at = now(), version = version + 1 WHERE id = '$patient'",
        "DELETE FROM file_piece",
        "DELETE FROM note_version",
        codes={*RIGHT, "CD007", "23514"},
    ),
    *[
        Attack(
            f"forge {name}", (f"SELECT set_config('{name}', '{value}', true)", query), reads=True
        )
        for name, value in (
            ("clinic.actor", "u_admin"),
            ("clinic.login", "u_admin"),
            ("clinic.clinic", "$elsewhere"),
            ("row_security", "off"),
            ("role", "u_admin"),
            ("session_authorization", "u_admin"),
        )
        for query in (
            "SELECT 1 FROM patient WHERE clinic_id = '$elsewhere'",
            "SELECT 1 FROM change_log WHERE clinic_id = '$elsewhere'",
            "SELECT 1 FROM read_note_version('$clinic', '$patient')",
        )
    ],
]


class Scene:
    """A clinic with something of everything worth attacking."""

    def __init__(self, database: Database) -> None:
        self.database = database
        signed_in = database.sign_in("u_admin")
        make = Factory(signed_in)
        patient, posting, invoice = make.patient(), new_id(), new_id()
        provider, chair = make.provider(), make.chair()
        nine = datetime(2092, 3, 13, 9, tzinfo=UTC)
        make.appointment(patient, provider, chair_id=chair, starts_at=nine)
        later = make.appointment(patient, provider, starts_at=nine.replace(hour=11))
        with signed_in.writing() as ctx:
            charge = Charge(
                posting_id=posting, chart_item_id=None, provider_id=provider, text="F", amount=5000
            )
            entry = billing.post_charges(
                ctx, patient_id=patient, act="a", day=date(2026, 3, 12), charges=[charge]
            )
            invoices.issue_invoice(
                ctx, NewInvoice(id=invoice, patient_id=patient, posting_ids=(posting,))
            )
        theirs = Factory(database.sign_in("u_other")).patient(given="Otto", family="Elsewhere")
        with open_connection(database.superuser()) as connection:
            verifier = connection.pgconn.encrypt_password(b"x", b"u_admin", b"scram-sha-256")
        self._names: dict[str, object] = {
            "clinic": CLINIC, "elsewhere": OTHER_CLINIC, "patient": patient, "theirs": theirs,
            "other": make.patient(given="Ben"), "provider": provider, "chair": chair,
            "second": make.provider(name="Dr Second"), "later": later, "invoice": invoice,
            "product": make.product(counted=2), "entry": entry, "nobody": uuid.uuid4(),
            "admin": signed_in.who.person_id, "database": database.name,
            "verifier": verifier.decode(),
        }  # fmt: skip

    def fill(self, statement: str, login: str, new: uuid.UUID) -> bytes:
        names = {**self._names, "login": login, "new": new}
        for name in sorted(names, key=len, reverse=True):
            statement = statement.replace(f"${name}", str(names[name]))
        return statement.encode()

    def state(self) -> dict[str, str]:
        """Return a hash of every table, of every role, and of what can be set for them."""
        with open_connection(self.database.superuser()) as connection:
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace"
                    " = 'clinic'::regnamespace AND relname NOT LIKE 'access%'"
                )
            ]
            return {
                table: connection.execute(
                    f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t".encode()
                ).fetchone()[0]
                for table in (
                    *tables, "pg_authid", "pg_auth_members", "pg_db_role_setting", "pg_policy",
                    "pg_trigger", "pg_parameter_acl",
                )
            }  # fmt: skip


@pytest.fixture(scope="module")
def scene(cluster, copies) -> Iterator[Scene]:
    name = copies.take()
    with ExitStack() as stack:
        yield Scene(Database(cluster, name, stack))
    copies.give_back(name)


def _attack(connection: Connection, statements: list[bytes]) -> tuple[str, int]:
    """Run one transaction; return the refusal's code and how many rows the last one touched."""
    touched = 0
    try:
        # Alone, one that no transaction takes is refused for what it is.
        with connection.transaction() if len(statements) > 1 else nullcontext():
            for statement in statements:
                touched = connection.execute(statement).rowcount
    except psycopg.Error as error:
        return error.sqlstate or "", 0
    return "", touched


@pytest.mark.parametrize("login", LOGINS)
def test_refused_and_nothing_moved(scene, login) -> None:
    before, went_through = scene.state(), []
    with open_connection(scene.database.person(login)) as connection:
        connection.execute("SET search_path = clinic, pg_catalog")
        connection.execute(f"SELECT set_config('clinic.api_clinic', '{CLINIC}', false)".encode())
        for attack in ATTACKS:
            # The worker serves every clinic: another one's patients are its work.
            if login == "clinic_worker" and attack.reads and "$elsewhere" in str(attack.statements):
                continue
            new = uuid.uuid4()
            statements = [scene.fill(one, login, new) for one in attack.statements]
            code, touched = _attack(connection, statements)
            if (code and code not in attack.codes) or touched > 0:
                went_through.append((attack.name, code or f"{touched} rows"))
            elif not code and scene.state() != before:
                went_through.append((attack.name, "something moved"))
                before = scene.state()
    assert went_through == []
    assert scene.state() == before
    assert len(ATTACKS) > 100
