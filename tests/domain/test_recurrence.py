"""Rules of series: the dates they give against plain arithmetic, their ends, and their text."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.recurrence import (
    LAST,
    MOST,
    Rule,
    Unit,
    horizon,
    is_last_in_month,
    place_in_month,
    read_rule,
)
from clinic_desktop.domain.recurrence_words import in_words, rhythm
from clinic_desktop.errors import InvalidError

days = st.dates(date(2026, 1, 1), date(2090, 12, 31))
counts = st.integers(1, 24)
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda one: tuple(sorted(one)))


def weekly(**values) -> Rule:
    return Rule(**{"unit": Unit.WEEK, "weekdays": (1,), "count": 5, **values})


def on_day(day: int, **values) -> Rule:
    return Rule(**{"unit": Unit.MONTH_DAY, "day": day, "count": 5, **values})


def month_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


@st.composite
def rules(draw) -> tuple[Rule, date]:
    """A rule and a day on which it begins."""
    first, count = draw(days), draw(counts)
    unit = draw(st.sampled_from(list(Unit)))
    if unit is Unit.WEEK:
        chosen = set(draw(weekdays)) | {first.weekday()}
        return weekly(
            every=draw(st.integers(1, 9)), weekdays=tuple(sorted(chosen)), count=count
        ), first
    every = draw(st.integers(1, 4))
    if unit is Unit.MONTH_DAY:
        last = monthrange(first.year, first.month)[1]
        day = draw(st.integers(first.day, 31)) if first.day == last else first.day
        return on_day(day, every=every, count=count), first
    place = LAST if is_last_in_month(first) and draw(st.booleans()) else place_in_month(first)
    rule = Rule(unit, every, (first.weekday(),), place=place, count=count)
    return rule, first


class TestDates:
    def test_a_month_without_the_day_takes_its_last_one(self) -> None:
        assert on_day(31, count=5).dates(date(2027, 10, 31)) == (
            date(2027, 10, 31),
            date(2027, 11, 30),
            date(2027, 12, 31),
            date(2028, 1, 31),
            date(2028, 2, 29),
        )

    def test_every_six_months_from_the_31st(self) -> None:
        found = on_day(31, every=6, count=4).dates(date(2026, 8, 31))
        assert found == (
            date(2026, 8, 31),
            date(2027, 2, 28),
            date(2027, 8, 31),
            date(2028, 2, 29),
        )

    def test_every_second_week_on_two_days(self) -> None:
        found = weekly(every=2, weekdays=(1, 3), count=5).dates(date(2027, 3, 4))
        assert found == (
            date(2027, 3, 4),
            date(2027, 3, 16),
            date(2027, 3, 18),
            date(2027, 3, 30),
            date(2027, 4, 1),
        )

    def test_the_last_weekday_of_the_month(self) -> None:
        rule = Rule(Unit.MONTH_WEEKDAY, 1, (4,), place=LAST, count=3)
        assert rule.dates(date(2027, 1, 29)) == (
            date(2027, 1, 29),
            date(2027, 2, 26),
            date(2027, 3, 26),
        )

    def test_up_to_a_day_and_including_it(self) -> None:
        rule = weekly(count=None, until=date(2027, 3, 16))
        assert rule.dates(date(2027, 3, 2))[-1] == date(2027, 3, 16)

    @given(rules(), st.data())
    def test_against_plain_arithmetic(self, begun, data) -> None:
        rule, first = begun
        found = rule.dates(first)
        assert len(found) == rule.count
        assert found[0] == first
        assert rule.has(first)
        if rule.unit is Unit.WEEK:
            monday = first - timedelta(days=first.weekday())
            for one in found:
                assert one.weekday() in rule.weekdays
                assert (one - timedelta(days=one.weekday()) - monday).days % (7 * rule.every) == 0
            return
        for number, one in enumerate(found):
            month = first.year * 12 + first.month - 1 + number * rule.every
            assert one.year * 12 + one.month - 1 == month
            if rule.unit is Unit.MONTH_DAY:
                assert one == month_day(one.year, one.month, rule.day)
            else:
                assert one.weekday() == rule.weekdays[0]
                is_last = is_last_in_month(one)
                assert is_last if rule.place == LAST else (one.day - 1) // 7 + 1 == rule.place


class TestText:
    @given(rules())
    def test_other_programs_find_the_same_dates(self, begun) -> None:
        rule, first = begun
        others = rrulestr(rule.written(), dtstart=datetime.combine(first, time()))
        assert tuple(one.date() for one in others) == rule.dates(first)
        assert read_rule(rule.written()) == rule

    def test_of_the_31st(self) -> None:
        text = "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=4"
        assert on_day(31, every=6, count=4).written() == text

    def test_with_a_last_day(self) -> None:
        rule = weekly(count=None, until=date(2027, 3, 16))
        assert rule.written() == "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=TU;UNTIL=20270316"
        assert read_rule(rule.written()) == rule

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "FREQ=WEEKLY",
            "FREQ=DAILY;COUNT=3",
            "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=XX;COUNT=3",
            "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=TU;UNTIL=20270231",
            "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=TU",
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=31;COUNT=3",
        ],
    )
    def test_no_rule_of_ours(self, text) -> None:
        with pytest.raises(InvalidError):
            read_rule(text)


class TestEnds:
    @pytest.mark.parametrize(
        ("rule", "field", "words"),
        [
            (weekly(count=None), "end", "Say when the series ends"),
            (weekly(count=0), "count", f"1 to {MOST}"),
            (weekly(count=10_000), "count", f"1 to {MOST}"),
            (weekly(count=None, until=date(2027, 2, 28)), "until", "ends before it begins"),
            (weekly(count=None, until=date(2199, 1, 1)), "until", "10 years"),
            (weekly(count=None, until=date(2027, 3, 1) + timedelta(days=3640)), "until", "1 to"),
            (on_day(1, every=24, count=9), "count", "10 years"),
            (weekly(every=0), "every", "Every 1 to 52 weeks"),
            (on_day(1, every=25), "every", "Every 1 to 24 months"),
            (weekly(weekdays=()), "weekdays", "Choose the days"),
            (weekly(weekdays=(7,)), "weekdays", "Choose the days"),
            (on_day(32), "weekdays", "Choose the days"),
            (weekly(count=None, weekdays=(2,), until=date(2027, 3, 2)), "until", "No date lies"),
        ],
    )
    def test_refused_at_its_field(self, rule, field, words) -> None:
        with pytest.raises(InvalidError, match=words) as refused:
            rule.dates(date(2027, 3, 1))
        assert refused.value.field == field
        assert str(refused.value).endswith(".")

    def test_never_beyond_the_horizon(self) -> None:
        first = date(2027, 3, 2)
        rule = weekly(every=20, count=None, until=horizon(first))
        assert rule.dates(first)[-1] <= horizon(first)


class TestMoved:
    @given(rules(), st.data())
    def test_each_date_goes_with_the_one_that_was_moved(self, begun, data) -> None:
        rule, first = begun
        before = rule.dates(first)
        was = data.draw(st.sampled_from(before))
        to = was + timedelta(days=data.draw(st.integers(-40, 40)))
        moved = rule.moved(was, to)
        after = tuple(rule.moved_date(one, was, to) for one in before)
        assert after[before.index(was)] == to
        assert after == moved.dates(after[0])
        assert sorted(set(after)) == list(after)

    def test_the_rule_of_a_whole_number_of_weeks_stays(self) -> None:
        rule = weekly(every=2, weekdays=(0, 4))
        moved = rule.moved(date(2027, 3, 1), date(2027, 3, 8))
        assert moved.weekdays == (0, 4)

    def test_the_31st_moved_by_time_alone_stays_the_31st(self) -> None:
        rule = on_day(31)
        assert rule.moved(date(2027, 4, 30), date(2027, 4, 30)) == rule


class TestWords:
    def test_a_series(self) -> None:
        rule = weekly(every=2, count=10)
        dates = rule.dates(date(2026, 11, 10))
        assert in_words(rule, time(9), dates, "en_IE") == (
            "Every 2 weeks on Tuesday at 09:00, 10 times, last on 16 Mar 2027"
        )

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            (weekly(weekdays=(0, 2, 4)), "Every week on Monday, Wednesday and Friday"),
            (on_day(31, every=6), "Every 6 months on day 31, or the month's last day"),
            (on_day(12), "Every month on day 12"),
            (
                Rule(Unit.MONTH_WEEKDAY, 1, (1,), place=2),
                "Every month on the second Tuesday",
            ),
            (
                Rule(Unit.MONTH_WEEKDAY, 3, (5,), place=LAST),
                "Every 3 months on the month's last Saturday",
            ),
        ],
    )
    def test_the_rhythm(self, rule, words) -> None:
        assert rhythm(rule, "en_IE") == words
