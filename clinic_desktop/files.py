"""Folders and small files of the installation, and sentences for what the system refuses."""

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _


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


SENTENCES: Final[tuple[tuple[frozenset[int], Callable[[Path], SetupError]], ...]] = (
    (frozenset({errno.ENOSPC, errno.EDQUOT}), full),
    (frozenset({errno.EROFS}), read_only),
    (frozenset({errno.EACCES, errno.EPERM}), denied),
    (frozenset({errno.ENAMETOOLONG}), too_long),
    (frozenset({errno.ENOTDIR, errno.EEXIST, errno.EISDIR}), in_the_way),
    (frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}), lockless),
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
            part.mkdir(mode=mode, exist_ok=True)
            part.chmod(mode)  # the umask may have taken more than we want, and never gives
    except OSError as error:
        raise refusal(error, folder) from error
    if not folder.is_dir():
        raise in_the_way(folder)


def is_root() -> bool:
    """Say whether this is root, whose database server runs under another account."""
    return os.name == "posix" and os.geteuid() == 0


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
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
