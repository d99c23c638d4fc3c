"""Bookings ahead that a change of hours leaves outside working time, or without their provider."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.domain.schedule import Span, is_inside, merge
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.working_time import ClinicHours
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.working_time.reading import hours_between
from clinic_desktop.services.working_time.schemas import BookingsAheadError, Stranded

_AHEAD: Final = """
    SELECT a.id, a.version, a.patient_id, btrim(p.given || ' ' || p.family) AS patient, p.phone,
           a.provider_id, v.short_name AS provider, a.chair_id, a.starts_at, a.ends_at,
           a.local_start
    FROM appointment a
    JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
    JOIN provider v ON v.clinic_id = a.clinic_id AND v.id = a.provider_id
    WHERE a.clinic_id = :clinic AND a.starts_at > :now AND a.deleted_at IS NULL
      AND a.status IN ('pending', 'confirmed')
      AND (CAST(:provider AS uuid) IS NULL OR a.provider_id = :provider)
      AND (CAST(:chair AS uuid) IS NULL OR a.chair_id = :chair)
    ORDER BY a.starts_at, a.id
"""
_OF_ANY: Final = text(_AHEAD)
# Locked for the rest of the transaction, as the database does for whoever changes hours: no booking
# slips in between looking and changing.
_HOLD: Final = text("SELECT pg_advisory_xact_lock(uuid_hash_extended(:clinic, 0))")
_SHOWN: Final = 3


def hold(ctx: Context) -> None:
    """Let bookings wait until this change of hours is over."""
    ctx.connection.execute(_HOLD, {"clinic": ctx.clinic_id})


def ahead(
    ctx: Context, *, provider_id: UUID | None = None, chair_id: UUID | None = None
) -> tuple[Stranded, ...]:
    """Return the bookings ahead, in order, of a provider or in a chair or all of them."""
    rows = ctx.connection.execute(
        _OF_ANY,
        {"clinic": ctx.clinic_id, "now": ctx.now, "provider": provider_id, "chair": chair_id},
    )
    return tuple(Stranded(*row) for row in rows)


def outside(
    ctx: Context, found: Iterable[Stranded], hours: ClinicHours | None = None
) -> tuple[Stranded, ...]:
    """Return those of these bookings that stand outside working time as it is stored now."""
    rows = tuple(found)
    if not rows:
        return ()
    first, last = rows[0].local_start.date(), local_of(rows[-1].ends_at, ctx.zone).date()
    days = [LocalDay(first, ctx.zone), LocalDay(last, ctx.zone)]
    held = hours or hours_between(ctx, days)
    return tuple(row for row in rows if not stands(row, held, ctx.zone))


def stands(row: Stranded, hours: ClinicHours, zone: ZoneInfo) -> bool:
    """Return whether provider and chair are there through the whole booking."""
    day = LocalDay(row.local_start.date(), zone)
    span = Span(day.minute_of(row.starts_at), day.minute_of(row.ends_at))
    working = _through(day, span, lambda one: hours.provider_on(row.provider_id, one).working)
    if not is_inside(span, working):
        return False
    chair = row.chair_id
    if chair is None or chair not in hours.chairs:
        return True
    return is_inside(span, _through(day, span, lambda one: hours.chair_on(chair, one).working))


def _through(day: LocalDay, span: Span, working: Any) -> list[Span]:
    """Return what is worked on a day, and on the next one where the booking reaches into it."""
    found = list(working(day))
    if span.end > day.minutes:
        following = LocalDay(local_of(day.end, day.zone).date(), day.zone)
        found += [
            Span(day.minutes + one.start, day.minutes + one.end) for one in working(following)
        ]
    return merge(found)


def refusal(
    ctx: Context, stranded: tuple[Stranded, ...], *, leaving: str | None = None
) -> BookingsAheadError:
    """Return who stands in the way of a change; ``leaving`` is who or what would be gone."""
    names = "; ".join(_named(ctx, row) for row in stranded[:_SHOWN])
    if len(stranded) > _SHOWN:
        names = _("{names}; and {count} more").format(names=names, count=len(stranded) - _SHOWN)
    if leaving is None:
        sentence = _("{count} bookings would lie outside working time: {names}.")
    else:
        sentence = _(
            "{leaving} has {count} bookings ahead: {names}. "
            "Give them to somebody else or cancel them first."
        )
    return BookingsAheadError(
        sentence.format(leaving=leaving, count=len(stranded), names=names),
        stranded=stranded,
        may_keep=leaving is None,
    )


def _named(ctx: Context, row: Stranded) -> str:
    return _("{patient}, {day} at {time}").format(
        patient=row.patient,
        day=format_date(row.local_start.date(), ctx.who.locale),
        time=format_time(row.local_start.time(), ctx.who.locale),
    )
