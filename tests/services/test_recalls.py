"""Recall: advanced by completed work, due in order, called about, held back; on a real database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recalls import FOR_GOOD, Interval, usual_types
from clinic_desktop.errors import (
    ClinicError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    StaleError,
)
from clinic_desktop.models import AppointmentTreatment
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion, NewChartItem
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import (
    DueSearch,
    NewAttempt,
    NewRecall,
    Pause,
    RecallChange,
    RecallTypeValues,
)


@pytest.fixture
def clinic(signed_in, sign_in, make):
    """A clinic with the usual types, and a patient who had a prophylaxis planned."""

    class Clinic:
        front = sign_in("u_front")
        dentist = sign_in("u_dentist")
        prophylaxis = make.treatment("PRV-010", "Prophylaxis adult", area="mouth", minutes=30)
        maintenance = make.treatment("PER-040", "Periodontal maintenance", area="mouth")
        provider = make.provider(login="u_dentist")
        patient = make.patient()

        def __init__(self) -> None:
            with signed_in.writing() as ctx:
                types.add_usual_types(ctx)
                self.types = {one.code: one for one in types.recall_types(ctx)}
                self.today = recalls.today(ctx)

        def complete(self, treatment, code="PRV-010") -> None:
            item = new_id()
            with self.dentist.writing() as ctx:
                new = NewChartItem(
                    id=item, kind="procedure", code=code, status="planned",
                    treatment_id=treatment, provider_id=self.provider,
                )  # fmt: skip
                chart.add(ctx, self.patient, [new])
            with self.dentist.writing() as ctx:
                complete_visit(
                    ctx, Completion(act=new_id(), patient_id=self.patient, item_ids=(item,))
                )

        def set(self, code="HYG", patient=None, **values):
            with self.front.writing() as ctx:
                return recalls.set_recall(
                    ctx,
                    NewRecall(
                        id=new_id(),
                        patient_id=patient or self.patient,
                        recall_type_id=self.types[code].id,
                        **values,
                    ),
                )

        def of_patient(self, patient=None):
            with self.front.reading() as ctx:
                return {row.code: row for row in recalls.recalls_of(ctx, patient or self.patient)}

        def due(self, days=0, **values):
            with self.front.reading() as ctx:
                until = self.today + timedelta(days=days)
                return recalls.due(ctx, DueSearch(until=until, **values))

    return Clinic()


class TestCompletedWork:
    def test_begins_a_recall_and_counts_it_anew(self, clinic) -> None:
        clinic.complete(clinic.prophylaxis)
        row = clinic.of_patient()["HYG"]
        assert (row.last_on, row.due_on) == (
            clinic.today,
            Interval(6, "month").after(clinic.today),
        )
        before = clinic.today - timedelta(days=200)
        with clinic.dentist.writing() as ctx:
            ctx.connection.execute(
                text("UPDATE recall SET last_on = :day, due_on = :day, version = version + 1"),
                {"day": before},
            )
        clinic.complete(clinic.prophylaxis)
        assert clinic.of_patient()["HYG"].due_on == Interval(6, "month").after(clinic.today)

    def test_counts_in_the_patients_own_interval(self, clinic) -> None:
        recall_id = clinic.set(every=3, unit="month", due_on=clinic.today)
        clinic.complete(clinic.prophylaxis)
        row = clinic.of_patient()["HYG"]
        assert row.id == recall_id
        assert row.due_on == Interval(3, "month").after(clinic.today)
        assert row.own_interval

    def test_taken_away_stays_away(self, clinic) -> None:
        clinic.set()
        row = clinic.of_patient()["HYG"]
        with clinic.front.writing() as ctx:
            recalls.remove_recall(ctx, row.id, row.version)
        clinic.complete(clinic.prophylaxis)
        assert "HYG" not in clinic.of_patient()

    def test_the_same_completion_twice_counts_once(self, clinic) -> None:
        clinic.complete(clinic.prophylaxis)
        version = clinic.of_patient()["HYG"].version
        clinic.complete(clinic.prophylaxis)
        assert clinic.of_patient()["HYG"].version == version, "the same day is no news"


class TestCallList:
    def test_longest_overdue_first_and_by_pages(self, clinic, make) -> None:
        people = [make.patient(given=f"P{number}") for number in range(5)]
        for number, patient in enumerate(people):
            clinic.set(patient=patient, due_on=clinic.today - timedelta(days=number))
        rows = clinic.due()
        assert [row.patient_id for row in rows] == people[::-1]
        first = clinic.due(limit=2)
        rest = clinic.due(limit=10, after=first[-1].place)
        assert [row.id for row in (*first, *rest)] == [row.id for row in rows]
        assert len(clinic.due(days=-2)) == 3

    def test_who_has_a_fitting_visit_needs_no_call(self, clinic, make) -> None:
        clinic.set(due_on=clinic.today)
        with clinic.front.reading() as ctx:
            soon = ctx.now + timedelta(days=3)
        visit = make.appointment(
            clinic.patient, clinic.provider, starts_at=soon, status="confirmed"
        )
        assert clinic.due()[0].next_visit == soon, "a visit for something else"
        make.row(
            AppointmentTreatment, appointment_id=visit, treatment_id=clinic.prophylaxis, position=0
        )
        assert clinic.due() == ()
        assert [row.booked for row in clinic.due(booked=True)] == [True]

    def test_another_type_stands_in_its_place(self, clinic) -> None:
        clinic.set("HYG", due_on=clinic.today)
        clinic.set("PERIO", due_on=clinic.today)
        assert [row.type_name for row in clinic.due()] == ["Periodontal maintenance"]
        assert clinic.of_patient()["HYG"].replaced
        row = clinic.of_patient()["PERIO"]
        with clinic.front.writing() as ctx:
            recalls.pause(ctx, Pause(id=row.id, version=row.version, until=FOR_GOOD, reason="Ill"))
        assert [row.type_name for row in clinic.due()] == ["Hygiene"]

    def test_children_grow_out_of_it(self, clinic, make) -> None:
        year = clinic.today.year
        child = make.patient(given="Kid", born=date(year - 9, 1, 1))
        grown = make.patient(given="Grown", born=date(year - 19, 1, 1))
        for patient in (child, grown):
            clinic.set("CHILD", patient=patient, due_on=clinic.today)
        assert [row.given for row in clinic.due()] == ["Kid"]

    def test_only_active_patients(self, clinic, make) -> None:
        for status in ("inactive", "archived", "deceased"):
            clinic.set(patient=make.patient(status=status), due_on=clinic.today)
        assert clinic.due() == ()

    def test_counts(self, clinic, make) -> None:
        clinic.set("HYG", due_on=clinic.today)
        clinic.set("EXAM", patient=make.patient(), due_on=clinic.today)
        clinic.set("EXAM", patient=make.patient(), due_on=clinic.today + timedelta(days=9))
        with clinic.front.reading() as ctx:
            counts = recalls.due_counts(ctx, clinic.today)
        assert {one.name: one.waiting for one in counts} == {"Hygiene": 1, "Recall examination": 1}


class TestAttempts:
    def attempt(self, clinic, row, outcome, **values):
        with clinic.front.writing() as ctx:
            new = NewAttempt(
                id=values.pop("id", new_id()), recall_id=row.id, patient_id=row.patient_id,
                outcome=outcome, **values,
            )  # fmt: skip
            return recalls.add_attempt(ctx, new)

    def test_the_last_one_is_seen_with_who_made_it(self, clinic) -> None:
        clinic.set(due_on=clinic.today)
        (row,) = clinic.due()
        assert row.attempts == 0
        self.attempt(clinic, row, "no_answer")
        self.attempt(clinic, row, "message_left", channel="sms", remark="Asked to call back")
        (row,) = clinic.due()
        assert (row.attempts, row.last_outcome, row.last_channel) == (2, "message_left", "sms")
        newest, oldest = clinic.of_patient()["HYG"].attempts
        assert (newest.remark, oldest.outcome) == ("Asked to call back", "no_answer")
        assert newest.person == "Siobhán Keane"

    def test_sent_twice_is_one(self, clinic) -> None:
        clinic.set(due_on=clinic.today)
        (row,) = clinic.due()
        act = new_id()
        assert self.attempt(clinic, row, "no_answer", id=act)
        assert not self.attempt(clinic, row, "no_answer", id=act)

    def test_who_does_not_want_to_come_is_not_asked_again(self, clinic) -> None:
        clinic.set(due_on=clinic.today)
        (row,) = clinic.due()
        self.attempt(clinic, row, "declined")
        assert clinic.due() == ()
        assert len(clinic.due(declined=True)) == 1

    def test_nobody_tells_one_in_anothers_name(self, clinic, make, sign_in) -> None:
        recall_id = clinic.set(due_on=clinic.today)
        other = make.patient()
        statement = text(
            "INSERT INTO recall_attempt"
            " (clinic_id, id, patient_id, recall_id, at, channel, outcome, person_id) VALUES"
            " (:clinic, gen_random_uuid(), :patient, :recall, :at, 'phone', 'no_answer', :person)"
        )
        with clinic.front.reading() as ctx:
            mine = {
                "clinic": ctx.clinic_id, "patient": clinic.patient, "recall": recall_id,
                "at": ctx.now, "person": ctx.who.person_id,
            }  # fmt: skip
        refused = {
            "CD005": {**mine, "person": clinic.dentist.who.person_id},
            "CD002": {**mine, "patient": other},
        }
        for state, values in refused.items():
            with pytest.raises(ClinicError) as error, clinic.front.writing() as ctx:
                ctx.connection.execute(statement, values)
            assert error.value.__cause__.orig.sqlstate == state
        with pytest.raises(ClinicError), clinic.front.writing() as ctx:
            ctx.connection.execute(statement, {**mine, "at": mine["at"] + timedelta(days=1)})
        with clinic.front.writing() as ctx:
            ctx.connection.execute(statement, mine)


class TestByHand:
    def test_bad_input_gets_a_sentence(self, clinic) -> None:
        with pytest.raises(InvalidError) as error:
            clinic.set(every=999, unit="month")
        assert error.value.field == "every"
        with pytest.raises(InvalidError) as error:
            clinic.set(due_on=date(2300, 1, 1))
        assert error.value.field == "due_on"
        clinic.set()
        with pytest.raises(ConflictError):
            clinic.set()
        row = clinic.of_patient()["HYG"]
        assert row.due_on == Interval(6, "month").after(clinic.today)
        with clinic.front.writing() as ctx, pytest.raises(InvalidError):
            recalls.pause(ctx, Pause(id=row.id, version=row.version, until=FOR_GOOD))
        with clinic.front.writing() as ctx, pytest.raises(InvalidError):
            recalls.pause(
                ctx, Pause(id=row.id, version=row.version, until=clinic.today, reason="x")
            )

    def test_two_people_at_once(self, clinic) -> None:
        clinic.set()
        row = clinic.of_patient()["HYG"]
        change = RecallChange(id=row.id, version=row.version, every=3, due_on=row.due_on)
        with clinic.front.writing() as ctx:
            recalls.change_recall(ctx, change)
        with pytest.raises(StaleError), clinic.front.writing() as ctx:
            recalls.change_recall(ctx, change)

    def test_taken_away_and_given_back(self, clinic) -> None:
        clinic.set(remark="mornings only")
        row = clinic.of_patient()["HYG"]
        with clinic.front.writing() as ctx:
            version = recalls.remove_recall(ctx, row.id, row.version)
        assert clinic.of_patient() == {}
        with clinic.front.writing() as ctx:
            recalls.restore_recall(ctx, row.id, version)
        assert clinic.of_patient()["HYG"].remark == "mornings only"
        with clinic.front.writing() as ctx:
            recalls.remove_recall(ctx, row.id, version + 1)
        clinic.set(every=12)
        assert clinic.of_patient()["HYG"].every == 12


class TestTypes:
    def test_usual_types_come_once_with_their_services(self, clinic, signed_in) -> None:
        assert clinic.types["PERIO"].replaces_id == clinic.types["HYG"].id
        assert clinic.types["HYG"].treatment_ids == (clinic.prophylaxis,)
        with signed_in.writing() as ctx:
            assert types.add_usual_types(ctx) == 0

    def test_what_completes_it_can_be_changed(self, clinic, signed_in) -> None:
        hygiene = clinic.types["HYG"]
        values = RecallTypeValues(
            code="HYG", name="Hygiene", every=4, unit="month",
            treatment_ids=(clinic.maintenance,),
        )  # fmt: skip
        with signed_in.writing() as ctx:
            version = types.change_type(ctx, hygiene.id, hygiene.version, values)
        clinic.complete(clinic.prophylaxis)
        assert "HYG" not in clinic.of_patient()
        with signed_in.writing() as ctx:
            back = values.model_copy(update={"treatment_ids": (clinic.prophylaxis,)})
            types.change_type(ctx, hygiene.id, version, back)
        clinic.complete(clinic.prophylaxis)
        assert clinic.of_patient()["HYG"].due_on == Interval(4, "month").after(clinic.today)

    def test_bad_types(self, clinic, signed_in) -> None:
        values = RecallTypeValues(code="HYG", name="Again", every=3, unit="month")
        with signed_in.writing() as ctx, pytest.raises(ConflictError):
            types.add_type(ctx, new_id(), values)
        with signed_in.writing() as ctx, pytest.raises(InvalidError):
            types.add_type(ctx, new_id(), values.model_copy(update={"code": "X", "every": 900}))
        with pytest.raises(NotAllowedError), clinic.front.writing() as ctx:
            types.add_type(ctx, new_id(), values)


def test_every_usual_type_has_an_interval() -> None:
    found = {one.code: one for one in usual_types()}
    assert found["EXAM"].interval == Interval(6, "month")
    assert found["ORTHO"].interval == Interval(6, "week")
    assert "VACC" not in found, "what has no interval of its own is no type yet"


@given(
    day=st.dates(date(1990, 1, 1), date(2060, 12, 31)),
    every=st.integers(1, 240),
)
def test_months_end_inside_their_month(day, every) -> None:
    due = Interval(every, "month").after(day)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == every
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


def test_the_database_counts_months_as_we_do(signed_in) -> None:
    """Once for every day of a leap year and the year after, in every length of the usual types."""
    statement = text(
        "SELECT d::date, n, (d::date + make_interval(months => n))::date"
        " FROM generate_series('2027-01-01'::date, '2028-12-31', '1 day') d,"
        " unnest(ARRAY[1, 2, 3, 6, 12, 24]) n"
    )
    with signed_in.reading() as ctx:
        rows = ctx.connection.execute(statement).all()
    assert all(Interval(n, "month").after(day) == due for day, n, due in rows)
