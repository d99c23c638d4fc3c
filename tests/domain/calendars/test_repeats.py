"""Rules that repeat, compared with another implementation, and the work they may take."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.domain.calendars.repeats import Budget, Rule, occurrences
from clinic_desktop.errors import InvalidError

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}


def at_time(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - rules have no zone


LAST = at_time(2031, 12, 31)
_NONE: frozenset[int] = frozenset()


def numbers(*values: int):
    return st.frozensets(st.sampled_from(values), max_size=3)


@st.composite
def rules(draw) -> Rule:
    freq = draw(st.sampled_from(sorted(FREQUENCIES)))
    weeks = freq == "YEARLY" and draw(st.integers(0, 4)) == 0
    numbered = freq in ("MONTHLY", "YEARLY") and not weeks and draw(st.booleans())
    weekday = st.integers(0, 6)
    nth = st.sampled_from((1, 2, -1, 5, -2)) if numbered else st.just(0)
    until = draw(st.none() | st.datetimes(at_time(2026, 1, 1), at_time(2030, 1, 1)))
    return Rule(
        freq=freq,
        interval=draw(st.integers(1, 5)),
        count=draw(st.none() | st.integers(1, 20)) if until is None else None,
        until=until.replace(microsecond=0) if until else None,
        by_month=draw(numbers(1, 2, 6, 12)),
        by_week=draw(numbers(1, 10, -1, 53)) if weeks else frozenset(),
        by_month_day=draw(numbers(1, 15, 29, 31, -1)) if not weeks else frozenset(),
        by_year_day=draw(numbers(1, 100, -1)) if freq == "YEARLY" and not weeks else frozenset(),
        by_day=draw(st.frozensets(st.tuples(nth, weekday), max_size=3)),
        by_hour=draw(numbers(8, 20)),
        # The other one counts places in what is left of the first week, the standard in all of it.
        by_place=draw(numbers(1, -1, 2)) if freq != "WEEKLY" and draw(st.booleans()) else _NONE,
        week_start=draw(st.sampled_from((0, 6))),
    )


def of_the_other(rule: Rule, start: datetime) -> list[datetime]:
    def given_(values):
        return sorted(values) or None

    weekdays = [rrule_weekday(number, weekday) for number, weekday in sorted(rule.by_day)] or None
    made = rrule(
        FREQUENCIES[rule.freq], dtstart=start, interval=rule.interval, count=rule.count,
        until=min(rule.until or LAST, LAST) if rule.count is None else None,
        bymonth=given_(rule.by_month), byweekno=given_(rule.by_week),
        bymonthday=given_(rule.by_month_day), byyearday=given_(rule.by_year_day),
        byweekday=weekdays, byhour=given_(rule.by_hour), bysetpos=given_(rule.by_place),
        wkst=rule.week_start,
    )  # fmt: skip
    found = []
    for at in made:
        if at > LAST:
            break
        found.append(at)
    return found


def rrule_weekday(number: int, weekday: int):
    from dateutil.rrule import weekdays

    return weekdays[weekday](number) if number else weekdays[weekday]


class TestOccurrences:
    @settings(max_examples=150, deadline=None)
    @given(rules(), st.datetimes(at_time(2024, 1, 1), at_time(2026, 12, 31)))
    def test_as_the_usual_library_reckons(self, rule, start) -> None:
        start = start.replace(microsecond=0)
        # It looks for what never comes until the year 9999, and we do not wait for it.
        budget = Budget(10_000_000)
        ours = list(occurrences(rule, start, first=start, last=LAST, budget=budget))
        if not ours:
            return
        assert ours == of_the_other(rule, start)

    @settings(max_examples=100, deadline=None)
    @given(
        rules(),
        st.datetimes(at_time(2024, 1, 1), at_time(2026, 12, 31)),
        st.datetimes(at_time(2025, 1, 1), at_time(2031, 1, 1)),
    )
    def test_a_later_window_has_the_same(self, rule, start, first) -> None:
        start, first = start.replace(microsecond=0), first.replace(microsecond=0)
        whole = occurrences(rule, start, first=start, last=LAST, budget=Budget(10_000_000))
        part = occurrences(rule, start, first=first, last=LAST, budget=Budget(10_000_000))
        assert list(part) == [at for at in whole if at >= first]

    def test_a_rule_that_never_comes_about_ends(self) -> None:
        never = Rule("DAILY", by_month=frozenset({2}), by_month_day=frozenset({30}))
        start = at_time(1970, 1, 1)
        found = occurrences(
            never, start, first=at_time(2026, 1, 1), last=LAST, budget=Budget(10_000)
        )
        assert list(found) == []

    def test_more_days_than_the_budget(self) -> None:
        forever = Rule("DAILY", count=1_000_000)
        with pytest.raises(InvalidError, match="more than can be reckoned"):
            list(
                occurrences(
                    forever, at_time(1601, 1, 1), first=at_time(2026, 1, 1), last=LAST,
                    budget=Budget(10_000),
                )
            )  # fmt: skip

    def test_the_thirty_first_and_the_leap_day(self) -> None:
        start = at_time(2024, 1, 31, 9)
        months = list(
            occurrences(Rule("MONTHLY"), start, first=start, last=at_time(2024, 6, 1),
                        budget=Budget(1000))
        )  # fmt: skip
        assert [at.month for at in months] == [1, 3, 5]
        leap = at_time(2024, 2, 29)
        years = occurrences(Rule("YEARLY"), leap, first=leap, last=LAST, budget=Budget(1000))
        assert [at.year for at in years] == [2024, 2028]

    def test_at_the_end_of_time(self) -> None:
        start = at_time(9998, 6, 1)
        found = occurrences(
            Rule("YEARLY"), start, first=start, last=at_time(9999, 12, 31), budget=Budget(1000)
        )
        assert next(found) == start

    def test_what_began_long_ago_costs_only_its_span(self) -> None:
        budget = Budget(20 + 2 * 7)
        start = at_time(1601, 1, 1, 9)
        found = list(
            occurrences(Rule("DAILY"), start, first=at_time(2026, 1, 1),
                        last=at_time(2026, 1, 8), budget=budget)
        )  # fmt: skip
        assert len(found) == 7
        assert found[-1] - found[0] == timedelta(days=6)
