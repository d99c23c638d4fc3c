"""An appointment that still stands, made anew for another time: both in one act, taken back as one.

A plain move keeps the row. This leaves the old one where it was, as moved to another time, and the
new one says which it stands for: two places in the calendar, two entries of a feed, one history.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import EXPECTED, VisitStatus
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import refusals, steps
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking, PlannedTreatment, StatusChange
from clinic_desktop.services.appointments.writes import REASON
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import Anew, MadeAnew, Swap, WorkOf

_WORK: Final = text(
    """
    SELECT w.treatment_id, w.chart_item_id
    FROM appointment_treatment w
    WHERE w.clinic_id = :clinic AND w.appointment_id = :id AND w.deleted_at IS NULL
    ORDER BY w.position, w.id
    """
)


def work_of(ctx: Context, appointment_id: UUID) -> WorkOf:
    """Return how an appointment stands now and what it is for, as the next one takes it over.

    Work that is not planned any more comes as its treatment. Raises NotFoundError, ConflictError
    when the visit has begun or does not take place.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    now = appointments.appointment(ctx, appointment_id)
    if VisitStatus(now.status) not in EXPECTED:
        step = StatusChange(id=now.id, version=now.version, to=VisitStatus.RESCHEDULED)
        raise steps.not_taken(ctx, step)
    rows = ctx.connection.execute(_WORK, {"clinic": ctx.clinic_id, "id": appointment_id}).all()
    still = {one.item_id for one in to_book.planned_of(ctx, now.patient_id)}
    return WorkOf(
        visit=now,
        planned=tuple(
            PlannedTreatment(chart_item_id=row.chart_item_id, treatment_id=row.treatment_id)
            for row in rows
            if row.chart_item_id in still
        ),
        treatment_ids=tuple(row.treatment_id for row in rows if row.chart_item_id not in still),
    )


def make_anew(ctx: Context, anew: Anew, then: Sequence[Booking] = ()) -> MadeAnew:
    """Give an appointment's time away and book the one in its place; the same twice is one act.

    ``then`` are further visits that are booked with it. Raises what ``to_book.book`` raises,
    VisitChangedError when somebody changed the old one first, ConflictError when it has begun.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    booking = anew.booking
    if booking.instead_of_id != anew.id:
        raise ValueError(f"{booking.instead_of_id} instead of {anew.id}")
    there = {one.id: one for one in appointments.these(ctx, (booking.id, anew.id))}
    if booking.id in there and there[booking.id].instead_of_id == anew.id:
        return MadeAnew(there[anew.id], there[booking.id])
    before = there[anew.id].local_start if anew.id in there else None
    _note_why(ctx, anew.reason, before, booking.local_start)
    # The old one first: the new one may begin before that has ended.
    old = appointments.take_step(
        ctx,
        StatusChange(
            id=anew.id, version=anew.version, to=VisitStatus.RESCHEDULED, reason=anew.reason
        ),
    )
    if booking.patient_id != old.patient_id:
        raise InvalidError(_("An appointment is made anew for the same patient."), field="patient")
    new = to_book.book(ctx, booking)
    to_book.book_all(ctx, then)
    return MadeAnew(old._replace(moved_to=new.local_start), new)


def take_back(ctx: Context, swap: Swap) -> MadeAnew:
    """Let the old appointment stand again and cancel the one in its place.

    Raises VisitChangedError when somebody changed either, SlotTakenError when somebody else has
    the old time by now.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    _both_stand(ctx, swap)
    new = appointments.take_step(
        ctx,
        StatusChange(
            id=swap.new_id,
            version=swap.new_version,
            to=VisitStatus.CANCELLED,
            reason=_("Taken back"),
        ),
    )
    old = appointments.take_step(
        ctx,
        StatusChange(id=swap.old_id, version=swap.old_version, to=swap.status, back=True),
    )
    return MadeAnew(old, new)


def do_again(ctx: Context, swap: Swap) -> MadeAnew:
    """Do again what was taken back: ``status`` is what the new one had.

    Raises what ``take_back`` raises.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    _both_stand(ctx, swap)
    _note_why(ctx, swap.reason, None, None)
    old = appointments.take_step(
        ctx,
        StatusChange(
            id=swap.old_id,
            version=swap.old_version,
            to=VisitStatus.RESCHEDULED,
            reason=swap.reason,
        ),
    )
    new = appointments.take_step(
        ctx,
        StatusChange(id=swap.new_id, version=swap.new_version, to=swap.status, back=True),
    )
    return MadeAnew(old._replace(moved_to=new.local_start), new)


def _note_why(ctx: Context, reason: str, before: datetime | None, after: datetime | None) -> None:
    """Say in the history of both why it is, from when to when."""
    times = " → ".join(f"{one:%Y-%m-%d %H:%M}" for one in (before, after) if one is not None)
    words = ": ".join(filter(None, (reason, times)))
    if words:
        ctx.connection.execute(REASON, {"reason": words})


def _both_stand(ctx: Context, swap: Swap) -> None:
    """Say which of the two was changed since, before either is touched."""
    found = {one.id: one for one in appointments.these(ctx, (swap.old_id, swap.new_id))}
    for one, version in ((swap.new_id, swap.new_version), (swap.old_id, swap.old_version)):
        row = found.get(one)
        if row is None or row.version != version:
            raise refusals.changed(ctx, row)
