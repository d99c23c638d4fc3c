"""Who of a file is in the records already: by the number there, or beyond doubt the same person."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import text

from clinic_desktop.domain.folding import fold, skeleton
from clinic_desktop.domain.names import BORN, LONGEST_WORD, LOOKS, sort_key
from clinic_desktop.domain.phones import digits_of
from clinic_desktop.services.context import Context
from clinic_desktop.services.imports.writer import Entry
from clinic_desktop.services.patients.duplicates import judged
from clinic_desktop.services.patients.schemas import Duplicate, DuplicateDraft

# The same name beside the same birth date, phone or e-mail: taken for the same person.
SAME: Final = 75
# Stands in no word: controls are cleaned away from whatever is read.
_BESIDE: Final = "\x1f"

# A name that looks the same is not enough for the same person: birth date, phone or e-mail stand
# beside it. They are rarer than names, so the search begins with them, and the name is one look
# into the index for each. Who is filed under the same name is found however many were born that
# day: in many files it is the first of January 1900 for whoever did not say.
_ALIKE: Final = text(
    """
    SELECT f.n, p.id, p.number, p.given, p.family, p.other_name, p.born, p.born_estimated, p.phone,
           p.email, p.status, p.household_id
    FROM (
        SELECT DISTINCT e.n, c.patient_id
        FROM unnest(CAST(string_to_array(:n, chr(31)) AS int[]), string_to_array(:words, chr(31)),
                    string_to_array(:looks, chr(31)), string_to_array(:keys, chr(31)))
             AS e(n, word, looks, key)
        CROSS JOIN LATERAL (
            (SELECT w.sort_key, w.patient_id FROM patient_word w
             WHERE w.clinic_id = :clinic AND w.word = e.word COLLATE "C"
               AND w.sort_key = e.key COLLATE "C" LIMIT 20)
            UNION ALL
            (SELECT w.sort_key, w.patient_id FROM patient_word w
             WHERE w.clinic_id = :clinic AND w.word = e.word COLLATE "C" LIMIT 100)
        ) c
        WHERE EXISTS (SELECT FROM patient_word v
                      WHERE v.clinic_id = :clinic AND v.word = e.looks COLLATE "C"
                        AND v.sort_key = c.sort_key AND v.patient_id = c.patient_id)
    ) f
    JOIN patient p ON p.clinic_id = :clinic AND p.id = f.patient_id AND p.deleted_at IS NULL
    """
)
_TAKEN: Final = text(
    """
    SELECT number, id, given, family, deleted_at IS NULL AS there FROM patient
    WHERE clinic_id = :clinic AND number = ANY (CAST(:numbers AS text[]))
    """
)


def numbered(ctx: Context, entries: list[Entry]) -> dict[str, Any]:
    """Return the records that have a number of these entries, by number."""
    numbers = [e.key.zfill(5) if e.key.isdecimal() else e.key for e in entries if e.key]
    if not numbers:
        return {}
    # Asked outside of the run, which is not committed: only what was there before.
    with ctx.fresh() as before:
        found = before.connection.execute(_TAKEN, {"clinic": ctx.clinic_id, "numbers": numbers})
        return {row.number: row for row in found}


def alike(ctx: Context, entries: list[Entry]) -> dict[int, Duplicate]:
    """Return for entries by place the record that is the same person beyond doubt."""
    asked: list[tuple[int, str, str, str]] = []
    for place, entry in enumerate(entries):
        values = entry.values
        looks = LOOKS + skeleton(f"{values['given']} {values['family']}")[:LONGEST_WORD]
        key = sort_key(values["given"], values["family"], locale=ctx.who.locale)
        if looks != LOOKS:
            asked += [(place, word, looks, key) for word in _telling(values)]
    if not asked:
        return {}
    # Joined, because the driver takes a list of thousands apart one by one.
    columns = {
        name: _BESIDE.join(map(str, column))
        for name, column in zip(
            ("n", "words", "looks", "keys"), zip(*asked, strict=True), strict=True
        )
    }
    with ctx.fresh() as before:
        rows = before.connection.execute(_ALIKE, {"clinic": ctx.clinic_id, **columns}).all()
    best: dict[int, Duplicate] = {}
    for row in rows:
        values = entries[row.n].values
        draft = DuplicateDraft(
            **{k: values[k] for k in ("given", "family", "other_name", "born", "email")}
        )
        found = judged(draft, values["phone"], row._asdict())
        if found.score >= SAME and found.score > getattr(best.get(row.n), "score", 0):
            best[row.n] = found
    return best


def _telling(values: dict[str, Any]) -> Iterator[str]:
    """Yield the words of a record that few others have: birth date, phone, e-mail."""
    if values["born"] is not None:
        yield f"{BORN}{values['born']:%Y%m%d}"
    if values["phone"]:
        yield digits_of(values["phone"].partition(";")[0])
    if values["email"]:
        yield fold(values["email"])[:LONGEST_WORD]
