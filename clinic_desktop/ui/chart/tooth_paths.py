"""Painter paths of the teeth, in pixels around the middle of the neck, made once per scale."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from clinic_desktop.domain.teeth.geometry import Root, diagram, side
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.domain.teeth.outline import Outline, box_of

# 104 teeth at the scales of a chart, a miniature and a second window.
_KEPT: Final = 512
_TILT: Final = 38.0
_LEANS: Final = {"mesial": _TILT, "distal": -_TILT, "vertical": 0.0, "horizontal": 88.0}
# Qt cuts curves into lines when it joins areas: joined at this size the lines are not seen.
_FINE: Final = 24.0


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
    name: str = ""


@dataclass(frozen=True, slots=True)
class SidePaths:
    """A tooth seen from the cheek, its neck at the origin, its crown towards ``crown_sign``."""

    fdi: int
    scale: float
    crown: QPainterPath
    roots: tuple[RootPaths, ...]
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
    """Return the way to ``scale`` pixels: mesial to the midline, upper teeth turned over."""
    found = tooth(fdi)
    return QTransform.fromScale(scale if found.right else -scale, -scale if found.upper else scale)


@lru_cache(maxsize=_KEPT)
def side_paths(fdi: int, scale: float) -> SidePaths:
    """Return the side view at this many pixels a millimetre."""
    shape, placing = side(fdi), _placing(fdi, scale)
    return SidePaths(
        fdi=fdi,
        scale=scale,
        crown=placing.map(to_path(shape.crown)),
        roots=tuple(_root(root, placing) for root in shape.roots),
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
        name=root.name,
    )


@lru_cache(maxsize=_KEPT)
def diagram_paths(fdi: int, scale: float) -> DiagramPaths:
    """Return the five-surface diagram at this many pixels a millimetre."""
    shape, placing = diagram(fdi), _placing(fdi, scale)
    return DiagramPaths(
        rim=placing.map(to_path(shape.rim)),
        faces={code: placing.map(to_path(face)) for code, face in shape.faces.items()},
        middles={code: placing.map(_middle(face)) for code, face in shape.faces.items()},
        box=placing.mapRect(to_path(shape.rim).boundingRect()),
    )


def _middle(face: Outline) -> QPointF:
    """Return where a sign on this face stands."""
    box = box_of(face)
    return QPointF((box.left + box.right) / 2, (box.top + box.bottom) / 2)


@lru_cache(maxsize=_KEPT)
def _patch(fdi: int, scale: float, code: str) -> QPainterPath:
    shape = side(fdi)
    if code not in shape.patches:
        return QPainterPath()
    area = _fine(shape.patches[code]).intersected(_fine(shape.crown))
    return _placing(fdi, scale / _FINE).map(area)


def patch(paths: SidePaths, code: str) -> QPainterPath:
    """Return where a surface shows on this side view, empty for one not seen from the cheek."""
    return _patch(paths.fdi, paths.scale, code)


@lru_cache(maxsize=_KEPT)
def joined_faces(fdi: int, scale: float, codes: str) -> QPainterPath:
    """Return several faces of the diagram as one path, so that one brush fills them."""
    faces, area = diagram_paths(fdi, scale).faces, QPainterPath()
    for code in codes:
        if code in faces:
            area.addPath(faces[code])
    return area


def _fine(outline: Outline) -> QPainterPath:
    return QTransform.fromScale(_FINE, _FINE).map(to_path(outline))


def lean(fdi: int, detail: str = "") -> QTransform:
    """Return the tilt of an impacted tooth: usually its crown against the one before it."""
    words = detail.split()
    angle = next((_LEANS[word] for word in words if word in _LEANS), _TILT)
    found = tooth(fdi)
    return QTransform().rotate(angle if found.right is not found.upper else -angle)
