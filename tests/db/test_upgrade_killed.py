"""An upgrade whose program is killed: the old schema works or the new one is complete."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.db import catalogue, migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import Model
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation
from tests.places import open_folder

ROOT = Path(__file__).parent.parent.parent
OLD = "2026_11_20_tables"
CLINIC = """
INSERT INTO clinic.clinic (clinic_id, id, name, site, zone, locale, country, currency, notation,
    paper, created_at, updated_at, version)
VALUES (%(id)s, %(id)s, 'Old', '', 'Europe/Dublin', 'en_IE', 'IE', 'EUR', 'fdi', 'A4', now(),
    now(), 1)
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with open_folder() as folder:
        place = LocalInstallation(folder / "computer", fast=True).start()
        yield folder
        place.leave()


@pytest.fixture
def place(home) -> LocalInstallation:
    """An installation whose database an older program made."""
    found = LocalInstallation(home / "computer", fast=True).start()
    migrate.downgrade(found.machine(MIGRATOR), OLD)
    return found


def upgrading(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "clinic_desktop", "--home", home, "db", "upgrade"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def locks(watching: psycopg.Connection) -> int:
    """Return how many locks the upgrade holds: they grow with each of its statements."""
    row = watching.execute(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE a.usename = 'clinic_migrator' AND a.datname = current_database()"
        " AND l.mode = 'AccessExclusiveLock' AND l.granted"
    ).fetchone()
    return row[0] if row else 0


def finished(watching: psycopg.Connection) -> None:
    """Wait until the server has noticed that the program is gone."""
    query = "SELECT FROM pg_stat_activity WHERE usename = 'clinic_migrator'"
    while watching.execute(query).fetchone():
        pass


def works_as_before(place: LocalInstallation) -> None:
    with open_connection(place.machine(MIGRATOR), autocommit=False) as connection:
        connection.execute(CLINIC, {"id": new_id()})
        found = connection.execute("SELECT count(*) FROM clinic.clinic").fetchone()
        assert found == (1,)
        connection.rollback()
        added = connection.execute("SELECT to_regprocedure('clinic.seal_changes()')").fetchone()
        assert added == (None,)


def is_complete(place: LocalInstallation) -> None:
    assert migrate.drift(place.machine(MIGRATOR), Model.metadata) == []
    with open_connection(place.superuser()) as connection:
        assert list(catalogue.differences(catalogue.objects(connection), catalogue.shipped())) == []


# Of some 240 locks that the whole upgrade takes; the last moment is after its end.
@pytest.mark.parametrize("moment", [1, 60, 180, None])
def test_killed_at(home, place, moment) -> None:
    with open_connection(place.superuser()) as watching:
        program = upgrading(home)
        most = 0
        while program.poll() is None and (moment is None or most < moment):
            most = max(most, locks(watching))
        assert moment is None or most >= moment
        program.kill()
        program.wait()
        finished(watching)
        row = watching.execute("SELECT version_num FROM clinic.alembic_version").fetchone()
    if row == (OLD,):
        works_as_before(place)
        place.start()
    else:
        assert row == (migrate.head(),)
    assert moment is None or row == (OLD,)
    is_complete(place)
