"""Restoring into the server of this computer, and the drill: the same act on a scratch server."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.embedded import EmbeddedServer
from clinic_desktop.errors import ClinicError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.restore import Target, read_chain, restore
from clinic_desktop.services.backup.run import Site, before_upgrade, note
from clinic_desktop.services.backup.schemas import Restored
from clinic_desktop.services.installation.local import BACKUP, MIGRATOR, LocalInstallation

Tell = Callable[[str], None]
DRILL: Final = "drill"


def _nothing(_sentence: str) -> None:
    pass


def site_of(place: LocalInstallation) -> Site:
    """Return the site of a started installation."""
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
    tell: Tell = _nothing,
) -> Restored:
    """Restore into a started installation that has no clinic; raises SetupError where it has one.

    Everything is read from end to end before anything is written.
    """
    clinics = _clinics(place)
    chain = read_chain(files, identities, of_clinics=clinics, tell=tell)
    if clinics:
        raise SetupError(
            _("This folder has a clinic already. Restore into a new folder with --home.")
        )
    return restore(chain, identities, target_of(place), tell=tell)


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

    The scratch server is a process of its own below this one, so that it has this one's priority
    and none of the clinic's memory. What became of it is noted. Raises ClinicError.
    """
    began = time.time()
    chosen = list(files) or site.files()
    name = chosen[-1].name if chosen else ""
    try:
        if not chosen:
            raise SetupError(_("There is no backup to try yet."))
        back = _tried(site, chosen, list(identities) or site.drill_identities(), tell)
    except ClinicError as error:
        note(site.dsn, "drill", name, began, good=False, sentence=str(error))
        raise
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
        scratch.start(tell)
        return restore(chain, identities, target_of(scratch), tell=tell)
    finally:
        _remove(root)


def _remove(root: Path) -> None:
    """Remove a scratch server, also one that a killed drill left."""
    if root.exists():
        with suppress(ClinicError):
            EmbeddedServer(root).stop("immediate")
        shutil.rmtree(root, ignore_errors=True)
