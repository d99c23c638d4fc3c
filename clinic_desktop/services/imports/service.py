"""An import, tried dry or done: the rows of a file through their writer, whole or not at all."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.imported.lines import is_blank, is_total
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import ImportRun
from clinic_desktop.services.context import Context
from clinic_desktop.services.imports.ahead import ahead
from clinic_desktop.services.imports.appointments import AppointmentWriter
from clinic_desktop.services.imports.balances import BalanceWriter
from clinic_desktop.services.imports.catalogue import StockWriter, TreatmentWriter
from clinic_desktop.services.imports.files import fingerprint, form_of, rows_of
from clinic_desktop.services.imports.patients import PatientWriter
from clinic_desktop.services.imports.schemas import ImportPlan, Report
from clinic_desktop.services.imports.targets import TARGETS, Target
from clinic_desktop.services.imports.writer import Cells, Entry, RefusedError, Writer
from clinic_desktop.services.progress import SILENT, Steps
from clinic_desktop.services.rows import add_row

_BATCH: Final = 1_000
_LOOKED_AT: Final = 5_000
_FIRST: Final = 50
WRITERS: Final[dict[str, type[Writer]]] = {
    one.kind: one
    for one in (PatientWriter, AppointmentWriter, BalanceWriter, TreatmentWriter, StockWriter)
}
# A file of a hundred thousand takes longer than a person's statement may, above all its commit.
_PATIENCE: Final = text(
    "SELECT set_config('statement_timeout', '15min', true), "
    "set_config('idle_in_transaction_session_timeout', '2min', true)"
)


class _Walk:
    """The rows of one file on their way into records."""

    def __init__(
        self, ctx: Context, plan: ImportPlan, steps: Steps, *, run_id: UUID, dry: bool
    ) -> None:
        self.ctx, self.plan, self.steps, self.dry, self.run_id = ctx, plan, steps, dry, run_id
        self.path = Path(plan.path)
        self.form = form_of(self.path)
        self.blank = self.totals = self.records = self.added = 0
        self.first: list[tuple[int, tuple[str, ...]]] = []
        self.lines = 0
        self._columns = [(one.column, one.person, one.field) for one in plan.columns]

    def go(self) -> Report:
        fp = fingerprint(self.path)
        self.lines = fp.lines
        rows = rows_of(self.path, self.form, sheet=self.plan.sheet)
        headers = _headers(rows, self.plan.header_row)
        writer = WRITERS[self.plan.kind](self.ctx, self.plan, headers, self.run_id)
        for number, batch in ahead(self._batches(writer, rows)):
            self._flush(writer, batch)
            self.steps.tell(number, max(self.lines, number))
        if not self.dry:
            writer.finish()
            self._record(writer, fp.size, fp.sha256)
        self.steps.tell(self.lines, self.lines)
        return self._report(writer)

    def _batches(
        self, writer: Writer, rows: Iterator[tuple[int, list[str]]]
    ) -> Iterator[tuple[int, list[Entry]]]:
        """Yield the entries of the file in batches, with the last row's number.

        A stretch without any record is told as well: whoever wants to stop is heard there too.
        """
        batch: list[Entry] = []
        number = told = 0
        for number, cells in rows:
            people = self._people(cells)
            if people is not None:
                with suppress(RefusedError):
                    batch += writer.read(number, people)
            if len(batch) >= _BATCH or number - told >= _LOOKED_AT:
                yield number, batch
                batch, told = [], number
        yield number, batch

    def _people(self, cells: Sequence[str]) -> dict[int, Cells] | None:
        """Return the mapped cells of a record by member of the row; None for what is no record."""
        if is_blank(cells):
            self.blank += 1
            return None
        if is_total(cells):
            self.totals += 1
            return None
        people: dict[int, Cells] = {}
        for column, person, field in self._columns:
            value = cells[column].strip() if column < len(cells) else ""
            people.setdefault(person, {})[field] = value
        self.records += 1
        return people

    def _flush(self, writer: Writer, batch: list[Entry]) -> None:
        if not batch:
            return
        new = writer.settle(batch)
        for entry in new[: max(0, _FIRST - len(self.first))]:
            self.first.append((entry.row, (entry.name, *writer.shown(entry))))
        if not self.dry and new:
            writer.write(new)
        self.added += len(new)

    def _record(self, writer: Writer, size: int, sha256: str) -> None:
        plan = json.loads(self.plan.model_dump_json(exclude={"path"}))
        add_row(
            self.ctx,
            ImportRun,
            id=self.run_id,
            person_id=self.ctx.who.person_id,
            kind=self.plan.kind,
            file_name=self.path.name[:255],
            file_size=size,
            file_sha256=sha256,
            plan=plan,
            records=self.records,
            added=self.added,
            known=writer.known,
            refused=writer.refused,
            made=writer.made,
            keys=writer.keys,
            key_ids=writer.key_ids,
        )

    def _report(self, writer: Writer) -> Report:
        return Report(
            kind=self.plan.kind,
            dry=self.dry,
            records=self.records,
            added=self.added,
            known=writer.known,
            refused=writer.refused,
            blank=self.blank,
            totals=self.totals,
            doubts=writer.doubts,
            problems=tuple(sorted(writer.problems, key=lambda one: one.row)),
            duplicates=tuple(writer.duplicates),
            first=tuple(self.first),
            run_id=None if self.dry else self.run_id,
        )


def _headers(rows: Iterator[tuple[int, list[str]]], header_row: int) -> Sequence[str]:
    """Read on until the records begin, and return how the columns are headed."""
    for number, cells in rows:
        if number >= header_row:
            return cells
    raise InvalidError(_("This file holds no rows."))


def check(ctx: Context, plan: ImportPlan, steps: Steps = SILENT) -> Report:
    """Go through the whole file as an import would and write nothing.

    Raises InvalidError for a file or plan that cannot be used, StoppedError when stopped.
    """
    _need(ctx, plan)
    return _Walk(ctx, plan, steps, run_id=UUID(int=0), dry=True).go()


def run(ctx: Context, run_id: UUID, plan: ImportPlan, steps: Steps = SILENT) -> Report:
    """Import the file: every row without a problem, in this one transaction.

    The same ``run_id`` sent twice is one act (ConflictError). Raises what ``check`` raises.
    """
    _need(ctx, plan)
    if ctx.connection.execute(_DONE, {"clinic": ctx.clinic_id, "run": run_id}).first():
        raise ConflictError(_("This file is imported already."))
    ctx.connection.execute(_PATIENCE)
    return _Walk(ctx, plan, steps, run_id=run_id, dry=False).go()


_DONE: Final = text("SELECT 1 FROM import_run WHERE clinic_id = :clinic AND id = :run")


def _need(ctx: Context, plan: ImportPlan) -> Target:
    """Refuse who may not, and a plan without the columns that a record needs."""
    target = TARGETS[plan.kind]
    ctx.need(Permission.SETTINGS_WRITE)
    ctx.need(target.permission)
    mapped = {one.field for one in plan.columns}
    unknown = mapped - set(target.labels)
    if unknown:
        raise ValueError(f"no fields of {plan.kind}: {sorted(unknown)}")
    for needed in target.needs:
        if not mapped & set(needed):
            labels = " / ".join(_(target.labels[name]) for name in needed)
            raise InvalidError(
                _("Choose the column that holds: {fields}.").format(fields=labels), field=needed[0]
            )
    return target
