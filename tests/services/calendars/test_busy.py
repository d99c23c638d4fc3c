"""Busy times of another calendar: previewed, brought in, followed, taken back."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from clinic_desktop.models import SpecialTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking, OutsideHoursError
from clinic_desktop.services.calendars import busy
from clinic_desktop.services.calendars.schemas import BusyWanted
from clinic_desktop.services.rows import add_row
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import BookingsAheadError, SpecialTimeValues
from tests.services.calendars.conftest import event


@pytest.fixture
def look(signed_in, park, monday):
    """``look(path)`` is the preview of a file for Dr Park, half a year from today."""

    def one(path, *, titles: bool = False, provider=None):
        wanted = BusyWanted(
            path=str(path), provider_id=provider or park, titles=titles,
            first=monday - timedelta(days=14), last=monday + timedelta(days=180),
        )  # fmt: skip
        with signed_in.reading() as ctx:
            return busy.preview(ctx, wanted)

    return one


@pytest.fixture
def bring(signed_in, look):
    def one(path, **more):
        found = look(path, **more)
        with signed_in.writing() as ctx:
            return busy.take_in(ctx, found.plan, keep_bookings=True)

    return one


def stored(signed_in):
    with signed_in.reading() as ctx:
        return working_time.special_times(ctx)


class TestTakeIn:
    def test_hours_are_blocked_and_days_are_off(self, signed_in, park, monday, ics, bring) -> None:
        bring(ics(event("a", monday), event("b", monday + timedelta(days=1), None)))
        found = [(row.kind, row.label, row.source, row.provider_id) for row in stored(signed_in)]
        # The clinic need not know what they do in their own time.
        assert found == [
            ("blockout", "Busy", "Private", park),
            ("time_off", "Busy", "Private", park),
        ]

    def test_titles_where_somebody_wants_them(self, signed_in, monday, ics, bring) -> None:
        bring(ics(event("a", monday)), titles=True)
        assert [row.label for row in stored(signed_in)] == ["Title of a"]

    def test_the_database_refuses_a_booking_there(
        self, signed_in, make, park, monday, ics, bring
    ) -> None:
        bring(ics(event("a", monday)))
        booking = Booking(
            id=new_id(), patient_id=make.patient(), provider_id=park,
            local_start=datetime.combine(monday, time(9)), minutes=30,
        )  # fmt: skip
        with pytest.raises(OutsideHoursError), signed_in.writing() as ctx:
            appointments.book(ctx, booking)

    def test_the_same_again_changes_nothing(self, signed_in, monday, ics, bring, look) -> None:
        path = ics(event("a", monday), event("b", monday, 12, "RRULE:FREQ=WEEKLY;COUNT=4"))
        bring(path)
        before = stored(signed_in)
        again = look(path)
        assert (again.seen_before, again.same, again.new, again.changed, again.gone) == (
            True, 5, (), (), 0,
        )  # fmt: skip
        bring(path)
        assert stored(signed_in) == before

    def test_a_newer_file_moves_adds_and_takes_away(
        self, signed_in, monday, ics, bring, look
    ) -> None:
        bring(ics(event("a", monday), event("b", monday, 12), event("c", monday, 14)))
        ids = {row.starts.hour: row.id for row in stored(signed_in)}
        path = ics(event("a", monday, 10), event("c", monday, 14), event("d", monday, 16))
        found = look(path)
        assert [len(found.new), len(found.changed), found.same, found.gone] == [1, 1, 1, 1]
        bring(path)
        now = {row.starts.hour: row.id for row in stored(signed_in)}
        assert sorted(now) == [10, 14, 16]
        assert (now[10], now[14]) == (ids[9], ids[14])

    def test_known_by_its_events_under_another_name(self, monday, ics, bring, look) -> None:
        bring(ics(event("a", monday), event("b", monday, 12)))
        found = look(ics(event("b", monday, 12), name="Renamed"))
        assert (found.plan.source, found.seen_before, found.gone) == ("Private", True, 1)

    def test_another_calendar_and_another_provider_keep_theirs(
        self, signed_in, make, monday, ics, bring
    ) -> None:
        nwosu = make.provider("Dr Nwosu")
        bring(ics(event("a", monday)))
        bring(ics(event("x", monday, 12), name="University"))
        bring(ics(event("a", monday), name="Private"), provider=nwosu)
        bring(ics(event("x", monday, 13), name="University"))
        assert len(stored(signed_in)) == 3
        with signed_in.reading() as ctx:
            found = [(one.provider, one.source, one.count) for one in busy.calendars(ctx)]
        assert found == [
            ("Dr Hyejin Park", "Private", 1), ("Dr Hyejin Park", "University", 1),
            ("Dr Nwosu", "Private", 1),
        ]  # fmt: skip
        bring(ics(name="University"))
        assert len(stored(signed_in)) == 2

    def test_what_is_over_stays(self, signed_in, park, monday, ics, bring) -> None:
        old = datetime.combine(monday - timedelta(days=60), time(9))
        with signed_in.writing() as ctx:
            add_row(
                ctx, SpecialTime, id=new_id(), provider_id=park, kind="blockout", label="Busy",
                starts=old, ends=old + timedelta(hours=1), source="Private", source_uid="old",
            )  # fmt: skip
        bring(ics(event("a", monday)))
        with signed_in.reading() as ctx:
            assert len(working_time.special_times(ctx, since=old.date())) == 2

    def test_nothing_goes_for_what_could_not_be_read(
        self, signed_in, monday, ics, bring, look
    ) -> None:
        bring(ics(event("a", monday), event("b", monday, 12, "RRULE:FREQ=WEEKLY;COUNT=3")))
        broken = event("a", monday).replace("DTSTART:", "DTSTART:x")
        secondly = event("b", monday, 12, "RRULE:FREQ=SECONDLY")
        path = ics(broken, secondly, event("c", monday, 16))
        found = look(path)
        assert (len(found.new), found.gone, len(found.problems)) == (1, 0, 2)
        bring(path)
        assert len(stored(signed_in)) == 5

    def test_nothing_goes_for_half_a_file(self, signed_in, monday, ics, bring, look) -> None:
        bring(ics(event("a", monday), event("b", monday, 12)))
        found = look(ics(event("a", monday), end=False))
        assert (found.plan.whole, found.gone, found.same) == (False, 0, 1)


class TestBookings:
    def test_those_that_would_stand_in_it_are_listed(
        self, signed_in, park, monday, ics, look, book
    ) -> None:
        book(park, 10)
        book(park, 14, given="Ana")
        found = look(ics(event("a", monday, 9, hours=2)))
        assert [row.patient for row in found.stranded] == ["Zofia Wiśniewska"]
        raised = pytest.raises(BookingsAheadError, match="Zofia")
        with raised as refused, signed_in.writing() as ctx:
            busy.take_in(ctx, found.plan)
        assert refused.value.may_keep
        assert stored(signed_in) == ()
        with signed_in.writing() as ctx:
            busy.take_in(ctx, found.plan, keep_bookings=True)
        with signed_in.reading() as ctx:
            assert [row.patient for row in working_time.stranded(ctx)] == ["Zofia Wiśniewska"]
        # They stand there already: bringing it in again asks nothing.
        assert look(ics(event("a", monday, 9, hours=2))).stranded == ()

    def test_of_other_providers_they_are_not(self, make, monday, ics, look, book) -> None:
        book(make.provider("Dr Nwosu"), 10)
        assert look(ics(event("a", monday, 9, hours=4))).stranded == ()


class TestTakingBack:
    def test_everything_is_as_it_was(self, signed_in, monday, ics, bring) -> None:
        bring(ics(event("a", monday), event("b", monday, 12), event("c", monday, 14)))

        def seen():
            return [(row.id, row.starts, row.label) for row in stored(signed_in)]

        before = seen()
        taken = bring(ics(event("a", monday, 10), event("c", monday, 14), event("d", monday, 16)))
        assert seen() != before
        with signed_in.writing() as ctx:
            assert busy.undo(ctx, taken) == 0
        assert seen() == before

    def test_what_was_changed_since_stays(self, signed_in, monday, ics, bring) -> None:
        taken = bring(ics(event("a", monday), event("b", monday, 12)))
        row = stored(signed_in)[0]
        with signed_in.writing() as ctx:
            working_time.remove_special(ctx, row.id, row.version)
        with signed_in.writing() as ctx:
            assert busy.undo(ctx, taken) == 1
        assert stored(signed_in) == ()

    def test_a_calendar_is_forgotten_and_comes_back(self, signed_in, park, monday, ics, bring):
        bring(ics(event("a", monday), event("b", monday, 12)))
        before = [row.id for row in stored(signed_in)]
        with signed_in.writing() as ctx:
            taken = busy.forget(ctx, park, "Private")
        assert stored(signed_in) == ()
        with pytest.raises(NotFoundError), signed_in.writing() as ctx:
            busy.forget(ctx, park, "Private")
        with signed_in.writing() as ctx:
            busy.undo(ctx, taken)
        assert [row.id for row in stored(signed_in)] == before

    def test_one_taken_away_by_hand_does_not_come_twice(
        self, signed_in, monday, ics, bring, look, choose
    ):
        path = ics(event("a", monday))
        bring(path)
        (row,) = stored(signed_in)
        with signed_in.writing() as ctx:
            version = working_time.remove_special(ctx, row.id, row.version)
        choose(path, "a")
        with pytest.raises(ConflictError, match="brought in again"), signed_in.writing() as ctx:
            working_time.restore_special(ctx, row.id, version)
        assert len(stored(signed_in)) == 1


@pytest.fixture
def choose(signed_in, look):
    """``choose(path, "a")`` brings a file in and takes the calendar's time of these events."""

    def one(path, *uids: str):
        plan = look(path).plan.model_copy(update={"taken": frozenset(uids)})
        with signed_in.writing() as ctx:
            return busy.take_in(ctx, plan, keep_bookings=True)

    return one


@pytest.fixture
def by_hand(signed_in, sign_in, park, monday):
    """``by_hand(hour=11)`` moves the one stored time to that hour, as the manager."""

    def one(hour: int) -> None:
        (row,) = stored(signed_in)
        values = SpecialTimeValues(
            provider_id=park, kind="blockout", label="Meeting",
            starts=datetime.combine(monday, time(hour)),
            ends=datetime.combine(monday, time(hour + 1)),
        )  # fmt: skip
        with sign_in("u_manager").writing() as ctx:
            working_time.change_special(ctx, row.id, row.version, values)

    return one


class TestByHand:
    def test_what_somebody_changed_here_stays_and_is_named(
        self, signed_in, monday, ics, bring, look, by_hand
    ) -> None:
        path = ics(event("a", monday))
        bring(path)
        by_hand(11)
        found = look(path)
        assert (found.new, found.changed, found.same, found.gone) == ((), (), 0, 0)
        (one,) = found.kept
        assert (one.who, one.here.starts.hour, one.there.starts.hour, one.removed) == (
            "Ana Reis", 11, 9, False,
        )  # fmt: skip
        bring(path)
        (row,) = stored(signed_in)
        assert (row.starts.hour, row.label) == (11, "Meeting")

    def test_a_newer_file_does_not_move_it_either(
        self, signed_in, monday, ics, bring, by_hand
    ) -> None:
        bring(ics(event("a", monday)))
        by_hand(11)
        bring(ics(event("a", monday, 15), event("b", monday, 16)))
        assert sorted(row.starts.hour for row in stored(signed_in)) == [11, 16]

    def test_the_calendar_s_is_taken_where_somebody_wants_it(
        self, signed_in, monday, ics, bring, look, choose, by_hand
    ) -> None:
        path = ics(event("a", monday))
        bring(path)
        by_hand(11)
        taken = choose(path, "a")
        (row,) = stored(signed_in)
        assert (row.starts.hour, row.label) == (9, "Busy")
        # From now on it follows the calendar again.
        newer = ics(event("a", monday, 14))
        assert look(newer).kept == ()
        # Taking back that it was taken makes it the hand's again.
        with signed_in.writing() as ctx:
            assert busy.undo(ctx, taken) == 0
        (one,) = look(newer).kept
        assert (one.who, one.here.starts.hour) == ("Ana Reis", 11)

    def test_gone_there_it_stays_here_unless_it_is_to_go(
        self, signed_in, monday, ics, bring, look, choose, by_hand
    ) -> None:
        bring(ics(event("a", monday)))
        by_hand(11)
        path = ics(event("b", monday, 15))
        # The calendar is known by its name where none of its events is left.
        (one,) = look(path).kept
        assert one.there is None
        bring(path)
        assert sorted(row.starts.hour for row in stored(signed_in)) == [11, 15]
        choose(path, "a")
        assert [row.starts.hour for row in stored(signed_in)] == [15]

    def test_taken_away_by_hand_it_stays_away(
        self, signed_in, monday, ics, bring, look, choose
    ) -> None:
        path = ics(event("a", monday))
        bring(path)
        (row,) = stored(signed_in)
        with signed_in.writing() as ctx:
            working_time.remove_special(ctx, row.id, row.version)
        (one,) = look(path).kept
        assert (one.removed, one.who) == (True, "Maeve Quinn")
        bring(path)
        assert stored(signed_in) == ()
        choose(path, "a")
        assert [row.starts.hour for row in stored(signed_in)] == [9]
        assert look(path).kept == ()

    def test_put_back_by_hand_as_it_was_it_follows_again(
        self, signed_in, park, monday, ics, bring, look, by_hand
    ) -> None:
        path = ics(event("a", monday))
        bring(path)
        by_hand(11)
        (row,) = stored(signed_in)
        values = SpecialTimeValues(
            provider_id=park, kind="blockout", label="Busy",
            starts=datetime.combine(monday, time(9)), ends=datetime.combine(monday, time(10)),
        )  # fmt: skip
        with signed_in.writing() as ctx:
            working_time.change_special(ctx, row.id, row.version, values)
        found = look(path)
        assert (found.kept, found.same) == ((), 1)

    def test_changed_between_the_look_and_the_writing(
        self, signed_in, monday, ics, bring, look, by_hand
    ) -> None:
        bring(ics(event("a", monday)))
        plan = look(ics(event("a", monday, 15))).plan
        by_hand(11)
        with signed_in.writing() as ctx:
            busy.take_in(ctx, plan, keep_bookings=True)
        assert [row.starts.hour for row in stored(signed_in)] == [11]

    def test_a_calendar_taken_away_whole_comes_back_as_it_is(
        self, signed_in, park, monday, ics, bring, look, by_hand
    ) -> None:
        path = ics(event("a", monday))
        bring(path)
        by_hand(11)
        with signed_in.writing() as ctx:
            taken = busy.forget(ctx, park, "Private")
        assert (look(path).kept, len(look(path).new)) == ((), 1)
        with signed_in.writing() as ctx:
            busy.undo(ctx, taken)
        (one,) = look(path).kept
        assert (one.who, one.here.starts.hour) == ("Ana Reis", 11)


class TestRefusals:
    def test_only_who_may_change_hours(self, sign_in, park, monday, ics) -> None:
        wanted = BusyWanted(
            path=str(ics(event("a", monday))), provider_id=park, first=monday, last=monday
        )
        with sign_in("u_front").reading() as ctx, pytest.raises(NotAllowedError):
            busy.preview(ctx, wanted)

    def test_the_database_holds_an_event_once(self, signed_in, park, monday) -> None:
        values = {
            "provider_id": park, "kind": "blockout", "label": "Busy", "source": "Private",
            "source_uid": "a", "starts": datetime.combine(monday, time(9)),
            "ends": datetime.combine(monday, time(10)),
        }  # fmt: skip
        with signed_in.writing() as ctx:
            add_row(ctx, SpecialTime, id=new_id(), **values)
        with pytest.raises(IntegrityError), signed_in.writing() as ctx:
            add_row(ctx, SpecialTime, id=new_id(), **values)
        with pytest.raises(IntegrityError), signed_in.writing() as ctx:
            add_row(ctx, SpecialTime, id=new_id(), **{**values, "source_uid": ""})

    def test_more_than_a_year(self, signed_in, park, ics) -> None:
        wanted = BusyWanted(
            path=str(ics()), provider_id=park, first=date(2027, 1, 1), last=date(2029, 1, 1)
        )
        with signed_in.reading() as ctx, pytest.raises(InvalidError, match="At most a year"):
            busy.preview(ctx, wanted)
