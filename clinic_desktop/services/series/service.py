"""Series of appointments: planned first, then made, changed or cancelled, each as one act."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import instant_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.models import AppointmentSeries
from clinic_desktop.services.appointments import refusals
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.asked import Asked
from clinic_desktop.services.appointments.schemas import OutsideHoursError
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row
from clinic_desktop.services.series import reading, writes
from clinic_desktop.services.series.booking import Making, checked_minutes, visit_id_of
from clinic_desktop.services.series.changing import (
    Changing,
    Part,
    ended,
    part_of,
    state_of,
    state_of_series,
)
from clinic_desktop.services.series.planning import plan_dates
from clinic_desktop.services.series.schemas import (
    Answers,
    Choice,
    Restore,
    Scope,
    SeriesBooking,
    SeriesCancel,
    SeriesChange,
    SeriesConflictError,
    SeriesDone,
    SeriesPlan,
    SeriesRow,
    SeriesState,
    State,
    VisitState,
)

# -- reading ----------------------------------------------------------------------------------


def series(ctx: Context, series_id: UUID) -> SeriesRow:
    """Return a series with its appointments in order; raises NotFoundError."""
    ctx.need(Permission.SCHEDULE_READ)
    found = reading.found(ctx, series_id)
    if found is None:
        raise reading.gone()
    return found


def plan(ctx: Context, booking: SeriesBooking) -> SeriesPlan:
    """Return every date of a series with what stands against it; nothing is kept for it.

    Raises InvalidError, with the field, for a rule without an end, with too many dates or none,
    for a length that no appointment has, and for a provider or chair that takes none.
    """
    ctx.need(Permission.SCHEDULE_READ)
    return _planned(ctx, Making(ctx, booking))


def _planned(ctx: Context, making: Making) -> SeriesPlan:
    booking = making.booking
    wishes = making.wishes
    dates = plan_dates(ctx, wishes, booking, patient_id=booking.patient_id) if wishes else ()
    at = booking.local_start.replace(second=0, microsecond=0, tzinfo=None, fold=0).time()
    return SeriesPlan(booking.rule, at, making.minutes, (*making.standing(), *dates))


def plan_change(ctx: Context, change: SeriesChange) -> SeriesPlan:
    """Return where each appointment of a part of a series would stand, and what is against it."""
    ctx.need(Permission.SCHEDULE_READ)
    checked_minutes(change.minutes)
    row = reading.found(ctx, change.series_id)
    if row is None:
        raise reading.gone()
    return Changing(ctx, part_of(ctx, row, change.visit_id, change.scope), change).plan()


# -- making -----------------------------------------------------------------------------------


def book(ctx: Context, booking: SeriesBooking) -> SeriesDone:
    """Make a series with all its appointments; the same ``id`` again is the same act.

    All of it or nothing: raises SeriesConflictError while a date has no answer, what ``plan``
    raises, and what booking one appointment raises.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    before = reading.found(ctx, booking.id)
    if before is not None:
        return _made(before, left=0)
    making = Making(ctx, booking)
    writes.hold(ctx, (booking.provider_id, booking.chair_id))
    plan_now = _planned(ctx, making)
    _need_answers(ctx, plan_now, booking)
    if not any(one.visit_id is None for one in plan_now.landing):
        raise InvalidError(_("Every date is left out: there is nothing to book."), field="dates")
    try:
        written = making.write(plan_now)
        if written and making.first is not None:
            state = state_of(making.first)
            link = {"series_id": booking.id, "series_date": making.dates[0]}
            writes.put(ctx, Restore(visits=(state.model_copy(update=link),)))
    except IntegrityError as error:
        raise _refusal(ctx, error, plan_now, booking, lambda fresh: plan(fresh, booking)) from error
    row = reading.found(ctx, booking.id)
    if row is None:
        raise reading.gone()
    return _made(row, left=len(plan_now.dates) - len(plan_now.landing))


def _made(row: SeriesRow, *, left: int) -> SeriesDone:
    """Return what was made, and how it is taken back: cancelled, or a single appointment again."""
    states = []
    for one in row.visits:
        if one.series_date is None or one.status == VisitStatus.CANCELLED:
            continue
        back: dict[str, str | None]
        if one.id == visit_id_of(row.id, one.series_date):
            back = {"status": VisitStatus.CANCELLED.value, "reason": _("Booked by mistake")}
        else:
            back = {"series_id": None, "series_date": None}
        states.append(state_of(one).model_copy(update=back))
    return SeriesDone(row.id, row.visits, left, Restore(visits=tuple(states)))


# -- changing ---------------------------------------------------------------------------------


def change(ctx: Context, change: SeriesChange) -> SeriesDone:
    """Give appointments of a series another time, length, provider or chair, all or none.

    What is over or cancelled is never touched; where such ones, or earlier ones, stay as they are,
    the changed ones become a series of their own. Raises SeriesChangedError and VisitChangedError
    where somebody was first, SeriesConflictError while a date has no answer.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    checked_minutes(change.minutes)
    row = _held(ctx, change.series_id, change.version)
    part = part_of(ctx, row, change.visit_id, change.scope)
    _need_seen(ctx, part, change)
    places = {(one.provider_id, one.chair_id) for one in part.touched}
    places.add((change.provider_id, change.chair_id))
    writes.hold(ctx, (one for place in places for one in place))
    changing = Changing(ctx, part, change)
    plan_now = changing.plan()
    _need_answers(ctx, plan_now, change)
    visits = changing.visits(plan_now)
    if not visits:
        raise InvalidError(_("Nothing is changed by this."), field="time")
    try:
        _add_series(ctx, row, changing.new_series)
        undo = writes.put(ctx, Restore(visits=visits, series=(changing.old_series,)))
    except IntegrityError as error:
        again = change.model_copy(update={"seen": ()})
        raise _refusal(
            ctx, error, plan_now, change, lambda fresh: plan_change(fresh, again)
        ) from error
    if changing.new_series is not None:
        away = changing.new_series.model_copy(update={"removed": True})
        undo = undo.model_copy(update={"series": (*undo.series, away)})
    return _done(ctx, changing.series_id, visits, undo, left=_staying(plan_now))


def cancel(ctx: Context, cancel: SeriesCancel) -> SeriesDone:
    """Cancel appointments of a series that are still to come, all or none; it ends before them.

    Raises InvalidError without a reason, SeriesChangedError where somebody was first.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    if not cancel.reason:
        raise InvalidError(_("Say why it is cancelled."), field="reason")
    row = _held(ctx, cancel.series_id, cancel.version)
    part = part_of(ctx, row, cancel.visit_id, cancel.scope)
    to = {"status": VisitStatus.CANCELLED.value, "reason": cancel.reason}
    chosen = [
        one
        for one in part.touched
        if cancel.with_apart or one.id == part.anchor.id or not row.is_apart(one)
    ]
    visits = tuple(state_of(one).model_copy(update=to) for one in chosen)
    own = cancel.scope is Scope.THIS
    series_then = state_of_series(row) if own else ended(part)
    undo = writes.put(ctx, Restore(visits=visits, series=(series_then,)))
    return _done(ctx, row.id, visits, undo, left=len(part.touched) - len(visits))


def take_back(ctx: Context, restore: Restore) -> SeriesDone:
    """Put series and appointments back, all or none; ``undo`` of the answer does it again.

    Raises SeriesChangedError or VisitChangedError where somebody changed one of them since, and
    SlotTakenError where another has its old place by now.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    try:
        undo = writes.put(ctx, restore)
    except IntegrityError as error:
        raise _not_back(ctx, error, restore) from error
    of_visits = (one.series_id for one in restore.visits if one.series_id is not None)
    series_id = next(of_visits, restore.series[0].id if restore.series else restore.visits[0].id)
    return _done(ctx, series_id, restore.visits, undo, left=0)


def _done(
    ctx: Context, series_id: UUID, visits: tuple[VisitState, ...], undo: Restore, *, left: int
) -> SeriesDone:
    rows = appointments.these(ctx, [one.id for one in visits])
    return SeriesDone(series_id, rows, left, undo)


def _staying(plan_now: SeriesPlan) -> int:
    return sum(
        1 for one in plan_now.dates if one.state is State.KEPT or one.choice is Choice.LEAVE_OUT
    )


def _held(ctx: Context, series_id: UUID, version: int) -> SeriesRow:
    """Return a series and its appointments as they stand, held until the transaction ends."""
    values = {"clinic": ctx.clinic_id, "series": series_id}
    found = ctx.connection.execute(writes.LOCK_SERIES, values).first()
    if found is None:
        raise reading.gone()
    if found.version != version:
        raise reading.changed(ctx, series_id)
    ctx.connection.execute(writes.LOCK_MEMBERS, values)
    row = reading.found(ctx, series_id)
    if row is None:
        raise reading.gone()
    return row


def _need_seen(ctx: Context, part: Part, change: SeriesChange) -> None:
    """Refuse where an appointment is another than the one that was shown."""
    seen = dict(change.seen)
    for one in part.touched:
        if one.version != seen.get(one.id, one.version):
            raise refusals.changed(ctx, one)


def _add_series(ctx: Context, row: SeriesRow, new: SeriesState | None) -> None:
    """Add the series that begins with a change; it is for the same treatments."""
    if new is None:
        return
    add_row(
        ctx,
        AppointmentSeries,
        id=new.id,
        patient_id=row.patient_id,
        provider_id=new.provider_id,
        chair_id=new.chair_id,
        rule=new.rule,
        local_start=new.local_start,
        zone=ctx.who.zone,
        minutes=new.minutes,
        follows_id=row.id,
    )
    writes.copy_treatments(ctx, row.id, new.id)


# -- refusing ---------------------------------------------------------------------------------


def _need_answers(ctx: Context, plan_now: SeriesPlan, answers: Answers) -> None:
    """Refuse while a date has no answer, or one that lies outside has no reason."""
    if plan_now.open:
        raise _unanswered(ctx, plan_now)
    if plan_now.needs_reason and not answers.reason:
        raise InvalidError(
            _("Write why it is booked outside working time or in the past."), field="reason"
        )


def _unanswered(ctx: Context, plan_now: SeriesPlan) -> SeriesConflictError:
    first, count = plan_now.open[0], len(plan_now.open)
    words = ngettext(
        "Nothing is saved yet. One date needs an answer: {day}, {why}.",
        "Nothing is saved yet. {count} dates need an answer, the first of them {day}: {why}.",
        count,
    )
    day = format_date(first.wanted.date(), ctx.who.locale)
    return SeriesConflictError(
        words.format(count=count, day=day, why=first.sentence), plan=plan_now
    )


def _refusal(
    ctx: Context,
    error: IntegrityError,
    plan_then: SeriesPlan,
    answers: SeriesBooking | SeriesChange,
    plan_again: Callable[[Context], SeriesPlan],
) -> Exception:
    """Return which date the database refused and why, read anew, or the error where it is ours."""
    name = constraint_of(error)
    if name not in refusals.OF_PLACE and not name.startswith("appointment_treatment_"):
        return error
    with ctx.fresh() as fresh:
        again = plan_again(fresh)
    if again.open:
        return _unanswered(ctx, again)
    landing = next(one for one in plan_then.landing if one.lands is not None)
    lands = landing.lands or landing.wanted
    asked = Asked(
        provider_id=answers.provider_id,
        chair_id=answers.chair_id,
        local=lands,
        starts_at=instant_of(lands, ctx.zone, locale=ctx.who.locale),
        minutes=plan_then.minutes,
        is_past=False,
    )
    patient_id = answers.patient_id if isinstance(answers, SeriesBooking) else None
    return refusals.of_database(ctx, error, asked, but=landing.visit_id, patient_id=patient_id)


def _not_back(ctx: Context, error: IntegrityError, restore: Restore) -> Exception:
    """Return which old place somebody else has by now, or the error where it is our own."""
    name = constraint_of(error)
    if name not in refusals.OF_PLACE:
        return error
    with ctx.fresh() as fresh:
        for one in restore.visits:
            minutes = int((one.ends_at - one.starts_at).total_seconds() // 60)
            asked = Asked(
                provider_id=one.provider_id,
                chair_id=one.chair_id,
                local=one.local_start,
                starts_at=one.starts_at,
                minutes=minutes,
                is_past=False,
            )
            taken = refusals.taken(fresh, asked, but=one.id)
            if taken.holder is not None:
                return taken
    return OutsideHoursError(
        _("Hours have changed since: the series stays as it is now."), needs_reason=False
    )
