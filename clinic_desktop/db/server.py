"""How a server is reached: the clinic's own on the network, and the limits of every session."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from clinic_desktop.config import ServerProfile

APPLICATION: Final = "clinic-desktop"
CONNECT_SECONDS: Final = 5
OLDEST: Final = 15  # row security and functions of the schema need it; 18 is the newest tried

# Where systems keep the authorities they trust. The driver brings an OpenSSL of its own, which
# looks where it was built and not where this computer keeps them.
TRUSTED: Final = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/cert.pem"),
)


def ignore_environment() -> None:
    """Remove the PG* variables, with which other PostgreSQL programs would steer our driver.

    Called once by the composition root, before the first connection.
    """
    for name in [name for name in os.environ if name.upper().startswith("PG")]:
        del os.environ[name]


@dataclass(frozen=True)
class NetworkServer:
    """The clinic's server on the network, met only over TLS with its certificate verified."""

    host: str
    port: int
    database: str
    root_certificate: Path | None = None

    @classmethod
    def of(cls, profile: ServerProfile) -> Self:
        """Return the server that a profile names."""
        return cls(
            host=profile.host,
            port=profile.port,
            database=profile.database,
            root_certificate=profile.root_certificate,
        )

    def dsn(self, user: str, password: str, database: str | None = None) -> dict[str, str]:
        """Return psycopg's keyword parameters for one login."""
        return {
            "host": self.host,
            "port": str(self.port),
            "user": user,
            "password": password,
            "dbname": database or self.database,
            "sslmode": "verify-full",
            "sslrootcert": trust(self.root_certificate),
            # Certificates that other programs left in the person's folder are not ours to send.
            "sslcertmode": "disable",
            "gssencmode": "disable",
            # A server that asks for the password itself is not the one we know.
            "require_auth": "scram-sha-256",
        }


def trust(root_certificate: Path | None) -> str:
    """Return the file of authorities to trust, or ``system`` where the driver must find them."""
    if root_certificate is not None:
        return str(root_certificate)
    return next((str(path) for path in TRUSTED if path.is_file()), "system")


def limits(dsn: Mapping[str, str], *, application: str = APPLICATION) -> dict[str, str]:
    """Return the parameters of one login with an end to every wait for the network.

    What a session may do inside the server (statement and lock limits) is db/engine.py's.
    """
    return {
        **dsn,
        "application_name": application,
        "client_encoding": "UTF8",
        "connect_timeout": str(CONNECT_SECONDS),
        # A cut cable is noticed within 10 s. Where the system has no tcp_user_timeout (Windows),
        # the program's own timer tells the person, and these end the connection.
        "keepalives": "1",
        "keepalives_idle": "4",
        "keepalives_interval": "2",
        "keepalives_count": "3",
        "tcp_user_timeout": "5000",
    }
