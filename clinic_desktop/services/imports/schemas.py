"""What goes into an import and what comes out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from clinic_desktop.services.schemas import Input, Row

Kind = Literal["patients", "appointments", "balances", "treatments", "stock"]


class MappedColumn(Input):
    """A column of the file and the field it fills, of which member of the row.

    ``style`` is how the column writes: dmy, mdy or ymd for dates, the decimal mark for amounts,
    what a lone M means for sex.
    """

    column: int
    field: str
    person: int = 0
    style: str = ""


class ImportPlan(Input):
    """A file and how it is read; ``known`` says what becomes of records that are there already."""

    path: str
    kind: Kind
    columns: tuple[MappedColumn, ...]
    header_row: int
    sheet: str | None = None
    known: Literal["skip", "add"] = "skip"


class ColumnSeen(Row):
    """A column as it was found, with the guess what it is; ``note`` says what is in doubt."""

    column: int
    header: str
    samples: tuple[str, ...]
    field: str
    person: int
    confidence: str
    style: str
    note: str = ""


class Looked(Row):
    """A file as it was found: how it is written, its columns, its first rows."""

    path: str
    name: str
    size: int
    lines: int
    form: str
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]
    sheet: str | None
    kind: Kind
    header_row: int
    columns: tuple[ColumnSeen, ...]
    preview: tuple[tuple[int, tuple[str, ...]], ...]

    def plan(self) -> ImportPlan:
        """Return the plan that follows from the guesses."""
        return ImportPlan(
            path=self.path,
            kind=self.kind,
            header_row=self.header_row,
            sheet=self.sheet,
            columns=tuple(
                MappedColumn(column=one.column, field=one.field, person=one.person, style=one.style)
                for one in self.columns
                if one.field
            ),
        )


class Problem(Row):
    """What is wrong in a row, in which column; ``refused`` when the row is left out for it."""

    row: int
    header: str
    sentence: str
    refused: bool = True


class Known(Row):
    """A row that is there already: in the records, or earlier in the file."""

    row: int
    name: str
    there: str
    reasons: tuple[str, ...] = ()


class Report(Row):
    """What a run did, or a dry run would do. Lists are cut; the counts beside them are whole."""

    kind: Kind
    dry: bool
    records: int
    added: int
    known: int
    refused: int
    blank: int
    totals: int
    doubts: int
    problems: tuple[Problem, ...]
    duplicates: tuple[Known, ...]
    first: tuple[tuple[int, tuple[str, ...]], ...] = ()
    run_id: UUID | None = None


class RunRow(Row):
    """A run of the past."""

    id: UUID
    version: int
    created_at: datetime
    by: str
    kind: Kind
    file_name: str
    file_size: int
    state: str
    records: int
    added: int
    known: int
    refused: int
    kept: int | None
    undone_at: datetime | None


class Kept(Row):
    """Something that a run made and an undo left, with the reason."""

    id: UUID
    name: str
    reason: str


class Undone(Row):
    """What became of a run: how many records went, and which stayed because of what."""

    removed: int
    kept: int
    stays: tuple[Kept, ...]
