"""Whose row it is: by the other system's number, the clinic's own, or name and birth date."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.births import earliest_birth
from clinic_desktop.domain.folding import skeleton
from clinic_desktop.domain.imported.people import split_name
from clinic_desktop.domain.names import LONGEST_WORD, LOOKS, full_name
from clinic_desktop.i18n import _
from clinic_desktop.services.imports.writer import Cells, Entry, Writer

# The latest file of patients that knows a number is the one that the next files speak of.
_BY_KEY: Final = text(
    """
    SELECT DISTINCT ON (k.key) k.key, p.id, p.given, p.family
    FROM import_run r
    CROSS JOIN LATERAL unnest(r.keys, r.key_ids) AS k(key, id)
    JOIN patient p ON p.clinic_id = :clinic AND p.id = k.id AND p.deleted_at IS NULL
    WHERE r.clinic_id = :clinic AND r.kind = 'patients' AND r.state = 'done'
      AND k.key = ANY (CAST(:keys AS text[]))
    ORDER BY k.key, r.created_at DESC
    """
)
_BY_NUMBER: Final = text(
    """
    SELECT p.number, p.id, p.given, p.family FROM patient p
    WHERE p.clinic_id = :clinic AND p.deleted_at IS NULL
      AND p.number = ANY (CAST(:numbers AS text[]))
    """
)
_BY_NAME: Final = text(
    """
    SELECT e.n, p.id, p.given, p.family, p.born
    FROM unnest(CAST(:n AS int[]), CAST(:words AS text[])) AS e(n, word)
    CROSS JOIN LATERAL (
        SELECT w.patient_id FROM patient_word w
        WHERE w.clinic_id = :clinic AND w.word = e.word COLLATE "C" LIMIT 20
    ) f
    JOIN patient p ON p.clinic_id = :clinic AND p.id = f.patient_id AND p.deleted_at IS NULL
    """
)


class OfPatients(Writer):
    """A kind whose rows belong to patients that are there already."""

    two_families = True

    def who(self, row: int, cells: Cells) -> dict[str, Any]:
        """Return what a row says about whose it is."""
        born = self.day(
            row, cells, "patient_born", earliest=earliest_birth(self.today), latest=self.today
        )
        number, name = cells.get("patient_number", ""), cells.get("patient_name", "")
        if not number and not name:
            field = "patient_number" if self.header_of("patient_number") else "patient_name"
            raise self.refuse(row, field, _("The row does not say whose it is."))
        parts = split_name(name, two_families=self.two_families)
        shown = full_name(parts.given, parts.family) or number
        return {"number": number, "name": shown, "born": born}

    def found(self, entries: list[Entry]) -> list[Entry]:
        """Return the entries whose patient is found, their id in ``patient_id``."""
        numbered = self._by_number([e.extra["who"]["number"] for e in entries])
        unknown = [e for e in entries if e.extra["who"]["number"] not in numbered]
        named = self._by_name(unknown)
        kept: list[Entry] = []
        for entry in entries:
            who = entry.extra["who"]
            match = numbered.get(who["number"]) or named.get(id(entry))
            if isinstance(match, str) or match is None:
                field = "patient_number" if who["number"] else "patient_name"
                self.refuse(entry.row, field, match or _("No patient fits this row."))
                continue
            entry.values["patient_id"], entry.name = match
            kept.append(entry)
        return kept

    def _by_number(self, numbers: list[str]) -> dict[str, tuple[UUID, str]]:
        keys = sorted({number for number in numbers if number})
        if not keys:
            return {}
        execute, clinic = self.ctx.connection.execute, self.ctx.clinic_id
        own = {key.zfill(5) if key.isdecimal() else key: key for key in keys}
        found = {
            own[row.number]: (row.id, full_name(row.given, row.family))
            for row in execute(_BY_NUMBER, {"clinic": clinic, "numbers": list(own)})
        }
        # A number given by the other system outweighs the same one given here to somebody else.
        for row in execute(_BY_KEY, {"clinic": clinic, "keys": keys}):
            found[row.key] = (row.id, full_name(row.given, row.family))
        return found

    def _by_name(self, entries: list[Entry]) -> dict[int, tuple[UUID, str] | str]:
        words = {
            place: LOOKS + skeleton(entry.extra["who"]["name"])[:LONGEST_WORD]
            for place, entry in enumerate(entries)
            if not entry.extra["who"]["number"]
        }
        if not words:
            return {}
        rows = self.ctx.connection.execute(
            _BY_NAME,
            {"clinic": self.ctx.clinic_id, "n": list(words), "words": list(words.values())},
        )
        candidates: dict[int, list[Any]] = {}
        for row in rows:
            born: date | None = entries[row.n].extra["who"]["born"]
            if born is None or row.born is None or row.born == born:
                candidates.setdefault(row.n, []).append(row)
        found: dict[int, tuple[UUID, str] | str] = {}
        for place, rows_found in candidates.items():
            exact = [r for r in rows_found if r.born == entries[place].extra["who"]["born"]]
            fits = exact if len(exact) == 1 else rows_found
            if len(fits) == 1:
                name = full_name(fits[0].given, fits[0].family)
                found[id(entries[place])] = (fits[0].id, name)
            else:
                found[id(entries[place])] = _("Several patients have this name.")
        return found
