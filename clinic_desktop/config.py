"""Settings of one installation and the profiles of the databases it opens; nothing secret."""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from clinic_desktop import files
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError, SetupError
from clinic_desktop.homes import ENVIRONMENT as ENVIRONMENT
from clinic_desktop.homes import PROFILES_FILE, SETTINGS_FILE
from clinic_desktop.homes import home as home
from clinic_desktop.i18n import LANGUAGES, N_, _

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


def make_home(folder: Path) -> None:
    """Make the folder of the installation for this account; raises SetupError where refused."""
    files.make_folder(folder)


def remembered(folder: Path) -> Path:
    """Return the file, away from a data folder, that remembers where its logs stood.

    It lies with the person's settings of other programs (or in CLINIC_DESKTOP_MEMORY), so that
    whoever replaces the data as a whole does not replace what they are compared with.
    """
    named = hashlib.sha256(os.path.realpath(folder).encode()).hexdigest()[:16]
    return _memory() / f"{named}.json"


def _memory() -> Path:
    chosen = os.environ.get(f"{ENVIRONMENT}MEMORY")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("APPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Roaming") / "Clinic Desktop"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Preferences" / "Clinic Desktop"
    base = os.environ.get("XDG_CONFIG_HOME")
    usual = base if base and Path(base).is_absolute() else Path.home() / ".config"
    return Path(usual) / "clinic-desktop"


def _device_name() -> str:
    """Return the computer's name, as the change log shows it."""
    return "".join(c for c in platform.node() if c.isprintable()).strip()[:60] or "computer"


class XrayProgram(BaseModel):
    """A program of this computer that is opened with the patient in view; see integrations/xray."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Name
    command: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class _Stored(BaseModel):
    """The settings as they stand in the file; those of a newer version are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    language: str | None = Field(
        default=None, description="interface language, or None for the system's"
    )
    theme: Literal["system", "light", "dark", "contrast"] = Field(
        default="system", description="colours of the interface"
    )
    scale: int = Field(default=100, ge=100, le=200, description="size of the interface, percent")
    last_profile: Name | None = Field(default=None, description="profile opened last")
    device_name: Name = Field(
        default_factory=_device_name, description="this computer's name in the history"
    )
    scan_folder: str = Field(
        default="", max_length=1000, description="folder that scanner and camera write into"
    )
    xray_programs: tuple[XrayProgram, ...] = Field(
        default=(), max_length=10, description="programs opened with the patient in view"
    )

    @field_validator("language")
    @classmethod
    def _shipped(cls, value: str | None) -> str | None:
        if value is not None and value not in LANGUAGES:
            raise ValueError(f"one of {', '.join(LANGUAGES)}")
        return value


class Settings(_Stored):
    """What one installation remembers; each also from the environment (CLINIC_DESKTOP_THEME)."""

    @classmethod
    def _of_environment(cls) -> dict[str, Any]:
        """Return what the environment says, for one start or one computer; empty says nothing."""
        # pydantic-settings does the same, and loading it took a tenth of the program's start.
        named = {name: os.environ.get(ENVIRONMENT + name.upper()) for name in cls.model_fields}
        return {name: _plain(value) for name, value in named.items() if value}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the settings of the installation; a missing file means the usual ones.

        Raises SetupError naming the file, or the variable of the environment, that is damaged;
        the file is left as it is.
        """
        path = folder / SETTINGS_FILE
        try:
            stored = _Stored.model_validate(_read(path))
        except ValidationError as error:
            raise _damaged(path, error) from error
        try:
            return cls.model_validate(stored.model_dump() | cls._of_environment())
        except ValidationError as error:
            raise _odd_variable(error) from error

    def save(self, folder: Path, **changes: Any) -> Self:
        """Store the changed settings and return all of them as they are from now on.

        Only what is named is written: a value from the environment stays there, and a setting of
        a newer version stays in the file. Raises SetupError where the folder refuses, TypeError
        for a setting that does not exist and ValueError for a value that it does not take.
        """
        unknown = changes.keys() - _Stored.model_fields.keys()
        if unknown:
            raise TypeError(f"no such settings: {', '.join(sorted(unknown))}")
        self.load(folder)  # what is damaged is not written over
        path = folder / SETTINGS_FILE
        content = _read(path) | changes
        _Stored.model_validate(content)
        _write(path, content)
        return self.load(folder)


class _Profile(BaseModel):
    """What every profile has; no field holds a secret, and unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name


class ComputerProfile(_Profile):
    """The clinic's own data on this computer."""

    kind: Literal["computer"] = "computer"

    def folder(self, home: Path) -> Path:
        """Return the root folder of its embedded server."""
        return home / "computer"


class SampleProfile(_Profile):
    """The sample clinic on this computer, made and thrown away freely."""

    kind: Literal["sample"] = "sample"

    def folder(self, home: Path) -> Path:
        """Return the root folder of its embedded server."""
        return home / "sample"


class ServerProfile(_Profile):
    """A clinic's server on the network; who signs in is asked, never stored here."""

    kind: Literal["server"] = "server"
    host: Annotated[
        str,
        # One name or address. Commas, slashes and signs would mean other things to the driver.
        StringConstraints(
            strip_whitespace=True, max_length=253, pattern=r"^[^\W_][\w.:-]*$|^::[0-9A-Fa-f:.]+$"
        ),
    ]
    port: int = Field(default=5432, ge=1, le=65535)
    database: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=63)
    ] = "clinic"
    # None trusts what this computer trusts; a clinic's own authority needs its certificate file.
    root_certificate: Path | None = None

    @field_validator("root_certificate")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_absolute():
            raise ValueError("an absolute path")
        return value


def server_profile(
    *, name: str, host: str, port: str, database: str, root_certificate: str
) -> ServerProfile:
    """Return the profile that a person typed; an empty certificate means the computer's own trust.

    Raises InvalidError with the field and how it is written.
    """
    try:
        return ServerProfile.model_validate(
            {
                "name": name,
                "host": host,
                "port": port.strip() or "5432",
                "database": database,
                "root_certificate": root_certificate.strip() or None,
            }
        )
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise InvalidError(_(TYPED[field]), field=field) from error


TYPED: Final = {
    "name": N_("Give the connection a name of at most 60 letters."),
    "host": N_("Enter the name or the address of the server alone, for example db.clinic.lan."),
    "port": N_("The port is a number from 1 to 65535; PostgreSQL mostly uses 5432."),
    "database": N_("Enter the name of the clinic's database on that server."),
    "root_certificate": N_("Choose the certificate file with its whole path."),
}

Profile = Annotated[ComputerProfile | SampleProfile | ServerProfile, Field(discriminator="kind")]
_PROFILE: Final[TypeAdapter[ComputerProfile | SampleProfile | ServerProfile]] = TypeAdapter(Profile)


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Return the profiles in the order they were saved; none before the first run.

    Raises SetupError naming the file when it is damaged; the file is left as it is.
    """
    path = folder / PROFILES_FILE
    stored = _read(path).get("profiles", [])
    try:
        return tuple(TypeAdapter(list[Profile]).validate_python(stored))
    except ValidationError as error:
        raise _damaged(path, error) from error


def find_profile(folder: Path, name: str) -> Profile:
    """Return the profile of that name; raises NotFoundError."""
    for profile in load_profiles(folder):
        if profile.name.casefold() == name.strip().casefold():
            return profile
    raise NotFoundError(_("There is no connection named “{name}”.").format(name=name))


def save_profile(folder: Path, profile: Profile, *, replacing: str | None = None) -> None:
    """Store a profile under its name; ``replacing`` names the one it takes the place of.

    Raises ConflictError when the name is another profile's, SetupError where the folder refuses.
    """
    kept = list(load_profiles(folder))
    old = (replacing or "").casefold()
    place = next((i for i, one in enumerate(kept) if one.name.casefold() == old), len(kept))
    for i, one in enumerate(kept):
        if i != place and one.name.casefold() == profile.name.casefold():
            raise ConflictError(
                _("A connection named “{name}” is there already.").format(name=profile.name),
                field="name",
            )
    kept[place : place + 1] = [profile]
    _write_profiles(folder, kept)


def remove_profile(folder: Path, name: str) -> None:
    """Remove a profile; its data stay where they are."""
    kept = [one for one in load_profiles(folder) if one.name.casefold() != name.casefold()]
    _write_profiles(folder, kept)


def _write_profiles(folder: Path, profiles: list[Profile]) -> None:
    """Write the whole list."""
    _write(
        folder / PROFILES_FILE,
        {"profiles": [_PROFILE.dump_python(one, mode="json") for one in profiles]},
    )


def _plain(value: str) -> Any:
    """Return a variable's value, a list where one is written as JSON."""
    try:
        return json.loads(value) if value.startswith("[") else value
    except ValueError:
        # Refused as the text it is, with the variable's name.
        return value


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a settings file, empty when there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise files.refusal(error, path) from error
    except ValueError as error:  # no JSON, or not UTF-8
        raise _damaged(path, error) from error
    if not isinstance(content, dict):
        raise _damaged(path, ValueError("an object is expected"))
    return content


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a settings file in one step, making the home folder when it is missing."""
    make_home(path.parent)
    try:
        files.replace_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise files.refusal(error, path.parent) from error


def _reason(error: ValueError) -> str:
    """Return what is wrong with which entry, without the entry itself."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _odd_variable(error: ValidationError) -> SetupError:
    """Return the sentence for a setting that the environment gives wrongly."""
    return SetupError(
        _(
            "The environment variable {name} cannot be used ({reason}). "
            "Correct it or remove it, then open the program again."
        ).format(name=ENVIRONMENT + str(error.errors()[0]["loc"][0]).upper(), reason=_reason(error))
    )


def _damaged(path: Path, error: ValueError) -> SetupError:
    """Return the sentence for a file that cannot be read as what it is."""
    return SetupError(
        _(
            "The settings in {file} cannot be read ({reason}). Nothing in it was changed. "
            "Correct it, or move it away to start with the usual settings."
        ).format(file=path, reason=_reason(error))
    )
