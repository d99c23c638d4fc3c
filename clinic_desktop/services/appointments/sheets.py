"""One day put together: who works when, which chairs there are, and what is booked."""

from datetime import date, time, timedelta
from typing import Any, Final
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
    row = ctx.connection.execute(
        queries.ONE, {"clinic": ctx.clinic_id, "id": appointment_id}
    ).first()
    return AppointmentRow(*row) if row is not None else None


def day_sheet(ctx: Context, on: date) -> DaySheet:
    """Return one day: two statements, however many providers and appointments there are."""
    local_day = LocalDay(on, ctx.zone)
    visits = tuple(
        AppointmentRow(*row)
        for row in ctx.connection.execute(
            queries.BETWEEN,
            {
                "clinic": ctx.clinic_id,
                "since": local_day.start - _LONGEST,
                "start": local_day.start,
                "end": local_day.end,
            },
        )
    )
    providers = ctx.connection.execute(queries.PROVIDERS, {"clinic": ctx.clinic_id}).all()
    chairs = _chairs(providers[0].chairs if providers else None)
    seen = {visit.provider_id for visit in visits}
    return DaySheet(
        day=on,
        zone=ctx.who.zone,
        now=ctx.now,
        slot_minutes=ctx.who.slot_minutes,
        columns=tuple(
            _column(row, local_day, chairs, visits)
            for row in providers
            if row.active or row.id in seen
        ),
        chairs=tuple(
            ChairSlot(chair_id, name) for chair_id, (name, active) in chairs.items() if active
        ),
        visits=visits,
    )


def _chairs(found: list[list[Any]] | None) -> dict[UUID, tuple[str, bool]]:
    return {UUID(chair_id): (name, active) for chair_id, name, active in found or ()}


def hours_from(found: list[list[Any]] | None) -> dict[int, list[Hours]]:
    """Return the hours of a provider by weekday, from the statement's array."""
    by_weekday: dict[int, list[Hours]] = {}
    for weekday, kind, starts, ends, label in found or ():
        hours = Hours(kind, time.fromisoformat(starts), time.fromisoformat(ends), label)
        by_weekday.setdefault(weekday, []).append(hours)
    return by_weekday


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
    row: Any,
    local_day: LocalDay,
    chairs: dict[UUID, tuple[str, bool]],
    visits: tuple[AppointmentRow, ...],
) -> ProviderColumn:
    hours = hours_from(row.hours).get(local_day.day.weekday(), [])
    working, pauses = working_on(hours, local_day)
    busy = [
        visit.span(local_day)
        for visit in visits
        if visit.provider_id == row.id and visit.blocks_provider
    ]
    return ProviderColumn(
        provider_id=row.id,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        colour=row.colour,
        chair_id=row.chair_id,
        chair=chairs.get(row.chair_id, ("", False))[0],
        active=row.active,
        working=tuple(working),
        pauses=tuple(pauses),
        booked=booked_share(working, busy),
    )
