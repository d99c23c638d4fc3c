"""The waiting list: ranked with reasons, answers recorded, the first who accepts is booked."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.waiting import BARS, REASONS, Gap, Wish, judge
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, StaleError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import SlotTakenError
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import Answer, FreeTime, NewRequest, RequestValues

DAY = date(2026, 3, 12)  # a Thursday
NOW = datetime.combine(DAY, time(9))
GAP = Gap(datetime.combine(DAY, time(16)), 45, NOW)


class TestJudgement:
    def test_urgent_before_overdue_before_a_long_wait(self) -> None:
        urgent = judge(Wish(45, urgent=True), GAP)
        overdue = judge(Wish(45, overdue=True), GAP)
        long = judge(Wish(45, waits_since=date(2025, 12, 1)), GAP)
        assert urgent.points > overdue.points
        assert long.points > judge(Wish(45, waits_since=date(2026, 3, 1)), GAP).points
        assert [note.key for note in urgent.reasons] == ["urgent", "fits"]

    @pytest.mark.parametrize(
        ("wish", "bar"),
        [
            (Wish(60), "long"),
            (Wish(45, wants_provider=False), "provider"),
            (Wish(45, weekdays=(0, 1)), "weekday"),
            (Wish(45, not_after=time(12)), "time"),
            (Wish(45, not_before=time(16, 30)), "time"),
            (Wish(45, not_after=time(16, 30)), "time"),
            (Wish(45, first_day=date(2026, 3, 13)), "early"),
            (Wish(45, last_day=date(2026, 3, 11)), "late"),
            (Wish(45, notice=600), "notice"),
            (Wish(45, has_visit_at=datetime.combine(DAY, time(15))), "later"),
            (Wish(45, declined_this=True), "declined"),
        ],
    )
    def test_what_stands_against_it(self, wish, bar) -> None:
        assert judge(wish, GAP).bar.key == bar

    def test_who_just_fits(self) -> None:
        wish = Wish(
            45, weekdays=(3,), not_before=time(16), not_after=time(16, 45),
            first_day=date(2026, 3, 12), last_day=date(2026, 3, 12), notice=420,
            wants_provider=True, has_visit_at=datetime.combine(date(2026, 3, 20), time(9)),
        )  # fmt: skip
        judged = judge(wish, GAP)
        assert judged.bar is None
        assert {note.key for note in judged.reasons} >= {"provider", "sooner", "afternoons"}

    @given(
        minutes=st.integers(5, 120), gap=st.integers(5, 120), urgent=st.booleans(),
        overdue=st.booleans(), tried=st.booleans(), notice=st.integers(0, 900),
    )  # fmt: skip
    def test_nobody_is_offered_what_is_too_short(
        self, minutes, gap, urgent, overdue, tried, notice
    ) -> None:
        wish = Wish(minutes, urgent=urgent, overdue=overdue, tried_today=tried, notice=notice)
        judged = judge(wish, Gap(GAP.start, gap, NOW))
        assert (judged.bar is None) == (minutes <= gap and notice <= 420)
        assert all(note.key in REASONS for note in judged.reasons)
        assert judged.bar is None or judged.bar.key in BARS


@pytest.fixture
def clinic(sign_in, make):
    """A clinic with a time that is free tomorrow, and a way to put people on the list."""

    class Clinic:
        front = sign_in("u_front")
        provider = make.provider()
        chair = make.chair()
        service = make.treatment("PRV-010", "Prophylaxis adult", minutes=30)

        def __init__(self) -> None:
            with self.front.reading() as ctx:
                tomorrow = ctx.now.astimezone(ctx.zone).date() + timedelta(days=1)
            while tomorrow.weekday() > 4:
                tomorrow += timedelta(days=1)
            self.free = FreeTime(
                local_start=datetime.combine(tomorrow, time(10, 0)),
                provider_id=self.provider,
                chair_id=self.chair,
                minutes=30,
            )

        def add(self, name="Ana", **values):
            request = new_id()
            patient = values.pop("patient_id", None) or make.patient(given=name)
            values.setdefault("treatment_id", self.service)
            with self.front.writing() as ctx:
                waiting.add_request(ctx, NewRequest(id=request, patient_id=patient, **values))
            return request

        def candidates(self, **values):
            with self.front.reading() as ctx:
                return waiting.candidates(ctx, self.free.model_copy(update=values))

        def rows(self):
            with self.front.reading() as ctx:
                return {row.id: row for row in waiting.waiting_list(ctx)}

        def answer(self, request, words, act=None, who=None, **values):
            row = self.rows().get(request)
            given = Answer(
                id=act or new_id(),
                request_id=request,
                version=values.pop("version", row.version if row else 1),
                free=self.free,
                answer=words,
                **values,
            )
            with (who or self.front).writing() as ctx:
                return waiting.answer(ctx, given)

    return Clinic()


class TestList:
    def test_urgent_first_then_who_waits_longest(self, clinic) -> None:
        clinic.add("First")
        clinic.add("Second")
        clinic.add("Urgent", urgent=True)
        assert [row.given for row in clinic.rows().values()] == ["Urgent", "First", "Second"]
        assert {row.minutes for row in clinic.rows().values()} == {30}, "as the service takes"

    def test_changed_withdrawn_and_back(self, clinic) -> None:
        request = clinic.add()
        row = clinic.rows()[request]
        values = RequestValues(minutes=60, weekdays=(4, 2, 4), remark="calls first")
        with clinic.front.writing() as ctx:
            version = waiting.change_request(ctx, request, row.version, values)
        changed = clinic.rows()[request]
        assert (changed.minutes, changed.weekdays, changed.remark) == (60, (2, 4), "calls first")
        with clinic.front.writing() as ctx, pytest.raises(StaleError):
            waiting.withdraw(ctx, request, row.version)
        with clinic.front.writing() as ctx:
            version = waiting.withdraw(ctx, request, version)
        assert clinic.rows() == {}
        with clinic.front.writing() as ctx:
            waiting.wait_again(ctx, request, version)
        assert request in clinic.rows()

    def test_bad_input_gets_a_sentence(self, clinic) -> None:
        for field, values in {
            "minutes": {"treatment_id": None},
            "not_after": {"not_before": time(12), "not_after": time(9)},
            "last_day": {"first_day": date(2027, 1, 2), "last_day": date(2027, 1, 1)},
        }.items():
            with pytest.raises(InvalidError) as error:
                clinic.add(**values)
            assert error.value.field == field

    def test_only_who_may_write_the_calendar(self, clinic, sign_in, make) -> None:
        new = NewRequest(id=new_id(), patient_id=make.patient(), minutes=30)
        with pytest.raises(NotAllowedError), sign_in("u_compliance").writing() as ctx:
            waiting.add_request(ctx, new)


class TestCandidates:
    def test_the_best_first_and_who_cannot_come_last(self, clinic) -> None:
        weekday = clinic.free.local_start.weekday()
        clinic.add("Never", weekdays=((weekday + 1) % 7,))
        clinic.add("Any")
        clinic.add("Wants", provider_id=clinic.provider)
        found = clinic.candidates()
        assert [one.request.given for one in found] == ["Wants", "Any", "Never"]
        assert [one.fits for one in found] == [True, True, False]
        assert found[-1].judgement.bar.key == "weekday"

    def test_inactive_patients_are_not_called(self, clinic, make) -> None:
        clinic.add(patient_id=make.patient(status="inactive"))
        assert clinic.candidates() == ()


class TestAnswers:
    def test_the_first_who_accepts_is_booked(self, clinic) -> None:
        first, second = clinic.add("First"), clinic.add("Second")
        assert clinic.answer(first, "no_answer") is None
        assert clinic.rows()[first].last_answer == "no_answer"
        booked = clinic.answer(second, "accepted")
        assert (booked.local_start, booked.patient) == (clinic.free.local_start, "Second Carvalho")
        assert booked.source == "waiting_list"
        assert list(clinic.rows()) == [first]
        with pytest.raises(SlotTakenError):
            clinic.answer(first, "accepted")
        assert clinic.rows()[first].last_answer == "no_answer", "nothing of it was kept"

    def test_the_same_answer_twice_is_one_appointment(self, clinic) -> None:
        request, act = clinic.add(), new_id()
        booked = clinic.answer(request, "accepted", act=act)
        assert clinic.answer(request, "accepted", act=act).id == booked.id
        with pytest.raises(ConflictError):
            clinic.answer(request, "declined")

    def test_who_declined_this_time_is_not_asked_again(self, clinic) -> None:
        request = clinic.add()
        clinic.answer(request, "declined", remark="At work")
        (found,) = clinic.candidates()
        assert found.judgement.bar.key == "declined"
        other = clinic.free.local_start + timedelta(hours=1)
        (found,) = clinic.candidates(local_start=other)
        assert found.fits
        assert "tried" in {note.key for note in found.judgement.reasons}

    def test_a_later_visit_is_brought_on(self, clinic, make) -> None:
        patient = make.patient(given="Later")
        starts = clinic.free.local_start.astimezone() + timedelta(days=14)
        visit = make.appointment(patient, clinic.provider, chair_id=clinic.chair, starts_at=starts)
        request = clinic.add(patient_id=patient, appointment_id=visit, treatment_id=None)
        assert clinic.rows()[request].minutes == 30, "as long as the visit"
        (found,) = clinic.candidates()
        assert "sooner" in {note.key for note in found.judgement.reasons}
        moved = clinic.answer(request, "accepted")
        assert (moved.id, moved.local_start) == (visit, clinic.free.local_start)
        with clinic.front.reading() as ctx:
            assert len(appointments.visits_of(ctx, patient)) == 1
        assert clinic.rows() == {}

    def test_two_desks_at_once(self, clinic, sign_in) -> None:
        first, second = clinic.add("First"), clinic.add("Second")
        other = sign_in("u_hygienist", device="pc-2")
        clinic.answer(first, "accepted")
        with pytest.raises(SlotTakenError) as error:
            clinic.answer(second, "accepted", who=other)
        assert error.value.holder.patient == "First Carvalho"
