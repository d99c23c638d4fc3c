"""Series across changes of clocks: the local time stays, a missing or doubled hour is told."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.models import WorkingTime
from clinic_desktop.services.series.schemas import Choice, State
from tests.services.series.conftest import answered, starts

ZONES = (
    "Europe/Madrid",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
)


def change_day(zone: str, *, shorter: bool, after: date) -> date | None:
    """Return the next day that has fewer or more minutes than others."""
    for number in range(500):
        day = after + timedelta(days=number)
        minutes = LocalDay(day, ZoneInfo(zone)).minutes
        if minutes < 1440 if shorter else minutes > 1440:
            return day
    return None


@pytest.fixture(params=ZONES)
def zone(request, database, make, place) -> str:
    """The clinic in another zone; Dr Park works day and night."""
    with open_connection(database.superuser()) as connection:
        connection.execute("SET ROLE clinic_owner")
        connection.execute(
            "UPDATE clinic.clinic SET zone = %s, version = version + 1", (request.param,)
        )
    for weekday in range(7):
        make.row(
            WorkingTime, provider_id=place.park, weekday=weekday, starts=time(0), ends=time(23, 45)
        )
        make.row(
            WorkingTime,
            provider_id=place.park,
            weekday=weekday,
            starts=time(23, 45),
            ends=time(23, 50),
            kind="break",
        )
    return str(request.param)


def weekly_on(desk, day: date, at: time, **values):
    """Return a weekly series of six of which the fourth date is ``day``."""
    first = day - timedelta(days=21)
    return desk.wish(
        local_start=datetime.combine(first, at),
        rule={"weekdays": (day.weekday(),), "count": 6},
        **values,
    )


class TestLocalTime:
    @pytest.mark.parametrize("shorter", [True, False])
    def test_stays_across_the_change(self, zone, desk_as, place, shorter) -> None:
        front = desk_as("u_front")
        day = change_day(zone, shorter=shorter, after=place.monday + timedelta(days=30))
        changes = day is not None
        day = day or place.monday + timedelta(days=60)
        done = front.book(weekly_on(front, day, time(10, 30)))
        assert {one.time() for one in starts(done.visits)} == {time(10, 30)}
        local = ZoneInfo(zone)
        for one in done.visits:
            assert one.starts_at.astimezone(local).replace(tzinfo=None) == one.local_start
            assert one.minutes == 30
        gaps = {later.starts_at - earlier.starts_at for earlier, later in pairwise(done.visits)}
        # In a zone that changes, one of the weeks is longer or shorter than seven times 24 hours.
        assert (gaps != {timedelta(days=7)}) is changes
        moved = front.change(
            front.change_of(
                front.read(done.series_id),
                0,
                "all",
                local_start=done.visits[0].local_start.replace(hour=12),
            )
        )
        assert {one.time() for one in starts(moved.visits)} == {time(12, 30)}
        back = front.back(moved)
        assert {one.time() for one in starts(back.visits)} == {time(10, 30)}

    def test_the_missing_hour(self, zone, desk_as, place) -> None:
        day = change_day(zone, shorter=True, after=place.monday + timedelta(days=30))
        if day is None:
            return  # these clocks stay as they are
        front = desk_as("u_front")
        missing = _missing(day, zone)
        booking = weekly_on(front, day, missing)
        plan = front.plan(booking)
        skipped = plan.dates[3]
        assert [one.state for one in plan.dates].count(State.SKIPPED) == 1
        assert skipped.state is State.SKIPPED
        assert "The clocks go forward" in skipped.sentence
        assert skipped.choices[:2] == (Choice.LEAVE_OUT, Choice.SHIFT)
        done = front.book(answered(booking, plan, Choice.SHIFT))
        assert done.visits[3].local_start == skipped.nearest
        assert done.visits[3].local_start.time() > missing
        assert {one.local_start.time() for one in done.visits if one is not done.visits[3]} == {
            missing
        }

    def test_the_doubled_hour(self, zone, desk_as, place) -> None:
        day = change_day(zone, shorter=False, after=place.monday + timedelta(days=30))
        if day is None:
            return
        front = desk_as("u_front")
        doubled = _doubled(day, zone)
        booking = weekly_on(front, day, doubled)
        twice = front.plan(booking).dates[3]
        assert (twice.state, twice.choice) == (State.FREE, Choice.BOOK)
        assert "twice" in twice.note
        visit = front.book(booking).visits[3]
        assert visit.local_start.time() == doubled
        first = datetime.combine(day, doubled, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)
        assert visit.starts_at == first


def _missing(day: date, zone: str) -> time:
    """Return a quarter that the clocks leave out."""
    local = ZoneInfo(zone)
    for number in range(96):
        at = datetime.combine(day, time()) + timedelta(minutes=15 * number)
        there = at.replace(tzinfo=local).astimezone(UTC).astimezone(local).replace(tzinfo=None)
        if there != at:
            return at.time()
    raise LookupError(day)


def _doubled(day: date, zone: str) -> time:
    local = ZoneInfo(zone)
    for number in range(96):
        at = datetime.combine(day, time()) + timedelta(minutes=15 * number)
        one, other = (at.replace(tzinfo=local, fold=fold).utcoffset() for fold in (0, 1))
        if one > other:
            return at.time()
    raise LookupError(day)
