"""One day put together: who works when, which chairs there are, and what is booked."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import booked_share
from clinic_desktop.domain.working_time import ClinicHours
from clinic_desktop.services.appointments import queries
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import ChairSlot, DaySheet, ProviderColumn
from clinic_desktop.services.context import Context
from clinic_desktop.services.working_time.reading import hours_of, local_bounds

# No appointment is longer, so one that reaches into a day began after this.
_LONGEST: Final = timedelta(hours=24)


def one(ctx: Context, appointment_id: UUID) -> AppointmentRow | None:
    """Return an appointment, or None."""
    row = queries.ONE.first(ctx.connection, clinic=ctx.clinic_id, id=appointment_id)
    return AppointmentRow._make(row) if row is not None else None


class Worker(NamedTuple):
    """A provider as the statement gives them."""

    provider_id: UUID
    name: str
    short_name: str
    kind: str
    colour: str
    chair_id: UUID | None
    active: bool
    skills: frozenset[str]


class Rooms(NamedTuple):
    """Providers and chairs of the clinic, each in its order, and the hours of some days."""

    workers: list[Worker]
    chairs: dict[UUID, str]
    in_use: dict[UUID, str]
    equipment: dict[UUID, frozenset[str]]
    hours: ClinicHours


def staff_and_rooms(
    ctx: Context, days: Sequence[LocalDay], provider_id: UUID | None = None
) -> Rooms:
    """Return who works here (or one of them) and in which chairs, with the hours of these days."""
    values = {"clinic": ctx.clinic_id, **local_bounds(days)}
    if provider_id is None:
        found = queries.STAFF_AND_ROOMS.first(ctx.connection, **values)
    else:
        found = queries.ONE_AND_ROOMS.first(ctx.connection, **values, provider=provider_id)
    providers, chairs, weekly, special = found
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
                frozenset(skills),
            )
            for provider_id, name, short_name, kind, colour, chair_id, active, skills in providers
            or ()
        ],
        chairs={UUID(one): name for one, name, _active, _has in chairs or ()},
        in_use={UUID(one): name for one, name, active, _has in chairs or () if active},
        equipment={UUID(one): frozenset(has) for one, _name, _active, has in chairs or ()},
        hours=hours_of(weekly, special),
    )


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
    rooms = staff_and_rooms(ctx, [local_day], of.provider_id if of is not None else None)
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
    rooms = staff_and_rooms(ctx, days)
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
        chairs=tuple(_chair(one, name, local_day, rooms) for one, name in rooms.in_use.items()),
        visits=visits,
    )


def _chair(chair_id: UUID, name: str, local_day: LocalDay, rooms: Rooms) -> ChairSlot:
    if chair_id not in rooms.hours.chairs:
        return ChairSlot(chair_id, name)
    day = rooms.hours.chair_on(chair_id, local_day)
    return ChairSlot(chair_id, name, day.working, day.pauses)


def _column(
    worker: Worker, local_day: LocalDay, rooms: Rooms, visits: tuple[AppointmentRow, ...]
) -> ProviderColumn:
    on_day = rooms.hours.provider_on(worker.provider_id, local_day)
    busy = [
        span
        for visit in visits
        if visit.provider_id == worker.provider_id and visit.blocks_provider
        for span in visit.own_spans(local_day)
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
        working=on_day.working,
        pauses=on_day.pauses,
        booked=booked_share(on_day.working, busy),
    )
