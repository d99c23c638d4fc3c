"""Closed time, an assistant's minutes and who leaves: told in words, and held by the database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.schedule import Span
from clinic_desktop.errors import InvalidError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import (
    Move,
    OutsideHoursError,
    SlotTakenError,
    StatusChange,
)
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ProviderValues, WorkingSpan
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import (
    BookingsAheadError,
    Holiday,
    SpecialTimeValues,
)
from tests.cluster import CLINIC

DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


@pytest.fixture
def manager(sign_in):
    return sign_in("u_manager")


def book(signed_in, booking):
    with signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


def close(signed_in, kind, starts, ends, label="", *, keep=False, **whose):
    special = new_id()
    with signed_in.writing() as ctx:
        values = SpecialTimeValues(kind=kind, starts=starts, ends=ends, label=label, **whose)
        working_time.add_special(ctx, special, values, keep_bookings=keep)
    return special


class TestWords:
    def test_who_is_away_why_until_when_and_when_they_are_free(self, front, manager, place) -> None:
        close(
            manager,
            "time_off",
            place.at(0),
            place.at(0, days=2),
            "Congress",
            provider_id=place.park,
        )
        with pytest.raises(OutsideHoursError) as refused:
            book(front, place.booking(14))
        tuesday, wednesday = (place.monday + timedelta(days=n) for n in (1, 2))
        assert str(refused.value) == (
            f"Dr Park is away until {tuesday:%-d %b %Y}: Congress. "
            f"Next free: {wednesday:%-d %b %Y} at 08:00."
        )
        assert refused.value.pause.kind == "time_off"
        assert refused.value.nearest == place.at(8, days=2)

    def test_holiday_and_blocked_chair(self, front, manager, place) -> None:
        with manager.writing() as ctx:
            day = Holiday(day=place.monday, name="Spring day")
            assert len(working_time.add_holidays(ctx, [day, day])) == 1
            assert working_time.add_holidays(ctx, [day]) == ()
        with pytest.raises(OutsideHoursError, match=r"The clinic is closed until .*: Spring day\."):
            book(front, place.booking(14))
        close(
            manager, "blockout", place.at(8, days=1), place.at(12, days=1), "Repair",
            chair_id=place.chair,
        )  # fmt: skip
        with pytest.raises(OutsideHoursError, match=r"Chair 3 is blocked until .*12:00: Repair\."):
            book(front, place.booking(9, local_start=place.at(9, days=1)))
        assert book(front, place.booking(9, local_start=place.at(9, days=1), chair_id=None))

    def test_other_hours_of_a_date(self, front, manager, place) -> None:
        saturday = 5
        close(manager, "open", place.at(9, days=saturday), place.at(13, days=saturday))
        assert book(front, place.booking(9, local_start=place.at(9, days=saturday)))
        with pytest.raises(OutsideHoursError, match="works 09:00–13:00 that day"):
            book(front, place.booking(13, local_start=place.at(13, days=saturday)))

    def test_a_reason_is_kept_only_where_it_was_needed(self, manager, place) -> None:
        inside = book(manager, place.booking(10, reason="just so"))
        assert inside.outside_reason == ""
        late = book(manager, place.booking(19, reason="Staff family"))
        assert late.outside_reason == "Staff family"
        with manager.reading() as ctx:
            assert appointments.appointment(ctx, late.id) == late

    def test_past_is_a_walk_in_or_backdated(self, manager, place) -> None:
        long_ago = place.at(10, days=-35)
        row = book(manager, place.booking(10, local_start=long_ago, reason="On paper"))
        assert (row.source, row.outside_reason) == ("backdated", "On paper")
        other = book(
            manager,
            place.booking(
                11, local_start=long_ago.replace(hour=11), reason="Pain", source="walk_in"
            ),
        )
        assert other.source == "walk_in"


class TestHoursChange:
    def test_bookings_left_outside_are_listed(self, front, manager, place) -> None:
        row = book(front, place.booking(14))
        with pytest.raises(BookingsAheadError, match="Zofia Wiśniewska") as refused:
            close(manager, "time_off", place.at(0), place.at(0, days=1), provider_id=place.park)
        assert [one.id for one in refused.value.stranded] == [row.id]
        assert refused.value.may_keep
        close(
            manager, "time_off", place.at(0), place.at(0, days=1), provider_id=place.park, keep=True
        )
        with front.reading() as ctx:
            assert [one.id for one in working_time.stranded(ctx)] == [row.id]
        # Once it is known it stands in the way of nothing else.
        close(manager, "blockout", place.at(8), place.at(9), "Meeting")

    def test_weekly_hours(self, front, manager, place) -> None:
        book(front, place.booking(17))
        mornings = tuple(
            WorkingSpan(weekday=day, starts=time(8), ends=time(12)) for day in range(5)
        )
        with manager.writing() as ctx, pytest.raises(BookingsAheadError):
            clinic.set_hours(ctx, mornings, provider_id=place.park)

    def test_removed_and_brought_back(self, front, manager, place) -> None:
        special = close(manager, "blockout", place.at(14), place.at(15), "Meeting")
        with manager.writing() as ctx:
            version = working_time.remove_special(ctx, special, 1)
        row = book(front, place.booking(14))
        with manager.writing() as ctx:
            working_time.restore_special(ctx, special, version)
        with front.reading() as ctx:
            assert [one.id for one in working_time.stranded(ctx)] == [row.id]

    def test_no_booking_slips_past_a_change_under_way(self, front, manager, place) -> None:
        """Whoever books while hours change waits, and is told the new ones."""
        import threading

        told: list[object] = []

        def try_it() -> None:
            try:
                told.append(book(front, place.booking(14)))
            except OutsideHoursError as error:
                told.append(error)

        other = threading.Thread(target=try_it)
        with manager.writing() as ctx:
            values = SpecialTimeValues(
                kind="blockout", starts=place.at(8), ends=place.at(18), label="Flood"
            )
            working_time.add_special(ctx, new_id(), values)
            other.start()
            other.join(timeout=1.5)
            assert other.is_alive(), told
        other.join(timeout=20)
        assert isinstance(told[0], OutsideHoursError), told

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"kind": "open", "ends": 30}, "ends"),
            ({"kind": "time_off", "ends": 10}, "whose"),
            ({"kind": "blockout", "ends": 10}, "label"),
            ({"kind": "blockout", "label": "x", "ends": 8}, "ends"),
            ({"kind": "blockout", "label": "x", "ends": 24 * 500}, "ends"),
            ({"kind": "else", "ends": 10}, "kind"),
        ],
    )
    def test_bad_input(self, manager, place, values, field) -> None:
        ends = place.at(0) + timedelta(hours=values.pop("ends"))
        with pytest.raises(InvalidError) as refused:
            close(manager, values.pop("kind"), place.at(8), ends, **values)
        assert refused.value.field == field


class TestLeaving:
    def test_a_provider_with_bookings_ahead_stays(self, front, manager, place) -> None:
        row = book(front, place.booking(14))
        values = ProviderValues(name="Dr Hyejin Park", short_name="Dr Park", active=False)
        with manager.writing() as ctx, pytest.raises(BookingsAheadError) as refused:
            clinic.change_provider(ctx, place.park, 1, values)
        assert "Give them to somebody else or cancel them first" in str(refused.value)
        assert not refused.value.may_keep
        with front.writing() as ctx:
            change = StatusChange(id=row.id, version=1, to="cancelled", reason="leaves")
            appointments.set_status(ctx, change)
        with manager.writing() as ctx:
            assert clinic.change_provider(ctx, place.park, 1, values) == 2

    def test_raw(self, front, database, place) -> None:
        book(front, place.booking(14))
        with open_connection(database.person("u_manager")) as connection:
            for table, row in (("provider", place.park), ("chair", place.chair)):
                with pytest.raises(psycopg.errors.CheckViolation, match="bookings ahead"):
                    connection.execute(
                        f"UPDATE clinic.{table} SET active = false, version = version + 1"
                        " WHERE id = %s",
                        (row,),
                    )


class TestAssistant:
    def test_the_provider_is_free_meanwhile_the_chair_is_not(self, front, place) -> None:
        long = place.booking(14, minutes=60, assist="0-10,40-60")
        row = book(front, long)
        assert row.assist == "0-10,40-60"
        other = {"patient_id": place.ines, "chair_id": place.other_chair}
        assert book(front, place.booking(14, 45, minutes=15, **other))
        with pytest.raises(SlotTakenError, match="Dr Park already has Zofia"):
            book(front, place.booking(14, 30, minutes=15, **other))
        with pytest.raises(SlotTakenError, match="Chair 3 is taken"):
            book(
                front,
                place.booking(14, 45, minutes=15, patient_id=place.ines, provider_id=place.nwosu),
            )
        with front.reading() as ctx:
            sheet = appointments.day(ctx, place.monday)
        visit = next(one for one in sheet.visits if one.id == row.id)
        assert visit.own_spans(sheet.local_day) == (Span(14 * 60 + 10, 14 * 60 + 40),)

    def test_from_the_services_and_moved_along(self, front, place, make) -> None:
        root = make.treatment("END-001", "Root", minutes=60, assist="0-15")
        row = book(front, place.booking(9, minutes=None, treatment_ids=(place.exam, root)))
        assert (row.minutes, row.assist) == (80, "20-35")
        with front.writing() as ctx:
            moved = appointments.move(
                ctx,
                Move(
                    id=row.id, version=1, provider_id=place.park, chair_id=place.chair,
                    local_start=place.at(15), minutes=80,
                ),
            )  # fmt: skip
        other = {"patient_id": place.ines, "chair_id": place.other_chair}
        assert book(front, place.booking(15, 20, minutes=15, **other))
        assert moved.assist == "20-35"

    def test_the_provider_has_minutes_of_their_own(self, front, place) -> None:
        with pytest.raises(InvalidError, match="no minutes of their own"):
            book(front, place.booking(14, assist="0-30"))
        row = book(front, place.booking(14, minutes=60, assist="0-30"))
        with front.writing() as ctx, pytest.raises(InvalidError, match="no minutes of their own"):
            appointments.move(
                ctx,
                Move(
                    id=row.id, version=1, provider_id=place.park, chair_id=place.chair,
                    local_start=place.at(14), minutes=30,
                ),
            )  # fmt: skip


INSERT = """
    INSERT INTO clinic.appointment (clinic_id, id, patient_id, provider_id, chair_id, starts_at,
                                    ends_at, local_start, zone, outside_reason, source, assist)
    VALUES (%(clinic)s, gen_random_uuid(), %(patient)s, %(provider)s, NULL, %(starts)s, %(ends)s,
            %(local)s, %(zone)s, %(reason)s, %(source)s, %(assist)s)
"""


class TestRaw:
    """The front desk's own login, without the program."""

    @pytest.fixture
    def attack(self, database, place):
        with open_connection(database.person("u_front")) as connection:

            def insert(at: datetime, minutes: int = 30, **values: object) -> str:
                starts = at.replace(tzinfo=DUBLIN)
                parameters = {
                    "clinic": CLINIC, "patient": place.zofia, "provider": place.park,
                    "starts": starts, "ends": starts + timedelta(minutes=minutes), "local": at,
                    "zone": "Europe/Dublin", "reason": "", "source": "desk", "assist": "", **values,
                }  # fmt: skip
                try:
                    connection.execute(INSERT, parameters)
                except psycopg.Error as error:
                    return error.diag.constraint_name or str(error.sqlstate)
                return "booked"

            yield insert

    def test_where_it_may_not_stand(self, attack, place, make, manager) -> None:
        close(manager, "time_off", place.at(15), place.at(16), provider_id=place.park)
        assert attack(place.at(19)) == "appointment_in_hours"
        assert attack(place.at(19), reason="because") == "42501"
        assert attack(place.at(12, 15)) == "appointment_in_hours"
        assert attack(place.at(15)) == "appointment_in_hours"
        assert attack(place.at(10, days=5)) == "appointment_in_hours"
        assert attack(place.at(10, days=-35)) == "appointment_past"
        assert attack(place.at(10, days=-35), source="import") == "42501"
        assert attack(place.at(10, days=-35), reason="on paper", source="backdated") == "42501"
        assert attack(place.at(9), patient=make.patient(status="archived")) == (
            "appointment_patient_stands"
        )
        assert attack(place.at(9), provider=make.provider(active=False)) == (
            "appointment_provider_stands"
        )
        assert attack(place.at(9), zone="Asia/Tokyo") == "appointment_local_time"
        assert attack(place.at(9), local=place.at(10)) == "appointment_local_time"
        assert attack(place.at(9), assist="0-30") == "appointment_assist"
        assert attack(place.at(9), assist="a-b") == "22P02"
        assert attack(place.at(9), assist="0-10") == "booked"

    def test_what_it_may_not_become(self, database, front, manager, place) -> None:
        row = book(front, place.booking(9))
        late = book(manager, place.booking(19, reason="Staff family"))
        with open_connection(database.person("u_front")) as connection:
            for change, code in (
                ("starts_at = starts_at - interval '90 minutes',"
                 " local_start = local_start - interval '90 minutes'", "23514"),
                ("ends_at = ends_at + interval '10 hours'", "23514"),
                ("outside_reason = 'mine'", "42501"),
            ):  # fmt: skip
                with pytest.raises(psycopg.Error) as refused:
                    connection.execute(
                        f"UPDATE clinic.appointment SET {change}, version = version + 1"
                        " WHERE id = %s",
                        (row.id,),
                    )
                assert refused.value.sqlstate == code, change
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(
                    "UPDATE clinic.appointment SET outside_reason = '', version = version + 1"
                    " WHERE id = %s",
                    (late.id,),
                )
            assert refused.value.sqlstate == "42501"
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT clinic.place_before(%s, %s)", (CLINIC, row.id))
