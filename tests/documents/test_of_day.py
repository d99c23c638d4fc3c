"""The day sheet: what the calendar says, with the letters of the alerts."""

from datetime import UTC, date, datetime, time

import pytest

from clinic_desktop.documents.of_day import day_sheet_paper
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import PatientAlert, WorkingTime
from clinic_desktop.services.appointments.schemas import Booking
from clinic_desktop.services.to_book import anew
from clinic_desktop.services.to_book.schemas import Anew
from tests.documents.reading import whole_text, words

DAY = date(2031, 3, 12)


@pytest.fixture
def booked(make, signed_in):
    """One visit that comes, with an allergy, and one that was cancelled."""
    provider = make.provider("Dr Amara Nwosu", chair_id=make.chair("Chair 2"))
    make.row(
        WorkingTime, provider_id=provider, weekday=DAY.weekday(), starts=time(8), ends=time(18)
    )
    ines = make.patient("Inês", "Carvalho", born=date(1984, 9, 3), phone="+353865550142")
    make.row(
        PatientAlert,
        id=new_id(),
        patient_id=ines,
        kind="allergy",
        severity="stop",
        text="Penicillin",
        noted_on=date(2019, 1, 1),
    )
    gone = make.patient("Otto", "Hall", phone="+353865550143")
    for patient, hour, status in ((ines, 9, "confirmed"), (gone, 11, "cancelled")):
        make.appointment(
            patient,
            provider,
            starts_at=datetime.combine(DAY, time(hour), UTC),
            status=status,
            reason="unwell" if status == "cancelled" else "",
        )


def test_who_comes_with_age_phone_and_letters(booked, signed_in) -> None:
    with signed_in.reading() as ctx:
        text = words(whole_text(day_sheet_paper(ctx, DAY)))
    assert "Dr Amara Nwosu" in text
    assert "Inês Carvalho · 46 y" in text
    assert "+353865550142" in text.replace(" ", "")
    assert " A " in text


def test_who_does_not_come_is_left_out(booked, signed_in) -> None:
    with signed_in.reading() as ctx:
        assert "Otto" not in whole_text(day_sheet_paper(ctx, DAY))


def test_both_times_of_one_made_anew(make, signed_in) -> None:
    provider = make.provider("Dr Amara Nwosu")
    make.row(
        WorkingTime, provider_id=provider, weekday=DAY.weekday(), starts=time(8), ends=time(18)
    )
    ines = make.patient("Inês", "Carvalho", phone="+353865550142")
    visit = make.appointment(ines, provider, starts_at=datetime.combine(DAY, time(9), UTC))
    with signed_in.writing() as ctx:
        booking = Booking(
            id=new_id(), patient_id=ines, provider_id=provider, instead_of_id=visit, minutes=30,
            local_start=datetime.combine(DAY, time(15)),
        )  # fmt: skip
        anew.make_anew(ctx, Anew(id=visit, version=1, booking=booking))
    with signed_in.reading() as ctx:
        text = words(whole_text(day_sheet_paper(ctx, DAY)))
    assert "has another time: 15:00" in text
    assert "instead of 09:00" in text


def test_needs_the_right_to_read_patients(sign_in, booked) -> None:
    with sign_in("u_other").reading() as ctx:
        assert "Inês" not in whole_text(day_sheet_paper(ctx, DAY))
