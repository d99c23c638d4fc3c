"""Draws the whole chart: columns, teeth, diagrams, numbers, previews, the place of the keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from clinic_desktop.domain.teeth.chart import STATE_CODES, ChartMark, MarkStatus, ToothState
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.diagram_marks import DiagramMarks
from clinic_desktop.ui.chart.hints import edge_area, fill_ground
from clinic_desktop.ui.chart.inks import Inks
from clinic_desktop.ui.chart.layout import Cell, Layout
from clinic_desktop.ui.chart.movement import diagram_shift, side_shift
from clinic_desktop.ui.chart.side_marks import SideMarks
from clinic_desktop.ui.chart.spans import draw_spans
from clinic_desktop.ui.chart.tooth_painter import ToothPainter
from clinic_desktop.ui.chart.tooth_paths import diagram_paths, side_paths

_RADIUS: Final = 6.0
_GHOST: Final = 0.6
_GHOST_MARGIN: Final = 3.5
_BADGE: Final = 13.0
_ROOMY: Final = 32.0
_SIDE_LETTER: Final = 20.0
_LEAST_REACH: Final = 6.0
# A tooth reaches this far beside its column, as a share of it.
_REACH: Final = 0.5


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn beside the chart itself."""

    notation: str = Notation.FDI
    selected: frozenset[int] = frozenset()
    current: int | None = None
    focused: bool = False
    ghosts: dict[int, tuple[ChartMark, ...]] = field(default_factory=dict)
    surface: str = ""


class ChartPainter:
    """Draws charts with one set of inks."""

    def __init__(self, inks: Inks, *, contrast: bool) -> None:
        self._inks = inks
        self._contrast = contrast
        self._teeth = ToothPainter(inks)
        self._side = SideMarks(inks)
        self._diagram = DiagramMarks(inks)

    def paint(self, painter: QPainter, layout: Layout, scene: Scene) -> None:
        """Draw everything, for example on paper."""
        self.behind(painter, layout, scene)
        self.teeth(painter, layout, scene)
        self.over(painter, layout, scene)

    def behind(
        self, painter: QPainter, layout: Layout, scene: Scene, part: QRectF | None = None
    ) -> None:
        """Draw the midlines, and the columns of what is selected or changed."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter, layout, part)
        for cell in _within(layout, part):
            self._column(painter, cell, scene)

    def teeth(
        self, painter: QPainter, layout: Layout, scene: Scene, part: QRectF | None = None
    ) -> None:
        """Draw the teeth with their marks: the part that a change of selection leaves as it is."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cell in _within(layout, part):
            self.tooth(painter, cell, layout, scene)
        draw_spans(painter, self._inks, layout)

    def kept(
        self,
        painter: QPainter,
        layout: Layout,
        scene: Scene,
        part: QRectF,
        pictures: dict[object, QPixmap],
    ) -> None:
        """Draw the teeth of a part as ``teeth`` does, each from its picture where there is one.

        The pictures belong to one size and one set of inks; those made here are kept among them.
        """
        ratio = painter.device().devicePixelRatio()
        for cell in _within(layout, part):
            key = (cell.tooth, cell.view.state, cell.view.detail, cell.view.marks,
                   scene.ghosts.get(cell.tooth))  # fmt: skip
            reach = cell.column.width() * _REACH
            box = cell.column.adjusted(-reach, 0, reach, 0).toAlignedRect()
            picture = pictures.get(key)
            if picture is None:
                picture = QPixmap(box.size() * ratio)
                picture.setDevicePixelRatio(ratio)
                picture.fill(Qt.GlobalColor.transparent)
                with QPainter(picture) as on_picture:
                    on_picture.setRenderHint(QPainter.RenderHint.Antialiasing)
                    on_picture.translate(-box.topLeft())
                    self.tooth(on_picture, cell, layout, scene)
                pictures[key] = picture
            painter.drawPixmap(box.topLeft(), picture)
        draw_spans(painter, self._inks, layout)

    def over(
        self, painter: QPainter, layout: Layout, scene: Scene, part: QRectF | None = None
    ) -> None:
        """Draw the numbers, and the frames of preview and keyboard."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cell in _within(layout, part):
            if layout.sizes.diagrams:
                self._number(painter, cell, scene)
            self._over(painter, cell, layout, scene)

    # -- behind the teeth -------------------------------------------------------------------

    def _frame(self, painter: QPainter, layout: Layout, part: QRectF | None) -> None:
        """Draw the midlines and the letters of the patient's right and left."""
        if not layout.sizes.diagrams or not layout.cells:
            return
        y, x = layout.midline.y(), layout.midline.x()
        left, right = layout.left - 8, layout.right + 8
        painter.setPen(QPen(self._inks.border, 1))
        painter.drawLine(QLineF(left, y, right, y))
        dotted = QPen(self._inks.border, 1, Qt.PenStyle.DotLine)
        painter.setPen(dotted)
        painter.drawLine(QLineF(x, layout.top, x, layout.bottom))
        if part is not None and left < part.left() and part.right() < right:
            return
        painter.setPen(self._inks.text_quiet)
        painter.setFont(self._inks.edge_font)
        # Where teeth fill the whole width the letters come close to them.
        reach = min(_SIDE_LETTER / 2 + 2, max(_LEAST_REACH, left - _LEAST_REACH))
        for letter, at in (
            # Translators: the patient's right and left side, one letter each at the chart's edge.
            (_("R"), left - reach),
            (_("L"), right + reach),
        ):
            box = QRectF(at - _SIDE_LETTER / 2, y - 10, _SIDE_LETTER, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)

    def _column(self, painter: QPainter, cell: Cell, scene: Scene) -> None:
        """Draw the soft column of a selected tooth and the frame of a changed one."""
        if cell.tooth in scene.selected:
            painter.setPen(QPen(self._inks.accent, 2.0 if self._contrast else 1.5))
            painter.setBrush(self._inks.accent_soft)
            painter.drawRoundedRect(cell.column, _RADIUS, _RADIUS)
        if cell.view.changed:
            pen = QPen(self._inks.warning, 1.3)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.column.adjusted(2, 2, -2, -2), _RADIUS - 2, _RADIUS - 2)

    # -- one tooth --------------------------------------------------------------------------

    def tooth(self, painter: QPainter, cell: Cell, layout: Layout, scene: Scene) -> None:
        """Draw a tooth with its marks; a state that is only previewed shows all of it faint."""
        ghosts = scene.ghosts.get(cell.tooth, ())
        state = _future_state(cell, ghosts)
        painter.save()
        if state is not cell.view.state and state is not ToothState.PRESENT:
            painter.setOpacity(_GHOST)
        self._paint_side(painter, cell, layout.scale, state, ghosts)
        if layout.sizes.diagrams:
            self._paint_diagram(painter, cell, layout.scale, state, ghosts)
        painter.restore()

    def _paint_side(
        self,
        painter: QPainter,
        cell: Cell,
        scale: float,
        state: ToothState,
        ghosts: tuple[ChartMark, ...],
    ) -> None:
        fdi, marks = cell.tooth, cell.view.marks
        paths = side_paths(fdi, scale)
        painter.save()
        painter.translate(cell.neck)
        if cell.behind is not None:
            self._teeth.successor(painter, cell.behind.tooth, paths, scale)
        painter.save()
        self._teeth.place(painter, fdi, state, paths, _future_detail(cell, ghosts))
        painter.setTransform(side_shift(paths, (*marks, *ghosts)), combine=True)
        self._teeth.roots(painter, state, paths)
        self._side.on_roots(painter, paths, marks)
        with _faint(painter):
            self._side.on_roots(painter, paths, ghosts)
        self._teeth.crown(painter, state, paths)
        self._side.on_crown(painter, paths, marks)
        with _faint(painter):
            self._side.on_crown(painter, paths, ghosts)
        painter.restore()
        self._teeth.gum(painter, state, paths)
        painter.restore()

    def _paint_diagram(
        self,
        painter: QPainter,
        cell: Cell,
        scale: float,
        state: ToothState,
        ghosts: tuple[ChartMark, ...],
    ) -> None:
        fdi, marks = cell.tooth, cell.view.marks
        paths = diagram_paths(fdi, scale)
        areas = self._diagram.areas(fdi, paths, scale, marks)
        faint = self._diagram.areas(fdi, paths, scale, ghosts)
        painter.save()
        painter.translate(cell.middle)
        painter.setTransform(diagram_shift(fdi, paths, (*marks, *ghosts)), combine=True)
        self._teeth.faces(painter, state, paths)
        for area, ink in areas:
            fill_ground(painter, area, ink)
        with _faint(painter):
            for area, ink in faint:
                fill_ground(painter, area, ink)
        self._diagram.dots(painter, fdi, paths, scale, marks)
        crowned = any(area is paths.rim for area, _ink in areas)
        self._teeth.lines(painter, state, paths, crowned=crowned)
        for area, ink in areas:
            edge_area(painter, area, ink)
        with _faint(painter):
            for area, ink in faint:
                edge_area(painter, area, ink)
        if not areas:
            self._teeth.absent(painter, state, paths, _future_detail(cell, ghosts))
            self._teeth.letter(painter, state)
        self._diagram.above(painter, paths, marks)
        with _faint(painter):
            self._diagram.above(painter, paths, ghosts)
        painter.restore()

    def _number(self, painter: QPainter, cell: Cell, scene: Scene) -> None:
        """Write the tooth's number; in Palmer's notation inside the corner of its quadrant."""
        gone = cell.view.state is ToothState.MISSING
        colour = self._inks.text_quiet if gone else self._inks.text
        colour = self._inks.accent if cell.tooth in scene.selected else colour
        painter.setPen(colour)
        palmer = scene.notation == Notation.PALMER
        text = tooth(cell.tooth).palmer_symbol if palmer else written(cell.tooth, scene.notation)
        # An animal's number has three figures, and its front teeth are narrow.
        tight = len(text) > 2 and cell.number.width() < _ROOMY
        painter.setFont(self._inks.sign_font if tight else self._inks.number_font)
        painter.drawText(cell.number, Qt.AlignmentFlag.AlignCenter, text)
        if palmer:
            self._corner(painter, cell)

    def _corner(self, painter: QPainter, cell: Cell) -> None:
        """Draw the two lines that name the quadrant: towards midline and the other jaw."""
        right = tooth(cell.tooth).right
        half = min(cell.number.width() / 2, 9.0)
        x = cell.number.center().x() + (half if right else -half)
        near = cell.number.bottom() - 2.5 if cell.upper else cell.number.top() + 2.5
        far = cell.number.top() + 3 if cell.upper else cell.number.bottom() - 3
        painter.drawLine(QLineF(x, near, x, far))
        painter.drawLine(QLineF(x, near, x - (2 * half if right else -2 * half), near))

    # -- over the teeth ---------------------------------------------------------------------

    def _over(self, painter: QPainter, cell: Cell, layout: Layout, scene: Scene) -> None:
        """Draw the frames of preview and keyboard, and the triangle of a changed tooth."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if scene.ghosts.get(cell.tooth):
            self._ghost_frame(painter, cell, layout)
        if cell.view.changed and layout.sizes.diagrams:
            self._changed(painter, cell)
        if scene.focused and cell.tooth == scene.current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._inks.focus, 2))
            painter.drawRoundedRect(cell.column.adjusted(-1, -1, 1, 1), _RADIUS + 1, _RADIUS + 1)
            face = diagram_paths(cell.tooth, layout.scale).faces.get(scene.surface)
            if face is not None and layout.sizes.diagrams:
                painter.setPen(QPen(self._inks.focus, 3))
                painter.drawPath(face.translated(cell.middle))

    def _ghost_frame(self, painter: QPainter, cell: Cell, layout: Layout) -> None:
        pen = QPen(self._inks.focus, 2)
        pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        if layout.sizes.diagrams:
            box = diagram_paths(cell.tooth, layout.scale).box.translated(cell.middle)
            margin = _GHOST_MARGIN
            box = box.adjusted(-margin, -margin, margin, margin)
            painter.drawRoundedRect(box, box.width() * 0.3, box.height() * 0.3)
        else:
            painter.drawRoundedRect(cell.column, _RADIUS, _RADIUS)

    def _changed(self, painter: QPainter, cell: Cell) -> None:
        """Draw the triangle that marks a changed tooth, in the outer corner of its column."""
        right = cell.column.right() - _BADGE - 1
        top = cell.column.top() + 1 if cell.upper else cell.column.bottom() - _BADGE - 1
        box = QRectF(right, top, _BADGE, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks.warning)
        painter.drawRoundedRect(box, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._inks.on_warning, 1.4))
        inner = box.adjusted(3.5, 3.5, -3.5, -3.5)
        tip = QPointF(inner.center().x(), inner.top())
        painter.drawPolygon([tip, inner.bottomRight(), inner.bottomLeft()])


def _within(layout: Layout, part: QRectF | None) -> Iterator[Cell]:
    """Yield the cells that are drawn in a part of the picture, all of them without one."""
    if part is None:
        yield from layout.cells
        return
    inner = part.adjusted(1, 1, -1, -1)
    for cell in layout.cells:
        if cell.column.intersects(inner):
            yield cell


@contextmanager
def _faint(painter: QPainter) -> Iterator[None]:
    """Draw at the strength of a preview inside the block."""
    before = painter.opacity()
    painter.setOpacity(before * _GHOST)
    yield
    painter.setOpacity(before)


def _future_state(cell: Cell, ghosts: tuple[ChartMark, ...]) -> ToothState:
    """Return the state a tooth would have after what is previewed: somebody has looked at it."""
    mark = _future(ghosts)
    if mark is not None:
        return STATE_CODES[mark.paint]
    unknown = cell.view.state is ToothState.NOT_EXAMINED
    return ToothState.PRESENT if ghosts and unknown else cell.view.state


def _future_detail(cell: Cell, ghosts: tuple[ChartMark, ...]) -> str:
    """Return what is said of that state."""
    mark = _future(ghosts)
    return cell.view.detail if mark is None else mark.detail


def _future(ghosts: tuple[ChartMark, ...]) -> ChartMark | None:
    for mark in ghosts:
        came_true = mark.status not in {MarkStatus.PLANNED, MarkStatus.REFERRED}
        if came_true and mark.paint in STATE_CODES:
            return mark
    return None
