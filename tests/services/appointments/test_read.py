"""The day, the week and a patient's visits as they are read."""

from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.schedule import Span
from clinic_desktop.errors import NotFoundError
from clinic_desktop.models import PatientAlert, Provider
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.rows import change_row


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def book(signed_in, booking):
    with signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


class TestDay:
    def test_columns(self, front, place) -> None:
        book(front, place.booking(8, minutes=120, treatment_ids=(place.composite,)))
        with front.reading() as ctx:
            sheet = appointments.day(ctx, place.monday)
        park, nwosu = sheet.columns
        assert (park.name, park.chair, park.booked) == ("Dr Hyejin Park", "Chair 3", 21)
        assert park.working == (Span(480, 750), Span(780, 1080))
        assert [(pause.span, pause.label) for pause in park.pauses] == [(Span(750, 780), "Lunch")]
        assert (nwosu.working, nwosu.booked) == ((Span(780, 1080),), 0)
        assert [chair.name for chair in sheet.chairs][-2:] == ["Chair 3", "Chair 4"]
        assert [visit.service for visit in sheet.visits] == ["Composite, 3 surfaces"]

    def test_closed_day(self, front, place) -> None:
        with front.reading() as ctx:
            sheet = appointments.day(ctx, place.monday + timedelta(days=6))
        assert [(column.working, column.booked) for column in sheet.columns] == [((), None)] * 2

    def test_alert_is_the_gravest(self, front, place, make) -> None:
        for severity in ("context", "stop", "caution"):
            make.row(
                PatientAlert,
                patient_id=place.zofia,
                kind="allergy",
                severity=severity,
                text="Penicillin",
                noted_on=date(2026, 1, 1),
            )
        row = book(front, place.booking(14))
        other = book(front, place.booking(15, patient_id=place.ines))
        assert (row.alert, other.alert) == ("stop", "")

    def test_whoever_left_is_shown_while_they_have_visits(
        self, front, place, signed_in, make
    ) -> None:
        before = datetime.combine(place.monday - timedelta(days=35), time(14), tzinfo=UTC)
        make.appointment(place.zofia, place.park, starts_at=before, status="done")
        with signed_in.writing() as ctx:
            for provider in (place.park, place.nwosu):
                change_row(ctx, Provider, id=provider, version=1, active=False)
        with front.reading() as ctx:
            sheet = appointments.day(ctx, before.date())
        assert [(column.short_name, column.active) for column in sheet.columns] == [
            ("Dr Park", False)
        ]

    def test_an_evening_that_reaches_over_midnight(self, sign_in, place) -> None:
        manager = sign_in("u_manager")
        book(manager, place.booking(23, minutes=120, reason="night"))
        with manager.reading() as ctx:
            next_day = appointments.day(ctx, place.monday + timedelta(days=1))
            after = appointments.day(ctx, place.monday + timedelta(days=2))
        assert [visit.booked_span(next_day.local_day) for visit in next_day.visits] == [
            Span(-60, 60)
        ]
        assert after.visits == ()

    def test_two_statements_whatever_is_booked(self, front, place) -> None:
        for hour in (8, 9, 10, 11, 14, 15):
            book(front, place.booking(hour, treatment_ids=(place.exam,)))
        asked: list[object] = []

        class Noting(psycopg.Cursor):
            def execute(self, query, *values, **more):
                asked.append(query)
                return super().execute(query, *values, **more)

        with front.reading() as ctx:
            ctx.connection.connection.dbapi_connection.cursor_factory = Noting
            appointments.day(ctx, place.monday)
        assert len(asked) == 2

    def test_stays_in_the_clinic(self, sign_in, front, place) -> None:
        book(front, place.booking(14))
        with sign_in("u_other").reading() as ctx:
            sheet = appointments.day(ctx, place.monday)
        assert (sheet.columns, sheet.visits) == ((), ())


class TestWeek:
    def test_in_order_of_one_provider(self, front, place) -> None:
        late = book(front, place.booking(16, treatment_ids=(place.exam, place.composite)))
        tuesday = book(front, place.booking(9, local_start=place.at(9, days=1)))
        early = book(front, place.booking(9))
        book(front, place.booking(14, provider_id=place.nwosu, chair_id=None))
        book(front, place.booking(9, local_start=place.at(9, days=7)))
        with front.reading() as ctx:
            assert appointments.week(ctx, place.park, place.monday) == (early, late, tuesday)


class TestVisitsOf:
    def test_latest_first_and_on(self, front, place) -> None:
        rows = [book(front, place.booking(hour)) for hour in (9, 11, 15)]
        book(front, place.booking(16, patient_id=place.ines))
        with front.reading() as ctx:
            first = appointments.visits_of(ctx, place.zofia, limit=2)
            rest = appointments.visits_of(ctx, place.zofia, before=first[-1].starts_at)
        assert first == (rows[2], rows[1])
        assert rest == (rows[0],)

    def test_gone(self, front) -> None:
        with front.reading() as ctx, pytest.raises(NotFoundError):
            appointments.appointment(ctx, new_id())
