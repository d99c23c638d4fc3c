"""Small signs of the chart: discs with a letter, zigzags, arrows, dots."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from clinic_desktop.ui.chart.inks import Inks

DISC: Final = 7.5
SMALL_DISC: Final = 6.0
_HEAD: Final = 4.0


def disc(
    painter: QPainter,
    inks: Inks,
    at: QPointF,
    letter: str,
    *,
    radius: float = DISC,
    filled: bool = True,
    ring: bool = False,
) -> None:
    """Draw a brown disc with a letter; unfilled it is a ring, with ``ring`` it has one more."""
    painter.setPen(QPen(inks.condition, 1.4))
    painter.setBrush(inks.condition if filled else inks.on_condition)
    painter.drawEllipse(at, radius, radius)
    if ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, radius + 2.0, radius + 2.0)
    if letter:
        painter.setFont(inks.sign_font)
        painter.setPen(inks.on_condition if filled else inks.condition)
        box = QRectF(at.x() - 12, at.y() - 12, 24, 24)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)


def badge(painter: QPainter, inks: Inks, at: QPointF, letters: str) -> None:
    """Draw a brown disc with one letter, or a wider one with two."""
    if len(letters) == 1:
        disc(painter, inks, at, letters, radius=SMALL_DISC)
        return
    painter.setPen(QPen(inks.condition, 1.4))
    painter.setBrush(inks.condition)
    box = QRectF(0, 0, SMALL_DISC * 3, SMALL_DISC * 2)
    box.moveCenter(at)
    painter.drawRoundedRect(box, SMALL_DISC, SMALL_DISC)
    painter.setFont(inks.sign_font)
    painter.setPen(inks.on_condition)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)


def pill(painter: QPainter, inks: Inks, at: QPointF, letters: str, colour: QColor) -> None:
    """Write letters on enamel, so that they are read on any pattern."""
    box = QRectF(0, 0, 7.0 + 6.0 * len(letters), 12.0)
    box.moveCenter(at)
    painter.setPen(QPen(colour, 1.0))
    painter.setBrush(inks.enamel)
    painter.drawRoundedRect(box, 5.0, 5.0)
    painter.setFont(inks.sign_font)
    painter.setPen(colour)
    painter.drawText(box.adjusted(-4, -4, 4, 4), Qt.AlignmentFlag.AlignCenter, letters)


def striae(painter: QPainter, inks: Inks, area: QPainterPath) -> None:
    """Draw fine lines across an area."""
    box = area.boundingRect()
    painter.save()
    painter.setClipPath(area, Qt.ClipOperation.IntersectClip)
    pen = QPen(inks.condition, 1.0)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    y, row = box.top() + 3, 0
    while y < box.bottom():
        start = box.left() + (3.5 if row % 2 else 0.0)
        painter.drawLine(QPointF(start, y), QPointF(box.right(), y))
        y += 4.5
        row += 1
    painter.restore()


def zigzag(painter: QPainter, pen: QPen, points: Sequence[QPointF]) -> None:
    """Draw a broken line."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(list(points)))


def arrow(painter: QPainter, pen: QPen, start: QPointF, end: QPointF) -> None:
    """Draw an arrow."""
    painter.setPen(pen)
    painter.drawLine(start, end)
    _head(painter, end, math.atan2(end.y() - start.y(), end.x() - start.x()))


def curved_arrow(painter: QPainter, pen: QPen, at: QPointF, radius: float) -> None:
    """Draw three quarters of a circle ending in an arrow."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = QRectF(at.x() - radius, at.y() - radius, radius * 2, radius * 2)
    painter.drawArc(box, 60 * 16, 270 * 16)
    end = math.radians(60 + 270)
    tip = QPointF(at.x() + radius * math.cos(end), at.y() - radius * math.sin(end))
    _head(painter, tip, -end - math.pi / 2)


def _head(painter: QPainter, tip: QPointF, towards: float) -> None:
    for side in (2.6, -2.6):
        end = QPointF(math.cos(towards + side) * _HEAD, math.sin(towards + side) * _HEAD)
        painter.drawLine(tip, tip + end)


def stipple(painter: QPainter, inks: Inks, area: QPainterPath) -> None:
    """Fill an area with sparse brown dots."""
    box = area.boundingRect()
    painter.save()
    painter.setClipPath(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.condition)
    step, row, y = 5.0, 0, box.top() + 2
    while y < box.bottom():
        x = box.left() + (step / 2 if row % 2 else 1.0)
        while x < box.right():
            painter.drawEllipse(QPointF(x, y), 1.0, 1.0)
            x += step
        y += step * 0.8
        row += 1
    painter.restore()


def cross(painter: QPainter, pen: QPen, box: QRectF) -> None:
    """Cross a box out."""
    painter.setPen(pen)
    painter.drawLine(box.topLeft(), box.bottomRight())
    painter.drawLine(box.topRight(), box.bottomLeft())
