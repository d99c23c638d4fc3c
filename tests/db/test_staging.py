"""What a transaction changes is staged by the statement and sealed once, whatever was undone."""

import pytest
from psycopg import errors

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.installation.anchors import Anchors
from clinic_desktop.services.installation.verify import verify
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


def test_many_entries_are_sealed_piece_by_piece_in_one_chain(front, database, tmp_path) -> None:
    with open_connection(database.superuser()) as connection:
        (made,) = connection.execute(
            "SELECT pg_get_functiondef('clinic.seal_changes'::regproc)"
        ).fetchone()
        assert made.count(":= 100000;") == 1
        connection.execute(made.replace(":= 100000;", ":= 3;").encode())
    homes = [new_id() for _one in range(9)]
    front.execute(ADD, (CLINIC, homes[:8]))
    front.commit()
    # Exactly so many that the last piece is full.
    more = [new_id() for _one in range(6)]
    front.execute(ADD, (CLINIC, more))
    front.commit()
    assert entries(database) == [(home, "I", "Home") for home in (*homes[:8], *more)]
    told = verify(database.machine("clinic_backup"), Anchors(tmp_path / "anchors.json"))
    assert [one.finding for one in told] == [None, None]
    assert max(one.entries for one in told) >= 14


class TestWords:
    """What many new patients are found by is indexed at the end, whatever became of them."""

    def _add(self, front, ids, word="zuleika") -> None:
        front.execute(
            "INSERT INTO clinic.patient (clinic_id, id, number, given, sort_key, words, phone)"
            " SELECT %s, r.id, '', 'Ana', 'ana', ARRAY[%s], '+353865550142'"
            " FROM unnest(%s::uuid[]) AS r(id)",
            (CLINIC, word, ids),
        )

    def _words(self, database) -> set[tuple[object, ...]]:
        with open_connection(database.superuser()) as connection:
            assert connection.execute("SELECT count(*) FROM clinic.word_stage").fetchone() == (0,)
            return set(
                connection.execute(
                    "SELECT patient_id, word FROM clinic.patient_word WHERE word LIKE 'z%'"
                ).fetchall()
            )

    def test_all_of_several_statements(self, front, database) -> None:
        first, second, few = ([new_id() for _n in range(count)] for count in (250, 300, 5))
        for ids in (first, few, second):
            self._add(front, ids)
        front.commit()
        assert self._words(database) == {(one, "zuleika") for one in (*first, *second, *few)}

    def test_early_and_again(self, front, database) -> None:
        first, second = ([new_id() for _n in range(210)] for _statement in range(2))
        self._add(front, first)
        front.execute("SET CONSTRAINTS clinic.word_stage_index IMMEDIATE")
        front.execute("SET CONSTRAINTS clinic.word_stage_index DEFERRED")
        self._add(front, second)
        front.commit()
        assert self._words(database) == {(one, "zuleika") for one in (*first, *second)}

    def test_changed_and_deleted_before_the_end(self, front, database) -> None:
        ids = [new_id() for _n in range(250)]
        self._add(front, ids)
        front.execute(
            "UPDATE clinic.patient SET words = ARRAY['zoe'], version = 2 WHERE id = %s", (ids[0],)
        )
        front.execute(
            "UPDATE clinic.patient SET deleted_at = now(), version = 2 WHERE id = %s", (ids[1],)
        )
        front.commit()
        assert self._words(database) == {
            (ids[0], "zoe"), *((one, "zuleika") for one in ids[2:]),
        }  # fmt: skip

    def test_undone_leaves_nothing(self, front, database) -> None:
        kept, undone = ([new_id() for _n in range(210)] for _statement in range(2))
        self._add(front, kept)
        front.execute("SAVEPOINT here")
        self._add(front, undone)
        front.execute("ROLLBACK TO SAVEPOINT here")
        front.commit()
        assert self._words(database) == {(one, "zuleika") for one in kept}


def test_nobody_reaches_what_waits_for_its_index(front) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        front.execute("INSERT INTO clinic.word_stage (xact, clinic_id, ids) VALUES (1, %s, '{}')",
                      (CLINIC,))  # fmt: skip
