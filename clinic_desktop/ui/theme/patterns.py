"""Patterns that say without colour what a surface means: hatches, dots, stripes."""

import math
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QTransform

# Planned work leans the other way than "not known" and "not available".
FALLING: Final = frozenset({"hatch-45", "assistant_time"})
_EDGE: Final = 3  # tiles drawn beyond the border, so that line ends never show inside


def pattern_brush(name: str, spec: dict[str, Any], colour: QColor, dpr: float) -> QBrush:
    """Return a repeating brush for one entry of the tokens' ``pattern`` table.

    The tile is drawn in device pixels and scaled back, so it stays sharp at every pixel ratio.
    """
    if "radius" in spec:
        tile = _dots(spec, colour, dpr)
    elif "rule" in spec:
        tile = _stripes(colour, dpr)
    else:
        tile = _lines(spec, colour, dpr, falling=name in FALLING)
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(1 / dpr, 1 / dpr))
    return brush


def _tile(width: int, height: int) -> QPixmap:
    pixmap = QPixmap(max(1, width), max(1, height))
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _painter(pixmap: QPixmap) -> QPainter:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _lines(spec: dict[str, Any], colour: QColor, dpr: float, *, falling: bool) -> QPixmap:
    """Return a tile of parallel lines at 45, -45 or 90 degrees."""
    period = (spec["line"] + spec["gap"]) * dpr
    if spec["angle"] == 90:
        side = max(2, round(period))
        pixmap = _tile(side, side)
        painter = _painter(pixmap)
        painter.fillRect(QRectF(0, 0, spec["line"] * dpr, side), colour)
        painter.end()
        return pixmap
    side = max(2, round(period * math.sqrt(2)))
    pixmap = _tile(side, side)
    painter = _painter(pixmap)
    painter.setPen(QPen(colour, spec["line"] * dpr))
    for step in range(-_EDGE, _EDGE + 1):
        left, right = QPointF((step - 2) * side, -side), QPointF((step + 2) * side, 3 * side)
        if not falling:
            left.setY(3 * side)
            right.setY(-side)
        painter.drawLine(left, right)
    painter.end()
    return pixmap


def _dots(spec: dict[str, Any], colour: QColor, dpr: float) -> QPixmap:
    """Return a tile of dots on a square grid."""
    side = max(2, round(spec["gap"] * dpr))
    pixmap = _tile(side, side)
    painter = _painter(pixmap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(side / 2, side / 2), spec["radius"] * dpr, spec["radius"] * dpr)
    painter.end()
    return pixmap


def _stripes(colour: QColor, dpr: float) -> QPixmap:
    """Return a tile of horizontal stripes: 2.2 of every 4 pixels, the lower part filled."""
    side = max(2, round(4 * dpr))
    pixmap = _tile(side, side)
    painter = _painter(pixmap)
    painter.fillRect(QRectF(0, side - 2.2 * dpr, side, 2.2 * dpr), colour)
    painter.end()
    return pixmap
