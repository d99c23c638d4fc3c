"""Draws on the side view what was done to a tooth: fillings, crowns, canals, posts, implants."""

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.domain.teeth.chart import ChartMark
from clinic_desktop.ui.chart.hints import FILLINGS, PULP, SCREWS, WHOLE_CROWN, fill_area, hint_of
from clinic_desktop.ui.chart.inks import Ink, Inks
from clinic_desktop.ui.chart.side_findings import SideFindings
from clinic_desktop.ui.chart.tooth_paths import SidePaths, patch

_POST: Final = 1.8
_CUT: Final = 0.86


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
                _ROOT_WORK[hint](painter, paths, ink)
            else:
                self._findings.on_roots(painter, paths, hint)

    def on_crown(self, painter: QPainter, paths: SidePaths, marks: Iterable[ChartMark]) -> None:
        """Draw what lies on the crown, then what was found."""
        found = []
        for mark in marks:
            hint, ink = hint_of(mark), self._inks.by_status[mark.status]
            if hint in WHOLE_CROWN or hint == "facial_overlay":
                fill_area(painter, paths.crown, ink)
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


def _canals(painter: QPainter, paths: SidePaths, ink: Ink) -> None:
    painter.setPen(ink.line)
    for root in paths.roots:
        painter.drawPath(root.canal)


def _post(painter: QPainter, paths: SidePaths, ink: Ink) -> None:
    pen = QPen(ink.line)
    pen.setWidthF(ink.line.widthF() * _POST)
    painter.setPen(pen)
    canal = paths.roots[-1].canal
    painter.drawLine(canal.pointAtPercent(0.0), canal.pointAtPercent(0.55))


def _cut_apex(painter: QPainter, paths: SidePaths, ink: Ink) -> None:
    painter.setPen(ink.line)
    for root in paths.roots:
        at, reach = root.canal.pointAtPercent(_CUT), paths.width * 0.14
        painter.drawLine(at + QPointF(-reach, 0), at + QPointF(reach, 0))


def _pulp(painter: QPainter, paths: SidePaths, hint: str, ink: Ink) -> None:
    """Draw the pulp chamber: filled when treated or inflamed, empty when dead."""
    painter.setPen(QPen(ink.colour, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush if hint == "pulp_grey" else ink.fill)
    painter.drawPath(paths.chamber)


_ROOT_WORK: Final[dict[str, Callable[[QPainter, SidePaths, Ink], None]]] = {
    "canal_line": _canals,
    "post_line": _post,
    "apex_cut": _cut_apex,
}
