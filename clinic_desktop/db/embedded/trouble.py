"""What the operating system refused, turned into sentences about the data folder."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Final

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
DENIED: Final = frozenset({errno.EACCES, errno.EPERM})
LOCKLESS: Final = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS})
IN_THE_WAY: Final = frozenset({errno.ENOTDIR, errno.EEXIST, errno.EISDIR})


class ToolError(Exception):
    """A program of PostgreSQL did not do its work; the text is what it wrote."""


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
            "This computer account may not write to {folder}. "
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
    (FULL, full),
    (frozenset({errno.EROFS}), read_only),
    (DENIED, denied),
    (frozenset({errno.ENAMETOOLONG}), too_long),
    (IN_THE_WAY, in_the_way),
    (LOCKLESS, lockless),
)

# The tools run with LC_ALL=C, so what they write is known.
TOOL_TEXTS: Final[tuple[tuple[str, Callable[[Path], SetupError]], ...]] = (
    ("No space left on device", full),
    ("Disk quota exceeded", full),
    ("There is not enough space on the disk", full),
    ("Read-only file system", read_only),
    ("File name too long", too_long),
    ("Permission denied", denied),
    ("Operation not permitted", denied),
)


def of_system(error: OSError, folder: Path) -> SetupError:
    """Return the sentence for what the system said about the folder."""
    for numbers, sentence in SENTENCES:
        if error.errno in numbers:
            return sentence(folder)
    return SetupError(
        _(
            "The folder {folder} cannot be used: {reason}. "
            "Check the disk, or choose another folder with --home."
        ).format(folder=folder, reason=error.strerror or type(error).__name__)
    )


def of_tool(output: str, folder: Path) -> SetupError:
    """Return the sentence for what a program of PostgreSQL wrote before it gave up."""
    for text, sentence in TOOL_TEXTS:
        if text in output:
            return sentence(folder)
    return SetupError(
        _(
            "The database in {folder} did not start. It reported: {report}\n"
            "Run “clinic-desktop doctor” to see what to do. Nothing stored was changed."
        ).format(folder=folder, report=output.strip()[-600:])
    )
