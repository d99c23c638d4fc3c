"""Finding free times, compared with trying every one."""

from datetime import time, timedelta

import pytest

from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.models import Provider
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.services.appointments.slot_schemas import SlotSearch
from clinic_desktop.services.appointments.slots import free_slots
from clinic_desktop.services.rows import change_row


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def book(signed_in, booking):
    with signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


def can_be_booked(signed_in, booking) -> bool:
    try:
        row = book(signed_in, booking)
    except ConflictError:
        return False
    with signed_in.writing() as ctx:
        change = StatusChange(id=row.id, version=1, to="cancelled", reason="only tried")
        appointments.set_status(ctx, change)
    return True


def find(signed_in, place, **values):
    search = SlotSearch(**{"minutes": 60, "first_day": place.monday, **values})
    with signed_in.reading() as ctx:
        return free_slots(ctx, search)


class TestFreeSlots:
    def test_first_answers(self, front, place) -> None:
        book(front, place.booking(8, minutes=240))
        found = find(front, place, limit=4)
        assert [(slot.provider, slot.chair, slot.local_start) for slot in found] == [
            ("Dr Park", "Chair 3", place.at(13)),
            ("Dr Nwosu", "Chair 4", place.at(13)),
            ("Dr Park", "Chair 3", place.at(13, 15)),
            ("Dr Nwosu", "Chair 4", place.at(13, 15)),
        ]
        assert found[0].free_minutes == 300

    def test_every_answer_can_be_booked_and_nothing_else(self, front, place) -> None:
        for hour, minute, length in ((8, 15, 45), (10, 0, 30), (13, 0, 105), (16, 30, 45)):
            book(front, place.booking(hour, minute, minutes=length))
        found = find(front, place, minutes=45, provider_id=place.park, days=1, limit=100)
        free = {slot.local_start for slot in found}
        for quarter in range(8 * 4, 18 * 4):
            start = place.at(quarter // 4, quarter % 4 * 15)
            booking = place.booking(0, local_start=start, minutes=45, patient_id=place.ines)
            assert can_be_booked(front, booking) == (start in free), start

    def test_part_of_the_day_and_provider(self, front, place) -> None:
        found = find(
            front,
            place,
            provider_id=place.park,
            not_before=time(14),
            not_after=time(15),
            days=2,
            limit=50,
        )
        assert {slot.provider_id for slot in found} == {place.park}
        assert {slot.local_start.time() for slot in found} == {
            time(14), time(14, 15), time(14, 30), time(14, 45), time(15)
        }  # fmt: skip
        assert {slot.local_start.date() for slot in found} == {
            place.monday,
            place.monday + timedelta(days=1),
        }

    def test_another_chair_where_their_own_is_taken(self, front, place) -> None:
        book(front, place.booking(13, minutes=300, provider_id=place.nwosu, chair_id=place.chair))
        found = find(front, place, provider_id=place.park, not_before=time(13), limit=1)
        assert found[0].chair != "Chair 3"

    def test_not_before_now_and_not_with_whoever_left(self, front, place, signed_in) -> None:
        today = signed_in.clock.now().date()
        found = find(front, place, first_day=today - timedelta(days=30), limit=1)
        assert found[0].starts_at >= signed_in.clock.now() - timedelta(minutes=15)
        with signed_in.writing() as ctx:
            change_row(ctx, Provider, id=place.park, version=1, active=False)
        assert {slot.provider for slot in find(front, place, limit=20)} == {"Dr Nwosu"}

    def test_none(self, front, place) -> None:
        assert find(front, place, minutes=615, days=14) == ()

    def test_bad_input(self, front, place) -> None:
        with pytest.raises(InvalidError):
            find(front, place, not_before=time(15), not_after=time(14))
        with pytest.raises(ValueError, match="minutes"):
            find(front, place, minutes=0)
