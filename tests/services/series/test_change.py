"""Series that are changed: this one and those after it, or all; what was moved by itself stays."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from clinic_desktop.domain.recurrence import Rule, Unit
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.models import SpecialTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move, StatusChange, VisitChangedError
from clinic_desktop.services.series.schemas import (
    Choice,
    Scope,
    SeriesChangedError,
    SeriesConflictError,
    State,
)
from tests.services.series.conftest import answered, starts

K = Scope


@pytest.fixture
def row(front):
    return front.read(front.book(front.wish()).series_id)


def everything(desk, place) -> list:
    """Return all appointments of the patient, earliest first."""
    with desk.signed_in.reading() as ctx:
        return list(reversed(appointments.visits_of(ctx, place.zofia)))


def move_one(desk, visit, **values):
    change = Move(
        **{
            "id": visit.id,
            "version": visit.version,
            "provider_id": visit.provider_id,
            "chair_id": visit.chair_id,
            "local_start": visit.local_start,
            "minutes": visit.minutes,
            **values,
        }
    )
    with desk.signed_in.writing() as ctx:
        return appointments.move(ctx, change)


def step(desk, visit, to, reason=""):
    with desk.signed_in.writing() as ctx:
        return appointments.set_status(
            ctx, StatusChange(id=visit.id, version=visit.version, to=to, reason=reason)
        )


class TestAll:
    def test_another_day_and_time(self, front, place, row) -> None:
        change = front.change_of(row, 2, K.ALL, local_start=place.at(10, 30, days=15))
        done = front.change(change)
        assert done.series_id == row.id
        now = front.read(row.id)
        assert starts(now.visits) == [place.at(10, 30, days=7 * n + 1) for n in range(5)]
        assert now.rule.weekdays == (1,)
        assert now.local_start == place.at(10, 30, days=1)
        assert not any(now.is_apart(one) for one in now.visits)

    def test_a_week_later_takes_the_places_of_one_another(self, front, place, row) -> None:
        done = front.change(front.change_of(row, 0, K.ALL, local_start=place.at(9, days=7)))
        assert starts(done.visits) == [place.at(9, days=7 * n) for n in range(1, 6)]
        assert front.read(row.id).version == 2

    def test_length_provider_and_chair(self, front, place, row) -> None:
        change = front.change_of(
            row,
            0,
            K.ALL,
            minutes=45,
            provider_id=place.nwosu,
            chair_id=place.other_chair,
            local_start=place.at(14),
        )
        front.change(change)
        now = front.read(row.id)
        assert {(one.provider, one.minutes, one.chair_id) for one in now.visits} == {
            ("Dr Nwosu", 45, place.other_chair)
        }
        assert (now.minutes, now.provider_id) == (45, place.nwosu)

    def test_taken_back_and_done_again(self, front, place, row) -> None:
        done = front.change(front.change_of(row, 2, K.ALL, local_start=place.at(11, days=15)))
        undone = front.back(done)
        before = front.read(row.id)
        assert starts(before.visits) == starts(row.visits)
        assert (before.rule, before.local_start) == (row.rule, row.local_start)
        front.back(undone)
        again = front.read(row.id)
        assert starts(again.visits) == starts(done.visits)
        assert again.rule.weekdays == (1,)

    def test_nothing_changed(self, front, row) -> None:
        with pytest.raises(InvalidError, match="Nothing is changed"):
            front.change(front.change_of(row, 0, K.ALL))

    @pytest.mark.parametrize("minutes", [0, -5, 25 * 60])
    def test_no_length(self, front, row, minutes) -> None:
        with pytest.raises(InvalidError, match="5 minutes to a day") as refused:
            front.change(front.change_of(row, 0, K.ALL, minutes=minutes))
        assert refused.value.field == "minutes"

    def test_what_is_cancelled_stays_as_it_is(self, front, place, row) -> None:
        gone = step(front, row.visits[3], "cancelled", "unwell")
        row = front.read(row.id)
        done = front.change(front.change_of(row, 0, K.ALL, local_start=place.at(9, days=7)))
        assert done.series_id != row.id
        assert len(done.visits) == 4
        with front.signed_in.reading() as ctx:
            assert appointments.appointment(ctx, gone.id) == gone

    def test_what_is_over_is_never_touched(self, front, manager, place, make, row) -> None:
        # A date of the series that was long ago.
        start = manager.signed_in.clock.now() - timedelta(days=70)
        start = start.replace(hour=9, minute=0, second=0, microsecond=0)
        old = make.appointment(place.zofia, place.park, starts_at=start)
        make_member(make, old, row, start.date())
        row = front.read(row.id)
        before = row.visits[0]
        assert before.id == old
        done = front.change(front.change_of(row, 2, K.ALL, local_start=place.at(10, days=7)))
        assert len(done.visits) == 5
        with front.signed_in.reading() as ctx:
            assert appointments.appointment(ctx, old) == before

    def test_a_past_one_cannot_be_the_one_that_is_taken(self, front, place, make, row) -> None:
        start = front.signed_in.clock.now() - timedelta(days=70)
        old = make.appointment(
            place.zofia, place.park, starts_at=start.replace(minute=0, second=0, microsecond=0)
        )
        make_member(make, old, row, start.date())
        row = front.read(row.id)
        with pytest.raises(ConflictError, match="is past"):
            front.change(front.change_of(row, 0, K.ALL, minutes=60))


def make_member(make, visit_id, row, day) -> None:
    """Say that an appointment belongs to a series."""
    with make.signed_in.writing() as ctx:
        ctx.connection.execute(
            text(
                "UPDATE appointment SET series_id = :series, series_date = :day,"
                " version = version + 1 WHERE id = :id"
            ),
            {"series": row.id, "day": day, "id": visit_id},
        )


class TestFollowing:
    def test_becomes_a_series_of_its_own(self, front, place, row) -> None:
        change = front.change_of(row, 2, K.FOLLOWING, local_start=place.at(15, days=14))
        done = front.change(change)
        old, new = front.read(row.id), front.read(done.series_id)
        assert starts(old.visits) == [place.at(9), place.at(9, days=7)]
        assert old.rule.count == 2
        assert starts(new.visits) == [place.at(15, days=7 * n) for n in (2, 3, 4)]
        assert (new.rule.count, new.local_start, new.follows_id) == (
            3,
            place.at(15, days=14),
            row.id,
        )

    def test_taken_back_is_one_series_again(self, front, place, row) -> None:
        done = front.change(front.change_of(row, 2, K.FOLLOWING, minutes=60))
        undone = front.back(done)
        now = front.read(row.id)
        assert (starts(now.visits), now.rule) == (starts(row.visits), row.rule)
        assert {one.minutes for one in now.visits} == {30}
        again = front.back(undone)
        assert {one.minutes for one in front.read(done.series_id).visits} == {60}
        front.back(again)
        assert {one.minutes for one in front.read(row.id).visits} == {30}

    def test_from_the_first_on_is_all(self, front, place, row) -> None:
        done = front.change(front.change_of(row, 0, K.FOLLOWING, minutes=60))
        assert done.series_id == row.id

    def test_this_one_alone(self, front, place, row) -> None:
        done = front.change(front.change_of(row, 1, K.THIS, local_start=place.at(16, days=8)))
        now = front.read(row.id)
        assert len(done.visits) == 1
        assert [now.is_apart(one) for one in now.visits] == [False, True, False, False, False]


class TestApart:
    def test_what_was_moved_by_itself_stays(self, front, place, row) -> None:
        apart = move_one(front, row.visits[3], local_start=place.at(16, days=22))
        row = front.read(row.id)
        change = front.change_of(row, 0, K.ALL, local_start=place.at(10))
        kept = front.plan_change(change).dates[3]
        assert (kept.state, kept.lands) == (State.KEPT, place.at(16, days=22))
        done = front.change(change)
        assert done.left == 1
        now = {one.id: one for one in front.read(row.id).visits}
        assert now[apart.id].local_start == place.at(16, days=22)
        assert [one.local_start.hour for one in now.values()].count(10) == 4

    def test_unless_it_is_asked_back(self, front, place, row) -> None:
        move_one(front, row.visits[3], local_start=place.at(16, days=22))
        row = front.read(row.id)
        front.change(front.change_of(row, 0, K.ALL, local_start=place.at(10), with_apart=True))
        assert starts(front.read(row.id).visits) == [place.at(10, days=7 * n) for n in range(5)]

    def test_its_own_length_is_kept_as_well(self, front, place, row) -> None:
        move_one(front, row.visits[1], minutes=60)
        row = front.read(row.id)
        front.change(front.change_of(row, 0, K.ALL, local_start=place.at(10)))
        assert [one.minutes for one in front.read(row.id).visits] == [30, 60, 30, 30, 30]


class TestConflicts:
    @pytest.fixture
    def taken(self, front, place, row):
        with front.signed_in.writing() as ctx:
            return appointments.book(
                ctx,
                place.booking(10, patient_id=place.ines, local_start=place.at(10, days=14)),
            )

    def test_told_before_anything_is_written(self, front, place, row, taken) -> None:
        change = front.change_of(row, 0, K.ALL, local_start=place.at(10))
        plan = front.plan_change(change)
        assert [one.state.value for one in plan.dates] == ["free", "free", "taken", "free", "free"]
        before = everything(front, place)
        with pytest.raises(SeriesConflictError, match="One date needs an answer"):
            front.change(change)
        assert everything(front, place) == before

    def test_left_where_it_is(self, front, place, row, taken) -> None:
        change = front.change_of(row, 0, K.ALL, local_start=place.at(10))
        done = front.change(answered(change, front.plan_change(change), Choice.LEAVE_OUT))
        assert done.left == 1
        assert [one.local_start.hour for one in front.read(row.id).visits] == [10, 10, 9, 10, 10]

    def test_at_the_next_free_time(self, front, place, row, taken) -> None:
        change = front.change_of(row, 0, K.ALL, local_start=place.at(10))
        front.change(answered(change, front.plan_change(change), Choice.SHIFT))
        assert front.read(row.id).visits[2].local_start == place.at(10, 30, days=14)

    def test_a_holiday(self, front, place, row, make) -> None:
        start = place.at(0, days=8)
        make.row(SpecialTime, kind="holiday", starts=start, ends=start + timedelta(days=1))
        change = front.change_of(
            row, 0, K.ALL, local_start=place.at(9, days=1), on_closed="next_day"
        )
        front.change(change)
        assert front.read(row.id).visits[1].local_start == place.at(9, days=9)

    def test_what_is_left_on_closed_days_keeps_its_place(self, front, place, row, make) -> None:
        start = place.at(0, days=14)
        make.row(SpecialTime, kind="holiday", starts=start, ends=start + timedelta(days=1))
        change = front.change_of(
            row, 0, K.ALL, local_start=place.at(9, days=7), on_closed="leave_out"
        )
        plan = front.plan_change(change)
        # The second cannot go to the holiday and stays, so the first cannot have its place.
        assert [one.state.value for one in plan.dates][:2] == ["taken", "closed"]
        front.change(answered(change, plan, Choice.SHIFT))
        assert starts(front.read(row.id).visits)[:2] == [
            place.at(9, days=7),
            place.at(9, 30, days=7),
        ]

    def test_undo_where_somebody_has_the_old_place(self, front, place, row) -> None:
        done = front.change(front.change_of(row, 0, K.ALL, local_start=place.at(15)))
        with front.signed_in.writing() as ctx:
            appointments.book(
                ctx, place.booking(9, patient_id=place.ines, local_start=place.at(9, days=7))
            )
        before = everything(front, place)
        with pytest.raises(ConflictError, match="already has Inês"):
            front.back(done)
        assert everything(front, place) == before


class TestTwoPeople:
    def test_the_series_changed_on_another_pc(self, front, desk_as, place, row) -> None:
        other = desk_as("u_dentist", device="pc-2")
        other.change(other.change_of(row, 0, K.ALL, local_start=place.at(11)))
        with pytest.raises(SeriesChangedError) as refused:
            front.change(front.change_of(row, 0, K.ALL, local_start=place.at(15)))
        assert "changed this series first" in str(refused.value)
        assert "11:00" in str(refused.value)
        assert refused.value.now.local_start == place.at(11)
        with pytest.raises(SeriesChangedError):
            front.cancel(row, 0, K.ALL)

    def test_one_of_them_changed_since_it_was_shown(self, front, desk_as, place, row) -> None:
        change = front.change_of(row, 0, K.ALL, local_start=place.at(10))
        plan = front.plan_change(change)
        move_one(
            desk_as("u_dentist", device="pc-2"), row.visits[3], local_start=place.at(16, days=22)
        )
        with pytest.raises(VisitChangedError):
            front.change(change.model_copy(update={"seen": plan.seen}))


class TestCancel:
    def test_this_and_following(self, front, place, row) -> None:
        done = front.cancel(row, 2, K.FOLLOWING)
        now = front.read(row.id)
        assert [one.status for one in now.visits] == ["pending"] * 2 + ["cancelled"] * 3
        assert now.rule.count == 2
        assert {one.reason for one in done.visits} == {"moved away"}
        front.back(done)
        now = front.read(row.id)
        assert {one.status for one in now.visits} == {"pending"}
        assert now.rule == row.rule

    def test_all_of_them(self, front, place, row) -> None:
        front.cancel(row, 2, K.ALL)
        assert {one.status for one in front.read(row.id).visits} == {"cancelled"}

    def test_those_moved_by_themselves_when_asked(self, front, place, row) -> None:
        move_one(front, row.visits[3], local_start=place.at(16, days=22))
        done = front.cancel(front.read(row.id), 2, K.ALL, with_apart=False)
        assert (len(done.visits), done.left) == (4, 1)

    def test_needs_a_reason(self, front, row) -> None:
        with pytest.raises(InvalidError, match="Say why"):
            front.cancel(row, 0, K.ALL, reason="")

    def test_its_time_is_free_again(self, front, place, row) -> None:
        front.cancel(row, 0, K.ALL)
        with front.signed_in.writing() as ctx:
            assert appointments.book(ctx, place.booking(9, patient_id=place.ines))


def test_a_month_moves_within_months(front, place) -> None:
    start = place.at(9)
    rule = Rule(Unit.MONTH_WEEKDAY, 1, (0,), place=(start.day - 1) // 7 + 1, count=4)
    booking = front.wish().model_copy(update={"rule": rule, "on_closed": "leave_out"})
    row = front.read(front.book(booking).series_id)
    assert len(row.visits) == 4
    change = front.change_of(
        row, 1, K.ALL, local_start=row.visits[1].local_start + timedelta(days=1)
    )
    front.change(change)
    now = front.read(row.id)
    assert {one.local_start.weekday() for one in now.visits} == {1}
    assert [one.local_start.month for one in now.visits] == [
        one.local_start.month for one in row.visits
    ]
