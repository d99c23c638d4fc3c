"""Broken appointments: which are listed, what takes them off, and what a booking answers."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError, ConflictError, NotAllowedError
from clinic_desktop.models import AppointmentTreatment, Recall, RecallType
from clinic_desktop.services.appointments.schemas import PlannedTreatment
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import Answering, BrokenSearch, NewAttempt
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import NewRequest


def names(rows) -> list[str]:
    return [row.who.given for row in rows]


class TestList:
    def test_the_last_one_of_each_patient_with_how_often(self, clinic, make) -> None:
        ana, rui = make.patient("Ana"), make.patient("Rui")
        clinic.broke(ana, -40, status="missed")
        last = clinic.broke(ana, -4, status="cancelled", reason="Ill", minutes=50)
        clinic.broke(rui, -2)
        make.row(AppointmentTreatment, appointment_id=last, treatment_id=clinic.crown, position=1)
        rows = clinic.broken()
        assert names(rows) == ["Rui", "Ana"]
        row = rows[1]
        assert (row.id, row.status, row.reason, row.minutes) == (last, "cancelled", "Ill", 50)
        assert (row.missed, row.cancelled) == (1, 1)
        assert (row.service, row.treatment_ids, row.planned) == ("Crown", (clinic.crown,), ())
        assert names(clinic.broken(newest=False)) == ["Ana", "Rui"]

    def test_pages_follow_one_another(self, clinic, make) -> None:
        for days in range(1, 8):
            clinic.broke(make.patient(f"P{days}"), -days)
        found, after = [], None
        while page := clinic.broken(limit=2, after=after):
            found += names(page)
            after = page[-1].place
        assert found == [f"P{days}" for days in range(1, 8)]

    def test_by_provider_and_by_age(self, clinic, make, day) -> None:
        clinic.broke(make.patient("Ana"), -60)
        clinic.broke(make.patient("Rui"), -3, provider=clinic.other)
        assert names(clinic.broken(provider_id=clinic.other)) == ["Rui"]
        assert names(clinic.broken(first_day=day(-30))) == ["Rui"]
        assert names(clinic.broken(last_day=day(-30))) == ["Ana"]

    def test_made_anew_is_off_the_list(self, clinic, make) -> None:
        ana = make.patient("Ana")
        broken = clinic.broke(ana, -4)
        row = clinic.book(ana, instead_of_id=broken)
        assert clinic.broken() == ()
        with clinic.front.reading() as ctx:
            link = ctx.connection.execute(
                text("SELECT rescheduled_from_id FROM appointment WHERE id = :id"), {"id": row.id}
            ).scalar()
        assert link == broken

    def test_a_visit_that_was_booked_before_does_not_stand_for_it(self, clinic, make) -> None:
        ana = make.patient("Ana")
        with clinic.front.reading() as ctx:
            before = ctx.now - timedelta(days=80)
        clinic.visit(ana, 30, created_at=before)
        clinic.broke(ana, -4)
        (row,) = clinic.broken()
        assert row.next_visit is not None

    def test_a_slip_of_the_desk_is_no_broken_appointment(self, clinic, make) -> None:
        clinic.cancel(clinic.book(make.patient("Ana")))
        assert clinic.broken() == ()

    def test_the_work_that_it_held_is_known(self, clinic, make) -> None:
        ana = make.patient("Ana")
        item = clinic.plan(ana)
        broken = clinic.broke(ana, -4)
        make.row(
            AppointmentTreatment,
            appointment_id=broken,
            treatment_id=clinic.crown,
            chart_item_id=item,
        )
        (row,) = clinic.broken()
        assert row.planned == (PlannedTreatment(chart_item_id=item, treatment_id=clinic.crown),)

    def test_who_said_no(self, clinic, make) -> None:
        ana = make.patient("Ana")
        broken = clinic.broke(ana, -4)
        with clinic.front.writing() as ctx:
            to_book.add_attempt(
                ctx,
                NewAttempt(
                    id=new_id(), patient_id=ana, appointment_id=broken, outcome="declined",
                    remark="Moved away",
                ),
            )  # fmt: skip
        assert clinic.broken() == ()
        (row,) = clinic.broken(declined=True)
        assert row.tried.outcome == "declined"
        with clinic.front.reading() as ctx:
            (one,) = to_book.attempts_of(ctx, ana, broken)
            assert to_book.attempts_of(ctx, ana) == ()
        assert one.remark == "Moved away"


class TestAttempts:
    def test_in_ones_own_name_about_ones_own_appointment(self, clinic, make, database) -> None:
        ana, rui = make.patient("Ana"), make.patient("Rui")
        broken = clinic.broke(ana, -4)
        with clinic.front.reading() as ctx:
            clinic_id = ctx.clinic_id
            me = ctx.who.person_id
            other = ctx.connection.execute(
                text("SELECT id FROM person WHERE id <> :me LIMIT 1"), {"me": me}
            ).scalar()
        insert = text(
            "INSERT INTO contact_attempt (clinic_id, id, patient_id, about, appointment_id, at,"
            " channel, outcome, person_id) VALUES (:c, :id, :patient, 'broken', :visit, now(),"
            " 'phone', 'no_answer', :me)"
        )
        values = {"c": clinic_id, "id": new_id(), "patient": ana, "visit": broken, "me": me}
        with pytest.raises(NotAllowedError, match="own name"), clinic.front.writing() as ctx:
            ctx.connection.execute(insert, {**values, "me": other})
        with pytest.raises((ClinicError, DBAPIError)), clinic.front.writing() as ctx:
            ctx.connection.execute(insert, {**values, "patient": rui})
        with clinic.front.writing() as ctx:
            ctx.connection.execute(insert, values)
        with pytest.raises((ClinicError, DBAPIError)), clinic.front.writing() as ctx:
            ctx.connection.execute(text("UPDATE contact_attempt SET remark = 'x'"))

    def test_only_who_books_records_one(self, clinic, make, sign_in) -> None:
        ana = make.patient("Ana")
        with sign_in("u_compliance").writing() as ctx, pytest.raises(NotAllowedError):
            to_book.add_attempt(ctx, NewAttempt(id=new_id(), patient_id=ana, outcome="no_answer"))
        with sign_in("u_compliance").reading() as ctx:
            assert to_book.broken(ctx, BrokenSearch()) == ()


class TestAnswering:
    def test_a_recall_a_wish_and_a_broken_one_are_answered_once(self, clinic, make) -> None:
        ana = make.patient("Ana")
        kind = make.row(RecallType, code="X", name="Exam", every=6, unit="month")
        recall = make.row(
            Recall, patient_id=ana, recall_type_id=kind, due_on=clinic.today, last_on=None
        )
        request = new_id()
        broken = clinic.broke(ana, -4)
        with clinic.front.writing() as ctx:
            waiting.add_request(ctx, NewRequest(id=request, patient_id=ana, minutes=30))
        booking = clinic.booking(ana, instead_of_id=broken, source="rebooked")
        answering = Answering(recall_id=recall, request_id=request, broken_id=broken)
        for _again in range(2):
            with clinic.front.writing() as ctx:
                row = to_book.book(ctx, booking, answering)
        assert (row.id, row.source) == (booking.id, "rebooked")
        with clinic.front.reading() as ctx:
            (one,) = recalls.recalls_of(ctx, ana)
            assert [attempt.outcome for attempt in one.attempts] == ["booked"]
            assert waiting.waiting_list(ctx) == ()
            (try_,) = to_book.attempts_of(ctx, ana, broken)
        assert try_.outcome == "booked"

    def test_who_does_not_wait_any_more(self, clinic, make) -> None:
        ana, request = make.patient("Ana"), new_id()
        with clinic.front.writing() as ctx:
            waiting.add_request(ctx, NewRequest(id=request, patient_id=ana, minutes=30))
            waiting.withdraw(ctx, request, 1)
        with pytest.raises(ConflictError, match="does not wait"):
            clinic.book(ana, answering=Answering(request_id=request))
        with clinic.front.reading() as ctx:
            assert ctx.connection.execute(text("SELECT count(*) FROM appointment")).scalar() == 0

    def test_several_visits_are_made_together_or_not_at_all(self, clinic, make) -> None:
        ana, rui = make.patient("Ana"), make.patient("Rui")
        item = clinic.plan(ana)
        work = (PlannedTreatment(chart_item_id=item, treatment_id=clinic.crown),)
        clinic.book(rui, 21, 10)
        pair = (clinic.booking(ana, 7, planned=work), clinic.booking(ana, 21, planned=work))
        with pytest.raises(ConflictError, match="Rui"), clinic.front.writing() as ctx:
            to_book.book_all(ctx, pair, Answering(planned=True))
        assert clinic.facts(ana).visits == ()
        pair = (pair[0], clinic.booking(ana, 22, planned=work))
        with clinic.front.writing() as ctx:
            rows = to_book.book_all(ctx, pair, Answering(planned=True))
        assert [row.service for row in rows] == ["Crown", "Crown"]
        assert len(clinic.facts(ana).visits) == 2
        assert clinic.planned() == ()


class TestFacts:
    def test_balance_only_for_who_may_see_accounts(self, clinic, make) -> None:
        ana = make.patient("Ana")
        clinic.plan(ana)
        clinic.book(ana, 3, treatment_ids=(clinic.filling,), minutes=None)
        seen = clinic.facts(ana)
        assert seen.balance == 0
        assert [one.service for one in seen.visits] == ["Composite, 3 surfaces"]
        assert clinic.facts(ana, "u_assistant").balance is None
