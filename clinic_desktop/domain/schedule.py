"""The arithmetic of a day: spans, what is free of them, snapping to slots, blocks side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From ``start`` up to, not including, ``end``; minutes since a day or week began."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How long it is, in minutes."""
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two share a minute; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Return whether the other lies inside."""
        return self.start <= other.start and other.end <= self.end

    def moved_to(self, start: int) -> "Span":
        """Return the same length from another start."""
        return Span(start, start + self.length)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the same minutes as few spans in order; empty ones vanish."""
    merged: list[Span] = []
    for span in sorted(spans):
        if span.length <= 0:
            continue
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def subtract(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return what is left of the spans without the taken minutes, in order."""
    left: list[Span] = []
    cuts = merge(taken)
    for span in merge(spans):
        start = span.start
        for cut in cuts:
            if cut.end <= start:
                continue
            if cut.start >= span.end:
                break
            if cut.start > start:
                left.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Return the minutes that both have, in order."""
    others = merge(other)
    return merge(Span(max(a.start, b.start), min(a.end, b.end)) for a in merge(one) for b in others)


def is_inside(span: Span, spans: Iterable[Span]) -> bool:
    """Return whether every minute of the span is in the spans together."""
    return any(one.contains(span) for one in merge(spans))


def booked_share(working: Iterable[Span], busy: Iterable[Span]) -> int | None:
    """Return how many percent of the working minutes are busy; None when there are none."""
    hours = merge(working)
    total = sum(span.length for span in hours)
    if not total:
        return None
    used = sum(span.length for span in common(hours, busy))
    return round(100 * used / total)


def snap(minute: int, step: int) -> int:
    """Return the beginning of the slot in which the minute lies."""
    return minute // step * step


def snap_near(minute: float, step: int) -> int:
    """Return the slot's edge that is nearest to the minute; halfway goes down the day."""
    return int((minute + step / 2) // step) * step


def round_up(minutes: int, step: int) -> int:
    """Return a length as whole slots, at least one."""
    return max(step, -(-minutes // step) * step)


def free_starts(
    free: Iterable[Span], *, length: int, step: int, earliest: int = 0
) -> Iterator[int]:
    """Yield every slot's beginning, in order, from which ``length`` minutes are free.

    ``free`` are spans without breaks and bookings; starts are multiples of ``step`` and not
    before ``earliest``.
    """
    for gap in merge(free):
        first = -(-max(gap.start, earliest) // step) * step
        yield from range(first, gap.end - length + 1, step)


def nearest(starts: Iterable[int], wanted: int) -> int | None:
    """Return the start nearest to the wanted one, the later of two equally near."""
    return min(starts, key=lambda start: (abs(start - wanted), -start), default=None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands among those it overlaps: the how-manieth of how many, from 0."""

    lane: int
    lanes: int
    wide: int = 1
    """Over how many lanes it reaches, where those beside it are free."""


def side_by_side(spans: Sequence[Span]) -> list[Place]:
    """Return a place for each span, so that overlapping ones stand beside each other.

    A group of spans that hang together shares its width evenly.
    """
    order = sorted(range(len(spans)), key=lambda index: (spans[index].start, -spans[index].end))
    lanes: dict[int, int] = {}
    places: dict[int, Place] = {}
    ends: list[int] = []
    group: list[int] = []

    def close() -> None:
        for index in group:
            places[index] = Place(lanes[index], len(ends))

    for index in order:
        span = spans[index]
        if group and span.start >= max(ends):
            close()
            ends, group = [], []
        lane = next((n for n, end in enumerate(ends) if end <= span.start), len(ends))
        if lane == len(ends):
            ends.append(span.end)
        else:
            ends[lane] = span.end
        lanes[index] = lane
        group.append(index)
    close()
    return [places[index] for index in range(len(spans))]


def widened(spans: Sequence[Span]) -> list[Place]:
    """Return places as ``side_by_side`` does, each over all the lanes that are free beside it.

    The longest take their room first: many short ones do not squeeze a long one whose time only
    touches theirs.
    """
    places = side_by_side(spans)
    narrow = [index for index, place in enumerate(places) if place.lanes > 1]
    for index in sorted(narrow, key=lambda one: (-spans[one].length, spans[one].start, one)):
        lanes = places[index].lanes
        taken = [
            places[one] for one in narrow if one != index and spans[one].overlaps(spans[index])
        ]
        free = [
            lane
            for lane in range(lanes)
            if not any(one.lane <= lane < one.lane + one.wide for one in taken)
        ]
        places[index] = _widest(free, lanes)
    return places


def _widest(free: Sequence[int], lanes: int) -> Place:
    """Return the longest run of free lanes, the first of equally long ones."""
    runs: list[list[int]] = []
    for lane in free:
        if runs and runs[-1][-1] == lane - 1:
            runs[-1].append(lane)
        else:
            runs.append([lane])
    run = max(runs, key=len)
    return Place(run[0], lanes, len(run))
