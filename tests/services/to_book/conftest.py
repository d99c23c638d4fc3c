"""A clinic with two dentists who work every day, and patients with planned work."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ChartItem, WorkingTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking, StatusChange
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BrokenSearch, PlannedSearch

ZONE = ZoneInfo("Europe/Dublin")


class Clinic:
    """Rows of a clinic, and what its front desk sees and does."""

    def __init__(self, make, sign_in) -> None:
        self.make, self.sign_in = make, sign_in
        self.front = sign_in("u_front")
        self.chair = make.chair("Chair 2")
        self.other_chair = make.chair("Chair 3", position=2)
        self.one = make.provider("Dr Amara Nwosu", short_name="Dr Nwosu", position=1)
        self.other = make.provider("Dr Hyejin Park", short_name="Dr Park", position=2)
        self.crown = make.treatment("CRN-010", "Crown", minutes=60, price=65000)
        self.filling = make.treatment(minutes=45)
        for provider in (self.one, self.other):
            for weekday in range(7):
                make.row(
                    WorkingTime,
                    provider_id=provider,
                    weekday=weekday,
                    starts=time(8),
                    ends=time(18),
                )
        with self.front.reading() as ctx:
            self.today = ctx.now.astimezone(ctx.zone).date()

    def plan(self, patient: UUID, tooth: int | None = 36, *, days_ago: int = 10, **values) -> UUID:
        return self.make.row(
            ChartItem,
            **{
                "patient_id": patient,
                "kind": "procedure",
                "code": "crown",
                "tooth": tooth,
                "status": "planned",
                "since": self.today - timedelta(days=days_ago),
                "treatment_id": self.crown,
                "provider_id": self.one,
                **values,
            },
        )

    def at(self, days: int, hour: int = 10) -> datetime:
        return datetime.combine(self.today + timedelta(days=days), time(hour))

    def booking(self, patient: UUID, days: int = 7, hour: int = 10, **values) -> Booking:
        return Booking(
            **{
                "id": new_id(),
                "patient_id": patient,
                "provider_id": self.one,
                "local_start": self.at(days, hour),
                "minutes": 60,
                **values,
            }
        )

    def book(self, patient: UUID, days: int = 7, hour: int = 10, *, answering=None, **values):
        with self.front.writing() as ctx:
            return to_book.book(ctx, self.booking(patient, days, hour, **values), answering)

    def visit(self, patient: UUID, days: int, hour: int = 10, **values) -> UUID:
        start = self.at(days, hour).replace(tzinfo=ZONE).astimezone(UTC)
        return self.make.appointment(
            patient, values.pop("provider", self.one), starts_at=start, **values
        )

    def broke(self, patient: UUID, days: int, hour: int = 10, **values) -> UUID:
        """An appointment that was made long before it broke."""
        return self.visit(
            patient,
            days,
            hour,
            **{
                "status": "missed",
                "created_at": datetime.combine(self.today, time(), ZONE) - timedelta(days=90),
                "status_at": datetime.combine(self.today, time(), ZONE) - timedelta(days=1),
                **values,
            },
        )

    def cancel(self, row) -> None:
        change = StatusChange(id=row.id, version=row.version, to="cancelled", reason="Ill")
        with self.front.writing() as ctx:
            appointments.set_status(ctx, change)

    def planned(self, **search):
        with self.front.reading() as ctx:
            return to_book.planned(ctx, PlannedSearch(**search))

    def broken(self, **search):
        with self.front.reading() as ctx:
            return to_book.broken(ctx, BrokenSearch(**search))

    def facts(self, patient: UUID, login: str = "u_front"):
        with self.sign_in(login).reading() as ctx:
            return to_book.facts(ctx, patient)


@pytest.fixture
def clinic(make, sign_in) -> Clinic:
    return Clinic(make, sign_in)


@pytest.fixture
def day(clinic) -> Callable[[int], date]:
    """``day(-3)`` is three days ago."""
    return lambda days: clinic.today + timedelta(days=days)
