"""Spans and slots, compared with counting minute by minute."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.schedule import (
    Span,
    booked_share,
    common,
    free_starts,
    is_inside,
    merge,
    nearest,
    round_up,
    side_by_side,
    snap,
    snap_near,
    subtract,
    widened,
)

DAY = 200
spans = st.lists(
    st.builds(
        lambda start, length: Span(start, start + length),
        st.integers(0, DAY - 40),
        st.integers(0, 40),
    ),
    max_size=8,
)


def minutes(found: list[Span]) -> set[int]:
    return {minute for span in found for minute in range(span.start, span.end)}


class TestSetsOfMinutes:
    @given(spans)
    def test_merge(self, some) -> None:
        merged = merge(some)
        assert minutes(merged) == minutes(some)
        assert all(one.end < two.start for one, two in itertools.pairwise(merged))

    @given(spans, spans)
    def test_subtract(self, some, taken) -> None:
        left = subtract(some, taken)
        assert minutes(left) == minutes(some) - minutes(taken)
        assert left == merge(left)

    @given(spans, spans)
    def test_common(self, one, other) -> None:
        assert minutes(common(one, other)) == minutes(one) & minutes(other)

    @given(spans, st.integers(0, DAY), st.integers(1, 30))
    def test_inside(self, some, start, length) -> None:
        wanted = Span(start, start + length)
        assert is_inside(wanted, some) == (set(range(start, start + length)) <= minutes(some))

    @given(spans, spans)
    def test_booked_share(self, working, busy) -> None:
        total = minutes(working)
        expected = round(100 * len(total & minutes(busy)) / len(total)) if total else None
        assert booked_share(working, busy) == expected


class TestFreeStarts:
    @given(spans, st.integers(1, 60), st.sampled_from([5, 10, 15]), st.integers(0, DAY))
    def test_as_counted(self, free, length, step, earliest) -> None:
        there = minutes(free)
        expected = [
            start
            for start in range(0, DAY, step)
            if start >= earliest and set(range(start, start + length)) <= there
        ]
        assert list(free_starts(free, length=length, step=step, earliest=earliest)) == expected

    def test_nearest_takes_the_later_of_two(self) -> None:
        assert nearest([540, 600], 570) == 600
        assert nearest([540, 555, 630], 570) == 555
        assert nearest([], 570) is None


class TestSnap:
    def test_slots(self) -> None:
        assert [snap(minute, 15) for minute in (0, 14, 15, 29)] == [0, 0, 15, 15]
        assert [snap_near(minute, 15) for minute in (7, 7.5, 22, 23)] == [0, 15, 15, 30]
        assert snap_near(-8, 15) == -15
        assert [round_up(length, 15) for length in (1, 15, 16, 45)] == [15, 15, 30, 45]


class TestSideBySide:
    @given(spans)
    def test_nobody_covers_anybody(self, some) -> None:
        some = [span for span in some if span.length]
        places = side_by_side(some)
        for one, span in enumerate(some):
            assert 0 <= places[one].lane < places[one].lanes
            for two in range(one):
                if span.overlaps(some[two]):
                    assert places[one].lane != places[two].lane
                    assert places[one].lanes == places[two].lanes

    def test_alone_takes_the_whole_width(self) -> None:
        places = side_by_side([Span(0, 30), Span(30, 60), Span(45, 75)])
        assert [(place.lane, place.lanes) for place in places] == [(0, 1), (0, 2), (1, 2)]

    @given(spans)
    def test_widened_nobody_covers_anybody_either(self, some) -> None:
        some = [span for span in some if span.length]
        places, before = widened(some), side_by_side(some)
        for one, span in enumerate(some):
            place = places[one]
            assert 1 <= place.wide <= place.lanes - place.lane
            assert place.lanes == before[one].lanes
            for two in range(one):
                other = places[two]
                if span.overlaps(some[two]):
                    assert (
                        place.lane + place.wide <= other.lane
                        or other.lane + other.wide <= place.lane
                    )

    def test_a_long_one_after_many_short_ones_is_no_sliver(self) -> None:
        short = [Span(5 * n, 5 * n + 30) for n in range(6)]
        long = widened([*short, Span(45, 225)])[-1]
        assert (long.lanes, long.wide) == (6, 4)
