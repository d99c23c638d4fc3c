"""The clinic's data on this computer: server, roles, machine secrets, database, migrations."""

import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg

from clinic_desktop import files
from clinic_desktop.db import cluster, migrate
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.embedded import EmbeddedServer, ServerAddress
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.installation.anchors import Anchors, note

log = logging.getLogger(__name__)

MIGRATOR: Final = "clinic_migrator"
BACKUP: Final = "clinic_backup"


class LocalInstallation:
    """An embedded server and the clinic's database in it, ready to sign in to.

    The operating-system account that owns the folder owns the data: machine logins keep their
    secrets in owner-only files beside them. ``outside`` is a file away from them that remembers
    where the logs stood. ``fast`` gives up durability and is for tests alone.
    """

    def __init__(
        self,
        root: Path,
        *,
        database: str = cluster.DATABASE,
        outside: Path | None = None,
        fast: bool = False,
    ) -> None:
        self.root = root
        self.anchors = Anchors(root / "anchors.json", outside)
        self.database = database
        self.server = EmbeddedServer(root, fast=fast)
        self._address: ServerAddress | None = None
        self._used = threading.Lock()
        self._left = False
        self._noting = threading.Lock()

    def start(self, tell: Callable[[str], None] = lambda _sentence: None) -> "LocalInstallation":
        """Start or join the server, and make or upgrade the database; raises SetupError.

        ``tell`` is given a sentence for each step, for whoever waits before a screen.
        """
        tell(
            _("Starting the database of this computer…")
            if self.server.layout.data.exists()
            else _("Making the database of this computer…")
        )
        with self._used:
            self._left = False
            self._address = self.server.start()
        dsn = self._address.superuser_dsn()
        if not self._secret(MIGRATOR).path.exists():
            files.make_folder(self.root / "secrets")
            cluster.make_roles(dsn)
            # The migrator's comes last: where it is, a first start that was killed had done all.
            for login in sorted(cluster.MACHINES, key=lambda one: one == MIGRATOR):
                self._give_secret(dsn, login)
        if not cluster.has_database(dsn, self.database):
            cluster.make_database(dsn, self.database)
        elif not cluster.has_schema(self.superuser()):
            cluster.open_schema(self.superuser(), self.database)
        self._upgrade(tell)
        return self

    def _give_secret(self, dsn: Dsn, login: str) -> None:
        password = secrets.token_urlsafe(24)
        cluster.set_verifier(dsn, login, cluster.verifier(dsn, login, password))
        self._secret(login).write(password)

    def _upgrade(self, tell: Callable[[str], None]) -> None:
        with open_connection(self.machine(MIGRATOR)) as connection:
            row = connection.execute("SELECT to_regclass('clinic.alembic_version')").fetchone()
            found = (
                connection.execute("SELECT version_num FROM clinic.alembic_version").fetchone()
                if row and row[0]
                else None
            )
        # Alembic takes longer to load than to find that nothing is to be done.
        if found is None or found[0] != migrate.head():
            tell(
                _("Making the clinic's tables…")
                if found is None
                else _("Bringing the clinic's data up to this version…")
            )
            migrate.upgrade(self.machine(MIGRATOR))

    def _secret(self, login: str) -> OwnerFile:
        return OwnerFile(self.root / "secrets" / login)

    @property
    def address(self) -> ServerAddress:
        """Where the server answers; only after ``start``."""
        if self._address is None:
            raise RuntimeError("the installation is not started")
        return self._address

    def superuser(self) -> Dsn:
        """Return the sign-in of the installation's superuser, for checks and restores."""
        return self.address.superuser_dsn(self.database)

    def machine(self, login: str) -> Dsn:
        """Return the sign-in of a machine login; raises SetupError when its secret is gone."""
        secret = self._secret(login).read()
        if secret is None:
            raise SetupError(
                _("The secret of {login} is missing beside the data. Restore a backup.").format(
                    login=login
                )
            )
        return self.address.dsn(login, secret, self.database)

    def person(self, login: str, password: str) -> Dsn:
        """Return the sign-in of a person."""
        return self.address.dsn(login, password, self.database)

    def has_clinic(self) -> bool:
        """Return whether a clinic has been made in the database."""
        with open_connection(self.machine(MIGRATOR)) as connection:
            return connection.execute("SELECT FROM clinic.clinic LIMIT 1").fetchone() is not None

    def revive(self) -> bool:
        """Start the server again if it was killed; returns whether it runs now.

        Called on a worker, by whoever does not reach it any more; raises SetupError. A program
        that is about to end starts nothing.
        """
        with self._used:
            if self._left:
                return False
            self._address = self.server.start()
            return True

    def note_logs(self) -> threading.Thread:
        """Remember where the logs stand, aside: whoever comes or goes does not wait for it."""
        aside = threading.Thread(target=self._note_logs, name="note-logs", daemon=True)
        aside.start()
        return aside

    def _note_logs(self) -> None:
        with self._noting:
            try:
                findings = note(self.machine(BACKUP), self.anchors)
            except (psycopg.Error, SetupError) as error:
                # Only the kind is written: a message of the server may quote values.
                log.warning("Where the logs stand was not noted: %s", type(error).__name__)
                return
        for finding in findings:
            log.error("A log is not as it was: %s at %s", finding.kind, finding.seq)

    def leave(self) -> None:
        """Leave the server, noting where the logs stand; the last program to leave stops it."""
        if self._address is not None and not self._left:
            self._note_logs()
        with self._used:
            self._left = True
            self.server.leave()


def reachable(dsn: Dsn) -> bool:
    """Return whether the server lets this login in now."""
    try:
        with open_connection(dsn):
            return True
    except psycopg.OperationalError:
        return False
