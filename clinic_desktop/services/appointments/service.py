"""The calendar: reading a day or week, booking, moving, and every step of a visit."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.errors import InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import queries, refusals, sheets, steps, writes
from clinic_desktop.services.appointments.asked import Asked, asked_of
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    Booking,
    DaySheet,
    Move,
    People,
    StatusChange,
)
from clinic_desktop.services.context import Context

_FAR = timedelta(days=365 * 100)
_WEEK = timedelta(days=7)


# -- reading ----------------------------------------------------------------------------------


def day(ctx: Context, on: date) -> DaySheet:
    """Return one day of the clinic: its providers with their hours, and all its appointments."""
    ctx.need(Permission.SCHEDULE_READ)
    return sheets.day_sheet(ctx, on)


def days(ctx: Context, first: date, count: int) -> tuple[DaySheet, ...]:
    """Return up to a week of days, as ``day`` returns each."""
    ctx.need(Permission.SCHEDULE_READ)
    return sheets.day_sheets(ctx, first, min(max(count, 1), _WEEK.days))


def people(ctx: Context) -> People:
    """Return the active providers and the chairs in use."""
    ctx.need(Permission.SCHEDULE_READ)
    rooms = sheets.staff_and_rooms(ctx)
    return People(
        providers=tuple((one.provider_id, one.name) for one in rooms.workers if one.active),
        chairs=tuple((one.chair_id, one.name) for one in rooms.in_use),
    )


def these(ctx: Context, appointment_ids: Sequence[UUID]) -> tuple[AppointmentRow, ...]:
    """Return the appointments with these ids that are still there, in order of time."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = queries.THESE.all(ctx.connection, clinic=ctx.clinic_id, ids=list(appointment_ids))
    return tuple(map(AppointmentRow._make, rows))


def week(ctx: Context, provider_id: UUID, monday: date) -> tuple[AppointmentRow, ...]:
    """Return the appointments of a provider in the seven days from ``monday``, in order."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = queries.WEEK.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        provider=provider_id,
        start=LocalDay(monday, ctx.zone).start,
        end=LocalDay(monday + _WEEK, ctx.zone).start,
    )
    return tuple(map(AppointmentRow._make, rows))


def visits_of(
    ctx: Context, patient_id: UUID, *, before: datetime | None = None, limit: int = 50
) -> tuple[AppointmentRow, ...]:
    """Return a patient's appointments, the latest first; ``before`` goes on behind a start."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = queries.OF_PATIENT.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        patient=patient_id,
        before=before or ctx.now + _FAR,
        limit=limit,
    )
    return tuple(map(AppointmentRow._make, rows))


def appointment(ctx: Context, appointment_id: UUID) -> AppointmentRow:
    """Return one appointment; raises NotFoundError."""
    ctx.need(Permission.SCHEDULE_READ)
    found = sheets.one(ctx, appointment_id)
    if found is None:
        raise NotFoundError(_("The appointment is no longer there."))
    return found


# -- booking and moving -----------------------------------------------------------------------


def book(ctx: Context, booking: Booking) -> AppointmentRow:
    """Make an appointment; the same ``id`` again is the same act.

    Raises SlotTakenError (who holds the time, the nearest free one), OutsideHoursError,
    InvalidError with the field, NotFoundError.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    if booking.squeeze_reason:
        ctx.need(Permission.SCHEDULE_SQUEEZE)
    asked = asked_of(
        ctx,
        booking,
        minutes=booking.minutes or _minutes_of(ctx, booking.treatment_ids),
        provider_id=booking.provider_id,
        chair_id=booking.chair_id,
        squeezed=bool(booking.squeeze_reason),
    )
    anyway = _anyway(ctx, booking.reason)
    if asked.is_past and not anyway:
        raise refusals.past(ctx, asked)
    parameters = {
        **_parameters(ctx, asked, anyway=anyway),
        "the_id": booking.id,
        "the_patient": booking.patient_id,
        "the_remark": booking.remark,
        "the_source": booking.source,
        "squeeze": booking.squeeze_reason,
        "plan_ids": [new_id() for _one in booking.treatment_ids],
        "treatment_ids": list(booking.treatment_ids),
    }
    try:
        row = writes.BOOK.first(ctx.connection, **parameters)
    except IntegrityError as error:
        raise refusals.of_database(ctx, error, asked) from error
    if row is not None:
        return _new_row(ctx, booking, asked, tuple(row))
    same = sheets.one(ctx, booking.id)
    if same is None:
        raise refusals.not_booked(ctx, booking, asked)
    return same


def _new_row(
    ctx: Context, booking: Booking, asked: Asked, names: tuple[str, ...]
) -> AppointmentRow:
    return AppointmentRow(
        booking.id,
        1,
        booking.patient_id,
        asked.provider_id,
        asked.chair_id,
        asked.starts_at,
        asked.ends_at,
        asked.local,
        ctx.who.zone,
        VisitStatus.PENDING.value,
        None,
        None,
        None,
        None,
        "",
        booking.squeeze_reason,
        booking.remark,
        booking.source,
        *names,
    )


def move(ctx: Context, change: Move) -> AppointmentRow:
    """Give an appointment another time, length, provider or chair.

    Raises what ``book`` raises, and VisitChangedError when somebody changed it first. Back to
    where it stood before its last move it may always go.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    asked = asked_of(
        ctx,
        change,
        minutes=change.minutes,
        provider_id=change.provider_id,
        chair_id=change.chair_id,
    )
    anyway = _anyway(ctx, change.reason)
    if asked.is_past and not anyway and not refusals.stands_there(ctx, change.id, asked):
        anyway = refusals.stood_there(ctx, change.id, asked)
        if not anyway:
            raise refusals.past(ctx, asked)
    moved = _try_move(ctx, change, asked, anyway=anyway)
    if moved is None and not anyway and refusals.stood_there(ctx, change.id, asked):
        moved = _try_move(ctx, change, asked, anyway=True)
    if moved is None:
        raise refusals.not_moved(ctx, change, asked)
    return moved


def _try_move(ctx: Context, change: Move, asked: Asked, *, anyway: bool) -> AppointmentRow | None:
    parameters = {
        **_parameters(ctx, asked, anyway=anyway),
        "the_id": change.id,
        "at_version": change.version,
    }
    try:
        row = writes.MOVE.first(ctx.connection, **parameters)
    except IntegrityError as error:
        raise refusals.of_database(ctx, error, asked, but=change.id) from error
    return AppointmentRow._make(row) if row is not None else None


def _parameters(ctx: Context, asked: Asked, *, anyway: bool) -> dict[str, Any]:
    return {
        "clinic": ctx.clinic_id,
        "anyway": anyway,
        "to_provider": asked.provider_id,
        "to_chair": asked.chair_id,
        "to_start": asked.starts_at,
        "to_end": asked.ends_at,
        "to_local": asked.local,
        "to_zone": ctx.who.zone,
        "weekday": asked.local.weekday(),
        "from_minute": asked.clock_minute,
        "until_minute": asked.clock_minute + asked.minutes,
    }


def _anyway(ctx: Context, reason: str) -> bool:
    """Return whether past times and closed hours do not bind, and note why in the log."""
    if not reason or not ctx.who.may(Permission.SCHEDULE_OVERRIDE):
        return False
    ctx.connection.execute(writes.REASON, {"reason": reason})
    return True


def _minutes_of(ctx: Context, treatment_ids: tuple[UUID, ...]) -> int:
    """Return how long treatments take together; the same one twice counts twice."""
    if not treatment_ids:
        raise InvalidError(_("Choose a service or write the minutes."), field="minutes")
    rows = ctx.connection.execute(
        queries.TREATMENT_MINUTES, {"clinic": ctx.clinic_id, "treatments": list(treatment_ids)}
    )
    minutes = {row.id: row.minutes for row in rows}
    if any(one not in minutes for one in treatment_ids):
        raise NotFoundError(_("A service is no longer in the price list."))
    return sum(minutes[one] for one in treatment_ids)


# -- the life of a visit ----------------------------------------------------------------------


def set_status(ctx: Context, change: StatusChange) -> AppointmentRow:
    """Confirm, mark as arrived, seat, finish, mark as missed, cancel, or take a step back.

    Raises VisitChangedError when somebody changed it first, ConflictError when the visit does
    not stand where this step begins, SlotTakenError when going back meets somebody else's time.
    """
    ctx.need(Permission.SCHEDULE_WRITE, Permission.CLINICAL_COMPLETE)
    if change.to == VisitStatus.CANCELLED and not change.reason:
        raise InvalidError(_("Say why it is cancelled."), field="reason")
    statement = writes.SET_STATUS.get((change.to, change.back))
    if statement is None:
        raise steps.not_taken(ctx, change)
    today = LocalDay(local_of(ctx.now, ctx.zone).date(), ctx.zone)
    parameters = {
        "clinic": ctx.clinic_id,
        "the_id": change.id,
        "at_version": change.version,
        "now": ctx.now,
        "day_start": today.start,
        "day_end": today.end,
        "change_chair": change.change_chair,
        "to_chair": change.chair_id,
        "the_reason": change.reason,
    }
    try:
        row = statement.first(ctx.connection, **parameters)
    except IntegrityError as error:
        raise steps.of_database(ctx, error, change) from error
    if row is None:
        raise steps.not_taken(ctx, change)
    return AppointmentRow._make(row)
