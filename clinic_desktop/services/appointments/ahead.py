"""What would be said of a place before anybody takes it: the answer that a dragged block shows."""

from uuid import UUID

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.schedule import Span, is_inside
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.appointments import refusals, sheets
from clinic_desktop.services.appointments.asked import Asked, asked_of
from clinic_desktop.services.appointments.schemas import Wanted
from clinic_desktop.services.context import Context


def why_not(ctx: Context, wanted: Wanted) -> str:
    """Return the sentence that stands against a place as things are now, or nothing.

    Nothing is kept for whoever asks: the database decides when the appointment is written.
    """
    ctx.need(Permission.SCHEDULE_READ)
    try:
        asked = asked_of(
            ctx,
            wanted,
            minutes=wanted.minutes,
            provider_id=wanted.provider_id,
            chair_id=wanted.chair_id,
            squeezed=wanted.squeezed,
        )
    except ClinicError as error:
        return str(error)
    against = _against(ctx, wanted, asked)
    return str(against) if against is not None else ""


def _against(ctx: Context, wanted: Wanted, asked: Asked) -> ClinicError | None:
    but = wanted.appointment_id
    if asked.is_past and not (but and _stands_there(ctx, but, asked)):
        return refusals.past(ctx, asked)
    taken = refusals.taken(ctx, asked, but=but)
    if taken.holder is not None:
        return taken
    place = sheets.Place(asked.provider_id, asked.chair_id, but)
    sheet = sheets.day_sheet(ctx, asked.local.date(), of=place)
    start = sheet.local_day.minute_of(asked.starts_at)
    column = next((one for one in sheet.columns if one.provider_id == asked.provider_id), None)
    span = Span(start, start + asked.minutes)
    chair = next((one for one in sheet.chairs if one.chair_id == asked.chair_id), None)
    in_use = asked.chair_id is None or (chair is not None and chair.is_free(span))
    if column is not None and column.active and in_use and is_inside(span, column.working):
        return None
    return refusals.of_place(ctx, asked)


def _stands_there(ctx: Context, appointment_id: UUID, asked: Asked) -> bool:
    """Return whether the appointment begins there already, so that only its length changes."""
    now = sheets.one(ctx, appointment_id)
    return now is not None and now.starts_at == asked.starts_at
