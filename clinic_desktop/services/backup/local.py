"""Restoring into the server of this computer, and the drill: the same act on a scratch server."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from psycopg import sql

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.embedded import EmbeddedServer
from clinic_desktop.db.embedded.address import PidFile
from clinic_desktop.errors import ClinicError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.ranks import set_aside
from clinic_desktop.services.backup import erased
from clinic_desktop.services.backup.restore import Target, read_chain, restore
from clinic_desktop.services.backup.run import Site, before_upgrade, note, noting_failure
from clinic_desktop.services.backup.schemas import Restored
from clinic_desktop.services.backup.settings import Kept
from clinic_desktop.services.installation.administered import Administered
from clinic_desktop.services.installation.local import BACKUP, MIGRATOR, LocalInstallation

Tell = Callable[[str], None]
DRILL: Final = "drill"
QUIET: Final = (
    "max_parallel_workers = 0",
    "max_parallel_maintenance_workers = 0",
    "autovacuum = off",
    "max_wal_size = '4GB'",
)


def _nothing(_sentence: str) -> None:
    pass


def site_of(place: Administered) -> Site:
    """Return the site of a started installation, or of a server that others run."""
    return Site(place.root, place.machine(BACKUP))


def keep_before_upgrade(place: LocalInstallation) -> None:
    """Dump before the schema changes; raises SetupError, and the upgrade does not begin."""
    before_upgrade(site_of(place))


def target_of(place: LocalInstallation) -> Target:
    """Return where a backup is restored to in a started installation."""
    return Target(
        superuser=place.address.superuser_dsn(),
        database=place.database,
        migrator=lambda name: {**place.machine(MIGRATOR), "dbname": name},
    )


def restore_here(
    place: LocalInstallation,
    files: Sequence[Path],
    identities: Sequence[Any],
    *,
    lists: Sequence[Path] = (),
    tell: Tell = _nothing,
) -> Restored:
    """Restore into a started installation that has no clinic; raises SetupError where it has one.

    Everything is read from end to end before anything is written. ``lists`` tell who was erased
    since; those that lie in this folder's own backups are read as well.
    """
    clinics = _clinics(place)
    chain = read_chain(files, identities, of_clinics=clinics, tell=tell)
    if clinics:
        raise SetupError(
            _("This folder has a clinic already. Restore into a new folder with --home.")
        )
    gone = erased.read([*lists, *erased.lists(Kept(place.root).folder)])
    return restore(chain, identities, target_of(place), gone=gone, tell=tell)


def _clinics(place: LocalInstallation) -> list[str]:
    with open_connection(place.machine(MIGRATOR)) as connection:
        return [str(row[0]) for row in connection.execute("SELECT id FROM clinic.clinic")]


def drill(
    site: Site,
    *,
    files: Sequence[Path] = (),
    identities: Sequence[Any] = (),
    tell: Tell = _nothing,
) -> Restored:
    """Restore the newest chain (or ``files``) on a scratch server, prove it, and throw it away.

    The scratch server has none of the clinic's memory and gives way to the clinic's. What became of
    it is noted. Raises ClinicError.
    """
    began = time.time()
    chosen = list(files) or site.files()
    name = chosen[-1].name if chosen else ""
    with noting_failure(site.dsn, "drill", name, began):
        if not chosen:
            raise SetupError(_("There is no backup to try yet."))
        back = _tried(site, chosen, list(identities) or site.drill_identities(), tell)
    note(site.dsn, "drill", name, began, good=True, size=back.rows)
    return back


def _tried(site: Site, files: Sequence[Path], identities: Sequence[Any], tell: Tell) -> Restored:
    chain = read_chain(files, identities, tell=tell)
    if chain.stopped:
        raise SetupError(chain.stopped)
    root = site.root / DRILL
    _remove(root)
    scratch = LocalInstallation(root, fast=True)
    try:
        _quieten(scratch, tell)
        target = replace(target_of(scratch), aside=True)
        return restore(chain, identities, target, tell=tell)
    finally:
        _remove(root)


def _quieten(scratch: LocalInstallation, tell: Tell) -> None:
    """Start the scratch server, one process at a time for what it does, and set it aside."""
    address = scratch.server.start()
    claim = PidFile.read(scratch.server.layout.pid_file)
    if claim is not None:
        set_aside(claim.pid)
    with open_connection(address.superuser_dsn()) as connection:
        for setting in QUIET:
            connection.execute(sql.SQL("ALTER SYSTEM SET {}").format(sql.SQL(setting)))
        connection.execute("SELECT pg_reload_conf()")
    scratch.start(tell)


def _remove(root: Path) -> None:
    """Remove a scratch server, also one that a killed drill left."""
    if root.exists():
        with suppress(ClinicError):
            EmbeddedServer(root).stop("immediate")
        shutil.rmtree(root, ignore_errors=True)
