"""How far a tooth has moved from its place: drifted, turned, grown out of the row."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtGui import QTransform

from clinic_desktop.domain.chart_details import degrees, has
from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.ui.chart.tooth_paths import DiagramPaths, SidePaths

# Shares of the tooth's own measures; degrees where nobody measured.
_DRIFT: Final = 0.16
_TIPPED: Final = 9.0
_OUT: Final = 0.22
_ACROSS: Final = 0.22
_TURNED: Final = 35


def side_shift(paths: SidePaths, marks: Iterable[ChartMark]) -> QTransform:
    """Return where the side view stands: tipped to one side, or longer than its neighbours."""
    shift = QTransform()
    for mark in _found(marks):
        if mark.paint == "EXTRUDE":
            shift.translate(0, paths.crown_sign * paths.crown_length * _OUT)
        elif mark.paint == "DRIFT" and not _sideways(mark):
            towards = _towards(paths.fdi, mark)
            shift.translate(towards * paths.width * _DRIFT, 0)
            shift.rotate(towards * paths.crown_sign * _TIPPED)
    return shift


def diagram_shift(fdi: int, paths: DiagramPaths, marks: Iterable[ChartMark]) -> QTransform:
    """Return where the diagram stands: turned, or out of the row to cheek or tongue."""
    shift, found = QTransform(), tooth(fdi)
    for mark in _found(marks):
        if mark.paint == "ROT":
            turned = degrees(mark.detail) or _TURNED
            # Towards the midline the outer surface turns mesially.
            clockwise = found.right is found.upper
            towards = -1 if has(mark.detail, "distal") else 1
            shift.rotate(turned * towards * (1 if clockwise else -1))
        elif mark.paint == "DRIFT" and _sideways(mark):
            outward = -1.0 if found.upper else 1.0
            inward = has(mark.detail, "lingual")
            reach = paths.box.height() * _ACROSS
            shift.translate(0, -outward * reach if inward else outward * reach)
    return shift


def _found(marks: Iterable[ChartMark]) -> Iterable[ChartMark]:
    return (mark for mark in marks if mark.status is MarkStatus.CONDITION)


def _sideways(mark: ChartMark) -> bool:
    return has(mark.detail, "buccal") or has(mark.detail, "lingual")


def _towards(fdi: int, mark: ChartMark) -> float:
    """Return 1.0 for the right of the screen: mesial is towards the midline."""
    mesial = 1.0 if tooth(fdi).right else -1.0
    return -mesial if has(mark.detail, "distal") else mesial
