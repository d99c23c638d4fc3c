"""The embedded server on its real binaries: started, shared, killed, refused."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from clinic_desktop import files
from clinic_desktop.db.embedded import (
    EmbeddedServer,
    ServerAddress,
    binaries,
    paths,
    processes,
    trouble,
)
from clinic_desktop.db.embedded.address import PidFile
from clinic_desktop.errors import SetupError

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, sockets and accounts of POSIX")
REPOSITORY = Path(__file__).parents[2]
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


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's account can reach also when root runs the tests."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared() -> Iterator[EmbeddedServer]:
    """One server for the tests that only look at it."""
    with open_folder() as folder:
        server = EmbeddedServer(folder / "shared", fast=True)
        server.start()
        yield server
        server.leave()


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


@contextmanager
def ordinary() -> Iterator[None]:
    """Be an account without privileges, also when root runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


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


class TestRefusals:
    @posix
    def test_a_folder_that_takes_no_files(self, place: Path) -> None:
        place.chmod(0o555)
        with ordinary(), pytest.raises(SetupError, match="may not use") as caught:
            EmbeddedServer(place / "one").start()
        assert str(place) in str(caught.value)

    @posix
    def test_data_that_take_no_files(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        server.start()
        server.leave()
        closed = (server.layout.programs, server.layout.root)
        for folder in closed:
            folder.chmod(0o555)
        with ordinary(), pytest.raises(SetupError, match=str(server.layout.root)):
            server.start()
        for folder in closed:
            folder.chmod(0o711)

    @posix
    @pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="root runs another account")
    def test_root_in_a_closed_folder(self, place: Path) -> None:
        closed = place / "closed"
        closed.mkdir(mode=0o700)
        with pytest.raises(SetupError, match="cannot enter") as caught:
            EmbeddedServer(closed / "one").start()
        assert str(closed) in str(caught.value)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    def test_a_path_too_long_for_the_system(self, place: Path) -> None:
        with pytest.raises(SetupError, match="too long"):
            EmbeddedServer(place / ("x" * 300)).start()
        with pytest.raises(SetupError, match="too long"):
            EmbeddedServer(place.joinpath(*["x" * 100] * 9)).start()

    @posix
    @pytest.mark.parametrize(
        "name", ["two\nlines", b"latin\xe9".decode("utf-8", "surrogateescape")]
    )
    def test_a_path_that_cannot_be_written_down(self, place: Path, name: str) -> None:
        with pytest.raises(SetupError, match="no letters"):
            EmbeddedServer(place / name).start()

    def test_a_file_where_the_folder_belongs(self, place: Path) -> None:
        (place / "one").write_text("a letter")
        with pytest.raises(SetupError, match="A file stands"):
            EmbeddedServer(place / "one").start()
        assert (place / "one").read_text() == "a letter"

    def test_data_of_another_version(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        server.layout.data.mkdir(parents=True)
        (server.layout.data / "PG_VERSION").write_text("13\n")
        if os.name == "posix":
            server.layout.root.chmod(0o711)
        with pytest.raises(SetupError, match="PostgreSQL 13"):
            server.start()

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (errno.ENOSPC, "is full"),
            (errno.EROFS, "cannot be written to"),
            (errno.ENOLCK, "cannot keep two programs apart"),
            (errno.EIO, "cannot be used"),
        ],
    )
    def test_each_answer_of_the_system_has_a_sentence(self, number: int, words: str) -> None:
        sentence = str(files.refusal(OSError(number, os.strerror(number)), Path("/data/clinic")))
        assert words in sentence
        assert "/data/clinic" in sentence


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


class TestSharing:
    def test_two_programs_at_once_make_one_server_and_the_last_closes_it(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        server = make("two at once")
        first, second = program(server.layout.root), program(server.layout.root)
        assert said(first) == said(second) != ""
        finish(first)
        assert server.running() is not None
        finish(second)
        assert server.running() is None
        assert first.returncode == second.returncode == 0

    @posix
    def test_a_killed_program_counts_as_gone(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        server.start()
        other = program(server.layout.root)
        assert said(other)
        other.kill()
        other.communicate()
        server.leave()
        assert server.running() is None
        assert not list(server.layout.programs.iterdir())

    def test_leaving_keeps_the_server_for_the_others(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        one = make("one")
        address = one.start()
        two = EmbeddedServer(one.layout.root)
        assert two.start() == address
        one.leave()
        assert ask(address, "SELECT 1") == "1"
        one.leave()
        assert two.running() == address
        two.leave()
        assert two.running() is None

    def test_leaving_what_never_ran(self, place: Path) -> None:
        EmbeddedServer(place / "one").leave()
        EmbeddedServer(place / "one").stop()
        assert not (place / "one").exists()


class TestOneFolder:
    """The server's folder is known by whatever name it is entered: a link, a short name."""

    def test_another_name_of_it(self, tmp_path: Path) -> None:
        (tmp_path / "Área").mkdir()
        (tmp_path / "short").symlink_to(tmp_path / "Área")
        told = paths.told_by_server(os.fsencode(tmp_path / "Área"))
        assert paths.is_same(told, tmp_path / "short")

    def test_another_one_and_none(self, tmp_path: Path) -> None:
        (tmp_path / "one").mkdir()
        assert not paths.is_same(tmp_path / "one", tmp_path)
        assert not paths.is_same(tmp_path / "gone", tmp_path)
        assert not paths.is_same(tmp_path, tmp_path / "gone")


class TestTrouble:
    def test_an_administrator_is_told_to_be_none(self, tmp_path: Path) -> None:
        said = trouble.ToolError(
            "postgres: Execution of PostgreSQL by a user with administrative permissions is not\n"
            "permitted.\nThe server must be started under an unprivileged user ID"
        )
        assert "without “Run as administrator”" in str(trouble.refusal(said, tmp_path))
