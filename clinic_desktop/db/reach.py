"""Tries a server on the network and says, step by step, why it cannot be used."""

import socket
import ssl
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo

from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.refusal import (
    NO_DATABASE,
    NO_PLACE_LEFT,
    NOT_PROVED,
    TLS_WISH,
    Refusal,
    refusal_of,
)
from clinic_desktop.db.server import CONNECT_SECONDS, OLDEST, NetworkServer, limits, trust
from clinic_desktop.errors import ClinicError, InvalidError, SetupError, UnreachableError
from clinic_desktop.i18n import _

HOST_MISMATCH: Final = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
EXPIRED: Final = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED


@dataclass(frozen=True)
class Reached:
    """What a server said about itself when it let a login in."""

    version: int  # 160004 for 16.4
    encrypted: bool
    superuser: bool

    @property
    def major(self) -> int:
        """Return the number that decides what the server can do."""
        return self.version // 10_000


def try_server(server: NetworkServer, *, user: str, password: str) -> Reached:
    """Connect once and return what the server is.

    Raises UnreachableError, SetupError or InvalidError (with its field) with what to do.
    """
    dsn = server.dsn(user, password)
    target = make_conninfo(**limits(dsn))
    try:
        with psycopg.connect(target) as connection:
            reached = Reached(
                version=connection.info.server_version,
                encrypted=connection.pgconn.ssl_in_use,
                superuser=connection.info.parameter_status("is_superuser") == "on",
            )
    except (psycopg.OperationalError, UnicodeError) as error:  # a name no DNS can have
        raise explain(server, error, dsn) from error
    if reached.major < OLDEST:
        raise SetupError(
            _(
                "The server {host} runs PostgreSQL {found}. Clinic Desktop needs {oldest} or "
                "later: ask who looks after the server to bring it up to date."
            ).format(host=server.host, found=reached.major, oldest=OLDEST)
        )
    return reached


def try_way(server: NetworkServer) -> None:
    """Find the server and look at its certificate, before anybody's password is asked for.

    Raises UnreachableError, SetupError or InvalidError (with its field) with what to do.
    """
    with _knock(server) as line:
        _greet(server, line)


def explain(
    server: NetworkServer, error: psycopg.OperationalError | UnicodeError, dsn: Dsn
) -> ClinicError:
    """Return why a connection failed, found by walking the same way once more.

    The driver's own words are in the language of the computer or the server; steps and codes are
    not.
    """
    try:
        try_way(server)
    except ClinicError as found:
        return found
    return _refused_sign_in(server, str(error), refusal_of(dsn))


def _knock(server: NetworkServer) -> socket.socket:
    """Find the host and open a line to it."""
    try:
        return socket.create_connection((server.host, server.port), timeout=CONNECT_SECONDS)
    except (socket.gaierror, UnicodeError) as error:
        raise UnreachableError(
            _(
                "No computer named {host} is known here. "
                "Check the name of the server and this computer's network."
            ).format(host=server.host),
            field="host",
        ) from error
    except ConnectionRefusedError as error:
        raise UnreachableError(
            _(
                "{host} answers, but no PostgreSQL listens on port {port}. "
                "Check the port, and that the server is running."
            ).format(host=server.host, port=server.port),
            field="port",
        ) from error
    except OSError as error:
        raise _no_answer(server) from error


def _no_answer(server: NetworkServer) -> UnreachableError:
    """Return the sentence for a computer that stays silent."""
    return UnreachableError(
        _(
            "{host} does not answer on port {port}. "
            "Check that it is switched on and that no firewall stands between."
        ).format(host=server.host, port=server.port),
        field="host",
    )


def _greet(server: NetworkServer, line: socket.socket) -> None:
    """Ask for TLS and look at the certificate."""
    try:
        line.sendall(TLS_WISH)
        answer = line.recv(1)
    except TimeoutError as error:
        raise _no_answer(server) from error
    except OSError:  # what hangs up at this wish is no PostgreSQL
        answer = b""
    if answer == b"N":
        raise SetupError(
            _(
                "The server {host} does not offer TLS, so patients' data would cross the network "
                "readable by others. Ask who looks after the server to turn on “ssl”."
            ).format(host=server.host)
        )
    if answer != b"S":
        raise UnreachableError(
            _("What answers at {host}, port {port}, is not PostgreSQL. Check the port.").format(
                host=server.host, port=server.port
            ),
            field="port",
        )
    try:
        with _trusting(server).wrap_socket(line, server_hostname=server.host):
            return
    except ssl.SSLCertVerificationError as error:
        raise _untrusted(server, error.verify_code) from error
    except OSError as error:  # the rest of ssl's errors are OSErrors too
        raise SetupError(
            _(
                "The server {host} and this computer did not agree on TLS. "
                "Ask who looks after the server whether it allows TLS 1.2 or later."
            ).format(host=server.host)
        ) from error


def _trusting(server: NetworkServer) -> ssl.SSLContext:
    """Return the same trust that the driver is given."""
    file = trust(server.root_certificate)
    try:
        return ssl.create_default_context(cafile=None if file == "system" else file)
    except (OSError, ssl.SSLError) as error:
        raise InvalidError(
            _("The file {file} is not a certificate that can be read. Choose another one.").format(
                file=file
            ),
            field="root_certificate",
        ) from error


def _untrusted(server: NetworkServer, code: int) -> ClinicError:
    """Return what is wrong with the certificate."""
    if code in HOST_MISMATCH:
        return InvalidError(
            _(
                "The certificate of the server is not made for the name {host}. "
                "Enter the name that stands in the certificate."
            ).format(host=server.host),
            field="host",
        )
    if code in EXPIRED:
        return SetupError(
            _(
                "The certificate of {host} is not valid today. Check this computer's clock; "
                "if it is right, the server needs a new certificate."
            ).format(host=server.host)
        )
    return InvalidError(
        _(
            "This computer does not trust the certificate of {host}. "
            "Choose the file of the authority that signed it; who looks after the server has it."
        ).format(host=server.host),
        field="root_certificate",
    )


def _refused_sign_in(server: NetworkServer, words: str, refusal: Refusal) -> ClinicError:
    """Return why a server that was reached did not let the login in.

    Only the server knows; what its code does not tell is quoted in its own language.
    """
    if refusal.code == NOT_PROVED:
        return InvalidError(
            _("The name or the password is not the one that {host} knows. Type both again.").format(
                host=server.host
            ),
            field="password",
        )
    if refusal.code == NO_DATABASE:
        return InvalidError(
            _("The server {host} has no database named “{database}”. Check its name.").format(
                host=server.host, database=server.database
            ),
            field="database",
        )
    if refusal.by_pg_hba:
        return SetupError(
            _(
                "The server {host} does not admit this login from this computer. "
                "Ask who looks after the server to allow it in pg_hba.conf, with hostssl and "
                "scram-sha-256."
            ).format(host=server.host)
        )
    if refusal.code == NO_PLACE_LEFT:
        return UnreachableError(
            _("All places on the server {host} are taken. Try again in a minute.").format(
                host=server.host
            )
        )
    said = words.strip().splitlines()[-1] if words.strip() else "?"
    return UnreachableError(
        _("The server {host} did not let us in. It said: {said}").format(
            host=server.host, said=said
        )
    )
