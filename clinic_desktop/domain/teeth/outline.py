"""Outlines as plain numbers, so that screen and paper draw the same tooth."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Point = tuple[float, float]

# A circle's quarter as a cubic curve: the usual length of its handles.
ROUND = 0.5523


class Segment(NamedTuple):
    """One step of an outline: move, line, quadratic, cubic or close, with its points in mm."""

    kind: Literal["M", "L", "Q", "C", "Z"]
    points: tuple[Point, ...] = ()


Outline = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm."""

    left: float
    top: float
    right: float
    bottom: float


def move(x: float, y: float) -> Segment:
    """Start an outline."""
    return Segment("M", ((x, y),))


def line(x: float, y: float) -> Segment:
    """Go straight."""
    return Segment("L", ((x, y),))


def bend(over: Point, to: Point) -> Segment:
    """Go by a quadratic curve."""
    return Segment("Q", (over, to))


def curve(leaving: Point, arriving: Point, to: Point) -> Segment:
    """Go by a cubic curve."""
    return Segment("C", (leaving, arriving, to))


CLOSE = Segment("Z")


def cut(start: Point, segment: Segment, share: float) -> tuple[Segment, Segment]:
    """Cut a cubic curve in two (de Casteljau)."""
    one, two, end = segment.points
    first, middle, last = (
        _on_the_way(start, one, share),
        _on_the_way(one, two, share),
        _on_the_way(two, end, share),
    )
    before, after = _on_the_way(first, middle, share), _on_the_way(middle, last, share)
    at = _on_the_way(before, after, share)
    return curve(first, before, at), curve(after, last, end)


def _on_the_way(start: Point, end: Point, share: float) -> Point:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def polygon(*points: Point) -> Outline:
    """Return a closed outline of straight lines."""
    first, *rest = points
    return (move(*first), *(line(*point) for point in rest), CLOSE)


def rounded(box: Box, rx: float, ry: float) -> Outline:
    """Return a rectangle with elliptic corners; half its sides as radii give an ellipse."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    kx, ky = rx * (1 - ROUND), ry * (1 - ROUND)
    return (
        move(left + rx, top),
        line(right - rx, top),
        curve((right - kx, top), (right, top + ky), (right, top + ry)),
        line(right, bottom - ry),
        curve((right, bottom - ky), (right - kx, bottom), (right - rx, bottom)),
        line(left + rx, bottom),
        curve((left + kx, bottom), (left, bottom - ky), (left, bottom - ry)),
        line(left, top + ry),
        curve((left, top + ky), (left + kx, top), (left + rx, top)),
        CLOSE,
    )


def box_of(outline: Outline) -> Box:
    """Return the box around an outline's points, handles included."""
    points = [point for segment in outline for point in segment.points]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
