"""Why an act on the calendar was refused, in sentences that say who, when and what next."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.schedule import Span, is_inside
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import OPEN, VisitStatus, word
from clinic_desktop.domain.working_time import BREAK, Pause
from clinic_desktop.errors import ClinicError, ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import queries, sheets, slots
from clinic_desktop.services.appointments.asked import Asked
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    Booking,
    Move,
    OutsideHoursError,
    SlotTakenError,
    VisitChangedError,
)
from clinic_desktop.services.appointments.sheet_schemas import DaySheet, ProviderColumn
from clinic_desktop.services.appointments.slot_schemas import SlotSearch
from clinic_desktop.services.context import Context

OVERLAP = "appointment_resource_no_overlap"
_PAST, _IN_HOURS = "appointment_past", "appointment_in_hours"
_ASSIST = "appointment_assist"
_PLANNED = "appointment_treatment_planned"
_STANDS = {
    "appointment_patient_stands",
    "appointment_provider_stands",
    "appointment_chair_stands",
}
OF_PLACE = {OVERLAP, _PAST, _IN_HOURS, *_STANDS}
"""Constraints by which the database refuses where an appointment would stand."""


def _clock(ctx: Context, local: datetime) -> str:
    return format_time(local.time(), ctx.who.locale)


def _needs_reason(ctx: Context) -> bool:
    return ctx.who.may(Permission.SCHEDULE_OVERRIDE)


# -- taken ------------------------------------------------------------------------------------


def of_database(
    ctx: Context,
    error: IntegrityError,
    asked: Asked,
    *,
    but: UUID | None = None,
    patient_id: UUID | None = None,
) -> Exception:
    """Return the sentence for what the database refused, or the error where it is our mistake.

    ``but`` is the appointment that is being moved.
    """
    name = constraint_of(error)
    if name == OVERLAP:
        with ctx.fresh() as fresh:
            return taken(fresh, asked, but=but)
    if name == _PAST:
        return past(ctx, asked)
    if name == _IN_HOURS:
        with ctx.fresh() as fresh:
            return of_place(fresh, asked)
    if name in _STANDS:
        with ctx.fresh() as fresh:
            of_patient = _of_patient(fresh, patient_id) if patient_id is not None else None
            return of_patient or of_place(fresh, asked)
    if name == _ASSIST:
        return InvalidError(
            _("The provider has no minutes of their own in this appointment."), field="assist"
        )
    if name == _PLANNED:
        return ConflictError(_("The planned work has changed. Choose it once more."))
    if name.startswith("appointment_treatment_"):
        return NotFoundError(_("A service is no longer in the price list."))
    return error


def taken(ctx: Context, asked: Asked, *, but: UUID | None = None) -> SlotTakenError:
    """Return who has the provider or the chair at that time, and the nearest free time."""
    place = sheets.Place(asked.provider_id, asked.chair_id, but)
    sheet = sheets.day_sheet(ctx, asked.local.date(), of=place)
    local_day = sheet.local_day
    start = local_day.minute_of(asked.starts_at)
    span = Span(start, start + asked.minutes)
    others = [
        visit
        for visit in sheet.visits
        if visit.id != but and visit.blocks_chair and visit.span(local_day).overlaps(span)
    ]
    moved = next((one for one in sheet.visits if one.id == but), None)
    squeezed = asked.squeezed or (moved is not None and bool(moved.squeeze_reason))
    assist = asked.assist or (moved.assist if moved is not None else "")
    wanted = own_minutes(span, assist)
    meeting = [
        visit
        for visit in others
        if any(one.overlaps(mine) for one in visit.own_spans(local_day) for mine in wanted)
    ]
    own = None if squeezed else _provider_has(meeting, asked.provider_id)
    holder = own or _chair_has(others, asked.chair_id)
    if holder is None:
        return SlotTakenError(
            _("This time was taken a moment ago and is free again. Send it once more.")
        )
    minute = slots.nearest_free(
        sheet,
        provider_id=asked.provider_id,
        chair_id=asked.chair_id,
        wanted=start,
        minutes=asked.minutes,
        but=but,
    )
    near = local_day.local_at(minute) if minute is not None else None
    words = _taken_words(ctx, sheet, asked, holder, near, of_provider=own is not None)
    return SlotTakenError(words, holder=holder, nearest=near)


def _provider_has(visits: list[AppointmentRow], provider_id: UUID) -> AppointmentRow | None:
    own = (one for one in visits if one.provider_id == provider_id and one.blocks_provider)
    return next(own, None)


def _chair_has(visits: list[AppointmentRow], chair_id: UUID | None) -> AppointmentRow | None:
    return next((one for one in visits if chair_id is not None and one.chair_id == chair_id), None)


def _taken_words(
    ctx: Context,
    sheet: DaySheet,
    asked: Asked,
    holder: AppointmentRow,
    near: datetime | None,
    *,
    of_provider: bool,
) -> str:
    facts = {
        "provider": holder.provider,
        "patient": holder.patient,
        "time": _clock(ctx, holder.local_start),
        "nearest": _clock(ctx, near) if near is not None else "",
        "minutes": asked.minutes,
        "chair": next((c.name for c in sheet.chairs if c.chair_id == holder.chair_id), ""),
    }
    if of_provider:
        if near is not None:
            text = _("{provider} already has {patient} at {time}. Nearest free: {nearest}.")
        else:
            text = _(
                "{provider} already has {patient} at {time}. "
                "No {minutes} minutes are left on that day."
            )
    elif near is not None:
        text = _("{chair} is taken by {patient} at {time}. Nearest free: {nearest}.")
    else:
        text = _(
            "{chair} is taken by {patient} at {time}. No {minutes} minutes are left on that day."
        )
    return text.format(**facts)


# -- hours ------------------------------------------------------------------------------------


def past(ctx: Context, asked: Asked) -> OutsideHoursError:
    """Return the refusal of a time that lies behind."""
    needs_reason = _needs_reason(ctx)
    text = (
        _("{time} on {day} is past. Write why it is entered now.")
        if needs_reason
        else _("{time} on {day} is past. Take a time from now on.")
    )
    return OutsideHoursError(
        text.format(
            time=_clock(ctx, asked.local), day=format_date(asked.local.date(), ctx.who.locale)
        ),
        needs_reason=needs_reason,
    )


def _outside_hours(
    ctx: Context, sheet: DaySheet, column: ProviderColumn, asked: Asked
) -> OutsideHoursError:
    """Return who does not work then, why, until when, and when they are free."""
    local_day = sheet.local_day
    start = local_day.minute_of(asked.starts_at)
    span = Span(start, start + asked.minutes)
    chair = next((one for one in sheet.chairs if one.chair_id == asked.chair_id), None)
    pause = _of_more_than_a_day(one for one in column.pauses if one.span.overlaps(span))
    name, hours = column.short_name, column.working
    if pause is None and is_inside(span, column.working) and chair is not None:
        pause = _of_more_than_a_day(one for one in chair.pauses if one.span.overlaps(span))
        name, hours = chair.name, chair.working or ()
    near = None
    if pause is not None and pause.kind == BREAK:
        fact = _("{provider} has a break from {start} to {end} ({label}).").format(
            provider=name,
            start=_clock(ctx, local_day.local_at(pause.span.start)),
            end=_clock(ctx, local_day.local_at(pause.span.end)),
            label=pause.label or _("Break"),
        )
    elif pause is not None:
        near = _next_free(ctx, asked)
        fact = _closed_words(ctx, name, pause, near)
    elif not hours:
        fact = _("{provider} does not work on {day}.").format(
            provider=name, day=format_date(asked.local.date(), ctx.who.locale)
        )
    else:
        fact = _("{provider} works {hours} that day.").format(
            provider=name, hours=_spans(ctx, local_day, hours)
        )
    needs_reason = _needs_reason(ctx)
    if needs_reason:
        fact = _("{fact} Write why it is booked anyway.").format(fact=fact)
    return OutsideHoursError(fact, needs_reason=needs_reason, pause=pause, nearest=near)


def _of_more_than_a_day(pauses: Iterable[Pause]) -> Pause | None:
    """Return what stands in the way: closed time before a mere break, the longest of it."""
    return max(
        pauses,
        key=lambda one: (one.kind != BREAK, one.until.isoformat() if one.until else ""),
        default=None,
    )


def _closed_words(ctx: Context, name: str, pause: Pause, near: datetime | None) -> str:
    label = pause.label
    if pause.kind == "holiday":
        text = _("The clinic is closed until {until}: {label}.")
        label = label or _("Holiday")
    elif pause.kind == "time_off" and label:
        text = _("{name} is away until {until}: {label}.")
    elif pause.kind == "time_off":
        text = _("{name} is away until {until}.")
    elif pause.whose == "clinic":
        text = _("The clinic is blocked until {until}: {label}.")
    else:
        text = _("{name} is blocked until {until}: {label}.")
    fact = text.format(name=name, label=label, until=_until(ctx, pause))
    if near is None:
        return fact
    return _("{fact} Next free: {day} at {time}.").format(
        fact=fact, day=format_date(near.date(), ctx.who.locale), time=_clock(ctx, near)
    )


def _until(ctx: Context, pause: Pause) -> str:
    """Return the last day of closed time that ends at midnight, otherwise day and time."""
    ends = pause.until
    if ends is None:
        return ""
    if ends.time() == time():
        return format_date((ends - timedelta(days=1)).date(), ctx.who.locale)
    return _("{day}, {time}").format(
        day=format_date(ends.date(), ctx.who.locale), time=_clock(ctx, ends)
    )


def _next_free(ctx: Context, asked: Asked) -> datetime | None:
    """Return the next local start, from the asked day on, at which the provider is free."""
    search = SlotSearch(
        minutes=asked.minutes,
        provider_id=asked.provider_id,
        first_day=asked.local.date(),
        limit=1,
    )
    found = slots.free_slots(ctx, search)
    return found[0].local_start if found else None


def _spans(ctx: Context, local_day: LocalDay, spans: Iterable[Span]) -> str:
    return ", ".join(
        f"{_clock(ctx, local_day.local_at(one.start))}–{_clock(ctx, local_day.local_at(one.end))}"
        for one in spans
    )


# -- booking ----------------------------------------------------------------------------------


def not_booked(ctx: Context, booking: Booking, asked: Asked) -> ClinicError:
    """Return why no appointment was made."""
    return _of_patient(ctx, booking.patient_id) or of_place(ctx, asked)


def _of_patient(ctx: Context, patient_id: UUID) -> ClinicError | None:
    found = ctx.connection.execute(
        queries.PATIENT_STATE, {"clinic": ctx.clinic_id, "patient": patient_id}
    ).first()
    if found is None:
        return NotFoundError(_("The patient's record is no longer there."))
    name, status = found
    if status == "deceased":
        text = _("{patient} is recorded as deceased.")
    elif status != "active":
        text = _("{patient} is not an active patient. Make the record active first.")
    else:
        return None
    return InvalidError(text.format(patient=name), field="patient")


def of_place(ctx: Context, asked: Asked) -> ClinicError:
    """Return why provider, chair or hours do not allow the time."""
    sheet = sheets.day_sheet(ctx, asked.local.date())
    column = next((one for one in sheet.columns if one.provider_id == asked.provider_id), None)
    if column is None or not column.active:
        return InvalidError(
            _("This provider takes no appointments any more. Choose somebody else."),
            field="provider",
        )
    if asked.chair_id is not None and asked.chair_id not in {c.chair_id for c in sheet.chairs}:
        return InvalidError(_("This chair is not in use. Choose another one."), field="chair")
    return _outside_hours(ctx, sheet, column, asked)


# -- moving -----------------------------------------------------------------------------------


def not_moved(ctx: Context, change: Move, asked: Asked) -> ClinicError:
    """Return why an appointment stayed where it was."""
    now = sheets.one(ctx, change.id)
    if now is None or now.version != change.version:
        return changed(ctx, now)
    if VisitStatus(now.status) not in OPEN:
        return ConflictError(
            _("{patient} is {status}. The appointment stays where it was.").format(
                patient=now.patient, status=word(now.status)
            )
        )
    return of_place(ctx, asked)


def changed(ctx: Context, now: AppointmentRow | None) -> ClinicError:
    """Return that the appointment is gone, or who changed it first and how it stands."""
    if now is None:
        return NotFoundError(_("The appointment is no longer there."))
    found = ctx.connection.execute(
        queries.LAST_CHANGE, {"clinic": ctx.clinic_id, "id": now.id}
    ).first()
    text = _(
        "{who} changed this appointment first: {patient} is {status}, "
        "{day} at {time} with {provider}."
    )
    return VisitChangedError(
        text.format(
            who=found[0] if found else _("Somebody"),
            patient=now.patient,
            status=word(now.status),
            day=format_date(now.local_start.date(), ctx.who.locale),
            time=_clock(ctx, now.local_start),
            provider=now.provider,
        ),
        now=now,
    )
