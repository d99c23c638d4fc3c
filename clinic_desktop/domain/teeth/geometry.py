"""The shape of each tooth, drawn from its measures: the side view and the five-surface diagram.

The frame is the same for both and for every tooth: millimetres, mesial to the right, the neck of
the tooth at y = 0, crown above (negative y), roots below. In the diagram the outer surface is
below. A tooth of the patient's left is mirrored, one of the upper jaw turned over.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from clinic_desktop.domain.teeth.anatomy import Anatomy, anatomy
from clinic_desktop.domain.teeth.numbering import Species, Tooth, tooth
from clinic_desktop.domain.teeth.outline import (
    CLOSE,
    Box,
    Outline,
    Point,
    Segment,
    bend,
    curve,
    cut,
    line,
    move,
    polygon,
    rounded,
)

# The neck's share of the crown's width, and how high the widest place lies, by kind of tooth.
_NECK: Final = {"incisor": 0.80, "canine": 0.74, "premolar": 0.74, "molar": 0.80}
_CONTACT: Final = {"incisor": 0.72, "canine": 0.58, "premolar": 0.60, "molar": 0.60}
_WIDEST_OF_ANIMALS: Final = 0.35
_MILK_NECK: Final = 0.72
# How far roots stand apart by position; milk molars flare around the tooth that follows them.
_SPREAD: Final = {6: 1.0, 7: 0.7, 8: 0.45}
_MILK_SPREAD: Final = 1.35
# The diagram is drawn a little smaller than the tooth so that neighbours do not touch.
_DIAGRAM_WIDTH: Final = 0.94
_DIAGRAM_DEPTH: Final = 0.78
_IMPLANT_HALF_WIDTH: Final = 1.85
_IMPLANT_LENGTH: Final = 12.0
_THREADS: Final = 5
_HALVINGS: Final = 30


@dataclass(frozen=True, slots=True)
class Root:
    """One root: its outline, the line of its canal from the pulp chamber to the apex."""

    name: str
    outline: Outline
    canal: Outline
    apex: Point
    behind: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A tooth seen from the cheek. ``patches`` reach past the crown and are cut off at its edge."""

    width: float
    crown_length: float
    root_length: float
    crown: Outline
    neck: Outline
    roots: tuple[Root, ...]
    patches: dict[str, Outline]
    chamber: Outline
    implant: Outline
    threads: tuple[Outline, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A tooth seen from above: the five faces fill the rim."""

    width: float
    depth: float
    rim: Outline
    faces: dict[str, Outline]


@cache
def side(fdi: int) -> Side:
    """Return the side view of this tooth."""
    size, found = anatomy(fdi), tooth(fdi)
    half, neck = size.width / 2, size.width * _neck_share(found) / 2
    return Side(
        width=size.width,
        crown_length=size.crown,
        root_length=size.root,
        crown=_crown(found, size),
        neck=(move(-neck, 0), _neck_line(found, size, neck)),
        roots=_roots(found, size, neck),
        patches=_patches(half, size.crown),
        chamber=_chamber(size, neck),
        implant=_implant(size),
        threads=_threads(size),
    )


def _neck_share(found: Tooth) -> float:
    return _MILK_NECK if found.primary else _NECK[found.tooth_class]


def _neck_line(found: Tooth, size: Anatomy, neck: float) -> Segment:
    """Return the line between crown and root: curved in front teeth, nearly straight in molars."""
    return bend((0, size.crown * (0.05 if found.tooth_class == "molar" else 0.10)), (neck, 0))


def _crown(found: Tooth, size: Anatomy) -> Outline:
    half, neck, tall = size.width / 2, size.width * _neck_share(found) / 2, size.crown
    widest = _widest(found)
    top = _edge(half, tall, widest) if found.tooth_class == "incisor" else _cusps(found, half, tall)
    return (
        move(-neck, 0),
        curve((-neck, -tall * 0.25), (-half, -tall * (widest - 0.25)), (-half, -tall * widest)),
        *top,
        line(half, -tall * widest),
        curve((half, -tall * (widest - 0.25)), (neck, -tall * 0.25), (neck, 0)),
        bend((0, size.crown * (0.05 if found.tooth_class == "molar" else 0.10)), (-neck, 0)),
        CLOSE,
    )


def _widest(found: Tooth) -> float:
    """Return how high the crown is widest; where an animal's teeth cut that is near the neck."""
    if found.species is Species.HUMAN or found.tooth_class == "incisor":
        return _CONTACT[found.tooth_class]
    return _WIDEST_OF_ANIMALS


def _edge(half: float, tall: float, widest: float) -> Outline:
    """Return the edge of an incisor: the outer corner rounder than the one at the midline."""
    return (
        curve((-half, -tall * 0.93), (-half * 0.88, -tall), (-half * 0.55, -tall)),
        line(half * 0.82, -tall),
        bend((half, -tall), (half, -tall * (widest + 0.12))),
    )


def _cusps(found: Tooth, half: float, tall: float) -> Outline:
    """Return the cusps seen from the cheek, with a groove between each two."""
    tips = [half * share for share in _tips(found)]
    shoulder = tall * _shoulder(found)
    steps: list[Segment] = [line(-half * 0.97, -shoulder)]
    before = -half * 0.97
    for index, tip in enumerate(tips):
        last = index == len(tips) - 1
        after = half * 0.97 if last else (tip + tips[index + 1]) / 2
        steps.append(bend(((before + tip) / 2 - 0.1, -tall * 0.97), (tip, -tall)))
        low = shoulder if last else tall * 0.88
        steps.append(bend(((tip + after) / 2 + 0.1, -tall * 0.97), (after, -low)))
        before = after
    return tuple(steps)


def _shoulder(found: Tooth) -> float:
    """Return how high the sides of the crown end below its cusps; an animal's teeth cut."""
    if found.species is Species.HUMAN:
        return 0.86 if found.tooth_class == "molar" else 0.66
    return 0.62 if found.tooth_class == "molar" and not found.carnassial else 0.45


def _tips(found: Tooth) -> tuple[float, ...]:
    """Return where the cusps stand, as shares of half the width."""
    if found.supernumerary:
        return (0.0,)
    if found.carnassial:
        return (-0.5, 0.15) if found.upper else (-0.62, 0.0, 0.55)
    if found.tooth_class == "canine":
        return (0.10,)
    if found.tooth_class == "premolar":
        return (0.0,)
    # The lower first molar and the milk molar like it show three cusps to the cheek.
    if not found.upper and found.position == (5 if found.primary else 6):
        return (-0.68, -0.08, 0.55)
    return (-0.5, 0.5)


@dataclass(frozen=True, slots=True)
class _Stem:
    """Where a root leaves the neck and where it ends."""

    name: str
    left: float
    right: float
    apex: Point
    behind: bool = False
    thick: float = 0.0


def _roots(found: Tooth, size: Anatomy, neck: float) -> tuple[Root, ...]:
    return tuple(_root(stem, size) for stem in _stems(found, size, neck))


def _stems(found: Tooth, size: Anatomy, neck: float) -> tuple[_Stem, ...]:
    """Return the roots, those behind first."""
    long = size.root
    spread = _MILK_SPREAD if found.primary else _SPREAD.get(found.position, 1.0)
    match len(size.roots):
        case 1:
            return (_Stem("single", -neck, neck, (-neck * 0.18, long)),)
        case 2 if "B" in size.roots:
            return (
                _Stem("P", -neck * 0.55, neck * 0.95, (neck * 0.35, long * 0.96), behind=True),
                _Stem("B", -neck, neck * 0.6, (-neck * 0.25, long)),
            )
        case 2:
            return (
                _Stem("D", -neck, -neck * 0.05, (-neck * 0.75 * spread, long * 0.96)),
                _Stem("M", 0, neck, (neck * 0.45 * spread, long)),
            )
        case _:
            return (
                _Stem("P", -neck * 0.5, neck * 0.5, (0, long), behind=True, thick=0.3),
                _Stem("DB", -neck, -neck * 0.12, (-neck * 0.85 * spread, long * 0.92)),
                _Stem("MB", neck * 0.05, neck, (neck * 0.6 * spread, long * 0.93)),
            )


def _root(stem: _Stem, size: Anatomy) -> Root:
    x, deep = stem.apex
    broad = 1.5 + stem.thick
    middle = (stem.left + stem.right) / 2
    return Root(
        name=stem.name,
        outline=(
            move(stem.left, -0.2),
            curve((stem.left, deep * 0.45), (x - broad, deep * 0.92), stem.apex),
            curve((x + broad, deep * 0.92), (stem.right, deep * 0.45), (stem.right, -0.2)),
            CLOSE,
        ),
        canal=(
            move(middle * 0.6, -size.crown * 0.28),
            curve((middle, deep * 0.2), (x, deep * 0.6), (x, deep * 0.95)),
        ),
        apex=stem.apex,
        behind=stem.behind,
    )


def _patches(half: float, tall: float) -> dict[str, Outline]:
    """Return where a surface shows in the side view; O and L are not seen from the cheek."""
    reach, soft = half + 1.5, half * 0.16
    return {
        "M": rounded(Box(half * 0.34, -tall * 0.94, reach, -tall * 0.42), soft, soft),
        "D": rounded(Box(-reach, -tall * 0.94, -half * 0.34, -tall * 0.42), soft, soft),
        "B": rounded(Box(-half * 0.42, -tall * 0.74, half * 0.42, -tall * 0.26), soft, soft),
        "I": polygon(
            (-reach, -tall - 1), (reach, -tall - 1), (reach, -tall * 0.84), (-reach, -tall * 0.84)
        ),
        "5": rounded(Box(-half * 0.56, -tall * 0.34, half * 0.56, -tall * 0.06), soft, soft),
    }


def _chamber(size: Anatomy, neck: float) -> Outline:
    """Return the pulp chamber at the neck."""
    wide, top, deep = neck * 0.42, -size.crown * 0.42, size.root * 0.12
    return (
        move(-wide, top),
        bend((0, top + size.crown * 0.14), (wide, top)),
        bend((wide * 0.9, 0), (wide * 0.45, deep)),
        line(-wide * 0.45, deep),
        bend((-wide * 0.9, 0), (-wide, top)),
        CLOSE,
    )


def _implant(size: Anatomy) -> Outline:
    """Return the body of an implant in the place of the roots."""
    half, deep = _implant_half(size), min(size.root, _IMPLANT_LENGTH)
    return (
        move(-half * 1.06, 0),
        line(-half, deep * 0.93),
        bend((-half * 0.95, deep), (-half * 0.55, deep)),
        line(half * 0.55, deep),
        bend((half * 0.95, deep), (half, deep * 0.93)),
        line(half * 1.06, 0),
        CLOSE,
    )


def _implant_half(size: Anatomy) -> float:
    return min(_IMPLANT_HALF_WIDTH, size.width * 0.32)


def _threads(size: Anatomy) -> tuple[Outline, ...]:
    out, deep = _implant_half(size) * 1.3, min(size.root, _IMPLANT_LENGTH)
    heights = [deep * (0.18 + 0.155 * step) for step in range(_THREADS)]
    return tuple((move(-out, y + deep * 0.05), line(out, y)) for y in heights)


@cache
def diagram(fdi: int) -> Diagram:
    """Return the five-surface diagram of this tooth."""
    size, found = anatomy(fdi), tooth(fdi)
    half, low = size.width * _DIAGRAM_WIDTH / 2, size.depth * _DIAGRAM_DEPTH / 2
    inner_x, inner_y = half * 0.4, low * (0.16 if found.anterior else 0.4)
    corner = 0.56 if found.tooth_class == "molar" else 1.0
    middle = polygon(
        (-inner_x, -inner_y), (inner_x, -inner_y), (inner_x, inner_y), (-inner_x, inner_y)
    )
    rim = rounded(Box(-half, -low, half, low), half * corner, low * corner)
    return Diagram(
        width=half * 2,
        depth=low * 2,
        rim=rim,
        faces={"I" if found.anterior else "O": middle, **_outer_faces(rim, (inner_x, inner_y))},
    )


def _outer_faces(rim: Outline, inner: Point) -> dict[str, Outline]:
    """Return the four faces between the middle and the rim.

    Each runs along one side of the rim, from the middle of one rounded corner to the middle of
    the next, where the line from the inner corner meets the rim.
    """
    x, y = inner
    _start, top, right_top, right, right_bottom, bottom, left_bottom, left, left_top, _close = rim
    # The corner curves, each with the point where it begins.
    corners = {
        "right_top": _halves(top.points[-1], right_top, (x, -y)),
        "right_bottom": _halves(right.points[-1], right_bottom, (x, y)),
        "left_bottom": _halves(bottom.points[-1], left_bottom, (-x, y)),
        "left_top": _halves(left.points[-1], left_top, (-x, -y)),
    }
    sides = {
        "M": ("right_top", right, "right_bottom", (x, y), (x, -y)),
        "B": ("right_bottom", bottom, "left_bottom", (-x, y), (x, y)),
        "D": ("left_bottom", left, "left_top", (-x, -y), (-x, y)),
        "L": ("left_top", line(*top.points[-1]), "right_top", (x, -y), (-x, -y)),
    }
    return {
        code: (
            move(*corners[first][0].points[-1]),
            corners[first][1],
            straight,
            corners[second][0],
            line(*end),
            line(*begin),
            CLOSE,
        )
        for code, (first, straight, second, end, begin) in sides.items()
    }


def _halves(start: Point, corner: Segment, towards: Point) -> tuple[Segment, Segment]:
    """Cut a corner's curve where the line from the inner corner to its tip crosses it."""
    end = corner.points[-1]
    tip = (max(start[0], end[0], key=abs), max(start[1], end[1], key=abs))

    def beside(point: Point) -> float:
        across, along = tip[0] - towards[0], tip[1] - towards[1]
        return across * (point[1] - towards[1]) - along * (point[0] - towards[0])

    low, high = 0.0, 1.0
    for _step in range(_HALVINGS):
        share = (low + high) / 2
        if (beside(cut(start, corner, share)[0].points[-1]) > 0) is (beside(start) > 0):
            low = share
        else:
            high = share
    return cut(start, corner, (low + high) / 2)
