"""Where the servers of tests keep their data: in memory where the system has room there.

A copy of the template clinic is 500 small files. On a disk that others use as well, making one
took 3 s and in memory 0.2 s; nothing of it is to outlive the run.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - below it a folder of our own
_ROOM = 6 * 1024**3


def scratch(prefix: str) -> Path:
    """Make a folder that the server's account may pass; CLINIC_TEST_SCRATCH says where."""
    asked = os.environ.get("CLINIC_TEST_SCRATCH")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=asked or (_MEMORY if _has_room() else None)))
    folder.chmod(0o711)
    return folder


def _has_room() -> bool:
    # Containers often have 64 MB there.
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
