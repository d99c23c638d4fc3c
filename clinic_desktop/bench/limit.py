"""The limit of the machine: the same statements by the bare driver, without policies and log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event

from clinic_desktop.db.connect import Dsn, open_connection

DATABASE: Final = "clinic_limit"
Statement = tuple[str, Any]

# A superuser is nobody's login: rights are not asked, reading is written down without asking.
_WITHOUT_RIGHTS: Final = """
CREATE OR REPLACE FUNCTION clinic.require(in_clinic uuid, VARIADIC wanted text[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$ BEGIN END $$;
CREATE OR REPLACE FUNCTION clinic.rights_among(in_clinic uuid, VARIADIC wanted text[])
RETURNS text[] LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN wanted; END $$;
CREATE OR REPLACE FUNCTION clinic.is_me(in_clinic uuid, in_person uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT true $$;
CREATE OR REPLACE FUNCTION clinic.enter_access(
    in_clinic uuid, in_patient uuid, in_action text, in_category text) RETURNS void
LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO clinic.access_log (clinic_id, at, login, patient_id, action, category)
    VALUES (in_clinic, clock_timestamp(), session_user, in_patient, in_action, in_category);
END $$;
ALTER FUNCTION clinic.log_access SECURITY INVOKER RESET ALL;
ALTER FUNCTION clinic.patient_card SECURITY INVOKER RESET ALL;
"""


def make_limit_database(superuser: Dsn, source: str) -> Dsn:
    """Copy the clinic, take the log's triggers off the copy, and return the superuser's sign-in."""
    server = {**superuser, "dbname": "postgres"}
    with open_connection(server) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (source,)
        )
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(DATABASE), sql.Identifier(source)
            )
        )
    limit = {**superuser, "dbname": DATABASE}
    with open_connection(limit) as connection:
        logged = connection.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            r" WHERE t.tgname LIKE 'z\_stage\_%'"
        ).fetchall()
        for table, name in logged:
            connection.execute(
                sql.SQL("DROP TRIGGER {} ON clinic.{}").format(
                    sql.Identifier(name), sql.Identifier(table)
                )
            )
        connection.execute(_WITHOUT_RIGHTS.encode())
    return limit


class _Hearing(psycopg.Cursor[Any]):
    """A cursor that writes down what it is given to send."""

    heard: list[Statement] = []

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        """Send a statement."""
        type(self).heard.append((query, params))
        return super().execute(query, params, **more)

    def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
        """Send a statement once for each set of values."""
        type(self).heard.append((query, list(params_seq)))
        super().executemany(query, params_seq, **more)


class Recorder:
    """Writes down what a service sends, so that the bare driver can send the same."""

    def __init__(self, *engines: Engine) -> None:
        for engine in engines:
            event.listen(engine, "connect", self._listens)
            # Lines that are open already would not be heard.
            engine.dispose()

    @staticmethod
    def _listens(connection: Any, _record: object) -> None:
        connection.cursor_factory = _Hearing

    @contextmanager
    def recording(self) -> Iterator[list[Statement]]:
        """Yield the list that fills while a service works."""
        heard: list[Statement] = []
        _Hearing.heard = heard
        yield heard
        _Hearing.heard = []


def open_bare(
    dsn: Dsn, settings: str = "", *, autocommit: bool = True
) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a connection of the limit: what ours do to be fast, it does as well."""
    connection = open_connection(
        dsn,
        autocommit=autocommit,
        settings="-c search_path=clinic,pg_catalog -c timezone=UTC"
        f" -c plan_cache_mode=force_generic_plan {settings}",
    )
    connection.prepare_threshold = 0
    # Writing down is no part of the program: both sides do it.
    connection.cursor_factory = _Hearing
    return connection


class Replay:
    """The bare driver on the copy: once for reads, once for one transaction."""

    def __init__(self, dsn: Dsn) -> None:
        self._reads = open_bare(dsn, "-c synchronous_commit=off")
        self._writes = open_bare(dsn, autocommit=False)

    def read(self, statements: list[Statement]) -> float:
        """Send what was recorded, fetch every row; return seconds."""
        began = time.perf_counter()
        _send(self._reads, statements)
        return time.perf_counter() - began

    def write(self, statements: list[Statement]) -> float:
        """Send what was recorded in one transaction; return seconds until it is kept."""
        began = time.perf_counter()
        _send(self._writes, statements)
        self._writes.commit()
        return time.perf_counter() - began

    def close(self) -> None:
        """Close both connections."""
        self._reads.close()
        self._writes.close()


def _send(connection: psycopg.Connection[Any], statements: list[Statement]) -> None:
    for statement, parameters in statements:
        cursor = connection.cursor()
        if isinstance(parameters, list):
            cursor.executemany(statement, parameters)
            continue
        cursor.execute(statement, parameters)
        if cursor.description is not None:
            cursor.fetchall()
