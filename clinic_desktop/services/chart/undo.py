"""Taking back what was charted, and doing it again: the change log is what remembers.

Every act names itself in the rows it writes (``a:`` with its id); taking one back is an act of its
own that names what it takes back (``u:``), doing it again as well (``r:``). So the log alone says
what the next Ctrl+Z means, today or after a restart. Completing is no act of this kind: money and
stock followed from it, so it is reversed (see ``uncomplete``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import ChartItem
from clinic_desktop.services.chart.known import Names, entries_of
from clinic_desktop.services.chart.schemas import ChartItemRow, Undone
from clinic_desktop.services.chart.service import changed_first
from clinic_desktop.services.context import Context

DONE: Final = "c:"
# What an act may have changed and what therefore goes back; keys and times look after themselves.
_DATES: Final = frozenset({"since", "until"})
_FIELDS: Final = frozenset({"since", "until", "deleted_at", "surfaces", "detail", "remark"})


@dataclass
class _Acts:
    """What one person did to one chart, in order: what can be taken back, what done again."""

    done: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)

    def hear(self, name: str) -> None:
        kind, _colon, act = name.partition(":")
        match kind:
            case "a" | "c":
                if name not in self.done:
                    self.done.append(name)
                    self.undone.clear()
            case "u":
                if f"a:{act}" in self.done:
                    self.done.remove(f"a:{act}")
                    self.undone.append(f"a:{act}")
            case "r":
                if f"a:{act}" in self.undone:
                    self.undone.remove(f"a:{act}")
                    self.done.append(f"a:{act}")
            case "x":
                if f"c:{act}" in self.done:
                    self.done.remove(f"c:{act}")
            case _:  # rows that were imported or made before acts had names
                pass


def undo(ctx: Context, patient_id: UUID, act: UUID | None = None) -> Undone:
    """Take back the last thing this person charted for a patient, or a certain one.

    Raises NotFoundError when there is nothing, ConflictError for completed work, StaleError when
    somebody changed the entries since.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    entries = entries_of(ctx, patient_id)
    acts = _acts_of(entries, ctx.who.login)
    name = f"a:{act.hex}" if act is not None else acts.done[-1] if acts.done else ""
    if name.startswith(DONE):
        raise ConflictError(
            _("The last thing here was completing work. It is taken back in the list.")
        )
    if name not in acts.done:
        raise NotFoundError(_("There is nothing of yours to take back on this chart."))
    _turn(ctx, entries, name[2:], back=True)
    return Undone(items=_rows(ctx, entries, name))


def redo(ctx: Context, patient_id: UUID, act: UUID | None = None) -> Undone:
    """Do again what was taken back last, or a certain act. Raises as ``undo`` does."""
    ctx.need(Permission.CLINICAL_WRITE)
    entries = entries_of(ctx, patient_id)
    acts = _acts_of(entries, ctx.who.login)
    name = f"a:{act.hex}" if act is not None else acts.undone[-1] if acts.undone else ""
    if name not in acts.undone:
        raise NotFoundError(_("There is nothing to do again on this chart."))
    _turn(ctx, entries, name[2:], back=False)
    return Undone(items=_rows(ctx, entries, name))


def _acts_of(entries: Iterable[Mapping[str, Any]], login: str) -> _Acts:
    found = _Acts()
    for entry in entries:
        name = (entry["after"] or {}).get("act")
        if name and entry["login"] == login:
            found.hear(name)
    return found


def _last_of(entries: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    """Return the latest entry of each row that an act wrote."""
    found: dict[UUID, Mapping[str, Any]] = {}
    for entry in entries:
        if (entry["after"] or {}).get("act") == name:
            found[entry["row_id"]] = entry
    return list(found.values())


@dataclass
class _Row:
    """What was done to one row by anybody, in order, and the version it has now."""

    done: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    version: int = 1

    def hear(self, after: Mapping[str, Any]) -> None:
        self.version = int(after.get("version", self.version))
        kind, _colon, act = str(after.get("act", "")).partition(":")
        if kind == "u" and self.done and self.done[-1] == act:
            self.undone.append(self.done.pop())
        elif kind == "r" and self.undone and self.undone[-1] == act:
            self.done.append(self.undone.pop())
        else:
            self.done.append(act)
            self.undone.clear()


def _turn(ctx: Context, entries: Sequence[Mapping[str, Any]], act: str, *, back: bool) -> None:
    """Give each row of an act the values before it, or those after it, as a change of its own."""
    rows: dict[UUID, _Row] = {}
    for entry in entries:
        rows.setdefault(entry["row_id"], _Row()).hear(entry["after"] or {})
    for entry in _last_of(entries, f"a:{act}"):
        row = rows[entry["row_id"]]
        last = row.done if back else row.undone
        if not last or last[-1] != act:
            raise changed_first(ctx, entry["row_id"])
        after, before = entry["after"] or {}, entry["before"] or {}
        if entry["op"] == "I":
            values: dict[str, Any] = {"deleted_at": ctx.now if back else None}
        else:
            wanted = before if back else after
            values = {key: _value(ctx, key, wanted[key]) for key in after if key in _FIELDS}
        name = f"u:{act}" if back else f"r:{act}"
        _put(ctx, entry["row_id"], row.version, act=name, **values)


def _value(ctx: Context, key: str, value: Any) -> Any:
    """Return a value of the log as the column takes it; what was gone goes now."""
    if key == "deleted_at":
        return None if value is None else ctx.now
    if key in _DATES and value is not None:
        return date.fromisoformat(value)
    return value


def _put(ctx: Context, row: UUID, version: int, **values: Any) -> None:
    """Change a row as it is at ``version``, whether it was taken back or not."""
    statement = (
        update(ChartItem)
        .where(
            ChartItem.clinic_id == ctx.clinic_id,
            ChartItem.id == row,
            ChartItem.version == version,
            ChartItem.done_at.is_(None),
        )
        .values(version=version + 1, **values)
    )
    if ctx.connection.execute(statement).rowcount != 1:
        raise changed_first(ctx, row)


def _rows(
    ctx: Context, entries: Sequence[Mapping[str, Any]], name: str
) -> tuple[ChartItemRow, ...]:
    """Return the entries of an act as they were charted, to be named in a sentence."""
    names = Names(ctx, entries)
    rows: dict[UUID, dict[str, Any]] = {}
    first: dict[UUID, datetime] = {}
    touched = {entry["row_id"] for entry in _last_of(entries, name)}
    for entry in entries:
        if entry["row_id"] in touched:
            row = entry["row_id"]
            rows[row] = {**rows.get(row, {}), **(entry["after"] or {})}
            first.setdefault(row, entry["at"])
    return tuple(names.row(values, first[row]) for row, values in rows.items())
