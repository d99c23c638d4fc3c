"""The test cluster: made once for each state of the migrations, then copied for every run.

The server is the one that ships with the program; ``CLINIC_TEST_SERVER=debian`` takes the one whose
programs stand in ``CLINIC_TEST_PG_BIN``, with the same settings and SCRAM as the only way in.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from clinic_desktop.db import cluster as db_cluster
from clinic_desktop.db import migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.embedded import EmbeddedServer, ServerAddress
from clinic_desktop.db.embedded.accounts import must_reach, server_account
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.db.engine import Link
from clinic_desktop.services.installation import provision
from clinic_desktop.services.installation.local import LocalInstallation

SERVER = os.environ.get("CLINIC_TEST_SERVER") or "embedded"
TEMPLATE = "clinic_template"
PASSWORD = "correct horse battery"
CLINIC = UUID("0190a000-0000-7000-8000-000000000001")
OTHER_CLINIC = UUID("0190a000-0000-7000-8000-000000000002")
# One person for each role, by login; u_other belongs to the other clinic.
PEOPLE = {
    "u_front": ("Siobhán Keane", "SK", "front_desk", "Front desk"),
    "u_dentist": ("Dr Amara Nwosu", "AN", "dentist", "Dentist"),
    "u_dentist2": ("Dr Tomás Echeverría", "TE", "dentist", "Dentist"),
    "u_hygienist": ("Lena Björk", "LB", "hygienist", "Hygienist"),
    "u_assistant": ("Rui Tavares", "RT", "assistant", "Assistant"),
    "u_manager": ("Ana Reis", "AR", "manager", "Manager"),
    "u_compliance": ("Joakim Lund", "JL", "compliance", "Auditor"),
}
ROOT = Path(__file__).parent.parent


class DebianServer(EmbeddedServer):
    """The system's own PostgreSQL under our supervisor: an older version, built by others."""

    def tools(self) -> Tools:
        account = server_account(self.layout.data)
        if account is not None:
            must_reach(self.layout.root, account)
        return Tools(debian_programs(), account, _major(debian_programs()))


def debian_programs() -> Path:
    return Path(os.environ["CLINIC_TEST_PG_BIN"])


@cache
def _major(programs: Path) -> int:
    told = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return int(told.stdout.split()[2].split(".")[0])


def server_of(root: Path, *, fast: bool) -> EmbeddedServer:
    """Return the server that this run tests with, not started yet."""
    return {"embedded": EmbeddedServer, "debian": DebianServer}[SERVER](root, fast=fast)


def installation_of(root: Path, *, fast: bool = False) -> LocalInstallation:
    """Return an installation on the server that this run tests with."""
    made = LocalInstallation(root, fast=fast)
    made.server = server_of(root, fast=fast)
    return made


class TestCluster:
    """A server with our roles and the template database, without durability."""

    __test__ = False

    def __init__(self, root: Path) -> None:
        self.server = server_of(root, fast=True)
        self._address: ServerAddress | None = None

    def start(self) -> None:
        self._address = self.server.start()

    def stop(self) -> None:
        self.server.leave()

    @property
    def address(self) -> ServerAddress:
        assert self._address is not None
        return self._address


class Copies:
    """Copies of the template, each for one test.

    The next one is made while a test runs, and an old one is dropped while the next test does:
    the server waits a tenth of a second for what was connected to it.
    """

    def __init__(self, cluster: TestCluster) -> None:
        self._admin = cluster.address.superuser_dsn()
        self._numbers = itertools.count(1)
        self._aside = ThreadPoolExecutor(max_workers=1)
        # The first line to a database writes down what every later one reads about the catalogue,
        # and a server that starts forgets it: the copies have it from the template.
        open_connection({**self._admin, "dbname": TEMPLATE}).close()
        self._next = self._aside.submit(self._make)

    def take(self) -> str:
        """Return the name of a fresh copy."""
        try:
            name = self._next.result()
        except psycopg.OperationalError:
            # It was made while a test had bent the environment in which connections are opened.
            name = self._make()
        self._next = self._aside.submit(self._make)
        return name

    def give_back(self, name: str) -> None:
        self._aside.submit(db_cluster.drop_database, self._admin, name)

    def close(self) -> None:
        self._aside.shutdown(cancel_futures=True)

    def _make(self) -> str:
        name = f"t_{next(self._numbers)}"
        with open_connection(self._admin) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )
        return name


def _fingerprint() -> str:
    digest = hashlib.sha256(SERVER.encode())
    for folder, pattern in (
        (ROOT / "migrations", "**/*"),
        (ROOT / "clinic_desktop/db", "protection.py"),
        (ROOT / "clinic_desktop/db", "cluster.py"),
        (ROOT / "clinic_desktop/db/sql", "*"),
        (ROOT / "clinic_desktop/models", "*.py"),
        (ROOT / "clinic_desktop/services/installation", "provision.py"),
        (ROOT / "clinic_desktop/domain", "permissions.py"),
        (ROOT / "tests", "cluster.py"),
    ):
        for file in sorted(folder.glob(pattern)):
            if file.suffix in {".py", ".sql"}:
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def prepared() -> Path:
    """Return the stopped cluster to copy, made when the migrations changed."""
    cache = Path(
        os.environ.get("CLINIC_TEST_CACHE", "/var/tmp" if os.geteuid() == 0 else ROOT / ".cache")  # noqa: S108 - below it a folder of our own
    )
    cache = cache / "clinic-desktop-tests"
    cache.mkdir(parents=True, exist_ok=True)
    ready = cache / f"cluster-{_fingerprint()}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for old in cache.glob("cluster-*"):
                # Another run may be copying a recent one at this moment.
                if time.time() - old.stat().st_mtime > 3600:
                    shutil.rmtree(old, ignore_errors=True)
            making = cache / "making"
            shutil.rmtree(making, ignore_errors=True)
            _make(making)
            making.rename(ready)
    return ready


def _make(root: Path) -> None:
    running = TestCluster(root)
    running.start()
    try:
        admin = running.address.superuser_dsn()
        db_cluster.make_roles(admin)
        for login in db_cluster.MACHINES:
            db_cluster.set_verifier(admin, login, db_cluster.verifier(admin, login, PASSWORD))
        db_cluster.make_database(admin, TEMPLATE)
        migrator = running.address.dsn("clinic_migrator", PASSWORD, TEMPLATE)
        migrate.upgrade(migrator)
        _people(migrator)
    finally:
        running.stop()


def _admin(name: str, initials: str, login: str) -> provision.NewAdmin:
    return provision.NewAdmin(name=name, initials=initials, login=login, password=PASSWORD)


def _people(migrator: dict[str, str]) -> None:
    provision.make_clinic(
        migrator,
        provision.NewClinic(name="Harbour Street Dental", site="Main clinic"),
        _admin("Maeve Quinn", "MQ", "u_admin"),
        clinic_id=CLINIC,
    )
    provision.make_clinic(
        migrator,
        provision.NewClinic(name="Northgate Dental"),
        _admin("Otto Hall", "OH", "u_other"),
        clinic_id=OTHER_CLINIC,
    )
    with open_connection(migrator) as connection:
        roles = dict(
            connection.execute(
                "SELECT code, id FROM clinic.staff_role WHERE clinic_id = %s", (CLINIC,)
            ).fetchall()
        )
    link = Link(migrator)
    with link.transaction() as connection:
        for login, (name, initials, role, job) in PEOPLE.items():
            provision.make_person(
                connection,
                migrator,
                CLINIC,
                _admin(name, initials, login),
                roles=(roles[role],),
                job=job,
            )
    link.close()
