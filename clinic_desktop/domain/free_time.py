"""Where an appointment of several parts may begin; plain numbers, because there are many."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

Range = tuple[int, int]
"""From a minute up to, not including, another."""
Starts = tuple[int, int]
"""From the first minute to the last one, both included, at which something may begin."""


def gaps(working: Iterable[Range], busy: Sequence[Range]) -> list[Range]:
    """Return what the busy ranges leave of the working ones; both in order, busy may overlap."""
    left: list[Range] = []
    for start, end in working:
        at = start
        for taken, until in busy:
            if until <= at:
                continue
            if taken >= end:
                break
            if taken > at:
                left.append((at, taken))
            at = until
        if at < end:
            left.append((at, end))
    return left


def allowed_starts(
    working: Sequence[Range], free: Sequence[Range], parts: Sequence[Range], minutes: int
) -> Iterator[Starts]:
    """Yield from where to where an appointment of so many minutes may begin.

    The whole of it lies in one working range, each of its ``parts`` in one free one; parts count
    from its start.
    """
    for start, end in working:
        ranges = [(start, end - minutes)]
        for begins, ends in parts:
            fitting = [(one - begins, other - ends) for one, other in free]
            ranges = [
                (max(a, c), min(b, d))
                for a, b in ranges
                for c, d in fitting
                if max(a, c) <= min(b, d)
            ]
        yield from ((a, b) for a, b in ranges if a <= b)


def is_free(busy: Sequence[Range], start: int, end: int) -> bool:
    """Return whether nothing of ``busy``, ranges in order that do not overlap, meets the range."""
    place = bisect_left(busy, (end, end))
    return place == 0 or busy[place - 1][1] <= start
