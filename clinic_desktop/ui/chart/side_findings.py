"""Draws on the side view what was found on a tooth: lesions, cracks, wear, movement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen

from clinic_desktop.domain.chart_details import has, roots_of
from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.ui.chart import signs
from clinic_desktop.ui.chart.hints import GONE, LESIONS, WEAR, fill_area
from clinic_desktop.ui.chart.inks import Inks
from clinic_desktop.ui.chart.tooth_paths import RootPaths, SidePaths, patch

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

    def on_roots(self, painter: QPainter, paths: SidePaths, mark: ChartMark, hint: str) -> None:
        """Draw what is on the roots, which the crown will cover."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks.condition)
        if hint == "root_band":
            half, away = paths.width * 0.32, -paths.crown_sign * paths.root_length
            box = QRectF(QPointF(-half, away * 0.06), QPointF(half, away * 0.2)).normalized()
            painter.drawRoundedRect(box, 3, 3)
        elif hint == "notch":
            for root in named_roots(paths, mark.detail, usual=1):
                at = root.canal.pointAtPercent(0.6)
                painter.drawEllipse(at, paths.width * 0.07, paths.width * 0.13)

    def on_crown(self, painter: QPainter, paths: SidePaths, mark: ChartMark, hint: str) -> None:
        """Draw what is on the crown or stands out over the tooth."""
        draw = _DRAWN.get(hint)
        if draw is not None:
            mesial = 1.0 if tooth(paths.fdi).right else -1.0
            draw(Finding(painter, self._inks, paths, mark, hint, mesial))


def named_roots(paths: SidePaths, detail: str, *, usual: int = 0) -> tuple[RootPaths, ...]:
    """Return the roots that the detail names; without any all of them, or the last ``usual``."""
    named = roots_of(detail, paths.fdi)
    if named:
        return tuple(root for root in paths.roots if root.name in named)
    return paths.roots[-usual:]


def _apex(finding: Finding) -> None:
    """Draw the ring of a lesion at the root tip, filled for an abscess; its way out through gum."""
    sinus = finding.hint.endswith("sinus")
    filled = sinus or finding.hint.endswith("fill")
    radius = max(4.0, finding.paths.width * 0.13)
    for root in named_roots(finding.paths, finding.mark.detail, usual=1):
        # Half of it lies beside the tooth: a filled one has a light edge, for dark grounds.
        edge = finding.inks.on_condition if filled else finding.inks.condition
        finding.painter.setPen(QPen(edge, 1.6))
        finding.painter.setBrush(finding.inks.condition if filled else finding.inks.enamel)
        finding.painter.drawEllipse(root.apex, radius, radius)
        if sinus:
            _tract(finding, root.apex, radius)


def _tract(finding: Finding, apex: QPointF, radius: float) -> None:
    """Draw the way of pus from the root tip to the gum beside the tooth."""
    painter, side = finding.painter, finding.paths.width * 0.55
    end = QPointF(side, apex.y() * 0.3)
    middle = QPointF((apex.x() + side) / 2 + radius, (apex.y() + end.y()) / 2)
    way = QPainterPath(QPointF(apex.x() + radius, apex.y()))
    way.quadTo(middle, end)
    pen = QPen(finding.inks.condition, 1.6)
    pen.setDashPattern([2.0, 1.5])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for one in (_edge(finding), pen):
        painter.setPen(one)
        painter.drawPath(way)
    for one in (_edge(finding), QPen(finding.inks.condition, 1.4)):
        painter.setPen(one)
        painter.drawEllipse(end, 2.6, 2.6)


def _edge(finding: Finding) -> QPen:
    """Return what lies under a line beside the tooth: light, so that dark grounds show it."""
    return QPen(finding.inks.on_condition, 3.2)


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
    """Hatch what is worn: the edge, the neck, or the face of the tooth."""
    code = {"wear_flat": "I", "wear_notch": "5", "wear_scoop": "B"}[finding.hint]
    fill_area(finding.painter, patch(finding.paths, code), finding.inks.worn[finding.hint])


def _striated(finding: Finding) -> None:
    signs.striae(finding.painter, finding.inks, finding.paths.crown)


def _stippled(finding: Finding) -> None:
    signs.stipple(finding.painter, finding.inks, finding.paths.crown)


def _tinted(finding: Finding) -> None:
    finding.painter.setPen(Qt.PenStyle.NoPen)
    finding.painter.setBrush(QBrush(finding.inks.condition, Qt.BrushStyle.Dense6Pattern))
    finding.painter.drawPath(finding.paths.crown)


def _drifted(finding: Finding) -> None:
    reach = -0.9 if has(finding.mark.detail, "distal") else 0.9
    start, end = finding.crown(-reach * 0.8, 0.5), finding.crown(reach, 0.5)
    if has(finding.mark.detail, "buccal"):
        start, end = finding.crown(0, 0.25), finding.crown(0, 0.75)
    elif has(finding.mark.detail, "lingual"):
        start, end = finding.crown(0, 0.75), finding.crown(0, 0.25)
    for pen in (_edge(finding), finding.inks.finding):
        signs.arrow(finding.painter, pen, start, end)


def _extruded(finding: Finding) -> None:
    start, end = finding.crown(0, 0.3), finding.crown(0, 1.15)
    for pen in (_edge(finding), finding.inks.finding):
        signs.arrow(finding.painter, pen, start, end)


def _rotated(finding: Finding) -> None:
    radius = finding.paths.width * 0.24
    signs.curved_arrow(finding.painter, finding.inks.finding, finding.crown(0, 0.5), radius)


def _diastema(finding: Finding) -> None:
    for pen in (_edge(finding), finding.inks.finding):
        finding.painter.setPen(pen)
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
    **dict.fromkeys(WEAR, _worn),
    "apex_circle_sinus": _apex,
    "striae": _striated,
    "stipple": _stippled,
    "tint": _tinted,
    "arrow": _drifted,
    "arrow_occlusal": _extruded,
    "curved_arrow": _rotated,
    "double_line": _diastema,
    "small_extra_tooth": _extra_here,
    **dict.fromkeys(LESIONS, _lesion),
}
