"""Draws what joins several teeth: bridges, dentures, wires."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from clinic_desktop.domain.chart_details import has
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.ui.chart.hints import DENTURES, hint_of
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
_BAR: Final = 5.0
_BRACKET: Final = 7.0
_BASE: Final = 9.0
_CLASP: Final = 11.0


@dataclass(frozen=True, slots=True)
class _Joint:
    """One member of a span: where the span runs through its tooth."""

    cell: Cell
    hint: str
    status: MarkStatus
    at: QPointF
    half: float
    detail: str = ""
    sign: float = 1.0


def draw_spans(painter: QPainter, inks: Inks, layout: Layout) -> None:
    """Draw bars and wires over teeth that stand side by side, and the brackets on each."""
    for upper in (True, False):
        jaw = [cell for cell in layout.cells if cell.upper is upper]
        previous: dict[tuple[str, MarkStatus], _Joint] = {}
        for cell in jaw:
            if not cell.view.marks:
                previous = {}
                continue
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
            yield _Joint(
                cell, hint, mark.status, at, paths.width / 2, mark.detail, paths.crown_sign
            )


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
    if joint.hint in _BRIDGE:
        _connectors(painter, ink, joint)
    elif joint.hint in DENTURES:
        _saddle(painter, ink, joint)
    elif joint.hint == "wire" or has(joint.detail, "retainer"):
        painter.setPen(ink.line)
        reach = QPointF(joint.half, 0)
        painter.drawLine(QLineF(joint.at - reach, joint.at + reach))
    elif joint.hint == "bracket":
        wide = joint.half * 1.9 if has(joint.detail, "band") else _BRACKET
        box = QRectF(0, 0, wide, _BRACKET)
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


def _connectors(painter: QPainter, ink: Ink, joint: _Joint) -> None:
    """Draw the arms to both neighbours, so that one member alone shows it; a pontic's foot."""
    painter.setPen(QPen(ink.colour, 1.2))
    painter.setBrush(ink.fill)
    for side in (-1.0, 1.0):
        arm = QRectF(0, 0, joint.half * 0.3, _BAR * 1.4)
        arm.moveCenter(joint.at + QPointF(side * joint.half, 0))
        painter.drawRect(arm)
    if joint.hint == "pontic":
        neck = joint.cell.neck
        foot = QPainterPath(neck - QPointF(joint.half * 0.8, 0))
        foot.quadTo(neck - QPointF(0, joint.sign * _BAR * 2), neck + QPointF(joint.half * 0.8, 0))
        painter.setPen(ink.line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(foot)


def _saddle(painter: QPainter, ink: Ink, joint: _Joint) -> None:
    """Draw the base of a denture on the gum; of a partial one its bar, and clasps as hooks."""
    reach = QPointF(joint.half, 0)
    if has(joint.detail, "clasp"):
        painter.setPen(ink.line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        hook = QRectF(0, 0, joint.half * 1.9, _CLASP)
        hook.moveCenter(joint.at + QPointF(0, joint.sign * _CLASP * 0.6))
        start = 160 * 16 if joint.sign > 0 else -20 * 16
        painter.drawArc(hook, start, 220 * 16)
        return
    painter.setPen(ink.line)
    painter.drawLine(QLineF(joint.at - reach, joint.at + reach))
    if joint.hint == "denture_bar":
        base = QRectF(joint.at - reach, joint.at + reach + QPointF(0, -joint.sign * _BASE))
        painter.setPen(QPen(ink.colour, 1.2))
        painter.setBrush(ink.fill)
        painter.drawRect(base.normalized())
