"""The change feed goes on whatever other logins send into it."""

import threading

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.feed import Feed, Topic, newest
from tests.cluster import CLINIC

NOISE = (
    "",
    " ",
    f"{CLINIC}",
    f"{CLINIC} ",
    f"{CLINIC} x",
    f"{CLINIC} -5",
    f"{CLINIC} 1e9",
    f"{CLINIC} 12 13",
    f"{CLINIC} 12\n",
    f"{CLINIC} ٣٤",
    f"{CLINIC} ²",
    f"{CLINIC} " + "9" * 7000,
    f"{CLINIC} 9223372036854775807",
    "x" * 7999,
)


@pytest.fixture
def feed(database):
    """A listening feed, and what it heard."""
    told = threading.Event()
    lost: list[str] = []
    made = Feed(
        database.person("u_front"),
        CLINIC,
        since=0,
        on_topics=lambda _topics: told.set(),
        on_lost=lambda: lost.append("lost"),
        on_back=lambda: None,
    )
    made.start()
    yield made, told, lost
    made.stop()


def _heard(told: threading.Event, make) -> bool:
    """Change something and return whether it is heard."""
    told.clear()
    make.patient()
    return told.wait(10)


def test_noise_is_passed_over(database, feed, make) -> None:
    made, told, lost = feed
    assert _heard(told, make)
    with open_connection(database.person("u_assistant")) as other:
        for payload in NOISE:
            other.execute("SELECT pg_notify('clinic_feed', %s)", (payload,))
    assert _heard(told, make)
    assert made.is_alive()
    assert lost == []


def test_what_came_before_it_listened_is_told(database, make) -> None:
    """Whoever signed in reads and listens one after the other: nothing is lost in between."""
    with open_connection(database.person("u_front")) as connection:
        connection.execute("SET search_path TO clinic")
        seen = newest(connection, CLINIC)
    between, told = make.patient(), threading.Event()
    topics: set[Topic] = set()

    def hear(found: frozenset[Topic]) -> None:
        topics.update(found)
        told.set()

    late = Feed(
        database.person("u_front"),
        CLINIC,
        since=seen,
        on_topics=hear,
        on_lost=lambda: None,
        on_back=lambda: None,
    )
    late.start()
    try:
        assert told.wait(10)
        assert between in {topic.row_id for topic in topics if topic.table == "patient"}
        assert late.heard > seen
    finally:
        late.stop()
