"""Where a running server answers, and what its files say about it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

SUPERUSER: Final = "postgres"


@dataclass(frozen=True)
class ServerAddress:
    """A running server: a socket folder (or 127.0.0.1) and port, and the superuser's sign-in."""

    host: str
    port: int
    superuser: str
    password: str

    def dsn(self, user: str, password: str, database: str) -> dict[str, str]:
        """Return psycopg's keyword parameters for one login; db/server.py adds the time limits."""
        return {
            "host": self.host,
            "port": str(self.port),
            "user": user,
            "password": password,
            "dbname": database,
            # The embedded server has no TLS and no GSS; saying so spares a round trip, and keeps
            # settings of other PostgreSQL programs on this computer out of ours.
            "sslmode": "disable",
            "gssencmode": "disable",
            "require_auth": "scram-sha-256",
        }

    def superuser_dsn(self, database: str = "postgres") -> dict[str, str]:
        """Return the parameters of the installation's superuser."""
        return self.dsn(self.superuser, self.password, database)

    def __repr__(self) -> str:
        """Leave the password out of logs and tracebacks."""
        return f"ServerAddress(host={self.host!r}, port={self.port}, superuser={self.superuser!r})"


@dataclass(frozen=True)
class PidFile:
    """What postmaster.pid says: a claim that is checked, never believed."""

    pid: int
    host: str
    port: int
    ready: bool

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the content, or None when the file is missing or only half written."""
        try:
            lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
            # Line 5 is the socket folder, line 6 the address listened on, line 8 the state.
            return cls(
                pid=int(lines[0]),
                host=lines[4] or lines[5],
                port=int(lines[3]),
                ready=len(lines) > 7 and lines[7].strip() == "ready",
            )
        except (OSError, ValueError, IndexError):
            return None
