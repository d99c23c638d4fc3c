"""What a transaction changes is staged by the statement and sealed once, whatever was undone."""

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from tests.cluster import CLINIC

ADD = """
INSERT INTO clinic.household (clinic_id, id, name)
SELECT %s, r.id, 'Home' FROM unnest(%s::uuid[]) AS r(id)
"""


@pytest.fixture
def front(database):
    with open_connection(database.person("u_front"), autocommit=False) as connection:
        yield connection


def entries(database) -> list[tuple[object, ...]]:
    """Return what is logged of households, in order, after looking that nothing is left staged."""
    with open_connection(database.superuser()) as connection:
        assert connection.execute("SELECT count(*) FROM clinic.change_stage").fetchone() == (0,)
        return connection.execute(
            "SELECT l.row_id, l.op, v.after ->> 'name' FROM clinic.change_log l"
            " JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq"
            " WHERE l.clinic_id = %s AND l.tbl = 'household' ORDER BY l.seq",
            (CLINIC,),
        ).fetchall()


def test_every_row_of_a_statement_and_each_change_of_it(front, database) -> None:
    homes = [new_id() for _one in range(3)]
    front.execute(ADD, (CLINIC, homes))
    front.execute(
        "UPDATE clinic.household SET name = 'House', version = 2 WHERE id = ANY(%s)", (homes[:2],)
    )
    front.commit()
    assert entries(database) == [
        *((home, "I", "Home") for home in homes),
        *((home, "U", "House") for home in homes[:2]),
    ]


def test_what_was_undone_leaves_nothing_and_hides_nothing(front, database) -> None:
    undone, kept, later = new_id(), new_id(), new_id()
    front.execute("SAVEPOINT first")
    front.execute(ADD, (CLINIC, [undone]))
    front.execute("ROLLBACK TO SAVEPOINT first")
    front.execute(ADD, (CLINIC, [kept]))
    front.execute("SAVEPOINT second")
    front.execute(ADD, (CLINIC, [new_id()]))
    front.execute("ROLLBACK TO SAVEPOINT second")
    front.execute(ADD, (CLINIC, [later]))
    front.commit()
    assert entries(database) == [(kept, "I", "Home"), (later, "I", "Home")]


def test_sealed_early_what_follows_is_sealed_too(front, database) -> None:
    early, late = new_id(), new_id()
    front.execute(ADD, (CLINIC, [early]))
    front.execute("SET CONSTRAINTS ALL IMMEDIATE")
    front.execute("SET CONSTRAINTS ALL DEFERRED")
    front.execute(ADD, (CLINIC, [late]))
    front.commit()
    assert entries(database) == [(early, "I", "Home"), (late, "I", "Home")]


def test_an_insert_of_nothing_is_no_entry(front, database) -> None:
    front.execute(ADD, (CLINIC, []))
    front.commit()
    assert entries(database) == []
