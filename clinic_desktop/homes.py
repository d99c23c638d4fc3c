"""Where an installation's files lie; read before anything else, so nothing large is loaded."""

import os
import sys
from pathlib import Path
from typing import Final

from clinic_desktop import files

ENVIRONMENT: Final = "CLINIC_DESKTOP_"
SETTINGS_FILE: Final = "settings.json"
PROFILES_FILE: Final = "profiles.json"


def home(explicit: Path | None = None) -> Path:
    """Return the folder of the installation: ``--home``, CLINIC_DESKTOP_HOME or the system's usual.

    The folder need not exist; ``make_home`` makes it.
    """
    chosen = explicit or os.environ.get(f"{ENVIRONMENT}HOME") or _usual_home()
    return Path(os.path.realpath(Path(chosen).expanduser()))


def _usual_home() -> Path:
    """Return where programs of this system keep what belongs to a person."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "Clinic Desktop"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Clinic Desktop"
    if files.is_root():
        # The account that runs root's database server cannot enter /root.
        return Path("/var/lib/clinic-desktop")
    base = os.environ.get("XDG_DATA_HOME")
    # The rules for that variable say that a relative path counts as none.
    usual = base if base and Path(base).is_absolute() else Path.home() / ".local" / "share"
    return Path(usual) / "clinic-desktop"
