"""A large load: keys and indexes are taken away before it and made again from the whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

# References and exclusions are checked row by row while they stand, and all at once when they are
# made again; unique keys stay, because references need them and rows come in their order.
_CONSTRAINTS: Final = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE c.contype IN ('f', 'x') AND t.relowner = 'clinic_owner'::regrole
  AND t.relnamespace = 'clinic'::regnamespace
ORDER BY c.contype DESC, 1, 2
"""
_INDEXES: Final = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relowner = 'clinic_owner'::regrole AND t.relnamespace = 'clinic'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1
"""
_MEMORY: Final = "512MB"


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """Take away what a load would keep up to date row by row, and make it again behind it.

    All within the caller's transaction: a load that stops leaves every key where it was.
    """
    constraints = connection.execute(_CONSTRAINTS).fetchall()
    indexes = connection.execute(_INDEXES).fetchall()
    for table, name, _definition in constraints:
        _run(connection, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        _run(connection, f"DROP INDEX {name}")
    yield
    _run(connection, f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
    _run(connection, f"SET LOCAL work_mem = '{_MEMORY}'")
    for _name, definition in indexes:
        _run(connection, definition)
    for table, name, definition in constraints:
        _run(connection, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _run(connection: Connection, statement: str) -> None:
    # Names and definitions come from the catalogue, quoted by the server.
    connection.execute(statement.encode())
