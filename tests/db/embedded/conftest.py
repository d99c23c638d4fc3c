"""Folders for embedded servers, and servers in them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinic_desktop.db.embedded import EmbeddedServer
from tests.db.embedded.programs import open_folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's account can reach also when root runs the tests."""
    with open_folder() as folder:
        yield folder


@pytest.fixture
def make(place: Path) -> Iterator[Callable[[str], EmbeddedServer]]:
    """Make servers below the place that need not survive a power cut."""
    made: list[EmbeddedServer] = []

    def server(name: str) -> EmbeddedServer:
        made.append(EmbeddedServer(place / name, fast=True))
        return made[-1]

    yield server
    for one in made:
        one.leave()
