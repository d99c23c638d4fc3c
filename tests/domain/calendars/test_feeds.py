"""A feed read back by another program: every instant, every text, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.parser import unescape_backslash

from clinic_desktop.domain.calendars.feeds import CANCELLED, FeedEvent, calendar
from tests.domain.calendars.test_zones import ZONES

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from("\n;,\\:\"'"),
    max_size=200,
)


YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@cache
def changes_of(zone: ZoneInfo) -> list[datetime]:
    hours = [(YEAR + timedelta(hours=hour)).astimezone(zone) for hour in range(365 * 24)]
    return [
        one.astimezone(UTC)
        for one, other in pairwise(hours)
        if one.utcoffset() != other.utcoffset()
    ] or [YEAR]


def instants(zone: ZoneInfo):
    """Any minute of a year, those around a change of clocks among them."""
    near = st.builds(
        lambda at, minutes: at + timedelta(minutes=minutes),
        st.sampled_from(changes_of(zone)),
        st.integers(-180, 180),
    )
    any_minute = st.integers(0, 364 * 24 * 60)
    return near | any_minute.map(lambda minutes: YEAR + timedelta(minutes=minutes))


@st.composite
def feeds(draw):
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    starts = draw(st.lists(instants(zone), min_size=1, max_size=5))
    events = [
        FeedEvent(
            uid=f"{number}@clinic-desktop",
            sequence=draw(st.integers(0, 99)),
            starts=at,
            ends=at + timedelta(minutes=draw(st.integers(5, 600))),
            summary=draw(TEXTS),
            description=draw(TEXTS),
            changed_at=at - timedelta(days=1),
            status=draw(st.sampled_from(("CONFIRMED", "TENTATIVE", CANCELLED))),
        )
        for number, at in enumerate(starts)
    ]
    return zone, events, draw(TEXTS)


def meant(value, tz) -> datetime:
    """The instant that a program takes from the file alone, not from its own list of zones."""
    moment = value.dt
    if value.params.get("TZID"):
        naive = moment.replace(tzinfo=None)
        return (naive - naive.replace(tzinfo=tz).utcoffset()).replace(tzinfo=UTC)
    return moment.astimezone(UTC)


@settings(max_examples=80, deadline=None)
@given(feeds())
def test_read_back_as_it_was(made) -> None:
    zone, events, name = made
    content = calendar(events, zone, name=name)
    for row in content.split(b"\r\n"):
        assert len(row) <= 75
        row.decode()
    assert b"\n" not in content.replace(b"\r\n", b"")
    read = Calendar.from_ical(content)
    (tz,) = [one.to_tz(lookup_tzid=False) for one in read.walk("VTIMEZONE")]
    # The library knows this text, which is newer than itself, only as it is written.
    assert unescape_backslash(str(read["NAME"])) == name
    found = {str(one["UID"]): one for one in read.walk("VEVENT")}
    assert len(found) == len(events)
    for event in events:
        one = found[event.uid]
        assert meant(one["DTSTART"], tz) == event.starts
        assert meant(one["DTEND"], tz) == event.ends
        assert str(one["SUMMARY"]) == event.summary
        assert str(one.get("DESCRIPTION", "")) == event.description
        assert int(one["SEQUENCE"]) == event.sequence
        assert str(one["STATUS"]) == event.status
        assert one["LAST-MODIFIED"].dt == event.changed_at
        assert one["DTSTAMP"].dt == event.changed_at
    assert calendar(reversed(events), zone, name=name) == content


def test_the_second_of_two_equal_times_is_told_in_utc() -> None:
    zone = ZoneInfo("Europe/Dublin")
    at = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    event = FeedEvent("1", 0, at, at + timedelta(hours=1), "Busy", at)
    content = calendar([event], zone, name="x").decode()
    assert "DTSTART:20271031T013000Z" in content
    assert "DTEND;TZID=Europe/Dublin:20271031T023000" in content


def test_without_events_and_in_utc() -> None:
    assert not Calendar.from_ical(calendar([], ZoneInfo("Europe/Madrid"), name="")).walk("VEVENT")
    at = datetime(2027, 1, 1, tzinfo=UTC)
    event = FeedEvent("1", 0, at, at + timedelta(hours=1), "Busy", at)
    assert b"VTIMEZONE" not in calendar([event], ZoneInfo("UTC"), name="x")
