"""The life of a visit: one step, one stamp, and every step taken back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import (
    SlotTakenError,
    StatusChange,
    VisitChangedError,
)

DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


@pytest.fixture
def now(signed_in) -> datetime:
    return signed_in.clock.now().replace(second=0, microsecond=0)


@pytest.fixture
def visit(make, signed_in, place, now):
    """Zofia, ten minutes ago, with Dr Park in chair 3."""

    def made(patient=None, *, minutes_ago=10, chair=None, minutes=30, starts=None, **values):
        starts = starts or now - timedelta(minutes=minutes_ago)
        row_id = make.appointment(
            patient or place.zofia,
            values.pop("provider", place.park),
            chair_id=chair or place.chair,
            starts_at=starts,
            minutes=minutes,
            **values,
        )
        with signed_in.reading() as ctx:
            return appointments.appointment(ctx, row_id)

    return made


def step(signed_in, row, to, **values):
    with signed_in.writing() as ctx:
        return appointments.set_status(
            ctx, StatusChange(**{"id": row.id, "version": row.version, "to": to, **values})
        )


class TestForward:
    def test_a_visit(self, front, visit) -> None:
        row = visit()
        row = step(front, row, "confirmed")
        assert (row.status, row.arrived_at) == ("confirmed", None)
        row = step(front, row, "arrived")
        assert row.arrived_at == row.status_at
        row = step(front, row, "in_chair")
        assert row.seated_at >= row.arrived_at
        row = step(front, row, "done")
        assert row.done_at >= row.seated_at
        assert row.version == 5
        assert row.occupied_until == row.done_at.replace(second=0, microsecond=0)

    def test_done_early_frees_the_rest(self, front, visit, place, now, make) -> None:
        row = step(front, visit(minutes_ago=10, minutes=120), "done")
        assert row.ends_at > row.done_at
        later = make.appointment(
            place.ines,
            place.park,
            chair_id=place.chair,
            starts_at=now + timedelta(minutes=20),
        )
        assert later

    @pytest.mark.parametrize("minutes", [0, 5])
    def test_done_early_frees_from_that_minute(self, visit, place, now, make, minutes) -> None:
        """What the sheet shows as free can be booked, also in the minute in which it was done."""
        start = now - timedelta(minutes=10)
        done = start + timedelta(minutes=minutes, seconds=40)
        row = visit(minutes=60, status="done", arrived_at=start, seated_at=start, done_at=done)
        free = start + timedelta(minutes=minutes)
        assert row.occupied_until == free
        again = {"chair_id": place.chair, "minutes": 60 - minutes}
        if minutes:
            with pytest.raises(ConflictError, match="This time is taken"):
                make.appointment(
                    place.ines, place.park, starts_at=free - timedelta(minutes=1), **again
                )
        assert make.appointment(place.ines, place.park, starts_at=free, **again)

    def test_seated_in_another_chair(self, front, visit, place) -> None:
        row = step(front, visit(), "in_chair", change_chair=True, chair_id=place.other_chair)
        assert row.chair_id == place.other_chair

    def test_the_chair_still_holds_somebody(self, front, visit, place, now) -> None:
        # Hours of today, whatever time it is: an hour ago may have been yesterday.
        today = now.astimezone(DUBLIN).replace(hour=9, minute=0)
        step(front, visit(starts=today), "in_chair")
        second = visit(place.ines, starts=today + timedelta(hours=1))
        with pytest.raises(
            SlotTakenError, match=r"Zofia Wiśniewska is still in Chair 3\. Take another chair"
        ) as refused:
            step(front, second, "in_chair")
        assert refused.value.field == "chair"
        moved = step(front, second, "in_chair", change_chair=True, chair_id=place.other_chair)
        assert moved.status == "in_chair"

    def test_missed_only_after_its_time(self, front, visit) -> None:
        with pytest.raises(ConflictError, match=r"still to come\. Cancel the appointment instead"):
            step(front, visit(minutes_ago=-60), "missed")
        assert step(front, visit(), "missed").status == "missed"

    def test_late_after_all(self, front, visit, place, make, now) -> None:
        row = step(front, visit(minutes_ago=20, minutes=60), "missed")
        assert step(front, row, "arrived").status == "arrived"

    def test_cancelled_with_a_reason(self, front, visit) -> None:
        row = visit()
        with pytest.raises(InvalidError) as refused:
            step(front, row, "cancelled")
        assert refused.value.field == "reason"
        assert step(front, row, "cancelled", reason="unwell").reason == "unwell"

    def test_not_before_the_day(self, front, visit, place) -> None:
        row = visit(minutes_ago=-3 * 24 * 60)
        assert step(front, row, "confirmed").status == "confirmed"
        for to in ("arrived", "in_chair", "done"):
            with pytest.raises(ConflictError, match="not today"):
                step(front, row, to, version=2)


class TestRefused:
    def test_twice(self, front, visit) -> None:
        row = step(front, visit(), "arrived")
        with pytest.raises(ConflictError, match="Zofia Wiśniewska is arrived already"):
            step(front, row, "arrived")
        with pytest.raises(ConflictError, match="does not follow"):
            step(front, row, "confirmed")
        with pytest.raises(ConflictError, match="does not follow"):
            step(front, step(front, row, "done"), "cancelled", reason="unwell")

    def test_somebody_was_first(self, front, sign_in, visit) -> None:
        row = visit()
        step(sign_in("u_assistant"), row, "arrived")
        with pytest.raises(
            VisitChangedError, match=r"Rui Tavares changed this appointment first: .* is arrived"
        ):
            step(front, row, "missed")

    def test_needs_the_right(self, sign_in, visit) -> None:
        with pytest.raises(NotAllowedError):
            step(sign_in("u_compliance"), visit(), "arrived")


class TestBack:
    @pytest.mark.parametrize(
        "path",
        [
            ("confirmed",),
            ("confirmed", "arrived", "in_chair", "done"),
            ("in_chair", "done"),
            ("missed", "arrived", "in_chair"),
            ("arrived", "done"),
            ("cancelled",),
            ("confirmed", "cancelled"),
            ("arrived", "cancelled"),
            ("confirmed", "missed"),
        ],
    )
    def test_step_by_step_to_where_it_began(self, front, visit, path) -> None:
        states = [visit()]
        for to in path:
            states.append(step(front, states[-1], to, reason="unwell" if to == "cancelled" else ""))
        row = states.pop()
        for earlier in reversed(states):
            row = step(front, row, earlier.status, back=True)
            for field in ("status", "arrived_at", "seated_at", "done_at", "reason", "chair_id"):
                assert getattr(row, field) == getattr(earlier, field), field

    def test_chair_comes_back_too(self, front, visit, place) -> None:
        row = visit()
        seated = step(front, row, "in_chair", change_chair=True, chair_id=place.other_chair)
        back = step(front, seated, "pending", back=True, change_chair=True, chair_id=row.chair_id)
        assert back.chair_id == place.chair

    def test_the_time_has_gone_to_somebody_else(self, front, visit, place) -> None:
        row = step(front, visit(), "cancelled", reason="unwell")
        visit(place.ines)
        with pytest.raises(SlotTakenError, match="Dr Park already has Inês Carvalho-Lindqvist"):
            step(front, row, "pending", back=True)

    def test_forward_is_not_back(self, front, visit) -> None:
        with pytest.raises(ConflictError):
            step(front, visit(), "done", back=True)
