"""Statements written once with SQLAlchemy and compiled once, for what is asked all day long."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, NoReturn

import psycopg
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

# The driver reads a longer statement anew on each call; every statement kept here is shorter.
LONGEST: Final = 4096

_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # has no annotations
Cursor = psycopg.Cursor[tuple[Any, ...]]


class Prepared:
    """A compiled statement, sent by the driver alone.

    On each call SQLAlchemy walks through a statement to find what it compiled for it before, and
    makes a result that knows each column; for a statement of many parts that takes longer than
    sending it. Values pass as the driver reads and writes them: identifiers, instants, JSON and
    arrays need nothing more. Failures are SQLAlchemy's, as everywhere else.
    """

    def __init__(self, statement: ClauseElement | Callable[[], ClauseElement]) -> None:
        """``statement``, or what writes it: either is worked on when it is first sent.

        The program would stand still at its start for all that nobody asks for today.
        """
        self._statement = statement

    @cached_property
    def _compiled(self) -> tuple[str, bytes, Mapping[str, Any]]:
        """Text, the same as it is sent, constants; raises ValueError for one too long."""
        written = self._statement
        statement = written if isinstance(written, ClauseElement) else written()
        compiled = statement.compile(dialect=_DIALECT)
        # Only what the server needs: it is hashed and sent on each call.
        sql = "\n".join(line.strip() for line in str(compiled).splitlines())
        query = sql.encode()
        if len(query) > LONGEST:
            raise ValueError(f"{len(query)} characters")
        # What is not a constant of the statement has to be given on each call.
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return sql, query, constants

    @property
    def sql(self) -> str:
        """The statement as the driver reads it."""
        return self._compiled[0]

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Execute it with these values and return the rows, as plain tuples."""
        cursor = self._sent(connection, values)
        try:
            return cursor.fetchall()
        finally:
            cursor.close()

    def first(self, connection: Connection, **values: Any) -> Any:
        """Execute it with these values and return the first row, None when there is none."""
        cursor = self._sent(connection, values)
        try:
            return cursor.fetchone()
        finally:
            cursor.close()

    def count(self, connection: Connection, **values: Any) -> int:
        """Execute it with these values and return how many rows it touched."""
        cursor = self._sent(connection, values)
        try:
            return cursor.rowcount
        finally:
            cursor.close()

    def _sent(self, connection: Connection, values: Mapping[str, Any]) -> Cursor:
        _sql, query, constants = self._compiled
        cursor: Cursor = connection.connection.cursor()  # type: ignore[assignment]  # psycopg's
        try:
            return cursor.execute(query, {**constants, **values})
        except psycopg.Error as error:
            cursor.close()
            self._refuse(connection, error)

    def _refuse(self, connection: Connection, error: psycopg.Error) -> NoReturn:
        """Raise the failure as SQLAlchemy would; a line that was lost leaves the pool."""
        lost = bool(connection.connection.dbapi_connection.closed)  # type: ignore[union-attr]
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            self.sql,
            None,
            error,
            psycopg.Error,
            # The text of an error must not carry what was typed about a patient.
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=_DIALECT,
        ) from error
