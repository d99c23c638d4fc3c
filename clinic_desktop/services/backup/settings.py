"""Where backups go, how long they are kept and for which key: kept beside the data."""

import base64
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from clinic_desktop import files
from clinic_desktop.errors import ConflictError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.integrations.folder import FolderStore
from clinic_desktop.integrations.s3 import S3Store
from clinic_desktop.integrations.stored import Store
from clinic_desktop.secrets import OwnerFile

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Rules(BaseModel):
    """How many backups stay: the newest of each of the last days, weeks and months."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    daily: int = Field(default=7, ge=1, le=366)
    weekly: int = Field(default=5, ge=0, le=520)
    monthly: int = Field(default=12, ge=0, le=240)


class _Place(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    keeps: bool = False
    """Whether it only grows: this program never removes anything there."""
    rules: Rules | None = None
    """Rules of its own; None for those of all places."""


class FolderPlace(_Place):
    """A folder, a USB disk or a network share."""

    kind: Literal["folder", "usb", "share"] = "folder"
    folder: Path


class S3Place(_Place):
    """A bucket; its secret key is in a file of its own that only the owner reads."""

    kind: Literal["s3"] = "s3"
    bucket: Name
    access_key: Name
    endpoint: str = ""
    region: str = "us-east-1"
    prefix: str = ""


Place = Annotated[FolderPlace | S3Place, Field(discriminator="kind")]


class BackupSettings(BaseModel):
    """Everything that is chosen about backups; nothing secret.

    ``recipient`` is the recovery key's public half, ``sealed`` its secret half under the
    passphrase (base64), laid beside the backups. ``hour`` is the nightly time in the clinic's zone.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    recipient: str = ""
    sealed: str = ""
    places: tuple[Place, ...] = ()
    daily: int = Field(default=7, ge=1, le=366)
    weekly: int = Field(default=5, ge=0, le=520)
    monthly: int = Field(default=12, ge=0, le=240)
    hour: int = Field(default=2, ge=0, le=23)
    pack_recipient: str = ""
    pack_sealed: str = ""

    def rules_of(self, place: FolderPlace | S3Place | None) -> Rules:
        """Return how long a place keeps its backups; None asks for the rules of all."""
        if place is not None and place.rules is not None:
            return place.rules
        return Rules(daily=self.daily, weekly=self.weekly, monthly=self.monthly)

    @property
    def pack(self) -> bool:
        """Whether a pack for the next day is made each night: it has a key of its own."""
        return bool(self.pack_recipient)

    @property
    def ready(self) -> bool:
        """Whether backups can be made: there is a key and somewhere to put them."""
        return bool(self.recipient and self.places)

    def sealed_key(self) -> bytes:
        """Return the secret half under its passphrase."""
        return base64.b64decode(self.sealed)

    def pack_key(self) -> bytes:
        """Return the secret half of the pack's key under its passphrase."""
        return base64.b64decode(self.pack_sealed)


class Kept:
    """The folder ``backup`` of an installation: settings, the newest chain, secrets of places."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder: Final = root / "backup"

    def read(self) -> BackupSettings:
        """Return the settings; a missing file means none chosen yet. Raises SetupError."""
        path = self.folder / "settings.json"
        try:
            return BackupSettings.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return BackupSettings()
        except OSError as error:
            raise files.refusal(error, path) from error
        except ValidationError as error:
            raise SetupError(
                _(
                    "The backup settings in {file} cannot be read. Nothing in it was changed."
                ).format(file=path)
            ) from error

    def write(self, settings: BackupSettings) -> None:
        """Keep the settings; raises SetupError where the disk refuses."""
        files.make_folder(self.folder)
        # What was never chosen is left out, so that an older version can still read the file.
        content = settings.model_dump_json(indent=1, exclude_none=True) + "\n"
        try:
            files.replace_text(self.folder / "settings.json", content)
        except OSError as error:
            raise files.refusal(error, self.folder) from error

    def add_place(self, place: FolderPlace | S3Place, *, secret: str = "") -> None:
        """Choose a place after trying it; raises ConflictError for a name that is there."""
        settings = self.read()
        if any(one.name.casefold() == place.name.casefold() for one in settings.places):
            raise ConflictError(
                _("A place named “{name}” is there already.").format(name=place.name), field="name"
            )
        if secret:
            files.make_folder(self.root / "secrets")
            self._secret(place.name).write(secret)
        store = self.store(place)
        if isinstance(store, FolderStore | S3Store):
            store.choose()
        self.write(settings.model_copy(update={"places": (*settings.places, place)}))

    def remove_place(self, name: str) -> None:
        """Forget a place; what lies there stays."""
        settings = self.read()
        kept = tuple(one for one in settings.places if one.name != name)
        self.write(settings.model_copy(update={"places": kept}))
        self._secret(name).remove()

    def store(self, place: FolderPlace | S3Place) -> Store:
        """Return the adapter of a place."""
        if isinstance(place, S3Place):
            return S3Store(
                bucket=place.bucket,
                access_key=place.access_key,
                secret_key=self._secret(place.name).read() or "",
                endpoint=place.endpoint,
                region=place.region,
                prefix=place.prefix,
                keeps=place.keeps,
            )
        return FolderStore(place.folder, keeps=place.keeps)

    def _secret(self, name: str) -> OwnerFile:
        plain = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
        return OwnerFile(self.root / "secrets" / f"backup-{plain}")
