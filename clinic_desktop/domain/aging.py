"""What is still open on an account: credits settle the oldest charges first."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

# The last day of every bucket but the open-ended last one.
_LAST_DAYS: Final = (30, 60, 90)


class AccountLine(Protocol):
    """What a line of an account has to say; ``amount`` is what is owed more, in minor units."""

    @property
    def posting_id(self) -> Hashable: ...
    @property
    def entry_id(self) -> Hashable: ...
    @property
    def reverses_id(self) -> Hashable | None: ...
    @property
    def day(self) -> date: ...
    @property
    def amount(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Aging:
    """What is open by age in minor units: up to 30, 60 and 90 days, and older."""

    to_30: int
    to_60: int
    to_90: int
    older: int
    credit: int
    """What was paid beyond every charge."""

    @property
    def open(self) -> int:
        """All that is open."""
        return self.to_30 + self.to_60 + self.to_90 + self.older


def open_amounts(lines: Sequence[AccountLine]) -> tuple[dict[Hashable, int], int]:
    """Return what is still open of each charge by its posting, and the credit left over.

    A charge and the entry that reverses it settle each other; every other credit goes to the
    oldest charge that is still open.
    """
    reversed_entries = {line.reverses_id for line in lines if line.reverses_id is not None}
    counted = [
        line for line in lines if line.reverses_id is None and line.entry_id not in reversed_entries
    ]
    credit = -sum(line.amount for line in counted if line.amount < 0)
    still_open: dict[Hashable, int] = {}
    for line in sorted((one for one in counted if one.amount > 0), key=lambda one: one.day):
        settled = min(credit, line.amount)
        credit -= settled
        if line.amount > settled:
            still_open[line.posting_id] = line.amount - settled
    return still_open, credit


def aging(lines: Sequence[AccountLine], today: date) -> Aging:
    """Return what is open by the age of its charge on a day."""
    still_open, credit = open_amounts(lines)
    sums = [0] * (len(_LAST_DAYS) + 1)
    for line in lines:
        days = (today - line.day).days
        sums[sum(days > last for last in _LAST_DAYS)] += still_open.get(line.posting_id, 0)
    to_30, to_60, to_90, older = sums
    return Aging(to_30=to_30, to_60=to_60, to_90=to_90, older=older, credit=credit)
