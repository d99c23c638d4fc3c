"""Moving, resizing, and taking a move back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.models import Appointment
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import (
    Move,
    OutsideHoursError,
    SlotTakenError,
    StatusChange,
    VisitChangedError,
)

ZONE = ZoneInfo("Europe/Dublin")


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def book(signed_in, booking):
    with signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


def move(signed_in, row, **values):
    change = Move(
        **{
            "id": row.id,
            "version": row.version,
            "provider_id": row.provider_id,
            "chair_id": row.chair_id,
            "local_start": row.local_start,
            "minutes": row.minutes,
            **values,
        }
    )
    with signed_in.writing() as ctx:
        return appointments.move(ctx, change)


class TestMove:
    def test_to_another_time_and_provider(self, front, place) -> None:
        row = book(front, place.booking(14, treatment_ids=(place.exam,)))
        moved = move(
            front,
            row,
            local_start=place.at(15, 30),
            provider_id=place.nwosu,
            chair_id=place.other_chair,
            minutes=45,
        )
        assert (moved.provider, moved.local_start, moved.minutes, moved.version) == (
            "Dr Nwosu",
            place.at(15, 30),
            45,
            2,
        )
        assert moved.service == "Exam"
        assert book(front, place.booking(14, patient_id=place.ines)), "the old time is free"

    def test_taken_by_another_but_not_by_itself(self, front, place) -> None:
        row = book(front, place.booking(14))
        book(front, place.booking(15, patient_id=place.ines))
        assert move(front, row, local_start=place.at(14, 15)).local_start == place.at(14, 15)
        row = move(front, row, version=2, local_start=place.at(14, 30))
        with pytest.raises(
            SlotTakenError, match=r"already has Inês.* at 15:00\. Nearest free: 15:30\."
        ):
            move(front, row, local_start=place.at(15, 15))
        with pytest.raises(SlotTakenError):
            move(front, row, minutes=45)

    def test_two_move_the_same(self, front, sign_in, place) -> None:
        row = book(front, place.booking(14))
        move(sign_in("u_dentist"), row, local_start=place.at(16))
        with pytest.raises(VisitChangedError) as refused:
            move(front, row, local_start=place.at(15))
        assert str(refused.value).startswith(
            "Dr Amara Nwosu changed this appointment first: Zofia Wiśniewska is not confirmed, "
        )
        assert "at 16:00 with Dr Park" in str(refused.value)
        assert refused.value.now.version == 2

    def test_what_is_over_stays(self, front, place) -> None:
        row = book(front, place.booking(14))
        with front.writing() as ctx:
            appointments.set_status(
                ctx, StatusChange(id=row.id, version=1, to="cancelled", reason="unwell")
            )
        with pytest.raises(ConflictError, match="Zofia Wiśniewska is cancelled"):
            move(front, row, version=2, local_start=place.at(15))

    def test_refused_like_a_booking(self, front, place) -> None:
        row = book(front, place.booking(14))
        with pytest.raises(OutsideHoursError, match="a break from 12:30"):
            move(front, row, local_start=place.at(12, 15))
        with pytest.raises(OutsideHoursError, match="is past"):
            move(front, row, local_start=place.at(10, days=-35))
        with pytest.raises(InvalidError, match="chair is not in use"):
            move(front, row, chair_id=new_id())
        with pytest.raises(NotFoundError):
            move(front, row, id=new_id())


class TestUndo:
    def test_back_to_a_time_that_has_passed(self, make, front, signed_in, place) -> None:
        began = (signed_in.clock.now() - timedelta(hours=30)).replace(second=0, microsecond=0)
        late = make.appointment(place.zofia, place.park, starts_at=began, chair_id=place.chair)
        with front.reading() as ctx:
            row = appointments.appointment(ctx, late)
        moved = move(front, row, local_start=place.at(15))
        with pytest.raises(OutsideHoursError):
            move(front, moved, local_start=row.local_start - timedelta(minutes=15))
        back = move(front, moved, local_start=row.local_start)
        assert (back.starts_at, back.version) == (began, 3)

    def test_back_outside_hours(self, front, sign_in, place) -> None:
        row = book(sign_in("u_manager"), place.booking(19, reason="Staff family"))
        moved = move(front, row, local_start=place.at(15))
        with pytest.raises(OutsideHoursError):
            move(front, moved, local_start=place.at(19, 15))
        assert move(front, moved, local_start=place.at(19)).local_start == place.at(19)

    def test_length_of_a_visit_under_way(self, make, front, signed_in, place) -> None:
        now = signed_in.clock.now().replace(second=0, microsecond=0)
        began = now - timedelta(minutes=50)
        seated = make.row(
            Appointment,
            patient_id=place.zofia,
            provider_id=place.park,
            starts_at=began,
            ends_at=now + timedelta(minutes=10),
            local_start=began.astimezone(ZONE).replace(tzinfo=None),
            zone="Europe/Dublin",
            status="in_chair",
            source="walk_in",
            outside_reason="came with pain",
        )
        with signed_in.reading() as ctx:
            row = appointments.appointment(ctx, seated)
        longer = move(signed_in, row, minutes=75, reason="runs over")
        assert longer.minutes == 75
