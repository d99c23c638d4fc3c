"""The nightly dump: pg_dump on a snapshot whose anchors and counts the manifest states."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from clinic_desktop import __version__
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.embedded.binaries import unseen
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.programs import Programs, connection, fitting
from clinic_desktop.services.backup.schemas import Anchor, Manifest, file_name
from clinic_desktop.services.backup.sealed import seal

Connection = psycopg.Connection[tuple[Any, ...]]
BLOCK: Final = 1 << 18
# Rows of transactions still open; a dump leaves them out as well.
PASSING: Final = ("change_stage",)


def snapshot(dsn: Dsn) -> Connection:
    """Open a connection that sees one moment of the database and never gives it up by itself."""
    opened = open_connection(
        dsn,
        autocommit=False,
        settings="-c timezone=UTC -c idle_in_transaction_session_timeout=0 "
        "-c statement_timeout=0 -c search_path=pg_catalog",
    )
    opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    opened.read_only = True
    return opened


def tables(connection: Connection) -> list[str]:
    """Return the clinic's tables whose rows are kept, in order."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'clinic'::regnamespace ORDER BY relname"
    )
    return [row[0] for row in found if row[0] not in PASSING]


def counts(connection: Connection) -> dict[str, int]:
    """Return the rows of each table."""
    return {
        table: _one(
            connection, sql.SQL("SELECT count(*) FROM clinic.{}").format(sql.Identifier(table))
        )
        for table in tables(connection)
    }


def anchors(connection: Connection) -> dict[str, Anchor]:
    """Return where the log of each clinic stands."""
    found = connection.execute("SELECT clinic_id, seq, hash FROM clinic.log_head ORDER BY 1")
    return {str(row[0]): Anchor(seq=row[1], hash=bytes(row[2]).hex()) for row in found}


def schema_version(connection: Connection) -> str:
    """Return the version of the schema."""
    return str(_one(connection, sql.SQL("SELECT version_num FROM clinic.alembic_version")))


def moment(connection: Connection) -> datetime:
    """Return the server's time of the snapshot."""
    found: datetime = _one(connection, sql.SQL("SELECT now()"))
    return found


def _one(connection: Connection, query: sql.SQL | sql.Composed) -> Any:
    row = connection.execute(query).fetchone()
    if row is None:
        raise SetupError(_("The clinic's data are not complete. Restore a backup."))
    return row[0]


def stamp_of(clinics: Sequence[str], at: datetime) -> str:
    """Return the name of a dump and its segments: sorts by time, says nothing of the clinic."""
    tag = clinics[0].replace("-", "")[-8:] if clinics else "none"
    return f"clinic-{tag}-{at:%Y%m%dT%H%M%SZ}"


def _free_stamp(folder: Path, clinics: Sequence[str], at: datetime) -> str:
    """Return a stamp under which nothing lies in the folder: two dumps may fall into one second."""
    while (folder / file_name(stamp := stamp_of(clinics, at), 0)).exists():
        at += timedelta(seconds=1)
    return stamp


def make_full(
    dsn: Dsn,
    folder: Path,
    recipients: Sequence[Any],
    *,
    tell: Callable[[int], None] = lambda _bytes: None,
) -> Manifest:
    """Dump the database of this login (clinic_backup) into a sealed file below ``folder``.

    ``tell`` is given the bytes dumped so far and may raise to stop. Raises SetupError.
    """
    with snapshot(dsn) as held:
        programs = fitting(held.info.server_version // 10_000)
        at, heads = moment(held), anchors(held)
        manifest = Manifest(
            kind="full",
            stamp=_free_stamp(folder, list(heads), at),
            made_at=at,
            program=__version__,
            schema_version=schema_version(held),
            tool=programs.major,
            clinics=heads,
            counts=counts(held),
        )
        exported = str(_one(held, sql.SQL("SELECT pg_export_snapshot()")))
        blocks = _dumped(dsn, programs, exported)
        return seal(folder / manifest.name, manifest, blocks, recipients, tell)


def _dumped(dsn: Dsn, programs: Programs, exported: str) -> Iterator[bytes]:
    """Yield the dump as pg_dump writes it; raises SetupError when it fails."""
    target, environment = connection(dsn, programs)
    command = [
        programs.path("pg_dump"),
        f"--dbname={target}",
        f"--snapshot={exported}",
        "--format=custom",
        # Sealing finds every changed bit, so that the quickest compression is enough.
        "--compress=1",
        "--no-unlogged-table-data",
        "--no-publications",
        "--no-subscriptions",
        # What the worker was about to do must not be done again after a restore.
        "--exclude-table-data=jobs.*",
        "--lock-wait-timeout=30s",
        "--no-password",
    ]
    with tempfile.TemporaryFile() as words:
        running = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env=environment,
            **unseen(),
        )
        try:
            if running.stdout is None:
                raise RuntimeError("pg_dump has no output")
            while block := running.stdout.read(BLOCK):
                yield block
            if running.wait() != 0:
                words.seek(0)
                said = words.read(4000).decode("utf-8", "replace").strip().splitlines()
                raise SetupError(
                    _("The data could not be dumped: {reason}").format(
                        reason=said[0] if said else running.returncode
                    )
                )
        finally:
            running.kill()
            running.wait()
            if running.stdout is not None:
                running.stdout.close()
