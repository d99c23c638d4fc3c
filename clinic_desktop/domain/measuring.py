"""Lengths in an image: in millimetres where it is calibrated, else in pixels, said as such."""

from collections.abc import Sequence
from math import hypot

Spacing = tuple[float, float]
"""Height and width of a pixel in mm."""


def pixels(points: Sequence[float]) -> float:
    """Return the distance of the two points x, y, x, y."""
    x, y, to_x, to_y = points
    return hypot(to_x - x, to_y - y)


def millimetres(points: Sequence[float], spacing: Spacing) -> float:
    """Return the distance of two points where pixels need not be square."""
    x, y, to_x, to_y = points
    return hypot((to_x - x) * spacing[1], (to_y - y) * spacing[0])


def spacing_of(points: Sequence[float], mm: float) -> Spacing | None:
    """Return the spacing that makes the line ``mm`` long; None for a line without length."""
    length = pixels(points)
    return None if length < 1 else (mm / length, mm / length)
