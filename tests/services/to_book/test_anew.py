"""An appointment that stands, made anew: linked both ways, taken back as one, always whole."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError, ConflictError, InvalidError, NotAllowedError
from clinic_desktop.models import AppointmentTreatment
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import (
    SlotTakenError,
    StatusChange,
    VisitChangedError,
)
from clinic_desktop.services.calendars import feeds
from clinic_desktop.services.history import service as history
from clinic_desktop.services.to_book import anew
from clinic_desktop.services.to_book.schemas import Anew, Swap


def anew_of(clinic, row, days: int = 9, hour: int = 11, reason: str = "Asked for it", **values):
    booking = clinic.booking(
        row.patient_id, days, hour, instead_of_id=row.id, source="rebooked", **values
    )
    return Anew(id=row.id, version=row.version, booking=booking, reason=reason)


def make_anew(clinic, row, *args, **values):
    wanted = anew_of(clinic, row, *args, **values)
    with clinic.front.writing() as ctx:
        return anew.make_anew(ctx, wanted)


def swap_of(made, status: str, reason: str = "") -> Swap:
    return Swap(
        old_id=made.old.id, old_version=made.old.version, new_id=made.new.id,
        new_version=made.new.version, status=status, reason=reason,
    )  # fmt: skip


def rows_of(clinic, *ids):
    with clinic.front.reading() as ctx:
        found = {one.id: one for one in appointments.these(ctx, ids)}
    return tuple(found[one] for one in ids)


class TestMakeAnew:
    def test_old_and_new_know_each_other(self, clinic, make) -> None:
        ana = make.patient("Ana")
        first = clinic.book(ana, treatment_ids=(clinic.crown,))
        made = make_anew(clinic, first)
        old, new = rows_of(clinic, first.id, made.new.id)
        assert (made.old, made.new) == (old, new)
        assert (old.status, old.reason, old.moved_to) == (
            "rescheduled", "Asked for it", new.local_start,
        )  # fmt: skip
        assert (new.status, new.instead_of_id, new.moved_from) == (
            "pending", old.id, old.local_start,
        )  # fmt: skip
        assert old.local_start == first.local_start
        with clinic.front.reading() as ctx:
            assert old.status_at is not None
            who, reason = ctx.connection.execute(
                text(
                    "SELECT h.login, h.reason FROM read_history(:c, 'appointment', :id) h"
                    " ORDER BY h.seq DESC LIMIT 1"
                ),
                {"c": ctx.clinic_id, "id": old.id},
            ).one()
        times = f"{old.local_start:%Y-%m-%d %H:%M} → {new.local_start:%Y-%m-%d %H:%M}"
        assert (who, reason) == ("u_front", f"Asked for it: {times}")
        with clinic.front.reading() as ctx:
            (change,) = history.history_of(ctx, "appointment", new.id).changes
        (moved,) = [one.after.text for one in change.fields if one.field == "rescheduled_from_id"]
        assert moved == f"{old.local_start:%Y-%m-%d %H:%M}"

    def test_its_own_time_is_free_for_it(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"), 7, 10)
        made = make_anew(clinic, first, 7, 10, minutes=90)
        assert made.new.minutes == 90

    def test_the_same_twice_is_one_act(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        wanted = anew_of(clinic, first)
        for _again in range(2):
            with clinic.front.writing() as ctx:
                made = anew.make_anew(ctx, wanted)
        assert made.new.id == wanted.booking.id
        with clinic.front.reading() as ctx:
            assert ctx.connection.execute(text("SELECT count(*) FROM appointment")).scalar() == 2

    def test_a_time_that_is_taken_leaves_both_as_they_were(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        clinic.book(make.patient("Rui"), 9, 11)
        with pytest.raises(SlotTakenError, match="Rui"):
            make_anew(clinic, first)
        assert rows_of(clinic, first.id) == (first,)

    def test_who_changed_it_first(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        clinic.cancel(first)
        with pytest.raises(VisitChangedError, match="cancelled"):
            make_anew(clinic, first)

    def test_of_another_patient(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        wanted = anew_of(clinic, first)
        other = wanted.booking.model_copy(update={"patient_id": make.patient("Rui")})
        with pytest.raises(InvalidError), clinic.front.writing() as ctx:
            anew.make_anew(ctx, wanted.model_copy(update={"booking": other}))

    def test_who_is_here_already_is_not_moved(self, clinic, make) -> None:
        seen = clinic.visit(make.patient("Ana"), 0, status="arrived")
        (row,) = rows_of(clinic, seen)
        with pytest.raises(ConflictError, match="arrived"):
            make_anew(clinic, row)
        with pytest.raises(ConflictError, match="arrived"), clinic.front.reading() as ctx:
            anew.work_of(ctx, seen)

    def test_only_who_may_book(self, clinic, make, sign_in) -> None:
        first = clinic.book(make.patient("Ana"))
        with sign_in("u_compliance").writing() as ctx, pytest.raises(NotAllowedError):
            anew.make_anew(ctx, anew_of(clinic, first))

    def test_what_it_is_for_is_taken_over(self, clinic, make) -> None:
        ana = make.patient("Ana")
        item, done = clinic.plan(ana), clinic.plan(ana, 37, status="done")
        first = clinic.book(ana)
        for place, one in enumerate((item, done)):
            make.row(
                AppointmentTreatment, appointment_id=first.id, treatment_id=clinic.crown,
                chart_item_id=one, position=place,
            )  # fmt: skip
        with clinic.front.reading() as ctx:
            work = anew.work_of(ctx, first.id)
        assert [one.chart_item_id for one in work.planned] == [item]
        assert work.treatment_ids == (clinic.crown,)
        assert work.visit.id == first.id

    def test_a_step_to_moved_needs_the_other_time(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        change = StatusChange(id=first.id, version=first.version, to="rescheduled")
        with pytest.raises(InvalidError, match="other time"), clinic.front.writing() as ctx:
            appointments.set_status(ctx, change)


class TestTakeBack:
    def test_back_and_forth(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        confirm = StatusChange(id=first.id, version=first.version, to="confirmed")
        with clinic.front.writing() as ctx:
            first = appointments.set_status(ctx, confirm)
        made = make_anew(clinic, first)
        with clinic.front.writing() as ctx:
            back = anew.take_back(ctx, swap_of(made, "confirmed"))
        assert (back.old.status, back.old.reason, back.old.moved_to) == ("confirmed", "", None)
        assert (back.new.status, back.new.reason) == ("cancelled", "Taken back")
        with clinic.front.writing() as ctx:
            again = anew.do_again(ctx, swap_of(back, "pending", "Asked for it"))
        assert (again.old.status, again.new.status) == ("rescheduled", "pending")
        old, new = rows_of(clinic, made.old.id, made.new.id)
        assert (old.moved_to, new.moved_from) == (new.local_start, old.local_start)

    def test_refused_where_either_was_changed_since(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        confirm = StatusChange(id=made.new.id, version=made.new.version, to="confirmed")
        with clinic.front.writing() as ctx:
            appointments.set_status(ctx, confirm)
        with pytest.raises(VisitChangedError, match="Ana"), clinic.front.writing() as ctx:
            anew.take_back(ctx, swap_of(made, "pending"))
        assert [one.status for one in rows_of(clinic, made.old.id, made.new.id)] == [
            "rescheduled", "confirmed",
        ]  # fmt: skip

    def test_refused_where_somebody_has_the_old_time(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        clinic.book(make.patient("Rui"))
        with pytest.raises(SlotTakenError, match="Rui"), clinic.front.writing() as ctx:
            anew.take_back(ctx, swap_of(made, "pending"))
        assert [one.status for one in rows_of(clinic, made.old.id, made.new.id)] == [
            "rescheduled", "pending",
        ]  # fmt: skip

    def test_twice_anew_after_taking_back(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        with clinic.front.writing() as ctx:
            back = anew.take_back(ctx, swap_of(made, "pending"))
        once_more = make_anew(clinic, back.old, 12, 9)
        (old,) = rows_of(clinic, made.old.id)
        assert old.moved_to == once_more.new.local_start
        # The first one cannot come back beside it.
        change = StatusChange(id=back.new.id, version=back.new.version, to="pending", back=True)
        with pytest.raises(ConflictError, match="in its place"), clinic.front.writing() as ctx:
            appointments.set_status(ctx, change)

    def test_the_old_one_alone_does_not_come_back(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        change = StatusChange(id=made.old.id, version=made.old.version, to="pending", back=True)
        with pytest.raises(ConflictError, match="Cancel that one"), clinic.front.writing() as ctx:
            appointments.set_status(ctx, change)

    def test_the_new_one_may_be_cancelled_later(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        clinic.cancel(made.new)
        (old,) = rows_of(clinic, made.old.id)
        assert (old.status, old.moved_to) == ("rescheduled", made.new.local_start)


class TestFeed:
    def test_one_is_cancelled_and_one_is_new(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        with clinic.front.reading() as ctx:
            content = feeds.feed(ctx, clinic.one).content.decode()
        events = content.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
        told = {
            next(line for line in one.splitlines() if line.startswith("UID:"))[4:40]: one
            for one in events
        }
        assert "STATUS:CANCELLED" in told[str(made.old.id)]
        assert "STATUS:TENTATIVE" in told[str(made.new.id)]


class TestDatabase:
    """What no program may write, as the front desk in raw SQL."""

    UPDATE = "UPDATE appointment SET version = version + 1, {what} WHERE id = :id"

    def refuses(self, clinic, *acts: tuple[str, object], match: str) -> None:
        def write() -> None:
            with clinic.front.writing() as ctx:
                for what, one in acts:
                    ctx.connection.execute(text(self.UPDATE.format(what=what)), {"id": one})

        with pytest.raises((ClinicError, DBAPIError, IntegrityError)) as caught:
            write()
        whole = f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"
        assert match in whole, whole

    def test_moved_without_another(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        self.refuses(clinic, ("status = 'rescheduled'", first.id), match="other time")

    def test_made_so_without_another(self, clinic, make) -> None:
        ana = make.patient("Ana")
        with pytest.raises((ClinicError, DBAPIError, IntegrityError)):
            clinic.visit(ana, 3, status="rescheduled")

    def test_two_in_one_place(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        with pytest.raises(ConflictError, match="in its place already"):
            clinic.book(made.old.patient_id, 14, 9, instead_of_id=made.old.id)

    def test_in_place_of_one_that_stands(self, clinic, make) -> None:
        first = clinic.book(make.patient("Ana"))
        with pytest.raises(ConflictError, match="takes place"):
            clinic.book(first.patient_id, 14, 9, instead_of_id=first.id)

    def test_in_place_of_another_patients(self, clinic, make) -> None:
        broken = clinic.broke(make.patient("Ana"), -3)
        with pytest.raises((ClinicError, DBAPIError, IntegrityError)):
            clinic.book(make.patient("Rui"), 14, 9, instead_of_id=broken)

    def test_said_afterwards(self, clinic, make) -> None:
        ana = make.patient("Ana")
        broken, row = clinic.broke(ana, -3), clinic.book(ana)
        self.refuses(clinic, (f"rescheduled_from_id = '{broken}'", row.id), match="does not change")
        made = clinic.book(ana, 12, instead_of_id=broken)
        self.refuses(clinic, ("rescheduled_from_id = NULL", made.id), match="does not change")

    def test_of_itself_and_in_a_ring(self, clinic, make) -> None:
        ana = make.patient("Ana")
        insert = (
            "INSERT INTO appointment (clinic_id, id, patient_id, provider_id, starts_at, ends_at,"
            " local_start, zone, status, reason, rescheduled_from_id)"
            " SELECT a.clinic_id, v.id, a.patient_id, a.provider_id, a.starts_at, a.ends_at,"
            " a.local_start, a.zone, 'cancelled', 'x', v.other FROM appointment a,"
            " (VALUES {rows}) AS v(id, other) WHERE a.id = :like"
        )
        row = clinic.book(ana)
        one, two = new_id(), new_id()
        rings = (f"('{one}'::uuid, '{one}'::uuid)", f"('{one}'::uuid, '{two}'::uuid),"
                 f"('{two}'::uuid, '{one}'::uuid)")  # fmt: skip
        for ring, match in zip(rings, ("appointment_place", "do not fit"), strict=True):
            with (
                pytest.raises((ClinicError, DBAPIError, IntegrityError)) as caught,
                clinic.front.writing() as ctx,
            ):
                ctx.connection.execute(text(insert.format(rows=ring)), {"like": row.id})
            assert match in f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"

    def test_the_other_one_taken_away(self, clinic, make) -> None:
        made = make_anew(clinic, clinic.book(make.patient("Ana")))
        self.refuses(clinic, ("deleted_at = now()", made.new.id), match="other time")
