"""The graph over a tooth in true millimetres: junction, margin, base of the pocket.

A pocket whose margin nobody measured is drawn from the cemento-enamel junction in dashes of the
colour of what is not known: where it really begins is not known.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from clinic_desktop.domain.perio.exam import Standing, ToothReading
from clinic_desktop.domain.perio.sites import on_screen
from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.ui.chart.tooth_painter import ToothPainter
from clinic_desktop.ui.chart.tooth_paths import side_paths
from clinic_desktop.ui.perio.inks import PerioInks

DEEP: Final = 5
RULED_MM: Final = 12
STRONG_MM: Final = 5
# Dashes of earlier exams, the newest first: dots, short, long, long and short, sparse.
DASHES: Final = ([1.2, 1.6], [3.0, 2.0], [6.0, 2.0], [6.0, 2.0, 1.2, 2.0], [1.2, 4.0])
_POINT: Final = 2.4
_SQUARE: Final = 2.9
_STATES: Final = {
    Standing.THERE: ToothState.PRESENT,
    Standing.IMPLANT: ToothState.IMPLANT,
    Standing.MISSING: ToothState.MISSING,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One site of the graph: where margin and pocket base lie, in pixels."""

    x: float
    margin: float | None
    base: float | None
    assumed: bool
    deep: bool


def spots(
    reading: ToothReading, xs: dict[int, float], neck_y: float, scale: float, *, facial: bool
) -> tuple[Spot, ...]:
    """Return the sites of a face from left to right.

    ``scale`` is pixels a millimetre; apical is up in the upper jaw and down in the lower.
    """
    away = -scale if tooth(reading.tooth).upper else scale
    found = []
    for site in on_screen(reading.tooth, facial=facial):
        depth, margin = reading.depth[site], reading.margin[site]
        base = None if depth is None else neck_y + away * ((margin or 0) + depth)
        found.append(
            Spot(
                x=xs[site],
                margin=None if margin is None else neck_y + away * margin,
                base=base,
                assumed=margin is None,
                deep=depth is not None and depth >= DEEP,
            )
        )
    return tuple(found)


class GraphPainter:
    """Draws silhouettes and curves."""

    def __init__(self, inks: PerioInks) -> None:
        self._inks = inks
        self._teeth = ToothPainter(inks.teeth)

    def ruler(self, painter: QPainter, box: QRectF, neck_y: float, scale: float) -> None:
        """Draw a line for every millimetre from the junction towards the root's tip."""
        upper = neck_y > box.center().y()
        away = -scale if upper else scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for mm in range(1, RULED_MM + 1):
            y = neck_y + away * mm
            painter.setPen(self._inks.ruler_strong if mm % STRONG_MM == 0 else self._inks.ruler)
            painter.drawLine(QLineF(box.left(), y, box.right(), y))
        painter.setPen(self._inks.grid_strong)
        painter.drawLine(QLineF(box.left(), neck_y, box.right(), neck_y))

    def silhouette(
        self, painter: QPainter, reading: ToothReading, neck: QPointF, scale: float
    ) -> None:
        """Draw the tooth, dotted where it is missing, as an implant where it is one."""
        state, paths = _STATES[reading.standing], side_paths(reading.tooth, scale)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(neck)
        self._teeth.roots(painter, state, paths)
        if reading.standing is not Standing.IMPLANT:
            self._teeth.crown(painter, state, paths)
        else:
            painter.setPen(self._inks.teeth.absent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(paths.crown)
        painter.restore()

    def curves(self, painter: QPainter, found: tuple[Spot, ...]) -> None:
        """Draw the pocket between margin and base, then both lines, then the points."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one, other in pairwise(found):
            self._stretch(painter, one, other)
        for spot in found:
            self._point(painter, spot)

    def _stretch(self, painter: QPainter, one: Spot, other: Spot) -> None:
        inks = self._inks
        deep = one.deep or other.deep
        if one.base is not None and other.base is not None:
            assumed = one.assumed or other.assumed
            if not assumed and one.margin is not None and other.margin is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(inks.shade_deep if deep else inks.shade)
                painter.drawPolygon(
                    QPolygonF(
                        [
                            QPointF(one.x, one.margin),
                            QPointF(other.x, other.margin),
                            QPointF(other.x, other.base),
                            QPointF(one.x, one.base),
                        ]
                    )
                )
            self._halo(painter, one.x, one.base, other.x, other.base)
            painter.setPen(
                inks.line_assumed if assumed else inks.line_deep if deep else inks.line_depth
            )
            painter.drawLine(QLineF(one.x, one.base, other.x, other.base))
        if one.margin is not None and other.margin is not None:
            self._halo(painter, one.x, one.margin, other.x, other.margin)
            painter.setPen(inks.line_margin)
            painter.drawLine(QLineF(one.x, one.margin, other.x, other.margin))

    def _halo(self, painter: QPainter, x1: float, y1: float, x2: float, y2: float) -> None:
        """Clear the ground below a line, so that it is seen on enamel and root in every theme."""
        painter.setPen(self._inks.halo)
        painter.drawLine(QLineF(x1, y1, x2, y2))

    def _point(self, painter: QPainter, spot: Spot) -> None:
        inks = self._inks
        if spot.base is None:
            return
        at = QPointF(spot.x, spot.base)
        painter.setPen(Qt.PenStyle.NoPen)
        if spot.assumed:
            painter.setPen(inks.line_assumed)
            painter.setBrush(inks.surface)
            painter.drawEllipse(at, _POINT, _POINT)
        elif spot.deep:
            painter.setBrush(inks.deep)
            painter.drawRect(QRectF(at.x() - _SQUARE, at.y() - _SQUARE, 2 * _SQUARE, 2 * _SQUARE))
        else:
            painter.setBrush(inks.line_depth.color())
            painter.drawEllipse(at, _POINT, _POINT)

    def before(self, painter: QPainter, found: tuple[Spot, ...], place: int) -> None:
        """Draw the base of the pockets of an earlier exam; each exam has dashes of its own."""
        pen = QPen(self._inks.line_before)
        pen.setDashPattern(DASHES[place % len(DASHES)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        for one, other in pairwise(found):
            if one.base is not None and other.base is not None:
                painter.drawLine(QLineF(one.x, one.base, other.x, other.base))

    def junction(
        self, painter: QPainter, reading: ToothReading, xs: dict[int, float], neck_y: float,
        scale: float, *, facial: bool,
    ) -> None:  # fmt: skip
        """Draw the mucogingival junction where it was measured."""
        away = -scale if tooth(reading.tooth).upper else scale
        points = [
            QPointF(xs[site], neck_y + away * mm)
            for site in on_screen(reading.tooth, facial=facial)
            if (mm := reading.mgj[site]) is not None
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._inks.line_junction)
        for one, other in pairwise(points):
            painter.drawLine(one, other)
