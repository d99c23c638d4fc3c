"""The folder in which this computer keeps the clinic's feeds fresh; the worker writes into it."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import text

from clinic_desktop import files
from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.engine import Link
from clinic_desktop.errors import ClinicError, InvalidError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.calendars.feeds import FeedMaker, is_there, path_in, put

EVERY: Final = timedelta(minutes=15)
TASK: Final = "feeds.write"
_CLINICS: Final = text("SELECT id, name, zone, locale, now() AS now FROM clinic.clinic ORDER BY id")


class FeedFolders(BaseModel):
    """The folder of each clinic on this computer; none for one whose feeds are not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    folders: Mapping[UUID, Path] = {}


class Written(BaseModel):
    """When the feeds were last written, and what went wrong, if anything did."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime | None = None
    error: str = ""


class FeedFolder:
    """What is chosen, in a file beside the data of an installation."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "calendars"

    def read(self) -> FeedFolders:
        """Return the folders; raises SetupError where the file cannot be read."""
        path = self._folder / "feeds.json"
        try:
            return FeedFolders.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return FeedFolders()
        except OSError as error:
            raise files.refusal(error, path) from error
        except ValidationError as error:
            raise SetupError(
                _("The choice of folders in {file} cannot be read. Choose them again.").format(
                    file=path
                )
            ) from error

    def choose(self, clinic_id: UUID, folder: Path | None) -> None:
        """Keep a clinic's feeds in a folder from now on, or no longer; raises InvalidError."""
        if folder is not None and not folder.is_dir():
            raise InvalidError(_("There is no folder {folder}.").format(folder=folder))
        kept = {one: where for one, where in self.read().folders.items() if one != clinic_id}
        if folder is not None:
            kept[clinic_id] = folder.absolute()
        self._write("feeds.json", FeedFolders(folders=kept).model_dump_json(indent=1))
        self._write("written.json", "{}")

    def written(self) -> Written:
        """Return when they were written last; never, where nobody knows."""
        try:
            return Written.model_validate_json((self._folder / "written.json").read_bytes())
        except (OSError, ValidationError):
            return Written()

    def note(self, at: datetime, error: str = "") -> None:
        """Remember that they were written, or what went wrong."""
        self._write("written.json", json.dumps({"at": at.isoformat(), "error": error}))

    def _write(self, name: str, content: str) -> None:
        files.make_folder(self._folder)
        try:
            files.replace_text(self._folder / name, content + "\n")
        except OSError as error:
            raise files.refusal(error, self._folder) from error


def due(root: Path, clock: Callable[[], datetime]) -> list[str]:
    """Return the name of the task when feeds are to be written; nothing where none are kept.

    ``clock`` asks the server what time it is.
    """
    kept = FeedFolder(root)
    if not kept.read().folders:
        return []
    at = kept.written().at
    return [TASK] if at is None or not at <= clock() < at + EVERY else []


def write(root: Path, dsn: Dsn) -> int:
    """Write the feeds of every clinic that keeps them here; return how many files are new.

    ``dsn`` is the sign-in of clinic_backup, which reads every clinic. What became of it is noted.
    """
    kept = FeedFolder(root)
    folders = kept.read().folders
    link = Link(dsn)
    try:
        with link.reading() as connection:
            rows = connection.execute(_CLINICS).all()
            try:
                count = sum(
                    _of_clinic(
                        FeedMaker(
                            connection, row.id, row.name, ZoneInfo(row.zone), row.locale, row.now
                        ),
                        folders[row.id],
                    )
                    for row in rows
                    if row.id in folders
                )
            except ClinicError as error:
                kept.note(rows[0].now, str(error))
                raise
            if rows:
                kept.note(rows[0].now)
    finally:
        link.close()
    return count


def _of_clinic(maker: FeedMaker, folder: Path) -> int:
    fresh = 0
    for provider in maker.providers():
        path = path_in(folder, provider.short_name, provider.id)
        feed = maker.feed(provider, path)
        if feed.names and not is_there(feed, path):
            # Before they are out: what was written down and did not leave hides nothing.
            maker.note(feed)
        fresh += put(feed, path)
    return fresh
