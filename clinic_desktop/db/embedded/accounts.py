"""Which account of the computer runs the server: PostgreSQL refuses to run as root."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

CANDIDATES: Final = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account without privileges that runs the server on behalf of root."""

    name: str
    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """Return the account that must run the server, or None when it is our own.

    An existing data folder decides by its owner, so that an account added to the computer later
    does not lock the clinic out. Raises SetupError when the data belong to somebody else.
    """
    if sys.platform == "win32":  # PostgreSQL drops an administrator's rights by itself
        return None
    me = os.geteuid()
    owner = data.stat().st_uid if data.exists() else None
    if me != 0:
        if owner not in (None, me):
            raise SetupError(
                _(
                    "The data in {folder} belong to another account of this computer. "
                    "Open the program with that account, or choose another folder with --home."
                ).format(folder=data)
            )
        return None
    return _by_uid(owner) if owner else _by_name(data)


if sys.platform != "win32":
    import pwd

    def _by_uid(uid: int) -> Account:
        """Return the account with the number, also where it has no name any more."""
        try:
            found = pwd.getpwuid(uid)
        except KeyError:
            return Account(name=str(uid), uid=uid, gid=uid)
        return Account(name=found.pw_name, uid=uid, gid=found.pw_gid)

    def _by_name(data: Path) -> Account:
        """Return the first account of the computer that suits a database server."""
        for name in CANDIDATES:
            try:
                found = pwd.getpwnam(name)
            except KeyError:
                continue
            if found.pw_uid != 0:
                return Account(name=name, uid=found.pw_uid, gid=found.pw_gid)
        raise SetupError(
            _(
                "The database does not run as root, and this computer has no account named "
                "“postgres” or “nobody” to run it for {folder}. "
                "Open the program with an ordinary account."
            ).format(folder=data.parent)
        )


def unreachable_part(folder: Path, account: Account) -> Path | None:
    """Return the outermost part of the path that the account cannot pass, or None."""
    for part in reversed((folder, *folder.parents)):
        found = part.stat()
        if found.st_uid == account.uid:
            passable = found.st_mode & 0o100
        elif found.st_gid == account.gid:
            passable = found.st_mode & 0o010
        else:
            passable = found.st_mode & 0o001
        if not passable:
            return part
    return None


def must_reach(folder: Path, account: Account) -> None:
    """Raise SetupError when the account cannot get to the folder; nobody's rights are changed."""
    closed = unreachable_part(folder, account)
    if closed is not None:
        raise SetupError(
            _(
                "The database runs as the account “{account}”, which cannot enter {closed}. "
                "Choose a folder that it can reach, such as /var/lib/clinic-desktop, with --home, "
                "or open the program with an ordinary account."
            ).format(account=account.name, closed=closed)
        )
