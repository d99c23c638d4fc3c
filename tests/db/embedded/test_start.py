"""An embedded server started on its real binaries: its path, its secrets, its accounts."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from clinic_desktop.db.embedded import EmbeddedServer, binaries
from tests.db.embedded.programs import ask, open_folder, pid_of, posix


@pytest.fixture(scope="module")
def shared() -> Iterator[EmbeddedServer]:
    """One server for the tests that only look at it."""
    with open_folder() as folder:
        server = EmbeddedServer(folder / "shared", fast=True)
        server.start()
        yield server
        server.leave()


class TestStart:
    def test_a_path_with_spaces_and_accents_serves_scram_and_nothing_else(
        self, make: Callable[[str], EmbeddedServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")
        monkeypatch.setenv("PGSERVICE", "somebody")
        monkeypatch.setenv("PGDATA", "/nowhere")
        server = make("Clínica São João & Söhne, 2")
        address = server.start()
        assert ask(address, "SHOW data_directory") == str(server.layout.data)
        assert ask(address, "SHOW server_version").startswith("16.")
        expected = {
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "timezone": "UTC",
            "password_encryption": "scram-sha-256",
            "max_connections": "100",
            "idle_in_transaction_session_timeout": "10s",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_parameter_max_length_on_error": "0",
        }
        for name, value in expected.items():
            assert ask(address, f"SHOW {name}") == value, name
        methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
        assert ask(address, "SELECT DISTINCT datcollate || datctype FROM pg_database") == "CC"
        assert ask(address, methods) == "scram-sha-256"
        if sys.platform != "win32":
            assert ask(address, "SHOW listen_addresses") == ""
        assert server.start() == address
        # Typed text stays out of the server's log, also when the statement is refused.
        with pytest.raises(psycopg.DataError):
            ask(address, "SELECT 'Ada Lovelace'::uuid")
        with pytest.raises(psycopg.errors.RaiseException):
            ask(address, "DO $$ BEGIN RAISE 'Ada Lovelace'; END $$")
        server.stop()
        assert server.running() is None
        logs = [path.read_bytes() for path in server.layout.data.glob("log/*")]
        assert logs
        assert not any(b"Lovelace" in log for log in logs)

    def test_a_wrong_password_does_not_get_in(self, shared: EmbeddedServer) -> None:
        address = shared.start()
        for password in ("", "postgres", "x"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(**address.dsn("postgres", password, "postgres"))
        assert address.password not in repr(address)
        assert len(address.password) >= 24

    @posix
    def test_secrets_and_data_are_for_their_owner_alone(self, shared: EmbeddedServer) -> None:
        address = shared.start()
        assert stat.S_IMODE(shared.layout.secret.stat().st_mode) == 0o600
        assert stat.S_IMODE(shared.layout.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(Path(address.host).stat().st_mode) == 0o700

    @posix
    def test_the_server_never_runs_as_root(self, shared: EmbeddedServer) -> None:
        assert psutil.Process(pid_of(shared)).uids().effective != 0
        assert shared.layout.data.stat().st_uid != 0

    def test_the_programs_beside_the_server_run(self, shared: EmbeddedServer) -> None:
        answer = shared.tools().run("pg_dump", "--version", cwd=shared.layout.root, seconds=20)
        assert answer.startswith("pg_dump (PostgreSQL) 16")

    def test_a_link_leads_to_the_same_server(self, shared: EmbeddedServer, place: Path) -> None:
        (place / "link").symlink_to(shared.layout.root, target_is_directory=True)
        assert EmbeddedServer(place / "link").running() == shared.running()

    def test_it_is_not_another_server_that_answers(
        self, shared: EmbeddedServer, place: Path
    ) -> None:
        other = EmbeddedServer(place / "copy")
        other.layout.data.mkdir(parents=True)
        for name in ("pg16/postmaster.pid", "superuser.secret"):
            shutil.copy(shared.layout.root / name, other.layout.root / name)
        assert shared.running() is not None
        assert other.running() is None

    @posix
    def test_a_packaged_program_closed_to_others_runs_it_from_a_copy(
        self,
        make: Callable[[str], EmbeddedServer],
        place: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        packaged = place / "package"
        packaged.mkdir(mode=0o700)
        for name in (binaries.CARRIER, f"{binaries.CARRIER}.libs"):
            build = shutil.ignore_patterns("pginstall18", "include", "*.a")
            shutil.copytree(binaries.carrier().parent / name, packaged / name, ignore=build)
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "_MEIPASS", str(packaged), raising=False)
        monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
        server = make("one")
        old = server.layout.runtime / "16-of-an-earlier-version"
        old.mkdir(parents=True)
        server.layout.root.chmod(0o711)
        assert ask(server.start(), "SELECT 1") == "1"
        copied = server.tools().folder.is_relative_to(server.layout.runtime)
        assert copied == (os.geteuid() == 0)
        assert not old.exists()
        server.stop()
        assert ask(server.start(), "SELECT 1") == "1"

    def test_what_an_interrupted_first_start_left_is_made_anew(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        server = make("one")
        server.layout.unfinished.mkdir(parents=True)
        (server.layout.unfinished / "PG_VERSION").write_text("16\n")
        if os.name == "posix":
            server.layout.root.chmod(0o711)
        assert ask(server.start(), "SELECT 1") == "1"
        assert not server.layout.unfinished.exists()

    def test_a_lost_password_file_is_made_anew(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        before = server.start()
        server.stop()
        server.layout.secret.unlink()
        after = server.start()
        assert after.password != before.password
        assert ask(after, "SELECT 1") == "1"
