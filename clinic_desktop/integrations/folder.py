"""A folder, a USB disk or a network share as a place for backups."""

import hashlib
import os
import queue
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from clinic_desktop import files
from clinic_desktop.errors import SetupError, UnreachableError
from clinic_desktop.i18n import _
from clinic_desktop.integrations.stored import Stored, taken

T = TypeVar("T")

# A disk that is not plugged in leaves an empty folder behind: the mark tells them apart.
MARK: Final = ".clinic-desktop-backups"
ANSWER_SECONDS: Final = 20.0
COPY_BYTES: Final = 1 << 20
# A share that brings less than this in a second is as good as none.
SLOWEST: Final = 200_000


@dataclass(frozen=True)
class FolderStore:
    """``folder`` is there before and carries our mark once it has been chosen.

    ``keeps`` makes each file read-only: this program never removes one there.
    """

    folder: Path
    keeps: bool = False
    seconds: float = ANSWER_SECONDS

    def choose(self) -> None:
        """Put our mark into the folder; raises where it cannot be written to."""
        self._in_time(self._mark, self.seconds)

    def check(self) -> None:
        """Write and remove a small file."""
        self._in_time(self._try, self.seconds)

    def put(self, source: Path, name: str) -> None:
        """Copy the file, read the copy again and compare, then give it its name."""
        allowed = self.seconds + source.stat().st_size / SLOWEST
        self._in_time(lambda: self._put(source, name), allowed)

    def names(self) -> list[Stored]:
        """Return the files of the folder."""
        return self._in_time(self._names, self.seconds)

    def get(self, name: str, target: Path) -> None:
        """Copy a file out of the folder."""
        self._in_time(lambda: self._get(name, target), 3600)

    def remove(self, name: str) -> None:
        """Remove a file; refused where everything is kept."""
        if self.keeps:
            raise RuntimeError("nothing is removed from a place that only grows")
        self._in_time(lambda: (self.folder / name).unlink(missing_ok=True), self.seconds)

    def waiting(self) -> int:
        """Return how many files lie there, chosen for backups or not."""
        return self._in_time(
            lambda: sum(1 for entry in self.folder.iterdir() if entry.is_file()), self.seconds
        )

    def _in_time(self, act: Callable[[], T], seconds: float) -> T:
        """Return what the act answers; a share that hangs must not hang us with it."""
        answers: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put((act(), None))
            except Exception as error:  # noqa: BLE001 - handed to the caller
                answers.put((None, error))

        threading.Thread(target=work, name="backup folder", daemon=True).start()
        try:
            result, failure = answers.get(timeout=seconds)
        except queue.Empty:
            raise UnreachableError(
                _("The folder {folder} does not answer. Is the network share reachable?").format(
                    folder=self.folder
                )
            ) from None
        if isinstance(failure, OSError):
            raise self._refusal(failure) from failure
        if failure is not None:
            raise failure
        return result  # type: ignore[return-value]  # the answer of this very act

    def _refusal(self, error: OSError) -> Exception:
        if isinstance(error, FileNotFoundError):
            return self._absent()
        return files.refusal(error, self.folder)

    def _absent(self) -> UnreachableError:
        return UnreachableError(
            _("{folder} is not there. Plug the disk in, or connect the share.").format(
                folder=self.folder
            )
        )

    def _there(self) -> None:
        if not (self.folder / MARK).is_file():
            raise self._absent()

    def _mark(self) -> None:
        if not self.folder.is_dir():
            raise self._absent()
        if not (self.folder / MARK).exists():
            (self.folder / MARK).write_text("Backups of Clinic Desktop are kept here.\n", "utf-8")

    def _try(self) -> None:
        self._there()
        trial = self.folder / f".trial-{os.getpid()}"
        trial.write_bytes(b"trial")
        try:
            if trial.read_bytes() != b"trial":
                raise self._changed("trial")
        finally:
            trial.unlink(missing_ok=True)

    def _put(self, source: Path, name: str) -> None:
        self._there()
        if self.keeps and self._kept(source, name):
            return
        unfinished = self.folder / f".{name}.unfinished"
        try:
            written = hashlib.sha256()
            with source.open("rb") as given, unfinished.open("wb") as kept:
                while block := given.read(COPY_BYTES):
                    written.update(block)
                    kept.write(block)
                kept.flush()
                os.fsync(kept.fileno())
            with unfinished.open("rb") as again:
                if hashlib.file_digest(again, "sha256").digest() != written.digest():
                    raise self._changed(name)
            if self.keeps:
                self._name_once(source, unfinished, name)
            else:
                files.put_in_place(unfinished, self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)

    def _kept(self, source: Path, name: str) -> bool:
        """Return whether the file is there; raises SetupError for another one of its name."""
        there = self.folder / name
        if not there.exists():
            return False
        if there.stat().st_size != source.stat().st_size:
            raise taken(self.folder, name)
        return True

    def _name_once(self, source: Path, unfinished: Path, name: str) -> None:
        """Give the copy its name unless another computer was first."""
        there = self.folder / name
        try:
            there.hardlink_to(unfinished)
        except FileExistsError:
            self._kept(source, name)
            return
        except OSError:
            # Disks that other systems read as well know no second name for a file.
            if self._kept(source, name):
                return
            unfinished.rename(there)
        # Last, because Windows removes no name of a file that is read-only.
        unfinished.unlink(missing_ok=True)
        there.chmod(0o444)

    def _changed(self, name: str) -> SetupError:
        return SetupError(
            _("{folder} gives back something else than was written ({name}). Replace the disk.")
            .format(folder=self.folder, name=name)
        )  # fmt: skip

    def _names(self) -> list[Stored]:
        self._there()
        return [
            Stored(entry.name, entry.stat().st_size)
            for entry in self.folder.iterdir()
            if entry.is_file() and not entry.name.startswith(".")
        ]

    def _get(self, name: str, target: Path) -> None:
        self._there()
        shutil.copyfile(self.folder / name, target)
