"""A series in the calendar."""

from datetime import datetime, time

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recurrence import Rule, Unit
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import SeriesBooking
from tests.ui.appointments.conftest import DAY


@pytest.fixture
def booked(clinic, signed_in):
    """Five Wednesdays at nine with the first provider."""
    booking = SeriesBooking(
        id=new_id(),
        patient_id=clinic.patient,
        provider_id=clinic.one,
        chair_id=clinic.chair,
        local_start=datetime.combine(DAY.date(), time(9)),
        minutes=30,
        rule=Rule(Unit.WEEK, 1, (2,), count=5),
    )
    with signed_in.writing() as ctx:
        return series.book(ctx, booking)
