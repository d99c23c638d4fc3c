"""What the calendar reads: appointments with their names, providers with their hours, chairs."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from clinic_desktop.domain.visit_status import OPEN
from clinic_desktop.models import (
    Appointment,
    AppointmentTreatment,
    Chair,
    ChangeLog,
    ClinicModel,
    Patient,
    PatientAlert,
    Person,
    Provider,
    Treatment,
    WorkingTime,
)

INSTANT = DateTime(timezone=True)


def table_of(model: type[ClinicModel]) -> Table:
    """Return the table of a model."""
    return cast("Table", model.__table__)


APPOINTMENT, PLAN, TREATMENT = map(table_of, (Appointment, AppointmentTreatment, Treatment))
PATIENT, ALERT = map(table_of, (Patient, PatientAlert))
PROVIDER, CHAIR, HOURS = map(table_of, (Provider, Chair, WorkingTime))

CLINIC = bindparam("clinic", type_=Uuid)


def in_clinic(table: FromClause) -> ColumnElement[bool]:
    """Return the condition that a row is of the clinic and not deleted."""
    return and_(table.c.clinic_id == CLINIC, table.c.deleted_at.is_(None))


def one_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a text is one of these words, as one parameter."""
    return column == func.any(literal(sorted(str(word) for word in words), ARRAY(Text)))


# -- appointments -----------------------------------------------------------------------------


def work_of(plan: FromClause) -> Select[Any]:
    """Return the names of planned treatments in one text, and the colour of the first."""
    place = plan.c.position
    first_colour = func.array_agg(aggregate_order_by(TREATMENT.c.colour, place), type_=ARRAY(Text))
    return select(
        func.string_agg(TREATMENT.c.name, aggregate_order_by(literal_column("', '"), place)).label(
            "service"
        ),
        first_colour[literal_column("1")].label("colour"),
    ).join_from(
        plan,
        TREATMENT,
        and_(TREATMENT.c.clinic_id == CLINIC, TREATMENT.c.id == plan.c.treatment_id),
    )


def _work_at(visit: FromClause) -> FromClause:
    planned = work_of(PLAN).where(in_clinic(PLAN), PLAN.c.appointment_id == visit.c.id)
    return planned.lateral("work")


def _gravest_alert(visit: FromClause) -> ColumnElement[str]:
    # "stop" also sorts behind "caution"; what is mere context is not shown at a visit.
    return (
        select(func.max(ALERT.c.severity))
        .where(
            in_clinic(ALERT),
            ALERT.c.patient_id == visit.c.patient_id,
            ALERT.c.severity != literal_column("'context'"),
        )
        .correlate(visit)
        .scalar_subquery()
    )


def rows_from(visit: FromClause, work: FromClause | None = None) -> Select[Any]:
    """Return the columns of ``AppointmentRow``, in its order, for appointments of the clinic.

    ``work`` is where their treatments come from, when those are only being inserted.
    """
    v = visit.c
    planned = _work_at(visit) if work is None else work
    return (
        select(
            v.id,
            v.version,
            v.patient_id,
            func.btrim(PATIENT.c.given + literal_column("' '") + PATIENT.c.family),
            func.coalesce(_gravest_alert(visit), literal_column("''")),
            PATIENT.c.phone,
            v.provider_id,
            PROVIDER.c.short_name,
            v.chair_id,
            v.starts_at,
            v.ends_at,
            v.local_start,
            v.zone,
            v.status,
            v.status_at,
            v.arrived_at,
            v.seated_at,
            v.done_at,
            v.reason,
            v.squeeze_reason,
            v.remark,
            v.source,
            func.coalesce(planned.c.service, literal_column("''")),
            func.coalesce(planned.c.colour, PROVIDER.c.colour),
        )
        .select_from(visit)
        .join(PATIENT, and_(PATIENT.c.clinic_id == CLINIC, PATIENT.c.id == v.patient_id))
        .join(PROVIDER, and_(PROVIDER.c.clinic_id == CLINIC, PROVIDER.c.id == v.provider_id))
        .join(planned, true())
        .where(v.clinic_id == CLINIC)
    )


_VISITS = rows_from(APPOINTMENT).where(APPOINTMENT.c.deleted_at.is_(None))
_IN_ORDER = (APPOINTMENT.c.starts_at, APPOINTMENT.c.id)
_START, _END = bindparam("start", type_=INSTANT), bindparam("end", type_=INSTANT)

ONE = _VISITS.where(APPOINTMENT.c.id == bindparam("id", type_=Uuid))
# ``since`` lies a day before ``start``: an appointment may have begun the evening before.
BETWEEN = _VISITS.where(
    APPOINTMENT.c.starts_at > bindparam("since", type_=INSTANT),
    APPOINTMENT.c.starts_at < _END,
    APPOINTMENT.c.ends_at > _START,
).order_by(*_IN_ORDER)
WEEK = _VISITS.where(
    APPOINTMENT.c.provider_id == bindparam("provider", type_=Uuid),
    APPOINTMENT.c.starts_at >= _START,
    APPOINTMENT.c.starts_at < _END,
).order_by(*_IN_ORDER)
OF_PATIENT = (
    _VISITS.where(
        APPOINTMENT.c.patient_id == bindparam("patient", type_=Uuid),
        APPOINTMENT.c.starts_at < bindparam("before", type_=INSTANT),
    )
    .order_by(APPOINTMENT.c.starts_at.desc(), APPOINTMENT.c.id)
    .limit(bindparam("limit", type_=Integer))
)
# Only what occupies time, for looking for free slots: no names, as few columns as will do.
TAKEN = (
    select(
        APPOINTMENT.c.provider_id,
        APPOINTMENT.c.chair_id,
        APPOINTMENT.c.starts_at,
        APPOINTMENT.c.ends_at,
        APPOINTMENT.c.squeeze_reason,
    )
    .where(
        in_clinic(APPOINTMENT),
        APPOINTMENT.c.starts_at > bindparam("since", type_=INSTANT),
        APPOINTMENT.c.starts_at < _END,
        APPOINTMENT.c.ends_at > _START,
        one_of(APPOINTMENT.c.status, OPEN),
    )
    .order_by(APPOINTMENT.c.starts_at)
)
PATIENT_STATE = select(
    func.btrim(PATIENT.c.given + literal_column("' '") + PATIENT.c.family), PATIENT.c.status
).where(in_clinic(PATIENT), PATIENT.c.id == bindparam("patient", type_=Uuid))
LAST_CHANGE = (
    select(func.coalesce(Person.name, ChangeLog.login), ChangeLog.at)
    .outerjoin(
        Person, and_(Person.clinic_id == ChangeLog.clinic_id, Person.id == ChangeLog.person_id)
    )
    .where(
        ChangeLog.clinic_id == CLINIC,
        ChangeLog.tbl == "appointment",
        ChangeLog.row_id == bindparam("id", type_=Uuid),
    )
    .order_by(ChangeLog.seq.desc())
    .limit(1)
)
# What an appointment's last move changed, to let it go back there.
LAST_MOVE = text(
    """
    SELECT h.before FROM read_history(:clinic, 'appointment', :id) h
    WHERE h.op = 'U' AND h.fields && ARRAY['starts_at', 'ends_at', 'provider_id', 'chair_id']
    ORDER BY h.seq DESC LIMIT 1
    """
)
TREATMENT_MINUTES = select(TREATMENT.c.id, TREATMENT.c.minutes).where(
    in_clinic(TREATMENT), TREATMENT.c.id == func.any(bindparam("treatments", type_=ARRAY(Uuid)))
)


# -- hours: a provider's own ones of a kind replace the clinic's of that kind -------------------


def hours_of(provider_id: ColumnElement[Any]) -> Select[Any]:
    """Return the working spans and breaks in force for a provider, on every weekday."""
    own = HOURS.alias("own")
    has_own = (
        exists()
        .where(in_clinic(own), own.c.provider_id == provider_id, own.c.kind == HOURS.c.kind)
        .correlate_except(own)
    )
    return select(HOURS.c.weekday, HOURS.c.kind, HOURS.c.starts, HOURS.c.ends, HOURS.c.label).where(
        in_clinic(HOURS),
        HOURS.c.chair_id.is_(None),
        or_(
            HOURS.c.provider_id == provider_id,
            and_(HOURS.c.provider_id.is_(None), not_(has_own)),
        ),
    )


def _providers() -> Select[Any]:
    hours = hours_of(PROVIDER.c.id).correlate(PROVIDER).subquery("hours")
    spans = select(
        func.jsonb_agg(
            func.jsonb_build_array(
                hours.c.weekday, hours.c.kind, hours.c.starts, hours.c.ends, hours.c.label
            )
        )
    ).scalar_subquery()
    chairs = (
        select(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_array(CHAIR.c.id, CHAIR.c.name, CHAIR.c.active),
                    CHAIR.c.position,
                    CHAIR.c.name,
                )
            )
        )
        .where(in_clinic(CHAIR))
        .scalar_subquery()
    )
    p = PROVIDER.c
    return (
        # The chairs are the same on every row: asking for them apart costs a round trip.
        select(
            p.id,
            p.name,
            p.short_name,
            p.kind,
            p.colour,
            p.chair_id,
            p.active,
            spans.label("hours"),
            chairs.label("chairs"),
        )
        .where(in_clinic(PROVIDER))
        .order_by(p.position, p.name)
    )


PROVIDERS = _providers()
