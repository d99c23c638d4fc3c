"""What every place for backups offers, whatever it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _


@dataclass(frozen=True)
class Stored:
    """A file in a place."""

    name: str
    size: int


def taken(place: object, name: str) -> SetupError:
    """Return the sentence for a name that another file has in a place that only grows."""
    return SetupError(
        _("{place} has another file named {name}. Nothing there is overwritten.").format(
            place=place, name=name
        )
    )


class Store(Protocol):
    """A folder or bucket; each method raises UnreachableError or SetupError with a sentence."""

    def check(self) -> None:
        """Write, read and, where allowed, remove a small file."""

    def put(self, source: Path, name: str) -> None:
        """Store a file whole under a name; a copy that was cut short never has that name.

        A place that only grows keeps what has the name, and refuses another file for it.
        """

    def names(self) -> list[Stored]:
        """Return what is there."""

    def get(self, name: str, target: Path) -> None:
        """Bring a file to a path."""

    def remove(self, name: str) -> None:
        """Remove a file; never called for a place that only grows."""
