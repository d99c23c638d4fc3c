"""Where a profile's data live, opened: on this computer, or on the clinic's server."""

from collections.abc import Callable
from pathlib import Path

from clinic_desktop.config import ComputerProfile, Profile, SampleProfile, ServerProfile, remembered
from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.server import NetworkServer
from clinic_desktop.services.installation.local import LocalInstallation


class NetworkInstallation:
    """The clinic's server on the network; nothing of it is started or stopped here."""

    def __init__(self, server: NetworkServer) -> None:
        self.server = server

    def start(self, tell: Callable[[str], None] = lambda _sentence: None) -> "NetworkInstallation":  # noqa: ARG002 - as the other kind
        """Do nothing: the server runs on its own."""
        return self

    def note_logs(self) -> None:
        """Do nothing: this computer has no login that sees every log."""

    def revive(self) -> bool:
        """Return False: who looks after the server starts it again."""
        return False

    def person(self, login: str, password: str) -> Dsn:
        """Return the sign-in of a person."""
        return self.server.dsn(login, password)

    def leave(self) -> None:
        """Do nothing: others use the server."""


Installation = LocalInstallation | NetworkInstallation


def local_installation(
    home: Path, profile: ComputerProfile | SampleProfile, *, fast: bool = False
) -> LocalInstallation:
    """Return an installation on this computer; nobody misses a sample that was thrown away."""
    folder = profile.folder(home)
    outside = remembered(folder) if isinstance(profile, ComputerProfile) else None
    return LocalInstallation(folder, outside=outside, fast=fast)


def installation_of(home: Path, profile: Profile) -> Installation:
    """Return the installation of a profile, not started yet."""
    match profile:
        case ComputerProfile() | SampleProfile():
            return local_installation(home, profile)
        case ServerProfile():
            return NetworkInstallation(NetworkServer.of(profile))
