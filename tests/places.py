"""Installations for tests: the run's own cluster as one, and folders for servers of their own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic_desktop.db.embedded import EmbeddedServer
from clinic_desktop.services.installation.local import LocalInstallation
from tests.scratch import scratch


def place_of(database) -> LocalInstallation:
    """Return a test's own database as an installation that is started already."""
    place = LocalInstallation(
        database.cluster.server.layout.root, database=database.name, fast=True
    )
    place._address = database.cluster.address
    return place


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder that the server's account can pass, and remove it with the servers in it."""
    folder = scratch("clinic-test-")
    try:
        yield folder
    finally:
        for data in folder.rglob("pg16"):
            EmbeddedServer(data.parent).stop("immediate")
        folder.chmod(0o700)
        shutil.rmtree(folder)
