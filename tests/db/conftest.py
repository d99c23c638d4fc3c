"""Raw connections as any login, and a patient whom they must not reach."""

from collections.abc import Iterator

import pytest

from clinic_desktop.db.connect import open_connection
from tests.db.raw_sql import Connection


@pytest.fixture
def as_login(database) -> Iterator[object]:
    """Open raw connections as any login; each statement on its own."""
    opened: list[Connection] = []

    def connect(login: str, *, autocommit: bool = True) -> Connection:
        connection = open_connection(database.person(login), autocommit=autocommit)
        connection.execute("SET search_path = clinic, pg_catalog")
        if not autocommit:
            connection.commit()
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def front(as_login) -> Connection:
    return as_login("u_front")


@pytest.fixture
def theirs(database, sign_in):
    """A patient of the other clinic."""
    from tests.factories import Factory

    return Factory(sign_in("u_other")).patient(given="Otto", family="Elsewhere")
