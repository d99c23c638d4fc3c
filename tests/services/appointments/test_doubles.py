"""Who is booked twice on a day: told of all that is shown at once, and only of what takes place."""

from datetime import timedelta

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.doubles import meet, others_of, others_of_day


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def book(front, place, hour, minute=0, **values):
    with front.writing() as ctx:
        return appointments.book(ctx, place.booking(hour, minute, id=new_id(), **values))


def elsewhere(place, **values):
    """With the other dentist in the other chair."""
    return {"provider_id": place.nwosu, "chair_id": place.other_chair, **values}


class TestOthersOfDay:
    def test_each_is_told_of_the_other(self, front, place) -> None:
        one = book(front, place, 9)
        other = book(front, place, 14, **elsewhere(place))
        book(front, place, 10, patient_id=place.ines)
        with front.reading() as ctx:
            found = others_of_day(appointments.day(ctx, place.monday).visits)
        assert {key: [visit.id for visit in others] for key, others in found.items()} == {
            one.id: [other.id],
            other.id: [one.id],
        }

    @pytest.mark.parametrize("status", ["cancelled", "missed"])
    def test_who_does_not_come_is_nowhere_else(self, front, place, make, status) -> None:
        one = book(front, place, 9)
        start = one.starts_at + timedelta(hours=3)
        make.appointment(
            place.zofia,
            place.nwosu,
            starts_at=start,
            status=status,
            reason="unwell" if status == "cancelled" else "",
        )
        with front.reading() as ctx:
            visits = appointments.day(ctx, place.monday).visits
        assert len(visits) == 2
        assert others_of_day(visits) == {}

    def test_another_day_is_another_day(self, front, place) -> None:
        book(front, place, 9)
        book(front, place, 9, local_start=place.at(9, days=1))
        with front.reading() as ctx:
            sheets = appointments.days(ctx, place.monday, 2)
        assert others_of_day(visit for sheet in sheets for visit in sheet.visits) == {}


class TestMeet:
    @pytest.mark.parametrize(
        ("hour", "minute", "meets"), [(9, 15, True), (9, 30, False), (8, 30, False), (8, 45, True)]
    )
    def test_the_same_minutes(self, front, place, hour, minute, meets) -> None:
        one = book(front, place, 9)
        shifted = one._replace(
            starts_at=one.starts_at + timedelta(hours=hour - 9, minutes=minute),
            ends_at=one.starts_at + timedelta(hours=hour - 9, minutes=minute + 30),
        )
        assert meet(one, shifted) is meets


class TestOthersOf:
    def test_of_visits_on_several_days(self, front, place) -> None:
        one = book(front, place, 9)
        other = book(front, place, 14, **elsewhere(place))
        later = book(front, place, 9, local_start=place.at(9, days=3))
        with front.reading() as ctx:
            assert others_of(ctx, (later,)) == {}
            found = others_of(ctx, (later, one))
        assert [visit.id for visit in found[one.id]] == [other.id]
        assert set(found) == {one.id}

    def test_asked_once_for_all(self, front, place, monkeypatch) -> None:
        who = (place.zofia, place.ines, place.zofia)
        rows = [book(front, place, 8 + n, patient_id=one) for n, one in enumerate(who)]
        with front.reading() as ctx:
            asked: list[str] = []
            with ctx.connection.connection.driver_connection.cursor() as cursor:
                kind = type(cursor)
            execute = kind.execute

            def heard(self, query, *args, **more):
                asked.append(str(query))
                return execute(self, query, *args, **more)

            monkeypatch.setattr(kind, "execute", heard)
            found = others_of(ctx, rows)
        assert len([one for one in asked if "appointment" in one]) == 1
        assert set(found) == {rows[0].id, rows[2].id}

    def test_nothing_is_asked_for_nobody(self, front) -> None:
        with front.reading() as ctx:
            assert others_of(ctx, ()) == {}
