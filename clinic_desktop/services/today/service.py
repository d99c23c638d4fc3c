"""Putting the board of the day together; only what the person may see is counted."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import NOT_BLOCKING, VisitStatus
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments import slots
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.slot_schemas import FreeSlot, SlotSearch
from clinic_desktop.services.context import Context
from clinic_desktop.services.today.schemas import Attention, Board, Leaving, Numbers, Opened
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import FreeTime

_LEAVING: Final = text(
    """
    SELECT a.id,
           CASE WHEN :money THEN
               (SELECT coalesce(sum(o.amount), 0)::bigint FROM posting o
                WHERE o.clinic_id = :clinic AND o.patient_id = a.patient_id) END AS to_pay,
           CASE WHEN :notes THEN
               EXISTS (SELECT FROM note n WHERE n.clinic_id = :clinic
                       AND n.patient_id = a.patient_id AND n.appointment_id = a.id
                       AND n.status = 'draft' AND n.deleted_at IS NULL)
               ELSE false END AS unsigned_note,
           EXISTS (SELECT FROM appointment v
                   WHERE v.clinic_id = :clinic AND v.patient_id = a.patient_id
                     AND v.starts_at > :end AND v.status IN ('pending', 'confirmed')
                     AND v.deleted_at IS NULL) AS has_next_visit
    FROM appointment a
    WHERE a.clinic_id = :clinic AND a.starts_at >= :start AND a.starts_at < :end
      AND a.status = 'done' AND a.deleted_at IS NULL
    """
)
_UNSIGNED: Final = text(
    """
    SELECT count(*) AS waiting, min(n.created_at) AS oldest FROM note n
    WHERE n.clinic_id = :clinic AND n.status = 'draft' AND n.deleted_at IS NULL
    """
)
_NOT_INVOICED: Final = text(
    """
    SELECT count(DISTINCT e.patient_id) AS waiting, min(e.created_at) AS oldest
    FROM journal_entry e
    JOIN posting p ON p.clinic_id = e.clinic_id AND p.journal_entry_id = e.id
         AND p.account = 'receivable'
    WHERE e.clinic_id = :clinic AND e.kind = 'charge' AND e.reverses_id IS NULL
      AND e.day >= :since AND NOT EXISTS (
          SELECT FROM invoice_line l WHERE l.clinic_id = p.clinic_id AND l.posting_id = p.id)
      AND NOT EXISTS (
          SELECT FROM journal_entry r WHERE r.clinic_id = e.clinic_id AND r.reverses_id = e.id)
    """
)
_UNCONFIRMED: Final = text(
    """
    SELECT count(*) AS waiting, CAST(NULL AS timestamptz) AS oldest FROM appointment a
    WHERE a.clinic_id = :clinic AND a.starts_at >= :end AND a.starts_at < :after
      AND a.status = 'pending' AND a.deleted_at IS NULL
    """
)
_LOW_STOCK: Final = text(
    """
    SELECT count(*) AS waiting, CAST(NULL AS timestamptz) AS oldest FROM product p
    JOIN stock_balance b ON b.clinic_id = p.clinic_id AND b.product_id = p.id
    WHERE p.clinic_id = :clinic AND p.active AND p.deleted_at IS NULL
      AND b.quantity <= p.reorder_level
    """
)
_NUMBERS: Final = text(
    """
    SELECT coalesce(sum(-p.amount) FILTER (WHERE p.account = 'income'), 0)::bigint AS produced,
           coalesce(sum(p.amount) FILTER (WHERE p.account IN ('cash', 'card', 'bank')),
                    0)::bigint AS collected
    FROM journal_entry e
    JOIN posting p ON p.clinic_id = e.clinic_id AND p.journal_entry_id = e.id
    WHERE e.clinic_id = :clinic AND e.day = :day
    """
)
_MONTH: Final = text(
    """
    SELECT count(*) FILTER (WHERE a.status = 'missed') AS missed, count(*) AS booked
    FROM appointment a
    WHERE a.clinic_id = :clinic AND a.starts_at >= :month AND a.starts_at < :end
      AND a.status <> 'cancelled' AND a.deleted_at IS NULL
    """
)
_BOOKED: Final = text(
    """
    SELECT (SELECT coalesce(sum(t.price), 0)::bigint
            FROM appointment a
            JOIN appointment_treatment l
                 ON l.clinic_id = a.clinic_id AND l.appointment_id = a.id AND l.deleted_at IS NULL
            JOIN treatment t ON t.clinic_id = l.clinic_id AND t.id = l.treatment_id
            WHERE a.clinic_id = :clinic AND a.starts_at >= :start AND a.starts_at < :end
              AND a.status NOT IN ('cancelled', 'missed', 'rescheduled')
              AND a.deleted_at IS NULL) AS planned,
           (SELECT count(*) FROM appointment a
            WHERE a.clinic_id = :clinic AND a.starts_at >= :start AND a.starts_at < :end
              AND a.status NOT IN ('cancelled', 'missed', 'rescheduled')
              AND a.deleted_at IS NULL
              AND NOT EXISTS (SELECT FROM appointment b
                  WHERE b.clinic_id = a.clinic_id AND b.patient_id = a.patient_id
                    AND b.starts_at < a.starts_at AND b.status = 'done'
                    AND b.deleted_at IS NULL)) AS first_visits
    """
)
# Who calls usually needs this long; what is free from there on is said beside it.
_USUAL_MINUTES: Final = 30
_SOON_DAYS: Final = 14
_MOST_OPENED: Final = 3
# What lies further back is a report's business, not the day's.
_RECENT: Final = timedelta(days=60)

# What is counted, with the right to see it.
_COUNTED: Final = (
    ("unsigned_notes", Permission.CLINICAL_READ, _UNSIGNED),
    ("not_invoiced", Permission.BILLING_READ, _NOT_INVOICED),
    ("unconfirmed_tomorrow", Permission.SCHEDULE_READ, _UNCONFIRMED),
    ("low_stock", Permission.STOCK_READ, _LOW_STOCK),
)


def board(ctx: Context) -> Board:
    """Return the board of the clinic's own date."""
    ctx.need(Permission.SCHEDULE_READ)
    day = ctx.now.astimezone(ctx.zone).date()
    today = LocalDay(day, ctx.zone)
    keys = {
        "clinic": ctx.clinic_id,
        "day": day,
        "since": day - _RECENT,
        "start": today.start,
        "end": today.end,
        "after": LocalDay(day + timedelta(days=1), ctx.zone).end,
        "month": LocalDay(day.replace(day=1), ctx.zone).start,
        "money": ctx.who.may(Permission.BILLING_READ),
        "notes": ctx.who.may(Permission.CLINICAL_READ),
    }
    sheet = appointments.day(ctx, day)
    return Board(
        day=day,
        now=ctx.now,
        sheet=sheet,
        leaving=_leaving(ctx, keys),
        attention=tuple(_attention(ctx, keys)),
        numbers=_numbers(ctx, keys, sheet),
        next_free=_next_free(ctx, sheet),
        opened=tuple(_opened(ctx, sheet)),
    )


def _opened(ctx: Context, sheet: DaySheet) -> Iterator[Opened]:
    """Yield the first times of today that fell through, are still free, and fit who waits."""
    fallen = (
        visit
        for visit in sheet.visits
        if VisitStatus(visit.status) in NOT_BLOCKING and visit.starts_at > ctx.now
    )
    for visit in islice(fallen, _MOST_OPENED):
        span = visit.booked_span(sheet.local_day)
        free = slots.free_of(sheet, visit.provider_id, None, but=visit.id)
        chairs = slots.free_of(sheet, visit.provider_id, visit.chair_id, but=visit.id)
        if not any(one.contains(span) for one in free):
            continue
        time = FreeTime(
            local_start=visit.local_start,
            provider_id=visit.provider_id,
            chair_id=visit.chair_id if any(one.contains(span) for one in chairs) else None,
            minutes=visit.minutes,
        )
        fitting = sum(one.fits for one in waiting.candidates(ctx, time))
        if fitting:
            yield Opened(visit, time, fitting)


def _next_free(ctx: Context, sheet: DaySheet) -> FreeSlot | None:
    search = SlotSearch(minutes=_USUAL_MINUTES, first_day=sheet.day, days=_SOON_DAYS, limit=1)
    return next(iter(slots.free_slots(ctx, search)), None)


def _used(statement: object, keys: dict[str, object]) -> dict[str, object]:
    names = statement.compile().params  # type: ignore[attr-defined]  # every text() compiles
    return {name: keys[name] for name in names}


def _leaving(ctx: Context, keys: dict[str, object]) -> dict[UUID, Leaving]:
    rows = ctx.connection.execute(_LEAVING, _used(_LEAVING, keys))
    return {row.id: Leaving(row.to_pay, row.unsigned_note, row.has_next_visit) for row in rows}


def _attention(ctx: Context, keys: dict[str, object]) -> list[Attention]:
    found = []
    for kind, permission, statement in _COUNTED:
        if ctx.who.may(permission):
            row = ctx.connection.execute(statement, _used(statement, keys)).one()
            found.append(Attention(kind, row.waiting, row.oldest))
    return found


def _numbers(ctx: Context, keys: dict[str, object], sheet: DaySheet) -> Numbers | None:
    if not ctx.who.may(Permission.REPORTS_READ):
        return None
    money = ctx.connection.execute(_NUMBERS, _used(_NUMBERS, keys)).one()
    month = ctx.connection.execute(_MONTH, _used(_MONTH, keys)).one()
    booked = ctx.connection.execute(_BOOKED, _used(_BOOKED, keys)).one()
    return Numbers(
        produced=money.produced,
        planned=booked.planned,
        collected=money.collected,
        chair_use=_chair_use(sheet),
        new_patients=booked.first_visits,
        missed_this_month=month.missed,
        booked_this_month=month.booked,
    )


def _chair_use(sheet: DaySheet) -> int | None:
    """Return how much of everybody's working time is booked, each weighed by their hours."""
    working = [
        (sum(span.length for span in column.working), column.booked)
        for column in sheet.columns
        if column.booked is not None
    ]
    minutes = sum(length for length, _share in working)
    if not minutes:
        return None
    return round(sum(length * share for length, share in working) / minutes)
