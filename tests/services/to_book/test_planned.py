"""Planned work that nobody booked: who is listed, in which order, and what takes them off."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, NotAllowedError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import PlannedTreatment
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion
from clinic_desktop.services.chart.visit import completion_sheet
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import NewAttempt, PlannedSearch


def names(rows) -> list[str]:
    return [row.who.given for row in rows]


def held(clinic, item, treatment=None) -> tuple[PlannedTreatment, ...]:
    return (PlannedTreatment(chart_item_id=item, treatment_id=treatment or clinic.crown),)


class TestList:
    def test_one_row_a_patient_with_all_that_is_planned(self, clinic, make) -> None:
        ana = make.patient("Ana", "Reis")
        clinic.plan(ana, 36, days_ago=30)
        clinic.plan(ana, 16, days_ago=5, treatment_id=clinic.filling, surfaces="MOD", fee=9900)
        (row,) = clinic.planned()
        assert [one.words for one in row.work] == ["36 Crown", "16 MOD Composite, 3 surfaces"]
        assert row.fee == 65000 + 9900
        assert (clinic.today - row.since).days == 5
        assert row.who.name == "Ana Reis"
        assert (row.tried.attempts, row.next_visit) == (0, None)

    def test_newest_or_oldest_first_and_by_page(self, clinic, make) -> None:
        for number, days in enumerate((40, 10, 25, 3)):
            patient = make.patient(f"P{days}")
            clinic.plan(patient, days_ago=days)
            clinic.plan(patient, 11 + number, days_ago=days + 50)
        assert names(clinic.planned()) == ["P3", "P10", "P25", "P40"]
        oldest = clinic.planned(newest=False)
        assert names(oldest) == ["P40", "P25", "P10", "P3"]
        assert [(clinic.today - row.since).days for row in oldest] == [90, 75, 60, 53]
        pages = []
        after = None
        while page := clinic.planned(limit=1, after=after):
            pages += names(page)
            after = page[-1].place
        assert pages == ["P3", "P10", "P25", "P40"]

    def test_by_provider_and_by_age(self, clinic, make, day) -> None:
        ana, rui = make.patient("Ana"), make.patient("Rui")
        clinic.plan(ana, days_ago=100)
        clinic.plan(rui, days_ago=10, provider_id=clinic.other)
        assert names(clinic.planned(provider_id=clinic.other)) == ["Rui"]
        assert names(clinic.planned(first_day=day(-30))) == ["Rui"]
        assert names(clinic.planned(last_day=day(-90))) == ["Ana"]

    def test_who_is_not_asked(self, clinic, make) -> None:
        gone, done, dead = (make.patient(name) for name in ("Gone", "Done", "Deceased"))
        clinic.plan(make.patient("Inactive", status="inactive"))
        clinic.plan(gone, until=clinic.today)
        clinic.plan(done, status="done")
        clinic.plan(dead, status="existing")
        assert clinic.planned() == ()

    def test_what_is_booked_is_off_the_list_and_back_when_it_breaks(self, clinic, make) -> None:
        ana = make.patient("Ana")
        item = clinic.plan(ana)
        row = clinic.book(ana, planned=held(clinic, item), minutes=None)
        assert row.minutes == 60
        assert row.service == "Crown"
        assert clinic.planned() == ()
        assert clinic.facts(ana).work[0].held_at == row.local_start
        clinic.cancel(row)
        assert names(clinic.planned()) == ["Ana"]

    def test_another_visit_of_the_patient_does_not_hold_it(self, clinic, make) -> None:
        ana = make.patient("Ana")
        clinic.plan(ana)
        clinic.book(ana, treatment_ids=(clinic.filling,))
        (row,) = clinic.planned()
        assert row.next_visit is not None

    def test_a_past_visit_that_did_not_complete_it_does_not_either(self, clinic, make) -> None:
        ana = make.patient("Ana")
        clinic.plan(ana, appointment_id=clinic.visit(ana, -3))
        assert names(clinic.planned()) == ["Ana"]

    def test_who_said_no_is_asked_again_once_more_is_planned(self, clinic, make) -> None:
        ana = make.patient("Ana")
        clinic.plan(ana)
        with clinic.front.writing() as ctx:
            new = NewAttempt(id=new_id(), patient_id=ana, outcome="declined")
            assert to_book.add_attempt(ctx, new)
            assert not to_book.add_attempt(ctx, new)
        assert clinic.planned() == ()
        (row,) = clinic.planned(declined=True)
        assert (row.tried.attempts, row.tried.outcome) == (1, "declined")
        clinic.plan(ana, 11, days_ago=0)
        assert names(clinic.planned()) == ["Ana"]


class TestRights:
    def test_the_desk_sees_what_is_to_be_booked_and_nothing_else_of_the_chart(
        self, clinic, make
    ) -> None:
        ana = make.patient("Ana")
        clinic.plan(ana)
        clinic.plan(ana, 11, kind="condition", status="condition", treatment_id=None)
        (row,) = clinic.planned()
        assert len(row.work) == 1
        with clinic.front.reading() as ctx:
            assert ctx.connection.execute(text("SELECT count(*) FROM chart_item")).scalar() == 0

    @pytest.mark.parametrize("login", ["u_compliance"])
    def test_who_does_not_book_does_not_see_it(self, clinic, sign_in, login) -> None:
        person = sign_in(login)
        with person.reading() as ctx, pytest.raises(NotAllowedError):
            to_book.planned(ctx, PlannedSearch())
        with person.reading() as ctx, pytest.raises(DBAPIError, match=r"schedule\.write"):
            ctx.connection.execute(
                text("SELECT * FROM planned_work(:c, :c, now())"), {"c": ctx.clinic_id}
            )

    def test_work_of_another_patient_is_refused_by_the_database(self, clinic, make) -> None:
        ana, rui = make.patient("Ana"), make.patient("Rui")
        item = clinic.plan(ana)
        with clinic.front.writing() as ctx, pytest.raises(ConflictError, match="not planned"):
            to_book.book(ctx, clinic.booking(rui, planned=held(clinic, item)))
        with (
            pytest.raises((ConflictError, IntegrityError), match="planned work has changed"),
            clinic.front.writing() as ctx,
        ):
            appointments.book(ctx, clinic.booking(rui, planned=held(clinic, item)))
        with (
            pytest.raises(ConflictError, match="planned work has changed"),
            clinic.front.writing() as ctx,
        ):
            # Nor as another treatment than it is.
            appointments.book(ctx, clinic.booking(ana, planned=held(clinic, item, clinic.filling)))


class TestCompleting:
    def test_finds_what_was_booked(self, clinic, make, sign_in) -> None:
        ana = make.patient("Ana")
        item = clinic.plan(ana, provider_id=make.provider("Dr Lee", login="u_dentist"))
        dentist = sign_in("u_dentist")
        visit = clinic.visit(ana, 0, 12)
        with clinic.front.writing() as ctx:
            ctx.connection.execute(
                text(
                    "INSERT INTO appointment_treatment (clinic_id, id, appointment_id,"
                    " treatment_id, chart_item_id) VALUES (:c, :id, :visit, :crown, :item)"
                ),
                {"c": ctx.clinic_id, "id": new_id(), "visit": visit, "crown": clinic.crown,
                 "item": item},
            )  # fmt: skip
        with dentist.reading() as ctx:
            sheet = completion_sheet(ctx, ana)
        assert [(line.id, line.source, line.today) for line in sheet.lines] == [
            (item, "planned", True)
        ]
        with dentist.writing() as ctx:
            complete_visit(
                ctx,
                Completion(act=new_id(), patient_id=ana, item_ids=(item,), appointment_id=visit),
            )
        assert clinic.planned() == ()
        assert clinic.facts(ana).work == ()

    def test_of_two_visits_the_last_one_completes_it(self, clinic, make, sign_in) -> None:
        ana = make.patient("Ana")
        item = clinic.plan(ana)
        visit = clinic.visit(ana, 0, 12)
        with clinic.front.writing() as ctx:
            ctx.connection.execute(
                text(
                    "INSERT INTO appointment_treatment (clinic_id, id, appointment_id,"
                    " treatment_id, chart_item_id) VALUES (:c, :id, :visit, :crown, :item)"
                ),
                {"c": ctx.clinic_id, "id": new_id(), "visit": visit, "crown": clinic.crown,
                 "item": item},
            )  # fmt: skip
        clinic.book(ana, 14, planned=held(clinic, item))
        with sign_in("u_dentist").reading() as ctx:
            (line,) = completion_sheet(ctx, ana).lines
        assert not line.today

    def test_what_is_completed_is_not_booked(self, clinic, make) -> None:
        ana = make.patient("Ana")
        item = clinic.plan(ana, until=clinic.today)
        with pytest.raises(ConflictError, match="not planned any more"):
            clinic.book(ana, planned=held(clinic, item))
