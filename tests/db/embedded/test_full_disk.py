"""An embedded server on a disk without room."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.db.embedded import EmbeddedServer
from clinic_desktop.errors import SetupError
from tests.db.embedded.programs import ask


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of 100 MB, where this computer lets us make one."""
    disk = place / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=100m,mode=711", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root makes a small disk")
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this computer does not let us make a small disk")
    yield disk
    for data in disk.rglob("pg16"):
        EmbeddedServer(data.parent).stop("immediate")
    subprocess.run(["umount", str(disk)], check=True)


class TestFullDisk:
    def test_every_step_has_its_sentence_and_nothing_is_lost(self, small_disk: Path) -> None:
        ballast = small_disk / "ballast"
        server = EmbeddedServer(small_disk / "one", fast=True)
        with ballast.open("wb") as stream:
            stream.write(bytes(85 << 20))
        with pytest.raises(SetupError, match="is full"):
            server.start()
        ballast.unlink()
        with psycopg.connect(**server.start().superuser_dsn()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'a note' AS text")
        server.stop()
        fill(ballast)
        with pytest.raises(SetupError, match="is full"):
            server.start()
        ballast.unlink()
        assert ask(server.start(), "SELECT text FROM kept") == "a note"
        server.leave()


def fill(path: Path) -> None:
    """Write into the file until the disk has no room."""
    command = ["dd", "if=/dev/zero", f"of={path}", "bs=64k"]
    answer = subprocess.run(command, capture_output=True, check=False, text=True)
    assert "No space left on device" in answer.stderr
