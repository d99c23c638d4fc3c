"""What a backup says about itself, and what became of one."""

from datetime import datetime
from typing import Final, Literal

from clinic_desktop.services.schemas import Row

FORMAT: Final = 1
Kind = Literal["full", "tail"]


class Anchor(Row):
    """Where a clinic's change log stood: number and hash (hex) of its last entry."""

    seq: int
    hash: str


class Manifest(Row):
    """Inside the sealed file before the data, and in clear beside it with hash and size.

    ``stamp`` names the dump a segment belongs to, ``number`` counts segments from 1; ``after`` is
    where the one before ended. ``counts`` are rows per table at this very moment.
    """

    format: int = FORMAT
    kind: Kind
    stamp: str
    number: int = 0
    made_at: datetime
    program: str
    schema_version: str
    tool: int
    clinics: dict[str, Anchor]
    after: dict[str, Anchor] = {}
    counts: dict[str, int]
    sha256: str = ""
    size: int = 0

    @property
    def name(self) -> str:
        """The file's name."""
        return file_name(self.stamp, self.number)


def file_name(stamp: str, number: int) -> str:
    """Return how a dump (number 0) or a segment of it is called."""
    return f"{stamp}-full.age" if number == 0 else f"{stamp}-{number:04d}.age"


def manifest_name(name: str) -> str:
    """Return the name of the manifest beside a file."""
    return name.removesuffix(".age") + ".json"


class PlaceResult(Row):
    """What became of a backup in one place; ``sentence`` is empty where it went well."""

    place: str
    good: bool
    sentence: str = ""


class Outcome(Row):
    """What became of one backup."""

    name: str
    size: int
    seconds: float
    places: tuple[PlaceResult, ...]

    @property
    def good(self) -> bool:
        """Whether at least one place has it."""
        return any(one.good for one in self.places)


class Restored(Row):
    """What a restore brought back, and until when."""

    until: datetime
    segments: int
    rows: int
    logins: tuple[str, ...]
    missing: str = ""
    erased_again: int = 0


class RunRow(Row):
    """One backup, drill or pack that came to an end."""

    kind: str
    name: str
    started_at: datetime
    ended_at: datetime
    good: bool
    sentence: str
    size: int
    places: tuple[PlaceResult, ...]


class Status(Row):
    """The newest dump, drill, segment and pack; None for none yet."""

    full: RunRow | None
    good_full: RunRow | None
    drill: RunRow | None
    tail: RunRow | None
    pack: RunRow | None
    now: datetime
