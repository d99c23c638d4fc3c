"""Booking: one act, refused in words by what stands in the way."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import InvalidError, NotAllowedError, NotFoundError
from clinic_desktop.models import Chair, Patient, Provider
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import OutsideHoursError, SlotTakenError
from clinic_desktop.services.rows import change_row


@pytest.fixture
def front(sign_in):
    return sign_in("u_front")


def book(signed_in, booking):
    with signed_in.writing() as ctx:
        return appointments.book(ctx, booking)


class TestBook:
    def test_row(self, front, place) -> None:
        booking = place.booking(
            14, treatment_ids=(place.composite, place.exam), minutes=None, remark=" Plan A "
        )
        row = book(front, booking)
        assert (row.patient, row.provider, row.service) == (
            "Zofia Wiśniewska",
            "Dr Park",
            "Composite, 3 surfaces, Exam",
        )
        assert (row.minutes, row.status, row.version, row.colour) == (
            65,
            "pending",
            1,
            "svc_restore",
        )
        assert (row.local_start, row.zone, row.remark) == (place.at(14), "Europe/Dublin", "Plan A")
        with front.reading() as ctx:
            assert appointments.appointment(ctx, row.id) == row

    def test_same_act_twice_is_one(self, front, place) -> None:
        booking = place.booking(14, treatment_ids=(place.exam,))
        assert book(front, booking) == book(front, booking)

    def test_time_is_the_clinics(self, front, place) -> None:
        row = book(front, place.booking(14))
        offset = row.local_start.replace(tzinfo=UTC) - row.starts_at
        assert offset in (timedelta(0), timedelta(hours=1))

    def test_needs_the_right(self, sign_in, place) -> None:
        with pytest.raises(NotAllowedError, match="Book and move"):
            book(sign_in("u_compliance"), place.booking(14))


class TestTaken:
    def test_by_the_provider(self, front, place) -> None:
        book(front, place.booking(14, 30))
        with pytest.raises(SlotTakenError) as refused:
            book(front, place.booking(14, 15, patient_id=place.ines, chair_id=place.other_chair))
        assert str(refused.value) == (
            "Dr Park already has Zofia Wiśniewska at 14:30. Nearest free: 14:00."
        )
        assert refused.value.field == "time"
        assert refused.value.nearest == place.at(14)
        assert refused.value.holder.patient == "Zofia Wiśniewska"

    def test_by_the_chair(self, front, place) -> None:
        book(front, place.booking(14, 30))
        with pytest.raises(
            SlotTakenError,
            match=r"Chair 3 is taken by Zofia Wiśniewska at 14:30. Nearest free: 15:00.",
        ):
            book(front, place.booking(14, 45, patient_id=place.ines, provider_id=place.nwosu))

    def test_when_nothing_is_left_that_day(self, front, place) -> None:
        book(front, place.booking(8, minutes=270))
        book(front, place.booking(13, minutes=300))
        with pytest.raises(SlotTakenError, match="No 30 minutes are left on that day") as refused:
            book(front, place.booking(15, patient_id=place.ines))
        assert refused.value.nearest is None

    def test_cancelled_time_is_free(self, front, place) -> None:
        row = book(front, place.booking(14, 30))
        with front.writing() as ctx:
            appointments.set_status(
                ctx,
                appointments.StatusChange(id=row.id, version=1, to="cancelled", reason="unwell"),
            )
        assert book(front, place.booking(14, 30, patient_id=place.ines)).patient.startswith("Inês")

    def test_squeezed_in_beside_the_provider_never_into_the_chair(self, sign_in, place) -> None:
        dentist = sign_in("u_dentist")
        book(dentist, place.booking(14, 30))
        pain = {"patient_id": place.ines, "squeeze_reason": "Pain since last night"}
        with pytest.raises(SlotTakenError, match="Chair 3 is taken"):
            book(dentist, place.booking(14, 30, **pain))
        row = book(dentist, place.booking(14, 30, chair_id=place.other_chair, **pain))
        assert (row.blocks_chair, row.blocks_provider) == (True, False)
        with pytest.raises(NotAllowedError, match="Squeeze in"):
            book(sign_in("u_front"), place.booking(14, 30, chair_id=None, **pain))


class TestHours:
    @pytest.mark.parametrize(
        ("hour", "minute", "words"),
        [
            (7, 45, "Dr Park works 08:00–12:30, 13:00–18:00 that day."),
            (17, 45, "Dr Park works 08:00–12:30, 13:00–18:00 that day."),
            (12, 15, r"Dr Park has a break from 12:30 to 13:00 \(Lunch\)."),
        ],
    )
    def test_outside(self, front, place, hour, minute, words) -> None:
        with pytest.raises(OutsideHoursError, match=words) as refused:
            book(front, place.booking(hour, minute))
        assert (refused.value.field, refused.value.needs_reason) == ("time", False)

    def test_own_hours_replace_the_clinics(self, front, place) -> None:
        nwosu = {"provider_id": place.nwosu, "chair_id": place.other_chair}
        with pytest.raises(OutsideHoursError, match="Dr Nwosu works 13:00–18:00"):
            book(front, place.booking(9, **nwosu))
        with pytest.raises(OutsideHoursError, match="Dr Nwosu does not work on"):
            book(front, place.booking(14, local_start=place.at(14, days=1), **nwosu))
        assert book(front, place.booking(17, 30, **nwosu))

    def test_closed_day_and_over_midnight(self, front, place) -> None:
        with pytest.raises(OutsideHoursError, match="Dr Park does not work on"):
            book(front, place.booking(10, local_start=place.at(10, days=5)))
        with pytest.raises(OutsideHoursError):
            book(front, place.booking(17, minutes=24 * 60))

    def test_with_the_right_and_a_reason(self, sign_in, place) -> None:
        manager = sign_in("u_manager")
        with pytest.raises(OutsideHoursError, match="Write why it is booked anyway") as refused:
            book(manager, place.booking(19))
        assert (refused.value.field, refused.value.needs_reason) == ("reason", True)
        row = book(manager, place.booking(19, reason="Staff family"))
        with manager.reading() as ctx:
            entry = ctx.connection.execute(
                text("SELECT reason FROM read_history(:clinic, 'appointment', :id)"),
                {"clinic": ctx.clinic_id, "id": row.id},
            ).scalar_one()
        assert entry == "Staff family"

    def test_a_reason_without_the_right_changes_nothing(self, front, place) -> None:
        with pytest.raises(OutsideHoursError):
            book(front, place.booking(19, reason="Staff family"))


class TestPast:
    def test_needs_right_and_reason(self, sign_in, place) -> None:
        long_ago = place.at(10, days=-35)
        with pytest.raises(OutsideHoursError, match=r"is past. Take a time from now on."):
            book(sign_in("u_front"), place.booking(10, local_start=long_ago))
        manager = sign_in("u_manager")
        with pytest.raises(OutsideHoursError, match=r"is past. Write why"):
            book(manager, place.booking(10, local_start=long_ago))
        row = book(manager, place.booking(10, local_start=long_ago, reason="Entered from paper"))
        assert row.local_start == long_ago


class TestBadInput:
    def test_patient(self, front, place, make) -> None:
        gone = make.patient("Ola", "Nowak", status="deceased")
        with pytest.raises(InvalidError, match="Ola Nowak is recorded as deceased") as refused:
            book(front, place.booking(14, patient_id=gone))
        assert refused.value.field == "patient"
        archived = make.patient("Jan", "Nowak", status="archived")
        with pytest.raises(InvalidError, match="not an active patient"):
            book(front, place.booking(14, patient_id=archived))
        with pytest.raises(NotFoundError):
            book(front, place.booking(14, patient_id=new_id()))

    def test_provider_and_chair(self, front, place, signed_in) -> None:
        with signed_in.writing() as ctx:
            change_row(ctx, Chair, id=place.other_chair, version=1, active=False)
        with pytest.raises(InvalidError, match="chair is not in use") as refused:
            book(front, place.booking(14, chair_id=place.other_chair))
        assert refused.value.field == "chair"
        with signed_in.writing() as ctx:
            change_row(ctx, Provider, id=place.park, version=1, active=False)
        with pytest.raises(InvalidError, match="takes no appointments") as refused:
            book(front, place.booking(14))
        assert refused.value.field == "provider"

    def test_service(self, front, place) -> None:
        with pytest.raises(NotFoundError, match="price list"):
            book(front, place.booking(14, treatment_ids=(new_id(),)))
        with pytest.raises(NotFoundError, match="price list"):
            book(front, place.booking(14, treatment_ids=(new_id(),), minutes=None))
        with pytest.raises(InvalidError) as refused:
            book(front, place.booking(14, minutes=None))
        assert refused.value.field == "minutes"

    def test_length_and_date(self, front, place) -> None:
        for minutes in (0, -30, 25 * 60):
            with pytest.raises(ValueError, match="minutes"):
                place.booking(14, minutes=minutes)
        for year in (1, 1850, 9999):
            with pytest.raises(InvalidError, match="booked up to"):
                book(front, place.booking(14, local_start=f"{year:04}-03-03T10:00"))

    def test_texts(self, front, place) -> None:
        row = book(front, place.booking(14, remark="<b>x</b>\x00 \ud800 محمد \u200f 😀"))
        assert row.remark == "<b>x</b>  محمد \u200f 😀"

    def test_skipped_hour(self, sign_in, place) -> None:
        forward = "2027-03-28T01:30"
        with pytest.raises(InvalidError, match=r"01:30 does not exist. Take 02:30"):
            book(sign_in("u_manager"), place.booking(1, local_start=forward, reason="night"))

    def test_doubled_hour(self, sign_in, place) -> None:
        manager = sign_in("u_manager")
        back = "2027-10-31T01:30"
        first = book(manager, place.booking(1, local_start=back, reason="night"))
        second = book(manager, place.booking(1, local_start=back, second_hour=True, reason="night"))
        assert second.starts_at - first.starts_at == timedelta(hours=1)
        assert second.local_start == first.local_start

    def test_deactivated_while_booking_is_open(self, front, place, signed_in) -> None:
        booking = place.booking(14)
        with signed_in.writing() as ctx:
            change_row(ctx, Patient, id=place.zofia, version=1, status="inactive")
        with pytest.raises(InvalidError, match="not an active patient"):
            book(front, booking)
