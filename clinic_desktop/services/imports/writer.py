"""What the importers of every kind share: problems told, records read, settled and written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, ClassVar, Final
from uuid import UUID

from clinic_desktop.domain.imported.dates import DateStyle, is_doubtful, read_day
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.context import Context
from clinic_desktop.services.imports.schemas import ImportPlan, Known, MappedColumn, Problem

LISTED: Final = 1_000
Cells = dict[str, str]


@dataclass(slots=True)
class Entry:
    """One record on its way in; ``key`` is the number that the other system gave it."""

    row: int
    id: UUID
    name: str
    values: dict[str, Any]
    key: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class RefusedError(Exception):
    """A row cannot be read; its problem is told already."""


class Writer:
    """Reads rows into entries, settles them with the records and writes them in batches.

    A subclass is one kind. ``dry`` runs the same way and writes nothing.
    """

    kind: ClassVar[str]

    def __init__(
        self, ctx: Context, plan: ImportPlan, headers: Sequence[str], run_id: UUID
    ) -> None:
        self.ctx = ctx
        self.plan = plan
        self.run_id = run_id
        self.today: date = ctx.now.astimezone(ctx.zone).date()
        self.problems: list[Problem] = []
        self.duplicates: list[Known] = []
        self.refused = self.known = self.doubts = 0
        self.made: list[UUID] = []
        self.keys: list[str] = []
        self.key_ids: list[UUID] = []
        self._columns: dict[tuple[int, str], MappedColumn] = {
            (one.person, one.field): one for one in plan.columns
        }
        self._headers = headers
        # Rows are read on one thread while others are settled and written on another.
        self._lock = Lock()

    # -- what a kind gives ------------------------------------------------------------------

    def read(self, row: int, people: dict[int, Cells]) -> list[Entry]:
        """Return the records of one row; raises RefusedError after telling of a problem."""
        raise NotImplementedError

    def settle(self, entries: list[Entry]) -> list[Entry]:
        """Return the entries that are new, after telling of the known and the impossible."""
        return entries

    def write(self, entries: list[Entry]) -> None:
        """Insert a batch."""
        raise NotImplementedError

    def shown(self, entry: Entry) -> tuple[str, ...]:
        """Return what the preview shows of a record behind its name."""
        return tuple(str(value) for value in entry.values.values() if value)[:6]

    def finish(self) -> None:
        """Write what waits for the last batch."""

    # -- telling ----------------------------------------------------------------------------

    def header_of(self, field_name: str, person: int = 0) -> str:
        """Return the column's header as it stands in the file."""
        column = self._columns.get((person, field_name))
        if column is None:
            return ""
        known = column.column < len(self._headers)
        return self._headers[column.column].strip() if known else str(column.column + 1)

    def refuse(self, row: int, field_name: str, sentence: str, person: int = 0) -> RefusedError:
        """Tell why a row is left out; raise what it returns."""
        with self._lock:
            self.refused += 1
        self._tell(Problem(row=row, header=self.header_of(field_name, person), sentence=sentence))
        return RefusedError()

    def doubt(self, row: int, field_name: str, sentence: str, person: int = 0) -> None:
        """Tell what needs a look in a row that is taken."""
        with self._lock:
            self.doubts += 1
        self._tell(
            Problem(
                row=row, header=self.header_of(field_name, person), sentence=sentence, refused=False
            )
        )

    def _tell(self, problem: Problem) -> None:
        with self._lock:
            if len(self.problems) < LISTED:
                self.problems.append(problem)

    def is_known(self, row: int, name: str, there: str, reasons: tuple[str, ...] = ()) -> None:
        """Tell of a record that is there already and is left as it is."""
        self.known += 1
        if len(self.duplicates) < LISTED:
            self.duplicates.append(Known(row=row, name=name, there=there, reasons=reasons))

    def remember(self, key: str, record: UUID) -> None:
        """Keep which record a number of the other system means."""
        if key:
            self.keys.append(key[:100])
            self.key_ids.append(record)

    # -- reading cells ----------------------------------------------------------------------

    def style(self, field_name: str, person: int = 0) -> str:
        """Return how the column writes."""
        column = self._columns.get((person, field_name))
        return column.style if column is not None else ""

    def day(
        self, row: int, cells: Cells, name: str, *, earliest: date, latest: date, person: int = 0
    ) -> date | None:
        """Return a date of the row; raises RefusedError for what is none."""
        typed = cells.get(name, "")
        if not typed:
            return None
        order: Any = self.style(name, person) or "dmy"
        style = DateStyle(order, certain=True)
        try:
            found = read_day(typed, style, today=self.today, earliest=earliest, latest=latest)
        except ClinicError as error:
            sentence = str(error)
            if typed not in sentence:
                sentence = f"“{typed[:40]}”: {sentence}"
            raise self.refuse(row, name, sentence, person) from error
        return found

    @staticmethod
    def turned(text: str) -> bool:
        """Return whether day and month of a typed date could be the other way round."""
        return is_doubtful(text)
