"""The change feed goes on whatever other logins send into it."""

import threading

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.feed import Feed
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
        on_topics=lambda _topics: told.set(),
        on_lost=lambda: lost.append("lost"),
        on_back=lambda: None,
    )
    made.start()
    yield made, told, lost
    made.stop()


def _heard(told: threading.Event, make) -> bool:
    """Change something until it is heard: a feed that has just begun starts from what is there."""
    told.clear()
    for _attempt in range(50):
        make.patient()
        if told.wait(0.2):
            return True
    return False


def test_noise_is_passed_over(database, feed, make) -> None:
    made, told, lost = feed
    assert _heard(told, make)
    with open_connection(database.person("u_assistant")) as other:
        for payload in NOISE:
            other.execute("SELECT pg_notify('clinic_feed', %s)", (payload,))
    assert _heard(told, make)
    assert made.is_alive()
    assert lost == []
