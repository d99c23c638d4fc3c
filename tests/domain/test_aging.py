"""What is open on an account, oldest charges settled first."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.aging import aging, open_amounts

TODAY = date(2026, 3, 12)


@dataclass(frozen=True)
class Row:
    posting_id: int
    amount: int
    day: date = TODAY
    reverses_id: int | None = None

    @property
    def entry_id(self) -> int:
        return self.posting_id


class TestOpenAmounts:
    def test_oldest_first(self) -> None:
        rows = [
            Row(1, 9000, TODAY - timedelta(days=40)),
            Row(2, 5000),
            Row(3, -10000),
        ]
        assert open_amounts(rows) == ({2: 4000}, 0)

    def test_a_reversal_settles_its_own_charge(self) -> None:
        rows = [
            Row(1, 9000, TODAY - timedelta(days=40)),
            Row(2, 5000),
            Row(3, -5000, reverses_id=2),
        ]
        assert open_amounts(rows) == ({1: 9000}, 0)

    def test_a_reversed_payment_pays_nothing(self) -> None:
        rows = [Row(1, 9000), Row(2, -9000), Row(3, 9000, reverses_id=2)]
        assert open_amounts(rows) == ({1: 9000}, 0)

    def test_what_is_paid_too_much_is_credit(self) -> None:
        assert open_amounts([Row(1, 100), Row(2, -250)]) == ({}, 150)


class TestAging:
    def test_the_last_day_of_each_bucket(self) -> None:
        rows = [
            Row(days, 1, TODAY - timedelta(days=days)) for days in (0, 30, 31, 60, 61, 90, 91, 4000)
        ]
        found = aging(rows, TODAY)
        assert (found.to_30, found.to_60, found.to_90, found.older) == (2, 2, 2, 2)

    @given(st.lists(st.tuples(st.integers(-10_000, 10_000), st.integers(0, 400)), max_size=30))
    def test_nothing_is_lost(self, drawn: list[tuple[int, int]]) -> None:
        rows = [
            Row(place, amount, TODAY - timedelta(days=days))
            for place, (amount, days) in enumerate(drawn)
        ]
        found = aging(rows, TODAY)
        assert found.open - found.credit == sum(row.amount for row in rows)
        assert min(found.open, found.credit) == 0
