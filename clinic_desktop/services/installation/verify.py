"""Walking the logs: the first entry that was altered, removed or cut is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.i18n import _
from clinic_desktop.services.installation import readings
from clinic_desktop.services.installation.anchors import (
    ORIGIN,
    Anchor,
    Anchors,
    Connection,
    Finding,
    seal,
)

BATCH: Final = 20_000

# The server hashes again what each entry says; the client only compares one entry with the next.
_WALK: Final = """
SELECT l.seq, l.hash,
       clinic.entry_hash(
           coalesce(lag(l.hash) OVER (ORDER BY l.seq), %(previous)s), l.seq, l.clinic_id, l.at,
           l.login, l.person_id, l.device, l.tbl, l.op, l.row_id, l.patient_id, l.permission,
           l.fields, l.seen, l.digest) = l.hash AS whole,
       v.seq IS NULL OR clinic.entry_digest(v.salt, v.before, v.after, v.reason) = l.digest AS kept,
       v.seq IS NULL AS empty,
       v.seq IS NULL AND l.op <> 'E' AND (EXISTS (
           SELECT FROM clinic.change_log e
           WHERE e.clinic_id = l.clinic_id AND e.patient_id = l.patient_id AND e.seq > l.seq
             AND e.tbl = 'change_value' AND e.op = 'E' AND e.fields = '{*}') OR EXISTS (
           SELECT FROM clinic.change_log e
           WHERE e.clinic_id = l.clinic_id AND e.tbl = 'change_value' AND e.op = 'E'
             AND e.seq > l.seq AND l.seq::text = ANY (e.fields))) AS erased
FROM clinic.change_log l
LEFT JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
WHERE l.clinic_id = %(clinic)s AND l.seq > %(after)s
ORDER BY l.seq LIMIT %(limit)s
"""


class _Entry(NamedTuple):
    """An entry as the server judges it: ``erased`` when a later one says so of it."""

    seq: int
    hash: bytes
    whole: bool
    kept: bool
    empty: bool
    erased: bool


@dataclass(frozen=True)
class Verified:
    """What a walk found: how many entries, where both logs stand, the first finding if any."""

    clinic_id: UUID
    entries: int
    erased: int
    stand: Anchor
    finding: Finding | None


def verify(dsn: Dsn, anchors: Anchors) -> list[Verified]:
    """Walk every clinic's logs; ``dsn`` is the sign-in of clinic_backup.

    The anchors move forward only where nothing was found.
    """
    known = anchors.read()
    with open_connection(dsn) as connection:
        connection.execute("SET timezone = 'UTC'")
        seal(connection)
        clinics = [row[0] for row in connection.execute("SELECT id FROM clinic.clinic ORDER BY id")]
        # A clinic that is gone from its table still has its anchor.
        clinics += [clinic for clinic in known if clinic not in clinics]
        results = [_walk(connection, clinic, known.get(clinic, ())) for clinic in clinics]
    anchors.write({one.clinic_id: one.stand for one in results if one.finding is None})
    return results


def _walk(connection: Connection, clinic: UUID, known: tuple[Anchor, ...]) -> Verified:
    last, previous, entries, erased = 0, ORIGIN, 0, 0
    finding: Finding | None = None
    for entry in _entries(connection, clinic):
        finding = _of_entry(clinic, last + 1, entry) or _of_anchors(clinic, entry, known)
        if finding is not None:
            break
        last, previous = entry.seq, entry.hash
        entries, erased = entries + 1, erased + entry.erased
    seals, sealed = 0, ORIGIN
    if finding is None:
        finding = _of_end(connection, clinic, last, previous, known)
    if finding is None:
        seals, sealed, finding = readings.check(connection, clinic, known)
    return Verified(clinic, entries, erased, Anchor(last, previous, seals, sealed), finding)


def _entries(connection: Connection, clinic: UUID) -> Iterator[_Entry]:
    """Yield the entries in order, a batch at a time, so that memory stays flat."""
    after, previous = 0, ORIGIN
    while True:
        rows = connection.execute(
            _WALK.encode(),
            {"clinic": clinic, "after": after, "previous": previous, "limit": BATCH},
        ).fetchall()
        yield from (_Entry(*row) for row in rows)
        if len(rows) < BATCH:
            return
        after, previous = rows[-1][0], rows[-1][1]


def _of_entry(clinic: UUID, expected: int, entry: _Entry) -> Finding | None:
    n = entry.seq
    if n != expected:
        return Finding(clinic, expected, "missing", _("Entry {n} is missing.").format(n=expected))
    if not entry.whole:
        return Finding(clinic, n, "altered", _("Entry {n} was altered.").format(n=n))
    if not entry.kept:
        return Finding(clinic, n, "altered", _("The values of entry {n} were altered.").format(n=n))
    if entry.empty and not entry.erased:
        return Finding(
            clinic,
            n,
            "missing",
            _("The values of entry {n} are missing, and no erasure tells of it.").format(n=n),
        )
    return None


def _of_anchors(clinic: UUID, entry: _Entry, known: tuple[Anchor, ...]) -> Finding | None:
    if all(one.hash == entry.hash for one in known if one.seq == entry.seq):
        return None
    return Finding(
        clinic,
        entry.seq,
        "rewritten",
        _("Entry {n} is not the one that was there at the last check.").format(n=entry.seq),
    )


def _of_end(
    connection: Connection, clinic: UUID, last: int, digest: bytes, known: tuple[Anchor, ...]
) -> Finding | None:
    """Return what is wrong at the end: the head or an anchor knows of more than is there."""
    head = connection.execute(
        "SELECT seq, hash FROM clinic.log_head WHERE clinic_id = %s", (clinic,)
    ).fetchone()
    furthest = max([head[0] if head else 0, *(one.seq for one in known)])
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
