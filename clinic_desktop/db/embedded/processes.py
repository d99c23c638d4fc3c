"""The server's processes, found by what they do and not by a number in a file."""

import sys
import time
from pathlib import Path
from typing import Final

import psutil

from clinic_desktop.db.embedded.address import PidFile
from clinic_desktop.db.embedded.paths import is_same

LOOK_AGAIN: Final = 0.1  # seconds between two looks


def of_data(data: Path) -> list[psutil.Process]:
    """Return the living server processes of the data folder.

    Every one of them works inside that folder. A dead process that nobody has buried yet has no
    folder any more, and a stranger who got the number of an old server has another one.
    """
    return [process for process in psutil.process_iter(["name"]) if _works_in(process, data)]


def _works_in(process: psutil.Process, folder: Path) -> bool:
    """Say whether a living server process works in the folder."""
    if not (process.info["name"] or "").startswith("postgres"):
        return False
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return is_same(Path(process.cwd()), folder)
    except psutil.Error:  # gone meanwhile, or somebody else's
        return False


def postmaster(data: Path, pid_file: Path) -> PidFile | None:
    """Return what the pid file claims when the process that it names is a server of these data."""
    claim = PidFile.read(pid_file)
    if claim is None or all(process.pid != claim.pid for process in of_data(data)):
        return None
    return claim


def gone(data: Path, *, seconds: float) -> bool:
    """Wait until no process of the data folder is left; False when some stay."""
    until = time.monotonic() + seconds
    while of_data(data):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_AGAIN)
    return True


def end_orphans(data: Path) -> None:
    """End what a killed server left working; its transactions can no longer be committed."""
    for process in of_data(data):
        try:
            if sys.platform == "win32":
                process.kill()
            else:
                import signal

                process.send_signal(signal.SIGQUIT)
        except psutil.NoSuchProcess:
            continue
