"""What the calendar writes: each act is one statement that does nothing unless all stands."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    extract,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert

from clinic_desktop.domain.visit_status import OPEN, VisitStatus, before
from clinic_desktop.services.appointments.queries import (
    APPOINTMENT,
    CHAIR,
    CLINIC,
    HOURS,
    INSTANT,
    PATIENT,
    PLAN,
    PROVIDER,
    hours_of,
    in_clinic,
    one_of,
    rows_from,
    work_of,
)

# A parameter named like a column would be taken for a value of that column.
_ID = bindparam("the_id", type_=Uuid)
_VERSION = bindparam("at_version", type_=Integer)
_ANYWAY = bindparam("anyway", type_=Boolean)
_PROVIDER_ID, _CHAIR_ID = bindparam("to_provider", type_=Uuid), bindparam("to_chair", type_=Uuid)
_START, _END = bindparam("to_start", type_=INSTANT), bindparam("to_end", type_=INSTANT)
_LOCAL = bindparam("to_local", type_=DateTime(timezone=False))
_ZONE = bindparam("to_zone", type_=Text)
_WEEKDAY = bindparam("weekday", type_=Integer)
_MINUTES = func.int4range(
    bindparam("from_minute", type_=Integer), bindparam("until_minute", type_=Integer)
)


# -- what must stand --------------------------------------------------------------------------


REASON = text("SELECT set_config('clinic.reason', :reason, true)")
"""Notes why something unusual was done, beside the change in the log."""


def _minute(clock: ColumnElement[Any]) -> ColumnElement[int]:
    return as_type(extract("epoch", clock) / literal_column("60"), Integer)


def _works_then() -> ColumnElement[bool]:
    """Return whether the provider works through the asked minutes, without a break in them."""
    today = hours_of(PROVIDER.c.id).where(HOURS.c.weekday == _WEEKDAY).correlate(PROVIDER)
    opened = today.where(HOURS.c.kind == "open").subquery("opened")
    paused = today.where(HOURS.c.kind == "break").subquery("paused")
    open_minutes = func.range_agg(func.int4range(_minute(opened.c.starts), _minute(opened.c.ends)))
    works = select(
        func.coalesce(open_minutes.op("@>", return_type=Boolean)(_MINUTES), false())
    ).scalar_subquery()
    pause = func.int4range(_minute(paused.c.starts), _minute(paused.c.ends))
    broken = exists().where(pause.op("&&", return_type=Boolean)(_MINUTES))
    return and_(works, ~broken)


_PROVIDER_STANDS = and_(
    in_clinic(PROVIDER),
    PROVIDER.c.id == _PROVIDER_ID,
    PROVIDER.c.active,
    or_(_ANYWAY, _works_then()),
)
_CHAIR_STANDS = or_(
    _CHAIR_ID.is_(None), exists().where(in_clinic(CHAIR), CHAIR.c.id == _CHAIR_ID, CHAIR.c.active)
)


# -- booking ----------------------------------------------------------------------------------


def _book() -> Select[Any]:
    """Return the statement that makes the appointment and its plan, and answers the new row."""
    values = {
        "clinic_id": CLINIC,
        "id": _ID,
        "patient_id": PATIENT.c.id,
        "provider_id": PROVIDER.c.id,
        "chair_id": _CHAIR_ID,
        "starts_at": _START,
        "ends_at": _END,
        "local_start": _LOCAL,
        "zone": _ZONE,
        "remark": bindparam("the_remark", type_=Text),
        "source": bindparam("the_source", type_=Text),
        "squeeze_reason": bindparam("squeeze", type_=Text),
    }
    same_clinic = PROVIDER.c.clinic_id == PATIENT.c.clinic_id
    allowed = (
        select(*values.values())
        .join_from(PATIENT, PROVIDER, same_clinic)
        .where(
            in_clinic(PATIENT),
            PATIENT.c.id == bindparam("the_patient", type_=Uuid),
            PATIENT.c.status == "active",
            _PROVIDER_STANDS,
            _CHAIR_STANDS,
        )
    )
    made = (
        insert(APPOINTMENT)
        .from_select(list(values), allowed)
        .on_conflict_do_nothing(index_elements=[APPOINTMENT.c.clinic_id, APPOINTMENT.c.id])
        .returning(*APPOINTMENT.c)
        .cte("made")
    )
    wanted = (
        func.unnest(
            bindparam("plan_ids", type_=ARRAY(Uuid)), bindparam("treatment_ids", type_=ARRAY(Uuid))
        )
        .table_valued("id", "treatment_id", with_ordinality="place")
        .render_derived(name="wanted")
    )
    planned = (
        insert(PLAN)
        .from_select(
            ["clinic_id", "id", "appointment_id", "treatment_id", "position"],
            select(CLINIC, wanted.c.id, made.c.id, wanted.c.treatment_id, wanted.c.place).join_from(
                made, wanted, true()
            ),
        )
        .returning(PLAN.c.treatment_id, PLAN.c.position)
        .cte("planned")
    )
    return rows_from(made, work_of(planned).subquery("work"))


BOOK = _book()


# -- moving -----------------------------------------------------------------------------------

_AS_READ = and_(in_clinic(APPOINTMENT), APPOINTMENT.c.id == _ID, APPOINTMENT.c.version == _VERSION)


def _move() -> Select[Any]:
    moved = (
        update(APPOINTMENT)
        .where(
            _AS_READ,
            one_of(APPOINTMENT.c.status, OPEN),
            exists().where(_PROVIDER_STANDS),
            _CHAIR_STANDS,
        )
        .values(
            version=_VERSION + 1,
            provider_id=_PROVIDER_ID,
            chair_id=_CHAIR_ID,
            starts_at=_START,
            ends_at=_END,
            local_start=_LOCAL,
            zone=_ZONE,
        )
        .returning(*APPOINTMENT.c)
        .cte("moved")
    )
    return rows_from(moved)


MOVE = _move()


# -- the life of a visit ----------------------------------------------------------------------

_NOW = bindparam("now", type_=INSTANT)
_CHANGE_CHAIR = bindparam("change_chair", type_=Boolean)
_NONE = {"arrived_at": null(), "seated_at": null(), "done_at": null()}


def _kept(stamp: str) -> ColumnElement[Any]:
    return func.coalesce(APPOINTMENT.c[stamp], _NOW)


# A step forward stamps its own time; a step back takes away the stamps of what did not happen.
_STAMPS: dict[VisitStatus, dict[str, Any]] = {
    VisitStatus.PENDING: {**_NONE, "reason": ""},
    VisitStatus.CONFIRMED: {**_NONE, "reason": ""},
    VisitStatus.ARRIVED: {**_NONE, "arrived_at": _kept("arrived_at"), "reason": ""},
    VisitStatus.IN_CHAIR: {
        "arrived_at": _kept("arrived_at"),
        "seated_at": _kept("seated_at"),
        "done_at": null(),
        "reason": "",
    },
    VisitStatus.DONE: {"done_at": _NOW},
    VisitStatus.MISSED: {**_NONE, "reason": ""},
    VisitStatus.CANCELLED: {"reason": bindparam("the_reason", type_=Text)},
}


def _still_seated() -> ColumnElement[bool]:
    """Return whether somebody else sits in the chair that this visit would take."""
    other = APPOINTMENT.alias("other")
    wanted = case((_CHANGE_CHAIR, _CHAIR_ID), else_=APPOINTMENT.c.chair_id)
    return exists().where(
        in_clinic(other),
        other.c.id != APPOINTMENT.c.id,
        other.c.status == VisitStatus.IN_CHAIR.value,
        other.c.starts_at > bindparam("day_start", type_=INSTANT),
        other.c.starts_at < bindparam("day_end", type_=INSTANT),
        other.c.chair_id == wanted,
    )


def _when_possible(to: VisitStatus) -> ColumnElement[bool]:
    starts = APPOINTMENT.c.starts_at
    if to == VisitStatus.MISSED:
        return starts <= _NOW
    if to == VisitStatus.IN_CHAIR:
        return and_(starts < bindparam("day_end", type_=INSTANT), ~_still_seated())
    if to in (VisitStatus.ARRIVED, VisitStatus.DONE):
        return starts < bindparam("day_end", type_=INSTANT)
    return true()


def _status(to: VisitStatus, *, back: bool) -> Select[Any]:
    changed = (
        update(APPOINTMENT)
        .where(
            _AS_READ,
            one_of(APPOINTMENT.c.status, before(to, back=back)),
            _when_possible(to),
        )
        .values(
            version=_VERSION + 1,
            status=to.value,
            status_at=_NOW,
            chair_id=case((_CHANGE_CHAIR, _CHAIR_ID), else_=APPOINTMENT.c.chair_id),
            **_STAMPS[to],
        )
        .returning(*APPOINTMENT.c)
        .cte("changed")
    )
    return rows_from(changed)


SET_STATUS = {
    (to, back): _status(to, back=back)
    for to in _STAMPS
    for back in (False, True)
    if before(to, back=back)
}
