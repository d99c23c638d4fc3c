"""A server on the network: met over verified TLS, or refused with what to do."""

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.config import ServerProfile
from clinic_desktop.db import reach
from clinic_desktop.db.reach import explain, try_server
from clinic_desktop.db.server import NetworkServer, ignore_environment, limits
from clinic_desktop.errors import ClinicError
from tests.networks import RIGHT, Network, authority, certify, free_port, open_network


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with open_network() as found:
        yield found


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
            assert "is not PostgreSQL" in str(explain(server, FAILED, server.dsn("maria", RIGHT)))
        with answering(lambda line: line.close()) as server:
            assert "is not PostgreSQL" in str(explain(server, FAILED, server.dsn("maria", RIGHT)))

    def test_one_that_stays_silent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reach, "CONNECT_SECONDS", 0.2)
        with answering(lambda line: line.recv(100) and line.recv(100)) as server:
            assert "does not answer" in str(explain(server, FAILED, server.dsn("maria", RIGHT)))

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
            trusting = replace(server, root_certificate=clinic.file)
            error = explain(trusting, FAILED, trusting.dsn("maria", RIGHT))
        assert "not valid today" in str(error)


def test_a_profile_names_its_server() -> None:
    profile = ServerProfile(name="Clinic", host="db.clinic.lan", root_certificate=Path("/ca.pem"))
    server = NetworkServer.of(profile)
    assert server == NetworkServer("db.clinic.lan", 5432, "clinic", Path("/ca.pem"))
    dsn = server.dsn("maria", "secret", "other")
    assert dsn["dbname"] == "other"
    assert dsn["require_auth"] == "scram-sha-256"
