"""Fetching a backup with its segments from a file's folder or from a place, and its key."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup import erased, retention
from clinic_desktop.services.backup.keys import NewKey, open_key, read_identity, seal_key
from clinic_desktop.services.backup.schemas import file_name
from clinic_desktop.services.backup.settings import BackupSettings, Kept


@dataclass(frozen=True)
class Taken:
    """A dump with the segments that continue it, and the keys that may open them."""

    files: tuple[Path, ...]
    identities: tuple[Any, ...] = field(repr=False)
    missing: str = ""
    """The name of the first segment that is not there though later ones are."""
    erased: tuple[Path, ...] = ()
    """Lists of those who must not come back."""


def beside(file: Path) -> tuple[tuple[Path, ...], str]:
    """Return a dump and the segments in its folder, up to the first gap, and that gap's name."""
    stamp = retention.stamp(file.name)
    if stamp is None or not file.name.endswith("-full.age"):
        return (file,), ""
    numbers = {
        int(one.name.removeprefix(f"{stamp}-").removesuffix(".age"))
        for one in file.parent.glob(f"{stamp}-[0-9]*.age")
    }
    last = next(n for n in range(1, len(numbers) + 2) if n not in numbers)
    files = (file, *(file.with_name(file_name(stamp, n)) for n in range(1, last)))
    return files, file_name(stamp, last) if numbers and max(numbers) > last else ""


def take_file(file: Path, *, identity: Path | None, passphrase: str | None) -> Taken:
    """Return what a file and its folder hold; raises SetupError."""
    if not file.is_file():
        raise SetupError(_("There is no backup {file}.").format(file=file))
    files, gap = beside(file)
    keys = sorted(file.parent.glob("recovery-key-*.age"))
    known = tuple(erased.lists(file.parent))
    return Taken(files, _identities(keys, identity, passphrase), gap, known)


def _identities(keys: list[Path], identity: Path | None, passphrase: str | None) -> tuple[Any, ...]:
    """Return the key of a file, or those beside the backups that the passphrase opens."""
    if identity is not None or len(keys) < 2 or passphrase is None:
        return (read_identity(identity, passphrase, keys[0] if keys else None),)
    found, refused = [], None
    for key in keys:
        try:
            found.append(read_identity(None, passphrase, key))
        except InvalidError as error:
            refused = error
    if refused is not None and not found:
        raise refused
    return tuple(found)


def take(
    settings: BackupSettings,
    kept: Kept,
    place_name: str,
    folder: Path,
    *,
    identity: Path | None,
    passphrase: str | None,
    name: str | None = None,
) -> Taken:
    """Bring the newest dump of a place (or the one of ``name``) and its segments to ``folder``."""
    place = next((p for p in settings.places if p.name.casefold() == place_name.casefold()), None)
    if place is None:
        raise NotFoundError(_("There is no place named “{name}”.").format(name=place_name))
    store = kept.store(place)
    names = [one.name for one in store.names()]
    fulls = sorted(one for one in names if one.endswith("-full.age") and retention.stamp(one))
    chosen = name or (fulls[-1] if fulls else None)
    if chosen is None or chosen not in names:
        raise NotFoundError(_("There is no backup in {place} yet.").format(place=place.name))
    stamp = retention.stamp(chosen) or ""
    for one in names:
        if one.startswith((stamp, "recovery-key-")) or erased.NAME.match(one):
            store.get(one, folder / one)
    return take_file(folder / chosen, identity=identity, passphrase=passphrase)


def set_key(kept: Kept, key: NewKey, *, again: bool = False) -> None:
    """Take a new recovery key into use; raises ConflictError where there is one already."""
    settings = kept.read()
    if settings.recipient and not again:
        raise ConflictError(
            _("There is a recovery key already. A new one opens only the backups made from now on.")
        )
    sealed = base64.b64encode(key.sealed).decode()
    kept.write(settings.model_copy(update={"recipient": key.public, "sealed": sealed}))


def change_passphrase(kept: Kept, *, old: str, new: str) -> None:
    """Seal the recovery key under another passphrase; raises InvalidError for a wrong one.

    Copies of the key that lie in places already still open with the old one.
    """
    settings = kept.read()
    if not settings.sealed:
        raise SetupError(_("There is no recovery key yet."))
    sealed = seal_key(open_key(settings.sealed_key(), old), new)
    kept.write(settings.model_copy(update={"sealed": base64.b64encode(sealed).decode()}))
