"""What was changed about this computer: beside its settings, for they are in no clinic's log."""

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from clinic_desktop import files
from clinic_desktop.config import Settings
from clinic_desktop.errors import ClinicError

log = logging.getLogger(__name__)

FILE_NAME: Final = "settings-history.json"
MOST: Final = 200


class LocalChange(BaseModel):
    """One setting of this computer changed by somebody; values as they stand in the file."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: str
    field: str
    before: Any
    after: Any


_ALL: Final = TypeAdapter(list[LocalChange])


class LocalLog:
    """The newest changes, the newest first; who may write the settings may write this file."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / FILE_NAME

    def changes(self, fields: frozenset[str]) -> tuple[LocalChange, ...]:
        """Return the changes of these settings."""
        return tuple(one for one in self._read() if one.field in fields)

    def keep(self, by: str, at: datetime, **changes: object) -> None:
        """Store settings of this computer and who changed them; raises SetupError."""
        before = Settings.load(self._home)
        after = before.save(self._home, **changes)
        made = [
            LocalChange(
                at=at, by=by, field=name, before=_plain(before, name), after=_plain(after, name)
            )
            for name in changes
            if _plain(before, name) != _plain(after, name)
        ]
        if made:
            self._write([*made, *self._read()][:MOST])

    def _read(self) -> list[LocalChange]:
        try:
            return _ALL.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValidationError) as error:
            # What was changed before is worth a line in the log, not to stop a change of today.
            log.warning("The history of settings cannot be read: %s", type(error).__name__)
            return []

    def _write(self, entries: list[LocalChange]) -> None:
        content = json.dumps(_ALL.dump_python(entries, mode="json"), indent=1, ensure_ascii=False)
        try:
            files.replace_text(self._path, content + "\n")
        except (OSError, ClinicError) as error:
            log.warning("The history of settings was not kept: %s", type(error).__name__)


def _plain(settings: Settings, name: str) -> Any:
    return settings.model_dump(mode="json")[name]
