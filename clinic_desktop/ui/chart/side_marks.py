"""Draws on the side view what was done to a tooth: fillings, crowns, canals, posts, implants."""

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform

from clinic_desktop.domain.chart_details import has
from clinic_desktop.domain.teeth.chart import ChartMark
from clinic_desktop.ui.chart.hints import (
    FACIAL,
    FILLINGS,
    PULP,
    SCREWS,
    covers_crown,
    fill_area,
    hint_of,
)
from clinic_desktop.ui.chart.inks import Ink, Inks
from clinic_desktop.ui.chart.side_findings import SideFindings, named_roots
from clinic_desktop.ui.chart.tooth_paths import RootPaths, SidePaths, patch

_POST: Final = 1.8
_CUT: Final = 0.86
_SHORT: Final = 0.62
_STEPS: Final = 8
_FACING: Final = 0.8
_CLIP: Final = Qt.ClipOperation.IntersectClip


class SideMarks:
    """Draws the marks of one tooth on its side view, one over the other."""

    def __init__(self, inks: Inks) -> None:
        self._inks = inks
        self._findings = SideFindings(inks)

    def on_roots(self, painter: QPainter, paths: SidePaths, marks: Iterable[ChartMark]) -> None:
        """Draw what lies in or on the roots, which the crown will cover."""
        for mark in marks:
            hint, ink = hint_of(mark), self._inks.by_status[mark.status]
            if hint in SCREWS:
                _screw(painter, paths, ink)
            elif hint in _ROOT_WORK:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                _ROOT_WORK[hint](painter, paths, mark, ink)
            else:
                self._findings.on_roots(painter, paths, mark, hint)

    def on_crown(self, painter: QPainter, paths: SidePaths, marks: Iterable[ChartMark]) -> None:
        """Draw what lies on the crown, then what was found."""
        found = []
        for mark in marks:
            hint, ink = hint_of(mark), self._inks.by_status[mark.status]
            if covers_crown(mark):
                fill_area(painter, paths.crown, ink)
            elif hint in FACIAL:
                _facing(painter, paths, ink)
            elif hint in FILLINGS:
                _patches(painter, paths, mark.surfaces, ink)
            elif hint in PULP:
                _pulp(painter, paths, hint, ink)
            else:
                found.append((mark, hint))
        for mark, hint in found:
            self._findings.on_crown(painter, paths, mark, hint)


def _patches(painter: QPainter, paths: SidePaths, surfaces: str, ink: Ink) -> None:
    """Fill the surfaces that are seen from the cheek; a class V filling lies at the neck."""
    if "5" in surfaces:
        surfaces = surfaces.replace("B" if "B" in surfaces else "5", "")
    for code in surfaces:
        area = patch(paths, code)
        if not area.isEmpty():
            fill_area(painter, area, ink)


def _screw(painter: QPainter, paths: SidePaths, ink: Ink) -> None:
    fill_area(painter, paths.implant, ink)
    painter.setPen(QPen(ink.colour, 1.2))
    for thread in paths.threads:
        painter.drawPath(thread)


def _canals(painter: QPainter, paths: SidePaths, mark: ChartMark, ink: Ink) -> None:
    """Draw the filled canals of the roots named: as far as they are filled."""
    painter.setPen(ink.line)
    for root in named_roots(paths, mark.detail):
        painter.drawPath(_canal(root, mark.detail))
        for canal in _beside(root, mark.detail, paths):
            painter.drawPath(canal)


def _canal(root: RootPaths, detail: str) -> QPainterPath:
    """Return a canal filled to its end, short of it, or past it."""
    if has(detail, "short"):
        steps = [root.canal.pointAtPercent(_SHORT * step / _STEPS) for step in range(_STEPS + 1)]
        path = QPainterPath(steps[0])
        for point in steps[1:]:
            path.lineTo(point)
        return path
    if has(detail, "long"):
        path = QPainterPath(root.canal)
        end = root.canal.pointAtPercent(1.0)
        path.lineTo(root.apex + (root.apex - end) * 2)
        return path
    return root.canal


def _beside(root: RootPaths, detail: str, paths: SidePaths) -> tuple[QPainterPath, ...]:
    """Return the second canal of a root where two of it are named, as MB and MB2."""
    own = {word for word in detail.split() if word[:1].upper() == root.name[:1]}
    second = own & {"mb2"} or len(own & {"mb", "ml"}) == 2 or len(own & {"db", "dl"}) == 2
    if not second:
        return ()
    return (_canal(root, detail).translated(paths.width * 0.08, 0),)


def _post(painter: QPainter, paths: SidePaths, mark: ChartMark, ink: Ink) -> None:
    pen = QPen(ink.line)
    pen.setWidthF(ink.line.widthF() * _POST)
    painter.setPen(pen)
    for root in named_roots(paths, mark.detail, usual=1):
        painter.drawLine(root.canal.pointAtPercent(0.0), root.canal.pointAtPercent(0.55))


def _cut_apex(painter: QPainter, paths: SidePaths, mark: ChartMark, ink: Ink) -> None:
    painter.setPen(ink.line)
    for root in named_roots(paths, mark.detail):
        at, reach = root.canal.pointAtPercent(_CUT), paths.width * 0.14
        painter.drawLine(at + QPointF(-reach, 0), at + QPointF(reach, 0))


def _pulp(painter: QPainter, paths: SidePaths, hint: str, ink: Ink) -> None:
    """Draw the pulp chamber: filled when treated or inflamed, half when it may heal, or empty."""
    painter.setPen(QPen(ink.colour, 1.4))
    painter.setBrush(ink.fill if hint in {"pulp_red", "chamber_fill"} else Qt.BrushStyle.NoBrush)
    painter.drawPath(paths.chamber)
    box = paths.chamber.boundingRect()
    if hint == "pulp_half":
        painter.save()
        painter.setClipRect(box.adjusted(0, 0, -box.width() / 2, 0), _CLIP)
        painter.setBrush(ink.fill)
        painter.drawPath(paths.chamber)
        painter.restore()
    elif hint == "pulp_grey":
        painter.drawLine(box.topLeft(), box.bottomRight())


def _facing(painter: QPainter, paths: SidePaths, ink: Ink) -> None:
    """Draw a veneer: the face of the crown, its sides left free."""
    smaller = QTransform.fromScale(_FACING, _FACING)
    rest = (1 - _FACING) * paths.crown_length / 2
    fill_area(painter, smaller.map(paths.crown).translated(0, paths.crown_sign * rest), ink)


_ROOT_WORK: Final[dict[str, Callable[[QPainter, SidePaths, ChartMark, Ink], None]]] = {
    "canal_line": _canals,
    "post_line": _post,
    "apex_cut": _cut_apex,
}
