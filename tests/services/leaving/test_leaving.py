"""Whoever leaves with bookings ahead: who could take each, giving them away, all or nothing."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.errors import ConflictError, NotAllowedError, StaleError
from clinic_desktop.models import AppointmentTreatment, WorkingTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.services.clinic import service as clinic_service
from clinic_desktop.services.leaving import service as leaving
from clinic_desktop.services.leaving import undoing
from clinic_desktop.services.leaving.schemas import Act, ActRefusedError, Leaving
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BrokenSearch
from clinic_desktop.services.working_time.schemas import BookingsAheadError

ZONE = ZoneInfo("Europe/Dublin")


class Clinic:
    """Three providers who work every day, one of whom leaves."""

    def __init__(self, make, sign_in) -> None:
        self.make = make
        self.manager = sign_in("u_manager")
        self.chair = make.chair("Chair 2")
        self.spare = make.chair("Chair 3", position=2, equipment=["microscope"])
        self.leaver = make.provider("Dr Amara Nwosu", short_name="Dr Nwosu", position=1)
        self.heir = make.provider("Dr Hyejin Park", short_name="Dr Park", position=2)
        self.third = make.provider("Dr Lee", short_name="Dr Lee", position=3)
        self.who = make.patient("Zofia", "Wiśniewska")
        for provider in (self.leaver, self.heir, self.third):
            for weekday in range(7):
                make.row(
                    WorkingTime,
                    provider_id=provider,
                    weekday=weekday,
                    starts=time(8),
                    ends=time(18),
                )
        with self.manager.reading() as ctx:
            self.day = ctx.now.astimezone(ctx.zone).date() + timedelta(days=7)

    def at(self, hour: float, days: int = 0) -> datetime:
        return datetime.combine(self.day, time()) + timedelta(days=days, hours=hour)

    def visit(self, hour: float, provider=None, days: int = 0, **values):
        return self.make.appointment(
            values.pop("patient", self.who),
            provider or self.leaver,
            starts_at=self.at(hour, days).replace(tzinfo=ZONE).astimezone(UTC),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
            outside_reason="",
            **values,
        )

    def leaving(self, kind="provider", name="Dr Nwosu"):
        leaver = self.leaver if kind == "provider" else self.chair
        return Leaving(kind=kind, id=leaver, version=1, name=name)

    def proposals(self, to, kind="provider"):
        with self.manager.reading() as ctx:
            return leaving.proposals(ctx, self.leaving(kind), to)

    def places(self, row, to=None, kind="provider"):
        with self.manager.reading() as ctx:
            return leaving.places(ctx, self.leaving(kind), row, to)

    def carry_out(self, *acts, kind="provider", login=None, put_away=False):
        with (login or self.manager).writing() as ctx:
            return leaving.carry_out(ctx, self.leaving(kind), acts, put_away=put_away)

    def take_back(self, outcome, kind="provider", login=None):
        with (login or self.manager).writing() as ctx:
            undoing.take_back(ctx, self.leaving(kind), outcome)

    def row(self, visit):
        with self.manager.reading() as ctx:
            return appointments.appointment(ctx, visit)


@pytest.fixture
def clinic(make, sign_in) -> Clinic:
    return Clinic(make, sign_in)


def act_of(proposal) -> Act:
    place = proposal.place
    return Act(
        id=proposal.row.id,
        version=proposal.row.version,
        provider_id=place.provider_id,
        chair_id=place.chair_id,
        local_start=place.local_start,
        minutes=proposal.row.minutes,
    )


def cancelled(row) -> Act:
    return Act(id=row.id, version=row.version, reason="Dr Nwosu leaves")


class TestProposals:
    def test_who_is_free_and_what_stands_against_the_others(self, clinic, make) -> None:
        clinic.visit(9)
        clinic.visit(10)
        clinic.visit(11, days=1)
        clinic.visit(10, clinic.heir, patient=make.patient("Rui", "Costa"))
        free, taken, later = clinic.proposals(clinic.heir)
        assert (free.place.provider, free.place.local_start) == ("Dr Park", clinic.at(9))
        assert later.place is not None
        assert taken.place is None
        assert "Rui Costa" in taken.against

    def test_hours_and_skills_count(self, clinic, make) -> None:
        implant = make.treatment("IMP-010", "Implant", skills=["implants"], minutes=60)
        visit = clinic.visit(9)
        make.row(AppointmentTreatment, appointment_id=visit, treatment_id=implant)
        (one,) = clinic.proposals(clinic.heir)
        assert one.against == "They do not do implants."
        away = make.provider("Dr Away", short_name="Dr Away", position=9)
        make.row(WorkingTime, provider_id=away, weekday=0, starts=time(8), ends=time(8, 30))
        clinic.visit(9, days=1)
        assert "Dr Away" in clinic.proposals(away)[1].against

    def test_what_is_proposed_fits_together(self, clinic, make) -> None:
        clinic.visit(9, minutes=60)
        clinic.visit(9.5, patient=make.patient("Rui"), squeeze_reason="Pain", minutes=30)
        clinic.visit(14)
        one, squeezed, other = clinic.proposals(clinic.heir)
        assert one.place is not None
        assert other.place is not None
        # A squeezed-in one does not ask for the provider's own time.
        assert squeezed.place is not None
        clinic.carry_out(*map(act_of, (one, squeezed, other)))
        assert clinic.proposals(clinic.heir) == ()

    def test_other_places_for_one(self, clinic, make) -> None:
        clinic.visit(10)
        clinic.visit(10, clinic.heir, patient=make.patient("Rui"))
        (one,) = clinic.proposals(clinic.heir)
        places = clinic.places(one.row, clinic.heir)
        assert (places[0].provider, places[0].local_start) == ("Dr Lee", clinic.at(10))
        assert {place.provider for place in places[1:]} == {"Dr Park"}
        assert all(place.provider_id != clinic.leaver for place in places)

    def test_a_chair(self, clinic, make) -> None:
        clinic.visit(9, chair_id=clinic.chair)
        clinic.visit(10, chair_id=clinic.chair)
        clinic.visit(10, clinic.heir, chair_id=clinic.spare, patient=make.patient("Rui"))
        free, taken = clinic.proposals(clinic.spare, "chair")
        assert (free.place.chair, free.place.provider_id) == ("Chair 3", clinic.leaver)
        assert "Rui" in taken.against


class TestCarryOut:
    def test_gives_away_cancels_and_puts_away_in_one(self, clinic, make) -> None:
        first, second = clinic.visit(9), clinic.visit(10)
        clinic.visit(10, clinic.heir, patient=make.patient("Rui"))
        free, taken = clinic.proposals(clinic.heir)
        done = clinic.carry_out(act_of(free), cancelled(taken.row), put_away=True)
        assert done[:4] == (1, 1, 0, True)
        assert clinic.row(first).provider_id == clinic.heir
        assert clinic.row(second).status == "cancelled"
        with clinic.manager.reading() as ctx:
            names = [row.short_name for row in clinic_service.providers(ctx)]
            # Whoever was cancelled is on the list of those who have to be booked anew.
            (broken,) = to_book.broken(ctx, BrokenSearch())
        assert "Dr Nwosu" not in names
        assert (broken.id, broken.reason) == (second, "Dr Nwosu leaves")
        assert not broken.provider_active

    def test_by_chosen_rows(self, clinic) -> None:
        clinic.visit(9)
        clinic.visit(10)
        one, _other = clinic.proposals(clinic.heir)
        assert clinic.carry_out(act_of(one))[:4] == (1, 0, 1, False)

    def test_nothing_is_done_when_one_cannot(self, clinic, make) -> None:
        first, _second = clinic.visit(9), clinic.visit(10)
        one, two = clinic.proposals(clinic.heir)
        clinic.visit(10, clinic.heir, patient=make.patient("Rui", "Costa"))
        with pytest.raises(ActRefusedError, match=r"Zofia Wiśniewska, .*Rui Costa") as refused:
            clinic.carry_out(act_of(one), act_of(two), put_away=True)
        assert refused.value.appointment_id == two.row.id
        assert clinic.row(first).provider_id == clinic.leaver

    def test_is_not_put_away_with_some_left(self, clinic) -> None:
        clinic.visit(9)
        clinic.visit(10)
        one, _two = clinic.proposals(clinic.heir)
        with pytest.raises(BookingsAheadError):
            clinic.carry_out(act_of(one), put_away=True)
        assert len(clinic.proposals(clinic.heir)) == 2

    def test_a_chair_goes_as_well(self, clinic) -> None:
        clinic.visit(9, chair_id=clinic.chair)
        (one,) = clinic.proposals(clinic.spare, "chair")
        done = clinic.carry_out(act_of(one), kind="chair", put_away=True)
        assert done.put_away

    def test_changed_meanwhile(self, clinic) -> None:
        clinic.visit(9)
        (one,) = clinic.proposals(clinic.heir)
        act = act_of(one)
        clinic.carry_out(act.model_copy(update={"local_start": clinic.at(15)}))
        with pytest.raises((ActRefusedError, StaleError)):
            clinic.carry_out(act)

    def test_rights(self, clinic, sign_in) -> None:
        clinic.visit(9)
        (one,) = clinic.proposals(clinic.heir)
        with pytest.raises(NotAllowedError):
            clinic.carry_out(act_of(one), login=sign_in("u_compliance"))
        with pytest.raises(NotAllowedError):
            clinic.carry_out(act_of(one), login=sign_in("u_front"), put_away=True)


class TestTakeBack:
    def test_everything_is_as_it_was(self, clinic, make) -> None:
        first, second, third = (clinic.visit(hour, status="confirmed") for hour in (9, 10, 11))
        clinic.visit(10, clinic.heir, patient=make.patient("Rui"))
        was = [clinic.row(one) for one in (first, second, third)]
        free, taken, late = clinic.proposals(clinic.heir)
        later = act_of(late).model_copy(update={"local_start": clinic.at(15)})
        done = clinic.carry_out(act_of(free), cancelled(taken.row), later, put_away=True)
        clinic.take_back(done)
        now = [clinic.row(one) for one in (first, second, third)]
        for before, after in zip(was, now, strict=True):
            assert after.version == before.version + 2
            kept = {"version", "status_at"}
            assert {k: v for k, v in after._asdict().items() if k not in kept} == {
                k: v for k, v in before._asdict().items() if k not in kept
            }
        with clinic.manager.reading() as ctx:
            assert "Dr Nwosu" in [row.short_name for row in clinic_service.providers(ctx)]
            assert to_book.broken(ctx, BrokenSearch()) == ()

    def test_refused_with_the_names_of_those_changed_since(self, clinic, make) -> None:
        visits = clinic.visit(9), clinic.visit(10, patient=make.patient("Rui", "Costa"))
        done = clinic.carry_out(*map(act_of, clinic.proposals(clinic.heir)), put_away=True)
        row = clinic.row(visits[1])
        with clinic.manager.writing() as ctx:
            appointments.set_status(
                ctx, StatusChange(id=row.id, version=row.version, to="confirmed")
            )
        with pytest.raises(ConflictError, match=r"changed this one since: Rui Costa, .* at 10:00"):
            clinic.take_back(done)
        assert clinic.row(visits[0]).provider_id == clinic.heir
        with clinic.manager.reading() as ctx:
            assert "Dr Nwosu" not in [row.short_name for row in clinic_service.providers(ctx)]

    def test_who_was_put_away_and_changed_since(self, clinic) -> None:
        clinic.visit(9)
        done = clinic.carry_out(*map(act_of, clinic.proposals(clinic.heir)), put_away=True)
        clinic.take_back(done)
        with pytest.raises((StaleError, ConflictError)):
            clinic.take_back(done)

    def test_a_place_that_somebody_has_by_now(self, clinic, make) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        (one,) = clinic.proposals(clinic.spare, "chair")
        done = clinic.carry_out(act_of(one), kind="chair")
        clinic.visit(9, clinic.heir, chair_id=clinic.chair, patient=make.patient("Rui", "Costa"))
        with pytest.raises(ActRefusedError, match=r"Zofia Wiśniewska, .*Rui Costa") as refused:
            clinic.take_back(done, "chair")
        assert refused.value.appointment_id == visit

    def test_rights(self, clinic, sign_in) -> None:
        clinic.visit(9)
        done = clinic.carry_out(*map(act_of, clinic.proposals(clinic.heir)), put_away=True)
        for login in ("u_compliance", "u_front"):
            with pytest.raises(NotAllowedError):
                clinic.take_back(done, login=sign_in(login))
