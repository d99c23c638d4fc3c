"""Where each tooth, diagram and number of the chart stands for the room there is."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

from clinic_desktop.domain.teeth.arrangement import Column, Heights, Place, arrange, heights
from clinic_desktop.domain.teeth.chart import ToothChart, ToothView
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.ui.chart.tooth_paths import DiagramPaths, diagram_paths

_NUMBER: Final = 20.0
_NEAR_MIDLINE: Final = 3.0
_BESIDE_NUMBER: Final = 5.0
_BESIDE_CROWN: Final = 10.0
# Pixels between diagrams and midline, and around them; they do not grow with the teeth.
_LINES: Final = _NUMBER + _NEAR_MIDLINE + _BESIDE_NUMBER + _BESIDE_CROWN
# A diagram is less deep than the tooth it stands for; see the geometry.
_DEPTH: Final = 0.78
_COLUMN_EDGE: Final = 3.0
_LONGEST: Final = 18


@dataclass(frozen=True, slots=True)
class Sizes:
    """The measures of one kind of chart: px/mm from least to most, and what does not scale."""

    least: float
    most: float
    gap: float
    widest_gap: float
    margin_x: float
    margin_y: float
    diagrams: bool

    @property
    def fixed_height(self) -> float:
        """The pixels that do not grow with the teeth."""
        return 2 * (self.margin_y + (_LINES if self.diagrams else 0.0))

    def jaw_height(self, jaw: Heights) -> float:
        """Return the mm of one jaw from the tip of the roots to the midline."""
        return jaw.root + jaw.crown + (jaw.depth * _DEPTH if self.diagrams else 0.0)


FULL: Final = Sizes(4.6, 11.0, 8.0, 16.0, 28.0, 10.0, diagrams=True)
# A dog has 42 teeth, some of them large: all of them are to be seen beside the list.
LONG: Final = replace(FULL, least=3.3)
MINI: Final = Sizes(2.2, 6.0, 2.0, 5.0, 4.0, 4.0, diagrams=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One tooth on the screen: its column, the middle of its neck, of its diagram, its number."""

    view: ToothView
    behind: ToothView | None
    upper: bool
    column: QRectF
    neck: QPointF
    middle: QPointF
    number: QRectF

    @property
    def tooth(self) -> int:
        """The number of the tooth in front."""
        return self.view.tooth


@dataclass(frozen=True)
class Layout:
    """The whole picture at one size; cells run from the patient's right, upper jaw first."""

    scale: float
    sizes: Sizes
    cells: tuple[Cell, ...]
    midline: QPointF
    left: float
    right: float
    top: float = 0.0
    bottom: float = 0.0

    @cached_property
    def by_tooth(self) -> dict[int, Cell]:
        """The cells by the number of the tooth in front."""
        return {cell.tooth: cell for cell in self.cells}

    def cell_at(self, point: QPointF) -> Cell | None:
        """Return the cell whose column holds the point."""
        return next((cell for cell in self.cells if cell.column.contains(point)), None)

    def face_at(self, cell: Cell, point: QPointF) -> str:
        """Return the surface of the diagram at the point, or an empty text."""
        if not self.sizes.diagrams:
            return ""
        faces = diagram_paths(cell.tooth, self.scale).faces
        inside = point - cell.middle
        return next((code for code, face in faces.items() if face.contains(inside)), "")


def face_towards(paths: DiagramPaths, here: str, right: int, down: int) -> str:
    """Return the face that lies that way: from the rim the way back leads to the middle first."""
    middle = next((code for code in "OI" if code in paths.faces), "")
    rim = {code: at for code, at in paths.middles.items() if code != middle}
    if here in rim:
        at = rim[here]
        away = at.x() * right + at.y() * down
        if away < -max(abs(at.x()), abs(at.y())) / 2:
            return middle
    return max(rim, key=lambda code: rim[code].x() * right + rim[code].y() * down)


def sizes_for(chart: ToothChart) -> Sizes:
    """Return the measures of a chart with diagrams for this many teeth."""
    return LONG if len(arrange(chart)) > _LONGEST else FULL


def size_at(chart: ToothChart, sizes: Sizes, scale: float) -> QSizeF:
    """Return the room the chart needs at this scale."""
    columns = arrange(chart)
    tall = sum(sizes.jaw_height(heights(columns, upper=upper)) for upper in (True, False))
    wide = sum(column.width for column in columns)
    gaps = sizes.gap * max(0, len(columns) - 1)
    return QSizeF(wide * scale + gaps + 2 * sizes.margin_x, tall * scale + sizes.fixed_height)


def lay_out(chart: ToothChart, sizes: Sizes, room: QSizeF) -> Layout:
    """Place the teeth as large as the room and the scale's limits allow, in its middle."""
    columns = arrange(chart)
    upper, lower = (heights(columns, upper=jaw) for jaw in (True, False))
    wide = sum(column.width for column in columns) or 1.0
    tall = sizes.jaw_height(upper) + sizes.jaw_height(lower) or 1.0
    gaps = max(1, len(columns) - 1)
    free = QSizeF(room.width() - 2 * sizes.margin_x, room.height() - sizes.fixed_height)
    fitting = min((free.width() - gaps * sizes.gap) / wide, free.height() / tall)
    # In steps of a twentieth, so that a window being resized needs few paths.
    scale = max(sizes.least, min(sizes.most, int(fitting * 20) / 20))
    gap = max(sizes.gap, min(sizes.widest_gap, (free.width() - wide * scale) / gaps))
    left = max(sizes.margin_x, (room.width() - wide * scale - (len(columns) - 1) * gap) / 2)
    top = max(0.0, (free.height() - tall * scale) / 2)
    midline = top + sizes.fixed_height / 2 + sizes.jaw_height(upper) * scale
    return _Picture(sizes, scale, gap, left, midline, upper, lower).laid_out(columns)


@dataclass(frozen=True, slots=True)
class _Picture:
    """What all cells of one layout share."""

    sizes: Sizes
    scale: float
    gap: float
    left: float
    midline: float
    upper: Heights
    lower: Heights

    def laid_out(self, columns: tuple[Column, ...]) -> Layout:
        cells: list[Cell] = []
        x = middle = self.left
        for column in columns:
            width = column.width * self.scale
            for place, upper in ((column.upper, True), (column.lower, False)):
                if place is not None:
                    cells.append(self._cell(place, x, width, upper=upper))
                    if tooth(place.front.tooth).right:
                        middle = x + width + self.gap / 2
            x += width + self.gap
        return Layout(
            scale=self.scale,
            sizes=self.sizes,
            cells=tuple(sorted(cells, key=lambda cell: not cell.upper)),
            midline=QPointF(middle, self.midline),
            left=self.left,
            right=x - self.gap,
            top=min((cell.column.top() for cell in cells), default=0.0),
            bottom=max((cell.column.bottom() for cell in cells), default=0.0),
        )

    def _cell(self, place: Place, x: float, width: float, *, upper: bool) -> Cell:
        """Stack number, diagram, crown and root from the midline outwards."""
        jaw, away = (self.upper, -1.0) if upper else (self.lower, 1.0)
        centre, at = x + width / 2, self.midline
        number, depth = QRectF(), 0.0
        if self.sizes.diagrams:
            at += away * _NEAR_MIDLINE
            number = _between(x - self.gap / 2, x + width + self.gap / 2, at, at + away * _NUMBER)
            depth = jaw.depth * _DEPTH * self.scale
            at += away * (_NUMBER + _BESIDE_NUMBER)
        middle = QPointF(centre, at + away * depth / 2)
        at += away * (depth + (_BESIDE_CROWN if self.sizes.diagrams else 0.0))
        neck = QPointF(centre, at + away * jaw.crown * self.scale)
        edge = neck.y() + away * (jaw.root * self.scale + self.sizes.margin_y * 0.7)
        spread = self.gap / 2 - min(1.0, self.gap / 4)
        column = _between(x - spread, x + width + spread, self.midline + away * _COLUMN_EDGE, edge)
        return Cell(place.front, place.behind, upper, column, neck, middle, number)


def _between(left: float, right: float, one_y: float, other_y: float) -> QRectF:
    """Return the rectangle between two heights given in any order."""
    return QRectF(QPointF(left, min(one_y, other_y)), QPointF(right, max(one_y, other_y)))
