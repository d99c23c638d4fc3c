"""Bring a database to the version of this program, or tell why not.

Alembic is loaded by what changes a database; a start that finds nothing to do stays without it.
"""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from psycopg import errors
from sqlalchemy import Connection, Engine, MetaData, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from clinic_desktop.db.engine import session_options
from clinic_desktop.db.revisions import head, known, shipped
from clinic_desktop.db.server import limits
from clinic_desktop.errors import BusyError, SetupError
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
    # A server may end a transaction of people sooner than a slow computer goes on with this one.
    "idle_in_transaction_session_timeout": "60s",
    "client_min_messages": "warning",
}
TRIES: Final = 10  # some 25 seconds: longer than any transaction of a person
_PAUSE_SECONDS: Final = 0.5
_IN_THE_WAY: Final = (errors.LockNotAvailable, errors.DeadlockDetected)
_ADVISORY_KEY: Final = 7_170_112_026  # any number that nobody else uses
_ALONE: Final = text("SELECT pg_advisory_xact_lock(:key)")


def _engine(dsn: Mapping[str, str]) -> Engine:
    return create_engine(
        "postgresql+psycopg://",
        poolclass=NullPool,
        connect_args={
            **limits(dsn),
            "options": f"{session_options(_SETTINGS)} {dsn.get('options', '')}".strip(),
        },
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


def upgrade(dsn: Mapping[str, str], target: str = "head", *, tries: int = TRIES) -> None:
    """Bring the database of this login (clinic_migrator) to a version, in one transaction.

    Killed half-way, the old schema is whole. Raises SetupError for a newer database or an unknown
    version, BusyError when others kept using the tables for all ``tries``.
    """
    import alembic.command

    if target != "head":
        _must_know(target)

    def bring(connection: Connection) -> None:
        refuse_newer(connection)
        alembic.command.upgrade(_config(connection), target)

    _in_one_transaction(dsn, bring, tries)


def downgrade(dsn: Mapping[str, str], target: str, *, tries: int = TRIES) -> None:
    """Take the database back to an older version, ``base`` for none at all.

    Raises SetupError for an unknown version, BusyError as ``upgrade`` does.
    """
    import alembic.command

    if target != "base":
        _must_know(target)

    def take_back(connection: Connection) -> None:
        refuse_newer(connection)
        alembic.command.downgrade(_config(connection), target)

    _in_one_transaction(dsn, take_back, tries)


def _must_know(target: str) -> None:
    if not known(target):
        raise SetupError(
            _("There is no version “{version}”. There are: {known}.").format(
                version=target, known=", ".join(shipped())
            )
        )


def _in_one_transaction(
    dsn: Mapping[str, str], act: Callable[[Connection], None], tries: int
) -> None:
    """Run ``act``, anew when a lock was not to be had in time; each failure undoes all of it."""
    from alembic.util import CommandError

    engine = _engine(dsn)
    try:
        for left in reversed(range(tries)):
            try:
                with engine.begin() as connection:
                    # Two programs that upgrade at once: the second waits here and finds it done.
                    connection.execute(_ALONE, {"key": _ADVISORY_KEY})
                    act(connection)
            except CommandError as error:
                raise SetupError(
                    _("The database cannot be brought there: {said}.").format(said=error)
                ) from error
            except (DBAPIError, *_IN_THE_WAY) as error:
                # Some migrations run on the driver's own connection.
                if not isinstance(getattr(error, "orig", error), _IN_THE_WAY):
                    raise
                if not left:
                    raise BusyError(
                        _(
                            "Somebody is using the clinic's data all the time, so their tables "
                            "could not be changed; nothing was. Close Clinic Desktop on the other "
                            "computers and try again."
                        )
                    ) from error
                # Whoever waited behind us goes first.
                time.sleep(_PAUSE_SECONDS)
            else:
                return
    finally:
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
