"""Raw SQL on a connection: what it reads, and what is refused to it."""

import psycopg
import pytest

Connection = psycopg.Connection
PATIENT = """
INSERT INTO patient (clinic_id, id, number, given, phone, sort_key, words)
VALUES (%s, %s, '', 'Mallory', '1', 'mallory', '{mallory}')
"""


def refused(connection: Connection, statement: str, values: object = (), *codes: str) -> None:
    """Assert that the statement fails for a reason that is ours, not for a slip in the test."""
    expected = codes or ("42501", "CD002", "CD005")
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(statement.encode(), values)
    assert caught.value.sqlstate in expected, (caught.value.sqlstate, str(caught.value))


def rows(connection: Connection, statement: str, values: object = ()) -> list[tuple[object, ...]]:
    return connection.execute(statement.encode(), values).fetchall()
