"""Bring a database to the version of this program, or tell why not.

Alembic is loaded by what changes a database; a start that finds nothing to do stays without it.
"""

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, MetaData, create_engine, text
from sqlalchemy.pool import NullPool

from clinic_desktop.db.engine import session_options
from clinic_desktop.db.revisions import head, known
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.resources import migrations

if TYPE_CHECKING:  # see above
    from alembic.config import Config

__all__ = ["downgrade", "drift", "head", "known", "refuse_newer", "upgrade", "version"]

# Nobody waits behind a migration that waits: it gives up the lock and tries again.
_SETTINGS: Final = {
    "search_path": "clinic,pg_catalog",
    "timezone": "UTC",
    "lock_timeout": "2s",
    "client_min_messages": "warning",
}


def _engine(dsn: Mapping[str, str]) -> Engine:
    return create_engine(
        "postgresql+psycopg://",
        poolclass=NullPool,
        connect_args={**dsn, "options": session_options(_SETTINGS)},
    )


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def version(connection: Connection) -> str | None:
    """Return the version of the database, or None for an empty one."""
    table = connection.execute(text("SELECT to_regclass('clinic.alembic_version')")).scalar_one()
    if table is None:
        return None
    return connection.execute(text("SELECT version_num FROM clinic.alembic_version")).scalar()


def refuse_newer(connection: Connection) -> None:
    """Raise SetupError when a newer program has upgraded the database."""
    found = version(connection)
    if found is not None and not known(found):
        raise SetupError(
            _(
                "The clinic's data were upgraded by a newer version of Clinic Desktop. "
                "Install that version on this computer; nothing was changed."
            )
        )


def upgrade(dsn: Mapping[str, str], target: str = "head") -> None:
    """Bring the database of this login (clinic_migrator) to a version, in one transaction.

    Killed half-way, the old schema is whole. Raises SetupError for a newer database.
    """
    import alembic.command

    engine = _engine(dsn)
    with closing(engine.connect()) as connection:
        refuse_newer(connection)
        connection.rollback()
        with connection.begin():
            alembic.command.upgrade(_config(connection), target)
    engine.dispose()


def downgrade(dsn: Mapping[str, str], target: str) -> None:
    """Take the database back to an older version, ``base`` for none at all."""
    import alembic.command

    engine = _engine(dsn)
    with engine.begin() as connection:
        alembic.command.downgrade(_config(connection), target)
    engine.dispose()


def drift(dsn: Mapping[str, str], declared: MetaData) -> list[str]:
    """Return where the database differs from the declared tables, in words; empty is good."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = _engine(dsn)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [repr(difference) for difference in compare_metadata(context, declared)]
    engine.dispose()
    return found
