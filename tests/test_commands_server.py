"""A clinic on a server, made and looked after from the command line by its administrator."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.__main__ import main
from clinic_desktop.db import cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.installation.place import NetworkInstallation
from clinic_desktop.services.session import SignedIn
from tests.networks import RIGHT, Network, free_port, open_network

PASSWORD = "seven green herons"
GOOD_HBA = """\
local all boss scram-sha-256
hostssl all boss 127.0.0.1/32 scram-sha-256
hostssl net +clinic_staff all scram-sha-256
hostssl net,made_up clinic_migrator,clinic_worker,clinic_api,clinic_backup all scram-sha-256
"""


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with open_network() as found:
        yield found


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="home-"))
    (folder / "password").write_text(PASSWORD + "\n")
    yield folder
    shutil.rmtree(folder)


class Administrator:
    """Types commands, and reads what they say."""

    def __init__(self, home: Path, dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.dsn, self._capsys = home, dsn, capsys

    def does(self, *words: str, dsn: str | None = None, database: str = "net") -> tuple[int, str]:
        where = ["--dsn", dsn or self.dsn, "--database", database]
        code = main(["--home", str(self.home), *words, *where])
        said = self._capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def admin(home: Path, network: Network, capsys: pytest.CaptureFixture[str]) -> Administrator:
    return Administrator(home, network.administrator(), capsys)


@pytest.fixture(scope="module")
def made(home: Path, network: Network) -> Path:
    """Make the clinic once; the folder of its secrets."""
    code = main(
        ["--home", str(home), "db", "init", "--dsn", network.administrator(), "--database", "net",
         "--clinic", "Net Dental", "--admin", "Maeve Quinn", "--login", "quinn",
         "--password-file", str(home / "password"), "--zone", "Europe/Madrid"]
    )  # fmt: skip
    assert code == 0
    (folder,) = (home / "servers").iterdir()
    return folder


def test_its_administrator_signs_in_over_tls(network, made) -> None:
    server = NetworkInstallation(replace(network.server, database="net"))
    signed_in = SignedIn(server.person("u_quinn", PASSWORD), device="pc-1")
    assert signed_in.who.clinic_name == "Net Dental"
    with signed_in.reading() as ctx:
        (found,) = ctx.connection.exec_driver_sql("SELECT zone, currency FROM clinic").fetchall()
    assert tuple(found) == ("Europe/Madrid", "EUR")
    signed_in.close()


def test_each_machine_login_has_a_secret_of_its_own(network, made) -> None:
    secrets = set()
    for login in cluster.MACHINES:
        file = made / "secrets" / login
        assert file.stat().st_mode & 0o077 == 0
        secrets.add(file.read_text())
        with open_connection(network.server.dsn(login, file.read_text(), "net")) as connection:
            assert connection.execute("SELECT session_user").fetchone() == (login,)
    assert len(secrets) == 4
    assert (made / "secrets").stat().st_mode & 0o044 == 0


def test_again_it_says_what_is_there(admin, made) -> None:
    code, said = admin.does(
        "db", "init", "--clinic", "Other", "--password-file", str(admin.home / "password")
    )
    assert code == 1
    assert "clinic already" in said
    before = (made / "secrets" / "clinic_worker").read_text()
    assert admin.does("db", "init")[0] == 0
    assert (made / "secrets" / "clinic_worker").read_text() == before


def test_secrets_that_somebody_else_keeps_are_not_replaced_unasked(admin, made, tmp_path) -> None:
    code, said = admin.does("db", "init", "--folder", str(tmp_path))
    assert code == 1
    assert "--new-secrets" in said
    code, said = admin.does("db", "check", "--folder", str(tmp_path))
    assert code == 1
    assert "--folder" in said


def test_looked_after_by_dsn(admin, made) -> None:
    for words, answer in (
        (("db", "upgrade"), "is at"),
        (("db", "check"), "agree"),
        (("verify",), "whole"),
    ):
        code, said = admin.does(*words)
        assert (code, answer in said) == (0, True), said
    assert (made / "anchors.json").exists()
    code, said = admin.does("db", "downgrade", "base")
    assert code == 1
    assert "--yes" in said


def test_seeded_and_taken_back(admin, made) -> None:
    for words in (
        ("db", "init"),
        ("db", "seed", "--patients", "3"),
        ("db", "downgrade", "base", "--yes"),
    ):
        code, said = admin.does(*words, "--folder", str(made), database="made_up")
        assert code == 0, said


def test_doctor_reads_what_crosses_the_network(admin, made, network) -> None:
    def checks() -> dict[str, dict[str, str]]:
        _code, said = admin.does("doctor", "--json")
        return {check["name"]: check for check in json.loads(said)["checks"]}

    found = checks()
    assert found["tls"]["state"] == "good"
    assert "TLSv1.3" in found["tls"]["found"]
    assert found["log settings"]["state"] == found["sign-in rules"]["state"] == "wrong"
    assert "hostssl" in found["sign-in rules"]["advice"]
    assert "panic" in found["log settings"]["advice"]
    (network.data / "pg_hba.conf").write_text(GOOD_HBA)
    with psycopg.connect(admin.dsn, autocommit=True) as connection:
        for setting in (
            "log_min_error_statement = panic",
            "log_error_verbosity = terse",
            "ssl_min_protocol_version = 'TLSv1'",
        ):
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    found = checks()
    assert found["log settings"]["state"] == found["sign-in rules"]["state"] == "good"
    assert found["tls"]["state"] == "wrong"
    assert "TLSv1.2" in found["tls"]["advice"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong one"}, "password"),
        ({"port": ""}, "no PostgreSQL listens"),
        ({"sslrootcert": "/missing.pem"}, "not a certificate"),
    ],
)
def test_a_way_that_leads_nowhere_is_a_sentence(admin, network, change, sentence) -> None:
    if "port" in change:
        change = {"port": str(free_port())}
    dsn = psycopg.conninfo.make_conninfo(admin.dsn, **change)
    for words in (("db", "init"), ("db", "upgrade"), ("verify",)):
        code, said = admin.does(*words, dsn=dsn)
        assert code == 1
        assert sentence in said
        assert len(said.strip().splitlines()) == 1


def test_what_is_no_connection_is_not_repeated(admin) -> None:
    for words in (("db", "init"), ("db", "check"), ("verify",), ("doctor",)):
        code, said = admin.does(*words, dsn=f"garbage {RIGHT}")
        assert code == 1
        assert "--dsn" in said
        assert RIGHT not in said


def test_a_database_that_is_not_there(admin, made) -> None:
    code, said = admin.does("verify", database="nowhere")
    assert code == 1
    assert "db init --dsn" in said
