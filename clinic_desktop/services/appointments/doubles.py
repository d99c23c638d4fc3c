"""Patients with several appointments on one day: with somebody else, or at the same time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.appointments import queries
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.context import Context

Others = Mapping[UUID, tuple[AppointmentRow, ...]]


def others_of_day(visits: Iterable[AppointmentRow]) -> Others:
    """Return by appointment the others of its patient on the day it begins, in the order given.

    Those without others are left out, and so is whatever does not take place.
    """
    of_patient: defaultdict[tuple[UUID, date], list[AppointmentRow]] = defaultdict(list)
    for visit in visits:
        if visit.blocks_chair:
            of_patient[visit.patient_id, visit.local_start.date()].append(visit)
    return {
        visit.id: tuple(one for one in several if one.id != visit.id)
        for several in of_patient.values()
        if len(several) > 1
        for visit in several
    }


def meet(one: AppointmentRow, other: AppointmentRow) -> bool:
    """Return whether two appointments are booked for the same minutes."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def others_of(ctx: Context, visits: Sequence[AppointmentRow]) -> Others:
    """Return the same for visits of several days, asked for all of them at once."""
    ctx.need(Permission.SCHEDULE_READ)
    if not visits:
        return {}
    days = sorted(visit.local_start.date() for visit in visits)
    found = queries.OF_PATIENTS.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        patients=sorted({visit.patient_id for visit in visits}),
        start=LocalDay(days[0], ctx.zone).start,
        end=LocalDay(days[-1], ctx.zone).end,
    )
    others = others_of_day(map(AppointmentRow._make, found))
    return {visit.id: others[visit.id] for visit in visits if visit.id in others}
