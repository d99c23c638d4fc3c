"""The clinic that is measured: on the server that ships, or on another PostgreSQL."""

import subprocess
from pathlib import Path

from clinic_desktop.db.embedded import EmbeddedServer
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.services.installation.local import LocalInstallation


class OtherServer(EmbeddedServer):
    """Another PostgreSQL's programs under our supervisor and with our settings."""

    def __init__(self, root: Path, programs: Path) -> None:
        super().__init__(root)
        self._programs_folder = programs

    def tools(self) -> Tools:
        """Return the other programs, run as the server's account."""
        found = super().tools()
        told = subprocess.run(  # noqa: S603 - the programs that were named
            [self._programs_folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        return Tools(
            self._programs_folder, found.account, int(told.stdout.split()[2].split(".")[0])
        )


def place_at(folder: Path, programs: Path | None) -> LocalInstallation:
    """Return the installation below the folder; ``programs`` are another server's."""
    place = LocalInstallation(folder / "clinic")
    if programs is not None:
        place.server = OtherServer(place.root, programs)
    return place
