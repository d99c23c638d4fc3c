"""Taking back what was charted, and doing it again: the change log is what remembers.

Every act names itself in the rows it writes (``a:`` with its id); taking one back is an act of its
own that names what it takes back (``u:``), doing it again as well (``r:``). So the log alone says
what the next Ctrl+Z means, today or after a restart. Completing is no act of this kind: money and
stock followed from it, so it is reversed (see ``uncomplete``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, NotFoundError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import ChartItem
from clinic_desktop.services.chart.known import Names, entries_of
from clinic_desktop.services.chart.schemas import ChartItemRow, Undone
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
    _turn(ctx, _current(entries), _written_by(entries, name), f"u:{name[2:]}")
    return Undone(items=_rows(ctx, entries, name))


def redo(ctx: Context, patient_id: UUID, act: UUID | None = None) -> Undone:
    """Do again what was taken back last, or a certain act. Raises as ``undo`` does."""
    ctx.need(Permission.CLINICAL_WRITE)
    entries = entries_of(ctx, patient_id)
    acts = _acts_of(entries, ctx.who.login)
    name = f"a:{act.hex}" if act is not None else acts.undone[-1] if acts.undone else ""
    if name not in acts.undone:
        raise NotFoundError(_("There is nothing to do again on this chart."))
    taken_back = _last_of(entries, f"u:{name[2:]}")
    _turn(ctx, _current(entries), taken_back, f"r:{name[2:]}")
    return Undone(items=_rows(ctx, entries, name))


def _acts_of(entries: Iterable[Mapping[str, Any]], login: str) -> _Acts:
    found = _Acts()
    for entry in entries:
        name = (entry["after"] or {}).get("act")
        if name and entry["login"] == login:
            found.hear(name)
    return found


def _written_by(entries: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    """Return the latest entries with this act's name, one for each row, in its latest doing."""
    again = f"r:{name[2:]}"
    return _last_of(entries, again) or _last_of(entries, name)


def _last_of(entries: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    found: dict[UUID, Mapping[str, Any]] = {}
    for entry in entries:
        if (entry["after"] or {}).get("act") == name:
            found[entry["row_id"]] = entry
    return list(found.values())


def _current(entries: Iterable[Mapping[str, Any]]) -> dict[UUID, Mapping[str, Any]]:
    """Return the latest entry of each row."""
    return {entry["row_id"]: entry for entry in entries}


def _turn(
    ctx: Context,
    latest: Mapping[UUID, Mapping[str, Any]],
    written: Sequence[Mapping[str, Any]],
    name: str,
) -> None:
    """Give each row the values it had before these entries, as a change of its own."""
    for entry in written:
        row = entry["row_id"]
        if latest[row]["seq"] != entry["seq"]:
            raise StaleError(_("This was changed since. Look at the chart again."))
        after = entry["after"] or {}
        if entry["op"] == "I":
            values: dict[str, Any] = {"deleted_at": ctx.now}
        else:
            before = entry["before"]
            values = {key: _value(ctx, key, before[key]) for key in after if key in _FIELDS}
        _put(ctx, row, int(after.get("version", 1)), act=name, **values)


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
        raise StaleError(_("This was changed since. Look at the chart again."))


def _rows(
    ctx: Context, entries: Sequence[Mapping[str, Any]], name: str
) -> tuple[ChartItemRow, ...]:
    """Return the entries of an act as they were charted, to be named in a sentence."""
    names, rows, first = Names(ctx, entries), {}, {}
    touched = {entry["row_id"] for entry in _last_of(entries, name)}
    for entry in entries:
        if entry["row_id"] in touched:
            row = entry["row_id"]
            rows[row] = {**rows.get(row, {}), **(entry["after"] or {})}
            first.setdefault(row, entry["at"])
    return tuple(names.row(values, first[row]) for row, values in rows.items())
