"""Worker, backup, drill and restore of a clinic whose PostgreSQL is a server on the network."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from clinic_desktop.__main__ import main
from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ChairValues
from clinic_desktop.services.installation.place import NetworkInstallation
from clinic_desktop.services.session import SignedIn
from tests.networks import Network, open_network

PASSWORD = "seven green herons"
PASSPHRASE = "four words and more"
# As docs/server.md has it: machine logins reach the clinic's own database and no other.
HBA = """\
local all boss scram-sha-256
hostssl all boss 127.0.0.1/32 scram-sha-256
hostssl net,fresh +clinic_staff all scram-sha-256
hostssl net clinic_migrator,clinic_worker,clinic_api,clinic_backup 127.0.0.1/32 scram-sha-256
"""


@dataclass
class Clinic:
    """A clinic on the server, and two computers that may back it up."""

    network: Network
    home: Path

    @property
    def dsn(self) -> str:
        """The connection without anybody's name or password."""
        server = self.network.server
        return (
            f"host={server.host} port={server.port} sslmode=verify-full"
            f" sslrootcert={server.root_certificate}"
        )

    def words(self, pc: str, *words: str, dsn: str | None = None) -> list[str]:
        """Return a command of a computer; where --dsn goes is after the command's own name."""
        return [
            f"--home={self.home}", words[0], "--dsn", dsn or self.dsn, "--database", "net",
            "--folder", str(self.home / pc), *words[1:],
        ]  # fmt: skip

    def does(self, pc: str, *words: str) -> int:
        return main(self.words(pc, *words))

    def rows(self, query: str, database: str = "net") -> list:
        admin = psycopg.conninfo.conninfo_to_dict(self.network.administrator())
        with open_connection({**admin, "dbname": database}) as connection:
            answer = connection.execute(query.encode())
            return answer.fetchall() if answer.description else []

    @contextmanager
    def person(self, database: str = "net") -> Iterator[SignedIn]:
        server = NetworkInstallation(replace(self.network.server, database=database))
        signed_in = SignedIn(server.person("u_quinn", PASSWORD), device="pc-1")
        yield signed_in
        signed_in.close()

    def add_chair(self, name: str) -> None:
        with self.person() as person, person.writing() as ctx:
            clinic.add_chair(ctx, new_id(), ChairValues(name=name, position=9))

    def works(self, *pcs: str) -> None:
        """Let the workers of the computers do what is due, all at once."""
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "clinic_desktop", *self.words(pc, "worker", "--once")],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            for pc in pcs
        ]  # fmt: skip
        for one in workers:
            said, _none = one.communicate(timeout=300)
            assert one.returncode == 0, said


@pytest.fixture(scope="module")
def made() -> Iterator[Clinic]:
    home = Path(tempfile.mkdtemp(prefix="home-"))
    # As root the scratch server of a drill runs as somebody else.
    home.chmod(0o711)
    (home / "pw").write_text(PASSWORD + "\n")
    (home / "pp").write_text(PASSPHRASE + "\n")
    with open_network() as network:
        found = Clinic(network, home)
        code = main(
            [f"--home={home}", "db", "init", "--dsn", network.administrator(), "--database", "net",
             "--folder", str(home / "pc1"), "--clinic", "Net Dental", "--admin", "Maeve Quinn",
             "--login", "quinn", "--password-file", str(home / "pw"), "--zone", zone_by_day()]
        )  # fmt: skip
        assert code == 0
        (network.data / "pg_hba.conf").write_text(HBA)
        found.rows("SELECT pg_reload_conf()")
        (home / "pc2").mkdir()
        shutil.copytree(home / "pc1" / "secrets", home / "pc2" / "secrets")
        (home / "share").mkdir()
        assert found.does("pc1", "backup", "key", f"--passphrase-file={home / 'pp'}") == 0
        assert found.does("pc1", "backup", "place", "Share", f"--folder={home / 'share'}") == 0
        shutil.copytree(home / "pc1" / "backup", home / "pc2" / "backup")
        yield found
    shutil.rmtree(home)


def zone_by_day() -> str:
    """Return a zone where it is day: no nightly hour strikes while the tests run."""
    now = datetime.fromtimestamp(time.time(), UTC)
    zones = ("Europe/Madrid", "Asia/Tokyo", "America/Los_Angeles")
    return next(one for one in zones if 6 <= now.astimezone(ZoneInfo(one)).hour < 22)


def fulls(folder: Path) -> list[Path]:
    return sorted(folder.glob("clinic-*-full.age"))


class TestServer:
    def test_two_computers_one_wins(self, made) -> None:
        """Both find the night's dump due; one makes and tries it, with no administrator's login."""
        made.works("pc1", "pc2")
        done = made.rows("SELECT kind, good, sentence FROM clinic.backup_run ORDER BY id")
        assert done == [("full", True, ""), ("drill", True, "")]
        chains = [pc for pc in ("pc1", "pc2") if fulls(made.home / pc / "backup" / "chain")]
        assert len(chains) == 1
        assert len(fulls(made.home / "share")) == 1
        assert made.rows("SELECT count(*) FROM jobs.procrastinate_jobs") == [(0,)]
        made.works("pc1", "pc2")
        assert made.rows("SELECT count(*) FROM clinic.backup_run") == [(2,)]

    def test_segments_belong_to_the_one_with_the_dump(self, made) -> None:
        (winner,) = [pc for pc in ("pc1", "pc2") if fulls(made.home / pc / "backup" / "chain")]
        (other,) = {"pc1", "pc2"} - {winner}
        made.add_chair("Room 9")
        # As if the dump were of half an hour ago.
        made.rows("UPDATE clinic.backup_run SET ended_at = ended_at - interval '30 minutes'")
        made.works(other)
        assert len(made.rows("SELECT id FROM clinic.backup_run")) == 2
        made.works(winner, other)
        done = made.rows("SELECT kind, good FROM clinic.backup_run ORDER BY id")
        assert done[2:] == [("tail", True)]
        assert len(list((made.home / "share").glob("clinic-*-0001.age"))) == 1

    def test_where_it_falls_silent_another_begins_anew(self, made) -> None:
        (winner,) = [pc for pc in ("pc1", "pc2") if fulls(made.home / pc / "backup" / "chain")]
        (other,) = {"pc1", "pc2"} - {winner}
        made.add_chair("Room 10")
        before = len(made.rows("SELECT id FROM clinic.backup_run"))
        # What was changed waits for an hour and more.
        made.rows("UPDATE clinic.backup_run SET started_at = started_at - interval '3 hours'")
        made.works(other)
        assert len(made.rows("SELECT id FROM clinic.backup_run")) == before
        made.rows("ALTER TABLE clinic.change_log DISABLE TRIGGER USER")
        made.rows("UPDATE clinic.change_log SET at = at - interval '2 hours'")
        made.rows("ALTER TABLE clinic.change_log ENABLE TRIGGER USER")
        made.works(other)
        done = made.rows("SELECT kind, good, sentence FROM clinic.backup_run ORDER BY id")
        # The altered log is found by the drill, as any other change of it would be.
        assert done[before][:2] == ("full", True)
        assert done[before + 1][:2] == ("drill", False)
        assert "change log is not whole" in done[before + 1][2]
        made.rows("ALTER TABLE clinic.change_log DISABLE TRIGGER USER")
        made.rows("UPDATE clinic.change_log SET at = at + interval '2 hours'")
        made.rows("ALTER TABLE clinic.change_log ENABLE TRIGGER USER")
        assert made.does(other, "backup") == 0
        assert made.does(other, "backup", "drill") == 0

    def test_worker_reads_jobs_and_nothing_of_patients(self, made) -> None:
        secret = (made.home / "pc1" / "secrets" / "clinic_worker").read_text()
        with open_connection(made.network.server.dsn("clinic_worker", secret, "net")) as worker:
            assert worker.execute("SELECT count(*) FROM jobs.procrastinate_jobs").fetchone()
            assert worker.execute("SELECT count(*) FROM clinic.patient").fetchone() == (0,)
            for statement in (
                "SELECT clinic.log_access(NULL, NULL, 'read', 'patient')",
                "DELETE FROM clinic.patient",
                "SELECT rolpassword FROM pg_authid",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    worker.execute(statement.encode())

    def test_restored_beside_and_instead(self, made, capsys) -> None:
        file = fulls(made.home / "share")[-1]
        key, admin = f"--passphrase-file={made.home / 'pp'}", made.network.administrator()

        def restore(database: str, *more: str) -> tuple[int, str]:
            capsys.readouterr()
            code = main(
                [f"--home={made.home}", "restore", str(file), key, "--dsn", admin,
                 "--database", database, *more]
            )  # fmt: skip
            said = capsys.readouterr()
            return code, said.out + said.err

        code, said = restore("net")
        assert (code, "has a clinic in the database net already" in said) == (1, True), said
        made.rows("CREATE TABLE books (id int)", "clinic")
        code, said = restore("clinic")
        assert (code, "belongs to another program" in said) == (1, True), said
        assert made.rows("SELECT count(*) FROM books", "clinic") == [(0,)]
        code, said = restore("fresh")
        assert code == 0, said
        assert "0 people" in said
        chairs = "SELECT name FROM clinic.chair ORDER BY name"
        assert made.rows(chairs, "fresh") == made.rows(chairs)
        with made.person("fresh") as person, person.reading() as ctx:
            assert ctx.who.clinic_name == "Net Dental"
        # The clinic beside it goes on, its machine logins with the secrets they had.
        assert made.does("pc1", "backup", "list") == 0
        with made.person() as person, person.reading() as ctx:
            assert ctx.who.clinic_name == "Net Dental"
        for name in ("fresh", "net"):
            made.rows(f"DROP DATABASE {name} WITH (FORCE)", "postgres")
        again = ("--admin=quinn", f"--password-file={made.home / 'pw'}")
        code, said = restore("net", *again)
        assert code == 0, said
        assert "1 people" in said
        with made.person() as person, person.reading() as ctx:
            assert ctx.who.clinic_name == "Net Dental"
        assert made.does("pc1", "backup", "list") == 0
