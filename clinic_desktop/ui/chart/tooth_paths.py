"""Painter paths of the teeth, in pixels around the middle of the neck, made once per scale."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from clinic_desktop.domain.teeth.geometry import Root, diagram, side
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.domain.teeth.outline import Outline

# 104 teeth at the scales of a chart, a miniature and a second window.
_KEPT: Final = 512
_TILT: Final = 38.0


def to_path(outline: Outline) -> QPainterPath:
    """Return an outline as a painter path, in mm."""
    path = QPainterPath()
    for segment in outline:
        points = [QPointF(x, y) for x, y in segment.points]
        match segment.kind:
            case "M":
                path.moveTo(points[0])
            case "L":
                path.lineTo(points[0])
            case "Q":
                path.quadTo(points[0], points[1])
            case "C":
                path.cubicTo(points[0], points[1], points[2])
            case "Z":
                path.closeSubpath()
    return path


@dataclass(frozen=True, slots=True)
class RootPaths:
    """One root in pixels."""

    body: QPainterPath
    canal: QPainterPath
    apex: QPointF
    behind: bool


@dataclass(frozen=True, slots=True)
class SidePaths:
    """A tooth seen from the cheek, its neck at the origin, its crown towards ``crown_sign``."""

    crown: QPainterPath
    roots: tuple[RootPaths, ...]
    patches: dict[str, QPainterPath]
    chamber: QPainterPath
    implant: QPainterPath
    threads: tuple[QPainterPath, ...]
    crown_length: float
    root_length: float
    width: float
    crown_sign: float


@dataclass(frozen=True, slots=True)
class DiagramPaths:
    """A tooth seen from above, its middle at the origin."""

    rim: QPainterPath
    faces: dict[str, QPainterPath]
    middles: dict[str, QPointF]
    box: QRectF


def _placing(fdi: int, scale: float) -> QTransform:
    """Return the way from mm to pixels: mesial to the midline, upper teeth turned over."""
    found = tooth(fdi)
    return QTransform.fromScale(scale if found.right else -scale, -scale if found.upper else scale)


@lru_cache(maxsize=_KEPT)
def side_paths(fdi: int, scale: float) -> SidePaths:
    """Return the side view at this many pixels a millimetre."""
    shape, placing = side(fdi), _placing(fdi, scale)
    crown = to_path(shape.crown)
    return SidePaths(
        crown=placing.map(crown),
        roots=tuple(_root(root, placing) for root in shape.roots),
        patches={
            code: placing.map(to_path(patch).intersected(crown))
            for code, patch in shape.patches.items()
        },
        chamber=placing.map(to_path(shape.chamber)),
        implant=placing.map(to_path(shape.implant)),
        threads=tuple(placing.map(to_path(thread)) for thread in shape.threads),
        crown_length=shape.crown_length * scale,
        root_length=shape.root_length * scale,
        width=shape.width * scale,
        crown_sign=1.0 if tooth(fdi).upper else -1.0,
    )


def _root(root: Root, placing: QTransform) -> RootPaths:
    return RootPaths(
        body=placing.map(to_path(root.outline)),
        canal=placing.map(to_path(root.canal)),
        apex=placing.map(QPointF(*root.apex)),
        behind=root.behind,
    )


@lru_cache(maxsize=_KEPT)
def diagram_paths(fdi: int, scale: float) -> DiagramPaths:
    """Return the five-surface diagram at this many pixels a millimetre."""
    shape, placing = diagram(fdi), _placing(fdi, scale)
    rim = to_path(shape.rim)
    faces = {code: to_path(face).intersected(rim) for code, face in shape.faces.items()}
    return DiagramPaths(
        rim=placing.map(rim),
        faces={code: placing.map(face) for code, face in faces.items()},
        middles={code: placing.map(_middle(face)) for code, face in shape.faces.items()},
        box=placing.mapRect(rim.boundingRect()),
    )


def _middle(face: Outline) -> QPointF:
    """Return where a sign on this face stands."""
    points = [point for segment in face for point in segment.points]
    return QPointF(
        sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)
    )


@lru_cache(maxsize=_KEPT)
def united_faces(fdi: int, scale: float, codes: str) -> QPainterPath:
    """Return several faces of the diagram as one area, as one filling covers them."""
    paths = diagram_paths(fdi, scale)
    area = QPainterPath()
    for code in codes:
        if code in paths.faces:
            area = area.united(paths.faces[code])
    return area


def lean(fdi: int) -> QTransform:
    """Return the tilt of an impacted tooth: its crown against its neighbour at the midline."""
    found = tooth(fdi)
    return QTransform().rotate(_TILT if found.right is not found.upper else -_TILT)
