"""Busy times of another calendar as blocked time of a provider: looked at, brought in, taken back.

The calendar is followed by the uids of its events: the same file again changes nothing, a newer one
moves what moved and takes away what is gone there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, or_, select

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.working_time import SpecialSpan
from clinic_desktop.errors import InvalidError, NotFoundError, StaleError
from clinic_desktop.i18n import _, in_language
from clinic_desktop.models import Person, Provider, SpecialTime
from clinic_desktop.services.calendars.blocks import blocks_of, titles_without
from clinic_desktop.services.calendars.events import read_calendar
from clinic_desktop.services.calendars.schemas import (
    BusyBlock,
    BusyCalendar,
    BusyPlan,
    BusyPreview,
    BusyWanted,
    HandChange,
    TakenIn,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.progress import SILENT, Steps
from clinic_desktop.services.rows import add_rows, change_row, restore_row
from clinic_desktop.services.schemas import clean_line
from clinic_desktop.services.working_time import service as working_time

MOST_DAYS: Final = 400
_TABLE: Final = cast("Table", SpecialTime.__table__)
_REMOVED: Final = _TABLE.c.deleted_at.is_not(None)
# What somebody took away by hand is known as well, the last of several.
_STORED: Final = (
    select(
        *(_TABLE.c[name] for name in ("id", "version", "kind", "starts", "ends", "label")),
        _TABLE.c.source,
        _TABLE.c.source_uid,
        _TABLE.c.changed_by,
        func.coalesce(Person.name, ""),
        _REMOVED,
    )
    .outerjoin(
        Person, (Person.clinic_id == _TABLE.c.clinic_id) & (Person.id == _TABLE.c.changed_by)
    )
    .where(
        _TABLE.c.clinic_id == bindparam("clinic"),
        _TABLE.c.provider_id == bindparam("provider"),
        _TABLE.c.source != "",
        or_(_TABLE.c.deleted_at.is_(None), _TABLE.c.changed_by.is_not(None)),
        _TABLE.c.ends > bindparam("since"),
        _TABLE.c.starts < bindparam("until"),
    )
    .order_by(_TABLE.c.updated_at)
)
_CALENDARS: Final = (
    select(
        _TABLE.c.provider_id,
        Provider.name.label("provider"),
        _TABLE.c.source,
        func.count().label("count"),
        func.max(_TABLE.c.ends).label("until"),
        func.max(_TABLE.c.updated_at).label("brought_at"),
    )
    .join(
        Provider, (Provider.clinic_id == _TABLE.c.clinic_id) & (Provider.id == _TABLE.c.provider_id)
    )
    .where(
        _TABLE.c.clinic_id == bindparam("clinic"),
        _TABLE.c.source != "",
        _TABLE.c.deleted_at.is_(None),
    )
    .group_by(_TABLE.c.provider_id, Provider.name, _TABLE.c.source)
    .order_by(Provider.name, _TABLE.c.source)
)


class _Stored(NamedTuple):
    """A blocked time as it was brought in before."""

    id: UUID
    version: int
    kind: str
    starts: datetime
    ends: datetime
    label: str
    source: str
    uid: str
    changed_by: UUID | None = None
    who: str = ""
    removed: bool = False

    @property
    def shown(self) -> BusyBlock:
        """The same as a block of a calendar."""
        whole = self.kind == "time_off"
        return BusyBlock(
            uid=self.uid, starts=self.starts, ends=self.ends, title=self.label, whole_day=whole
        )


class _Changes(NamedTuple):
    """What a calendar changes in the time of its provider."""

    new: tuple[BusyBlock, ...]
    changed: tuple[tuple[_Stored, BusyBlock], ...]
    gone: tuple[_Stored, ...]
    same: int
    kept: tuple[HandChange, ...]


# -- looking ------------------------------------------------------------------------------------


def preview(ctx: Context, wanted: BusyWanted, steps: Steps = SILENT) -> BusyPreview:
    """Return what bringing in a calendar file would change; nothing is written.

    Raises InvalidError for a file that is no calendar, is too large or holds too much.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    if not 0 <= (wanted.last - wanted.first).days <= MOST_DAYS:
        raise InvalidError(_("At most a year is brought in at once."), field="last")
    path = Path(wanted.path)
    found = read_calendar(path, ctx.zone, wanted.first, wanted.last, steps=steps)
    blocks = blocks_of(found, ctx.zone, wanted.first, wanted.last)
    if not wanted.titles:
        blocks = titles_without(blocks)
    stored = _stored(ctx, wanted.provider_id, wanted.first, wanted.last)
    source = _source(stored, blocks, found.name or clean_line(path.stem)[:120])
    plan = BusyPlan(
        provider_id=wanted.provider_id,
        source=source or _("Calendar"),
        first=wanted.first,
        last=wanted.last,
        blocks=blocks,
        unread=frozenset(found.unread),
        whole=found.whole,
        titles=wanted.titles,
    )
    changes = _compare(ctx, plan, stored)
    fresh = (*changes.new, *(block for _row, block in changes.changed))
    return BusyPreview(
        plan=plan,
        seen_before=any(row.source == plan.source and not row.removed for row in stored),
        count=found.count,
        left_out=found.left_out,
        new=changes.new,
        changed=tuple(block for _row, block in changes.changed),
        same=changes.same,
        gone=len(changes.gone),
        kept=changes.kept,
        problems=tuple(sorted(found.problems, key=lambda one: one.line)),
        more_problems=found.more_problems,
        stranded=working_time.stranded_by(
            ctx,
            [SpecialSpan("blockout", block.starts, block.ends) for block in fresh],
            provider_id=wanted.provider_id,
        ),
    )


def _stored(ctx: Context, provider_id: UUID, first: Any, last: Any) -> list[_Stored]:
    rows = ctx.connection.execute(
        _STORED,
        {
            "clinic": ctx.clinic_id,
            "provider": provider_id,
            "since": datetime.combine(first, time()),
            "until": datetime.combine(last, time()) + timedelta(days=1),
        },
    )
    return [_Stored._make(row) for row in rows]


def _source(stored: Iterable[_Stored], blocks: tuple[BusyBlock, ...], name: str) -> str:
    """Return the name of the calendar: of the one that has these events already, else its own."""
    uids = {block.uid for block in blocks}
    known = Counter(row.source for row in stored if row.uid in uids)
    return known.most_common(1)[0][0] if known else name


def _compare(ctx: Context, plan: BusyPlan, stored: Iterable[_Stored]) -> _Changes:
    mine = [row for row in stored if row.source == plan.source]
    held = {row.uid: row for row in mine if not row.removed}
    away = {row.uid: row for row in mine if row.removed}
    new, changed, kept, same = [], [], [], 0
    for block in plan.blocks:
        row = held.pop(block.uid, None)
        if row is None:
            removed = away.get(block.uid)
            if removed is not None and block.uid not in plan.taken:
                kept.append(_by_hand(removed, block))
            else:
                new.append(block)
        elif (row.kind, row.starts, row.ends, row.label) == tuple(_values(ctx, block).values()):
            same += 1
        elif row.changed_by is not None and block.uid not in plan.taken:
            kept.append(_by_hand(row, block))
        else:
            changed.append((row, block))
    gone = []
    for row in held.values():
        if not plan.whole or _is_unread(row, plan):
            continue
        if row.changed_by is not None and row.uid not in plan.taken:
            kept.append(_by_hand(row, None))
        else:
            gone.append(row)
    return _Changes(tuple(new), tuple(changed), tuple(gone), same, tuple(kept))


def _by_hand(row: _Stored, there: BusyBlock | None) -> HandChange:
    return HandChange(uid=row.uid, who=row.who, here=row.shown, there=there, removed=row.removed)


def _is_unread(row: _Stored, plan: BusyPlan) -> bool:
    """Return whether the file tells of an event in a way that could not be read."""
    return row.uid in plan.unread or row.uid.rpartition(" ")[0] in plan.unread


def _values(ctx: Context, block: BusyBlock) -> dict[str, Any]:
    """Return the columns of a block: whole days are time off, hours are blocked."""
    with in_language(ctx.who.locale[:2]):
        label = block.title or _("Busy")
    kind = "time_off" if block.whole_day else "blockout"
    return {"kind": kind, "starts": block.starts, "ends": block.ends, "label": label}


# -- bringing in ----------------------------------------------------------------------------------


def take_in(ctx: Context, plan: BusyPlan, *, keep_bookings: bool = False) -> TakenIn:
    """Make the provider's blocked time what the calendar says, from its first day to its last.

    It is compared with what is stored at this moment. Raises BookingsAheadError unless
    ``keep_bookings`` when bookings would newly lie in it.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    made: list[TakenIn] = []
    working_time.with_change(
        ctx, lambda: made.append(_write(ctx, plan)), keep_bookings=keep_bookings
    )
    return made[0]


def _write(ctx: Context, plan: BusyPlan) -> TakenIn:
    stored = _stored(ctx, plan.provider_id, plan.first, plan.last)
    changes = _compare(ctx, plan, stored)
    origin = {"provider_id": plan.provider_id, "source": plan.source}
    rows = [
        {"id": new_id(), **origin, "source_uid": block.uid, **_values(ctx, block)}
        for block in changes.new
    ]
    add_rows(ctx, SpecialTime, rows)
    changed = []
    for row, block in changes.changed:
        # The calendar's from now on, whoever had changed it before.
        values = {**_values(ctx, block), "changed_by": None}
        version = change_row(ctx, SpecialTime, id=row.id, version=row.version, **values)
        before = {name: getattr(row, name) for name in values}
        changed.append((row.id, version, before))
    removed = [_remove(ctx, row) for row in changes.gone]
    return TakenIn(
        source=plan.source,
        provider_id=plan.provider_id,
        added=tuple(row["id"] for row in rows),
        changed=(*changed, *_hands(changes.gone, removed)),
        removed=tuple(removed),
    )


def _remove(ctx: Context, row: _Stored) -> tuple[UUID, int]:
    """Take one away as the calendar says, and not as somebody's own doing."""
    values = {"deleted_at": ctx.now, "changed_by": None}
    return row.id, change_row(ctx, SpecialTime, id=row.id, version=row.version, **values)


def _hands(
    rows: Iterable[_Stored], removed: Iterable[tuple[UUID, int]]
) -> Iterator[tuple[UUID, int, dict[str, object]]]:
    """Yield whose change each was, which comes back once the row is back."""
    for row, (row_id, version) in zip(rows, removed, strict=True):
        if row.changed_by is not None:
            yield row_id, version + 1, {"changed_by": row.changed_by}


def undo(ctx: Context, taken: TakenIn) -> int:
    """Take back what bringing a calendar in changed; return how much stays, changed since.

    Bookings made meanwhile stay where they are.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    left: list[UUID] = []

    def attempt(row_id: UUID, version: int, **values: Any) -> None:
        try:
            change_row(ctx, SpecialTime, id=row_id, version=version, **values)
        except (StaleError, NotFoundError):
            left.append(row_id)

    def write() -> None:
        for row_id in taken.added:
            attempt(row_id, 1, deleted_at=ctx.now)
        for row_id, version in taken.removed:
            try:
                restore_row(ctx, SpecialTime, id=row_id, version=version)
            except StaleError:
                left.append(row_id)
        for row_id, version, before in taken.changed:
            if row_id not in left:
                attempt(row_id, version, **before)

    working_time.with_change(ctx, write, keep_bookings=True)
    return len(left)


# -- calendars that were brought in ---------------------------------------------------------------


def calendars(ctx: Context) -> tuple[BusyCalendar, ...]:
    """Return the calendars whose busy times stand in somebody's time, by provider."""
    ctx.need(Permission.CATALOGUE_READ)
    rows = ctx.connection.execute(_CALENDARS, {"clinic": ctx.clinic_id})
    return tuple(map(BusyCalendar.model_validate, rows))


def forget(ctx: Context, provider_id: UUID, source: str) -> TakenIn:
    """Take away every blocked time of one calendar; ``undo`` brings them back."""
    ctx.need(Permission.CATALOGUE_WRITE)
    everything = {
        "clinic": ctx.clinic_id,
        "provider": provider_id,
        "since": datetime(1, 1, 1),  # noqa: DTZ001 - local, as the column is
        "until": datetime(9999, 1, 1),  # noqa: DTZ001 - local, as the column is
    }
    rows: list[_Stored] = []
    removed: list[tuple[UUID, int]] = []

    def write() -> None:
        for found in ctx.connection.execute(_STORED, everything).all():
            row = _Stored._make(found)
            if row.source == source and not row.removed:
                rows.append(row)
                removed.append(_remove(ctx, row))

    working_time.with_change(ctx, write, keep_bookings=True)
    if not removed:
        raise NotFoundError(_("This calendar is no longer there."))
    return TakenIn(
        source=source,
        provider_id=provider_id,
        changed=tuple(_hands(rows, removed)),
        removed=tuple(removed),
    )
