"""Taking back that bookings were given to others: every one of them, or none with the reason."""

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.errors import ClinicError, ConflictError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, Move, StatusChange
from clinic_desktop.services.context import Context
from clinic_desktop.services.leaving.schemas import ActRefusedError, Given, Leaving, Outcome
from clinic_desktop.services.leaving.service import model_of, named
from clinic_desktop.services.rows import change_row
from clinic_desktop.services.working_time import bookings


def take_back(ctx: Context, leaving: Leaving, outcome: Outcome) -> None:
    """Put every booking back as it was, and who was put away in use again.

    Raises ConflictError with the names of those that somebody changed since, ActRefusedError
    where one cannot stand where it stood, StaleError when who left was changed.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    _refuse_changed(ctx, outcome.given)
    if outcome.put_away:
        ctx.need(Permission.CATALOGUE_WRITE)
        # Whoever books waits until it is known who works here.
        bookings.hold(ctx)
        change_row(ctx, model_of(leaving), id=leaving.id, version=outcome.version, active=True)
    # The last one first: each finds the place that it left as it left it.
    for one in reversed(outcome.given):
        try:
            _put_back(ctx, one)
        except ClinicError as error:
            words = named(ctx, one.before, str(error))
            raise ActRefusedError(words, appointment_id=one.before.id) from error


def _refuse_changed(ctx: Context, given: tuple[Given, ...]) -> None:
    now = {row.id: row for row in appointments.these(ctx, [one.before.id for one in given])}
    changed = [
        one.before
        for one in given
        if one.before.id not in now or now[one.before.id].version != one.version
    ]
    if changed:
        words = ngettext(
            "Nothing was taken back: somebody changed this one since: {names}.",
            "Nothing was taken back: somebody changed these since: {names}.",
            len(changed),
        )
        raise ConflictError(words.format(names="; ".join(_who(ctx, row) for row in changed)))


def _who(ctx: Context, row: AppointmentRow) -> str:
    locale = ctx.who.locale
    return _("{patient}, {day} at {time}").format(
        patient=row.patient,
        day=format_date(row.local_start.date(), locale),
        time=format_time(row.local_start.time(), locale),
    )


def _put_back(ctx: Context, one: Given) -> None:
    row = one.before
    now = appointments.appointment(ctx, row.id)
    if now.status == VisitStatus.CANCELLED:
        back = StatusChange(id=row.id, version=one.version, to=VisitStatus(row.status), back=True)
        appointments.set_status(ctx, back)
        return
    appointments.move(
        ctx,
        Move(
            id=row.id,
            version=one.version,
            provider_id=row.provider_id,
            chair_id=row.chair_id,
            local_start=row.local_start,
            second_hour=row.is_second_hour,
            minutes=row.minutes,
            reason=row.outside_reason,
        ),
    )
