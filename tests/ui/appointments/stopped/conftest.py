"""A database server of these tests' own, that they stop and start under open screens."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.cluster import TestCluster, prepared
from tests.conftest import Copies, Database
from tests.scratch import scratch


class Server:
    """A server that this module stops and starts; other tests have their own."""

    def __init__(self, running: TestCluster) -> None:
        self.running = running
        self.copies = Copies(running)

    def stop(self) -> None:
        self.running.server.stop("immediate")

    def start(self) -> None:
        self.running.start()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    root = scratch("clinic-stopped-")
    subprocess.run(["cp", "-a", prepared(), root / "cluster"], check=True)
    running = TestCluster(root / "cluster")
    running.start()
    made = Server(running)
    yield made
    made.copies.close()
    running.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    name = server.copies.take()
    with ExitStack() as stack:
        yield Database(server.running, name, stack)
