"""Restoring a dump and its segments into a database that was not there before."""

import errno
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from clinic_desktop.db import cluster, migrate
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.embedded.binaries import unseen
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.ranks import set_aside
from clinic_desktop.services.backup.dump import counts
from clinic_desktop.services.backup.erased import Erased, erase_again
from clinic_desktop.services.backup.people import make_logins
from clinic_desktop.services.backup.programs import connection as tool_connection
from clinic_desktop.services.backup.programs import fitting
from clinic_desktop.services.backup.replay import replay
from clinic_desktop.services.backup.schemas import Manifest, Restored
from clinic_desktop.services.backup.sealed import inspect, unseal
from clinic_desktop.services.installation.anchors import ORIGIN, Anchors
from clinic_desktop.services.installation.verify import verify

MAKING: Final = "clinic_restoring"
Tell = Callable[[str], None]
_NOT_WHOLE: Final = """
SELECT coalesce((SELECT a.name FROM clinic.attachment a
                 WHERE a.clinic_id = f.clinic_id AND a.file_id = f.id LIMIT 1), f.id::text)
FROM clinic.stored_file f
LEFT JOIN clinic.file_piece p ON p.clinic_id = f.clinic_id AND p.file_id = f.id
GROUP BY f.clinic_id, f.id
HAVING count(p.id) <> f.pieces
    OR f.fingerprint IS DISTINCT FROM sha256(string_agg(p.sha256, ''::bytea ORDER BY p.number))
ORDER BY f.id LIMIT 1
"""


@dataclass(frozen=True)
class Target:
    """Where to: the server's superuser, the name of the new database, and the migrator's sign-in.

    ``migrator`` is asked for the sign-in to a database by its name. ``aside`` is for what nobody
    waits for.
    """

    superuser: Mapping[str, str] = field(repr=False)
    database: str
    migrator: Callable[[str], Dsn] = field(repr=False)
    aside: bool = False

    def admin(self, database: str) -> Dsn:
        """Return the superuser's sign-in to a database."""
        return {**self.superuser, "dbname": database}


@dataclass(frozen=True)
class Chain:
    """A dump, its segments in order, and what the last of them says."""

    files: tuple[Path, ...]
    manifests: tuple[Manifest, ...]
    stopped: str = ""
    """Which segment is not whole and what that means; the chain ends before it."""

    @property
    def last(self) -> Manifest:
        """The newest manifest."""
        return self.manifests[-1]


def read_chain(
    files: Sequence[Path],
    identities: Sequence[Any],
    *,
    of_clinics: Sequence[str] = (),
    tell: Tell = lambda _sentence: None,
) -> Chain:
    """Read dump and segments from end to end before anything is written; raises SetupError.

    A damaged segment ends the chain at the one before it, and ``stopped`` says so. ``of_clinics``
    are those of the home the backup would be brought into.
    """
    manifests: list[Manifest] = []
    stopped = ""
    for file in files:
        tell(_("Reading {file}…").format(file=file.name))
        try:
            manifests.append(inspect(file, identities))
        except SetupError:
            if not manifests:
                raise
            stopped = _(
                "The segment {file} is damaged; what was done after {time} was not restored."
            ).format(file=file.name, time=manifests[-1].made_at)
            break
    first = manifests[0]
    if first.kind != "full":
        raise SetupError(
            _("{file} is a segment. Give the whole backup it belongs to; segments are found.")
            .format(file=files[0].name)
        )  # fmt: skip
    for before, after in pairwise(manifests):
        if after.kind != "tail" or after.after != before.clinics or after.stamp != first.stamp:
            raise SetupError(
                _("The segment {file} does not continue the one before.").format(file=after.name)
            )
    if not migrate.known(first.schema_version):
        raise SetupError(
            _(
                "The backup was made by a newer version of Clinic Desktop ({version}). "
                "Install that version first."
            ).format(version=first.program)
        )
    if of_clinics and not set(of_clinics) & set(first.clinics):
        raise SetupError(
            _("This is a backup of another clinic. Restore it into a folder of its own (--home).")
        )
    return Chain(tuple(files[: len(manifests)]), tuple(manifests), stopped)


def restore(
    chain: Chain,
    identities: Sequence[Any],
    target: Target,
    *,
    people: bool = True,
    gone: Erased | None = None,
    tell: Tell = lambda _sentence: None,
) -> Restored:
    """Bring the chain into a new database, bring it up to this version and prove it whole.

    ``gone`` are the records that were erased since the backup; they are erased again.
    ``people`` makes the logins of the persons, who may not sign in yet. Raises SetupError;
    what had been made of the new database is then gone again.
    """
    cluster.drop_database(target.admin("postgres"), MAKING)
    try:
        _fill(chain, identities, target, tell)
        _compare(chain.last, target.admin(MAKING))
        tell(_("Bringing the clinic's data up to this version…"))
        cluster.open_schema(target.admin(MAKING), MAKING)
        migrate.upgrade(target.migrator(MAKING))
        again = erase_again(target.admin(MAKING), gone or {})
        tell(_("Checking the change log…"))
        _prove(chain.last, target.admin(MAKING))
        _files_whole(target.admin(MAKING))
        logins = make_logins(target.admin(MAKING), instead_of=target.database) if people else ()
    except BaseException:
        # The first error is the one to tell.
        with suppress(Exception):
            cluster.drop_database(target.admin("postgres"), MAKING)
        raise
    cluster.drop_database(target.admin("postgres"), target.database)
    cluster.rename_database(target.admin("postgres"), MAKING, target.database)
    return Restored(
        until=chain.last.made_at,
        segments=len(chain.files) - 1,
        rows=sum(chain.last.counts.values()),
        logins=logins,
        erased_again=again,
        missing=chain.stopped,
    )


def _fill(chain: Chain, identities: Sequence[Any], target: Target, tell: Tell) -> None:
    admin = target.admin("postgres")
    cluster.make_bare_database(admin, MAKING)
    tell(_("Restoring {file}…").format(file=chain.files[0].name))
    _load(chain.files[0], chain.manifests[0], identities, target)
    for file in chain.files[1:]:
        tell(_("Restoring {file}…").format(file=file.name))
        replay(target.admin(MAKING), file, list(identities))
    with open_connection(target.admin(MAKING)) as connection:
        connection.execute("ANALYZE")


@contextmanager
def _may_be_gone() -> Iterator[None]:
    """Pass over what writing to a program says whose end of the pipe is closed."""
    try:
        yield
    except OSError as error:
        # Windows calls it an invalid argument.
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            raise


class _Pipe:
    """Hands the blocks to pg_restore; that it closed its end is found at its exit code."""

    def __init__(self, running: "subprocess.Popen[bytes]") -> None:
        self._running = running

    def write(self, block: bytes) -> None:
        if self._running.stdin is not None:
            with _may_be_gone():
                self._running.stdin.write(block)


def _load(file: Path, manifest: Manifest, identities: Sequence[Any], target: Target) -> None:
    programs = fitting(manifest.tool)
    where, environment = tool_connection(target.admin(MAKING), programs)
    command = [
        programs.path("pg_restore"),
        f"--dbname={where}",
        "--exit-on-error",
        "--no-password",
    ]
    with tempfile.TemporaryFile() as words:
        running = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=words,
            env=environment,
            **unseen(),
        )
        if target.aside:
            set_aside(running.pid)
        try:
            unseal(file, identities, lambda _manifest: _Pipe(running))
            if running.stdin is not None:
                with _may_be_gone():
                    running.stdin.close()
            code = running.wait()
        finally:
            running.kill()
            running.wait()
        if code != 0:
            words.seek(0)
            said = words.read(4000).decode("utf-8", "replace").strip().splitlines()
            raise SetupError(
                _("The backup could not be restored: {reason}").format(
                    reason=said[0] if said else code
                )
            )


def _compare(last: Manifest, admin: Dsn) -> None:
    """Raise SetupError naming the first table that has not as many rows as it had."""
    with open_connection(admin) as connection:
        found = counts(connection)
    for table, rows in last.counts.items():
        if found.get(table) != rows:
            raise SetupError(
                _("The restored data are not complete: {table} has {found} rows and had {rows}.")
                .format(table=table, found=found.get(table, 0), rows=rows)
            )  # fmt: skip


def _prove(last: Manifest, admin: Dsn) -> None:
    """Walk the log against the anchor of the backup; raises SetupError for a finding."""
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "anchors.json"
        pairs = ", ".join(
            f'"{clinic}": [{at.seq}, "{at.hash if at.seq else ORIGIN.hex()}"]'
            for clinic, at in last.clinics.items()
        )
        known.write_text("{" + pairs + "}", encoding="utf-8")
        for result in verify(admin, Anchors(known)):
            if result.finding is not None:
                raise SetupError(
                    _("The restored change log is not whole. {sentence}").format(
                        sentence=result.finding.sentence
                    )
                )


def _files_whole(admin: Dsn) -> None:
    """Raise SetupError naming a file that lacks a piece or has another's.

    The bytes of each piece were compared with its own hash as they came in, by the table's check.
    """
    with open_connection(admin) as connection:
        found = connection.execute(_NOT_WHOLE).fetchone()
    if found is not None:
        raise SetupError(
            _("The restored data are not complete: the file “{title}” is not whole.").format(
                title=found[0]
            )
        )
