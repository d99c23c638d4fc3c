"""Many days at a glance: each with its count and its first appointments, in one bounded read."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import cast as as_type

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments.queries import (
    APPOINTMENT,
    INSTANT,
    ROW,
    in_clinic,
    rows_from,
)
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    MonthDay,
    MonthSearch,
    MonthSheet,
)
from clinic_desktop.services.context import Context

# What the sheet of a day does not draw either.
_ELSEWHERE: Final = (VisitStatus.CANCELLED.value, VisitStatus.RESCHEDULED.value)


def _only(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    wanted: ColumnElement[Any] = bindparam(name, type_=ARRAY(Uuid))
    return or_(wanted.is_(None), column == func.any(wanted))


def _month() -> Select[Any]:
    visit = APPOINTMENT.c
    day = as_type(func.timezone(bindparam("the_zone", type_=Text), visit.starts_at), Date)
    counted = (
        select(
            visit.clinic_id,
            *ROW,
            day.label("day"),
            func.count().over(partition_by=day).label("of_day"),
            func.row_number()
            .over(partition_by=day, order_by=(visit.starts_at, visit.id))
            .label("place"),
        )
        .where(
            in_clinic(APPOINTMENT),
            visit.starts_at >= bindparam("start", type_=INSTANT),
            visit.starts_at < bindparam("end", type_=INSTANT),
            visit.status != func.all(literal(list(_ELSEWHERE), ARRAY(Text))),
            _only(visit.provider_id, "providers"),
            _only(visit.chair_id, "chairs"),
        )
        .subquery("counted")
    )
    return (
        rows_from(counted)
        .add_columns(counted.c.day, counted.c.of_day)
        .where(counted.c.place <= bindparam("each", type_=Integer))
        .order_by(counted.c.starts_at, counted.c.id)
    )


MONTH: Final = Prepared(_month())


def month(ctx: Context, search: MonthSearch) -> MonthSheet:
    """Return the days with their counts and first appointments; days without any are there too."""
    ctx.need(Permission.SCHEDULE_READ)
    days = [search.first + timedelta(days=one) for one in range(search.days)]
    rows = MONTH.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        the_zone=ctx.who.zone,
        start=LocalDay(days[0], ctx.zone).start,
        end=LocalDay(days[-1], ctx.zone).end,
        providers=_ids(search.providers),
        chairs=_ids(search.chairs),
        each=search.each,
    )
    visits: dict[date, list[AppointmentRow]] = {}
    counts: dict[date, int] = {}
    for row in rows:
        *own, day, count = row
        visits.setdefault(day, []).append(AppointmentRow._make(own))
        counts[day] = count
    return MonthSheet(
        zone=ctx.who.zone,
        now=ctx.now,
        days=tuple(MonthDay(day, counts.get(day, 0), tuple(visits.get(day, ()))) for day in days),
    )


def _ids(found: Iterable[UUID] | None) -> list[UUID] | None:
    return None if found is None else list(found)
