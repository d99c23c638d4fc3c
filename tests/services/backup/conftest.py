"""A clinic's database with somewhere to put its backups and somewhere to restore them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from clinic_desktop.db import cluster as db_cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.backup.keys import NewKey, identity_of, make_key, recipient_of
from clinic_desktop.services.backup.restore import Target
from tests.cluster import PASSWORD
from tests.conftest import Database

PASSPHRASE = "four words and more"


@pytest.fixture(scope="session")
def key() -> NewKey:
    return make_key(PASSPHRASE)


@dataclass
class Ground:
    """The database under test, the key, a folder, and the copy that restores make."""

    database: Database
    folder: Path
    key: NewKey

    @property
    def recipients(self) -> list:
        return [recipient_of(self.key.public)]

    @property
    def identities(self) -> list:
        return [identity_of(self.key.secret)]

    @property
    def dsn(self):
        return self.database.machine("clinic_backup")

    @property
    def copy(self) -> str:
        return f"{self.database.name}_copy"

    @property
    def target(self) -> Target:
        address = self.database.cluster.address
        return Target(
            superuser=address.superuser_dsn(),
            database=self.copy,
            migrator=lambda name: address.dsn("clinic_migrator", PASSWORD, name),
        )

    def rows(self, name: str) -> dict[str, tuple[int, str]]:
        """Return table -> rows and a digest of all of them, in order."""
        found = {}
        with open_connection(self.database.cluster.address.superuser_dsn(name)) as connection:
            connection.execute("SET timezone = 'UTC'")
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'clinic'::regnamespace"
                " AND relkind = 'r' AND relname NOT IN"
                # A restore seals the log of reading anew as it verifies it.
                " ('backup_run', 'access_seal', 'access_head') ORDER BY 1"
            ).fetchall()
            for (table,) in tables:
                query = (
                    "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                    f' FROM clinic."{table}" t'
                )
                found[table] = connection.execute(query.encode()).fetchone()
        return found


@pytest.fixture
def ground(database: Database, tmp_path: Path, key: NewKey) -> Iterator[Ground]:
    made = Ground(database, tmp_path, key)
    yield made
    db_cluster.drop_database(database.cluster.address.superuser_dsn(), made.copy)
