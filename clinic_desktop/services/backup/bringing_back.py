"""From a backup to a sign-in on this computer: bring it back, then let one administrator in.

Between the two nobody may sign in; a mark in the folder says so, and the next start goes on there.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from clinic_desktop import files
from clinic_desktop.domain.passwords import check_password, login_of
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup import retention
from clinic_desktop.services.backup.local import restore_here
from clinic_desktop.services.backup.people import administrators, let_in
from clinic_desktop.services.backup.taking import take_file
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.schemas import Row

MARK: Final = "restored"
Tell = Callable[[str], None]


class FoundBackup(Row):
    """A whole backup that lies in a folder; ``clinic`` tells clinics apart that share it."""

    file: Path
    clinic: str
    made_at: datetime


class Back(Row):
    """What a restore brought back; ``administrators`` are login and name of who may be let in."""

    until: datetime | None
    rows: int
    missing: str
    administrators: tuple[tuple[str, str], ...]


def backups_in(source: Path) -> tuple[FoundBackup, ...]:
    """Return the whole backups of a folder, the newest first, or the one of a file.

    Raises InvalidError (``source``) where there is none.
    """
    try:
        names = [source] if source.is_file() else list(source.iterdir())
    except OSError as error:
        raise InvalidError(
            _("{folder} cannot be opened ({reason}).").format(
                folder=source, reason=error.strerror or type(error).__name__
            ),
            field="source",
        ) from error
    found = [
        FoundBackup(file=one, clinic=stamp.rsplit("-", 1)[0], made_at=retention.made_at(stamp))
        for one in names
        if one.name.endswith("-full.age") and (stamp := retention.stamp(one.name)) is not None
    ]
    if not found:
        raise InvalidError(
            _("This is no whole backup; its file is called clinic-…-full.age.")
            if source.is_file()
            else _("No backup lies in this folder. Look for files called clinic-…-full.age."),
            field="source",
        )
    return tuple(sorted(found, key=lambda one: one.made_at, reverse=True))


def bring_back(
    place: LocalInstallation, file: Path, *, key: Path | None, passphrase: str, tell: Tell
) -> Back:
    """Restore a backup with what continues it into this computer's empty installation.

    Raises InvalidError at ``passphrase`` or ``key``, SetupError for a backup that is damaged, of
    a newer version or of another clinic; nothing is left of what was begun. ``tell`` may raise to
    stop.
    """
    beside = any(file.parent.glob("recovery-key-*.age"))
    if key is None and not beside:
        raise InvalidError(
            _("No recovery key lies beside this backup. Choose the file of the key."), field="key"
        )
    if key is None and not passphrase.strip():
        raise InvalidError(
            _("Enter the passphrase of the recovery key, or choose the file of the key."),
            field="passphrase",
        )
    tell(_("Opening the recovery key…"))
    taken = take_file(file, identity=key, passphrase=passphrase or None)
    place.start(tell)
    back = restore_here(place, taken.files, taken.identities, lists=taken.erased, tell=tell)
    files.replace_text(place.root / MARK, "")
    return Back(
        until=back.until,
        rows=back.rows,
        missing=back.missing or taken.missing,
        administrators=tuple(administrators(place.superuser())),
    )


def is_waiting(root: Path) -> bool:
    """Return whether a clinic was brought back here and nobody was let in yet."""
    return (root / MARK).exists()


def waiting(place: LocalInstallation, tell: Tell) -> Back:
    """Return who may be let in where a restore was left."""
    place.start(tell)
    known = tuple(administrators(place.superuser()))
    return Back(until=None, rows=0, missing="", administrators=known)


def let_first_in(place: LocalInstallation, login: str, password: str) -> None:
    """Give an administrator a new password; raises InvalidError (``password``)."""
    check_password(password, login=login_of(login.removeprefix("u_")), name=login)
    let_in(place.superuser(), login, password)
    (place.root / MARK).unlink(missing_ok=True)
