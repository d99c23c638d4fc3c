"""Folders and small files of the installation, and sentences for what the system refuses."""

import errno
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.own_folder import make_own

# Windows: access denied, a file that somebody has open, a part of one that somebody locked.
IN_USE: Final = frozenset({5, 32, 33})
BUSY_SECONDS: Final = 1.0  # a scanner for viruses or another reader has gone on by then
LOOK_AGAIN: Final = 0.02


def full(folder: Path) -> SetupError:
    """Return the sentence for a disk without room."""
    return SetupError(
        _(
            "The disk that holds {folder} is full. Nothing stored is lost. "
            "Free some space there, then open the program again."
        ).format(folder=folder)
    )


def read_only(folder: Path) -> SetupError:
    """Return the sentence for a folder on a disk that takes no changes."""
    return SetupError(
        _(
            "The folder {folder} is on a disk that cannot be written to. "
            "Make the disk writable, or choose another folder with --home."
        ).format(folder=folder)
    )


def denied(folder: Path) -> SetupError:
    """Return the sentence for a folder that this account may not use."""
    return SetupError(
        _(
            "This computer account may not use {folder}. "
            "Give it the right to, or choose another folder with --home."
        ).format(folder=folder)
    )


def too_long(folder: Path) -> SetupError:
    """Return the sentence for a path that the system does not take."""
    return SetupError(
        _(
            "The path of the folder {folder} is too long for this system. "
            "Choose a shorter one with --home."
        ).format(folder=folder)
    )


def in_the_way(folder: Path) -> SetupError:
    """Return the sentence for a file that stands where a folder is needed."""
    return SetupError(
        _(
            "A file stands where the folder {folder} is needed. "
            "Move that file away, or choose another folder with --home."
        ).format(folder=folder)
    )


def lockless(folder: Path) -> SetupError:
    """Return the sentence for a disk, mostly a network drive, without file locks."""
    return SetupError(
        _(
            "The folder {folder} is on a drive that cannot keep two programs apart. "
            "Choose a folder on a disk of this computer with --home."
        ).format(folder=folder)
    )


def busy(folder: Path) -> SetupError:
    """Return the sentence for a file that another program has open."""
    return SetupError(
        _(
            "A file in the folder {folder} is open in another program. "
            "Close it there, then try again."
        ).format(folder=folder)
    )


SENTENCES: Final[tuple[tuple[frozenset[int], Callable[[Path], SetupError]], ...]] = (
    (frozenset({errno.ENOSPC, errno.EDQUOT}), full),
    (frozenset({errno.EROFS}), read_only),
    (frozenset({errno.EACCES, errno.EPERM}), denied),
    (frozenset({errno.ENAMETOOLONG}), too_long),
    (frozenset({errno.ENOTDIR, errno.EEXIST, errno.EISDIR}), in_the_way),
    (frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}), lockless),
    (frozenset({errno.EBUSY}), busy),
)


def refusal(error: OSError, folder: Path) -> SetupError:
    """Return the sentence for what the system said about a folder of the installation."""
    for numbers, sentence in SENTENCES:
        if error.errno in numbers:
            return sentence(folder)
    return SetupError(
        _(
            "The folder {folder} cannot be used: {reason}. "
            "Check the disk, or choose another folder with --home."
        ).format(folder=folder, reason=error.strerror or type(error).__name__)
    )


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this account alone.

    Root's folders let other accounts through without letting them list anything, because another
    account runs root's database server. Folders that exist are left as they are. Raises SetupError
    where the folder cannot be made.
    """
    mode = 0o711 if is_root() else 0o700
    try:
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            with suppress(FileExistsError):  # another program makes it as well
                make_own(part, mode)
    except OSError as error:
        raise refusal(error, folder) from error
    if not folder.is_dir():
        raise in_the_way(folder)


def is_root() -> bool:
    """Say whether this is root, whose database server runs under another account."""
    return sys.platform != "win32" and os.geteuid() == 0


def put_in_place(beside: Path, path: Path) -> None:
    """Give a finished file its name in one step, in place of what had it.

    Windows refuses as long as another program has the old one open, mostly for a moment: it is
    tried again until that is over. Raises OSError as the system does, EBUSY for a file that stays
    open.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            beside.replace(path)
        except OSError as error:
            if getattr(error, "winerror", None) not in IN_USE:
                raise
            if time.monotonic() > until:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path)) from error
            time.sleep(LOOK_AGAIN)
        else:
            return


def replace_text(path: Path, text: str, *, owner: tuple[int, int] | None = None) -> None:
    """Put the text in place of the file in one step; a power cut leaves the old or the new.

    Only the file's owner can read it; ``owner`` (user and group number) gives it away, as root.
    Raises OSError as the system does.
    """
    # mkstemp makes the file for its owner alone, whatever the umask says.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if owner is not None:
            os.chown(temporary, *owner)
        put_in_place(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
