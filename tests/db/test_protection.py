"""Every table of a clinic has what its model declares; the catalogue is as it was shipped."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from clinic_desktop.db import catalogue
from clinic_desktop.db.connect import open_connection
from clinic_desktop.models import ClinicModel, DerivedModel, Model

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
    "alembic_version": "the schema's version",
}


def _models(base: type[Any]) -> list[type[Any]]:
    found = [m.class_ for m in Model.registry.mappers if issubclass(m.class_, base)]
    # In one order: the tests of a run are shared out among processes.
    return sorted(found, key=lambda model: str(model.__tablename__))


CLINIC_MODELS = _models(ClinicModel)
DERIVED_MODELS = _models(DerivedModel)
migration = importlib.import_module("migrations.versions.2026_11_20_protection")
LATER = [
    importlib.import_module(f"migrations.versions.{file.stem}")
    for file in sorted(Path(migration.__file__).parent.glob("2026_11_3*.py"))
]
STATED = [rights for one in (migration, *LATER) for rights in getattr(one, "TABLES", ())]


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
        stated = {rights.table: rights for rights in STATED}
        for model in CLINIC_MODELS:
            rights, declared = stated[model.__tablename__], model.protection
            for field in ("read", "write", "patient", "append_only", "guarded", "open", "unlogged"):
                assert getattr(rights, field) == getattr(declared, field), (rights.table, field)
        assert {m.__tablename__: m.read for m in DERIVED_MODELS} == migration.DERIVED

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
            assert "z_stage_change" in triggers, model
            guard = "a_append_only" if model.protection.append_only else "a_guard_row"
            assert guard in triggers, model
            assert "DELETE" not in granted, model
            assert "TRUNCATE" not in granted, model
            assert ("SELECT" in granted) is not model.protection.guarded, model
        for name in MACHINERY.keys() - {"alembic_version"}:
            closed, _policies, _triggers, granted = tables[name]
            assert closed, name
            assert set(granted) <= {"SELECT"}, name


class TestCatalogue:
    def test_as_shipped(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            found = catalogue.objects(connection)
        assert list(catalogue.differences(found, catalogue.shipped())) == []

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
        ],
    )
    def test_what_an_owner_changes_is_named(self, database, statement, kind, name) -> None:
        with open_connection(database.superuser(), autocommit=False) as connection:
            connection.execute("SET search_path = clinic, pg_catalog")
            connection.execute(statement.encode())
            found = list(catalogue.differences(catalogue.objects(connection), catalogue.shipped()))
            connection.rollback()
        assert any(k == kind and n.startswith(name) for k, n in found), found
