"""Servers in folders of their own, and other programs that use them."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.db.embedded import EmbeddedServer, ServerAddress
from clinic_desktop.db.embedded.address import PidFile

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, sockets and accounts of POSIX")
REPOSITORY = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
from clinic_desktop.db.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), fast=True)
address = server.start()
print(address.host, address.port, flush=True)
sys.stdin.readline()
server.leave()
"""


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder that other accounts can pass, and remove it with the servers in it."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-test-"))
    folder.chmod(0o711)
    yield folder
    for data in folder.rglob("pg16"):
        EmbeddedServer(data.parent).stop("immediate")
    folder.chmod(0o700)
    shutil.rmtree(folder)


def ask(address: ServerAddress, question: str) -> str:
    """Return the one answer of a query as text."""
    with psycopg.connect(**address.superuser_dsn(), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return str(row[0])


def program(root: Path) -> subprocess.Popen[str]:
    """Start another program that attaches and waits for a line to leave."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )


def said(process: subprocess.Popen[str]) -> str:
    """Return the line that the other program wrote."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def finish(process: subprocess.Popen[str]) -> None:
    """Let the other program leave."""
    process.communicate("\n", timeout=60)


def pid_of(server: EmbeddedServer) -> int:
    """Return the number of the server's first process."""
    claim = PidFile.read(server.layout.pid_file)
    assert claim is not None
    return claim.pid
