"""Where the files live that ship with the program: reference data, fonts, icons, translations."""

import sys
from pathlib import Path
from typing import Final

# PyInstaller unpacks them beside the program; in the repository they stand at the top.
ROOT: Final = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))


def resource(*parts: str) -> Path:
    """Return the path of a shipped file below ``resources/``."""
    return ROOT.joinpath("resources", *parts)


def migrations() -> Path:
    """Return the folder of the Alembic migrations."""
    return ROOT / "migrations"
