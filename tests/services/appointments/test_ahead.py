"""What a place is told to be before anybody takes it: the same sentences as when it is taken."""

from datetime import datetime, timedelta

import pytest

from clinic_desktop.errors import ClinicError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.ahead import why_not
from clinic_desktop.services.appointments.schemas import Wanted


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def answer(signed_in, place, start: datetime, **values) -> str:
    wanted = Wanted(
        **{
            "provider_id": place.park,
            "chair_id": place.chair,
            "local_start": start,
            "minutes": 30,
            **values,
        }
    )
    with signed_in.reading() as ctx:
        return why_not(ctx, wanted)


def refused(signed_in, booking) -> str:
    with pytest.raises(ClinicError) as refusal, signed_in.writing() as ctx:
        appointments.book(ctx, booking)
    return str(refusal.value)


class TestWhyNot:
    def test_free(self, front, place) -> None:
        assert answer(front, place, place.at(9)) == ""

    @pytest.mark.parametrize(("hour", "minute"), [(9, 0), (9, 15), (12, 15), (20, 0)])
    def test_says_what_booking_would_say(self, front, place, hour, minute) -> None:
        with front.writing() as ctx:
            appointments.book(ctx, place.booking(9))
        said = answer(front, place, place.at(hour, minute))
        assert said
        assert said == refused(front, place.booking(hour, minute, patient_id=place.ines))

    def test_what_is_moved_is_not_in_its_own_way(self, front, place) -> None:
        with front.writing() as ctx:
            row = appointments.book(ctx, place.booking(9))
        assert answer(front, place, place.at(9, 15), appointment_id=row.id) == ""

    def test_another_chair_is_taken(self, front, place) -> None:
        with front.writing() as ctx:
            appointments.book(ctx, place.booking(14))
        said = answer(front, place, place.at(14), provider_id=place.nwosu)
        assert said.startswith("Chair 3 is taken by")

    def test_past_and_far_away(self, front, place) -> None:
        now = front.clock.now().replace(tzinfo=None)
        assert "is past" in answer(front, place, now - timedelta(days=7))
        assert "booked up to" in answer(front, place, now + timedelta(days=9000))

    def test_nothing_is_written(self, front, place) -> None:
        answer(front, place, place.at(9))
        with front.reading() as ctx:
            assert appointments.day(ctx, place.monday).visits == ()
