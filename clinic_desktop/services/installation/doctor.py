"""Looking an installation over: each check says what it found and what to do."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from clinic_desktop.db import catalogue, migrate
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import ClinicError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.resources import resource
from clinic_desktop.secrets import Keyring
from clinic_desktop.services.installation import judgements
from clinic_desktop.services.installation.anchors import Anchors, compare
from clinic_desktop.services.installation.judgements import Check
from clinic_desktop.services.installation.local import BACKUP, LocalInstallation

__all__ = ["Check", "examine", "of_computer", "of_database"]

Connection = psycopg.Connection[tuple[Any, ...]]

FLUSHES: Final = 20
_RULES: Final = """
SELECT coalesce(line_number, 0), coalesce(auth_method, ''), coalesce(error, '')
FROM pg_hba_file_rules ORDER BY line_number
"""
_FONTS: Final = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")


def examine(installation: LocalInstallation, home: Path) -> list[Check]:
    """Return what was found; the server is started if it can be."""
    try:
        installation.start()
    except ClinicError as error:
        return [
            Check(
                name="server",
                state="wrong",
                found=str(error),
                advice=_("Nothing else can be checked before."),
            ),
            *_surroundings(installation.root, home),
        ]
    return [
        *of_database(installation.superuser(), installation.machine(BACKUP), installation.anchors),
        *_near(installation.superuser()),
        *_surroundings(installation.root, home),
    ]


def of_database(superuser: Dsn, backup: Dsn, anchors: Anchors) -> Iterator[Check]:
    """Look at server and database, as their superuser and as the login that makes backups."""
    with open_connection(superuser) as connection:
        for check in (
            _version,
            _migrations,
            _log_settings,
            _safe_settings,
            _damage,
            _clock,
            _catalogue,
        ):
            yield check(connection)
        yield _logs(connection, anchors)
    yield _sign_in("roles", backup)


def _near(superuser: Dsn) -> Iterator[Check]:
    """Look at what a server of this computer alone may not do."""
    with open_connection(superuser) as connection:
        found = connection.execute(_RULES.encode()).fetchall()
        yield judgements.rules([(int(line), method, error) for line, method, error in found])
        yield judgements.near_alone(_show(connection, "listen_addresses"))


def _show(connection: Connection, name: str) -> str:
    return str(_ask(connection, f"SHOW {name}"))


def _ask(connection: Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def _version(connection: Connection) -> Check:
    major = connection.info.server_version // 10_000
    return judgements.version(major, _show(connection, "server_version"))


def _migrations(connection: Connection) -> Check:
    found = _ask(connection, "SELECT version_num FROM clinic.alembic_version")
    if found == migrate.head():
        return Check(name="migrations", state="good", found=found)
    return Check(
        name="migrations",
        state="wrong",
        found=str(found),
        advice=_("Run “clinic-desktop db upgrade”."),
    )


def _log_settings(connection: Connection) -> Check:
    return judgements.log_settings(
        {name: _show(connection, name) for name in judgements.LOG_SETTINGS}
    )


def _safe_settings(connection: Connection) -> Check:
    by_hand = connection.execute(
        "SELECT name FROM pg_settings WHERE sourcefile LIKE '%postgresql.auto.conf' ORDER BY name"
    ).fetchall()
    return judgements.safe_settings(
        {name: _show(connection, name) for name in judgements.SAFE_SETTINGS},
        [name for (name,) in by_hand],
    )


def _damage(connection: Connection) -> Check:
    failures = _ask(connection, "SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database")
    return judgements.damage(
        checksums=_show(connection, "data_checksums") == "on", failures=int(failures)
    )


def _clock(connection: Connection) -> Check:
    server = _ask(connection, "SELECT clock_timestamp()").astimezone(UTC)
    return judgements.clock(datetime.fromtimestamp(time.time(), UTC) - server)


def _logs(connection: Connection, anchors: Anchors) -> Check:
    try:
        findings, known = compare(connection, anchors), len(anchors.read())
    except SetupError as error:
        return Check(
            name="logs", state="wrong", found=str(error), advice=_("Run “clinic-desktop verify”.")
        )
    return judgements.logs(findings, known=known, files=[str(one) for one in anchors.files])


def _catalogue(connection: Connection) -> Check:
    objects = catalogue.objects(connection)
    connection.execute("RESET search_path")
    found = [
        f"{name} ({kind})" for kind, name in catalogue.differences(objects, catalogue.shipped())
    ]
    if not found:
        return Check(name="catalogue", state="good", found=catalogue.fingerprint(objects))
    return Check(
        name="catalogue",
        state="wrong",
        found="; ".join(found),
        advice=_(
            "Somebody changed what protects the data. Find out who has the password of a "
            "superuser, then restore a backup."
        ),
    )


def _sign_in(name: str, dsn: Dsn) -> Check:
    try:
        with open_connection(dsn) as connection:
            count = _ask(
                connection, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'clinic\\_%'"
            )
    except psycopg.OperationalError as error:
        return Check(
            name=name,
            state="wrong",
            found=type(error).__name__,
            advice=_("The machine logins cannot sign in. Restore their secrets from a backup."),
        )
    return Check(
        name=name,
        state="good",
        found=_("{count} roles, machine logins sign in.").format(count=count),
    )


def _surroundings(root: Path, home: Path) -> Iterator[Check]:
    checks: tuple[Callable[[], Check], ...] = (
        lambda: _disk(root if root.exists() else home),
        lambda: _flush(root if root.exists() else home),
    )
    for check in checks:
        yield check()
    yield from of_computer()


def of_computer() -> Iterator[Check]:
    """Look at what the program needs on this computer, wherever the data live."""
    yield _fonts()
    yield _keyring()


def _disk(folder: Path) -> Check:
    return judgements.disk(shutil.disk_usage(folder).free)


def _flush(folder: Path) -> Check:
    """Measure how long the disk takes to keep a block: every saved change waits for it once."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            began = time.perf_counter()
            for _round in range(FLUSHES):
                file.write(b"x" * 8192)
                file.flush()
                os.fsync(file.fileno())
            each = timedelta(seconds=(time.perf_counter() - began) / FLUSHES)
    except OSError as error:
        return Check(
            name="flush",
            state="wrong",
            found=error.strerror or type(error).__name__,
            advice=_("The folder of the data cannot be written to."),
        )
    return judgements.flush(each)


def _fonts(folder: Path | None = None) -> Check:
    there = resource("fonts") if folder is None else folder
    missing = [name for name in _FONTS if not (there / name).is_file()]
    if not missing:
        return Check(name="fonts", state="good", found=_("The program's own fonts are there."))
    return Check(
        name="fonts",
        state="wrong",
        found=", ".join(missing),
        advice=_("Install the program again: files of it are missing."),
    )


def _keyring(keyring: Keyring | None = None) -> Check:
    keyring = keyring or Keyring(seconds=5)
    if keyring.available:
        return Check(
            name="keyring", state="good", found=_("Secrets are kept in the system's keyring.")
        )
    return Check(
        name="keyring",
        state="note",
        found=keyring.reason or _("There is no keyring."),
        advice=_("Secrets are kept in memory until the program ends."),
    )
