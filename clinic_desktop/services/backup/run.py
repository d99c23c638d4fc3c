"""Making a backup and taking it to every place; each place has a result of its own."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
import pyrage

from clinic_desktop import files
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import BusyError, ClinicError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.backup import erased, retention
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.keys import identity_of, recipient_of
from clinic_desktop.services.backup.schemas import (
    Manifest,
    Outcome,
    PlaceResult,
    manifest_name,
)
from clinic_desktop.services.backup.sealed import read_beside
from clinic_desktop.services.backup.settings import BackupSettings, FolderPlace, Kept, S3Place
from clinic_desktop.services.backup.tail import NeedsFullError, make_tail

# Any number, the same on every computer: the server lets one have it.
LOCK: Final = 7_020_260_211
BEFORE_UPGRADE: Final = "before-upgrade"
SEALED_FOR: Final = "recipient"
Tell = Callable[[str, int], None]


def _silent(_sentence: str, _bytes: int) -> None:
    pass


@dataclass(frozen=True)
class Site:
    """An installation's folder, and the sign-in of clinic_backup to its database."""

    root: Path
    dsn: Dsn = field(repr=False)

    @property
    def kept(self) -> Kept:
        """Settings and places."""
        return Kept(self.root)

    @property
    def chain(self) -> Path:
        """The folder of the newest dump and its segments, sealed as everywhere."""
        return self.kept.folder / "chain"

    @property
    def drill_key(self) -> OwnerFile:
        """The key of the newest chain alone, so that it can be tried; replaced with each dump."""
        return OwnerFile(self.root / "secrets" / "backup-drill")

    def sealed_for(self, settings: BackupSettings) -> bool:
        """Return whether the newest chain is sealed for this key: one key opens a whole chain."""
        try:
            return (self.chain / SEALED_FOR).read_text(encoding="utf-8") == settings.recipient
        except FileNotFoundError:
            return False

    def drill_identities(self) -> list[Any]:
        """Return what opens the newest chain; none before the first dump."""
        secret = self.drill_key.read()
        return [identity_of(secret)] if secret else []

    def newest(self) -> Manifest | None:
        """Return the manifest of the newest dump or segment of the chain."""
        found = [one for file in self.files() if (one := read_beside(file)) is not None]
        return max(found, key=lambda one: (one.stamp, one.number), default=None)

    def has_newest(self) -> bool:
        """Return whether the clinic's newest dump lies here, or there is none anywhere."""
        with open_connection(self.dsn) as connection:
            row = connection.execute(
                "SELECT name FROM clinic.backup_run WHERE kind = 'full' AND name <> ''"
                " ORDER BY id DESC LIMIT 1"
            ).fetchone()
        return row is None or any(file.name == row[0] for file in self.files())

    def files(self) -> list[Path]:
        """Return the newest dump and its segments, in order."""
        there = sorted(self.chain.glob("clinic-*.age"))
        full = [file for file in there if file.name.endswith("-full.age")]
        if not full:
            return []
        stamp = retention.stamp(full[-1].name) or ""
        return [full[-1], *(f for f in there if f.name.startswith(stamp) and f not in full)]


@contextmanager
def alone(dsn: Dsn) -> Iterator[None]:
    """Hold the server's lock; raises BusyError when another computer makes a backup."""
    with open_connection(dsn, settings="-c idle_session_timeout=0") as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        if not row or not row[0]:
            raise BusyError(_("A backup is being made already. Wait until it is done."))
        yield


def back_up(
    site: Site, *, whole: bool = True, only: str | None = None, tell: Tell = _silent
) -> Outcome | None:
    """Make a dump (or a segment, where ``whole`` is False) and take it to the places.

    ``only`` names one place. ``tell`` is given a sentence and the bytes so far, and may raise to
    stop. None means that nothing has changed since the last segment. Raises ClinicError; what
    became of it is noted in the database either way.
    """
    began, kind = time.time(), "full" if whole else "tail"
    with alone(site.dsn), noting_failure(site.dsn, kind, "", began):
        made = _make(site, whole=whole, tell=tell)
        erased.remember(site.dsn, site.kept.folder)
        if made is None:
            _deliver(site, site.kept.read(), only, tell)
            return None
        outcome = _outcome(made, began, _deliver(site, site.kept.read(), only, tell))
    wrong = [f"{one.place}: {one.sentence}" for one in outcome.places if not one.good]
    note(
        site.dsn,
        made.kind,
        outcome.name,
        began,
        good=outcome.good,
        sentence=" ".join(wrong),
        size=outcome.size,
        places=outcome.places,
    )
    return outcome


@contextmanager
def noting_failure(dsn: Dsn, kind: str, name: str, began: float) -> Iterator[None]:
    """Note a backup or drill that fails, also where nobody expected it, and raise on."""
    try:
        yield
    except ClinicError as error:
        note(dsn, kind, name, began, good=False, sentence=str(error))
        raise
    except Exception as error:
        sentence = _("It failed unexpectedly ({kind}); the program's log says more.").format(
            kind=type(error).__name__
        )
        # The database may be what failed; the error itself is the one to tell.
        with suppress(psycopg.Error):
            note(dsn, kind, name, began, good=False, sentence=sentence)
        raise


def _outcome(made: Manifest, began: float, places: tuple[PlaceResult, ...]) -> Outcome:
    return Outcome(name=made.name, size=made.size, seconds=time.time() - began, places=places)


def _make(site: Site, *, whole: bool, tell: Tell) -> Manifest | None:
    settings = site.kept.read()
    if not settings.ready:
        raise SetupError(
            _("Backups need a recovery key and a place. Choose both in Settings, Backup.")
        )
    files.make_folder(site.chain)
    last = site.newest()
    if not whole and last is not None and site.drill_key.read() and site.sealed_for(settings):
        drill = identity_of(site.drill_key.read() or "").to_public()
        try:
            return make_tail(
                site.dsn,
                site.chain,
                [recipient_of(settings.recipient), drill],
                last,
                tell=lambda done: tell(_("Sealing what changed…"), done),
            )
        except NeedsFullError:
            pass  # a dump says it all again
    return _dump(site, settings, tell)


def _dump(site: Site, settings: BackupSettings, tell: Tell) -> Manifest:
    fresh = pyrage.x25519.Identity.generate()
    making = site.kept.folder / "making"
    _clear(making)
    files.make_folder(making)
    made = make_full(
        site.dsn,
        making,
        [recipient_of(settings.recipient), fresh.to_public()],
        tell=lambda done: tell(_("Dumping and sealing the clinic's data…"), done),
    )
    (making / SEALED_FOR).write_text(settings.recipient, encoding="utf-8")
    files.make_folder(site.root / "secrets")
    _clear(site.chain)
    site.drill_key.write(str(fresh))
    making.replace(site.chain)
    return made


def _clear(folder: Path) -> None:
    if folder.exists():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def _deliver(
    site: Site, settings: BackupSettings, only: str | None, tell: Tell
) -> tuple[PlaceResult, ...]:
    """Bring every place what it lacks of the newest chain: a disk that was away catches up."""
    results = []
    for place in settings.places:
        if only is not None and place.name.casefold() != only.casefold():
            continue
        tell(_("Taking the backup to {place}…").format(place=place.name), 0)
        try:
            _catch_up(site, settings, place)
        except ClinicError as error:
            results.append(PlaceResult(place=place.name, good=False, sentence=str(error)))
        else:
            results.append(PlaceResult(place=place.name, good=True))
    if only is not None and not results:
        raise SetupError(_("There is no place named “{name}”.").format(name=only))
    return tuple(results)


def _catch_up(site: Site, settings: BackupSettings, place: FolderPlace | S3Place) -> None:
    store = site.kept.store(place)
    there = {one.name: one.size for one in store.names()}
    for file in site.files():
        # The manifest comes last: a file with one is whole.
        for part in (file, file.with_name(manifest_name(file.name))):
            if there.get(part.name) != part.stat().st_size:
                store.put(part, part.name)
    key = site.kept.folder / key_name(settings)
    if settings.sealed and key.name not in there:
        key.write_bytes(settings.sealed_key())
        store.put(key, key.name)
    for listed in erased.lists(site.kept.folder):
        if listed.name not in there:
            store.put(listed, listed.name)
    if not place.keeps:
        names = [one.name for one in store.names()]
        for name in erased.outdone(names):
            store.remove(name)
        for name in retention.surplus(names, **settings.rules_of(place).model_dump()):
            store.remove(name)


def key_name(settings: BackupSettings) -> str:
    """Return how the sealed recovery key beside the backups is called.

    One for each key and passphrase: a new passphrase comes beside the old one, which still opens.
    """
    sealed = hashlib.sha256(settings.sealed_key()).hexdigest()[:8]
    return f"recovery-key-{settings.recipient[-8:]}-{sealed}.age"


def note(
    dsn: Dsn,
    kind: str,
    name: str,
    began: float,
    *,
    good: bool,
    sentence: str = "",
    size: int = 0,
    places: tuple[PlaceResult, ...] = (),
) -> None:
    """Write into the database what became of a backup, drill or pack."""
    with open_connection(dsn) as connection:
        connection.execute(
            "SELECT clinic.note_backup(%s, %s, to_timestamp(%s), %s, %s, %s, %s)",
            (
                kind,
                name,
                began,
                good,
                sentence,
                size,
                json.dumps([one.model_dump() for one in places]),
            ),
        )


def last_runs(dsn: Dsn) -> dict[str, tuple[datetime, bool]]:
    """Return kind -> when the newest ended and whether it went well."""
    with open_connection(dsn) as connection:
        found = connection.execute(
            "SELECT DISTINCT ON (kind) kind, ended_at, good FROM clinic.backup_run"
            " ORDER BY kind, id DESC"
        )
        return {row[0]: (row[1], row[2]) for row in found}


def before_upgrade(site: Site) -> Path:
    """Keep a sealed dump beside the data before the schema changes; the newest one only.

    Its key lies beside it as well: it guards against a failed upgrade, not against theft of a
    computer on which the data themselves lie. Raises SetupError, and the upgrade does not begin.
    """
    folder = site.kept.folder / BEFORE_UPGRADE
    files.make_folder(folder)
    old = list(folder.iterdir())
    key = pyrage.x25519.Identity.generate()
    made = make_full(site.dsn, folder, [key.to_public()])
    files.make_folder(site.root / "secrets")
    OwnerFile(site.root / "secrets" / BEFORE_UPGRADE).write(str(key))
    for file in old:
        with suppress(OSError):
            file.unlink()
    return folder / made.name
