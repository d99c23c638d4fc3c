"""Whom to call when a time is free, in which order, and what their answer does."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import text

from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.waiting import Gap, Wish, judge
from clinic_desktop.errors import ConflictError, InvalidError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import WaitingOffer, WaitingRequest
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking, Move
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row
from clinic_desktop.services.waiting.schemas import (
    ANSWERS,
    Answer,
    Candidate,
    FreeTime,
    NewRequest,
    RequestRow,
    RequestValues,
)

# Nobody calls more people about one time; who waits longest is looked at first.
MOST: Final = 1000
_ROWS: Final = """
    SELECT r.id, r.version, r.patient_id, p.number, p.given, p.family, p.phone, p.prefers,
           r.treatment_id, coalesce(t.name, '') AS service, r.provider_id,
           coalesce(s.short_name, '') AS provider, r.appointment_id, a.starts_at AS visit_at,
           r.minutes, r.weekdays, r.not_before, r.not_after, r.first_day, r.last_day, r.notice,
           r.urgent, r.remark, r.created_at AS since, o.offers, o.answer AS last_answer,
           o.at AS last_at
    FROM waiting_request r
    JOIN patient p ON p.clinic_id = r.clinic_id AND p.id = r.patient_id
         AND p.status = 'active' AND p.deleted_at IS NULL
    LEFT JOIN treatment t ON t.clinic_id = r.clinic_id AND t.id = r.treatment_id
    LEFT JOIN provider s ON s.clinic_id = r.clinic_id AND s.id = r.provider_id
    LEFT JOIN appointment a ON a.clinic_id = r.clinic_id AND a.id = r.appointment_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS offers, max(f.at) AS at,
               (array_agg(f.answer ORDER BY f.at DESC, f.id DESC))[1] AS answer
        FROM waiting_offer f
        WHERE f.clinic_id = r.clinic_id AND f.request_id = r.id AND f.deleted_at IS NULL) o
    WHERE r.clinic_id = :clinic AND r.status = 'waiting' AND r.deleted_at IS NULL
      -- A visit that would be brought on has to be still to come.
      AND (r.appointment_id IS NULL
           OR a.status IN ('pending', 'confirmed') AND a.starts_at > :now)
"""
_LIST: Final = text(_ROWS + " ORDER BY r.urgent DESC, r.created_at, r.id LIMIT :most")
_ONE: Final = text(_ROWS + " AND r.id = :request")
# Who is overdue for a recall, and who was asked about this very time.
_FACTS: Final = text(
    """
    SELECT r.id,
           EXISTS (SELECT FROM recall c JOIN recall_type k ON k.clinic_id = c.clinic_id
                        AND k.id = c.recall_type_id AND k.active
                   WHERE c.clinic_id = r.clinic_id AND c.patient_id = r.patient_id
                     AND c.due_on < :today AND c.deleted_at IS NULL
                     AND (c.paused_until IS NULL OR c.paused_until <= :today)) AS overdue,
           EXISTS (SELECT FROM waiting_offer f
                   WHERE f.clinic_id = r.clinic_id AND f.request_id = r.id
                     AND f.at >= :day_start AND f.deleted_at IS NULL) AS tried_today,
           EXISTS (SELECT FROM waiting_offer f
                   WHERE f.clinic_id = r.clinic_id AND f.request_id = r.id
                     AND f.starts_at = :starts_at AND f.answer = 'declined'
                     AND f.deleted_at IS NULL) AS declined_this
    FROM waiting_request r
    WHERE r.clinic_id = :clinic AND r.id = ANY (CAST(:ids AS uuid[]))
    """
)
_STATE: Final = text(
    "SELECT r.version, r.status, r.booked_id FROM waiting_request r "
    "WHERE r.clinic_id = :clinic AND r.id = :request AND r.deleted_at IS NULL"
)
_MINUTES: Final = text(
    """
    SELECT coalesce(
        (SELECT (extract(epoch FROM a.ends_at - a.starts_at) / 60)::int FROM appointment a
         WHERE a.clinic_id = :clinic AND a.id = CAST(:visit AS uuid)
           AND a.patient_id = :patient AND a.deleted_at IS NULL),
        (SELECT t.minutes FROM treatment t
         WHERE t.clinic_id = :clinic AND t.id = CAST(:treatment AS uuid)
           AND t.deleted_at IS NULL)) AS minutes
    """
)


# -- who waits --------------------------------------------------------------------------------


def waiting_list(ctx: Context) -> tuple[RequestRow, ...]:
    """Return who waits: urgent ones first, then who waits longest; at most MOST."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(_LIST, {"clinic": ctx.clinic_id, "now": ctx.now, "most": MOST})
    return tuple(_row(row) for row in rows)


def _row(row: Any) -> RequestRow:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return RequestRow(**{**values, "weekdays": tuple(values["weekdays"])})


def add_request(ctx: Context, new: NewRequest) -> bool:
    """Put somebody on the list; False when the same ``id`` is there already.

    Raises InvalidError with the field, NotFoundError for a service that is no longer there.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    minutes = new.minutes or _usual_minutes(ctx, new)
    return add_row(
        ctx,
        WaitingRequest,
        id=new.id,
        patient_id=new.patient_id,
        appointment_id=new.appointment_id,
        **_columns(new, minutes),
    )


def change_request(ctx: Context, request_id: UUID, version: int, values: RequestValues) -> int:
    """Change what somebody waits for; return the new version."""
    ctx.need(Permission.SCHEDULE_WRITE)
    if values.minutes is None:
        raise InvalidError(_("Write how many minutes are needed."), field="minutes")
    return change_row(
        ctx,
        WaitingRequest,
        id=request_id,
        version=version,
        **_columns(values, values.minutes),
    )


def _usual_minutes(ctx: Context, new: NewRequest) -> int:
    found = ctx.connection.execute(
        _MINUTES,
        {
            "clinic": ctx.clinic_id,
            "visit": new.appointment_id,
            "patient": new.patient_id,
            "treatment": new.treatment_id,
        },
    ).scalar_one()
    if found is None:
        raise InvalidError(_("Choose a service or write the minutes."), field="minutes")
    return int(found)


def _columns(values: RequestValues, minutes: int) -> dict[str, Any]:
    earliest, latest = values.not_before, values.not_after
    if earliest is not None and latest is not None and earliest >= latest:
        raise InvalidError(_("The earliest time lies after the latest."), field="not_after")
    if (
        values.first_day is not None
        and values.last_day is not None
        and values.first_day > values.last_day
    ):
        raise InvalidError(_("The last day lies before the first."), field="last_day")
    return {
        **values.model_dump(include=set(RequestValues.model_fields)),
        "weekdays": sorted(set(values.weekdays)),
        "minutes": minutes,
    }


def withdraw(ctx: Context, request_id: UUID, version: int) -> int:
    """Take somebody off the list; return the new version."""
    ctx.need(Permission.SCHEDULE_WRITE)
    return change_row(ctx, WaitingRequest, id=request_id, version=version, status="withdrawn")


def wait_again(ctx: Context, request_id: UUID, version: int) -> int:
    """Put somebody back on the list; return the new version."""
    ctx.need(Permission.SCHEDULE_WRITE)
    return change_row(
        ctx, WaitingRequest, id=request_id, version=version, status="waiting", booked_id=None
    )


# -- a time is free ---------------------------------------------------------------------------


def candidates(ctx: Context, free: FreeTime) -> tuple[Candidate, ...]:
    """Return whom to call about a free time: the best first, then who cannot come, with the bar."""
    rows = waiting_list(ctx)
    facts = _facts(ctx, free, [row.id for row in rows])
    gap = Gap(free.local_start, free.minutes, local_of(ctx.now, ctx.zone))
    judged = [
        Candidate(request=row, judgement=judge(_wish(ctx, row, free, facts[row.id]), gap))
        for row in rows
        if row.id in facts
    ]
    return tuple(
        sorted(judged, key=lambda one: (not one.fits, -one.judgement.points, one.request.since))
    )


def _facts(ctx: Context, free: FreeTime, ids: list[UUID]) -> dict[UUID, Any]:
    today = local_of(ctx.now, ctx.zone).date()
    rows = ctx.connection.execute(
        _FACTS,
        {
            "clinic": ctx.clinic_id,
            "ids": ids,
            "today": today,
            "day_start": LocalDay(today, ctx.zone).start,
            "starts_at": _instant(ctx, free),
        },
    )
    return {row.id: row for row in rows}


def _instant(ctx: Context, free: FreeTime) -> datetime:
    fold = 1 if free.second_hour else 0
    return free.local_start.replace(tzinfo=ctx.zone, fold=fold)


def _wish(ctx: Context, row: RequestRow, free: FreeTime, facts: Any) -> Wish:
    return Wish(
        minutes=row.minutes,
        weekdays=row.weekdays,
        not_before=row.not_before,
        not_after=row.not_after,
        first_day=row.first_day,
        last_day=row.last_day,
        notice=row.notice,
        urgent=row.urgent,
        wants_provider=None if row.provider_id is None else row.provider_id == free.provider_id,
        waits_since=local_of(row.since, ctx.zone).date(),
        overdue=facts.overdue,
        has_visit_at=None if row.visit_at is None else local_of(row.visit_at, ctx.zone),
        tried_today=facts.tried_today,
        declined_this=facts.declined_this,
    )


def answer(ctx: Context, given: Answer) -> AppointmentRow | None:
    """Record what somebody answered; who accepts first is booked, in the same transaction.

    Returns the appointment of who accepted, made or brought on. Raises SlotTakenError when
    somebody else has the time by now, ConflictError when they do not wait any more.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    if given.answer not in ANSWERS:
        raise ValueError(given.answer)
    found = ctx.connection.execute(
        _ONE, {"clinic": ctx.clinic_id, "now": ctx.now, "request": given.request_id}
    ).one_or_none()
    if found is None:
        return _answered_before(ctx, given)
    request = _row(found)
    if request.version != given.version:
        raise StaleError(_("Somebody changed this request first. Look at it again."))
    free = given.free
    new = add_row(
        ctx,
        WaitingOffer,
        id=given.id,
        patient_id=request.patient_id,
        request_id=request.id,
        person_id=ctx.who.person_id,
        at=ctx.now,
        starts_at=_instant(ctx, free),
        minutes=request.minutes,
        provider_id=free.provider_id,
        answer=given.answer,
        remark=given.remark,
    )
    if given.answer != "accepted" or not new:
        return None
    booked = _book(ctx, given, request)
    change_row(
        ctx,
        WaitingRequest,
        id=request.id,
        version=request.version,
        status="booked",
        booked_id=booked.id,
    )
    return booked


def booked(ctx: Context, request_id: UUID, appointment_id: UUID) -> None:
    """Take somebody off the list who was booked elsewhere than by an offer.

    Raises ConflictError when they do not wait any more. The same appointment again is the same act.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    found = ctx.connection.execute(
        _STATE, {"clinic": ctx.clinic_id, "request": request_id}
    ).one_or_none()
    if found is not None and found.booked_id == appointment_id:
        return
    if found is None or found.status != "waiting":
        raise ConflictError(_("This patient does not wait any more."))
    change_row(
        ctx,
        WaitingRequest,
        id=request_id,
        version=found.version,
        status="booked",
        booked_id=appointment_id,
    )


def _book(ctx: Context, given: Answer, request: RequestRow) -> AppointmentRow:
    free = given.free
    if request.appointment_id is not None:
        visit = appointments.appointment(ctx, request.appointment_id)
        return appointments.move(
            ctx,
            Move(
                id=visit.id,
                version=visit.version,
                provider_id=free.provider_id,
                chair_id=free.chair_id,
                local_start=free.local_start,
                second_hour=free.second_hour,
                minutes=request.minutes,
            ),
        )
    return appointments.book(
        ctx,
        Booking(
            # The same answer sent twice is the same appointment.
            id=uuid5(given.id, "visit"),
            patient_id=request.patient_id,
            provider_id=free.provider_id,
            chair_id=free.chair_id,
            treatment_ids=(request.treatment_id,) if request.treatment_id is not None else (),
            local_start=free.local_start,
            second_hour=free.second_hour,
            minutes=request.minutes,
            source="waiting_list",
            remark=request.remark,
        ),
    )


def _answered_before(ctx: Context, given: Answer) -> AppointmentRow | None:
    """Return the appointment of the same answer sent before, or say that nobody waits any more."""
    booked = ctx.connection.execute(
        text(
            "SELECT r.booked_id FROM waiting_request r JOIN waiting_offer f"
            " ON f.clinic_id = r.clinic_id AND f.request_id = r.id AND f.id = :offer"
            " WHERE r.clinic_id = :clinic AND r.id = :request"
        ),
        {"clinic": ctx.clinic_id, "request": given.request_id, "offer": given.id},
    ).scalar_one_or_none()
    if booked is not None:
        return appointments.appointment(ctx, booked)
    raise ConflictError(_("This patient does not wait any more."))
