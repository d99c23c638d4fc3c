"""Series that are booked: each date planned before, all or nothing, taken back as one."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.recurrence import Rule, Unit
from clinic_desktop.errors import ClinicError, InvalidError, NotAllowedError, NotFoundError
from clinic_desktop.models import SpecialTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import SlotTakenError, VisitChangedError
from clinic_desktop.services.series.schemas import Choice, OnClosed, SeriesConflictError, State
from tests.services.series.conftest import answered, starts


def book_one(desk, booking):
    with desk.signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


def states(plan) -> list[str]:
    return [one.state.value for one in plan.dates]


@pytest.fixture
def holiday(make, place):
    """The second Monday is a holiday, the day behind it as well."""
    start = place.at(0, days=7)
    make.row(
        SpecialTime, kind="holiday", starts=start, ends=start + timedelta(days=2), label="Founding"
    )


class TestBook:
    def test_five_mondays(self, front, place) -> None:
        done = front.book(front.wish(treatment_ids=(place.exam,), remark="bring the splint"))
        assert starts(done.visits) == [place.at(9, days=7 * n) for n in range(5)]
        assert done.left == 0
        row = front.read(done.series_id)
        assert [one.series_id for one in row.visits] == [row.id] * 5
        assert {(one.service, one.remark, one.minutes) for one in row.visits} == {
            ("Exam", "bring the splint", 30)
        }
        assert row.rule.written() == "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=MO;COUNT=5"
        assert not any(row.is_apart(one) for one in row.visits)

    def test_the_services_say_how_long(self, front, place) -> None:
        booking = front.wish(treatment_ids=(place.exam, place.composite), minutes=None)
        assert {one.minutes for one in front.book(booking).visits} == {65}

    def test_sent_twice_is_one_act(self, front, place) -> None:
        booking = front.wish()
        once, again = front.book(booking), front.book(booking)
        assert once == again

    def test_taken_back_as_one_and_done_again(self, front, place) -> None:
        done = front.book(front.wish())
        undone = front.back(done)
        assert {one.status for one in front.read(done.series_id).visits} == {"cancelled"}
        front.back(undone)
        assert {one.status for one in front.read(done.series_id).visits} == {"pending"}

    def test_not_taken_back_over_somebody_who_changed_one(self, front, place) -> None:
        done = front.book(front.wish())
        one = done.visits[2]
        with front.signed_in.writing() as ctx:
            appointments.set_status(
                ctx, appointments.StatusChange(id=one.id, version=1, to="confirmed")
            )
        with pytest.raises(VisitChangedError, match="changed this appointment first"):
            front.back(done)
        assert {one.status for one in front.read(done.series_id).visits} == {"pending", "confirmed"}

    def test_from_an_appointment_that_is_there(self, front, place) -> None:
        first = book_one(front, place.booking(9, treatment_ids=(place.exam,)))
        done = front.book(front.wish(first_id=first.id, first_version=1))
        row = front.read(done.series_id)
        assert row.visits[0].id == first.id
        assert {one.service for one in row.visits} == {"Exam"}
        assert len(row.visits) == 5
        front.back(done)
        with front.signed_in.reading() as ctx:
            now = appointments.appointment(ctx, first.id)
        assert (now.status, now.series_id) == ("pending", None)
        assert [one.status for one in front.read(row.id).visits] == ["cancelled"] * 4

    def test_from_one_that_somebody_moved_meanwhile(self, front, place) -> None:
        first = book_one(front, place.booking(9))
        with pytest.raises(VisitChangedError):
            front.book(front.wish(first_id=first.id, first_version=7))

    def test_from_one_of_another_series(self, front, place) -> None:
        done = front.book(front.wish())
        visit = done.visits[0]
        with pytest.raises(InvalidError, match="belongs to a series already"):
            front.book(front.wish(first_id=visit.id, first_version=visit.version))

    def test_it_has_to_be_one_of_the_dates(self, front, place) -> None:
        first = book_one(front, place.booking(9))
        with pytest.raises(InvalidError, match="begin with the day of this appointment"):
            front.plan(front.wish(first_id=first.id, first_version=1, rule={"weekdays": (3,)}))

    def test_whoever_may_not_book(self, desk_as) -> None:
        accountant = desk_as("u_compliance")
        with pytest.raises(NotAllowedError):
            accountant.book(accountant.wish())


class TestPlan:
    def test_what_stands_against_each_date(self, manager, place, holiday) -> None:
        book_one(manager, place.booking(9, patient_id=place.ines, local_start=place.at(9, days=14)))
        book_one(
            manager,
            place.booking(
                15, provider_id=place.nwosu, chair_id=None, local_start=place.at(15, days=21)
            ),
        )
        plan = manager.plan(manager.wish())
        assert states(plan) == ["free", "closed", "taken", "elsewhere", "free"]
        closed, taken, elsewhere = plan.dates[1:4]
        assert closed.sentence == "Dr Park does not work that day (Founding)"
        assert closed.choices == (Choice.LEAVE_OUT, Choice.NEXT_DAY, Choice.OUTSIDE)
        assert taken.sentence == "Dr Park has Inês Carvalho-Lindqvist at 09:00"
        assert taken.nearest == place.at(9, 30, days=14)
        assert taken.choices == (Choice.LEAVE_OUT, Choice.SHIFT)
        # On the same day, at another time: worth knowing, no question.
        assert elsewhere.sentence == "the patient is with Dr Nwosu at 15:00 that day"
        assert elsewhere.choice is Choice.BOOK
        assert [one.is_open for one in plan.dates] == [False, True, True, False, False]

    def test_while_one_has_no_answer_nothing_is_written(self, front, place, holiday) -> None:
        with pytest.raises(SeriesConflictError, match="One date needs an answer") as refused:
            front.book(front.wish())
        assert len(refused.value.plan.open) == 1
        with front.signed_in.reading() as ctx:
            assert appointments.day(ctx, place.monday).visits == ()

    def test_left_out(self, front, place, holiday) -> None:
        booking = front.wish(on_closed=OnClosed.LEAVE_OUT)
        done = front.book(booking)
        assert starts(done.visits) == [place.at(9, days=7 * n) for n in (0, 2, 3, 4)]
        assert done.left == 1

    def test_on_the_next_worked_day(self, front, place, holiday) -> None:
        booking = front.wish(on_closed=OnClosed.NEXT_DAY)
        moved = front.plan(booking).dates[1]
        assert moved.lands == place.at(9, days=9)
        assert moved.note.startswith("instead of ")
        done = front.book(booking)
        assert done.visits[1].local_start == place.at(9, days=9)
        row = front.read(done.series_id)
        assert [row.is_apart(one) for one in row.visits] == [False, True, False, False, False]

    def test_the_next_worked_day_may_be_taken_too(self, front, place, holiday) -> None:
        book_one(front, place.booking(9, patient_id=place.ines, local_start=place.at(9, days=9)))
        booking = front.wish(on_closed=OnClosed.NEXT_DAY)
        plan = front.plan(booking)
        assert plan.dates[1].state is State.TAKEN
        done = front.book(answered(booking, plan, Choice.SHIFT))
        assert done.visits[1].local_start == place.at(9, 30, days=9)

    def test_at_the_next_free_time_of_the_day(self, front, place) -> None:
        book_one(front, place.booking(9, patient_id=place.ines, local_start=place.at(9, days=7)))
        booking = front.wish()
        done = front.book(answered(booking, front.plan(booking), Choice.SHIFT))
        assert done.visits[1].local_start == place.at(9, 30, days=7)

    def test_a_time_that_was_free_a_moment_ago_is_asked_about_again(self, front, place) -> None:
        at = place.at(9, days=7)
        book_one(front, place.booking(9, patient_id=place.ines, local_start=at))
        booking = front.wish()
        booking = answered(booking, front.plan(booking), Choice.SHIFT)
        later = at + timedelta(minutes=30)
        book_one(front, place.booking(9, patient_id=place.ines, local_start=later))
        with pytest.raises(SeriesConflictError) as refused:
            front.book(booking)
        assert refused.value.plan.dates[1].nearest == at + timedelta(minutes=60)

    def test_two_of_the_series_never_meet(self, front, place, make) -> None:
        start = place.at(0)
        make.row(SpecialTime, kind="holiday", starts=start, ends=start + timedelta(days=1))
        booking = front.wish(rule={"weekdays": (0, 1), "count": 4}, on_closed=OnClosed.NEXT_DAY)
        plan = front.plan(booking)
        assert plan.dates[0].state is State.TAKEN
        assert plan.dates[0].sentence == "another date of this series stands there"
        done = front.book(answered(booking, plan, Choice.SHIFT))
        assert starts(done.visits)[:2] == [place.at(9, days=1), place.at(9, 30, days=1)]

    def test_outside_of_working_time_with_a_reason(self, front, manager, place) -> None:
        early = manager.wish(7, rule={"count": 2})
        plan = manager.plan(early)
        assert states(plan) == ["outside", "outside"]
        assert plan.dates[0].sentence == "Dr Park works 08:00–12:30, 13:00–18:00 that day"
        assert Choice.OUTSIDE not in front.plan(early).dates[0].choices
        with pytest.raises(SeriesConflictError):
            front.book(answered(early, plan, Choice.OUTSIDE))
        with pytest.raises(InvalidError, match="Write why") as refused:
            manager.book(answered(early, plan, Choice.OUTSIDE))
        assert refused.value.field == "reason"
        reasoned = early.model_copy(update={"reason": "works nights"})
        done = manager.book(answered(reasoned, plan, Choice.OUTSIDE))
        assert {one.outside_reason for one in done.visits} == {"works nights"}

    def test_what_is_past(self, manager, place) -> None:
        now = manager.signed_in.clock.now()
        monday = now.date() - timedelta(days=now.weekday() + 7)
        start = datetime.combine(monday, time(9))
        booking = manager.wish(local_start=start, rule={"count": 4})
        plan = manager.plan(booking)
        assert states(plan)[0] == "past"
        done = manager.book(answered(booking, plan, Choice.LEAVE_OUT))
        assert all(one.starts_at > now for one in done.visits)

    def test_everything_left_out(self, front, place) -> None:
        booking = front.wish(rule={"count": 2})
        answers = answered(booking, front.plan(booking), Choice.LEAVE_OUT)
        every = [{"date": one.date, "choice": "leave_out"} for one in front.plan(booking).dates]
        booking = booking.model_validate({**booking.model_dump(), "answers": every})
        assert answers.answers == ()
        with pytest.raises(InvalidError, match="nothing to book"):
            front.book(booking)


class TestBadInput:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"minutes": 0}, "minutes"),
            ({"minutes": -30}, "minutes"),
            ({"minutes": 25 * 60}, "minutes"),
            ({"minutes": None}, "minutes"),
            ({"rule": {"count": None}}, "end"),
            ({"rule": {"count": 10_000}}, "count"),
            ({"rule": {"weekdays": ()}}, "weekdays"),
            ({"local_start": datetime.fromisoformat("1066-10-14T09:00")}, "day"),
            ({"local_start": datetime.fromisoformat("2190-01-01T09:00")}, "until"),
        ],
    )
    def test_said_at_its_field(self, front, values, field) -> None:
        booking = front.wish(**values)
        for act in (front.plan, front.book):
            with pytest.raises(InvalidError) as refused:
                act(booking)
            assert refused.value.field == field
            assert str(refused.value).endswith(".")

    def test_a_service_without_a_length(self, front, place, database) -> None:
        with open_connection(database.superuser()) as connection:
            connection.execute(
                "ALTER TABLE clinic.treatment DROP CONSTRAINT treatment_minutes_check"
            )
            connection.execute(
                "UPDATE clinic.treatment SET minutes = 0, version = version + 1 WHERE id = %s",
                (place.exam,),
            )
        with pytest.raises(InvalidError, match="no length in the price list") as refused:
            front.plan(front.wish(treatment_ids=(place.exam,), minutes=None))
        assert refused.value.field == "minutes"

    def test_a_service_that_is_gone(self, front, place) -> None:
        with pytest.raises(NotFoundError, match="price list"):
            front.book(front.wish(treatment_ids=(place.zofia,)))

    def test_a_patient_who_is_not_active(self, front, place, make) -> None:
        gone = make.patient("Otto", "Weg", status="inactive")
        with pytest.raises(InvalidError, match="not an active patient"):
            front.book(front.wish(patient_id=gone))

    def test_a_provider_who_takes_none(self, front, make) -> None:
        away = make.provider("Dr Away", active=False)
        with pytest.raises(InvalidError, match="takes no appointments") as refused:
            front.plan(front.wish(provider_id=away))
        assert refused.value.field == "provider"


class TestGuards:
    """What the database refuses whoever writes."""

    def test_a_series_without_an_end(self, front, place) -> None:
        done = front.book(front.wish())
        for rule in ("FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=MO", "FREQ=DAILY;COUNT=3", "x;COUNT=9"):
            with pytest.raises(Exception, match="appointment_series_rule_check"):
                self.write(front, "UPDATE appointment_series SET rule = :it", done, it=rule)

    def test_another_patients_appointment(self, front, place) -> None:
        done = front.book(front.wish())
        other = book_one(front, place.booking(15, patient_id=place.ines))
        with pytest.raises(Exception, match="another patient's"), front.signed_in.writing() as ctx:
            ctx.connection.execute(
                text(
                    "UPDATE appointment SET series_id = :series, series_date = '2031-01-01',"
                    " version = version + 1 WHERE id = :id"
                ),
                {"series": done.series_id, "id": other.id},
            )

    def test_a_series_stays_with_its_patient(self, front, place) -> None:
        done = front.book(front.wish())
        with pytest.raises(ClinicError, match="closed"):
            self.write(front, "UPDATE appointment_series SET patient_id = :it", done, it=place.ines)

    def test_one_date_twice(self, front, place) -> None:
        done = front.book(front.wish())
        day = done.visits[0].series_date
        with pytest.raises(Exception, match="series_date_key"), front.signed_in.writing() as ctx:
            ctx.connection.execute(
                text(
                    "UPDATE appointment SET series_date = :day, version = version + 1"
                    " WHERE series_id = :series"
                ),
                {"series": done.series_id, "day": day},
            )

    @staticmethod
    def write(desk, statement, done, **values) -> None:
        with desk.signed_in.writing() as ctx:
            ctx.connection.execute(
                text(f"{statement}, version = version + 1 WHERE id = :series"),
                {"series": done.series_id, **values},
            )


class TestMonths:
    def test_every_six_months_from_the_31st(self, manager, place) -> None:
        start = datetime.fromisoformat("2027-08-31T09:00")
        rule = Rule(Unit.MONTH_DAY, 6, day=31, count=4)
        booking = manager.wish(local_start=start).model_copy(update={"rule": rule})
        done = manager.book(
            answered(booking, manager.plan(booking), Choice.OUTSIDE).model_copy(
                update={"reason": "weekend"}
            )
        )
        assert [f"{one:%Y-%m-%d %H:%M}" for one in starts(done.visits)] == [
            "2027-08-31 09:00",
            "2028-02-29 09:00",
            "2028-08-31 09:00",
            "2029-02-28 09:00",
        ]


def test_somebody_was_quicker(front, desk_as, place) -> None:
    """A booking that comes between plan and save refuses the whole, and the plan says which."""
    booking = front.wish()
    front.plan(booking)
    other = desk_as("u_dentist", device="pc-2")
    book_one(other, place.booking(9, patient_id=place.ines, local_start=place.at(9, days=14)))
    with pytest.raises((SeriesConflictError, SlotTakenError)) as refused:
        front.book(booking)
    assert [one.is_open for one in refused.value.plan.dates] == [False, False, True, False, False]
