"""Where each log stood when it was last looked at, kept outside the database.

Without it, whoever can rewrite a whole log could make a new chain that fits itself. One copy lies
beside the data; another outside of them, for whoever replaces the data's whole folder.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg

from clinic_desktop import files
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

Connection = psycopg.Connection[tuple[Any, ...]]
ORIGIN: Final = b"\x00"
_SEALED_AT_ONCE: Final = 10_000
_MOST_ROUNDS: Final = 200

_HEADS: Final = """
SELECT h.clinic_id, h.seq, h.hash, coalesce(a.seals, 0), coalesce(a.hash, '\\x00')
FROM clinic.log_head h LEFT JOIN clinic.access_head a ON a.clinic_id = h.clinic_id
"""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a clinic's logs; ``seq`` is the entry (or seal) where it shows."""

    clinic_id: UUID
    seq: int
    kind: str
    sentence: str


@dataclass(frozen=True)
class Anchor:
    """Where a clinic's change log and the seals of its log of reading stood."""

    seq: int
    hash: bytes
    seals: int = 0
    seal_hash: bytes = ORIGIN


@dataclass(frozen=True)
class Anchors:
    """The files with the anchors; ``outside`` is the copy that does not lie with the data."""

    path: Path
    outside: Path | None = None

    def read(self) -> dict[UUID, tuple[Anchor, ...]]:
        """Return what each file knows of each clinic; a missing file knows nothing.

        Raises SetupError for a file that cannot be read as what it is.
        """
        known: dict[UUID, set[Anchor]] = defaultdict(set)
        for path in self.files:
            for clinic, anchor in _read(path).items():
                known[clinic].add(anchor)
        return {
            clinic: tuple(sorted(found, key=lambda one: (one.seq, one.seals)))
            for clinic, found in known.items()
        }

    def write(self, stand: dict[UUID, Anchor]) -> None:
        """Remember these anchors, leaving those of other clinics as they are."""
        for path in self.files:
            known = {
                str(clinic): [one.seq, one.hash.hex(), one.seals, one.seal_hash.hex()]
                for clinic, one in {**_read(path), **stand}.items()
            }
            files.make_folder(path.parent)
            try:
                files.replace_text(path, json.dumps(known, indent=1))
            except OSError as error:
                raise files.refusal(error, path.parent) from error

    @property
    def files(self) -> tuple[Path, ...]:
        """Where the anchors are kept."""
        return (self.path,) if self.outside is None else (self.path, self.outside)


def _read(path: Path) -> dict[UUID, Anchor]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {UUID(clinic): _anchor(*values) for clinic, values in content.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise files.refusal(error, path) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SetupError(
            _(
                "The file {file}, which tells where the logs stood, cannot be read. Somebody may "
                "have changed it. Keep a copy, move it away and run “clinic-desktop verify”."
            ).format(file=path)
        ) from error


def _anchor(seq: int, digest: str, seals: int = 0, seal_digest: str = "00") -> Anchor:
    return Anchor(int(seq), bytes.fromhex(digest), int(seals), bytes.fromhex(seal_digest))


def compare(connection: Connection, anchors: Anchors) -> list[Finding]:
    """Return where a log no longer holds what an anchor remembers; nothing is walked."""
    return [
        finding
        for clinic, known in anchors.read().items()
        for anchor in known
        for finding in _against(connection, clinic, anchor)
    ]


def _against(connection: Connection, clinic: UUID, anchor: Anchor) -> Iterator[Finding]:
    for number, digest, query, gone, other in (
        (
            anchor.seq,
            anchor.hash,
            "SELECT hash FROM clinic.change_log WHERE clinic_id = %s AND seq = %s",
            _("The log was cut: entry {n} is missing."),
            _("Entry {n} is not the one that was there at the last check."),
        ),
        (
            anchor.seals,
            anchor.seal_hash,
            "SELECT hash FROM clinic.access_seal WHERE clinic_id = %s AND n = %s",
            _("The log of reading was cut: seal {n} is missing."),
            _("Seal {n} of the log of reading is not the one that was there at the last check."),
        ),
    ):
        if number == 0:
            continue
        row = connection.execute(query.encode(), (clinic, number)).fetchone()
        if row is None:
            yield Finding(clinic, number, "cut", gone.format(n=number))
        elif row[0] != digest:
            yield Finding(clinic, number, "rewritten", other.format(n=number))


def seal(connection: Connection) -> None:
    """Seal every access entry whose transaction has ended; one call notes, the next one seals."""
    idle = 0
    for _round in range(_MOST_ROUNDS):
        row = connection.execute(
            "SELECT sum(clinic.seal_access(c.id, %s)) FROM clinic.clinic c", (_SEALED_AT_ONCE,)
        ).fetchone()
        idle = 0 if row and row[0] else idle + 1
        if idle > 1:
            return


def note(dsn: Dsn, anchors: Anchors) -> list[Finding]:
    """Remember where the logs stand now, unless one no longer fits an anchor: that one stays.

    ``dsn`` is the sign-in of clinic_backup. It costs a few milliseconds; ``verify`` walks.
    """
    with open_connection(dsn) as connection:
        seal(connection)
        findings = compare(connection, anchors)
        wrong = {finding.clinic_id for finding in findings}
        stand = {
            clinic: Anchor(seq, digest, seals, seal_digest)
            for clinic, seq, digest, seals, seal_digest in connection.execute(_HEADS.encode())
            if clinic not in wrong
        }
    anchors.write(stand)
    return findings
