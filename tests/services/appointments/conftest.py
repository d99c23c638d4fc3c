"""A clinic with two dentists, hours and a lunch break; times are on days to come."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import WorkingTime
from clinic_desktop.services.appointments.schemas import Booking


@dataclass
class Place:
    """What the tests of the calendar book with."""

    park: UUID
    nwosu: UUID
    chair: UUID
    other_chair: UUID
    composite: UUID
    exam: UUID
    zofia: UUID
    ines: UUID
    monday: date

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        return datetime.combine(self.monday + timedelta(days=days), time(hour, minute))

    def booking(self, hour: int, minute: int = 0, **values) -> Booking:
        return Booking(
            **{
                "id": new_id(),
                "patient_id": self.zofia,
                "provider_id": self.park,
                "chair_id": self.chair,
                "local_start": self.at(hour, minute),
                "minutes": 30,
                **values,
            }
        )


@pytest.fixture
def place(make, signed_in) -> Place:
    """Dr Park and Dr Nwosu work from 8 to 18 with lunch at 12:30, Dr Nwosu from 13 on Mondays."""
    chair, other = make.chair("Chair 3", position=3), make.chair("Chair 4", position=4)
    park = make.provider("Dr Hyejin Park", short_name="Dr Park", chair_id=chair, position=1)
    nwosu = make.provider("Dr Amara Nwosu", short_name="Dr Nwosu", chair_id=other, position=2)
    make.row(
        WorkingTime,
        weekday=0,
        starts=time(12, 30),
        ends=time(13),
        kind="break",
        label="Lunch",
    )
    make.row(WorkingTime, provider_id=nwosu, weekday=0, starts=time(13), ends=time(18), kind="open")
    today = signed_in.clock.now().date()
    return Place(
        park=park,
        nwosu=nwosu,
        chair=chair,
        other_chair=other,
        composite=make.treatment(minutes=45, colour="svc_restore"),
        exam=make.treatment("EXM-001", "Exam", minutes=20, colour="svc_exam"),
        zofia=make.patient("Zofia", "Wiśniewska"),
        ines=make.patient("Inês", "Carvalho-Lindqvist"),
        monday=today + timedelta(days=7 - today.weekday() + 7),
    )
