"""A large fill takes keys and indexes away and makes them again: the same clinic, nothing lost."""

import re
from datetime import UTC, datetime

from clinic_desktop.db import catalogue, cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.sample import load
from tests.places import open_folder

NOW = datetime(2026, 3, 12, 11, 5, tzinfo=UTC)
# What every new clinic begins with has keys of its own time; those of the seed begin so.
OTHER_KEY = re.compile(r"\b(?!018bcfe)[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}\b")


def _filled(place: LocalInstallation) -> dict[str, list[str]]:
    """Fill an empty database and return every row, people named by their logins."""
    load.fill(place, patients=60, seed=3, progress=lambda _sentence: None, now=NOW)
    with open_connection(place.superuser()) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relowner = 'clinic_owner'::regrole AND relname <> 'alembic_version'"
        ).fetchall()
        people = connection.execute("SELECT id::text, login FROM clinic.person").fetchall()
        found = {}
        for (table,) in tables:
            rows = connection.execute(
                f"SELECT (to_jsonb(t) - '{{created_at,updated_at}}'::text[])::text"
                f" FROM clinic.{table} t ORDER BY 1"
            ).fetchall()
            lines = [row[0] for row in rows]
            for key, login in people:
                lines = [line.replace(key, login) for line in lines]
            found[table] = sorted(OTHER_KEY.sub("*", line) for line in lines)
    return found


def _thrown_away(place: LocalInstallation) -> None:
    server = place.address.superuser_dsn()
    cluster.drop_database(server, place.database)
    with open_connection(server) as connection:
        for (login,) in connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'u\\_%'"
        ).fetchall():
            connection.execute(f"DROP ROLE {login}")


def test_the_same_seed_and_moment_fill_the_same_clinic(monkeypatch) -> None:
    with open_folder() as folder:
        place = LocalInstallation(folder / "clinic", fast=True).start()
        try:
            row_by_row = _filled(place)
            _thrown_away(place)
            monkeypatch.setattr(load, "LARGE", 1)
            at_once = _filled(place.start())
            with open_connection(place.superuser()) as connection:
                objects = catalogue.objects(connection)
        finally:
            place.leave()
    assert len(row_by_row["patient"]) == 60
    assert len(row_by_row["appointment_resource"]) > 300
    for table, rows in row_by_row.items():
        assert at_once[table] == rows, table
    assert list(catalogue.differences(objects, catalogue.shipped())) == []
