"""One day put together: who works when, which chairs there are, and what is booked."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span, booked_share, subtract
from clinic_desktop.services.appointments import queries
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    ChairSlot,
    DaySheet,
    Hours,
    Pause,
    ProviderColumn,
)
from clinic_desktop.services.context import Context

# No appointment is longer, so one that reaches into a day began after this.
_LONGEST: Final = timedelta(hours=24)


def one(ctx: Context, appointment_id: UUID) -> AppointmentRow | None:
    """Return an appointment, or None."""
    row = queries.ONE.first(ctx.connection, clinic=ctx.clinic_id, id=appointment_id)
    return AppointmentRow._make(row) if row is not None else None


class Worker(NamedTuple):
    """A provider as the statement gives them, with their hours by weekday."""

    provider_id: UUID
    name: str
    short_name: str
    kind: str
    colour: str
    chair_id: UUID | None
    active: bool
    hours: dict[int, list[Hours]]


class Rooms(NamedTuple):
    """Providers and chairs of the clinic, each in its order."""

    workers: list[Worker]
    chairs: dict[UUID, str]
    in_use: list[ChairSlot]


def staff_and_rooms(ctx: Context, provider_id: UUID | None = None) -> Rooms:
    """Return who works here (or one of them), when, and in which chairs."""
    if provider_id is None:
        found = queries.STAFF_AND_ROOMS.first(ctx.connection, clinic=ctx.clinic_id)
    else:
        found = queries.ONE_AND_ROOMS.first(
            ctx.connection, clinic=ctx.clinic_id, provider=provider_id
        )
    providers, chairs = found
    return Rooms(
        workers=[
            Worker(
                UUID(provider_id),
                name,
                short_name,
                kind,
                colour,
                UUID(chair_id) if chair_id else None,
                active,
                _by_weekday(hours or ()),
            )
            for provider_id, name, short_name, kind, colour, chair_id, active, hours in providers
            or ()
        ],
        chairs={UUID(one): name for one, name, _active in chairs or ()},
        in_use=[ChairSlot(UUID(one), name) for one, name, active in chairs or () if active],
    )


def _by_weekday(found: Iterable[list[Any]]) -> dict[int, list[Hours]]:
    by_weekday: dict[int, list[Hours]] = {}
    for weekday, kind, starts, ends, label in found:
        hours = Hours(kind, time.fromisoformat(starts), time.fromisoformat(ends), label)
        by_weekday.setdefault(weekday, []).append(hours)
    return by_weekday


class Place(NamedTuple):
    """A provider, a chair and a visit that may stand elsewhere, of which alone a day is read."""

    provider_id: UUID
    chair_id: UUID | None
    visit_id: UUID | None


def day_sheet(ctx: Context, on: date, *, of: Place | None = None) -> DaySheet:
    """Return one day: two statements, however many providers and appointments there are.

    ``of`` leaves out what happens elsewhere.
    """
    local_day = LocalDay(on, ctx.zone)
    values = {
        "clinic": ctx.clinic_id,
        "since": local_day.start - _LONGEST,
        "start": local_day.start,
        "end": local_day.end,
    }
    if of is None:
        found = queries.BETWEEN.all(ctx.connection, **values)
    else:
        found = queries.BETWEEN_OF.all(
            ctx.connection,
            **values,
            provider=of.provider_id,
            chair=of.chair_id,
            visit=of.visit_id,
        )
    visits = tuple(map(AppointmentRow._make, found))
    rooms = staff_and_rooms(ctx, of.provider_id if of is not None else None)
    return _sheet(ctx, local_day, rooms, visits)


def day_sheets(ctx: Context, first: date, count: int) -> tuple[DaySheet, ...]:
    """Return days one after the other: two statements, however many days there are."""
    days = [LocalDay(first + timedelta(days=one), ctx.zone) for one in range(count)]
    found = queries.BETWEEN.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        since=days[0].start - _LONGEST,
        start=days[0].start,
        end=days[-1].end,
    )
    visits = tuple(map(AppointmentRow._make, found))
    rooms = staff_and_rooms(ctx)
    return tuple(
        _sheet(
            ctx,
            day,
            rooms,
            tuple(one for one in visits if one.starts_at < day.end and one.ends_at > day.start),
        )
        for day in days
    )


def _sheet(
    ctx: Context, local_day: LocalDay, rooms: Rooms, visits: tuple[AppointmentRow, ...]
) -> DaySheet:
    seen = {visit.provider_id for visit in visits}
    return DaySheet(
        day=local_day.day,
        zone=ctx.who.zone,
        now=ctx.now,
        slot_minutes=ctx.who.slot_minutes,
        columns=tuple(
            _column(worker, local_day, rooms, visits)
            for worker in rooms.workers
            if worker.active or worker.provider_id in seen
        ),
        chairs=tuple(rooms.in_use),
        visits=visits,
    )


def working_on(hours: list[Hours], local_day: LocalDay) -> tuple[list[Span], list[Pause]]:
    """Return the minutes worked on a day without its breaks, and the breaks themselves."""
    opened = [local_day.span_of(one.starts, one.ends) for one in hours if one.kind == "open"]
    pauses = [
        Pause(local_day.span_of(one.starts, one.ends), one.label)
        for one in sorted(hours, key=lambda one: one.starts)
        if one.kind == "break"
    ]
    return subtract(opened, [pause.span for pause in pauses]), pauses


def _column(
    worker: Worker, local_day: LocalDay, rooms: Rooms, visits: tuple[AppointmentRow, ...]
) -> ProviderColumn:
    hours = worker.hours.get(local_day.day.weekday(), [])
    working, pauses = working_on(hours, local_day)
    busy = [
        visit.span(local_day)
        for visit in visits
        if visit.provider_id == worker.provider_id and visit.blocks_provider
    ]
    return ProviderColumn(
        provider_id=worker.provider_id,
        name=worker.name,
        short_name=worker.short_name,
        kind=worker.kind,
        colour=worker.colour,
        chair_id=worker.chair_id,
        chair=rooms.chairs.get(worker.chair_id, "") if worker.chair_id else "",
        active=worker.active,
        working=tuple(working),
        pauses=tuple(pauses),
        booked=booked_share(working, busy),
    )
