"""A segment: the rows that the change log names since the last one, as they stand now.

The log says which rows changed; their values are taken from the tables, because the log leaves out
times, derived columns and papers. One snapshot holds log and rows together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from psycopg import sql

from clinic_desktop import __version__
from clinic_desktop.db.connect import Dsn
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.dump import (
    Connection,
    anchors,
    counts,
    moment,
    schema_version,
    snapshot,
    tables,
)
from clinic_desktop.services.backup.parts import Part, framed, packed
from clinic_desktop.services.backup.schemas import Anchor, Manifest
from clinic_desktop.services.backup.sealed import seal

# Rows that triggers keep beside a logged row, by the column that names it. Any other table that is
# not logged row by row goes whole.
BESIDE: Final = {
    "patient_word": ("patient", "patient_id"),
    "patient_key": ("patient", "patient_id"),
    "appointment_resource": ("appointment", "appointment_id"),
}
# Rows that triggers keep of everything of a patient, by their patient.
OF_PATIENTS: Final = ("broken_visit",)
LOG: Final = ("change_log", "change_value")
# Access entries take their numbers before they are committed; no statement lives this long.
LATE: Final = timedelta(minutes=10)
LEFT_OUT: Final = ("alembic_version",)


class NeedsFullError(ConflictError):
    """Something happened that the log does not tell row by row: a dump must come first."""


def make_tail(
    dsn: Dsn,
    folder: Path,
    recipients: Sequence[Any],
    last: Manifest,
    *,
    tell: Callable[[int], None] = lambda _bytes: None,
) -> Manifest | None:
    """Seal what changed since ``last`` (a dump or segment); None when nothing did.

    ``dsn`` is the sign-in of clinic_backup. Raises NeedsFullError after an upgrade or a bulk load.
    """
    with snapshot(dsn) as held:
        heads = anchors(held)
        if schema_version(held) != last.schema_version:
            raise NeedsFullError(_("The program was upgraded; a whole backup comes first."))
        if heads == last.clinics and not _read_since(held, last):
            return None
        rows = counts(held)
        since = _Since(held, last, rows)
        since.check(heads)
        manifest = Manifest(
            kind="tail",
            stamp=last.stamp,
            number=last.number + 1,
            made_at=moment(held),
            program=__version__,
            schema_version=last.schema_version,
            tool=last.tool,
            clinics=heads,
            after=last.clinics,
            counts=rows,
        )
        return seal(folder / manifest.name, manifest, packed(since.parts()), recipients, tell)


def _read_since(held: Connection, last: Manifest) -> bool:
    """Return whether anybody opened a record since."""
    found = held.execute(
        "SELECT EXISTS (SELECT FROM clinic.access_log WHERE at > %s)", (last.made_at,)
    ).fetchone()
    return bool(found and found[0])


class _Since:
    def __init__(self, held: Connection, last: Manifest, rows: Mapping[str, int]) -> None:
        self._held, self._last, self._rows = held, last, rows
        self._logged = {
            row[0]
            for row in held.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgname = 'z_stage_change'"
                " AND c.relnamespace = 'clinic'::regnamespace"
            )
        }
        known = ", ".join(f"('{clinic}'::uuid, {at.seq})" for clinic, at in last.clinics.items())
        after = f"(VALUES {known})" if known else "(SELECT NULL::uuid, 0 WHERE false)"
        # Numbers and ids of our own manifest, no text.
        self._new = sql.SQL(
            f"clinic.{{log}} l LEFT JOIN {after} AS a (clinic_id, seq)"
            " ON a.clinic_id = l.clinic_id WHERE l.seq > coalesce(a.seq, 0)"
        )

    def check(self, heads: Mapping[str, Anchor]) -> None:
        """Raise NeedsFullError when the log is not the one that the last file ended with."""
        for clinic, at in self._last.clinics.items():
            found = self._held.execute(
                "SELECT encode(hash, 'hex') FROM clinic.change_log"
                " WHERE clinic_id = %s AND seq = %s",
                (clinic, at.seq),
            ).fetchone()
            if at.seq and (found is None or found[0] != at.hash or clinic not in heads):
                raise NeedsFullError(
                    _("The change log is another one than before; a whole backup comes first.")
                )

    def _touched(self, table: str) -> sql.Composed:
        return sql.SQL("SELECT DISTINCT l.clinic_id, l.row_id AS id FROM {} AND l.tbl = {}").format(
            self._new.format(log=sql.Identifier("change_log")), sql.Literal(table)
        )

    def _patients(self) -> sql.Composed:
        return sql.SQL(
            "SELECT DISTINCT l.clinic_id, l.patient_id AS id FROM {} AND l.patient_id IS NOT NULL"
        ).format(self._new.format(log=sql.Identifier("change_log")))

    def parts(self) -> Iterator[bytes]:
        """Yield every part, those that need the old rows of another table first."""
        changed = self._changed()
        for table, (of, column) in BESIDE.items():
            if of in changed and table in self._rows:
                yield from self._replaced(table, self._touched(of), column)
        for table in OF_PATIENTS:
            if table in self._rows:
                yield from self._replaced(table, self._patients(), "patient_id")
        for table in changed:
            yield from self._replaced(table, self._touched(table), "id")
        for table in LOG:
            yield from self._appended(
                table,
                sql.SQL("SELECT {columns} FROM {new}").format(
                    columns=self._list(table, "l"), new=self._new.format(log=sql.Identifier(table))
                ),
            )
        yield from self._accesses()
        yield from self._erased()
        for table in self._whole():
            query = sql.SQL("SELECT {} FROM clinic.{} t").format(
                self._list(table, "t"), sql.Identifier(table)
            )
            part = Part(table=table, how="whole", columns=self._columns(table))
            yield from framed(part, self._copied(query))

    def _changed(self) -> list[str]:
        query = sql.SQL("SELECT DISTINCT l.tbl FROM {} ORDER BY 1").format(
            self._new.format(log=sql.Identifier("change_log"))
        )
        return [row[0] for row in self._held.execute(query) if row[0] in self._logged]

    def _whole(self) -> list[str]:
        apart = {*self._logged, *BESIDE, *OF_PATIENTS, *LOG, *LEFT_OUT, "access_log"}
        return [table for table in tables(self._held) if table not in apart]

    def _replaced(self, table: str, keys: sql.Composed, column: str) -> Iterator[bytes]:
        rows = sql.SQL(
            "SELECT {columns} FROM clinic.{table} t JOIN ({keys}) k"
            " ON k.clinic_id = t.clinic_id AND k.id = t.{column}"
        ).format(
            columns=self._list(table, "t"),
            table=sql.Identifier(table),
            keys=keys,
            column=sql.Identifier(column),
        )
        part = Part(table=table, how="rows", columns=self._columns(table), by=column)
        yield from framed(part, self._copied(keys), self._copied(rows))

    def _appended(self, table: str, query: sql.Composed) -> Iterator[bytes]:
        part = Part(table=table, how="append", columns=self._columns(table))
        yield from framed(part, self._copied(query))

    def _accesses(self) -> Iterator[bytes]:
        yield from self._appended(
            "access_log",
            sql.SQL("SELECT {} FROM clinic.access_log t WHERE t.at > {}").format(
                self._list("access_log", "t"), sql.Literal(self._last.made_at - LATE)
            ),
        )

    def _erased(self) -> Iterator[bytes]:
        """Yield which values are gone of people whom the new entries are about.

        An erasure removes old values beside the chain: they must not come back from the dump.
        """
        query = sql.SQL(
            "SELECT l.clinic_id, l.seq FROM clinic.change_log l"
            " LEFT JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq"
            " WHERE v.seq IS NULL AND (l.clinic_id, l.patient_id) IN"
            " (SELECT l.clinic_id, l.patient_id FROM {new})"
            # Entries of other rows that an erasure reached are named in its own entry.
            " UNION SELECT l.clinic_id, f.seq::bigint FROM (SELECT l.* FROM {new}"
            " AND l.tbl = 'change_value' AND l.op = 'E') l"
            " CROSS JOIN LATERAL unnest(l.fields) AS f(seq) WHERE f.seq <> '*'"
        ).format(new=self._new.format(log=sql.Identifier("change_log")))
        yield from framed(Part(table="change_value", how="erased", by="seq"), self._copied(query))

    def _columns(self, table: str) -> tuple[str, ...]:
        found = self._held.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            (f'clinic."{table}"',),
        )
        return tuple(row[0] for row in found)

    def _list(self, table: str, alias: str) -> sql.Composed:
        return sql.SQL(", ").join(
            sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(column))
            for column in self._columns(table)
        )

    def _copied(self, query: sql.Composable) -> Iterator[bytes]:
        with (
            self._held.cursor() as cursor,
            cursor.copy(sql.SQL("COPY ({}) TO STDOUT").format(query)) as copied,
        ):
            for block in copied:
                yield bytes(block)
