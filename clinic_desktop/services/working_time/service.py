"""Reading working time as days, and changing its dated spans: holidays, time off, blockouts."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.working_time import DayTime, SpecialSpan
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import Chair, Provider, SpecialTime
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row, restore_row
from clinic_desktop.services.working_time import bookings
from clinic_desktop.services.working_time.reading import hours_between
from clinic_desktop.services.working_time.schemas import (
    SPECIAL_KINDS,
    Holiday,
    SpecialTimeRow,
    SpecialTimeValues,
    Stranded,
    WorkedDay,
    WorkedDays,
)

_LONGEST: Final = timedelta(days=400)
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
_MOST_DAYS: Final = 366
_TABLE: Final = cast("Table", SpecialTime.__table__)
_ROWS: Final = (
    select(*(_TABLE.c[name] for name in SpecialTimeRow.model_fields))
    .where(
        _TABLE.c.clinic_id == bindparam("clinic"),
        _TABLE.c.deleted_at.is_(None),
        _TABLE.c.ends > bindparam("since"),
    )
    .order_by(_TABLE.c.starts, _TABLE.c.id)
)

_SOURCE: Final = select(_TABLE.c.source).where(
    _TABLE.c.clinic_id == bindparam("clinic"), _TABLE.c.id == bindparam("id")
)


# -- days as they are worked ------------------------------------------------------------------


def spans(ctx: Context, first: date, days: int = 1) -> WorkedDays:
    """Return when every provider works and every chair is in use, on so many days from the first.

    One statement for the hours, whatever the number of days (366 at most). What lies outside of
    ``working`` is shaded; ``pauses`` say why where it is more than the week's hours.
    """
    ctx.need(Permission.SCHEDULE_READ)
    if not 1 <= days <= _MOST_DAYS:
        raise InvalidError(_("At most a year is shown at once."), field="days")
    local_days = [LocalDay(first + timedelta(days=one), ctx.zone) for one in range(days)]
    hours = hours_between(ctx, local_days)
    return WorkedDays(
        providers={
            one: tuple(_worked(day, hours.provider_on(one, day)) for day in local_days)
            for one in _ids(ctx, Provider)
        },
        chairs={
            one: tuple(_worked(day, hours.chair_on(one, day)) for day in local_days)
            for one in _ids(ctx, Chair)
        },
    )


def _worked(day: LocalDay, on_day: DayTime) -> WorkedDay:
    return WorkedDay(day.day, day.minutes, on_day.working, on_day.pauses)


def _ids(ctx: Context, model: Any) -> tuple[UUID, ...]:
    rows = ctx.connection.execute(
        select(model.id).where(model.clinic_id == ctx.clinic_id, model.deleted_at.is_(None))
    )
    return tuple(rows.scalars())


# -- dated spans ------------------------------------------------------------------------------


def special_times(ctx: Context, *, since: date | None = None) -> tuple[SpecialTimeRow, ...]:
    """Return the dated spans that are not over on a day, today when none is named, in order."""
    ctx.need(Permission.CATALOGUE_READ)
    day = since or ctx.now.astimezone(ctx.zone).date()
    rows = ctx.connection.execute(
        _ROWS, {"clinic": ctx.clinic_id, "since": datetime.combine(day, time())}
    )
    return tuple(map(SpecialTimeRow.model_validate, rows))


def add_special(
    ctx: Context, special_id: UUID, values: SpecialTimeValues, *, keep_bookings: bool = False
) -> None:
    """Add a dated span; the same ``special_id`` again is the same act.

    Raises InvalidError with the field, BookingsAheadError unless ``keep_bookings`` when bookings
    would newly lie outside working time.
    """
    _changing(
        ctx,
        lambda: add_row(ctx, SpecialTime, id=special_id, **checked(values)),
        keep_bookings=keep_bookings,
    )


def change_special(
    ctx: Context,
    special_id: UUID,
    version: int,
    values: SpecialTimeValues,
    *,
    keep_bookings: bool = False,
) -> None:
    """Change a dated span as it was read at ``version``; raises what adding raises, StaleError."""
    _changing(
        ctx,
        lambda: change_row(
            ctx,
            SpecialTime,
            id=special_id,
            version=version,
            changed_by=_by_hand(ctx, special_id),
            **checked(values),
        ),
        keep_bookings=keep_bookings,
    )


def _by_hand(ctx: Context, special_id: UUID) -> UUID | None:
    """Return who acts where a calendar brought it, which then leaves the hand's change alone."""
    source = ctx.connection.execute(
        _SOURCE, {"clinic": ctx.clinic_id, "id": special_id}
    ).scalar_one_or_none()
    return ctx.who.person_id if source else None


def remove_special(
    ctx: Context, special_id: UUID, version: int, *, keep_bookings: bool = False
) -> int:
    """Take a dated span away; return its version, with which ``restore_special`` brings it back.

    Also other hours go, so bookings may be left outside: see ``add_special``.
    """
    versions: list[int] = []
    _changing(
        ctx,
        lambda: versions.append(
            change_row(
                ctx,
                SpecialTime,
                id=special_id,
                version=version,
                changed_by=_by_hand(ctx, special_id),
                deleted_at=ctx.now,
            )
        ),
        keep_bookings=keep_bookings,
    )
    return versions[0]


def restore_special(ctx: Context, special_id: UUID, version: int) -> None:
    """Bring back a dated span that was taken away; bookings made meanwhile stay.

    Raises ConflictError when its calendar was brought in again meanwhile, and has it.
    """
    try:
        _changing(
            ctx,
            lambda: restore_row(ctx, SpecialTime, id=special_id, version=version),
            keep_bookings=True,
        )
    except IntegrityError as error:
        if constraint_of(error) != "ix_special_time_source":
            raise
        raise ConflictError(
            _("Its calendar was brought in again meanwhile, and has it.")
        ) from error


def add_holidays(
    ctx: Context, holidays: Iterable[Holiday], *, keep_bookings: bool = False
) -> tuple[UUID, ...]:
    """Close the clinic on these days, whichever file or rule they come from; return what is new.

    A day that is closed as a holiday already is left as it is.
    """
    there = {row.starts for row in special_times(ctx, since=_FIRST) if row.kind == "holiday"}
    wanted: dict[datetime, Holiday] = {}
    for one in holidays:
        starts = datetime.combine(one.day, time())
        if starts not in there:
            wanted.setdefault(starts, one)
    added: list[UUID] = []

    def write() -> None:
        for starts, one in wanted.items():
            values = SpecialTimeValues(
                kind="holiday", starts=starts, ends=starts + timedelta(days=1), label=one.name
            )
            added.append(new_id())
            add_row(ctx, SpecialTime, id=added[-1], **checked(values))

    _changing(ctx, write, keep_bookings=keep_bookings)
    return tuple(added)


def remove_specials(ctx: Context, ids: Iterable[UUID]) -> None:
    """Take away what ``add_holidays`` added, as undo does."""
    wanted = set(ids)

    def write() -> None:
        for row in special_times(ctx, since=_FIRST):
            if row.id in wanted:
                change_row(ctx, SpecialTime, id=row.id, version=row.version, deleted_at=ctx.now)

    _changing(ctx, write, keep_bookings=True)


def _changing(ctx: Context, write: Any, *, keep_bookings: bool) -> None:
    """Make a change of hours, unless it leaves bookings outside that were inside before."""
    ctx.need(Permission.CATALOGUE_WRITE)
    with_change(ctx, write, keep_bookings=keep_bookings)


def with_change(ctx: Context, write: Any, *, keep_bookings: bool) -> None:
    """Let bookings wait, write, and refuse when some newly lie outside working time."""
    bookings.hold(ctx)
    if keep_bookings:
        write()
        return
    before = bookings.ahead(ctx)
    already = {row.id for row in bookings.outside(ctx, before)}
    write()
    now = tuple(row for row in bookings.outside(ctx, before) if row.id not in already)
    if now:
        raise bookings.refusal(ctx, now)


def stranded_by(
    ctx: Context, closed: Iterable[SpecialSpan], *, provider_id: UUID | None = None
) -> tuple[Stranded, ...]:
    """Return the bookings ahead that dated spans of a provider, or of the clinic, would close out.

    Nothing is written. Those that lie outside working time already are not named again.
    """
    ctx.need(Permission.SCHEDULE_READ)
    ahead = bookings.ahead(ctx, provider_id=provider_id)
    if not ahead:
        return ()
    days = [LocalDay(row.local_start.date(), ctx.zone) for row in (ahead[0], ahead[-1])]
    hours = hours_between(ctx, days)
    already = {row.id for row in bookings.outside(ctx, ahead, hours)}
    after = hours.also_closed(closed, provider_id=provider_id)
    return tuple(row for row in bookings.outside(ctx, ahead, after) if row.id not in already)


def stranded(ctx: Context) -> tuple[Stranded, ...]:
    """Return the bookings ahead that lie outside working time: somebody has to be called."""
    ctx.need(Permission.SCHEDULE_READ)
    return bookings.outside(ctx, bookings.ahead(ctx))


def checked(values: SpecialTimeValues) -> dict[str, Any]:
    """Return the columns of a dated span; raises InvalidError with the field."""
    if values.kind not in SPECIAL_KINDS:
        raise InvalidError(_("Choose what it is."), field="kind")
    if values.provider_id is not None and values.chair_id is not None:
        raise InvalidError(_("It belongs to a provider or to a room, not to both."), field="whose")
    if values.kind == "time_off" and values.provider_id is None:
        raise InvalidError(_("Choose who is away."), field="whose")
    if values.kind == "holiday" and (values.provider_id or values.chair_id):
        raise InvalidError(_("A holiday closes the whole clinic."), field="whose")
    if values.kind == "blockout" and not values.label:
        raise InvalidError(_("Write why it is blocked."), field="label")
    starts = values.starts.replace(tzinfo=None, fold=0)
    ends = values.ends.replace(tzinfo=None, fold=0)
    if not _FIRST <= starts.date() <= _LAST or not _FIRST <= ends.date() <= _LAST:
        raise InvalidError(_("This day is too far away."), field="starts")
    if ends <= starts:
        raise InvalidError(_("It ends before it begins."), field="ends")
    if ends - starts > _LONGEST:
        raise InvalidError(_("It lasts longer than a year: part it in two."), field="ends")
    if values.kind == "open" and starts.date() != ends.date():
        raise InvalidError(
            _("Other hours belong to one day. Write the rest on the next day."), field="ends"
        )
    return {**values.model_dump(), "starts": starts, "ends": ends}
