"""A provider with bookings, and calendar files written by hand."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking


@pytest.fixture
def monday(signed_in) -> date:
    today = signed_in.clock.now().date()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture
def park(make) -> UUID:
    return make.provider("Dr Hyejin Park", short_name="Dr Park", chair_id=make.chair("Chair 3"))


@pytest.fixture
def book(make, signed_in, monday) -> Callable[..., UUID]:
    """``book(park, 10)`` books Zofia at ten on that Monday."""

    def one(provider: UUID, hour: int = 10, *, given: str = "Zofia", **more: object) -> UUID:
        booking = Booking(
            id=new_id(), patient_id=make.patient(given, "Wiśniewska"), provider_id=provider,
            local_start=datetime.combine(monday, time(hour)), minutes=30, **more,
        )  # fmt: skip
        with signed_in.writing() as ctx:
            return appointments.book(ctx, booking).id

    return one


@pytest.fixture
def ics(tmp_path) -> Callable[..., Path]:
    """``ics(event(...), ...)`` writes a calendar named Private."""

    def one(*events: str, name: str = "Private", end: bool = True, file: str = "it.ics") -> Path:
        path = tmp_path / file
        rows = ["BEGIN:VCALENDAR", f"X-WR-CALNAME:{name}", *events]
        path.write_text("\r\n".join([*rows, *(["END:VCALENDAR"] if end else []), ""]))
        return path

    return one


def event(uid: str, day: date, hour: int | None = 9, *more: str, hours: int = 1) -> str:
    """An event in the clinic's own time, of a whole day without an hour."""
    if hour is None:
        when = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}"]
    else:
        when = [f"DTSTART:{day:%Y%m%d}T{hour:02}0000", f"DURATION:PT{hours}H"]
    rows = ["BEGIN:VEVENT", f"UID:{uid}", *when, f"SUMMARY:Title of {uid}", *more, "END:VEVENT"]
    return "\r\n".join(rows)
