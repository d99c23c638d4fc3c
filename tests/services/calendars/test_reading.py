"""Calendar files as other programs write them, and as nobody should."""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.errors import InvalidError
from clinic_desktop.services.calendars import blocks as blocks_module
from clinic_desktop.services.calendars.blocks import blocks_of
from clinic_desktop.services.calendars.events import read_calendar
from clinic_desktop.services.calendars.reading import LARGEST, Reader
from clinic_desktop.services.progress import StoppedError

DUBLIN = ZoneInfo("Europe/Dublin")
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


@pytest.fixture
def read(tmp_path):
    """``read(*lines)`` returns what was found in a calendar of these lines, and its blocks."""

    def one(*lines: str, encoding: str = "utf-8", end: bool = True, zone: ZoneInfo = DUBLIN):
        path = tmp_path / "it.ics"
        rows = ["BEGIN:VCALENDAR", "VERSION:2.0", *lines, *(["END:VCALENDAR"] if end else [])]
        path.write_bytes("\r\n".join([*rows, ""]).encode(encoding))
        found = read_calendar(path, zone, FIRST, LAST)
        return found, blocks_of(found, zone, FIRST, LAST)

    return one


def event(*lines: str, uid: str = "a") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]


def spans(blocks) -> list[tuple[str, str]]:
    return [(f"{one.starts:%m-%d %H:%M}", f"{one.ends:%m-%d %H:%M}") for one in blocks]


class TestTimes:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (["DTSTART:20270701T090000Z", "DTEND:20270701T100000Z"],
             ("07-01 10:00", "07-01 11:00")),
            (["DTSTART:20270701T090000", "DURATION:PT1H30M"], ("07-01 09:00", "07-01 10:30")),
            (["DTSTART;TZID=Europe/Madrid:20270701T090000", "DURATION:PT1H"],
             ("07-01 08:00", "07-01 09:00")),
            # Windows has names of its own, and programs put their own path before the usual ones.
            (["DTSTART;TZID=Romance Standard Time:20270701T090000", "DURATION:PT1H"],
             ("07-01 08:00", "07-01 09:00")),
            (['DTSTART;TZID="E. South America Standard Time":20270701T090000', "DURATION:PT1H"],
             ("07-01 13:00", "07-01 14:00")),
            (["DTSTART;TZID=/mozilla.org/20050126_1/Europe/Madrid:20270701T090000",
              "DURATION:PT1H"], ("07-01 08:00", "07-01 09:00")),
            (["DTSTART;VALUE=DATE:20270701"], ("07-01 00:00", "07-02 00:00")),
            (["DTSTART;VALUE=DATE:20270701", "DTEND;VALUE=DATE:20270704"],
             ("07-01 00:00", "07-04 00:00")),
            (["DTSTART;VALUE=DATE:20270701", "DTEND;VALUE=DATE:20270701"],
             ("07-01 00:00", "07-02 00:00")),
            (["DTSTART;TZID=Australia/Lord_Howe:20270105T090000", "DURATION:PT1H"],
             ("01-04 22:00", "01-04 23:00")),
            (["dtstart:20270701T090000Z", "dtend:20270701T100000Z"],
             ("07-01 10:00", "07-01 11:00")),
            (["DTSTART:20270701T235960Z", "DURATION:PT1H"], ("07-02 00:59", "07-02 01:59")),
        ],
    )  # fmt: skip
    def test_as_the_clinic_s_clocks_show_them(self, read, lines, expected) -> None:
        found, blocks = read(*event(*lines))
        assert found.problems == []
        assert [(first[:11], last[:11]) for first, last in spans(blocks)] == [expected]

    def test_a_zone_that_only_the_file_knows(self, read) -> None:
        zone = [
            "BEGIN:VTIMEZONE", "TZID:Customized Time Zone",
            "BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
            "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT",
            "END:VTIMEZONE",
        ]  # fmt: skip
        found, blocks = read(
            *zone,
            *event("DTSTART;TZID=Customized Time Zone:20270701T090000", "DURATION:PT1H", uid="s"),
            *event("DTSTART;TZID=Customized Time Zone:20271201T090000", "DURATION:PT1H", uid="w"),
        )
        assert found.problems == []
        assert spans(blocks) == [("07-01 08:00", "07-01 09:00"), ("12-01 08:00", "12-01 09:00")]

    def test_a_zone_that_nobody_knows_is_told_once(self, read) -> None:
        lines = ("DTSTART;TZID=Narnia:20270701T090000", "DTEND;TZID=Narnia:20270701T100000")
        found, blocks = read(*event(*lines), *event(*lines, uid="b"))
        assert spans(blocks) == [("07-01 09:00", "07-01 10:00")] * 2
        (problem,) = found.problems
        assert problem.line == 6
        assert "Narnia" in problem.sentence

    @pytest.mark.parametrize("name", ["../../etc/passwd", "Europe", "/", "\x00", "x" * 5000])
    def test_names_of_zones_open_no_files(self, read, name) -> None:
        found, blocks = read(*event(f"DTSTART;TZID={name}:20270701T090000", "DURATION:PT1H"))
        assert len(blocks) + len(found.unread) == 1

    def test_both_of_two_equal_hours_are_blocked(self, read) -> None:
        _found, blocks = read(*event("DTSTART:20271031T004500Z", "DTEND:20271031T011500Z"))
        assert spans(blocks) == [("10-31 01:00", "10-31 02:00")]


class TestRepeating:
    def test_spread_out_over_the_span_only(self, read) -> None:
        _found, blocks = read(
            *event("DTSTART;TZID=Europe/Madrid:20200106T090000", "DURATION:PT1H",
                   "RRULE:FREQ=WEEKLY;BYDAY=MO")
        )  # fmt: skip
        assert len(blocks) == 52
        # Nine in Madrid is eight in Dublin, in summer as in winter.
        assert {one.starts.hour for one in blocks} == {8}
        assert len({one.uid for one in blocks}) == 52

    def test_changed_and_cancelled_ones(self, read) -> None:
        _found, blocks = read(
            *event("DTSTART:20270104T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5",
                   "EXDATE:20270105T090000Z"),
            *event("RECURRENCE-ID:20270106T090000Z", "DTSTART:20270106T150000Z", "DURATION:PT1H"),
            *event("RECURRENCE-ID:20270107T090000Z", "DTSTART:20270107T090000Z",
                   "STATUS:CANCELLED"),
            *event("RECURRENCE-ID:20270108T090000Z", "DTSTART:20270108T090000Z",
                   "TRANSP:TRANSPARENT"),
        )  # fmt: skip
        assert spans(blocks) == [("01-04 09:00", "01-04 10:00"), ("01-06 15:00", "01-06 16:00")]

    def test_more_dates_and_whole_days(self, read) -> None:
        _found, blocks = read(
            *event("DTSTART;VALUE=DATE:20270301", "RDATE;VALUE=DATE:20270310,20270320",
                   "EXDATE;VALUE=DATE:20270310")
        )  # fmt: skip
        assert [f"{one.starts:%m-%d}" for one in blocks] == ["03-01", "03-20"]

    def test_until_is_reckoned_on_the_event_s_clocks(self, read) -> None:
        _found, blocks = read(
            *event("DTSTART;TZID=Pacific/Auckland:20270105T080000", "DURATION:PT1H",
                   "RRULE:FREQ=DAILY;UNTIL=20270106T190000Z")
        )  # fmt: skip
        assert len(blocks) == 3

    def test_a_rule_without_end(self, read) -> None:
        _found, blocks = read(*event("DTSTART:19700101T090000Z", "DURATION:PT1H",
                                     "RRULE:FREQ=DAILY"))  # fmt: skip
        assert len(blocks) == 365

    @pytest.mark.parametrize("freq", ["SECONDLY", "MINUTELY", "HOURLY"])
    def test_bombs_are_named_and_the_rest_is_taken(self, read, freq) -> None:
        begun = time.monotonic()
        found, blocks = read(
            *event("DTSTART:19700101T000000Z", f"RRULE:FREQ={freq}"),
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", uid="b"),
        )
        assert time.monotonic() - begun < 2
        assert [(one.line, one.sentence) for one in found.problems] == [
            (7, "It repeats every hour or more often, and so is left out.")
        ]
        assert [one.uid for one in blocks] == ["b"]
        assert found.unread == {"a"}

    def test_what_never_comes_about_and_what_counts_from_long_ago(self, read) -> None:
        begun = time.process_time()
        found, blocks = read(
            *event("DTSTART:19700101T000000Z", "DURATION:PT1H",
                   "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", uid="never"),
            *event("DTSTART:10000101T000000Z", "RRULE:FREQ=DAILY;COUNT=999999", uid="old"),
            *event("DTSTART:19010101T000000Z", "DURATION:PT1H",
                   "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;COUNT=999999", uid="long"),
        )  # fmt: skip
        assert time.process_time() - begun < 2
        assert {one.uid.partition(" ")[0] for one in blocks} == {"long"}
        assert found.unread == {"old"}
        assert "more than can be reckoned" in found.problems[0].sentence

    def test_zones_that_are_bombs(self, read) -> None:
        found, blocks = read(
            "BEGIN:VTIMEZONE", "TZID:Bomb", "BEGIN:STANDARD", "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "RRULE:FREQ=SECONDLY", "END:STANDARD",
            "END:VTIMEZONE", *event("DTSTART;TZID=Bomb:20270701T090000", "DURATION:PT1H"),
        )  # fmt: skip
        assert spans(blocks) == [("07-01 09:00", "07-01 10:00")]
        assert len(found.problems) == 2


class TestWhatIsLeftOut:
    def test_free_cancelled_past_and_momentary(self, read) -> None:
        found, blocks = read(
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT", uid="1"),
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "STATUS:CANCELLED", uid="2"),
            *event("DTSTART:20200701T090000Z", "DTEND:20200701T100000Z", uid="3"),
            *event("DTSTART:20270701T090000Z", uid="4"),
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H",
                   "X-MICROSOFT-CDO-BUSYSTATUS:FREE", uid="5"),
        )  # fmt: skip
        assert blocks == ()
        left = found.left_out
        assert (found.count, left.free, left.cancelled, left.elsewhen, left.no_time) == (
            5,
            2,
            1,
            1,
            1,
        )

    def test_a_calendar_that_takes_everything_back(self, read) -> None:
        _found, blocks = read("METHOD:CANCEL", *event("DTSTART:20270701T090000Z", "DURATION:PT1H"))
        assert blocks == ()

    def test_the_newest_of_two_with_one_uid(self, read) -> None:
        _found, blocks = read(
            *event("DTSTART:20270701T120000Z", "DURATION:PT1H", "SEQUENCE:3"),
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "SEQUENCE:1"),
        )
        assert spans(blocks) == [("07-01 13:00", "07-01 14:00")]

    def test_alarms_and_other_components(self, read) -> None:
        found, blocks = read(
            "BEGIN:VTODO", "UID:t", "DTSTART:20270701T090000Z", "END:VTODO",
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "BEGIN:VALARM",
                   "DURATION:PT15M", "SUMMARY:not this", "END:VALARM", "SUMMARY:This"),
        )  # fmt: skip
        assert [(one.title, one.ends - one.starts) for one in blocks] == [
            ("This", timedelta(hours=1))
        ]
        assert found.count == 1


class TestBadFiles:
    def test_broken_lines_are_named_and_the_rest_is_taken(self, read) -> None:
        found, blocks = read(
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "this is no line", "X;;not read"),
            *event("DTSTART:2027-07-01", uid="b"),
            *event("SUMMARY:nothing else", uid="c"),
            *event("DTSTART:20271301T090000Z", uid="d"),
            *event("DTSTART:20270702T090000Z", "DTEND:tomorrow", uid="e"),
        )
        assert [one.uid for one in blocks] == ["a"]
        assert [one.line for one in found.problems] == [8, 14, 16, 24, 30]
        assert found.unread == {"b", "c", "d", "e"}
        assert "“this is no line”" in found.problems[0].sentence

    def test_letters_that_are_not_utf_8(self, read) -> None:
        found, blocks = read(
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "SUMMARY:Reunião & café"),
            encoding="cp1252",
        )
        assert [one.title for one in blocks] == ["Reunião & café"]
        assert ["UTF-8" in one.sentence for one in found.problems] == [True]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
    def test_other_encodings(self, read, encoding) -> None:
        found, blocks = read(
            *event("DTSTART:20270701T090000Z", "DURATION:PT1H", "SUMMARY:Зуб 🦷"),
            encoding=encoding,
        )
        assert found.problems == []
        assert [one.title for one in blocks] == ["Зуб 🦷"]

    def test_folds_inside_of_letters_and_of_names(self, tmp_path) -> None:
        path = tmp_path / "it.ics"
        path.write_bytes(
            b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTA\n RT:20270701T0\n\t90000Z\n"
            b"DURATION:PT1H\nSUMMARY:caf\xc3\n \xa9\nEND:VEVENT\nEND:VCALENDAR"
        )
        found = read_calendar(path, DUBLIN, FIRST, LAST)
        (block,) = blocks_of(found, DUBLIN, FIRST, LAST)
        assert block.title == "café"
        assert (found.problems, found.whole) == ([], True)

    def test_a_file_that_ends_in_the_middle(self, read) -> None:
        lines = [*event("DTSTART:20270701T090000Z", "DURATION:PT1H"), "BEGIN:VEVENT", "UID:b"]
        found, blocks = read(*lines, end=False)
        assert not found.whole
        assert [one.uid for one in blocks] == ["a"]
        assert [one.line for one in found.problems] == [9]

    def test_an_event_that_never_ends_before_the_next(self, read) -> None:
        first = event("DTSTART:20270701T090000Z", "DURATION:PT1H")[:-1]
        _found, blocks = read(*first, *event("DTSTART:20270702T090000Z", "DURATION:PT1H", uid="b"))
        assert [one.uid for one in blocks] == ["a", "b"]

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<!DOCTYPE html><title>Sign in</title>",
            b"PK\x03\x04",
            b"\x00" * 100,
            b"BEGIN:VCARD",
        ],
    )
    def test_what_is_no_calendar(self, tmp_path, content) -> None:
        path = tmp_path / "it.ics"
        path.write_bytes(content)
        with pytest.raises(InvalidError, match="is no calendar file"):
            Reader(path)

    def test_what_is_not_there(self, tmp_path) -> None:
        with pytest.raises(InvalidError, match="cannot be opened"):
            Reader(tmp_path / "none.ics")
        with pytest.raises(InvalidError, match="cannot be opened"):
            Reader(tmp_path)

    def test_half_a_gigabyte_is_refused_at_once(self, tmp_path) -> None:
        path = tmp_path / "it.ics"
        with path.open("wb") as stream:
            stream.write(b"BEGIN:VCALENDAR\r\n")
            stream.truncate(500_000_000)
        begun = time.monotonic()
        with pytest.raises(InvalidError, match="larger than 100 MB"):
            Reader(path)
        assert time.monotonic() - begun < 0.5
        assert LARGEST == 100_000_000

    def test_more_than_can_be_stored(self, read, monkeypatch) -> None:
        monkeypatch.setattr(blocks_module, "MOST_BLOCKS", 100)
        with pytest.raises(InvalidError, match="more than 100 busy times"):
            read(*event("DTSTART:20270101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))

    def test_many_events_of_other_years_take_little(self, tmp_path) -> None:
        """They cost what the going through of their lines costs, and are never reckoned."""
        path = tmp_path / "it.ics"
        _write_many(path, 20_000)
        begun = time.process_time()
        assert sum(1 for _component in Reader(path).components()) >= 20_000
        lines = time.process_time() - begun
        begun = time.process_time()
        found = read_calendar(path, DUBLIN, FIRST, LAST)
        took = time.process_time() - begun
        assert (found.count, found.left_out.elsewhen) == (20_000, 20_000)
        assert took < 6 * lines

    def test_it_can_be_stopped(self, tmp_path) -> None:
        path = tmp_path / "it.ics"
        _write_many(path, 50_000)
        told = []

        class Steps:
            def tell(self, done: int, total: int) -> None:
                told.append((done, total))
                if len(told) == 2:
                    raise StoppedError

        with pytest.raises(StoppedError):
            read_calendar(path, DUBLIN, FIRST, LAST, steps=Steps())
        assert 0 < told[0][0] < told[1][0] < told[0][1]


def _write_many(path: Path, count: int) -> None:
    with path.open("wb") as stream:
        stream.write(b"BEGIN:VCALENDAR\r\n")
        for number in range(count):
            year = 2000 + number % 20
            stream.write(
                b"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:%d0101T090000Z\r\n"
                b"DTEND:%d0101T093000Z\r\nEND:VEVENT\r\n" % (number, year, year)
            )
        stream.write(b"END:VCALENDAR\r\n")


def test_our_own_feed_comes_back_as_it_was(tmp_path) -> None:
    """What one clinic writes, another can block."""
    from clinic_desktop.domain.calendars.feeds import FeedEvent, calendar

    zone = ZoneInfo("Australia/Lord_Howe")
    at = datetime(2027, 4, 3, 12, 30, tzinfo=UTC)
    events = [
        FeedEvent(f"{n}@clinic-desktop", 0, at + timedelta(hours=n), at + timedelta(hours=n + 1),
                  "Busy", at)
        for n in range(48)
    ]  # fmt: skip
    path = tmp_path / "it.ics"
    path.write_bytes(calendar(events, zone, name="Dr Park"))
    found = read_calendar(path, ZoneInfo("UTC"), FIRST, LAST)
    blocks = blocks_of(found, ZoneInfo("UTC"), FIRST, LAST)
    assert [one.starts.replace(tzinfo=UTC) for one in blocks] == [one.starts for one in events]
