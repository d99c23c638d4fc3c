"""Ways to break the runs of the import, as the logins that would try."""

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from tests.cluster import CLINIC, OTHER_CLINIC

ROW = """
    INSERT INTO clinic.import_run (clinic_id, id, person_id, kind, file_name, file_size,
        file_sha256, plan, records, added, known, refused, made, keys, key_ids)
    SELECT %s, gen_random_uuid(), p.id, 'patients', 'a.csv', 1, repeat('0', 64), '{}', 0, 0, 0, 0,
        '{}', '{}', '{}'
    FROM clinic.person p WHERE p.login = %s
"""


@pytest.mark.parametrize("login", ["u_front", "u_dentist", "u_compliance"])
def test_only_who_changes_settings_writes_runs(database, login) -> None:
    with (
        open_connection(database.person(login)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(ROW, (CLINIC, login))


def test_not_in_another_clinic(database) -> None:
    with (
        open_connection(database.person("u_manager")) as connection,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ForeignKeyViolation)),
    ):
        connection.execute(ROW, (OTHER_CLINIC, "u_manager"))


def test_runs_are_never_deleted(database) -> None:
    with open_connection(database.person("u_manager")) as connection:
        connection.execute(ROW, (CLINIC, "u_manager"))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM clinic.import_run")


@pytest.mark.parametrize(
    ("login", "clinic", "count", "least"),
    [
        ("u_compliance", CLINIC, 1, 0),
        ("u_manager", OTHER_CLINIC, 1, 0),
        ("u_manager", CLINIC, 10_001, 0),
        ("u_manager", CLINIC, -1, 0),
        ("u_manager", CLINIC, 1, 10_000_000),
    ],
)
def test_numbers_are_taken_by_who_registers_and_in_small_blocks(
    database, login, clinic, count, least
) -> None:
    with (
        open_connection(database.person(login)) as connection,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)),
    ):
        connection.execute(
            "SELECT clinic.reserve_patient_numbers(%s, %s, %s)", (clinic, count, least)
        )


def test_a_block_never_overlaps_another(database) -> None:
    ask = "SELECT clinic.reserve_patient_numbers(%s, %s, %s)"
    with open_connection(database.person("u_manager")) as connection:
        first = connection.execute(ask, (CLINIC, 10, 0)).fetchone()[0]
        second = connection.execute(ask, (CLINIC, 10, 3)).fetchone()[0]
        third = connection.execute(ask, (CLINIC, 1, 500)).fetchone()[0]
    assert (second - first, third) == (10, 501)
