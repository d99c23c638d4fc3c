"""PostgreSQL's pg_dump and pg_restore: the ones that fit the server, and how they are called."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo

from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.embedded import binaries
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

DEBIAN: Final = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Programs:
    """The folder of one version's programs."""

    major: int
    folder: Path

    def path(self, name: str) -> str:
        """Return the path of a program."""
        plain = self.folder / name
        return str(plain if plain.exists() else plain.with_suffix(".exe"))


def installed() -> list[Programs]:
    """Return the versions on this computer, oldest first: ours and Debian's."""
    ours = binaries.carrier()
    found = [
        Programs(16, ours / "pginstall" / "bin"),
        Programs(18, ours / "pginstall18" / "bin"),
        *(Programs(int(f.parent.name), f) for f in DEBIAN.glob("[0-9]*/bin")),
    ]
    there = [one for one in found if Path(one.path("pg_dump")).is_file()]
    # Ours before Debian's of the same version.
    return sorted(there, key=lambda one: one.major)


def fitting(major: int) -> Programs:
    """Return the oldest programs that are not older than ``major``; raises SetupError."""
    for one in installed():
        if one.major >= major:
            return one
    raise SetupError(
        _("A backup of PostgreSQL {major} needs its programs of that version on this computer.")
        .format(major=major)
    )  # fmt: skip


def connection(dsn: Dsn, programs: Programs) -> tuple[str, dict[str, str]]:
    """Return the connection for the command line, without its password, and the environment."""
    plain = {name: value for name, value in dsn.items() if name != "password"}
    if programs.major < 16:
        for name in ("require_auth", "sslcertmode", "gssdelegation", "load_balance_hosts"):
            plain.pop(name, None)  # not known to it
    return (
        make_conninfo("", **{**plain, "application_name": "clinic-desktop backup"}),
        binaries.clean_environment() | {"PGPASSWORD": dsn.get("password", "")},
    )
