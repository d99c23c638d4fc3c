"""Draws marks on the five-surface diagram: fillings below its lines, signs above them."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from clinic_desktop.domain.chart_details import sign_of
from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus
from clinic_desktop.ui.chart import signs
from clinic_desktop.ui.chart.hints import (
    FACIAL,
    FILLINGS,
    GONE,
    LESIONS,
    WEAR,
    covers_crown,
    hint_of,
    letter_of_material,
)
from clinic_desktop.ui.chart.inks import Ink, Inks
from clinic_desktop.ui.chart.tooth_paths import DiagramPaths, joined_faces

_MIDDLE: Final = "OI"
# Attrition is on the edge, abrasion at the neck, erosion on the edge, unless surfaces are named.
_USUALLY_WORN: Final = {"wear_flat": "OI", "wear_notch": "B", "wear_scoop": "OI"}
_BADGES: Final = frozenset({"W_mark", "text"})
_BROKEN: Final = ((-6.0, 1.0), (-2.0, -4.0), (1.0, 3.0), (6.0, -2.0))


class DiagramMarks:
    """Draws the marks of one tooth on its diagram."""

    def __init__(self, inks: Inks) -> None:
        self._inks = inks

    def areas(
        self, fdi: int, paths: DiagramPaths, scale: float, marks: Iterable[ChartMark]
    ) -> list[tuple[QPainterPath, Ink]]:
        """Return what each mark fills, in the order in which they cover each other."""
        found = ((self._area(fdi, paths, scale, mark), mark) for mark in marks)
        return [(area, self._ink(mark)) for area, mark in found if area is not None]

    def _ink(self, mark: ChartMark) -> Ink:
        worn = self._inks.worn.get(hint_of(mark))
        return worn if worn is not None else self._inks.by_status[mark.status]

    def _area(
        self, fdi: int, paths: DiagramPaths, scale: float, mark: ChartMark
    ) -> QPainterPath | None:
        hint, codes = hint_of(mark), mark.surfaces
        if covers_crown(mark):
            return paths.rim
        if hint in WEAR:
            codes = codes or _USUALLY_WORN[hint]
        elif hint in FACIAL:
            codes = codes or "B"
        elif hint not in FILLINGS:
            return None
        return joined_faces(fdi, scale, codes) if codes else None

    def dots(
        self,
        painter: QPainter,
        fdi: int,
        paths: DiagramPaths,
        scale: float,
        marks: Iterable[ChartMark],
    ) -> None:
        """Dot the surfaces of teeth that formed badly."""
        for mark in marks:
            hint = hint_of(mark)
            if hint == "stipple":
                whole = not mark.surfaces
                area = paths.rim if whole else joined_faces(fdi, scale, mark.surfaces)
                signs.stipple(painter, self._inks, area)
            elif hint == "striae":
                signs.striae(painter, self._inks, paths.rim)

    def above(self, painter: QPainter, paths: DiagramPaths, marks: Iterable[ChartMark]) -> None:
        """Draw the signs that stand over the lines of the diagram."""
        badges = []
        for mark in marks:
            hint = hint_of(mark)
            if hint in LESIONS:
                self._lesion(painter, paths, mark, hint)
            elif hint == "zigzag":
                self._broken(painter, paths, mark)
            elif hint == GONE:
                self._crossed(painter, paths, mark)
            elif hint == "S_mark":
                self._sealed(painter, paths, mark)
            elif hint in _BADGES:
                badges.append(mark.paint[:1] + sign_of(mark.paint, mark.detail))
            else:
                self._material(painter, paths, mark)
        for index, letters in enumerate(badges):
            corner = paths.box.topRight() + QPointF(-4 - index * 15, 3)
            signs.badge(painter, self._inks, corner, letters)

    def _material(self, painter: QPainter, paths: DiagramPaths, mark: ChartMark) -> None:
        """Write the letter of a filling's or crown's material on it."""
        letters = letter_of_material(mark)
        if not letters:
            return
        codes = [code for code in (*_MIDDLE, *mark.surfaces) if code in mark.surfaces]
        at = next((paths.middles[code] for code in codes if code in paths.middles), QPointF())
        colour = self._inks.by_status[mark.status].colour
        signs.pill(painter, self._inks, at, letters, colour)

    def _lesion(self, painter: QPainter, paths: DiagramPaths, mark: ChartMark, hint: str) -> None:
        """Draw the grade of a lesion on each of its surfaces; C where it was not graded."""
        graded = len(mark.paint) == 2 and mark.paint[1].isdigit()
        letter = mark.paint[1] if graded else "C"
        for code in mark.surfaces or _MIDDLE:
            if code in paths.middles:
                signs.disc(
                    painter,
                    self._inks,
                    paths.middles[code],
                    letter,
                    radius=signs.DISC if code in _MIDDLE else signs.SMALL_DISC,
                    filled=hint != "lesion_outline" and letter != "0",
                    ring=hint == "lesion_fill_outline",
                )

    def _broken(self, painter: QPainter, paths: DiagramPaths, mark: ChartMark) -> None:
        for code in mark.surfaces:
            if code in paths.middles:
                at = paths.middles[code]
                line = [at + QPointF(x, y) for x, y in _BROKEN]
                signs.zigzag(painter, self._inks.finding, line)

    def _crossed(self, painter: QPainter, paths: DiagramPaths, mark: ChartMark) -> None:
        if mark.status is MarkStatus.CONDITION:
            return
        x, y = paths.box.width() * 0.2, paths.box.height() * 0.2
        box = paths.box.marginsRemoved(QMarginsF(x, y, x, y))
        signs.cross(painter, self._inks.by_status[mark.status].line, box)

    def _sealed(self, painter: QPainter, paths: DiagramPaths, mark: ChartMark) -> None:
        """Write S on a sealed surface, in the colour of its status."""
        ink = self._inks.by_status[mark.status]
        for code in mark.surfaces or _MIDDLE:
            if code in paths.middles:
                at, radius = paths.middles[code], signs.SMALL_DISC + 1
                painter.setPen(QPen(ink.colour, 1.2))
                painter.setBrush(self._inks.enamel)
                painter.drawEllipse(at, radius, radius)
                painter.setFont(self._inks.sign_font)
                box = QRectF(at.x() - 10, at.y() - 10, 20, 20)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "S")
