"""What a VTIMEZONE of ours says, read back and compared with the zone itself at every hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Timezone

from clinic_desktop.domain.calendars.lines import written
from clinic_desktop.domain.calendars.zones import (
    local_cover,
    observances,
    offset_text,
    vtimezone,
)

ZONES = (
    "Europe/Madrid",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Gaza",
    "America/New_York",
    "Pacific/Chatham",
    "Atlantic/Azores",
)


def read_back(zone: ZoneInfo, first: datetime, last: datetime):
    """The zone as another program reads it: from the component alone, not by its name."""
    lines = ["BEGIN:VCALENDAR", *vtimezone(zone.key, observances(zone, first, last)),
             "END:VCALENDAR"]  # fmt: skip
    (found,) = Calendar.from_ical(written(lines)).walk("VTIMEZONE")
    assert isinstance(found, Timezone)
    return found.to_tz(lookup_tzid=False)


@pytest.mark.parametrize("name", ZONES)
def test_every_hour_of_two_years_is_the_same(name) -> None:
    zone = ZoneInfo(name)
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    theirs = read_back(zone, first, last)
    at = first + timedelta(days=1)
    while at < last - timedelta(days=1):
        local = at.astimezone(zone)
        # Of two equal times the first is meant.
        if not local.fold:
            naive = local.replace(tzinfo=None)
            assert naive - naive.replace(tzinfo=theirs).utcoffset() == at.replace(tzinfo=None)
        at += timedelta(minutes=30)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Asia/Kathmandu", 1),
        ("America/Sao_Paulo", 1),
        ("Europe/Madrid", 3),
        ("Australia/Lord_Howe", 3),
        ("Africa/Casablanca", 3),
    ],
)
def test_what_holds_in_a_year(name, count) -> None:
    zone = ZoneInfo(name)
    found = observances(zone, datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    assert len(found) == count


def test_half_an_hour_and_three_quarters() -> None:
    year = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    howe = observances(ZoneInfo("Australia/Lord_Howe"), *year)
    assert [offset_text(one.after) for one in howe] == ["+1100", "+1030", "+1100"]
    assert [one.summer for one in howe] == [True, False, True]
    assert offset_text(observances(ZoneInfo("Asia/Kathmandu"), *year)[0].after) == "+0545"


def test_the_irish_winter_is_told_as_others_tell_it() -> None:
    found = observances(
        ZoneInfo("Europe/Dublin"),
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2028, 1, 1, tzinfo=UTC),
    )
    assert [(one.name, one.summer) for one in found] == [
        ("GMT", False), ("IST", True), ("GMT", False),
    ]  # fmt: skip
    assert f"{found[1].starts}" == "2027-03-28 01:00:00"
    assert f"{found[2].starts}" == "2027-10-31 02:00:00"


def test_old_offsets_have_seconds() -> None:
    assert offset_text(timedelta(hours=-3, minutes=-6, seconds=-28)) == "-030628"
    assert offset_text(timedelta(0)) == "+0000"


class TestLocalCover:
    DUBLIN = ZoneInfo("Europe/Dublin")

    @pytest.mark.parametrize(
        ("starts", "minutes", "expected"),
        [
            # 01:45 for the first time until 01:15 for the second: both are blocked whole.
            (datetime(2027, 10, 31, 0, 45, tzinfo=UTC), 30, ((1, 0), (2, 0))),
            (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 120, ((1, 0), (2, 30))),
            (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 60, ((0, 30), (2, 30))),
            (datetime(2027, 6, 1, 8, 0, tzinfo=UTC), 60, ((9, 0), (10, 0))),
        ],
    )
    def test_clocks(self, starts, minutes, expected) -> None:
        first, last = local_cover(starts, starts + timedelta(minutes=minutes), self.DUBLIN)
        assert ((first.hour, first.minute), (last.hour, last.minute)) == expected
