"""Draws on the side view what was found on a tooth: lesions, cracks, wear, movement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.ui.chart import signs
from clinic_desktop.ui.chart.hints import GONE, LESIONS, fill_area
from clinic_desktop.ui.chart.inks import Inks
from clinic_desktop.ui.chart.tooth_paths import SidePaths, patch

# Shares of half the width to mesial, and of the crown from neck to edge.
_FRACTURE: Final = ((1.0, 0.66), (0.18, 0.68), (0.34, 0.80), (0.0, 0.86), (0.12, 1.0))
_CRACK: Final = ((-0.10, 0.95), (0.06, 0.60), (-0.06, 0.40), (0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding where it is drawn; turns shares of the tooth into pixels."""

    painter: QPainter
    inks: Inks
    paths: SidePaths
    mark: ChartMark
    hint: str
    mesial: float

    def crown(self, u: float, v: float) -> QPointF:
        """Return a point of the crown: ``u`` half widths to mesial, ``v`` from neck to edge."""
        x = self.mesial * u * self.paths.width / 2
        return QPointF(x, self.paths.crown_sign * v * self.paths.crown_length)

    def zigzag(self, shape: tuple[tuple[float, float], ...]) -> None:
        """Draw a broken line over the crown."""
        signs.zigzag(self.painter, self.inks.finding, [self.crown(u, v) for u, v in shape])


class SideFindings:
    """Draws findings on the side view."""

    def __init__(self, inks: Inks) -> None:
        self._inks = inks

    def on_roots(self, painter: QPainter, paths: SidePaths, hint: str) -> None:
        """Draw what is on the roots, which the crown will cover."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks.condition)
        if hint == "root_band":
            half, away = paths.width * 0.32, -paths.crown_sign * paths.root_length
            box = QRectF(QPointF(-half, away * 0.06), QPointF(half, away * 0.2)).normalized()
            painter.drawRoundedRect(box, 3, 3)
        elif hint == "notch":
            at = paths.roots[-1].canal.pointAtPercent(0.6)
            painter.drawEllipse(at, paths.width * 0.07, paths.width * 0.13)

    def on_crown(self, painter: QPainter, paths: SidePaths, mark: ChartMark, hint: str) -> None:
        """Draw what is on the crown or stands out over the tooth."""
        draw = _DRAWN.get(hint)
        if draw is not None:
            mesial = 1.0 if tooth(paths.fdi).right else -1.0
            draw(Finding(painter, self._inks, paths, mark, hint, mesial))


def _apex(finding: Finding) -> None:
    """Draw the ring of a lesion at the root tip, filled for an abscess."""
    filled = finding.hint.endswith("fill")
    finding.painter.setPen(QPen(finding.inks.condition, 1.6))
    finding.painter.setBrush(finding.inks.condition if filled else finding.inks.enamel)
    radius = max(4.0, finding.paths.width * 0.13)
    finding.painter.drawEllipse(finding.paths.roots[-1].apex, radius, radius)


def _crossed(finding: Finding) -> None:
    """Cross out a tooth that is to be taken out; one that is missing is drawn as missing."""
    if finding.mark.status is MarkStatus.CONDITION:
        return
    paths, half = finding.paths, finding.paths.width * 0.5
    box = QRectF(
        QPointF(-half, -paths.crown_sign * paths.root_length * 0.75),
        QPointF(half, paths.crown_sign * paths.crown_length * 0.85),
    )
    signs.cross(finding.painter, finding.inks.by_status[finding.mark.status].line, box)


def _lesion(finding: Finding) -> None:
    radius = max(2.5, finding.paths.width * 0.07)
    for code in finding.mark.surfaces:
        area = patch(finding.paths, code)
        if code != "I" and not area.isEmpty():
            at = area.boundingRect().center()
            signs.disc(finding.painter, finding.inks, at, "", radius=radius)


def _worn(finding: Finding) -> None:
    fill_area(finding.painter, patch(finding.paths, "I"), finding.inks.worn)


def _stippled(finding: Finding) -> None:
    signs.stipple(finding.painter, finding.inks, finding.paths.crown)


def _tinted(finding: Finding) -> None:
    finding.painter.setPen(Qt.PenStyle.NoPen)
    finding.painter.setBrush(QBrush(finding.inks.condition, Qt.BrushStyle.Dense6Pattern))
    finding.painter.drawPath(finding.paths.crown)


def _drifted(finding: Finding) -> None:
    start, end = finding.crown(-0.7, 0.5), finding.crown(0.9, 0.5)
    signs.arrow(finding.painter, finding.inks.finding, start, end)


def _extruded(finding: Finding) -> None:
    start, end = finding.crown(0, 0.3), finding.crown(0, 1.15)
    signs.arrow(finding.painter, finding.inks.finding, start, end)


def _rotated(finding: Finding) -> None:
    radius = finding.paths.width * 0.24
    signs.curved_arrow(finding.painter, finding.inks.finding, finding.crown(0, 0.5), radius)


def _diastema(finding: Finding) -> None:
    finding.painter.setPen(finding.inks.finding)
    for u in (1.06, 1.22):
        finding.painter.drawLine(finding.crown(u, 0.2), finding.crown(u, 0.95))


def _extra_here(finding: Finding) -> None:
    at = finding.crown(0, 0.5)
    signs.disc(finding.painter, finding.inks, at, "S", filled=False)


_DRAWN: Final[dict[str, Callable[[Finding], None]]] = {
    "apex_circle": _apex,
    "apex_circle_fill": _apex,
    GONE: _crossed,
    "zigzag": lambda finding: finding.zigzag(_FRACTURE),
    "thin_line": lambda finding: finding.zigzag(_CRACK),
    "hatch": _worn,
    "stipple": _stippled,
    "tint": _tinted,
    "arrow": _drifted,
    "arrow_occlusal": _extruded,
    "curved_arrow": _rotated,
    "double_line": _diastema,
    "small_extra_tooth": _extra_here,
    **dict.fromkeys(LESIONS, _lesion),
}
