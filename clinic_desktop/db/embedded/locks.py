"""File locks that the system lets go when their holder dies, however it dies."""

import os
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from clinic_desktop import files
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

LOOK_AGAIN: Final = 0.05  # seconds between two tries

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        """Lock the first byte; Windows frees it with the handle."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        """Lock the open file, not the process: two handles in one program exclude each other."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """One lock on one file, held from ``take`` until ``release`` or the end of the program.

    A bare handle and not a file object: forgetting the lock must not let it go.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Say whether this object holds the lock."""
        return self._handle is not None

    def take(self) -> bool:
        """Take the lock if it is free.

        Raises SetupError where the folder refuses the file or the drive knows no locks.
        """
        try:
            # Opened for writing because Windows locks nothing else.
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise files.refusal(error, self.path.parent) from error
        try:
            taken = _try_lock(handle)
        except OSError as error:
            os.close(handle)
            raise files.refusal(error, self.path.parent) from error
        if taken:
            self._handle = handle
        else:
            os.close(handle)
        return taken

    def release(self) -> None:
        """Let the lock go; releasing twice is nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def alone(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock inside the block, waiting for another program to finish.

    Raises SetupError when the other one takes longer than ``seconds``.
    """
    lock = FileLock(path)
    until = time.monotonic() + seconds
    while not lock.take():
        if time.monotonic() > until:
            raise SetupError(
                _(
                    "Another program is still starting or closing the database in {folder}. "
                    "Wait a minute, then try again."
                ).format(folder=path.parent)
            )
        time.sleep(LOOK_AGAIN)
    try:
        yield
    finally:
        lock.release()


class Programs:
    """The programs that use one server: a file each, locked for as long as the program lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mine: FileLock | None = None

    def enter(self) -> None:
        """Count this program in; a second time is nothing."""
        if self._mine is None:
            mine = FileLock(self.folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.lock")
            mine.take()
            self._mine = mine

    def leave(self) -> None:
        """Count this program out."""
        if self._mine is not None:
            self._mine.release()
            # On Windows a scanner may hold the file for a moment; the next one to leave sweeps it.
            with suppress(OSError):
                self._mine.path.unlink()
            self._mine = None

    def others(self) -> int:
        """Return how many other programs live, sweeping away the files of those that died.

        Called under the start lock, so nobody enters in between.
        """
        alive = 0
        for path in self.folder.glob("*.lock"):
            if self._mine is not None and path == self._mine.path:
                continue
            lock = FileLock(path)
            if not lock.take():
                alive += 1
                continue
            lock.release()
            with suppress(OSError):
                path.unlink()
        return alive
