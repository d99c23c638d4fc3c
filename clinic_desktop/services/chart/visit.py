"""What the chart screen opens with, and what can be completed at today's visit."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.chart.asking import asked_of, chart_before, done_mark
from clinic_desktop.services.chart.schemas import (
    CompletionSheet,
    MaterialNeed,
    OpenChart,
    VisitNow,
    WorkLine,
)
from clinic_desktop.services.chart.service import history_of, today
from clinic_desktop.services.context import Context

_CHARTED = text(
    """
    SELECT c.id, c.status, c.code, c.tooth, c.surfaces, t.name, v.short_name AS provider,
           coalesce(c.fee, t.price) AS fee, c.appointment_id, c.treatment_id, t.paint,
           -- Of several visits that it is booked for, the last one completes it.
           CAST(:appointment AS uuid) = (
               SELECT a.id FROM appointment_treatment b
               JOIN appointment a ON a.clinic_id = b.clinic_id AND a.id = b.appointment_id
               WHERE b.clinic_id = c.clinic_id AND b.chart_item_id = c.id
                 AND b.deleted_at IS NULL AND a.deleted_at IS NULL
                 AND a.status IN ('pending', 'confirmed', 'arrived', 'in_chair')
               ORDER BY a.starts_at DESC LIMIT 1) AS booked_now
    FROM chart_item c
    JOIN treatment t ON t.clinic_id = c.clinic_id AND t.id = c.treatment_id
    LEFT JOIN provider v ON v.clinic_id = c.clinic_id AND v.id = c.provider_id
    WHERE c.clinic_id = :clinic AND c.patient_id = :patient AND c.kind = 'procedure'
      AND c.status IN ('planned', 'in_progress', 'done') AND c.done_at IS NULL
      AND c.until IS NULL AND c.deleted_at IS NULL
    ORDER BY c.since, c.created_at, c.id
    """
)
_BOOKED = text(
    """
    SELECT b.id, t.code, t.name, v.short_name AS provider, t.price AS fee, b.treatment_id,
           t.area IN ('tooth', 'surface', 'root') AS needs_tooth
    FROM appointment_treatment b
    JOIN appointment a ON a.clinic_id = b.clinic_id AND a.id = b.appointment_id
    JOIN treatment t ON t.clinic_id = b.clinic_id AND t.id = b.treatment_id
    JOIN provider v ON v.clinic_id = a.clinic_id AND v.id = a.provider_id
    WHERE b.clinic_id = :clinic AND b.appointment_id = :appointment AND b.chart_item_id IS NULL
      AND b.deleted_at IS NULL
    ORDER BY b.position, b.id
    """
)
_MATERIALS = text(
    """
    SELECT m.treatment_id, p.id AS product_id, p.name, p.unit, m.quantity, s.quantity AS "left"
    FROM treatment_material m
    JOIN product p ON p.clinic_id = m.clinic_id AND p.id = m.product_id
    LEFT JOIN stock_balance s ON s.clinic_id = p.clinic_id AND s.product_id = p.id
    WHERE m.clinic_id = :clinic AND m.treatment_id = ANY(CAST(:treatments AS uuid[]))
      AND m.deleted_at IS NULL
    ORDER BY p.name
    """
)
# The visit that is under way counts before one that is still expected.
_ORDER: Final = (
    VisitStatus.IN_CHAIR,
    VisitStatus.ARRIVED,
    VisitStatus.CONFIRMED,
    VisitStatus.PENDING,
)
_DAY: Final = timedelta(days=1)
_TODAY: Final = Prepared(
    text(
        """
    SELECT a.id, a.status, a.provider_id, v.short_name, a.local_start
    FROM appointment a
    JOIN provider v ON v.clinic_id = :clinic AND v.id = a.provider_id
    WHERE a.clinic_id = :clinic AND a.patient_id = :patient AND a.deleted_at IS NULL
      AND a.starts_at >= :begins AND a.starts_at < :ends
      AND a.local_start >= :day AND a.local_start < CAST(:day AS timestamp) + interval '1 day'
      AND a.status = ANY(CAST(:order AS text[]))
    ORDER BY array_position(CAST(:order AS text[]), a.status), a.local_start, a.id
    LIMIT 1
    """
    )
)


def open_chart(ctx: Context, patient_id: UUID) -> OpenChart:
    """Return a patient's chart with its past, and today's appointment if there is one."""
    return OpenChart(history=history_of(ctx, patient_id), visit=_visit(ctx, patient_id))


def _visit(ctx: Context, patient_id: UUID) -> VisitNow | None:
    """Return the open appointment of today that is furthest on."""
    if not ctx.who.may(Permission.SCHEDULE_READ):
        return None
    midnight = datetime.combine(today(ctx), time())
    row = _TODAY.first(
        ctx.connection,
        clinic=ctx.clinic_id,
        patient=patient_id,
        order=list(_ORDER),
        day=midnight,
        # Instants find it by the index, whatever zone it was booked in.
        begins=midnight.replace(tzinfo=UTC) - _DAY,
        ends=midnight.replace(tzinfo=UTC) + 2 * _DAY,
    )
    return None if row is None else VisitNow._make(row)


def completion_sheet(ctx: Context, patient_id: UUID) -> CompletionSheet:
    """Return what can be completed now: first today's work, then what else is planned.

    Booked work that is also charted or planned by its treatment is named once.
    """
    ctx.need(Permission.CLINICAL_READ)
    visit = _visit(ctx, patient_id)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    booked_for = {**keys, "appointment": visit.id if visit is not None else None}
    charted = ctx.connection.execute(_CHARTED, booked_for).all()
    booked = _booked_rows(ctx, visit)
    needs = _needs(ctx, {row.treatment_id for row in (*charted, *booked)})
    asked = _asked(ctx, patient_id, charted)
    lines = [
        _charted(row, visit, needs[row.treatment_id], asked.get(row.id, ())) for row in charted
    ]
    today_too = {row.treatment_id for row, line in zip(charted, lines, strict=True) if line.today}
    lines += [
        _booked(row, needs[row.treatment_id]) for row in booked if row.treatment_id not in today_too
    ]
    return CompletionSheet(
        patient_id=patient_id,
        visit=visit,
        lines=tuple(sorted(lines, key=lambda line: not line.today)),
    )


def _booked_rows(ctx: Context, visit: VisitNow | None) -> Sequence[Any]:
    if visit is None:
        return ()
    keys = {"clinic": ctx.clinic_id, "appointment": visit.id}
    return ctx.connection.execute(_BOOKED, keys).all()


def _needs(ctx: Context, treatments: set[UUID]) -> dict[UUID, tuple[MaterialNeed, ...]]:
    found: dict[UUID, tuple[MaterialNeed, ...]] = dict.fromkeys(treatments, ())
    keys = {"clinic": ctx.clinic_id, "treatments": list(treatments)}
    for row in ctx.connection.execute(_MATERIALS, keys) if treatments else ():
        found[row.treatment_id] += (MaterialNeed.model_validate(row),)
    return found


def _asked(ctx: Context, patient_id: UUID, charted: Sequence[Any]) -> dict[UUID, tuple[str, ...]]:
    """Return what does not fit its tooth, by entry."""
    marks = [
        done_mark(
            tooth=row.tooth,
            surfaces=row.surfaces,
            code=row.code,
            paint=row.paint,
            name=row.name,
            item_id=row.id,
        )
        for row in charted
        if row.tooth is not None
    ]
    if not marks:
        return {}
    return asked_of(chart_before(ctx, patient_id, marks), marks, ctx.who.notation)


def _charted(
    row: Any,
    visit: VisitNow | None,
    materials: tuple[MaterialNeed, ...],
    asked: tuple[str, ...],
) -> WorkLine:
    done = row.status == "done"
    planned_for_now = visit is not None and (row.appointment_id == visit.id or bool(row.booked_now))
    return WorkLine(
        id=row.id,
        source="charted" if done else "planned",
        status=row.status,
        code=row.code,
        tooth=row.tooth,
        surfaces=row.surfaces,
        name=row.name,
        provider=row.provider,
        fee=row.fee,
        today=done or planned_for_now,
        needs_tooth=False,
        questions=asked,
        materials=materials,
    )


def _booked(row: Any, materials: tuple[MaterialNeed, ...]) -> WorkLine:
    return WorkLine(
        id=row.id,
        source="booked",
        status="planned",
        code=row.code,
        tooth=None,
        surfaces="",
        name=row.name,
        provider=row.provider,
        fee=row.fee,
        today=True,
        needs_tooth=row.needs_tooth,
        materials=materials,
    )
