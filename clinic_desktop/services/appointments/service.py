"""The calendar: reading a day or week, booking, moving, and every step of a visit."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic_desktop.domain.assist import (
    check_assist,
    one_after_another,
    read_assist,
    within,
    write_assist,
)
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.errors import InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import queries, refusals, sheets, steps, writes
from clinic_desktop.services.appointments.asked import Asked, asked_of
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking, Move, StatusChange
from clinic_desktop.services.appointments.sheet_schemas import DaySheet, People
from clinic_desktop.services.appointments.slot_schemas import Needs
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
    today = LocalDay(local_of(ctx.now, ctx.zone).date(), ctx.zone)
    rooms = sheets.staff_and_rooms(ctx, [today])
    return People(
        providers=tuple((one.provider_id, one.name) for one in rooms.workers if one.active),
        chairs=tuple(rooms.in_use.items()),
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
    work, rest = booking.work, booking.treatment_ids
    needs = needs_of(ctx, work) if work else None
    if needs is None and booking.minutes is None:
        raise InvalidError(_("Choose a service or write the minutes."), field="minutes")
    minutes = booking.minutes or (needs.minutes if needs is not None else 0)
    asked = asked_of(
        ctx,
        booking,
        minutes=minutes,
        provider_id=booking.provider_id,
        chair_id=booking.chair_id,
        squeezed=bool(booking.squeeze_reason),
        assist=_assist(booking, needs, minutes),
    )
    outside = _outside(ctx, booking.reason)
    if asked.is_past and not outside:
        raise refusals.past(ctx, asked)
    source = booking.source
    if asked.is_past and source != "walk_in":
        source = "backdated"
    parameters = {
        **_parameters(ctx, asked, outside=outside),
        "the_id": booking.id,
        "the_patient": booking.patient_id,
        "the_remark": booking.remark,
        "the_source": source,
        "squeeze": booking.squeeze_reason,
        "the_assist": asked.assist,
        "plan_ids": [new_id() for _one in work],
        "treatment_ids": list(work),
        "item_ids": [*(one.chart_item_id for one in booking.planned), *(None,) * len(rest)],
        "instead_of": booking.instead_of_id,
    }
    try:
        row = writes.BOOK.first(ctx.connection, **parameters)
    except IntegrityError as error:
        raise refusals.of_database(ctx, error, asked, patient_id=booking.patient_id) from error
    if row is not None:
        return _new_row(ctx, booking.model_copy(update={"source": source}), asked, tuple(row))
    same = sheets.one(ctx, booking.id)
    if same is None:
        raise refusals.not_booked(ctx, booking, asked)
    return same


def _new_row(
    ctx: Context, booking: Booking, asked: Asked, names: tuple[str, ...]
) -> AppointmentRow:
    own = (
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
    )
    instead_of, moved_from = booking.instead_of_id, None
    if instead_of is not None:
        before = sheets.one(ctx, instead_of)
        moved_from = before.local_start if before is not None else None
    last = (asked.assist, None, None, instead_of, moved_from, None)
    return AppointmentRow._make((*own, *names, *last))


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
    parameters = {
        **_parameters(ctx, asked, outside=_outside(ctx, change.reason)),
        "the_id": change.id,
        "at_version": change.version,
    }
    try:
        row = writes.MOVE.first(ctx.connection, **parameters)
    except IntegrityError as error:
        raise refusals.of_database(ctx, error, asked, but=change.id) from error
    if row is None:
        raise refusals.not_moved(ctx, change, asked)
    return AppointmentRow._make(row)


def _parameters(ctx: Context, asked: Asked, *, outside: str) -> dict[str, Any]:
    return {
        "clinic": ctx.clinic_id,
        "to_provider": asked.provider_id,
        "to_chair": asked.chair_id,
        "to_start": asked.starts_at,
        "to_end": asked.ends_at,
        "to_local": asked.local,
        "to_zone": ctx.who.zone,
        "outside": outside,
    }


def _outside(ctx: Context, reason: str) -> str:
    """Return why past times and closed hours do not bind, empty where they do; note it in the log.

    Where it lies within working time after all, the database does not keep it.
    """
    if not reason or not ctx.who.may(Permission.SCHEDULE_OVERRIDE):
        return ""
    ctx.connection.execute(writes.REASON, {"reason": reason})
    return reason


def _assist(booking: Booking, needs: Needs | None, minutes: int) -> str:
    text = booking.assist
    if text is None:
        text = needs.assist if needs is not None else ""
    if not text:
        return ""
    spans = within(read_assist(text), minutes)
    check_assist(spans, minutes)
    return write_assist(spans)


def needs_of(ctx: Context, treatment_ids: tuple[UUID, ...]) -> Needs:
    """Return what treatments ask for together; the same one twice counts twice.

    Raises NotFoundError when one is no longer in the price list.
    """
    rows = ctx.connection.execute(
        queries.TREATMENT_NEEDS, {"clinic": ctx.clinic_id, "treatments": list(treatment_ids)}
    )
    found = {row.id: row for row in rows}
    if any(one not in found for one in treatment_ids):
        raise NotFoundError(_("A service is no longer in the price list."))
    chosen = [found[one] for one in treatment_ids]
    return Needs(
        minutes=sum(one.minutes for one in chosen),
        assist=one_after_another((one.minutes, one.assist) for one in chosen),
        skills=frozenset(word for one in chosen for word in one.skills),
        equipment=frozenset(word for one in chosen for word in one.equipment),
    )


# -- the life of a visit ----------------------------------------------------------------------


def set_status(ctx: Context, change: StatusChange) -> AppointmentRow:
    """Confirm, mark as arrived, seat, finish, mark as missed, cancel, or take a step back.

    Raises VisitChangedError when somebody changed it first, ConflictError when the visit does
    not stand where this step begins, SlotTakenError when going back meets somebody else's time.
    """
    if change.to == VisitStatus.RESCHEDULED:
        raise InvalidError(_("Choose the other time first."), field="time")
    return take_step(ctx, change)


def take_step(ctx: Context, change: StatusChange) -> AppointmentRow:
    """Take any step, also the one that another appointment has to go with; see ``set_status``."""
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
