"""What the calendar writes: each act is one statement that does nothing unless all stands."""

from functools import partial
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
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.visit_status import OPEN, VisitStatus, before
from clinic_desktop.services.appointments.queries import (
    APPOINTMENT,
    CHAIR,
    CLINIC,
    INSTANT,
    LAST,
    PATIENT,
    PLAN,
    PROVIDER,
    ROW,
    gravest_alert,
    in_clinic,
    names_of,
    one_of,
    rows_from,
    work_of,
)

# A parameter named like a column would be taken for a value of that column.
_ID = bindparam("the_id", type_=Uuid)
_VERSION = bindparam("at_version", type_=Integer)
_PROVIDER_ID, _CHAIR_ID = bindparam("to_provider", type_=Uuid), bindparam("to_chair", type_=Uuid)
_START, _END = bindparam("to_start", type_=INSTANT), bindparam("to_end", type_=INSTANT)
_LOCAL = bindparam("to_local", type_=DateTime(timezone=False))
_ZONE = bindparam("to_zone", type_=Text)
_OUTSIDE = bindparam("outside", type_=Text)


# -- what must stand --------------------------------------------------------------------------


REASON = text("SELECT set_config('clinic.reason', :reason, true)")
"""Notes why something unusual was done, beside the change in the log."""


_PROVIDER_STANDS = and_(
    in_clinic(PROVIDER),
    PROVIDER.c.id == _PROVIDER_ID,
    PROVIDER.c.active,
)
_CHAIR_STANDS = or_(
    _CHAIR_ID.is_(None), exists().where(in_clinic(CHAIR), CHAIR.c.id == _CHAIR_ID, CHAIR.c.active)
)


# -- booking ----------------------------------------------------------------------------------


def _book() -> Select[Any]:
    """Return the statement that makes the appointment and its plan.

    It answers the names that go with the new row, each table read once: every mention of a table
    asks for the person's rights again. The driver reads a statement of more than 4,096 characters
    anew on each call.
    """
    asked = (
        select(
            PATIENT.c.id.label("patient"),
            PROVIDER.c.id.label("provider"),
            *names_of(gravest_alert(PATIENT.c.id)),
        )
        .join_from(PATIENT, PROVIDER, PROVIDER.c.clinic_id == PATIENT.c.clinic_id)
        .where(
            in_clinic(PATIENT),
            PATIENT.c.id == bindparam("the_patient", type_=Uuid),
            PATIENT.c.status == literal_column("'active'"),
            _PROVIDER_STANDS,
            _CHAIR_STANDS,
        )
        .cte("asked")
        .prefix_with("MATERIALIZED")
    )
    values = {
        "clinic_id": CLINIC,
        "id": _ID,
        "patient_id": asked.c.patient,
        "provider_id": asked.c.provider,
        "chair_id": _CHAIR_ID,
        "starts_at": _START,
        "ends_at": _END,
        "local_start": _LOCAL,
        "zone": _ZONE,
        "remark": bindparam("the_remark", type_=Text),
        "source": bindparam("the_source", type_=Text),
        "squeeze_reason": bindparam("squeeze", type_=Text),
        "outside_reason": _OUTSIDE,
        "assist": bindparam("the_assist", type_=Text),
        "rescheduled_from_id": bindparam("instead_of", type_=Uuid),
    }
    made = (
        insert(APPOINTMENT)
        .from_select(list(values), select(*values.values()))
        .on_conflict_do_nothing(index_elements=[APPOINTMENT.c.clinic_id, APPOINTMENT.c.id])
        .returning(APPOINTMENT.c.id, APPOINTMENT.c.outside_reason)
        .cte("made")
    )
    wanted = (
        func.unnest(
            bindparam("plan_ids", type_=ARRAY(Uuid)),
            bindparam("treatment_ids", type_=ARRAY(Uuid)),
            bindparam("item_ids", type_=ARRAY(Uuid)),
        )
        .table_valued("id", "treatment_id", "item_id", with_ordinality="place")
        .render_derived(name="wanted")
    )
    planned = (
        insert(PLAN)
        .from_select(
            ["clinic_id", "id", "appointment_id", "treatment_id", "chart_item_id", "position"],
            select(
                CLINIC,
                wanted.c.id,
                made.c.id,
                wanted.c.treatment_id,
                wanted.c.item_id,
                wanted.c.place,
            ).join_from(made, wanted, true()),
        )
        .returning(PLAN.c.treatment_id, PLAN.c.position)
        .cte("planned")
    )
    work = work_of(planned).subquery("work")
    return (
        select(
            asked.c.name,
            asked.c.alert,
            asked.c.phone,
            asked.c.short_name,
            work.c.service,
            func.coalesce(work.c.colour, asked.c.colour),
            made.c.outside_reason,
        )
        .join_from(made, asked, true())
        .join(work, true())
    )


BOOK = Prepared(_book)


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
            outside_reason=_OUTSIDE,
        )
        .returning(APPOINTMENT.c.clinic_id, *ROW, *LAST)
        .cte("moved")
    )
    return rows_from(moved)


MOVE = Prepared(_move)


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
    VisitStatus.RESCHEDULED: {**_NONE, "reason": bindparam("the_reason", type_=Text)},
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
        .returning(APPOINTMENT.c.clinic_id, *ROW, *LAST)
        .cte("changed")
    )
    return rows_from(changed)


SET_STATUS = {
    (to, back): Prepared(partial(_status, to, back=back))
    for to in _STAMPS
    for back in (False, True)
    if before(to, back=back)
}
