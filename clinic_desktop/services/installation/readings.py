"""Checking the log of reading against its seals: an entry altered, removed or added is named."""

from typing import Final
from uuid import UUID

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.installation.anchors import ORIGIN, Anchor, Connection, Finding

# The server hashes again what the seals say; the client compares one seal with the next.
_SEALS: Final = """
SELECT s.n, s.hash, clinic.seal_hash(coalesce(lag(s.hash) OVER (ORDER BY s.n), %(origin)s), s.n,
                                     s.clinic_id, s.ids, s.digests) = s.hash AS whole
FROM clinic.access_seal s WHERE s.clinic_id = %(clinic)s ORDER BY s.n
"""
_ENTRIES: Final = """
SELECT u.id, a.id IS NULL AS gone
FROM clinic.access_seal s
CROSS JOIN LATERAL unnest(s.ids) WITH ORDINALITY AS u(id, place)
LEFT JOIN clinic.access_log a ON a.clinic_id = s.clinic_id AND a.id = u.id
WHERE s.clinic_id = %(clinic)s
  AND (a.id IS NULL OR substr(s.digests, (u.place::int - 1) * 16 + 1, 16) <> clinic.access_digest(
       a.id, a.clinic_id, a.at, a.login, a.device, a.patient_id, a.action, a.category))
ORDER BY u.id LIMIT 1
"""
_ADDED: Final = """
SELECT a.id FROM clinic.access_log a WHERE a.clinic_id = %(clinic)s
  AND a.id <= (SELECT max(s.ids[cardinality(s.ids)]) FROM clinic.access_seal s
               WHERE s.clinic_id = %(clinic)s)
EXCEPT
SELECT unnest(s.ids) FROM clinic.access_seal s WHERE s.clinic_id = %(clinic)s
ORDER BY 1 LIMIT 1
"""
_SEAL_MISSING: Final = N_("Seal {n} of the log of reading is missing.")
_SEAL_ALTERED: Final = N_("Seal {n} of the log of reading was altered.")
_SEAL_OTHER: Final = N_(
    "Seal {n} of the log of reading is not the one that was there at the last check."
)
_HEAD_OTHER: Final = N_("The head of the log of reading does not match seal {n}.")
_ENTRY_MISSING: Final = N_("Entry {n} of the log of reading is missing.")
_ENTRY_ALTERED: Final = N_("Entry {n} of the log of reading was altered.")
_ENTRY_ADDED: Final = N_("Entry {n} of the log of reading was added later.")


def check(
    connection: Connection, clinic: UUID, known: tuple[Anchor, ...]
) -> tuple[int, bytes, Finding | None]:
    """Return how many seals stand, the last one's hash, and the first finding."""
    anchored = {(one.seals, one.seal_hash) for one in known if one.seals > 0}
    last, digest = 0, ORIGIN
    for n, found, whole in connection.execute(
        _SEALS.encode(), {"clinic": clinic, "origin": ORIGIN}
    ):
        if n != last + 1:
            return last, digest, _of(clinic, last + 1, "missing", _SEAL_MISSING)
        if not whole:
            return last, digest, _of(clinic, n, "altered", _SEAL_ALTERED)
        if any(seal == n and hash_ != found for seal, hash_ in anchored):
            return last, digest, _of(clinic, n, "rewritten", _SEAL_OTHER)
        last, digest = n, found
    ending = _of_end(connection, clinic, last, digest, known)
    return last, digest, ending or _of_rows(connection, clinic)


def _of(clinic: UUID, n: int, kind: str, sentence: str) -> Finding:
    return Finding(clinic, n, f"access {kind}", _(sentence).format(n=n))


def _of_end(
    connection: Connection, clinic: UUID, last: int, digest: bytes, known: tuple[Anchor, ...]
) -> Finding | None:
    row = connection.execute(
        "SELECT seals, hash FROM clinic.access_head WHERE clinic_id = %s", (clinic,)
    ).fetchone()
    head = (row[0], row[1]) if row else (0, ORIGIN)
    if max([head[0], *(one.seals for one in known)]) > last:
        return _of(clinic, last + 1, "cut", _SEAL_MISSING)
    return None if head == (last, digest) else _of(clinic, last, "head", _HEAD_OTHER)


def _of_rows(connection: Connection, clinic: UUID) -> Finding | None:
    keys = {"clinic": clinic}
    wrong = connection.execute(_ENTRIES.encode(), keys).fetchone()
    if wrong is not None:
        entry, gone = wrong
        if gone:
            return _of(clinic, entry, "missing", _ENTRY_MISSING)
        return _of(clinic, entry, "altered", _ENTRY_ALTERED)
    added = connection.execute(_ADDED.encode(), keys).fetchone()
    return _of(clinic, added[0], "added", _ENTRY_ADDED) if added else None
