"""Draws the grid column by column, so that a key repaints one tooth and no more."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from clinic_desktop.domain.perio.exam import Cell, Exam, Standing, ToothReading
from clinic_desktop.domain.perio.margins import MINUS, ROW_LABELS, MarginSign, signed
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site, on_screen
from clinic_desktop.domain.perio.words import ROMAN
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.i18n import _
from clinic_desktop.ui.perio.graph import DEEP, GraphPainter, spots
from clinic_desktop.ui.perio.inks import PerioInks
from clinic_desktop.ui.perio.layout import Kind, Line, PerioLayout
from clinic_desktop.ui.theme.theme import Face

_FRAMED: Final = 4
_BOX: Final = 15.0
_RADIUS: Final = 3.0
# A sign is narrower than that of the font, so that neighbours keep apart; in wide sites figures
# are as large as elsewhere.
_ARM: Final = 0.78
_BESIDE_SIGN: Final = 1.2
_SIGN_WIDTH: Final = 1.2
_ROOMY: Final = 18.0
# What an implant has none of: never a dot, which is "not measured".
_DASH: Final = "\N{EN DASH}"


@dataclass(frozen=True)
class Scene:
    """What is drawn: the exam, where the keyboard is, an earlier exam below it."""

    exam: Exam
    notation: str = Notation.FDI
    cursor: Cell | None = None
    marked: tuple[Cell, ...] = ()
    focused: bool = False
    pending: str = ""
    """What was typed of a value that is not whole yet: ``1`` after +, ``-``."""
    before: tuple[Exam, ...] = ()
    """Earlier exams drawn below this one, the newest first."""
    faces: dict[bool, bool] = field(default_factory=lambda: {True: True, False: True})
    """Which face the graph of each jaw shows: facial or not."""
    wrong: Cell | None = None
    sign: MarginSign = MarginSign.PLUS
    """Which sign recession has, a setting of the clinic."""


class PerioPainter:
    """Draws with one set of inks."""

    def __init__(self, inks: PerioInks, *, contrast: bool) -> None:
        self._inks = inks
        self._contrast = contrast
        self._graph = GraphPainter(inks)

    # -- everything -----------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, layout: PerioLayout, scene: Scene, dirty: QRectF | None = None
    ) -> None:
        """Draw what lies in ``dirty``, or all of it."""
        whole = QRectF(QPointF(0, 0), layout.size)
        area = dirty if dirty is not None else whole
        painter.fillRect(area, self._inks.surface)
        for fdi in layout.teeth.values():
            column = layout.column(fdi)
            if column.intersects(area) and fdi in scene.exam.teeth:
                self._ground(painter, column, scene, fdi)
        self._frame(painter, layout, area)
        if area.left() < layout.sizes.gutter:
            self.labels(painter, layout, scene)
        for fdi in layout.teeth.values():
            column = layout.column(fdi)
            if column.intersects(area) and fdi in scene.exam.teeth:
                self._tooth(painter, layout, scene, scene.exam.teeth[fdi], area)

    def _ground(self, painter: QPainter, column: QRectF, scene: Scene, fdi: int) -> None:
        if scene.cursor is None or scene.cursor.tooth != fdi:
            return
        if self._contrast:
            painter.setPen(QPen(self._inks.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(column.adjusted(1, 0, -1, 0))
        else:
            painter.fillRect(column, self._inks.accent_soft)

    def _frame(self, painter: QPainter, layout: PerioLayout, area: QRectF) -> None:
        """Draw the rulers, the lines between columns, the midlines."""
        sizes = layout.sizes
        left, right = sizes.gutter, sizes.gutter + layout.arch.count * layout.column_width
        for upper in (True, False):
            line = layout.line(Kind.GRAPH, upper=upper)
            fdi = next((one for (jaw, _c), one in layout.teeth.items() if jaw is upper), None)
            if line is not None and fdi is not None:
                box = QRectF(
                    max(left, area.left()), line.top,
                    min(right, area.right()) - max(left, area.left()), line.height,
                )  # fmt: skip
                self._graph.ruler(painter, box, layout.neck(fdi).y(), layout.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        upper_end = max(one.top + one.height for one in layout.lines if one.upper)
        lower_top = min(one.top for one in layout.lines if not one.upper)
        bottom = layout.lines[-1].top + layout.lines[-1].height
        for column in range(layout.arch.count + 1):
            x = left + column * layout.column_width
            middle = column == layout.arch.middle
            painter.setPen(self._inks.grid_strong if middle else self._inks.grid)
            painter.drawLine(QLineF(x, layout.lines[0].top, x, upper_end))
            painter.drawLine(QLineF(x, lower_top, x, bottom))
        y = (upper_end + lower_top) / 2
        painter.setPen(self._inks.grid_strong)
        painter.drawLine(QLineF(left - 8, y, right, y))

    def labels(self, painter: QPainter, layout: PerioLayout, scene: Scene) -> None:
        """Write what each row is at the left."""
        painter.setPen(self._inks.quiet)
        painter.setFont(self._inks.small.font)
        for line in layout.lines:
            words = row_words(line, facial=scene.faces[line.upper], sign=scene.sign)
            if words:
                box = QRectF(0, line.top, layout.sizes.gutter - 10, line.height)
                align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                if line.kind is Kind.GRAPH:
                    align = Qt.AlignmentFlag.AlignRight | (
                        Qt.AlignmentFlag.AlignTop if line.upper else Qt.AlignmentFlag.AlignBottom
                    )
                painter.drawText(box, align | Qt.TextFlag.TextWordWrap, words)

    # -- one tooth ------------------------------------------------------------------------------

    def _tooth(
        self, painter: QPainter, layout: PerioLayout, scene: Scene, reading: ToothReading,
        area: QRectF,
    ) -> None:  # fmt: skip
        found = tooth(reading.tooth)
        for line in layout.lines:
            apart = line.top >= area.bottom() or line.top + line.height <= area.top()
            if line.upper is not found.upper or apart:
                continue
            if line.kind is Kind.GRAPH:
                self._picture(painter, layout, scene, reading)
            elif line.kind is Kind.NUMBER:
                self._number(painter, layout, scene, reading, line)
            elif reading.probed:
                self._line(painter, layout, scene, reading, line)

    def _picture(
        self, painter: QPainter, layout: PerioLayout, scene: Scene, reading: ToothReading
    ) -> None:
        neck, scale = layout.neck(reading.tooth), layout.scale
        self._graph.silhouette(painter, reading, neck, scale)
        if not reading.probed:
            return
        facial = scene.faces[tooth(reading.tooth).upper]
        xs: dict[int, float] = {site: layout.site_x(reading.tooth, site) for site in Site}
        for place, exam in enumerate(scene.before):
            earlier = exam.teeth.get(reading.tooth)
            if earlier is not None and earlier.probed:
                shown = spots(earlier, xs, neck.y(), scale, facial=facial)
                self._graph.before(painter, shown, place)
        self._graph.junction(painter, reading, xs, neck.y(), scale, facial=facial)
        found = spots(reading, xs, neck.y(), scale, facial=facial)
        self._graph.curves(painter, found)

    def _number(
        self,
        painter: QPainter,
        layout: PerioLayout,
        scene: Scene,
        reading: ToothReading,
        line: Line,
    ) -> None:
        column = layout.column(reading.tooth)
        box = QRectF(column.left(), line.top, column.width(), line.height)
        current = scene.cursor is not None and scene.cursor.tooth == reading.tooth
        colour = self._inks.accent if current else self._inks.text
        if not reading.probed:
            colour = self._inks.faint
        painter.setPen(colour)
        painter.setFont(self._inks.due.font)
        number = written(reading.tooth, scene.notation)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)
        if not reading.probed:
            width = self._inks.due.metrics.horizontalAdvance(number) + 4
            middle = box.center()
            painter.drawLine(
                QLineF(middle.x() - width / 2, middle.y(), middle.x() + width / 2, middle.y())
            )

    def _line(
        self,
        painter: QPainter,
        layout: PerioLayout,
        scene: Scene,
        reading: ToothReading,
        line: Line,
    ) -> None:
        of_teeth = line.kind in (Kind.MOBILITY, Kind.FURCATION)
        if of_teeth and reading.standing is Standing.IMPLANT:
            column = layout.column(reading.tooth)
            box = QRectF(column.left(), line.top, column.width(), line.height)
            self._text(painter, box, _DASH, self._inks.face, self._inks.faint)
        elif line.kind is Kind.MOBILITY:
            cell = Cell(reading.tooth, Measure.MOBILITY)
            text = "" if reading.mobility is None else str(reading.mobility)
            self._value(painter, layout.rect(cell), scene, cell, text)
        elif line.kind is Kind.FURCATION:
            for cell in layout.furcations_of.get(reading.tooth, ()):
                grade = reading.furcation[cell.place]
                text = "" if grade is None else ROMAN[grade]
                self._value(painter, layout.rect(cell), scene, cell, text)
        else:
            for site in on_screen(reading.tooth, facial=line.facial):
                self._site(painter, layout, scene, reading, line, site)

    def _site(
        self, painter: QPainter, layout: PerioLayout, scene: Scene, reading: ToothReading,
        line: Line, site: Site,
    ) -> None:  # fmt: skip
        box = layout.rect(Cell(reading.tooth, Measure.DEPTH, site))
        box = QRectF(box.left(), line.top, box.width(), line.height)
        if line.kind is Kind.MARKS:
            self._marks(painter, box, reading, site)
            return
        if line.kind is Kind.LOSS:
            loss = reading.loss(site)
            text = "" if loss is None else str(loss).replace("-", MINUS)
            self._text(painter, box, text, self._inks.face, self._inks.quiet)
            return
        measure = Measure(line.kind.value)
        if measure is Measure.MARGIN and box.left() - layout.column(reading.tooth).left() > 1:
            self._between(painter, box)
        cell = Cell(reading.tooth, measure, site)
        if cell not in layout.rects:
            return
        value = reading.value(measure, site)
        if measure is Measure.DEPTH:
            self._depth(painter, box, scene, cell, None if value is None else int(value))
        elif measure is Measure.MARGIN:
            text = "" if value is None else signed(int(value), scene.sign)
            colour = self._inks.margin if value is not None and value < 0 else self._inks.quiet
            self._margin(painter, box, scene, cell, text, colour)
        else:
            self._value(painter, box, scene, cell, "" if value is None else str(int(value)))

    def _depth(
        self, painter: QPainter, box: QRectF, scene: Scene, cell: Cell, value: int | None
    ) -> None:
        """Write a depth: 4 mm framed, 5 mm and more filled, so that it is read without colour."""
        inks = self._inks
        if value is None or value < _FRAMED or self._typing(scene, cell):
            self._value(painter, box, scene, cell, "" if value is None else str(value))
            return
        side = min(_BOX, box.width(), box.height())
        frame = QRectF(0, 0, max(side, 15 if value > 9 else 0), side)
        frame.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(inks.deep, 1.2))
        painter.setBrush(inks.deep if value >= DEEP else inks.surface)
        painter.drawRoundedRect(frame.adjusted(0.6, 0.6, -0.6, -0.6), _RADIUS, _RADIUS)
        ink = inks.on_deep if value >= DEEP else inks.deep
        self._text(painter, box, str(value), inks.strong, ink)
        self._cursor(painter, box, scene, cell)

    def _typing(self, scene: Scene, cell: Cell) -> bool:
        return bool(scene.pending) and scene.cursor == cell

    def _value(
        self, painter: QPainter, box: QRectF, scene: Scene, cell: Cell, text: str,
        colour: QColor | None = None,
    ) -> None:  # fmt: skip
        inks = self._inks
        if self._typing(scene, cell):
            self._text(painter, box, scene.pending, inks.strong, inks.accent)
        elif text:
            face = inks.strong if cell.measure is Measure.DEPTH else inks.face
            usual = inks.text if cell.measure is Measure.DEPTH else inks.quiet
            self._text(painter, box, text, face, colour or usual)
        else:
            self._dot(painter, box.center())
        self._cursor(painter, box, scene, cell)

    def _margin(
        self, painter: QPainter, box: QRectF, scene: Scene, cell: Cell, text: str, colour: QColor
    ) -> None:
        """Write a margin with a narrow sign: +1 beside −2 would read as one figure."""
        if not text or text == "0" or self._typing(scene, cell):
            self._value(painter, box, scene, cell, text, colour)
            return
        face = self._inks.tight if box.width() < _ROOMY else self._inks.face
        sign, digits = text[0], text[1:]
        figures, arm = face.metrics.horizontalAdvance(digits), _ARM * face.metrics.xHeight()
        left = box.center().x() - (arm + _BESIDE_SIGN + figures) / 2
        painter.setPen(colour)
        painter.setFont(face.font)
        base = box.center().y() + face.rise
        painter.drawText(QPointF(left + arm + _BESIDE_SIGN, base), digits)
        y = base - face.metrics.capHeight() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, _SIGN_WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(left, y, left + arm, y))
        if sign != MINUS:
            middle = left + arm / 2
            painter.drawLine(QLineF(middle, y - arm / 2, middle, y + arm / 2))
        self._cursor(painter, box, scene, cell)

    def _between(self, painter: QPainter, box: QRectF) -> None:
        """Draw a hairline between two sites of a tooth."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._inks.grid if self._contrast else self._inks.hair)
        painter.drawLine(QLineF(box.left(), box.top() + 3, box.left(), box.bottom() - 3))

    def _dot(self, painter: QPainter, at: QPointF) -> None:
        """Draw that nothing was measured here: a dot, never 0."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks.faint)
        painter.drawEllipse(at, 1.1, 1.1)

    def _text(self, painter: QPainter, box: QRectF, text: str, face: Face, colour: QColor) -> None:
        if not text:
            return
        painter.setPen(colour)
        painter.setFont(face.font)
        width = face.metrics.horizontalAdvance(text)
        painter.drawText(QPointF(box.center().x() - width / 2, box.center().y() + face.rise), text)

    def _cursor(self, painter: QPainter, box: QRectF, scene: Scene, cell: Cell) -> None:
        """Frame the cell that is due, and the one whose value was refused."""
        if cell not in (scene.cursor, scene.wrong):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(self._inks.focus if scene.focused else self._inks.accent, 2)
        if cell == scene.wrong:
            pen = QPen(self._inks.deep, 2)
        painter.setPen(pen)
        painter.drawRoundedRect(box.adjusted(0.5, 0, -0.5, 0), _RADIUS, _RADIUS)

    def _marks(self, painter: QPainter, box: QRectF, reading: ToothReading, site: Site) -> None:
        """Draw the flags, each with a shape of its own: drop, ring, bar, triangle."""
        inks, middle = self._inks, box.center()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if reading.bleeding[site]:
            painter.setBrush(inks.bleed)
            painter.drawPath(_drop(QPointF(middle.x() - 3, middle.y() - 2)))
        if reading.suppuration[site]:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(inks.pus, 1.5))
            painter.drawEllipse(QPointF(middle.x() + 4, middle.y() - 2), 2.6, 2.6)
            painter.setPen(Qt.PenStyle.NoPen)
        if reading.plaque[site]:
            painter.setBrush(inks.plaque)
            painter.drawRoundedRect(QRectF(middle.x() - 6, box.bottom() - 4.5, 6.5, 2.6), 1, 1)
        if reading.calculus[site]:
            painter.setBrush(inks.calculus)
            x, y = middle.x() + 4, box.bottom() - 1.5
            painter.drawPolygon([QPointF(x - 3, y), QPointF(x + 3, y), QPointF(x, y - 4.5)])


def _drop(at: QPointF) -> QPainterPath:
    """Return a drop of blood, 8 px high."""
    path = QPainterPath(QPointF(at.x(), at.y() - 4.5))
    path.cubicTo(at + QPointF(1.2, -2.2), at + QPointF(3.0, -0.4), at + QPointF(3.0, 1.2))
    path.cubicTo(at + QPointF(3.0, 3.4), at + QPointF(-3.0, 3.4), at + QPointF(-3.0, 1.2))
    path.cubicTo(at + QPointF(-3.0, -0.4), at + QPointF(-1.2, -2.2), at + QPointF(0, -4.5))
    return path


def row_words(line: Line, *, facial: bool, sign: MarginSign = MarginSign.PLUS) -> str:
    """Return what a row is called at the left of the grid."""
    oral_depth = _("Palatal depth") if line.upper else _("Lingual depth")
    oral_graph = _("Graph: palatal") if line.upper else _("Graph: lingual")
    return {
        Kind.DEPTH: _("Buccal depth") if line.facial else oral_depth,
        Kind.MARGIN: _(ROW_LABELS[sign]),
        Kind.MARKS: _("Bleed, plaque"),
        Kind.LOSS: _("Attachment"),
        Kind.MGJ: _("Mucogingival j."),
        Kind.FURCATION: _("Furcation"),
        Kind.MOBILITY: _("Mobility"),
        Kind.GRAPH: _("Graph: buccal") if facial else oral_graph,
    }.get(line.kind, "")
