"""Looking an installation over: each check says what it found and what to do."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import psycopg

from clinic_desktop.db import catalogue, migrate
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.server import OLDEST
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.resources import resource
from clinic_desktop.secrets import Keyring
from clinic_desktop.services.installation.local import BACKUP, LocalInstallation
from clinic_desktop.services.schemas import Row

State = Literal["good", "note", "wrong"]
Connection = psycopg.Connection[tuple[Any, ...]]

NEWEST: Final = 18
LITTLE_DISK: Final = 2 * 1024**3
SLOW_FLUSH: Final = timedelta(milliseconds=5)
FLUSHES: Final = 20
MOST_SKEW: Final = timedelta(minutes=2)
# A server's log must not quote what people typed; reliability asks for these.
_LOG_SETTINGS: Final = {
    "log_min_error_statement": {"panic", "fatal"},
    "log_error_verbosity": {"terse"},
    "log_parameter_max_length_on_error": {"0"},
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
}
_FONTS: Final = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")


class Check(Row):
    """One line of the report; ``advice`` is empty where nothing is to be done."""

    name: str
    state: State
    found: str
    advice: str = ""


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
        *of_database(installation.superuser(), installation.machine(BACKUP)),
        Check(
            name="tls",
            state="good",
            found=_("The server answers on this computer alone, not on the network."),
        ),
        *_surroundings(installation.root, home),
    ]


def of_database(superuser: Dsn, backup: Dsn) -> Iterator[Check]:
    """Look at server and database, as their superuser and as the login that makes backups."""
    with open_connection(superuser) as connection:
        for check in (_version, _migrations, _log_settings, _damage, _clock, _catalogue):
            yield check(connection)
    yield _sign_in("roles", backup)


def _ask(connection: Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def _version(connection: Connection) -> Check:
    major = connection.info.server_version // 10_000
    found = _("PostgreSQL {version}").format(version=_ask(connection, "SHOW server_version"))
    if OLDEST <= major <= NEWEST:
        return Check(name="server", state="good", found=found)
    return Check(
        name="server",
        state="wrong",
        found=found,
        advice=_("Use PostgreSQL {oldest} to {newest}.").format(oldest=OLDEST, newest=NEWEST),
    )


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
    loose = [
        f"{name} = {_ask(connection, f'SHOW {name}')}"
        for name, good in _LOG_SETTINGS.items()
        if _ask(connection, f"SHOW {name}") not in good
    ]
    if not loose:
        return Check(
            name="log settings", state="good", found=_("The server's log quotes no values.")
        )
    return Check(
        name="log settings",
        state="wrong",
        found=", ".join(loose),
        advice=_("Set {settings} on the server: its log would quote what people typed.").format(
            settings=", ".join(
                f"{name} = {sorted(good)[-1]}" for name, good in _LOG_SETTINGS.items()
            )
        ),
    )


def _damage(connection: Connection) -> Check:
    checks = _ask(connection, "SHOW data_checksums")
    failures = _ask(connection, "SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database")
    if checks == "on" and failures == 0:
        return Check(name="data", state="good", found=_("No damaged page was read."))
    return Check(
        name="data",
        state="wrong" if failures else "note",
        found=_("{count} damaged pages were read, checksums are {state}.").format(
            count=failures, state=checks
        ),
        advice=_("Replace the disk and restore the last backup.")
        if failures
        else _("Turn data checksums on with pg_checksums while the server is stopped."),
    )


def _clock(connection: Connection) -> Check:
    server = _ask(connection, "SELECT clock_timestamp()").astimezone(UTC)
    skew = abs(datetime.fromtimestamp(time.time(), UTC) - server)
    found = _("This computer and the server differ by {seconds} s.").format(
        seconds=round(skew.total_seconds(), 1)
    )
    if skew <= MOST_SKEW:
        return Check(name="clock", state="good", found=found)
    return Check(name="clock", state="wrong", found=found, advice=_("Set this computer's clock."))


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
    free = shutil.disk_usage(folder).free
    found = _("{count} GB free").format(count=round(free / 1024**3, 1))
    if free >= LITTLE_DISK:
        return Check(name="disk", state="good", found=found)
    return Check(name="disk", state="wrong", found=found, advice=_("Make room on the disk."))


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
    milliseconds = each.total_seconds() * 1000
    found = _("{time} ms to keep a change").format(time=round(milliseconds, 2))
    if each <= SLOW_FLUSH:
        return Check(name="flush", state="good", found=found)
    return Check(
        name="flush",
        state="note",
        found=found,
        advice=_("About {count} changes a second can be saved. A faster disk saves more.").format(
            count=round(1000 / milliseconds)
        ),
    )


def _fonts() -> Check:
    missing = [name for name in _FONTS if not resource("fonts", name).is_file()]
    if not missing:
        return Check(name="fonts", state="good", found=_("The program's own fonts are there."))
    return Check(
        name="fonts",
        state="wrong",
        found=", ".join(missing),
        advice=_("Install the program again: files of it are missing."),
    )


def _keyring() -> Check:
    keyring = Keyring(seconds=5)
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
