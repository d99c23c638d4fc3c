"""A server on the network: met over verified TLS, or refused with what to do."""

import ipaddress
import os
import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clinic_desktop.config import ServerProfile
from clinic_desktop.db import reach
from clinic_desktop.db.embedded.accounts import server_account
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.db.embedded.processes import gone
from clinic_desktop.db.reach import explain, try_server
from clinic_desktop.db.server import NetworkServer, ignore_environment, limits
from clinic_desktop.errors import ClinicError

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
RIGHT = "A right password 1"
HBA = """\
local all all trust
hostssl closed all all reject
hostssl plain all all password
hostssl all all all scram-sha-256
"""


@dataclass(frozen=True)
class Authority:
    """A certificate authority as a clinic makes one."""

    file: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority(folder: Path, name: str) -> Authority:
    """Make an authority and its certificate file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
    built = built.public_key(key.public_key()).serial_number(x509.random_serial_number())
    built = built.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    built = built.not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = built.sign(key, hashes.SHA256())
    file = folder / f"{name}.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(file, certificate, key)


def certify(by: Authority, folder: Path, *, host: str, expired: bool = False) -> None:
    """Write server.crt and server.key for a host, signed by the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host[0].isdigit():
        names = [x509.IPAddress(ipaddress.ip_address(host))]
    built = x509.CertificateBuilder().issuer_name(by.certificate.subject)
    built = built.subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
    built = built.public_key(key.public_key()).serial_number(x509.random_serial_number())
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    built = built.not_valid_before(begin)
    built = built.not_valid_after(
        begin + timedelta(days=1) if expired else datetime(2099, 1, 1, tzinfo=UTC)
    )
    built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = built.sign(by.key, hashes.SHA256())
    (folder / "server.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "server.key").chmod(0o600)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Network:
    """The system's own PostgreSQL with TLS, made for ``localhost``."""

    server: NetworkServer
    other_authority: Path


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """Run the PostgreSQL of the system in a folder and on a port of its own."""
    if not INSTALLED:
        pytest.skip("the system's PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="clinic-net-"))
    tools = Tools(INSTALLED[-1].parent, server_account(Path("/nowhere/data")))
    data = folder / "data"
    data.mkdir()
    clinic = authority(folder, "clinic")
    certify(clinic, folder, host="localhost")
    for path in (folder, data, folder / "server.key", folder / "server.crt"):
        if tools.account is not None:
            os.chown(path, tools.account.uid, tools.account.gid)
    port = free_port()
    tools.run("initdb", "-D", "data", "-U", "boss", "-A", "trust", "-N", cwd=folder, seconds=60)
    (data / "pg_hba.conf").write_text(HBA)
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
        f"-c ssl=on -c ssl_cert_file={folder}/server.crt -c ssl_key_file={folder}/server.key "
        "-c fsync=off -c password_encryption=scram-sha-256"
    )
    tools.run(
        "pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options, cwd=folder, seconds=60
    )
    with psycopg.connect(
        host=str(folder), port=port, user="boss", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE ROLE maria LOGIN PASSWORD '{RIGHT}'".encode())
        for name in ("clinic", "closed", "plain"):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    yield Network(
        NetworkServer("localhost", port, "clinic", clinic.file),
        authority(folder, "somebody").file,
    )
    tools.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", "data", cwd=folder, seconds=60)
    assert gone(data, seconds=20)
    shutil.rmtree(folder)


def refused(server: NetworkServer, password: str = RIGHT) -> ClinicError:
    """Return the sentence for a server that cannot be used."""
    with pytest.raises(ClinicError) as caught:
        try_server(server, user="maria", password=password)
    assert password not in str(caught.value)
    return caught.value


class TestTryServer:
    def test_the_right_one_is_met_over_tls(
        self, network: Network, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PGSSLMODE", "disable")
        monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")
        monkeypatch.setenv("PGAPPNAME", "somebody else")
        ignore_environment()
        assert not [name for name in os.environ if name.startswith("PG")]
        found = try_server(network.server, user="maria", password=RIGHT)
        assert found.encrypted
        assert not found.superuser
        assert found.major >= 15

    def test_limits_reach_the_server(self, network: Network) -> None:
        with psycopg.connect(**limits(network.server.dsn("maria", RIGHT))) as connection:
            assert connection.info.parameter_status("application_name") == "clinic-desktop"
            found = connection.info.get_parameters()
        assert found["sslmode"] == "verify-full"
        assert found["tcp_user_timeout"] == "5000"
        assert "password" not in found

    def test_a_wrong_password(self, network: Network) -> None:
        error = refused(network.server, password="not this one")
        assert error.field == "password"

    def test_a_database_that_is_not_there(self, network: Network) -> None:
        error = refused(replace(network.server, database="nowhere"))
        assert error.field == "database"
        assert "nowhere" in str(error)

    def test_a_login_that_the_server_does_not_admit(self, network: Network) -> None:
        assert "pg_hba.conf" in str(refused(replace(network.server, database="closed")))

    def test_a_server_that_wants_the_password_itself(self, network: Network) -> None:
        assert "cleartext" in str(refused(replace(network.server, database="plain")))

    def test_a_certificate_of_somebody_else(self, network: Network) -> None:
        for file in (network.other_authority, None):
            error = refused(replace(network.server, root_certificate=file))
            assert error.field == "root_certificate"
            assert "does not trust" in str(error)

    def test_a_certificate_for_another_name(self, network: Network) -> None:
        error = refused(replace(network.server, host="127.0.0.1"))
        assert error.field == "host"
        assert "not made for the name 127.0.0.1" in str(error)

    def test_a_certificate_file_that_is_none(self, network: Network, tmp_path: Path) -> None:
        (tmp_path / "letter.pem").write_text("Dear clinic")
        for name in ("letter.pem", "missing.pem"):
            error = refused(replace(network.server, root_certificate=tmp_path / name))
            assert error.field == "root_certificate"
            assert name in str(error)

    def test_a_port_where_nobody_listens(self) -> None:
        server = NetworkServer("localhost", free_port(), "clinic")
        error = refused(server)
        assert error.field == "port"
        assert str(server.port) in str(error)

    def test_a_name_that_nobody_has(self) -> None:
        error = refused(NetworkServer("x" * 70, 5432, "clinic"))
        assert error.field == "host"
        assert "No computer named" in str(error)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[NetworkServer]:
    """Listen like a server that answers each caller in its own way."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def serve() -> None:
            while True:
                try:
                    line, _address = listener.accept()
                except OSError:
                    return
                with line:
                    line.settimeout(5)
                    answer(line)

        thread = threading.Thread(target=serve)
        thread.start()
        yield NetworkServer("127.0.0.1", listener.getsockname()[1], "clinic")
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=20)


FAILED = psycopg.OperationalError("in any language")


class TestExplain:
    def test_a_server_without_tls(self) -> None:
        def without(line: socket.socket) -> None:
            line.recv(8)
            line.sendall(b"N")

        with answering(without) as server:
            assert "does not offer TLS" in str(refused(server))

    def test_something_else_on_that_port(self) -> None:
        def web(line: socket.socket) -> None:
            line.recv(8)
            line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with answering(web) as server:
            assert "is not PostgreSQL" in str(explain(server, FAILED))
        with answering(lambda line: line.close()) as server:
            assert "is not PostgreSQL" in str(explain(server, FAILED))

    def test_one_that_stays_silent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reach, "CONNECT_SECONDS", 0.2)
        with answering(lambda line: line.recv(100) and line.recv(100)) as server:
            assert "does not answer" in str(explain(server, FAILED))

    def test_a_certificate_that_is_over(self, tmp_path: Path) -> None:
        clinic = authority(tmp_path, "clinic")
        certify(clinic, tmp_path, host="127.0.0.1", expired=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")

        def over(line: socket.socket) -> None:
            line.recv(8)
            line.sendall(b"S")
            with pytest.raises(ssl.SSLError), context.wrap_socket(line, server_side=True):
                pass

        with answering(over) as server:
            error = explain(replace(server, root_certificate=clinic.file), FAILED)
        assert "not valid today" in str(error)


def test_a_profile_names_its_server() -> None:
    profile = ServerProfile(name="Clinic", host="db.clinic.lan", root_certificate=Path("/ca.pem"))
    server = NetworkServer.of(profile)
    assert server == NetworkServer("db.clinic.lan", 5432, "clinic", Path("/ca.pem"))
    dsn = server.dsn("maria", "secret", "other")
    assert dsn["dbname"] == "other"
    assert dsn["require_auth"] == "scram-sha-256"
