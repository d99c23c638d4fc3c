"""The clinic of the calendar's tests, and what books a series in it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recurrence import Rule, Unit
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import (
    Answer,
    Choice,
    Scope,
    SeriesBooking,
    SeriesCancel,
    SeriesChange,
    SeriesDone,
    SeriesPlan,
    SeriesRow,
)
from tests.services.appointments.conftest import Place, place

__all__ = ["place"]


class Desk:
    """Plans and writes series as one person does."""

    def __init__(self, signed_in, place: Place) -> None:
        self.signed_in, self.place = signed_in, place

    def wish(self, hour: int = 9, minute: int = 0, **values) -> SeriesBooking:
        """Five Mondays at nine with Dr Park, unless ``values`` say otherwise."""
        rule = {"unit": Unit.WEEK, "weekdays": (0,), "count": 5, **values.pop("rule", {})}
        return SeriesBooking(
            **{
                "id": new_id(),
                "patient_id": self.place.zofia,
                "provider_id": self.place.park,
                "chair_id": self.place.chair,
                "local_start": self.place.at(hour, minute, days=values.pop("days", 0)),
                "minutes": 30,
                "rule": Rule(**rule),
                **values,
            }
        )

    def plan(self, booking: SeriesBooking) -> SeriesPlan:
        with self.signed_in.reading() as ctx:
            return series.plan(ctx, booking)

    def book(self, booking: SeriesBooking) -> SeriesDone:
        with self.signed_in.writing() as ctx:
            return series.book(ctx, booking)

    def read(self, series_id) -> SeriesRow:
        with self.signed_in.reading() as ctx:
            return series.series(ctx, series_id)

    def change_of(self, row: SeriesRow, number: int, scope: Scope, **values) -> SeriesChange:
        visit = row.visits[number]
        return SeriesChange(
            **{
                "series_id": row.id,
                "version": row.version,
                "visit_id": visit.id,
                "scope": scope,
                "new_id": new_id(),
                "local_start": visit.local_start,
                "minutes": visit.minutes,
                "provider_id": visit.provider_id,
                "chair_id": visit.chair_id,
                **values,
            }
        )

    def plan_change(self, change: SeriesChange) -> SeriesPlan:
        with self.signed_in.reading() as ctx:
            return series.plan_change(ctx, change)

    def change(self, change: SeriesChange) -> SeriesDone:
        with self.signed_in.writing() as ctx:
            return series.change(ctx, change)

    def cancel(self, row: SeriesRow, number: int, scope: Scope, **values) -> SeriesDone:
        wanted = SeriesCancel(
            **{
                "series_id": row.id,
                "version": row.version,
                "visit_id": row.visits[number].id,
                "scope": scope,
                "reason": "moved away",
                **values,
            }
        )
        with self.signed_in.writing() as ctx:
            return series.cancel(ctx, wanted)

    def back(self, done: SeriesDone) -> SeriesDone:
        with self.signed_in.writing() as ctx:
            return series.take_back(ctx, done.undo)


def answered(booking, plan: SeriesPlan, choice: Choice):
    """Return the same wish with one answer for every open date."""
    answers = tuple(
        Answer(date=one.date, choice=choice, local_start=one.nearest) for one in plan.open
    )
    return booking.model_copy(update={"answers": (*booking.answers, *answers)})


@pytest.fixture
def desk_as(sign_in, place) -> Callable[..., Desk]:
    return lambda login, **more: Desk(sign_in(login, **more), place)


@pytest.fixture
def front(desk_as) -> Desk:
    return desk_as("u_front")


@pytest.fixture
def manager(desk_as) -> Desk:
    return desk_as("u_manager")


def starts(visits) -> list[datetime]:
    return [one.local_start for one in visits]
