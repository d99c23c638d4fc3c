"""Statements written once with SQLAlchemy and compiled once, for what is asked all day long."""

from typing import Any, Final

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import ClauseElement

# The driver reads a longer statement anew on each call; every statement kept here is shorter.
LONGEST: Final = 4096

_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # has no annotations


class Prepared:
    """A compiled statement.

    On each call SQLAlchemy walks through a statement to find what it compiled for it before; for
    a statement of many parts that takes longer than sending it. Values pass as the driver reads
    and writes them: identifiers, instants, JSON and arrays need nothing more.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        # What is not a constant of the statement has to be given on each call.
        self._constants = {
            name: value for name, value in compiled.params.items() if value is not None
        }
        if len(self.sql) > LONGEST:
            raise ValueError(f"{len(self.sql)} characters")

    def on(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """Execute it with these values."""
        return connection.exec_driver_sql(self.sql, self._constants | values)
