"""The week, single dates and closed time of a day, also when the clocks change."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.working_time import (
    ClinicHours,
    OwnTime,
    Pause,
    SpecialSpan,
    WeeklySpan,
)

WHO, SEAT = UUID(int=1), UUID(int=2)
MONDAY = LocalDay(date(2026, 12, 7), ZoneInfo("Europe/Madrid"))


def weekly(starts: int, ends: int, kind: str = "open", day: int = 0) -> WeeklySpan:
    return WeeklySpan(day, kind, time(starts), time(ends))


def dated(kind: str, starts: tuple[int, int], ends: tuple[int, int], label="") -> SpecialSpan:
    first, last = (
        datetime.combine(date(2026, 12, day), time(hour)) for day, hour in (starts, ends)
    )
    return SpecialSpan(kind, first, last, label)


def hours(clinic=(), own=(), special=(), own_special=(), chair=None) -> ClinicHours:
    return ClinicHours(
        clinic=OwnTime(tuple(clinic), tuple(special), "clinic"),
        providers={WHO: OwnTime(tuple(own), tuple(own_special))},
        chairs={SEAT: chair} if chair is not None else {},
    )


def works(held: ClinicHours, day: LocalDay = MONDAY) -> list[tuple[float, float]]:
    return [(one.start / 60, one.end / 60) for one in held.provider_on(WHO, day).working]


CLINIC = (weekly(8, 18), weekly(13, 14, "break"))


class TestProvider:
    def test_the_clinics_hours_and_breaks(self) -> None:
        assert works(hours(CLINIC)) == [(8, 13), (14, 18)]

    def test_own_hours_replace_a_kind_on_every_day(self) -> None:
        assert works(hours(CLINIC, [weekly(10, 20)])) == [(10, 13), (14, 20)]
        assert works(hours(CLINIC, [weekly(10, 20, day=3)])) == []
        assert works(hours(CLINIC, [weekly(9, 10, "break")])) == [(8, 9), (10, 18)]

    def test_own_hours_of_a_date_stand_alone(self) -> None:
        held = hours(CLINIC, own_special=[dated("open", (7, 12), (7, 16))])
        assert works(held) == [(12, 16)]

    def test_the_clinics_hours_of_a_date(self) -> None:
        short = [dated("open", (7, 9), (7, 15))]
        assert works(hours(CLINIC, special=short)) == [(9, 15)]
        # Whoever has hours of their own works no longer than the clinic is open.
        assert works(hours(CLINIC, [weekly(10, 20)], short)) == [(10, 13), (14, 15)]

    def test_closed_is_closed(self) -> None:
        away = dated("time_off", (4, 0), (9, 0), "Congress")
        held = hours(CLINIC, own_special=[away, dated("open", (7, 9), (7, 12))])
        assert works(held) == []
        (pause,) = held.provider_on(WHO, MONDAY).pauses
        assert pause == Pause(
            Span(0, 1440),
            "Congress",
            "time_off",
            datetime.combine(date(2026, 12, 9), time()),
            "provider",
        )
        assert works(hours(CLINIC, special=[dated("holiday", (7, 0), (8, 0))])) == []
        assert works(hours(CLINIC, special=[dated("blockout", (7, 16), (7, 17))])) == [
            (8, 13), (14, 16), (17, 18)
        ]  # fmt: skip
        assert works(hours(CLINIC, special=[dated("holiday", (8, 0), (9, 0))])) == [
            (8, 13), (14, 18)
        ]  # fmt: skip


class TestChair:
    def test_without_hours_all_day(self) -> None:
        assert hours().chair_on(SEAT, MONDAY).working == (Span(0, 1440),)

    def test_blocked_and_own_hours(self) -> None:
        repair = OwnTime((), (dated("blockout", (7, 10), (7, 12), "Repair"),), "chair")
        on_day = hours(chair=repair).chair_on(SEAT, MONDAY)
        assert on_day.working == (Span(0, 600), Span(720, 1440))
        assert on_day.pauses[0].whose == "chair"
        mornings = OwnTime((weekly(8, 12),), (), "chair")
        assert hours(chair=mornings).chair_on(SEAT, MONDAY).working == (Span(480, 720),)


@pytest.mark.parametrize(
    ("zone", "day", "minutes", "working"),
    [
        # 2 to 3 comes twice: hours from 1 to 4 are four hours long.
        ("Europe/Madrid", date(2026, 10, 25), 1500, Span(60, 300)),
        # 2 to 3 is skipped: they are two hours long.
        ("Europe/Madrid", date(2026, 3, 29), 1380, Span(60, 180)),
        # Half an hour on Lord Howe Island, at two in the morning.
        ("Australia/Lord_Howe", date(2026, 4, 5), 1470, Span(60, 270)),
        ("Australia/Lord_Howe", date(2026, 10, 4), 1410, Span(60, 210)),
        # Midnight itself was skipped there, and an hour before it came twice.
        ("America/Sao_Paulo", date(2018, 11, 4), 1380, Span(0, 180)),
        ("America/Sao_Paulo", date(2018, 2, 17), 1500, Span(60, 240)),
        ("Asia/Kathmandu", date(2026, 3, 29), 1440, Span(60, 240)),
    ],
)
def test_when_clocks_change(zone: str, day: date, minutes: int, working: Span) -> None:
    local = LocalDay(day, ZoneInfo(zone))
    held = hours([weekly(1, 4, day=day.weekday())])
    assert local.minutes == minutes
    assert held.provider_on(WHO, local).working == (working,)
