"""Where the parts of an embedded server stand below its root folder."""

import hashlib
import os
import re
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clinic_desktop import files
from clinic_desktop.db.embedded.accounts import Account, unreachable_part
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

# Linux takes 107 bytes for a socket, macOS 103; "/.s.PGSQL.5432.lock" is appended.
LONGEST_SOCKET_FOLDER: Final = 80
# PostgreSQL cuts paths at 1,024 bytes and Windows at 260; its own files need the rest.
LONGEST_ROOT: Final = 150 if sys.platform == "win32" else 800
# The server splits its list of socket folders at commas, and libpq does so with hosts.
PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/._+-]+")


@dataclass(frozen=True)
class Layout:
    """The files of one installation's server."""

    root: Path

    @property
    def data(self) -> Path:
        """Return PostgreSQL's own data folder."""
        return self.root / "pg16"

    @property
    def unfinished(self) -> Path:
        """Return where a data folder is made before it gets its name."""
        return self.root / "pg16.unfinished"

    @property
    def secret(self) -> Path:
        """Return the file with the superuser's password."""
        return self.root / "superuser.secret"

    @property
    def start_lock(self) -> Path:
        """Return the lock held while the server is started or stopped."""
        return self.root / "start.lock"

    @property
    def programs(self) -> Path:
        """Return the folder where each running program has its lock file."""
        return self.root / "programs"

    @property
    def pid_file(self) -> Path:
        """Return the file in which a server says that it runs."""
        return self.data / "postmaster.pid"

    @property
    def start_log(self) -> Path:
        """Return where the server writes until its own log is open."""
        return self.data / "start.log"

    @property
    def runtime(self) -> Path:
        """Return where the server's programs are copied for an account that cannot see ours."""
        return self.root / "runtime"


def check_name(root: Path) -> None:
    """Raise SetupError for a path that the server cannot be given, before anything is made."""
    text = str(root)
    if len(os.fsencode(root)) > LONGEST_ROOT:
        raise files.too_long(root)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = "\n"
    # The server writes its folder into a file of lines, and a shell starts it.
    if not text.isprintable():
        raise SetupError(
            _(
                "The path of the folder {folder} has signs in it that are no letters. "
                "Choose another folder with --home."
            ).format(folder=ascii(str(root)))
        )


def told_by_server(path: bytes) -> Path:
    """Return a path that the server wrote.

    On Windows it writes in the computer's code page, also inside a database that is UTF-8.
    """
    return Path(path.decode("mbcs") if sys.platform == "win32" else path.decode())


def is_same(one: Path, other: Path) -> bool:
    """Say whether both are one folder that is there, whatever the names it is reached by."""
    try:
        return one.samefile(other)
    except OSError:
        return False


if sys.platform == "win32":
    import ctypes

    def for_programs(path: Path) -> Path:
        """Return the path with letters that PostgreSQL's programs can read.

        They read the computer's code page only. Most disks know a second name, short and plain;
        raises SetupError where there is none.
        """
        if _readable(str(path)):
            return path
        short = ctypes.create_unicode_buffer(1_024)
        size = ctypes.windll.kernel32.GetShortPathNameW(str(path), short, len(short))
        if 0 < size < len(short) and _readable(short.value):
            return Path(short.value)
        raise SetupError(
            _(
                "The database cannot read all letters of the path {folder} on this computer. "
                "Choose a folder with plain letters."
            ).format(folder=path)
        )

    def _readable(text: str) -> bool:
        try:
            text.encode("mbcs")
        except UnicodeEncodeError:
            return False
        return True

else:

    def for_programs(path: Path) -> Path:
        """Return the path with letters that PostgreSQL's programs can read: here they read any."""
        return path


def socket_folder(root: Path, account: Account | None) -> Path:
    """Return a private folder, made if missing, whose path every client can take.

    Below the root where that path is short and plain; otherwise in the session's or the system's
    folder for temporary files.
    """
    inside = root / "socket"
    if _suits(inside):
        candidates = [inside]
    else:
        name = "clinic-" + hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
        bases = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")  # noqa: S108 - made private below
        candidates = [Path(base) / name for base in bases if base]
    for candidate in candidates:
        if _suits(candidate) and _make_ours(candidate, account):
            return candidate
    raise SetupError(
        _(
            "No private folder for the database's connections could be made for {root}. "
            "Choose a data folder with a short path and plain letters with --home."
        ).format(root=root)
    )


def clear_socket_folder(folder: Path, root: Path) -> None:
    """Remove the socket folder of a stopped server when it stands outside its root."""
    if not folder.is_relative_to(root):
        with suppress(OSError):  # somebody put something into it, or it is gone already
            folder.rmdir()


def _suits(folder: Path) -> bool:
    """Say whether server and clients take the path as it is."""
    text = str(folder)
    return len(text) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(text) is not None


def _make_ours(folder: Path, account: Account | None) -> bool:
    """Make the folder for the server's account alone; False where it belongs to somebody else."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            return False
        if account is not None:
            if found.st_uid == 0:
                os.chown(folder, account.uid, account.gid)
            if unreachable_part(folder, account) is not None:
                return False
        found = folder.lstat()
        owner = os.getuid() if account is None else account.uid
        return found.st_uid == owner and not found.st_mode & 0o077
    except OSError:
        return False
