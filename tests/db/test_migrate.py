"""Migrations up and down, drift, and databases of another version."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from clinic_desktop.db import migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.errors import BusyError, SetupError
from clinic_desktop.models import Model


class TestMigrate:
    def test_models_and_database_agree(self, database) -> None:
        assert migrate.drift(database.machine("clinic_migrator"), Model.metadata) == []

    def test_down_and_up_again(self, database) -> None:
        migrator = database.machine("clinic_migrator")
        migrate.downgrade(migrator, "base")
        with open_connection(migrator) as connection:
            left = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'clinic'::regnamespace"
                " AND relkind = 'r'"
            ).fetchall()
        assert left == [("alembic_version",)]
        migrate.upgrade(migrator)
        assert migrate.drift(migrator, Model.metadata) == []

    def test_newer_database_is_refused(self, database, sign_in) -> None:
        migrator = database.machine("clinic_migrator")
        with open_connection(migrator) as connection:
            connection.execute(
                "UPDATE clinic.alembic_version SET version_num = '2099_01_01_future'"
            )
        with pytest.raises(SetupError, match="newer version"):
            migrate.upgrade(migrator)
        with pytest.raises(SetupError, match="newer version"):
            sign_in("u_front")

    def test_versions_that_nobody_made_are_refused(self, database) -> None:
        migrator = database.machine("clinic_migrator")
        for change in (migrate.upgrade, migrate.downgrade):
            with pytest.raises(SetupError, match="no version “nonsense”"):
                change(migrator, "nonsense")


class TestLocks:
    def test_one_that_is_never_free_leaves_the_old_schema(self, database) -> None:
        migrator = database.machine("clinic_migrator")
        with open_connection(migrator, autocommit=False) as holding:
            holding.execute("LOCK TABLE clinic.patient IN ACCESS SHARE MODE")
            with pytest.raises(BusyError, match="Close Clinic Desktop"):
                migrate.downgrade(migrator, "base", tries=1)
            holding.rollback()
        assert migrate.drift(migrator, Model.metadata) == []

    def test_one_that_is_released_is_taken_at_a_later_try(self, database) -> None:
        migrator = database.machine("clinic_migrator")
        with (
            open_connection(database.superuser()) as watching,
            open_connection(migrator, autocommit=False) as holding,
            ThreadPoolExecutor() as aside,
        ):
            holding.execute("LOCK TABLE clinic.patient IN ACCESS SHARE MODE")
            change = aside.submit(migrate.downgrade, migrator, "2026_11_20_tables")
            # Each try is a session of its own: the second that waits shows that there is one.
            first = _waiting(watching, change, other_than=0)
            _waiting(watching, change, other_than=first)
            holding.rollback()
            change.result(timeout=60)
            migrate.upgrade(migrator)
        assert migrate.drift(migrator, Model.metadata) == []

    def test_two_programs_upgrade_at_once(self, database) -> None:
        migrator = database.machine("clinic_migrator")
        migrate.downgrade(migrator, "2026_11_20_tables")
        with ThreadPoolExecutor() as aside:
            for change in [aside.submit(migrate.upgrade, migrator) for _program in range(2)]:
                change.result(timeout=60)
        assert migrate.drift(migrator, Model.metadata) == []


def _waiting(watching, change, *, other_than: int) -> int:
    """Wait until a session waits for a lock, and return its number."""
    while not change.done():
        row = watching.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND pid <> %s",
            (other_than,),
        ).fetchone()
        if row is not None:
            return row[0]
    change.result()
    pytest.fail("nothing waited for the lock")
