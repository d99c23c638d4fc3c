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
    case,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import aggregate_order_by

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.visit_status import NOT_BLOCKING, OPEN
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
)
from clinic_desktop.services.working_time import reading

INSTANT = DateTime(timezone=True)


def table_of(model: type[ClinicModel]) -> Table:
    """Return the table of a model."""
    return cast("Table", model.__table__)


APPOINTMENT, PLAN, TREATMENT = map(table_of, (Appointment, AppointmentTreatment, Treatment))
PATIENT, ALERT = map(table_of, (Patient, PatientAlert))
PROVIDER, CHAIR = map(table_of, (Provider, Chair))

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
    names = func.string_agg(TREATMENT.c.name, aggregate_order_by(literal_column("', '"), place))
    first_colour = func.array_agg(aggregate_order_by(TREATMENT.c.colour, place), type_=ARRAY(Text))
    return select(
        func.coalesce(names, literal_column("''")).label("service"),
        first_colour[literal_column("1")].label("colour"),
    ).join_from(
        plan,
        TREATMENT,
        and_(TREATMENT.c.clinic_id == CLINIC, TREATMENT.c.id == plan.c.treatment_id),
    )


def _work_at(visit: FromClause) -> FromClause:
    planned = work_of(PLAN).where(in_clinic(PLAN), PLAN.c.appointment_id == visit.c.id)
    return planned.lateral("work")


def gravest_alert(patient_id: ColumnElement[Any]) -> ColumnElement[str]:
    """Return ``stop``, ``caution`` or nothing; what is mere context is not shown at a visit."""
    # A short name: the driver reads a long statement anew on each call.
    alert = ALERT.alias("g")
    # Of the two words the graver sorts behind the other.
    found = (
        select(func.max(alert.c.severity))
        .where(
            in_clinic(alert),
            alert.c.patient_id == patient_id,
            alert.c.severity != literal_column("'context'"),
        )
        .correlate_except(alert)
        .scalar_subquery()
    )
    return func.coalesce(found, literal_column("''"))


def names_of(alert: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    """Return patient, alert, phone, provider and the provider's colour."""
    return (
        func.btrim(PATIENT.c.given + literal_column("' '") + PATIENT.c.family).label("name"),
        alert.label("alert"),
        PATIENT.c.phone,
        PROVIDER.c.short_name,
        PROVIDER.c.colour,
    )


_A = APPOINTMENT.c
ROW = (
    _A.id,
    _A.version,
    _A.patient_id,
    _A.provider_id,
    _A.chair_id,
    _A.starts_at,
    _A.ends_at,
    _A.local_start,
    _A.zone,
    _A.status,
    _A.status_at,
    _A.arrived_at,
    _A.seated_at,
    _A.done_at,
    _A.reason,
    _A.squeeze_reason,
    _A.remark,
    _A.source,
)
"""The appointment's own columns, in the order of ``AppointmentRow``."""
LAST = (
    _A.outside_reason,
    _A.assist,
    _A.series_id,
    _A.series_date,
    _A.rescheduled_from_id,
)
"""Those of its columns that come last there."""


def _moved_from(visit: FromClause) -> ColumnElement[Any]:
    """Return the local time of the one that it was made for, looked up for these alone."""
    before = APPOINTMENT.alias("b")
    found = (
        select(before.c.local_start)
        .where(before.c.clinic_id == CLINIC, before.c.id == visit.c.rescheduled_from_id)
        .correlate(visit)
        .scalar_subquery()
    )
    return case((visit.c.rescheduled_from_id.is_not(None), found))


def _moved_to(visit: FromClause) -> ColumnElement[Any]:
    """Return the local time of the one in its place, looked up for those that gave way alone."""
    after = APPOINTMENT.alias("n")
    found = (
        select(after.c.local_start)
        .where(in_clinic(after), after.c.rescheduled_from_id == visit.c.id)
        .order_by(after.c.status == literal_column("'cancelled'"), after.c.created_at.desc())
        .limit(literal_column("1"))
        .correlate(visit)
        .scalar_subquery()
    )
    return case((one_of(visit.c.status, NOT_BLOCKING), found))


def rows_from(visit: FromClause) -> Select[Any]:
    """Return the columns of ``AppointmentRow``, in its order, for appointments of the clinic."""
    v, work = visit.c, _work_at(visit)
    *names, colour = names_of(gravest_alert(v.patient_id))
    return (
        select(
            *(v[column.name] for column in ROW),
            *names,
            work.c.service,
            func.coalesce(work.c.colour, colour),
            *(v[column.name] for column in LAST),
            _moved_from(visit),
            _moved_to(visit),
        )
        .select_from(visit)
        .join(PATIENT, and_(PATIENT.c.clinic_id == CLINIC, PATIENT.c.id == v.patient_id))
        .join(PROVIDER, and_(PROVIDER.c.clinic_id == CLINIC, PROVIDER.c.id == v.provider_id))
        .join(work, true())
        .where(v.clinic_id == CLINIC)
    )


_VISITS = rows_from(APPOINTMENT).where(APPOINTMENT.c.deleted_at.is_(None))
_IN_ORDER = (APPOINTMENT.c.starts_at, APPOINTMENT.c.id)
_START, _END = bindparam("start", type_=INSTANT), bindparam("end", type_=INSTANT)

ONE = Prepared(_VISITS.where(APPOINTMENT.c.id == bindparam("id", type_=Uuid)))
THESE = Prepared(
    _VISITS.where(APPOINTMENT.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))).order_by(
        *_IN_ORDER
    )
)
# ``since`` lies a day before ``start``: an appointment may have begun the evening before.
_BETWEEN = _VISITS.where(
    APPOINTMENT.c.starts_at > bindparam("since", type_=INSTANT),
    APPOINTMENT.c.starts_at < _END,
    APPOINTMENT.c.ends_at > _START,
).order_by(*_IN_ORDER)
BETWEEN = Prepared(_BETWEEN)
BETWEEN_OF = Prepared(
    _BETWEEN.where(
        or_(
            APPOINTMENT.c.provider_id == bindparam("provider", type_=Uuid),
            APPOINTMENT.c.chair_id == bindparam("chair", type_=Uuid),
            APPOINTMENT.c.id == bindparam("visit", type_=Uuid),
        )
    )
)
WEEK = Prepared(
    _VISITS.where(
        APPOINTMENT.c.provider_id == bindparam("provider", type_=Uuid),
        APPOINTMENT.c.starts_at >= _START,
        APPOINTMENT.c.starts_at < _END,
    ).order_by(*_IN_ORDER)
)
OF_PATIENT = Prepared(
    _VISITS.where(
        APPOINTMENT.c.patient_id == bindparam("patient", type_=Uuid),
        APPOINTMENT.c.starts_at < bindparam("before", type_=INSTANT),
    )
    .order_by(APPOINTMENT.c.starts_at.desc(), APPOINTMENT.c.id)
    .limit(bindparam("limit", type_=Integer))
)
OF_PATIENTS = Prepared(
    _VISITS.where(
        APPOINTMENT.c.patient_id == func.any(bindparam("patients", type_=ARRAY(Uuid))),
        APPOINTMENT.c.starts_at >= _START,
        APPOINTMENT.c.starts_at < _END,
    ).order_by(*_IN_ORDER)
)
# Only what occupies time, for looking for free slots: one row for each pair of provider and chair,
# with whole minutes since 1970, because thousands of instants take long to make.


def _epoch_minutes(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    minute = as_type(extract("epoch", instant) / literal_column("60"), Integer)
    return func.array_agg(aggregate_order_by(minute, APPOINTMENT.c.starts_at))


_KIND = (
    APPOINTMENT.c.provider_id,
    APPOINTMENT.c.chair_id,
    APPOINTMENT.c.squeeze_reason != literal_column("''"),
    APPOINTMENT.c.assist,
)
TAKEN = Prepared(
    select(*_KIND, _epoch_minutes(APPOINTMENT.c.starts_at), _epoch_minutes(APPOINTMENT.c.ends_at))
    .where(
        in_clinic(APPOINTMENT),
        APPOINTMENT.c.starts_at > bindparam("since", type_=INSTANT),
        APPOINTMENT.c.starts_at < _END,
        APPOINTMENT.c.ends_at > _START,
        one_of(APPOINTMENT.c.status, OPEN),
    )
    .group_by(*_KIND)
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
TREATMENT_NEEDS = select(
    TREATMENT.c.id,
    TREATMENT.c.minutes,
    TREATMENT.c.assist,
    TREATMENT.c.skills,
    TREATMENT.c.equipment,
).where(
    in_clinic(TREATMENT), TREATMENT.c.id == func.any(bindparam("treatments", type_=ARRAY(Uuid)))
)


# -- who works here and in which chairs ---------------------------------------------------------


def _staff_and_rooms(provider_id: ColumnElement[Any] | None = None) -> Select[Any]:
    """Return one row: providers, chairs, weekly and dated hours, each an array of arrays.

    ``provider_id`` leaves out the others and their hours.
    """
    p, c = PROVIDER.c, CHAIR.c
    only: tuple[ColumnElement[bool], ...] = ()
    weekly: tuple[ColumnElement[bool], ...] = ()
    special: tuple[ColumnElement[bool], ...] = ()
    if provider_id is not None:
        only = (p.id == provider_id,)
        one_week, one_date = reading.only_of_provider(provider_id)
        weekly, special = (one_week,), (one_date,)
    provider = func.jsonb_build_array(
        p.id, p.name, p.short_name, p.kind, p.colour, p.chair_id, p.active, p.skills
    )
    providers = select(func.jsonb_agg(aggregate_order_by(provider, p.position, p.name))).where(
        in_clinic(PROVIDER), *only
    )
    chair = func.jsonb_build_array(c.id, c.name, c.active, c.equipment)
    chairs = select(func.jsonb_agg(aggregate_order_by(chair, c.position, c.name))).where(
        in_clinic(CHAIR)
    )
    return select(
        providers.scalar_subquery(),
        chairs.scalar_subquery(),
        reading.weekly_json(*weekly),
        reading.special_json(*special),
    )


STAFF_AND_ROOMS = Prepared(_staff_and_rooms)
ONE_AND_ROOMS = Prepared(lambda: _staff_and_rooms(bindparam("provider", type_=Uuid)))
