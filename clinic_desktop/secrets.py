"""Secrets of people and machines: the system's keyring, and files only their owner reads."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class OwnerFile:
    """A secret in a file that only its owner reads: machines have no keyring.

    On Windows the file takes the rights of its folder, which is below the person's own profile;
    the mode given here does nothing there.
    """

    path: Path

    def read(self) -> str | None:
        """Return the secret, or None when there is no file."""
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, secret: str) -> None:
        """Put the secret in place of the old one in one step, safe on the disk before it counts."""
        # mkstemp makes the file for its owner alone, whatever the umask says.
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f"{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(secret)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(self.path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def remove(self) -> None:
        """Remove the secret; removing what is not there is nothing."""
        self.path.unlink(missing_ok=True)
