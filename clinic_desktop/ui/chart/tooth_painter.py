"""Draws one tooth as it stands there: present, missing, unerupted, tilted, a root, an implant."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from clinic_desktop.domain.teeth.arrangement import SUCCESSOR_DEPTH
from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.ui.chart.inks import Inks, pale
from clinic_desktop.ui.chart.tooth_paths import DiagramPaths, SidePaths, lean, side_paths

# How deep a tooth lies, as a share of its crown.
_SUNK: Final = {
    ToothState.UNERUPTED: 0.35,
    ToothState.IMPACTED: 0.25,
    ToothState.PARTLY_ERUPTED: 0.3,
}
_PALE: Final = frozenset({ToothState.UNERUPTED, ToothState.IMPACTED})
_NO_CROWN: Final = frozenset({ToothState.MISSING, ToothState.ROOT, ToothState.IMPLANT})
_NO_DIAGRAM: Final = _NO_CROWN | {ToothState.UNERUPTED}
_LETTERS: Final = {
    ToothState.NOT_EXAMINED: "?",
    ToothState.UNERUPTED: "U",
    ToothState.IMPACTED: "I",
    ToothState.ROOT: "R",
}
_CROSS: Final = 0.56
_LYING: Final = 0.7
_CLEAR: Final = 7.5


class ToothPainter:
    """Draws teeth without their marks, in layers between which the marks are drawn."""

    def __init__(self, inks: Inks) -> None:
        self._inks = inks
        self._pale = pale(inks, inks.surface)

    def _of(self, state: ToothState) -> Inks:
        return self._pale if state in _PALE else self._inks

    # -- side view, the neck at the painter's origin ------------------------------------------

    def successor(self, painter: QPainter, fdi: int, front: SidePaths, scale: float) -> None:
        """Draw the crown of a tooth still in the bone, at the root tips of the milk tooth."""
        paths = side_paths(fdi, scale)
        painter.save()
        deep = front.root_length * SUCCESSOR_DEPTH + paths.crown_length
        painter.translate(0, -front.crown_sign * deep)
        painter.setPen(self._pale.outline)
        painter.setBrush(self._pale.enamel)
        painter.drawPath(paths.crown)
        painter.restore()

    def place(
        self,
        painter: QPainter,
        fdi: int,
        state: ToothState,
        paths: SidePaths,
        detail: str = "",
    ) -> None:
        """Sink and lean the painter for a tooth that has not come through."""
        deep = _SUNK.get(state, 0.0) * paths.crown_length
        painter.translate(0, -paths.crown_sign * deep)
        if state is ToothState.IMPACTED:
            painter.setTransform(lean(fdi, detail), combine=True)
            if "horizontal" in detail.split():
                # Lying flat it would reach into its neighbours' columns.
                painter.scale(_LYING, _LYING)
                middle = (paths.root_length - paths.crown_length) / 2
                painter.translate(0, paths.crown_sign * middle)

    def roots(self, painter: QPainter, state: ToothState, paths: SidePaths) -> None:
        """Draw roots, or the implant in their place."""
        if state is ToothState.IMPLANT:
            painter.setPen(self._inks.outline)
            painter.setBrush(self._inks.metal)
            painter.drawPath(paths.implant)
            for thread in paths.threads:
                painter.drawPath(thread)
            return
        missing, inks = state is ToothState.MISSING, self._of(state)
        painter.setPen(inks.absent if missing else inks.outline)
        for root in paths.roots:
            painter.setBrush(inks.root_back if root.behind else inks.root)
            if missing:
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(root.body)

    def crown(self, painter: QPainter, state: ToothState, paths: SidePaths) -> None:
        """Draw the crown, dotted where there is none, hatched where nobody has looked."""
        if state is ToothState.NOT_EXAMINED:
            # Without it the small picture of the record, which has no diagrams, would look sound.
            for brush in (self._inks.unknown_soft, self._inks.unknown):
                # The line of a sound tooth would not be seen on dark grounds.
                painter.setPen(self._inks.unknown_line)
                painter.setBrush(brush)
                painter.drawPath(paths.crown)
            return
        there, inks = state not in _NO_CROWN, self._of(state)
        painter.setPen(inks.outline if there else inks.absent)
        painter.setBrush(inks.enamel if there else Qt.BrushStyle.NoBrush)
        painter.drawPath(paths.crown)

    def gum(self, painter: QPainter, state: ToothState, paths: SidePaths) -> None:
        """Draw the gum over a tooth that lies below it."""
        if state not in _SUNK:
            return
        half, sign = paths.width * 0.52, paths.crown_sign
        level = sign * paths.crown_length * (0.25 if state is ToothState.PARTLY_ERUPTED else 0.9)
        gum = QPainterPath(QPointF(-half, level))
        gum.quadTo(QPointF(0, level + sign * half * 0.2), QPointF(half, level))
        painter.setPen(self._inks.gum)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(gum)

    # -- diagram, its middle at the painter's origin --------------------------------------------

    def faces(self, painter: QPainter, state: ToothState, paths: DiagramPaths) -> None:
        """Draw the ground of the diagram: enamel, or the hatch of what nobody has looked at."""
        if state in _NO_DIAGRAM:
            return
        unknown = state is ToothState.NOT_EXAMINED
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks.unknown_soft if unknown else self._inks.enamel)
        painter.drawPath(paths.rim)
        if unknown:
            painter.setBrush(self._inks.unknown)
        painter.setPen(self._inks.unknown_line if unknown else self._inks.rim)
        painter.drawPath(paths.rim)

    def lines(
        self, painter: QPainter, state: ToothState, paths: DiagramPaths, *, crowned: bool
    ) -> None:
        """Draw the lines between the faces, over what fills them; on a crown that replaces them."""
        if state in _NO_DIAGRAM and not crowned:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._inks.inner)
        for code in "OIMD":
            if code in paths.faces:
                painter.drawPath(paths.faces[code])

    def absent(
        self, painter: QPainter, state: ToothState, paths: DiagramPaths, detail: str = ""
    ) -> None:
        """Draw the dotted rim of a tooth without a crown, crossed out when it is missing.

        One that never formed has a single stroke: nothing was taken out.
        """
        if state not in _NO_DIAGRAM:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._inks.absent)
        painter.drawPath(paths.rim)
        if state is ToothState.MISSING:
            reach = min(paths.box.width(), paths.box.height()) * _CROSS / 2
            painter.setPen(self._inks.cross)
            painter.drawLine(QPointF(-reach, -reach), QPointF(reach, reach))
            if "congenital" not in detail.split():
                painter.drawLine(QPointF(-reach, reach), QPointF(reach, -reach))

    def letter(self, painter: QPainter, state: ToothState) -> None:
        """Write the letter of a state in the middle of the diagram: ?, U, I or R."""
        text = _LETTERS.get(state)
        if text is None:
            return
        unknown = state is ToothState.NOT_EXAMINED
        if unknown:
            # The sign stands clear of the hatch below it.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks.unknown_soft)
            painter.drawEllipse(QPointF(0, 0), _CLEAR, _CLEAR)
        painter.setFont(self._inks.number_font if unknown else self._inks.sign_font)
        on_enamel = state not in _NO_DIAGRAM
        letter = self._inks.tooth_letter if on_enamel else self._inks.text_quiet
        painter.setPen(self._inks.unknown_text if unknown else letter)
        painter.drawText(QRectF(-12, -12, 24, 24), Qt.AlignmentFlag.AlignCenter, text)
