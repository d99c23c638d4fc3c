"""Arrows, lines, words and lengths over an image, legible on black and on white."""

from math import atan2, cos, pi, sin
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from clinic_desktop.domain.measuring import Spacing, millimetres, pixels
from clinic_desktop.i18n import _
from clinic_desktop.services.documents.schemas import MarkRow
from clinic_desktop.ui.theme.theme import Theme

_INK: Final = QColor(255, 214, 10)
_CHOSEN: Final = QColor(0, 229, 255)
_EDGE: Final = QColor(0, 0, 0, 200)
_HEAD: Final = 14.0
_TICK: Final = 7.0


def length_words(mark: MarkRow, spacing: Spacing | None) -> str:
    """Return a length in mm, or in pixels where nobody said how large one is."""
    if mark.shape == "scale":
        return _("{length} mm, known").format(length=f"{mark.mm:g}") if mark.mm else ""
    if spacing is None:
        return _("{count} px, not calibrated").format(count=round(pixels(mark.points)))
    return _("{length} mm").format(length=f"{millimetres(mark.points, spacing):.1f}")


def draw_mark(
    painter: QPainter,
    mark: MarkRow,
    way: QTransform,
    theme: Theme,
    spacing: Spacing | None,
    *,
    chosen: bool,
) -> None:
    """Draw one mark; ``way`` leads from the image's pixels to the painter's."""
    colour = _CHOSEN if chosen else _INK
    at = way.map(QPointF(mark.points[0], mark.points[1]))
    if mark.shape == "text":
        _words(painter, at, mark.words, colour, theme)
        return
    to = way.map(QPointF(mark.points[2], mark.points[3]))
    # A dark edge first: the ink is bright, and so are fillings.
    for pen in (QPen(_EDGE, 4.5), QPen(colour, 2)):
        painter.setPen(pen)
        painter.drawLine(at, to)
        if mark.shape == "arrow":
            _arrow_head(painter, at, to)
        elif mark.shape in {"measure", "scale"}:
            _ticks(painter, at, to)
    if mark.shape in {"measure", "scale"}:
        middle = (at + to) / 2 + QPointF(8, -8)
        _words(painter, middle, length_words(mark, spacing), colour, theme)
    elif mark.words:
        _words(painter, to + QPointF(8, -8), mark.words, colour, theme)


def draw_pointer(painter: QPainter, at: QPointF) -> None:
    """Draw the cross that the arrow keys move."""
    for pen in (QPen(_EDGE, 3), QPen(_CHOSEN, 1)):
        painter.setPen(pen)
        painter.drawLine(at - QPointF(9, 0), at + QPointF(9, 0))
        painter.drawLine(at - QPointF(0, 9), at + QPointF(0, 9))


def near(mark: MarkRow, way: QTransform, spot: QPointF, reach: float) -> bool:
    """Say whether a point of the widget is on a mark."""
    at = way.map(QPointF(mark.points[0], mark.points[1]))
    if mark.shape == "text":
        return QRectF(at.x() - 4, at.y() - 22, 160, 28).contains(spot)
    to = way.map(QPointF(mark.points[2], mark.points[3]))
    along = to - at
    length = along.x() ** 2 + along.y() ** 2
    part = QPointF.dotProduct(spot - at, along) / length if length else 0.0
    nearest = at + along * min(1.0, max(0.0, part))
    away = spot - nearest
    return away.x() ** 2 + away.y() ** 2 <= reach**2


def _arrow_head(painter: QPainter, at: QPointF, to: QPointF) -> None:
    angle = atan2(at.y() - to.y(), at.x() - to.x())
    for side in (-pi / 7, pi / 7):
        wing = QPointF(cos(angle + side), sin(angle + side)) * _HEAD
        painter.drawLine(to, to + wing)


def _ticks(painter: QPainter, at: QPointF, to: QPointF) -> None:
    angle = atan2(to.y() - at.y(), to.x() - at.x()) + pi / 2
    across = QPointF(cos(angle), sin(angle)) * _TICK
    for end in (at, to):
        painter.drawLine(end - across, end + across)


def _words(painter: QPainter, at: QPointF, words: str, colour: QColor, theme: Theme) -> None:
    font = theme.font("strong", tabular=True)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    box = QRectF(metrics.boundingRect(words)).translated(at).adjusted(-5, -3, 5, 3)
    painter.fillRect(box, _EDGE)
    painter.setPen(colour)
    painter.drawText(at, words)
