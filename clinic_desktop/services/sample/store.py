"""Where a filling stores: one connection, one clinic, and how many rows came in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]


class Store:
    """Stores rows of one clinic by COPY and counts them."""

    def __init__(self, connection: Connection, clinic: UUID) -> None:
        self.connection, self.clinic = connection, clinic
        self.rows = 0

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Store rows of these columns; the clinic stands before each."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, ("clinic_id", *columns)))
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row((self.clinic, *row))
                self.rows += 1

    def derive(self, statement: str, keys: Mapping[str, Any] | None = None) -> None:
        """Store what a statement makes of what is there."""
        self.rows += self.connection.execute(statement.encode(), keys).rowcount

    def numbered(self, series: str, year: int, last: int) -> None:
        """Say which number of a series was given last."""
        self.connection.execute(
            "INSERT INTO counter (clinic_id, series, year, last) VALUES (%s, %s, %s, %s)",
            (self.clinic, series, year, last),
        )
