"""Replaying segments into a restored database: one transaction each, in order."""

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.dump import anchors
from clinic_desktop.services.backup.parts import Part, Unpacker
from clinic_desktop.services.backup.schemas import Manifest
from clinic_desktop.services.backup.sealed import Nowhere, damaged, unseal

STREAMS: Final = {"rows": 2, "whole": 1, "append": 1, "erased": 1}
# Triggers made these rows once; they stand in the segment as they were, each with its checks.
_SETTINGS: Final = (
    "-c session_replication_role=replica -c timezone=UTC -c search_path=pg_catalog,pg_temp"
)


def streams(part: Part) -> int:
    """Return how many streams follow a part."""
    return STREAMS[part.how]


def replay(dsn: Dsn, path: Path, identities: list[Any]) -> Manifest:
    """Apply one segment as a superuser; raises SetupError where it does not continue the data."""
    with open_connection(dsn, autocommit=False, settings=_SETTINGS) as connection:
        applied: list[_Replay] = []

        def begin(manifest: Manifest) -> "_Replay | Nowhere":
            if manifest.kind != "tail" or anchors(connection) != manifest.after:
                raise SetupError(
                    _("The segment {file} does not continue the one before.").format(file=path.name)
                )
            applied.append(_Replay(connection))
            return applied[0]

        try:
            manifest = unseal(path, identities, begin)
        except BaseException as error:
            for one in applied:
                one.give_up(error)
            raise
        if not applied or not applied[0].finished:
            raise damaged(path)
        applied[0].sequences()
        if anchors(connection) != manifest.clinics:
            raise damaged(path)
        connection.commit()
    return manifest


class _Replay:
    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self._unpack = Unpacker(self._begin, self._frame, streams)
        self._part: Part | None = None
        self._stream = 0
        self._context: Any = None
        self._copy: Any = None
        self._cursor: Any = None

    def write(self, block: bytes) -> None:
        self._unpack.write(block)

    @property
    def finished(self) -> bool:
        return self._unpack.finished and self._copy is None

    def _run(self, query: str, **names: sql.Composable) -> None:
        self._connection.execute(sql.SQL(query).format(**names))

    def _begin(self, part: Part) -> None:
        self._part, self._stream = part, 0
        table = sql.Identifier(part.table)
        if streams(part) == 2 or part.how == "erased":
            self._run("CREATE TEMP TABLE keys (clinic_id uuid, id {type}) ON COMMIT DROP",
                      type=sql.SQL("bigint" if part.how == "erased" else "uuid"))  # fmt: skip
        if part.how != "erased":
            # Pieces of files are kept as they are: squeezing pictures costs time and gains nothing.
            self._run(
                "CREATE TEMP TABLE given (LIKE clinic.{table} INCLUDING STORAGE) ON COMMIT DROP",
                table=table,
            )
        self._open()

    def _open(self) -> None:
        part = self._now()
        keys = part.how == "erased" or (streams(part) == 2 and self._stream == 0)
        columns = sql.SQL("clinic_id, id") if keys else _list(part.columns)
        target = sql.SQL("keys" if keys else "given")
        self._cursor = self._connection.cursor()
        self._context = self._cursor.copy(
            sql.SQL("COPY pg_temp.{} ({}) FROM STDIN").format(target, columns)
        )
        self._copy = self._context.__enter__()

    def _now(self) -> Part:
        if self._part is None:
            raise RuntimeError("a frame without its part")
        return self._part

    def _frame(self, content: bytes) -> None:
        if content:
            self._copy.write(content)
            return
        self._context.__exit__(None, None, None)
        self._cursor.close()
        self._copy = None
        self._stream += 1
        if self._stream < streams(self._now()):
            self._open()
        else:
            self._apply()

    def _apply(self) -> None:
        part = self._now()
        table, by = sql.Identifier(part.table), sql.Identifier(part.by)
        if part.how in ("rows", "erased"):
            self._run(
                "DELETE FROM clinic.{table} t USING pg_temp.keys k"
                " WHERE k.clinic_id = t.clinic_id AND k.id = t.{by}",
                table=table, by=by,
            )  # fmt: skip
            self._run("DROP TABLE pg_temp.keys")
        if part.how == "whole":
            self._run("DELETE FROM clinic.{table}", table=table)
        if part.how != "erased":
            self._run(
                "INSERT INTO clinic.{table} ({columns}) OVERRIDING SYSTEM VALUE"
                " SELECT {columns} FROM pg_temp.given {conflict}",
                table=table,
                columns=_list(part.columns),
                conflict=sql.SQL("ON CONFLICT DO NOTHING" if part.how == "append" else ""),
            )
            self._run("DROP TABLE pg_temp.given")

    def give_up(self, error: BaseException) -> None:
        """End a copy that is under way: the connection would wait for its end for ever."""
        if self._copy is not None:
            with suppress(psycopg.Error):
                self._context.__exit__(type(error), error, error.__traceback__)
            self._copy = None

    def sequences(self) -> None:
        """Let numbers of the system go on after the highest one that was brought back."""
        found = self._connection.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind = 'r'"
            " AND a.attidentity <> ''"
        ).fetchall()
        for table, column in found:
            self._run(
                "SELECT setval(pg_get_serial_sequence({name}, {column}), greatest("
                " (SELECT max({identifier}) FROM clinic.{table}),"
                " nextval(pg_get_serial_sequence({name}, {column}))))",
                name=sql.Literal(f"clinic.{table}"),
                column=sql.Literal(column),
                identifier=sql.Identifier(column),
                table=sql.Identifier(table),
            )


def _list(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
