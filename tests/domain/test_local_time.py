"""Local days through every kind of change of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.local_time import LocalDay, instant_of, is_doubled, local_of
from clinic_desktop.domain.schedule import Span
from clinic_desktop.errors import InvalidError

MADRID, LORD_HOWE, SAO_PAULO, KATHMANDU = map(
    ZoneInfo, ("Europe/Madrid", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu")
)
ZONES = [MADRID, LORD_HOWE, SAO_PAULO, KATHMANDU]
clock = datetime.fromisoformat
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


class TestInstantOf:
    def test_ordinary(self) -> None:
        assert instant_of(clock("2026-03-12 14:30"), KATHMANDU) == datetime(
            2026, 3, 12, 8, 45, tzinfo=UTC
        )

    def test_skipped_time_is_refused_with_the_next_one(self) -> None:
        with pytest.raises(InvalidError, match=r"02:30 does not exist\. Take 03:30") as refused:
            instant_of(clock("2026-03-29 02:30"), MADRID, locale="en_IE")
        assert refused.value.field == "time"

    def test_half_hour_is_skipped_on_lord_howe(self) -> None:
        with pytest.raises(InvalidError, match=r"02:15 does not exist\. Take 02:45"):
            instant_of(clock("2026-10-04 02:15"), LORD_HOWE, locale="en_GB")

    def test_doubled_time_is_the_first_unless_asked(self) -> None:
        local = clock("2026-10-25 02:30")
        assert is_doubled(local, MADRID)
        first, second = (instant_of(local, MADRID, second=later) for later in (False, True))
        assert second - first == timedelta(hours=1)
        assert local_of(first, MADRID) == local_of(second, MADRID) == local

    @given(
        st.datetimes(clock("2016-01-01 00:00"), clock("2030-01-01 00:00")), st.sampled_from(ZONES)
    )
    def test_there_and_back(self, local, zone) -> None:
        local = local.replace(second=0, microsecond=0)
        try:
            instant = instant_of(local, zone)
        except InvalidError:
            return
        assert local_of(instant, zone) == local


class TestLocalDay:
    def test_lengths(self) -> None:
        lengths = {
            (FORWARD, MADRID): 23 * 60,
            (BACK, MADRID): 25 * 60,
            (date(2026, 4, 5), LORD_HOWE): 24 * 60 + 30,
            (date(2018, 11, 4), SAO_PAULO): 23 * 60,
            (FORWARD, KATHMANDU): 24 * 60,
        }
        assert {key: LocalDay(*key).minutes for key in lengths} == lengths

    def test_hours_say_which_comes_again(self) -> None:
        marks = LocalDay(BACK, MADRID).hours
        assert [(m.local.hour, m.again) for m in marks[1:5]] == [
            (1, False),
            (2, False),
            (2, True),
            (3, False),
        ]
        assert [m.local.hour for m in LocalDay(FORWARD, MADRID).hours[:3]] == [0, 1, 3]

    def test_a_day_may_begin_after_midnight(self) -> None:
        assert LocalDay(date(2018, 11, 4), SAO_PAULO).local_at(0).time() == time(1)

    def test_working_spans(self) -> None:
        assert LocalDay(BACK, MADRID).span_of(time(9), time(17)) == Span(600, 1080)
        assert LocalDay(BACK, MADRID).span_of(time(1), time(2, 30)) == Span(60, 210)
        assert LocalDay(FORWARD, MADRID).span_of(time(1), time(2, 30)) == Span(60, 150)

    @given(
        st.dates(date(2016, 1, 1), date(2030, 1, 1)),
        st.sampled_from(ZONES),
        st.integers(0, 1500),
    )
    def test_minutes_and_instants_agree(self, day, zone, minute) -> None:
        local_day = LocalDay(day, zone)
        assert local_day.minute_of(local_day.instant_at(minute)) == minute
        if minute < local_day.minutes:
            local = local_day.local_at(minute)
            assert local.date() == day
            second = local_day.is_second(minute)
            assert instant_of(local, zone, second=second) == local_day.instant_at(minute)
