"""Where a profile's data live, opened: on this computer, or on the clinic's server."""

from collections.abc import Callable
from pathlib import Path

from clinic_desktop.config import ComputerProfile, Profile, SampleProfile, ServerProfile
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

    def revive(self) -> bool:
        """Return False: who looks after the server starts it again."""
        return False

    def person(self, login: str, password: str) -> Dsn:
        """Return the sign-in of a person."""
        return self.server.dsn(login, password)

    def leave(self) -> None:
        """Do nothing: others use the server."""


Installation = LocalInstallation | NetworkInstallation


def installation_of(home: Path, profile: Profile) -> Installation:
    """Return the installation of a profile, not started yet."""
    match profile:
        case ComputerProfile() | SampleProfile():
            return LocalInstallation(profile.folder(home))
        case ServerProfile():
            return NetworkInstallation(NetworkServer.of(profile))
