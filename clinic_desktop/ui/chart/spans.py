"""Draws what joins several teeth: bridges, dentures, wires."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.ui.chart.hints import hint_of
from clinic_desktop.ui.chart.inks import Ink, Inks
from clinic_desktop.ui.chart.layout import Cell, Layout
from clinic_desktop.ui.chart.tooth_paths import side_paths

# Hint -> how far up the crown the bar or wire runs, and whether it joins one tooth to the next.
_HEIGHTS: Final = {
    "crown_overlay_link": 0.5,
    "pontic": 0.5,
    "denture_bar": 0.04,
    "denture_bar_clasp": 0.04,
    "bracket": 0.5,
    "wire": 0.45,
    "loop": 0.2,
}
_BRIDGE: Final = frozenset({"crown_overlay_link", "pontic"})
# Drawn over the whole width of each tooth, so that one tooth alone shows it as well.
_BARS: Final = frozenset({"denture_bar", "denture_bar_clasp", "wire"})
_BAR: Final = 5.0
_BRACKET: Final = 7.0


@dataclass(frozen=True, slots=True)
class _Joint:
    """One member of a span: where the span runs through its tooth."""

    cell: Cell
    hint: str
    status: MarkStatus
    at: QPointF
    half: float


def draw_spans(painter: QPainter, inks: Inks, layout: Layout) -> None:
    """Draw bars and wires over teeth that stand side by side, and the brackets on each."""
    for upper in (True, False):
        jaw = [cell for cell in layout.cells if cell.upper is upper]
        previous: dict[tuple[str, MarkStatus], _Joint] = {}
        for cell in jaw:
            joints = {_family(joint): joint for joint in _joints(cell, layout.scale)}
            for family, joint in joints.items():
                before = previous.get(family)
                if before is not None:
                    _join(painter, inks.by_status[joint.status], before, joint)
            for joint in joints.values():
                _member(painter, inks.by_status[joint.status], joint)
            previous = joints


def _joints(cell: Cell, scale: float) -> Iterator[_Joint]:
    paths = side_paths(cell.tooth, scale)
    for mark in cell.view.marks:
        hint = hint_of(mark)
        if hint in _HEIGHTS:
            rise = paths.crown_sign * paths.crown_length * _HEIGHTS[hint]
            at = cell.neck + QPointF(0, rise)
            yield _Joint(cell, hint, mark.status, at, paths.width / 2)


def _family(joint: _Joint) -> tuple[str, MarkStatus]:
    return ("bridge" if joint.hint in _BRIDGE else joint.hint, joint.status)


def _join(painter: QPainter, ink: Ink, before: _Joint, after: _Joint) -> None:
    """Draw the part between two neighbours."""
    if after.hint in _BRIDGE:
        gap = QRectF(
            QPointF(before.at.x() + before.half * 0.9, (before.at.y() + after.at.y()) / 2 - _BAR),
            QPointF(after.at.x() - after.half * 0.9, (before.at.y() + after.at.y()) / 2 + _BAR),
        )
        painter.setPen(QPen(ink.colour, 1.2))
        painter.setBrush(ink.fill)
        painter.drawRect(gap)
        return
    painter.setPen(ink.line)
    painter.drawLine(QLineF(before.at, after.at))


def _member(painter: QPainter, ink: Ink, joint: _Joint) -> None:
    """Draw what stands on the tooth itself."""
    if joint.hint in _BARS:
        painter.setPen(ink.line)
        reach = QPointF(joint.half, 0)
        painter.drawLine(QLineF(joint.at - reach, joint.at + reach))
    elif joint.hint == "bracket":
        box = QRectF(0, 0, _BRACKET, _BRACKET)
        box.moveCenter(joint.at)
        painter.setPen(QPen(ink.colour, 1.2))
        painter.setBrush(ink.ground)
        painter.drawRect(box)
        painter.setBrush(ink.fill)
        painter.drawRect(box)
    elif joint.hint == "loop":
        painter.setPen(ink.line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(joint.at, joint.half, joint.half * 0.5)
