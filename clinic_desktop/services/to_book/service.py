"""Whom to book: planned work that nobody booked, broken appointments; tries, and the booking."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.recalls import OUTCOMES, WAYS
from clinic_desktop.domain.teeth.numbering import written
from clinic_desktop.domain.teeth.surfaces import letters
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.models import ContactAttempt
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking, PlannedTreatment
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls import schemas as recall_schemas
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls.schemas import Attempt
from clinic_desktop.services.rows import add_row
from clinic_desktop.services.to_book import statements
from clinic_desktop.services.to_book.schemas import (
    Answering,
    BookingFacts,
    BrokenRow,
    BrokenSearch,
    NewAttempt,
    PlannedRow,
    PlannedSearch,
    PlannedWork,
    Reach,
    Tried,
    VisitAhead,
)
from clinic_desktop.services.waiting import service as waiting

_FIRST_DAY, _LAST_DAY = date(1850, 1, 2), date(2199, 12, 30)
_LEAST, _MOST = UUID(int=0), UUID(int=2**128 - 1)
_TRIES: Final = 8
# More than anybody reads: which of them are on the day of a booking is to be told.
_VISITS: Final = 60


def _today(ctx: Context) -> LocalDay:
    return LocalDay(local_of(ctx.now, ctx.zone).date(), ctx.zone)


# -- planned work -----------------------------------------------------------------------------


def planned(ctx: Context, search: PlannedSearch) -> tuple[PlannedRow, ...]:
    """Return patients with planned work that no appointment still to come holds.

    One row a patient, where their newest entry stands in the order of planning, or their oldest.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    first = (_LAST_DAY, _MOST) if search.newest else (_FIRST_DAY, _LEAST)
    after_day, after_id = search.after or first
    rows = statements.PLANNED[search.newest].all(
        ctx.connection,
        clinic=ctx.clinic_id,
        since_day=_today(ctx).start,
        now=ctx.now,
        newest=search.newest,
        provider=search.provider_id,
        first_day=search.first_day or _FIRST_DAY,
        last_day=search.last_day or _LAST_DAY,
        after_day=after_day,
        after_id=after_id,
        with_declined=search.declined,
        limit=search.limit,
    )
    return tuple(
        PlannedRow(
            patient_id=row[0],
            since=row[1],
            item_id=row[2],
            work=tuple(_listed(ctx, *one) for one in row[3]),
            fee=row[4],
            who=Reach(*row[5:12]),
            tried=Tried(*row[12:16]),
            next_visit=row[16],
        )
        for row in rows
    )


def planned_of(ctx: Context, patient_id: UUID) -> tuple[PlannedWork, ...]:
    """Return what is planned for one patient, in order, with what is booked already."""
    ctx.need(Permission.SCHEDULE_WRITE)
    rows = statements.PLANNED_OF.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        patient=patient_id,
        since_day=_today(ctx).start,
    )
    return tuple(PlannedWork._make((*row[:4], _where(ctx, *row[4:6]), *row[6:])) for row in rows)


def _listed(
    ctx: Context,
    item_id: str,
    treatment_id: str,
    name: str,
    minutes: int,
    tooth: int | None,
    surfaces: str,
    provider_id: str | None,
) -> PlannedWork:
    return PlannedWork(
        UUID(item_id),
        UUID(treatment_id),
        name,
        minutes,
        _where(ctx, tooth, surfaces),
        UUID(provider_id) if provider_id else None,
    )


def _where(ctx: Context, tooth: int | None, surfaces: str) -> str:
    if tooth is None:
        return ""
    codes = letters(surfaces, tooth, ctx.who.locale) if surfaces else ""
    return f"{written(tooth, ctx.who.notation)} {codes}".strip()


# -- broken appointments ----------------------------------------------------------------------


def broken(ctx: Context, search: BrokenSearch) -> tuple[BrokenRow, ...]:
    """Return missed and cancelled appointments that were not made anew, one of each patient."""
    ctx.need(Permission.SCHEDULE_READ)
    first = LocalDay(search.first_day or _FIRST_DAY, ctx.zone).start
    last = LocalDay(search.last_day or _LAST_DAY, ctx.zone).end
    begin = (last, _LEAST) if search.newest else (first, _LEAST)
    after_at, after_id = search.after or begin
    of_provider = {} if search.provider_id is None else {"provider": search.provider_id}
    statement = statements.BROKEN[search.newest, bool(of_provider), search.declined]
    rows = statement.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        now=ctx.now,
        stop=first if search.newest else last,
        after_at=after_at,
        after_id=after_id,
        limit=search.limit,
        **of_provider,
    )
    return tuple(_broken(row) for row in rows)


def _broken(row: Any) -> BrokenRow:
    items = [(UUID(one), UUID(item) if item else None) for one, item in row[11] or ()]
    return BrokenRow(
        id=row[0],
        patient_id=row[1],
        starts_at=row[2],
        local_start=row[3],
        minutes=row[4],
        status=row[5],
        reason=row[6],
        provider_id=row[7],
        provider=row[8],
        provider_active=row[9],
        service=row[10],
        treatment_ids=tuple(one for one, item in items if item is None),
        planned=tuple(
            PlannedTreatment(chart_item_id=item, treatment_id=one)
            for one, item in items
            if item is not None
        ),
        missed=row[12],
        cancelled=row[13],
        who=Reach(*row[14:21]),
        tried=Tried(*row[21:25]),
        next_visit=row[25],
    )


# -- tries ------------------------------------------------------------------------------------


def add_attempt(ctx: Context, new: NewAttempt) -> bool:
    """Record a try to reach somebody; False when the same ``id`` is there already."""
    ctx.need(Permission.SCHEDULE_WRITE)
    if new.outcome not in OUTCOMES or new.outcome == "booked" or new.channel not in WAYS:
        raise ValueError(f"{new.outcome} {new.channel}")
    return _add(ctx, booked_id=None, **new.model_dump())


def _add(ctx: Context, **values: Any) -> bool:
    about = "planned" if values["appointment_id"] is None else "broken"
    return add_row(
        ctx,
        ContactAttempt,
        person_id=ctx.who.person_id,
        at=ctx.now,
        about=about,
        **values,
    )


def attempts_of(
    ctx: Context, patient_id: UUID, appointment_id: UUID | None = None
) -> tuple[Attempt, ...]:
    """Return the last tries about a patient's planned work, or about a broken appointment."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(
        statements.ATTEMPTS,
        {
            "clinic": ctx.clinic_id,
            "patient": patient_id,
            "appointment": appointment_id,
            "most": _TRIES,
        },
    )
    return tuple(map(Attempt.model_validate, rows))


# -- booking ----------------------------------------------------------------------------------


def facts(ctx: Context, patient_id: UUID) -> BookingFacts:
    """Return what is planned, what is booked ahead, and the balance for who may see it."""
    ctx.need(Permission.SCHEDULE_WRITE)
    values = {"clinic": ctx.clinic_id, "patient": patient_id}
    since_day = _today(ctx).start
    ahead = ctx.connection.execute(
        statements.AHEAD, {**values, "since_day": since_day, "most": _VISITS}
    )
    balance = None
    if ctx.who.may(Permission.BILLING_READ):
        balance = int(ctx.connection.execute(statements.BALANCE, values).scalar_one())
    return BookingFacts(
        work=planned_of(ctx, patient_id),
        visits=tuple(map(VisitAhead.model_validate, ahead)),
        balance=balance,
    )


def book(ctx: Context, booking: Booking, answering: Answering | None = None) -> AppointmentRow:
    """Make an appointment and note what it answers, in one transaction.

    Raises what ``appointments.book`` raises, and ConflictError where planned work was completed
    or taken back meanwhile, or where somebody does not wait any more.
    """
    return book_all(ctx, (booking,), answering)[0]


def book_all(
    ctx: Context, bookings: Sequence[Booking], answering: Answering | None = None
) -> tuple[AppointmentRow, ...]:
    """Make several appointments of one patient, all of them or none; see ``book``."""
    for booking in bookings:
        _check_planned(ctx, booking)
    rows = tuple(appointments.book(ctx, booking) for booking in bookings)
    if answering is not None:
        _answer(ctx, answering, rows[0])
    return rows


def _check_planned(ctx: Context, booking: Booking) -> None:
    if not booking.planned:
        return
    there = {one.item_id for one in planned_of(ctx, booking.patient_id)}
    if any(one.chart_item_id not in there for one in booking.planned):
        raise ConflictError(
            _("Some of this work is not planned any more. Choose it once more."), field="planned"
        )


def _answer(ctx: Context, answering: Answering, made: AppointmentRow) -> None:
    # Ids out of the appointment's own: the same booking sent twice is one answer.
    if answering.recall_id is not None:
        recalls.add_attempt(
            ctx,
            recall_schemas.NewAttempt(
                id=uuid5(made.id, "recall"),
                recall_id=answering.recall_id,
                patient_id=made.patient_id,
                channel=answering.channel,
                outcome="booked",
                appointment_id=made.id,
            ),
        )
    if answering.request_id is not None:
        waiting.booked(ctx, answering.request_id, made.id)
    if answering.broken_id is not None or answering.planned:
        _add(
            ctx,
            id=uuid5(made.id, "attempt"),
            patient_id=made.patient_id,
            appointment_id=answering.broken_id,
            channel=answering.channel,
            outcome="booked",
            remark="",
            booked_id=made.id,
        )
