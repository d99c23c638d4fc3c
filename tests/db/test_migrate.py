"""Migrations up and down, drift, and databases of another version."""

import pytest

from clinic_desktop.db import migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.errors import SetupError
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

    def test_upgrade_that_waits_for_a_lock_leaves_the_old_schema(self, database) -> None:
        migrator = database.machine("clinic_migrator")
        with open_connection(migrator, autocommit=False) as holding:
            holding.execute("LOCK TABLE clinic.patient IN ACCESS SHARE MODE")
            with pytest.raises(Exception, match="lock"):
                migrate.downgrade(migrator, "base")
            holding.rollback()
        assert migrate.drift(migrator, Model.metadata) == []
