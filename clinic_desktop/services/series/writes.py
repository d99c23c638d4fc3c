"""What a series writes: its rows, its appointments put into other states, all of it or nothing."""

import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.models import SeriesTreatment
from clinic_desktop.services.appointments import sheets
from clinic_desktop.services.appointments.refusals import changed
from clinic_desktop.services.appointments.writes import REASON
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_rows
from clinic_desktop.services.series import reading
from clinic_desktop.services.series.schemas import Restore, SeriesState, VisitState

# Everybody takes these locks in one order, before the first row: two series of the same people
# wait for one another instead of holding what the other needs.
_LOCK: Final = text(
    """
    SELECT pg_advisory_xact_lock(k.key) FROM (
        SELECT DISTINCT uuid_hash_extended(r.id, 0) AS key
        FROM unnest(CAST(:ids AS uuid[])) AS r (id) ORDER BY key) k
    """
)
# Rows before locks, as whoever moves a single appointment has them.
_SERIES_NOW: Final = text(
    """
    SELECT s.id, s.version, s.provider_id, s.chair_id, s.rule, s.local_start, s.minutes,
           s.deleted_at IS NOT NULL AS removed
    FROM appointment_series s WHERE s.clinic_id = :clinic AND s.id = ANY (CAST(:ids AS uuid[]))
    ORDER BY s.id FOR UPDATE
    """
)
_VISITS_NOW: Final = text(
    """
    SELECT a.id, a.version, a.provider_id, a.chair_id, a.starts_at, a.ends_at, a.local_start,
           a.outside_reason, a.status, a.reason, a.series_id, a.series_date
    FROM appointment a WHERE a.clinic_id = :clinic AND a.id = ANY (CAST(:ids AS uuid[]))
      AND a.deleted_at IS NULL ORDER BY a.id FOR UPDATE
    """
)
LOCK_MEMBERS: Final = text(
    """
    SELECT a.id FROM appointment a
    WHERE a.clinic_id = :clinic AND a.series_id = :series AND a.deleted_at IS NULL
    ORDER BY a.id FOR UPDATE
    """
)
LOCK_SERIES: Final = text(
    "SELECT s.version FROM appointment_series s WHERE s.clinic_id = :clinic AND s.id = :series "
    "AND s.deleted_at IS NULL FOR UPDATE"
)
# One appointment may take the place that another of the series leaves: looked at when all stand.
_LATER: Final = text("SET CONSTRAINTS clinic.appointment_resource_no_overlap DEFERRED")
_NOW: Final = text("SET CONSTRAINTS clinic.appointment_resource_no_overlap IMMEDIATE")
# Where nothing moves, why it stands there stays as it was written.
_PUT: Final = text(
    """
    UPDATE appointment a SET version = a.version + 1, provider_id = w.provider_id,
           chair_id = w.chair_id, starts_at = w.starts_at, ends_at = w.ends_at,
           local_start = w.local_start, status = w.status, reason = w.reason,
           series_id = w.series_id, series_date = w.series_date,
           outside_reason = CASE
               WHEN (a.provider_id, a.starts_at, a.ends_at)
                    = (w.provider_id, w.starts_at, w.ends_at)
                    AND a.chair_id IS NOT DISTINCT FROM w.chair_id THEN a.outside_reason
               ELSE w.outside_reason END,
           status_at = CASE WHEN a.status = w.status THEN a.status_at ELSE :now END
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS w (
        id uuid, version int, provider_id uuid, chair_id uuid, starts_at timestamptz,
        ends_at timestamptz, local_start timestamp, outside_reason text, status text,
        reason text, series_id uuid, series_date date)
    WHERE a.clinic_id = :clinic AND a.id = w.id AND a.version = w.version
      AND a.deleted_at IS NULL
      -- Of what is over or under way nothing changes but the series that it belongs to.
      AND (a.status IN ('pending', 'confirmed', 'cancelled')
           AND w.status IN ('pending', 'confirmed', 'cancelled')
           OR a.status = w.status AND (a.provider_id, a.starts_at, a.ends_at)
              = (w.provider_id, w.starts_at, w.ends_at))
    RETURNING a.id
    """
)
_PUT_SERIES: Final = text(
    """
    UPDATE appointment_series s SET version = s.version + 1, provider_id = w.provider_id,
           chair_id = w.chair_id, rule = w.rule, local_start = w.local_start,
           minutes = w.minutes, deleted_at = CASE WHEN w.removed THEN now() END
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS w (
        id uuid, version int, provider_id uuid, chair_id uuid, rule text, local_start timestamp,
        minutes int, removed boolean)
    WHERE s.clinic_id = :clinic AND s.id = w.id AND s.version = w.version
    """
)
_TREATMENTS: Final = text(
    "SELECT t.treatment_id FROM series_treatment t WHERE t.clinic_id = :clinic "
    "AND t.series_id = :series AND t.deleted_at IS NULL ORDER BY t.position, t.id"
)


def hold(ctx: Context, resources: Iterable[UUID | None]) -> None:
    """Wait for everybody who books with these providers and chairs."""
    ids = sorted({one for one in resources if one is not None})
    ctx.connection.execute(_LOCK, {"ids": ids})


def visits_now(ctx: Context, ids: Sequence[UUID]) -> dict[UUID, VisitState]:
    """Return appointments as they stand, held until the transaction ends."""
    found = ctx.connection.execute(_VISITS_NOW, {"clinic": ctx.clinic_id, "ids": list(ids)})
    return {row.id: VisitState(**row._mapping) for row in found}  # noqa: SLF001 - SQLAlchemy's public name


def series_now(ctx: Context, ids: Sequence[UUID]) -> dict[UUID, SeriesState]:
    """Return series as they stand, held until the transaction ends."""
    found = ctx.connection.execute(_SERIES_NOW, {"clinic": ctx.clinic_id, "ids": list(ids)})
    return {row.id: SeriesState(**row._mapping) for row in found}  # noqa: SLF001 - SQLAlchemy's public name


def put(ctx: Context, wanted: Restore) -> Restore:
    """Put series and appointments into these states, all or none; return what takes it back.

    Raises SeriesChangedError or VisitChangedError where somebody was first, IntegrityError where
    the database refuses a place.
    """
    series = series_now(ctx, [one.id for one in wanted.series])
    for one in wanted.series:
        if one.id not in series or series[one.id].version != one.version:
            raise reading.changed(ctx, one.id)
    visits = visits_now(ctx, [one.id for one in wanted.visits])
    for visit in wanted.visits:
        there = visits.get(visit.id)
        if there is None or there.version != visit.version:
            raise changed(ctx, sheets.one(ctx, visit.id))
    hold(ctx, _resources((*wanted.visits, *visits.values())))
    _write(ctx, wanted)
    return Restore(
        visits=tuple(_after(visits[one.id]) for one in wanted.visits),
        series=tuple(_after_series(series[one.id]) for one in wanted.series),
    )


def _write(ctx: Context, wanted: Restore) -> None:
    connection = ctx.connection
    if wanted.series:
        rows = [one.model_dump(mode="json") for one in wanted.series]
        connection.execute(_PUT_SERIES, {"clinic": ctx.clinic_id, "rows": json.dumps(rows)})
    if not wanted.visits:
        return
    may = ctx.who.may(Permission.SCHEDULE_OVERRIDE)
    states = [_permitted(one, may=may) for one in wanted.visits]
    reason = next((one.outside_reason for one in states if one.outside_reason), "")
    if reason:
        connection.execute(REASON, {"reason": reason})
    connection.execute(_LATER)
    rows = [one.model_dump(mode="json") for one in states]
    written = connection.execute(
        _PUT, {"clinic": ctx.clinic_id, "rows": json.dumps(rows), "now": ctx.now}
    )
    done = {row.id for row in written}
    connection.execute(_NOW)
    for one in wanted.visits:
        if one.id not in done:
            # It has begun, or is over, meanwhile.
            raise changed(ctx, sheets.one(ctx, one.id))


def _permitted(state: VisitState, *, may: bool) -> VisitState:
    """Return the state without a reason that its author may not give.

    Back to where it stood before its last move it may go all the same.
    """
    return (
        state
        if may or not state.outside_reason
        else state.model_copy(update={"outside_reason": ""})
    )


def _resources(states: Iterable[VisitState]) -> Iterable[UUID | None]:
    for one in states:
        yield one.provider_id
        yield one.chair_id


def _after(before: VisitState) -> VisitState:
    return before.model_copy(update={"version": before.version + 1})


def _after_series(before: SeriesState) -> SeriesState:
    return before.model_copy(update={"version": before.version + 1})


def copy_treatments(ctx: Context, from_id: UUID, to_id: UUID) -> None:
    """Let a series be for what another one is for."""
    found = ctx.connection.execute(_TREATMENTS, {"clinic": ctx.clinic_id, "series": from_id}).all()
    rows = [
        {"id": new_id(), "series_id": to_id, "treatment_id": row.treatment_id, "position": place}
        for place, row in enumerate(found, 1)
    ]
    add_rows(ctx, SeriesTreatment, rows)
