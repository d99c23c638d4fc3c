"""Connections of one login, and the only place where a transaction begins and ends."""

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from clinic_desktop.db.server import limits

# A person may change their own search_path, so every connection states it. Every statement ends,
# and a transaction left open frees its locks.
_SESSION: Final[dict[str, str]] = {
    "search_path": "clinic,pg_catalog",
    "timezone": "UTC",
    "statement_timeout": "60s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    # Plans made once serve every later call: everything is found by keys.
    "plan_cache_mode": "force_generic_plan",
}
# Reads write nothing but access entries, which need not wait for the disk.
_READING: Final[dict[str, str]] = {"synchronous_commit": "off"}


def session_options(settings: Mapping[str, str]) -> str:
    """Return libpq's ``options`` for these settings; spaces and backslashes are escaped."""
    escaped = {
        name: value.replace("\\", "\\\\").replace(" ", "\\ ") for name, value in settings.items()
    }
    return " ".join(f"-c {name}={value}" for name, value in escaped.items())


def _engine(dsn: Mapping[str, str], settings: Mapping[str, str], size: int, **more: Any) -> Engine:
    engine = create_engine(
        "postgresql+psycopg://",
        # An error's text may reach the log: it must not carry what was typed about a patient.
        hide_parameters=True,
        poolclass=QueuePool,
        # The line that was used last has its plans and its processor's caches warm.
        pool_use_lifo=True,
        pool_size=size,
        max_overflow=2,
        pool_timeout=5,
        connect_args={
            **limits(dsn),
            "options": session_options({**_SESSION, **settings}),
            # Statements are prepared on first use: an open program repeats the same few hundred.
            "prepare_threshold": 0,
        },
        # No column is of that type: looking for it was the slowest question of a new line.
        use_native_hstore=False,
        **more,
    )
    event.listen(engine, "checkout", _refuse_dead)

    @event.listens_for(engine, "do_connect")
    def _as_of_now(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        # A person may change the password while connected, and a server of this computer that was
        # started again may answer elsewhere; new lines need what holds now.
        parameters["password"] = dsn.get("password", "")
        parameters |= {name: dsn[name] for name in ("host", "port") if name in dsn}

    return engine


def _refuse_dead(connection: psycopg.Connection[Any], _record: object, _proxy: object) -> None:
    """Let the pool open a new line in place of one that the server closed meanwhile.

    A line that says something before it is asked says goodbye. Looking costs microseconds; asking
    would cost a round trip each time, and not looking the first write after a restart.
    """
    if connection.closed or select.select([connection.fileno()], [], [], 0)[0]:
        raise DisconnectionError


class Link:
    """The pooled connections of one login: a few that read, a few that write.

    ``dsn`` are psycopg's keyword parameters; ``device`` names this computer in the log.
    """

    def __init__(self, dsn: Mapping[str, str], *, device: str = "") -> None:
        self.dsn = dict(dsn)
        device_setting = {"clinic.device": device} if device else {}
        self._writes = _engine(self.dsn, device_setting, size=2)
        # Said once a connection and not once a use; where nothing is begun, nothing is undone.
        self._reads = _engine(
            self.dsn,
            {**device_setting, **_READING},
            size=5,
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            pool_reset_on_return=None,
        )
        self._closed = False
        for engine in self.engines:
            event.listen(engine, "checkin", self._end_if_closed)

    def _end_if_closed(self, connection: psycopg.Connection[Any] | None, _record: object) -> None:
        """End a line that was in use when the link was closed: no pool waits for it any more."""
        if self._closed and connection is not None:
            connection.close()

    def reading(self) -> Connection:
        """Return a connection on which each statement stands alone; closed by leaving it."""
        return self._reads.connect()

    @contextmanager
    def transaction(self, reason: str | None = None) -> Iterator[Connection]:
        """Yield a connection in one transaction: commit at the end, roll back on any error.

        ``reason`` is recorded beside the change in the log.
        """
        with self._writes.begin() as connection:
            if reason:
                connection.execute(_REASON, {"reason": reason})
            yield connection

    @property
    def engines(self) -> tuple[Engine, ...]:
        """The engine that writes and the one that reads."""
        return self._writes, self._reads

    def close(self) -> None:
        """Close every connection; one in use is closed as soon as it is given back."""
        self._closed = True
        self._writes.dispose()
        self._reads.dispose()


def driver_connection(connection: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    """Return the driver's own connection in the same transaction, for what only it can do."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101 - the only driver we use
    return raw


_REASON = text("SELECT set_config('clinic.reason', :reason, true)")
