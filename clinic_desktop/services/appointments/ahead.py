"""What would be said of a place before anybody takes it: the answer that a dragged block shows."""

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
    if asked.is_past and not (but and refusals.stands_there(ctx, but, asked)):
        return refusals.past(ctx, asked)
    taken = refusals.taken(ctx, asked, but=but)
    if taken.holder is not None:
        return taken
    place = sheets.Place(asked.provider_id, asked.chair_id, but)
    sheet = sheets.day_sheet(ctx, asked.local.date(), of=place)
    start = sheet.local_day.minute_of(asked.starts_at)
    column = next((one for one in sheet.columns if one.provider_id == asked.provider_id), None)
    in_use = {None, *(chair.chair_id for chair in sheet.chairs)}
    works = column is not None and is_inside(Span(start, start + asked.minutes), column.working)
    if works and column is not None and column.active and asked.chair_id in in_use:
        return None
    return refusals.of_place(ctx, asked)
