"""Several days at once: sheets side by side, and a month with counts and first appointments."""

from datetime import timedelta

import pytest

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.months import month
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.services.appointments.sheet_schemas import MonthSearch


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def book(signed_in, booking):
    with signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


class TestDays:
    def test_each_is_what_the_day_alone_is(self, front, place) -> None:
        book(front, place.booking(8))
        book(front, place.booking(9, local_start=place.at(9, days=2)))
        with front.reading() as ctx:
            found = appointments.days(ctx, place.monday, 3)
            alone = [
                appointments.day(ctx, place.monday + timedelta(days=number)) for number in range(3)
            ]
        assert list(found) == alone
        assert [len(sheet.visits) for sheet in found] == [1, 0, 1]

    def test_no_more_than_a_week(self, front, place) -> None:
        with front.reading() as ctx:
            assert len(appointments.days(ctx, place.monday, 400)) == 7


class TestThese:
    def test_in_order_without_those_that_are_gone(self, front, place) -> None:
        late, early = book(front, place.booking(11)), book(front, place.booking(9))
        with front.reading() as ctx:
            found = appointments.these(ctx, [late.id, early.id, place.zofia])
            assert appointments.these(ctx, []) == ()
        assert found == (early, late)


class TestMonth:
    def search(self, place, **values):
        return MonthSearch(first=place.monday - timedelta(days=7), days=21, **values)

    def test_counts_and_first_ones(self, front, place) -> None:
        for hour in (8, 9, 10, 11):
            book(front, place.booking(hour))
        other = book(front, place.booking(9, local_start=place.at(9, days=1)))
        with front.reading() as ctx:
            sheet = month(ctx, self.search(place, each=3))
        assert len(sheet.days) == 21
        monday, tuesday = sheet.days[7], sheet.days[8]
        assert (monday.day, monday.count) == (place.monday, 4)
        assert [one.local_start.hour for one in monday.visits] == [8, 9, 10]
        assert (tuesday.count, tuesday.visits) == (1, (other,))
        assert sum(day.count for day in sheet.days) == 5

    def test_cancelled_ones_do_not_count(self, front, place) -> None:
        row = book(front, place.booking(8))
        with front.writing() as ctx:
            change = StatusChange(id=row.id, version=1, to="cancelled", reason="Unwell")
            appointments.set_status(ctx, change)
        with front.reading() as ctx:
            assert sum(day.count for day in month(ctx, self.search(place)).days) == 0

    def test_of_some_providers_or_chairs(self, front, place) -> None:
        own = book(front, place.booking(14))
        book(front, place.booking(14, provider_id=place.nwosu, chair_id=place.other_chair))
        with front.reading() as ctx:
            for only in ({"providers": (place.park,)}, {"chairs": (place.chair,)}):
                found = month(ctx, self.search(place, **only)).days[7]
                assert (found.count, found.visits) == (1, (own,))
            assert month(ctx, self.search(place, providers=())).days[7].count == 0

    def test_another_clinic_sees_nothing(self, sign_in, front, place) -> None:
        book(front, place.booking(8))
        with sign_in("u_other").reading() as ctx:
            assert sum(day.count for day in month(ctx, self.search(place)).days) == 0
