"""The hours as the database holds them, turned into what the domain reckons with."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ScalarSelect,
    Table,
    Uuid,
    bindparam,
    func,
    or_,
    select,
)

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.working_time import ClinicHours, OwnTime, SpecialSpan, WeeklySpan
from clinic_desktop.models import SpecialTime, WorkingTime
from clinic_desktop.services.context import Context

_HOURS = cast("Table", WorkingTime.__table__)
_SPECIAL = cast("Table", SpecialTime.__table__)
_CLINIC = bindparam("clinic", type_=Uuid)
_LOCAL = DateTime(timezone=False)
FROM_LOCAL = bindparam("from_local", type_=_LOCAL)
UNTIL_LOCAL = bindparam("until_local", type_=_LOCAL)


def weekly_json(*only: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return the weekly spans of the clinic as one array of arrays."""
    h = _HOURS.c
    one = func.jsonb_build_array(
        h.provider_id, h.chair_id, h.weekday, h.kind, h.starts, h.ends, h.label
    )
    return (
        select(func.jsonb_agg(one))
        .where(h.clinic_id == _CLINIC, h.deleted_at.is_(None), *only)
        .scalar_subquery()
    )


def special_json(*only: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return the dated spans between ``from_local`` and ``until_local`` as one array of arrays."""
    s = _SPECIAL.c
    one = func.jsonb_build_array(s.provider_id, s.chair_id, s.kind, s.starts, s.ends, s.label)
    return (
        select(func.jsonb_agg(one))
        .where(
            s.clinic_id == _CLINIC,
            s.deleted_at.is_(None),
            s.starts < UNTIL_LOCAL,
            s.ends > FROM_LOCAL,
            *only,
        )
        .scalar_subquery()
    )


def of_provider(table: Any, provider_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that hours are not another provider's."""
    return or_(table.provider_id.is_(None), table.provider_id == provider_id)


def only_of_provider(
    provider_id: ColumnElement[Any],
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return that condition for weekly and for dated spans."""
    return of_provider(_HOURS.c, provider_id), of_provider(_SPECIAL.c, provider_id)


_ALL = Prepared(select(weekly_json(), special_json()))


def local_bounds(days: Sequence[LocalDay]) -> dict[str, datetime]:
    """Return the parameters of ``special_json`` for days in order."""
    return {
        "from_local": datetime.combine(days[0].day, time()),
        "until_local": datetime.combine(days[-1].day, time.max),
    }


def hours_between(ctx: Context, days: Sequence[LocalDay]) -> ClinicHours:
    """Return the hours that hold on some days, given in order, with one statement."""
    weekly, special = _ALL.first(ctx.connection, clinic=ctx.clinic_id, **local_bounds(days))
    return hours_of(weekly, special)


def hours_of(weekly: Iterable[Any] | None, special: Iterable[Any] | None) -> ClinicHours:
    """Return what the two arrays say."""
    weeks: dict[tuple[str | None, str | None], list[WeeklySpan]] = {}
    for provider, chair, weekday, kind, starts, ends, label in weekly or ():
        span = WeeklySpan(
            weekday, kind, time.fromisoformat(starts), time.fromisoformat(ends), label
        )
        weeks.setdefault((provider, chair), []).append(span)
    dates: dict[tuple[str | None, str | None], list[SpecialSpan]] = {}
    for provider, chair, kind, starts, ends, label in special or ():
        dated = SpecialSpan(
            kind, datetime.fromisoformat(starts), datetime.fromisoformat(ends), label
        )
        dates.setdefault((provider, chair), []).append(dated)

    def own(key: tuple[str | None, str | None], whose: str) -> OwnTime:
        return OwnTime(tuple(weeks.get(key, ())), tuple(dates.get(key, ())), whose)

    keys = {*weeks, *dates}
    return ClinicHours(
        clinic=own((None, None), "clinic"),
        providers={UUID(key[0]): own(key, "provider") for key in keys if key[0]},
        chairs={UUID(key[1]): own(key, "chair") for key in keys if key[1]},
    )
