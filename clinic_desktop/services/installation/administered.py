"""The clinic's server as who looks after it works on it: by an administrator's connection."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict

from clinic_desktop import files
from clinic_desktop.config import remembered
from clinic_desktop.db import cluster, migrate
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.reach import explain
from clinic_desktop.db.server import OLDEST, NetworkServer, limits, trust
from clinic_desktop.errors import ClinicError, InvalidError, SetupError, UnreachableError
from clinic_desktop.i18n import _
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.installation.anchors import Anchors
from clinic_desktop.services.installation.local import MIGRATOR

LOOPBACK: Final = ("", "localhost", "127.0.0.1", "::1")


class Administered(Protocol):
    """What an administrator's work needs, wherever the data live."""

    @property
    def root(self) -> Path:
        """The folder of the machine logins' secrets."""

    @property
    def anchors(self) -> Anchors:
        """Where the logs stood."""

    def superuser(self) -> Dsn:
        """Return the sign-in that makes roles and reads the catalogue."""

    def machine(self, login: str) -> Dsn:
        """Return the sign-in of a machine login; raises SetupError when its secret is gone."""

    def has_clinic(self) -> bool:
        """Return whether a clinic has been made in the database."""


def administrator(conninfo: str) -> dict[str, str]:
    """Return the parameters of what was typed; raises InvalidError, which repeats none of it.

    Across the network TLS with a verified certificate is meant unless something else is said.
    """
    try:
        given = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    except psycopg.ProgrammingError as error:
        raise InvalidError(
            _(
                "What --dsn says is no connection. Write it like “{example}”; "
                "docs/server.md shows more."
            ).format(example="host=db.clinic.lan user=postgres sslmode=verify-full")
        ) from error
    if not _is_near(given.get("host", "")):
        given = {"sslmode": "verify-full", "sslrootcert": trust(None), **given}
    return limits({"dbname": "postgres", **given})


def _is_near(host: str) -> bool:
    return host in LOOPBACK or host.startswith(("/", "@"))


class AdministeredServer:
    """A server that others run; the secrets of its machine logins stand in a folder here.

    ``folder`` is closed to other accounts; one folder belongs to one database.
    """

    def __init__(self, admin: Dsn, folder: Path, *, database: str = cluster.DATABASE) -> None:
        self.root = folder
        self.anchors = Anchors(folder / "anchors.json", remembered(folder))
        self.database = database
        self._admin = dict(admin)

    def start(self) -> Self:
        """Sign in once; raises UnreachableError or SetupError with what to do."""
        self._check_server(self._admin)
        if not cluster.has_database(self._admin, self.database) or not cluster.has_schema(
            self.superuser()
        ):
            raise self._no_clinic()
        return self

    def reach(self, login: str) -> Self:
        """Sign in once as a machine login, for work that needs no administrator.

        Raises what ``start`` raises.
        """
        self._check_server(self.machine(login))
        if not cluster.has_schema(self.machine(login)):
            raise self._no_clinic()
        return self

    def _no_clinic(self) -> SetupError:
        return SetupError(
            _(
                "The server has no clinic's database named “{database}”. "
                "Make it with “db init --dsn”, or name another one with --database."
            ).format(database=self.database)
        )

    def prepare(
        self, *, new_secrets: bool = False, tell: Callable[[str], None] = lambda _sentence: None
    ) -> Self:
        """Make roles, secrets, database and tables, whatever of them is missing.

        ``new_secrets`` replaces those that somebody else keeps. Raises what ``start`` raises.
        """
        self._check_server(self._admin)
        files.make_folder(self.root / "secrets")
        had = self._logins_with_secret()
        foreign = [login for login in had if not self._secret(login).path.exists()]
        if foreign and not new_secrets:
            raise SetupError(
                _(
                    "{logins} have secrets already, which are not in {folder}. Name their folder "
                    "with --folder, or replace them with --new-secrets: the programs that use the "
                    "old ones then need the new ones."
                ).format(logins=", ".join(foreign), folder=self.root / "secrets")
            )
        cluster.make_roles(self._admin)
        for login in cluster.MACHINES:
            self._give_secret(login)
        if not cluster.has_database(self._admin, self.database):
            cluster.make_database(self._admin, self.database)
        elif not cluster.has_schema(self.superuser()):
            cluster.open_schema(self.superuser(), self.database)
        tell(_("Making the clinic's tables…"))
        self._check_server(self.machine(MIGRATOR))
        migrate.upgrade(self.machine(MIGRATOR))
        return self

    def superuser(self, database: str | None = None) -> Dsn:
        """Return the administrator's sign-in to the clinic's database, or to another one."""
        return {**self._admin, "dbname": database or self.database}

    def machine(self, login: str) -> Dsn:
        """Return the sign-in of a machine login; raises SetupError when its secret is gone."""
        secret = self._secret(login).read()
        if secret is None:
            raise SetupError(
                _(
                    "The secret of {login} is not in {folder}. Name its folder with --folder."
                ).format(login=login, folder=self.root / "secrets")
            )
        return {**self.superuser(), **_scram(login, secret)}

    def person(self, login: str, password: str) -> Dsn:
        """Return the sign-in of a person."""
        return {**self.superuser(), **_scram(login, password)}

    def has_clinic(self) -> bool:
        """Return whether a clinic has been made in the database."""
        with open_connection(self.superuser()) as connection:
            table = connection.execute("SELECT to_regclass('clinic.clinic') IS NOT NULL").fetchone()
            if not (table and table[0]):
                return False
            return connection.execute("SELECT FROM clinic.clinic LIMIT 1").fetchone() is not None

    def leave(self) -> None:
        """Do nothing: others use the server."""

    def _secret(self, login: str) -> OwnerFile:
        return OwnerFile(self.root / "secrets" / login)

    def _give_secret(self, login: str) -> None:
        """Write the file first: a run that stops is repeated with the same secret."""
        kept = self._secret(login)
        secret = kept.read() or secrets.token_urlsafe(24)
        kept.write(secret)
        cluster.set_verifier(self._admin, login, cluster.verifier(self._admin, login, secret))

    def _logins_with_secret(self) -> list[str]:
        with open_connection(self._admin) as connection:
            rows = connection.execute(
                "SELECT rolname FROM pg_authid WHERE rolname = ANY (%s)"
                " AND rolpassword IS NOT NULL ORDER BY 1",
                (list(cluster.MACHINES),),
            )
            return [row[0] for row in rows]

    def _check_server(self, dsn: Dsn) -> None:
        try:
            with open_connection(dsn) as connection:
                major = connection.info.server_version // 10_000
        except psycopg.OperationalError as error:
            raise self._why(dsn, error) from error
        if major < OLDEST:
            raise SetupError(
                _("The server runs PostgreSQL {found}. Clinic Desktop needs {oldest}.").format(
                    found=major, oldest=OLDEST
                )
            )

    def _why(self, dsn: Dsn, error: psycopg.OperationalError) -> ClinicError:
        host = dsn.get("host", "")
        if dsn.get("sslmode") == "verify-full" and host and not set(host) & set("/@,"):
            root = dsn.get("sslrootcert")
            server = NetworkServer(
                host=host,
                port=int(dsn.get("port", "5432")),
                database=dsn["dbname"],
                root_certificate=Path(root) if root and root != "system" else None,
            )
            return explain(server, error, dsn)
        said = str(error).strip().splitlines() or ["?"]
        return UnreachableError(
            _(
                "The server did not let “{login}” in. Check --dsn, and pg_hba.conf on the server. "
                "It said: {said}"
            ).format(login=dsn.get("user", ""), said=said[0])
        )


def _scram(login: str, secret: str) -> dict[str, str]:
    return {"user": login, "password": secret, "require_auth": "scram-sha-256"}
