"""When each outside thing answered last and what it said when it did not; on this computer."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from clinic_desktop import files
from clinic_desktop.errors import ClinicError

log = logging.getLogger(__name__)

FILE_NAME: Final = "integrations.json"


class Contact(BaseModel):
    """``good_at`` is the last time it answered; ``error`` is empty when it never failed."""

    model_config = ConfigDict(frozen=True)

    good_at: datetime | None = None
    error: str = ""
    error_at: datetime | None = None

    @property
    def good(self) -> bool | None:
        """Whether the newest contact went well; None without any."""
        if self.good_at is None and self.error_at is None:
            return None
        if self.error_at is None:
            return True
        return self.good_at is not None and self.good_at >= self.error_at

    def with_newer(self, other: "Contact") -> "Contact":
        """Return the newest of both: what tests found and what the work itself found."""
        mine = self.error_at is not None and (
            other.error_at is None or self.error_at > other.error_at
        )
        failed = self if mine else other
        times = [at for at in (self.good_at, other.good_at) if at is not None]
        return Contact(
            good_at=max(times, default=None), error=failed.error, error_at=failed.error_at
        )


_ALL: Final = TypeAdapter(dict[str, Contact])


class Memory:
    """What tests found, by the id of the thing."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE_NAME

    def read(self) -> dict[str, Contact]:
        """Return everything that is remembered; a damaged file costs the memory only."""
        try:
            return _ALL.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            log.warning("What tests found before cannot be read: %s", type(error).__name__)
            return {}

    def keep(self, thing: str, at: datetime, error: str = "") -> None:
        """Remember how a test ended; ``error`` is empty when it went well."""
        known = self.read()
        before = known.get(thing, Contact())
        if error:
            known[thing] = before.model_copy(update={"error": error, "error_at": at})
        else:
            known[thing] = before.model_copy(update={"good_at": at})
        try:
            files.make_folder(self._path.parent)
            files.replace_text(self._path, _ALL.dump_json(known, indent=1).decode() + "\n")
        except (OSError, ClinicError) as refusal:
            log.warning("What the test found was not kept: %s", type(refusal).__name__)
