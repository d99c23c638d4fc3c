"""Embedded servers that were killed, or left by whoever started them."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

from clinic_desktop.db.embedded import EmbeddedServer, processes
from tests.db.embedded.programs import ask, pid_of, posix


class TestKilled:
    @posix
    def test_a_killed_server_comes_back_with_everything_committed(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        server = EmbeddedServer(make("one").layout.root)
        address = server.start()
        with psycopg.connect(**address.superuser_dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        # One backend works on and does not notice that the server is gone.
        busy = psycopg.connect(**address.superuser_dsn(), autocommit=True)
        failure: list[psycopg.Error] = []

        def work() -> None:
            try:
                busy.execute("SELECT count(*) FROM generate_series(1, 1000000000)")
            except psycopg.Error as error:
                failure.append(error)

        worker = threading.Thread(target=work)
        worker.start()
        wait_for(lambda: "generate_series" in ask(address, ACTIVE))
        os.kill(pid_of(server), signal.SIGKILL)
        assert server.running() is None
        assert ask(server.start(), "SELECT count(*) FROM kept") == "1000"
        worker.join(timeout=30)
        busy.close()
        server.leave()
        assert failure

    @posix
    def test_numbers_in_stale_files_that_belong_to_a_stranger(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        server = make("one")
        address = server.start()
        text = server.layout.pid_file.read_text().splitlines()
        os.kill(pid_of(server), signal.SIGKILL)
        assert processes.gone(server.layout.data, seconds=20)
        # The number of the killed server now belongs to this very program.
        text[0] = str(os.getpid())
        for path in (
            server.layout.pid_file,
            Path(address.host) / ".s.PGSQL.5432.lock",
        ):
            path.parent.mkdir(exist_ok=True)
            path.write_text("\n".join(text) + "\n")
        assert server.running() is None
        server.stop()  # sends nothing to the stranger
        assert ask(server.start(), "SELECT 1") == "1"

    @posix
    def test_a_server_somebody_else_left_starting_is_waited_for(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        server = make("one")
        address = server.start()
        process = psutil.Process(pid_of(server))
        ready = server.layout.pid_file.read_text()
        server.layout.pid_file.write_text(ready.replace("ready", "starting"))
        assert server.running() is None
        timer = threading.Timer(0.5, lambda: server.layout.pid_file.write_text(ready))
        timer.start()
        assert server.start() == address
        timer.join()
        assert pid_of(server) == process.pid


ACTIVE = (
    "SELECT coalesce(string_agg(query, ' '), '') FROM pg_stat_activity "
    "WHERE state = 'active' AND pid <> pg_backend_pid()"
)


def wait_for(reached: Callable[[], bool]) -> None:
    """Wait until another process is as far as it should be."""
    until = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < until
        threading.Event().wait(0.02)
