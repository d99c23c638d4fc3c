"""Where the servers of tests keep their data: in memory where the system has room there.

A copy of the template clinic is 500 small files. On a disk that others use as well, making one
took 3 s and in memory 0.2 s. Nothing of it is to outlive the run; what a killed one left goes when
the next begins.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

_MEMORY = Path("/dev/shm")  # noqa: S108 - below it a folder of our own
_ROOM = 6 * 1024**3
_MARK = ".of-tests-"


def scratch(prefix: str) -> Path:
    """Make a folder that the server's account may pass; CLINIC_TEST_SCRATCH says where."""
    asked = os.environ.get("CLINIC_TEST_SCRATCH")
    base = Path(asked) if asked else _MEMORY if _has_room() else Path(tempfile.gettempdir())
    _remove_left(base)
    folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=f"{_MARK}{os.getpid()}", dir=base))
    folder.chmod(0o711)
    return folder


def _remove_left(base: Path) -> None:
    """Remove what runs that were killed have left: memory does not empty itself overnight."""
    for left in base.glob(f"*{_MARK}*"):
        maker = left.name.rpartition(_MARK)[2]
        if maker.isdecimal() and not psutil.pid_exists(int(maker)):
            shutil.rmtree(left, ignore_errors=True)


def _has_room() -> bool:
    # Containers often have 64 MB there.
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
