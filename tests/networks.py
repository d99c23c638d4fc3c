"""The system's PostgreSQL as a clinic's server: on a port, with TLS and a certificate."""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg.conninfo import make_conninfo

from clinic_desktop.db.embedded.accounts import server_account
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.db.embedded.processes import gone
from clinic_desktop.db.server import NetworkServer

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
PROGRAMS = (
    Path(os.environ["CLINIC_TEST_PG_BIN"])
    if os.environ.get("CLINIC_TEST_PG_BIN")
    else _INSTALLED[-1].parent
    if _INSTALLED
    else None
)
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
    data: Path

    def administrator(self) -> str:
        """Return the connection of a superuser, as an administrator types it."""
        return make_conninfo(**self.server.dsn("boss", RIGHT, "postgres"))


@contextmanager
def open_network() -> Iterator[Network]:
    """Run the PostgreSQL of the system in a folder and on a port of its own."""
    if PROGRAMS is None:
        pytest.skip("the system's PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="clinic-net-"))
    tools = Tools(PROGRAMS, server_account(Path("/nowhere/data")))
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
        connection.execute(f"ALTER ROLE boss PASSWORD '{RIGHT}'".encode())
        connection.execute(f"CREATE ROLE maria LOGIN PASSWORD '{RIGHT}'".encode())
        for name in ("clinic", "closed", "plain"):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    yield Network(
        NetworkServer("localhost", port, "clinic", clinic.file),
        authority(folder, "somebody").file,
        data,
    )
    tools.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", "data", cwd=folder, seconds=60)
    assert gone(data, seconds=20)
    shutil.rmtree(folder)
