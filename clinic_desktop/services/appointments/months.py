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
    true,
)

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments.queries import (
    APPOINTMENT,
    INSTANT,
    LAST,
    ROW,
    in_clinic,
    rows_from,
)
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import MonthDay, MonthSearch, MonthSheet
from clinic_desktop.services.context import Context

# What the sheet of a day does not draw either.
_ELSEWHERE: Final = (VisitStatus.CANCELLED.value, VisitStatus.RESCHEDULED.value)


def _only(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    wanted: ColumnElement[Any] = bindparam(name, type_=ARRAY(Uuid))
    return or_(wanted.is_(None), column == func.any(wanted))


def _month() -> Select[Any]:
    """Return the statement: for each day its count from the index, and only its first rows.

    Numbering the rows of all days instead would sort each of them whole.
    """
    # A short name: the driver reads a long statement anew on each call.
    table = APPOINTMENT.alias("v")
    visit = table.c
    days = (
        func.unnest(
            bindparam("days", type_=ARRAY(Date)),
            bindparam("starts", type_=ARRAY(INSTANT)),
            bindparam("ends", type_=ARRAY(INSTANT)),
        )
        .table_valued("day", "starts", "ends")
        .render_derived(name="days")
    )

    def of_day(*columns: Any) -> Select[Any]:
        return select(*columns).where(
            in_clinic(table),
            visit.starts_at >= days.c.starts,
            visit.starts_at < days.c.ends,
            visit.status != func.all(literal(list(_ELSEWHERE), ARRAY(Text))),
            _only(visit.provider_id, "providers"),
            _only(visit.chair_id, "chairs"),
        )

    first = (
        of_day(visit.clinic_id, *(visit[column.name] for column in (*ROW, *LAST)))
        .order_by(visit.starts_at, visit.id)
        .limit(bindparam("each", type_=Integer))
        .correlate(days)
        .lateral("f")
    )
    count = of_day(func.count()).correlate(days).scalar_subquery()
    counted = (
        select(days.c.day, count.label("of_day"), *first.c)
        .select_from(days.join(first, true()))
        .cte("m")
        .prefix_with("MATERIALIZED")
    )
    return (
        rows_from(counted)
        .add_columns(counted.c.day, counted.c.of_day)
        .order_by(counted.c.starts_at, counted.c.id)
    )


MONTH: Final = Prepared(_month)


def month(ctx: Context, search: MonthSearch) -> MonthSheet:
    """Return the days with their counts and first appointments; days without any are there too."""
    ctx.need(Permission.SCHEDULE_READ)
    days = [search.first + timedelta(days=one) for one in range(search.days)]
    local = [LocalDay(day, ctx.zone) for day in days]
    rows = MONTH.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        days=days,
        starts=[day.start for day in local],
        ends=[day.end for day in local],
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
