"""Why a visit did not take a step, in sentences."""

from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import local_of
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import VisitStatus, before, word
from clinic_desktop.errors import ClinicError, ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import refusals, sheets
from clinic_desktop.services.appointments.asked import Asked
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    SlotTakenError,
    StatusChange,
)
from clinic_desktop.services.context import Context


def not_taken(ctx: Context, change: StatusChange) -> ClinicError:
    """Return why a visit did not take the step that was asked."""
    now = sheets.one(ctx, change.id)
    if now is None or now.version != change.version:
        return refusals.changed(ctx, now)
    if VisitStatus(now.status) not in before(change.to, back=change.back):
        text = (
            _("{patient} is {status} already.")
            if now.status == change.to
            else _("{patient} is {status}. This step does not follow from there.")
        )
        return ConflictError(text.format(patient=now.patient, status=word(now.status)))
    return _not_now(ctx, change, now)


def _not_now(ctx: Context, change: StatusChange, now: AppointmentRow) -> ClinicError:
    day = format_date(now.local_start.date(), ctx.who.locale)
    if change.to == VisitStatus.MISSED:
        text = _("{time} on {day} is still to come. Cancel the appointment instead (X).")
        return ConflictError(
            text.format(time=format_time(now.local_start.time(), ctx.who.locale), day=day)
        )
    if now.local_start.date() > local_of(ctx.now, ctx.zone).date():
        text = _("The appointment of {patient} is on {day}, not today.")
        return ConflictError(text.format(patient=now.patient, day=day))
    return _chair_in_use(ctx, change, now)


def _chair_in_use(ctx: Context, change: StatusChange, now: AppointmentRow) -> ClinicError:
    wanted = change.chair_id if change.change_chair else now.chair_id
    sheet = sheets.day_sheet(ctx, local_of(ctx.now, ctx.zone).date())
    chair = next((one.name for one in sheet.chairs if one.chair_id == wanted), "")
    sitting = next(
        (
            visit
            for visit in sheet.visits
            if visit.chair_id == wanted and visit.status == VisitStatus.IN_CHAIR
        ),
        None,
    )
    if sitting is None:
        return ConflictError(_("{chair} has just become free. Try once more.").format(chair=chair))
    error = SlotTakenError(
        _("{patient} is still in {chair}. Take another chair, or finish that visit first.").format(
            patient=sitting.patient, chair=chair
        ),
        holder=sitting,
    )
    error.field = "chair"
    return error


def of_database(ctx: Context, error: IntegrityError, change: StatusChange) -> Exception:
    """Return who has the time that a visit would take again, or the error where it is our own."""
    if constraint_of(error) not in refusals.OF_PLACE:
        return error
    with ctx.fresh() as fresh:
        now = sheets.one(fresh, change.id)
        if now is None:
            return refusals.changed(fresh, now)
        asked = Asked(
            provider_id=now.provider_id,
            chair_id=change.chair_id if change.change_chair else now.chair_id,
            local=now.local_start,
            starts_at=now.starts_at,
            minutes=now.minutes,
            is_past=False,
            squeezed=bool(now.squeeze_reason),
        )
        return refusals.of_database(fresh, error, asked, but=change.id)
