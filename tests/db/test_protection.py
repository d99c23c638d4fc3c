"""Every table of a clinic has what its model declares; the catalogue is as it was shipped."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clinic_desktop.db import catalogue, cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ClinicModel, DerivedModel, Model
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import NewPerson
from tests.cluster import CLINIC

Connection = psycopg.Connection[tuple[Any, ...]]

# Tables that no person's program writes: triggers, set-up and the log's own functions do.
MACHINERY = {
    "counter": "numbers, moved by triggers",
    "staff_right": "kept from roles by triggers",
    "person_secret": "reached through functions for one's own login alone",
    "log_head": "the log",
    "change_stage": "the log",
    "change_log": "the log",
    "change_value": "the log",
    "access_log": "the log",
    "access_seal": "the log",
    "access_head": "the log",
    "record_move": "marks a merge under way, for its own functions alone",
    "record_erasure": "marks an erasure under way, for its own functions alone",
    "word_stage": "what a transaction has yet to index, for its own trigger alone",
    "alembic_version": "the schema's version",
    "backup_run": "written by note_backup alone, outside the log",
}


def _models(base: type[Any]) -> list[type[Any]]:
    found = [m.class_ for m in Model.registry.mappers if issubclass(m.class_, base)]
    # In one order: the tests of a run are shared out among processes.
    return sorted(found, key=lambda model: str(model.__tablename__))


CLINIC_MODELS = _models(ClinicModel)
DERIVED_MODELS = _models(DerivedModel)
migration = importlib.import_module("migrations.versions.2026_11_20_protection")
# What a later one says of a table holds.
MIGRATIONS = [
    importlib.import_module(f"migrations.versions.{file.stem}")
    for file in sorted(Path(migration.__file__).parent.glob("2*.py"))
]


class TestDeclarations:
    def test_every_table_is_of_a_known_kind(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            found = {
                row[0]
                for row in connection.execute(
                    "SELECT relname FROM pg_class WHERE relkind = 'r'"
                    " AND relnamespace = 'clinic'::regnamespace"
                )
            }
        declared = {m.__tablename__ for m in (*CLINIC_MODELS, *DERIVED_MODELS)}
        assert found - declared - MACHINERY.keys() == set()
        assert (declared | MACHINERY.keys()) - found == set()

    def test_migrations_state_what_models_declare(self) -> None:
        stated = {
            rights.table: rights for one in MIGRATIONS for rights in getattr(one, "TABLES", ())
        }
        for model in CLINIC_MODELS:
            rights, declared = stated[model.__tablename__], model.protection
            for field in ("read", "write", "patient", "append_only", "guarded", "open", "unlogged"):
                assert getattr(rights, field) == getattr(declared, field), (rights.table, field)
        assert {m.__tablename__: m.read for m in DERIVED_MODELS} == {
            table: read
            for migration in MIGRATIONS
            for table, read in getattr(migration, "DERIVED", {}).items()
        }

    @pytest.mark.parametrize("model", CLINIC_MODELS, ids=lambda m: m.__tablename__)
    def test_key_carries_the_clinic(self, model) -> None:
        table = model.__table__
        assert [c.name for c in table.primary_key.columns] == ["clinic_id", "id"]
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name != "clinic":
                assert "clinic_id" in constraint.column_keys, constraint

    def test_every_table_is_closed_logged_and_guarded(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            tables = {
                row[0]: row[1:]
                for row in connection.execute(
                    """
                    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
                           ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid),
                           ARRAY(SELECT tgname::text FROM pg_trigger
                                 WHERE tgrelid = c.oid AND NOT tgisinternal AND tgenabled = 'O'),
                           ARRAY(SELECT DISTINCT x.privilege_type::text
                                 FROM aclexplode(c.relacl) x JOIN pg_roles r ON r.oid = x.grantee
                                 WHERE r.rolname IN ('clinic_staff', 'clinic_api', 'clinic_worker'))
                    FROM pg_class c
                    WHERE c.relkind = 'r' AND c.relnamespace = 'clinic'::regnamespace
                    """
                )
            }
        for model in CLINIC_MODELS:
            closed, policies, triggers, granted = tables[model.__tablename__]
            assert closed, model
            assert {"owner", "may_read", "may_add", "may_change"} <= set(policies), model
            assert {"z_stage_change", "z_stage_added"} <= set(triggers), model
            guard = "a_append_only" if model.protection.append_only else "a_guard_row"
            assert guard in triggers, model
            assert "DELETE" not in granted, model
            assert "TRUNCATE" not in granted, model
            assert ("SELECT" in granted) is not model.protection.guarded, model
        for name in MACHINERY.keys() - {"alembic_version"}:
            closed, _policies, _triggers, granted = tables[name]
            assert closed, name
            assert set(granted) <= {"SELECT"}, name


@pytest.fixture
def superuser(database) -> Iterator[Connection]:
    """A superuser in an open transaction; a copy of a database has lost its own grants."""
    admin = database.superuser()
    with open_connection(admin) as connection:
        connection.execute(f"ALTER DATABASE {database.name} OWNER TO clinic_owner".encode())
    cluster.open_schema(admin, database.name)
    with open_connection(admin, autocommit=False) as connection:
        yield connection
        connection.rollback()


def _found(connection: Connection) -> list[tuple[str, str]]:
    return list(catalogue.differences(catalogue.objects(connection), catalogue.shipped()))


class TestCatalogue:
    def test_as_shipped(self, superuser) -> None:
        assert _found(superuser) == []

    def test_whatever_the_first_superuser_is_called(self, superuser) -> None:
        superuser.execute("CREATE ROLE other SUPERUSER")
        superuser.execute("SET SESSION AUTHORIZATION other")
        superuser.execute("ALTER ROLE postgres RENAME TO somebody_else")
        assert _found(superuser) == [("added", "strange role other")]

    def test_people_made_through_the_program_are_no_strangers(self, superuser, sign_in) -> None:
        with sign_in("u_admin").writing() as ctx:
            roles = tuple(role.id for role in staff.roles(ctx))
            new = NewPerson(
                id=new_id(),
                name="Nadia P",
                initials="NP",
                user_name="catalogue_nadia",
                role_ids=roles[:3],
            )
            staff.invite(ctx, new)
            staff.set_roles(ctx, new.id, roles[2:])
        with sign_in("u_front").writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason="Bleeding", hours=1)
        try:
            assert _found(superuser) == []
        finally:
            superuser.execute("DROP ROLE u_catalogue_nadia")
            superuser.commit()

    @pytest.mark.parametrize(
        ("statement", "kind", "name"),
        [
            ("ALTER TABLE patient DISABLE TRIGGER z_stage_change", "altered", "trigger patient"),
            ("ALTER TABLE posting DISABLE TRIGGER ALL", "altered", "trigger posting"),
            ("DROP TRIGGER z_stage_change ON patient", "missing", "trigger patient"),
            ("DROP POLICY may_read ON patient", "missing", "policy patient.may_read"),
            ("CREATE POLICY p ON patient USING (true)", "added", "policy patient.p"),
            ("ALTER POLICY may_read ON patient USING (true)", "altered", "policy patient.may_read"),
            ("ALTER TABLE patient NO FORCE ROW LEVEL SECURITY", "altered", "table patient"),
            ("ALTER TABLE patient DISABLE ROW LEVEL SECURITY", "altered", "table patient"),
            ("GRANT DELETE ON change_log TO clinic_staff", "altered", "grant change_log"),
            ("GRANT SELECT ON staff_right TO u_front", "added", "grant staff_right to u_front"),
            (
                "GRANT SELECT (body) ON note_version TO u_front",
                "added",
                "column grant note_version",
            ),
            (
                "ALTER TABLE stock_balance DROP CONSTRAINT stock_balance_never_negative_check",
                "missing",
                "constraint stock_balance",
            ),
            ("CREATE RULE r AS ON INSERT TO posting DO INSTEAD NOTHING", "added", "rule posting.r"),
            (
                "CREATE OR REPLACE FUNCTION clinics_with(VARIADIC wanted text[]) RETURNS uuid[]"
                " LANGUAGE sql AS 'SELECT ARRAY(SELECT id FROM clinic.clinic)'",
                "altered",
                "function clinic.clinics_with",
            ),
            (
                "ALTER FUNCTION guard_note() SECURITY INVOKER",
                "altered",
                "function clinic.guard_note",
            ),
            (
                "GRANT EXECUTE ON FUNCTION next_number(uuid, text, integer) TO u_front",
                "altered",
                "function clinic.next_number",
            ),
            ("ALTER TABLE patient OWNER TO u_front", "altered", "table patient"),
            (
                "ALTER TABLE patient ALTER born SET DEFAULT '2000-01-01'",
                "altered",
                "column patient",
            ),
            ("CREATE TABLE clinic.extra (x int)", "added", "table extra"),
            ("DROP INDEX ix_posting_patient", "missing", "index ix_posting_patient"),
            ("ALTER ROLE u_front BYPASSRLS", "added", "person u_front"),
            ("GRANT clinic_owner TO u_front", "added", "person u_front"),
            ("ALTER ROLE clinic_api BYPASSRLS", "altered", "role clinic_api"),
            ("GRANT u_admin TO clinic_worker", "altered", "role clinic_worker"),
            ("GRANT clinic_staff TO u_front WITH ADMIN OPTION", "added", "person u_front"),
            *[
                (
                    f"ALTER {whose} SET session_replication_role = replica",
                    "added",
                    f"setting session_replication_role of {name}",
                )
                for whose, name in (
                    ("ROLE u_front", "u_front in every database"),
                    ("ROLE ALL", "every role in every database"),
                    ("DATABASE $DATABASE", "every role in this database"),
                    ("ROLE u_front IN DATABASE $DATABASE", "u_front in this database"),
                )
            ],
            (
                "GRANT SET ON PARAMETER session_replication_role TO u_front",
                "added",
                "parameter session_replication_role to u_front",
            ),
            ("CREATE ROLE intruder SUPERUSER", "added", "strange role intruder"),
            ("CREATE ROLE intruder BYPASSRLS", "added", "strange role intruder"),
            ("CREATE ROLE intruder CREATEROLE", "added", "strange role intruder"),
            ("CREATE ROLE intruder REPLICATION", "added", "strange role intruder"),
            ("CREATE ROLE intruder IN ROLE clinic_owner", "added", "strange role intruder"),
            ("CREATE ROLE intruder IN ROLE pg_read_all_data", "added", "strange role intruder"),
            ("CREATE ROLE intruder IN ROLE u_admin", "added", "strange role intruder"),
            ("GRANT clinic_owner TO pg_monitor", "added", "strange role pg_monitor"),
            (
                "CREATE VIEW public.peek AS SELECT * FROM clinic.note_version",
                "added",
                "strange table public.peek",
            ),
            (
                "CREATE FUNCTION public.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
                " AS 'SELECT count(*) FROM clinic.note_version'",
                "added",
                "strange function public.peek()",
            ),
            ("CREATE SCHEMA side", "added", "schema side"),
            ("GRANT CREATE ON SCHEMA public TO PUBLIC", "altered", "schema public"),
            ("CREATE VIEW clinic.peek AS SELECT 1 AS x", "added", "table peek"),
            (
                "CREATE MATERIALIZED VIEW clinic.peek AS SELECT 1 AS x",
                "added",
                "table peek",
            ),
            (
                "ALTER DEFAULT PRIVILEGES IN SCHEMA clinic GRANT ALL ON TABLES TO u_front",
                "added",
                "default grant r of #10 in clinic",
            ),
            ("GRANT CREATE ON DATABASE $DATABASE TO u_front", "altered", "database this one"),
            ("ALTER DATABASE $DATABASE OWNER TO u_front", "altered", "database this one"),
            ("CREATE PUBLICATION leak FOR ALL TABLES", "added", "publication leak"),
            (
                "GRANT SELECT ON pg_authid TO u_front",
                "added",
                "system grant pg_authid",
            ),
            (
                "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO u_front",
                "added",
                "system grant pg_read_file",
            ),
            (
                "CREATE OR REPLACE FUNCTION pg_catalog.sha256(bytea) RETURNS bytea"
                " LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1'",
                "added",
                "system function sha256",
            ),
            *[
                (f"ALTER FUNCTION is_me(uuid, uuid) {how}", "altered", "function clinic.is_me")
                for how in ("STRICT", "LEAKPROOF", "PARALLEL SAFE", "VOLATILE")
            ],
            (
                "CREATE OR REPLACE FUNCTION is_me(in_clinic uuid, in_person uuid) RETURNS boolean"
                " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
                " RETURN true",
                "altered",
                "function clinic.is_me",
            ),
            (
                "INSERT INTO staff_right (login, permission, clinic_id)"
                f" VALUES ('u_front', 'staff.write', '{CLINIC}')",
                "added",
                "right staff.write of u_front",
            ),
            (
                "INSERT INTO staff_right (login, permission, clinic_id, until)"
                f" VALUES ('u_front', 'clinical.read', '{CLINIC}', now() + interval '9 years')",
                "added",
                "right clinical.read of u_front",
            ),
            (
                "INSERT INTO staff_right (login, permission, clinic_id)"
                f" VALUES ('clinic_api', 'clinical.read', '{CLINIC}')",
                "added",
                "right clinical.read of clinic_api",
            ),
            (
                "DELETE FROM staff_right WHERE login = 'u_admin' AND permission = 'audit.read'",
                "added",
                "right audit.read of u_admin",
            ),
        ],
    )
    def test_what_an_owner_changes_is_named(self, superuser, statement, kind, name) -> None:
        superuser.execute("SET search_path = clinic, pg_catalog")
        superuser.execute(statement.replace("$DATABASE", superuser.info.dbname).encode())
        found = _found(superuser)
        assert any(k == kind and n.startswith(name) for k, n in found), found
