"""The graph of a row of teeth on paper, black on white, in one scale of millimetres."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from clinic_desktop.documents.page import Outline, Rule, Sheet, Squares
from clinic_desktop.domain.perio.exam import Standing, ToothReading
from clinic_desktop.domain.perio.sites import on_screen
from clinic_desktop.domain.teeth.anatomy import anatomy
from clinic_desktop.domain.teeth.geometry import side
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.domain.teeth.outline import Outline as Shape
from clinic_desktop.domain.teeth.outline import Point

ROOT_MM, CROWN_MM = 17.2, 10.6
_RULED_MM: Final = 12
_STRONG_MM: Final = 5
_DEEP: Final = 5
_STEPS: Final = 6
_SQUARE: Final = 2.6
_HALF: Final = 0.44


@cache
def _points(fdi: int, part: str, number: int = 0) -> tuple[Point, ...]:
    """Return an outline of a tooth as points in mm around its neck."""
    shape = side(fdi)
    if part == "crown":
        return tuple(_flat(shape.crown))
    if part == "implant":
        return tuple(_flat(shape.implant))
    return tuple(_flat(shape.roots[number].outline))


@cache
def _threads(fdi: int) -> tuple[tuple[Point, ...], ...]:
    """Return the threads of an implant, by which it is told from a root."""
    return tuple(tuple(_flat(thread)) for thread in side(fdi).threads)


def _flat(shape: Shape) -> Iterator[Point]:
    """Yield the points of an outline, its curves cut into short lines."""
    last: Point = (0.0, 0.0)
    for segment in shape:
        if segment.kind in ("M", "L"):
            last = segment.points[0]
            yield last
        elif segment.kind in ("Q", "C"):
            start = last
            for step in range(1, _STEPS + 1):
                last = _on_curve(start, segment.points, step / _STEPS)
                yield last


def _on_curve(start: Point, points: Sequence[Point], share: float) -> Point:
    """Return a point of a Bezier curve (de Casteljau)."""
    row = [start, *points]
    while len(row) > 1:
        row = [
            (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairwise(row)
        ]
    return row[0]


def draw_jaw(
    sheet: Sheet, teeth: Sequence[ToothReading], *, x: Callable[[int], float], column: float,
    scale: float, facial: bool, root_up: bool, left: float, right: float,
) -> float:  # fmt: skip
    """Draw teeth and curves of one face from where the page stands; return the end.

    ``scale`` is points a millimetre; ``root_up`` puts the roots above.
    """
    top = sheet.y
    end = top + (ROOT_MM + CROWN_MM) * scale
    neck = top + ROOT_MM * scale if root_up else end - ROOT_MM * scale
    away = -scale if root_up else scale
    for mm in range(_RULED_MM + 1):
        y, strong = neck + away * mm, mm % _STRONG_MM == 0
        sheet.add(Rule(left, y, right, y, 0.45 if strong else 0.18, "line"))
    for one in teeth:
        middle = x(one.tooth) + column / 2
        _silhouette(sheet, one, middle, neck, scale, root_up=root_up)
        if one.probed:
            _curves(sheet, one, middle, neck, away, facial=facial)
    return end


def _silhouette(
    sheet: Sheet, one: ToothReading, middle: float, neck: float, scale: float, *, root_up: bool
) -> None:
    across = scale if tooth(one.tooth).right else -scale
    down = -scale if root_up else scale
    stroke, color = (0.5, "ink_2") if one.probed else (0.25, "line")
    parts: list[tuple[str, int]] = [("root", n) for n in range(len(side(one.tooth).roots))]
    if one.standing is Standing.IMPLANT:
        parts = [("implant", 0)]
    for part, number in (*parts, ("crown", 0)):
        points = tuple(
            (middle + px * across, neck + py * down) for px, py in _points(one.tooth, part, number)
        )
        thin = part == "crown" and one.standing is Standing.IMPLANT
        sheet.add(Outline(points, 0.25 if thin else stroke, color))
    if one.standing is Standing.IMPLANT:
        for thread in _threads(one.tooth):
            for (x1, y1), (x2, y2) in pairwise(thread):
                sheet.add(
                    Rule(
                        middle + x1 * across, neck + y1 * down,
                        middle + x2 * across, neck + y2 * down, 0.35, color,
                    )
                )  # fmt: skip


def _curves(
    sheet: Sheet, one: ToothReading, middle: float, neck: float, away: float, *, facial: bool
) -> None:
    half = anatomy(one.tooth).width * abs(away) * _HALF
    spots = []
    for place, site in enumerate(on_screen(one.tooth, facial=facial)):
        depth, margin = one.depth[site], one.margin[site]
        base = None if depth is None else neck + away * ((margin or 0) + depth)
        edge = None if margin is None else neck + away * margin
        spots.append((middle + (place - 1) * half, edge, base, depth))
    for here, there in pairwise(spots):
        if here[1] is not None and there[1] is not None:
            sheet.add(Rule(here[0], here[1], there[0], there[1], 1.3, "rule"))
        if here[2] is not None and there[2] is not None:
            assumed = here[1] is None or there[1] is None
            sheet.add(
                Rule(here[0], here[2], there[0], there[2], 0.7, "rule", 1.4 if assumed else 0.0)
            )
    for at, _edge, base, depth in spots:
        if base is None or depth is None:
            continue
        if depth >= _DEEP:
            sheet.add(Squares(at - _SQUARE / 2, base - _SQUARE / 2, _SQUARE, ((1,),)))
        else:
            r = 0.8
            ring = ((at - r, base), (at, base - r), (at + r, base), (at, base + r))
            sheet.add(Outline(ring, 0.7, "rule"))
