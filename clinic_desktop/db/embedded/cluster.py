"""Making a new data folder, complete or not at all."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Final

from clinic_desktop import files
from clinic_desktop.db.embedded import trouble
from clinic_desktop.db.embedded.address import SUPERUSER
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.db.embedded.paths import Layout
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.own_folder import make_own
from clinic_desktop.secrets import OwnerFile

INITDB_SECONDS: Final = 180.0
RECOVERY_SECONDS: Final = 180.0


def ensure(layout: Layout, tools: Tools, *, fast: bool) -> None:
    """Make the data folder unless it stands; called under the start lock.

    Raises SetupError when it cannot be made, or was made by another version of PostgreSQL.
    """
    try:
        if not layout.data.exists():
            _make(layout, tools, fast=fast)
            return
        _check_version(layout.data, tools.major)
    except OSError as error:
        raise files.refusal(error, layout.root) from error
    except trouble.ToolError as error:
        raise trouble.refusal(error, layout.root) from error


def _check_version(data: Path, wanted: int) -> None:
    """Raise SetupError when the data are not of the version of the programs."""
    version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != str(wanted):
        raise SetupError(
            _(
                "The data in {folder} were made by PostgreSQL {found}, and this program brings "
                "PostgreSQL {wanted}. Open them with the version of Clinic Desktop that made them."
            ).format(folder=data, found=version, wanted=wanted)
        )


def _make(layout: Layout, tools: Tools, *, fast: bool) -> None:
    """Run initdb under another name; the rename at the end is what makes the data exist."""
    unfinished = layout.unfinished
    if unfinished.exists():
        shutil.rmtree(unfinished)
    make_own(unfinished, 0o700)
    password = secrets.token_urlsafe(24)
    handle, password_file = tempfile.mkstemp(dir=layout.root, prefix="initdb.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(password)
        if tools.account is not None:
            for path in (unfinished, password_file):
                os.chown(path, tools.account.uid, tools.account.gid)
        tools.run(
            "initdb",
            # Relative, because the tool hands paths to a shell.
            "--pgdata",
            unfinished.name,
            "--username",
            SUPERUSER,
            f"--pwfile={Path(password_file).name}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
            *(("--no-sync",) if fast else ()),
            cwd=layout.root,
            seconds=INITDB_SECONDS,
        )
    finally:
        Path(password_file).unlink(missing_ok=True)
    OwnerFile(layout.secret).write(password)
    unfinished.rename(layout.data)


def renew_secret(layout: Layout, tools: Tools) -> None:
    """Give the superuser a new password when its file is lost; called while no server runs.

    Whoever owns the data may do so without the old one: that account is the boundary.
    """
    if layout.secret.exists():
        return
    password = secrets.token_urlsafe(24)
    tools.run(
        "postgres",
        "--single",
        "-D",
        layout.data.name,
        "postgres",
        cwd=layout.root,
        seconds=RECOVERY_SECONDS,
        given=f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n",
    )
    OwnerFile(layout.secret).write(password)
