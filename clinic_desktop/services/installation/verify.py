"""Walking the change log: the first entry that was altered, removed or cut is named."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg

from clinic_desktop import files
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.i18n import _

ORIGIN: Final = b"\x00"
BATCH: Final = 20_000

# The server hashes again what each entry says; the client only compares one entry with the next.
_WALK: Final = """
SELECT l.seq, l.hash,
       clinic.entry_hash(
           coalesce(lag(l.hash) OVER (ORDER BY l.seq), %(previous)s), l.seq, l.clinic_id, l.at,
           l.login, l.person_id, l.device, l.tbl, l.op, l.row_id, l.patient_id, l.permission,
           l.fields, l.seen, l.digest) = l.hash AS whole,
       v.seq IS NULL AS erased,
       v.seq IS NULL OR clinic.entry_digest(v.salt, v.before, v.after, v.reason) = l.digest AS kept
FROM clinic.change_log l
LEFT JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
WHERE l.clinic_id = %(clinic)s AND l.seq > %(after)s
ORDER BY l.seq LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a clinic's log; ``seq`` is the entry where it shows."""

    clinic_id: UUID
    seq: int
    kind: str
    sentence: str


@dataclass(frozen=True)
class Verified:
    """What a walk found: how many entries, the last hash, the first finding if any."""

    clinic_id: UUID
    entries: int
    last: int
    hash: bytes
    finding: Finding | None


@dataclass(frozen=True)
class Anchors:
    """Where each clinic's log stood when it was last found whole; kept outside the database.

    Without it, whoever can rewrite the whole log could make a new chain that fits itself.
    """

    path: Path

    def read(self) -> dict[UUID, tuple[int, bytes]]:
        """Return clinic -> (entry, hash); a missing file means none."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise files.refusal(error, self.path) from error
        return {UUID(c): (int(seq), bytes.fromhex(digest)) for c, (seq, digest) in content.items()}

    def write(self, results: list[Verified]) -> None:
        """Remember where the logs found whole stand now."""
        known = {str(c): (seq, digest.hex()) for c, (seq, digest) in self.read().items()}
        for one in results:
            if one.finding is None:
                known[str(one.clinic_id)] = (one.last, one.hash.hex())
        try:
            files.replace_text(self.path, json.dumps(known, indent=1))
        except OSError as error:
            raise files.refusal(error, self.path.parent) from error


def verify(dsn: Dsn, anchors: Anchors) -> list[Verified]:
    """Walk every clinic's log; ``dsn`` is the sign-in of clinic_backup or an administrator.

    The anchors move forward only where nothing was found.
    """
    known = anchors.read()
    with open_connection(dsn) as connection:
        connection.execute("SET timezone = 'UTC'")
        clinics = [row[0] for row in connection.execute("SELECT id FROM clinic.clinic ORDER BY id")]
        # A clinic that is gone from its table still has its anchor.
        clinics += [clinic for clinic in known if clinic not in clinics]
        results = [_walk(connection, clinic, known.get(clinic)) for clinic in clinics]
    anchors.write(results)
    return results


def _walk(
    connection: psycopg.Connection[tuple[Any, ...]],
    clinic: UUID,
    anchor: tuple[int, bytes] | None,
) -> Verified:
    last, previous, entries = 0, ORIGIN, 0
    for seq, digest, whole, _erased, kept in _entries(connection, clinic):
        finding = _of_entry(clinic, last + 1, seq, whole=whole, kept=kept)
        if finding is None and anchor is not None and seq == anchor[0] and digest != anchor[1]:
            finding = Finding(
                clinic,
                seq,
                "rewritten",
                _("Entry {n} is not the one that was there at the last check.").format(n=seq),
            )
        if finding is not None:
            return Verified(clinic, entries, last, previous, finding)
        last, previous, entries = seq, digest, entries + 1
    return Verified(
        clinic, entries, last, previous, _of_end(connection, clinic, last, previous, anchor)
    )


def _entries(
    connection: psycopg.Connection[tuple[Any, ...]], clinic: UUID
) -> Iterator[tuple[int, bytes, bool, bool, bool]]:
    """Yield the entries in order, a batch at a time, so that memory stays flat."""
    after, previous = 0, ORIGIN
    while True:
        rows = connection.execute(
            _WALK.encode(),
            {"clinic": clinic, "after": after, "previous": previous, "limit": BATCH},
        ).fetchall()
        yield from rows
        if len(rows) < BATCH:
            return
        after, previous = rows[-1][0], rows[-1][1]


def _of_entry(clinic: UUID, expected: int, seq: int, *, whole: bool, kept: bool) -> Finding | None:
    if seq != expected:
        return Finding(clinic, expected, "missing", _("Entry {n} is missing.").format(n=expected))
    if not whole:
        return Finding(clinic, seq, "altered", _("Entry {n} was altered.").format(n=seq))
    if not kept:
        return Finding(
            clinic, seq, "altered", _("The values of entry {n} were altered.").format(n=seq)
        )
    return None


def _of_end(
    connection: psycopg.Connection[tuple[Any, ...]],
    clinic: UUID,
    last: int,
    digest: bytes,
    anchor: tuple[int, bytes] | None,
) -> Finding | None:
    """Return what is wrong at the end: the head or the anchor knows of more than is there."""
    head = connection.execute(
        "SELECT seq, hash FROM clinic.log_head WHERE clinic_id = %s", (clinic,)
    ).fetchone()
    furthest = max(head[0] if head else 0, anchor[0] if anchor else 0)
    if furthest > last:
        return Finding(
            clinic,
            last + 1,
            "cut",
            _("The log was cut: entries {first} to {last} are missing.").format(
                first=last + 1, last=furthest
            ),
        )
    if (head is None and last > 0) or (
        head is not None
        and (head[0], bytes(head[1]))
        != (
            last,
            digest if last else bytes(head[1]),
        )
    ):
        return Finding(
            clinic, last, "head", _("The head of the log does not match entry {n}.").format(n=last)
        )
    return None
