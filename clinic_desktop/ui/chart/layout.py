"""Where each tooth, diagram and number of the chart stands for the room there is."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

from clinic_desktop.domain.teeth.arrangement import Column, Heights, Place, arrange, heights
from clinic_desktop.domain.teeth.chart import ToothChart, ToothView
from clinic_desktop.domain.teeth.numbering import Species, tooth
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
    """The measures of one kind of chart: px/mm from least to most, and what does not scale.

    ``usual`` is the smallest scale at which teeth keep their gaps and margins; in a narrower room
    both give way first, then the scale, down to ``least``: nobody scrolls sideways in a mouth.
    """

    least: float
    usual: float
    most: float
    tight_gap: float
    gap: float
    widest_gap: float
    tight_margin_x: float
    margin_x: float
    margin_y: float
    diagrams: bool
    least_column: float = 0.0
    """The pixels that a number takes, however narrow its tooth is."""

    @property
    def fixed_height(self) -> float:
        """The pixels that do not grow with the teeth."""
        return 2 * (self.margin_y + (_LINES if self.diagrams else 0.0))

    def jaw_height(self, jaw: Heights) -> float:
        """Return the mm of one jaw from the tip of the roots to the midline."""
        return jaw.root + jaw.crown + (jaw.depth * _DEPTH if self.diagrams else 0.0)


FULL: Final = Sizes(
    least=2.8, usual=4.6, most=11.0, tight_gap=3.0, gap=8.0, widest_gap=16.0,
    tight_margin_x=20.0, margin_x=28.0, margin_y=10.0, diagrams=True,
)  # fmt: skip
# The numbers of an animal's teeth have three figures, which are wider than its front teeth.
CAT: Final = replace(FULL, least_column=21.0)
# A dog has 42 teeth, some of them large: all of them are to be seen beside the list.
LONG: Final = replace(CAT, least=1.9, usual=3.3)
MINI: Final = Sizes(
    least=2.2, usual=2.2, most=6.0, tight_gap=2.0, gap=2.0, widest_gap=5.0,
    tight_margin_x=4.0, margin_x=4.0, margin_y=4.0, diagrams=False,
)  # fmt: skip


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
    """Return the measures of a chart with diagrams for these teeth."""
    if len(arrange(chart)) > _LONGEST:
        return LONG
    of_people = all(tooth(view.tooth).species is Species.HUMAN for view in chart.teeth)
    return FULL if of_people else CAT


def size_at(chart: ToothChart, sizes: Sizes, scale: float) -> QSizeF:
    """Return the room the chart needs at this scale; below the usual one gaps are tight."""
    mouth = _Mouth.of(chart, sizes)
    tight = scale < sizes.usual
    gap, margin = (sizes.tight_gap, sizes.tight_margin_x) if tight else (sizes.gap, sizes.margin_x)
    return QSizeF(
        mouth.spread(scale) + gap * mouth.gaps + 2 * margin,
        mouth.tall * scale + sizes.fixed_height,
    )


def least_height(chart: ToothChart, sizes: Sizes, width: float, sight: float) -> float:
    """Return how high the picture is at least in a width of which ``sight`` is seen at once.

    Teeth get smaller than usual where the whole mouth is then seen at once; where it has to be
    scrolled anyway they stay as large as usual, if the width allows it.
    """
    mouth = _Mouth.of(chart, sizes)
    scale = min(sizes.usual, mouth.across(width))
    down = mouth.down(sight)
    if down >= sizes.least:
        scale = min(scale, down)
    return mouth.tall * max(sizes.least, _step(scale)) + sizes.fixed_height


def lay_out(chart: ToothChart, sizes: Sizes, room: QSizeF) -> Layout:
    """Place the teeth as large as the room and the scale's limits allow, in its middle."""
    mouth = _Mouth.of(chart, sizes)
    fitting = min(mouth.across(room.width()), mouth.down(room.height()))
    scale = max(sizes.least, min(sizes.most, _step(fitting)))
    gaps, wide = max(1, mouth.gaps), mouth.spread(scale)
    usual = (room.width() - 2 * sizes.margin_x - wide) / gaps
    tight = (room.width() - 2 * sizes.tight_margin_x - wide) / gaps
    # With less than the usual gap between teeth the margins give way as well.
    gap = min(sizes.widest_gap, usual) if usual >= sizes.gap else min(sizes.gap, tight)
    gap = max(sizes.tight_gap, gap)
    left = max(sizes.tight_margin_x, (room.width() - wide - mouth.gaps * gap) / 2)
    free = room.height() - sizes.fixed_height - mouth.tall * scale
    midline = max(0.0, free / 2) + sizes.fixed_height / 2
    midline += sizes.jaw_height(mouth.upper) * scale
    picture = _Picture(sizes, scale, gap, left, midline, mouth.upper, mouth.lower)
    return picture.laid_out(mouth.columns)


def _step(scale: float) -> float:
    """Return a scale in steps of a twentieth: a window being resized needs few paths."""
    return int(scale * 20) / 20


@dataclass(frozen=True, slots=True)
class _Mouth:
    """What a chart measures in mm, and which scales fit into a room."""

    sizes: Sizes
    columns: tuple[Column, ...]
    upper: Heights
    lower: Heights

    @classmethod
    def of(cls, chart: ToothChart, sizes: Sizes) -> "_Mouth":
        columns = arrange(chart)
        upper, lower = (heights(columns, upper=jaw) for jaw in (True, False))
        return cls(sizes, columns, upper, lower)

    def spread(self, scale: float) -> float:
        """Return the pixels of all columns at a scale."""
        least = self.sizes.least_column
        return sum(max(column.width * scale, least) for column in self.columns) or 1.0

    def _filling(self, room: float) -> float:
        """Return the scale at which the columns fill a width; narrow ones keep their least."""
        least, widths = self.sizes.least_column, [column.width for column in self.columns]
        scale = room / (sum(widths) or 1.0)
        for _more in widths:
            wider = [width for width in widths if width * scale > least]
            now = (room - least * (len(widths) - len(wider))) / (sum(wider) or 1.0)
            if not wider or now >= scale:
                break
            scale = now
        return scale

    @property
    def tall(self) -> float:
        return self.sizes.jaw_height(self.upper) + self.sizes.jaw_height(self.lower) or 1.0

    @property
    def gaps(self) -> int:
        return max(0, len(self.columns) - 1)

    def across(self, width: float) -> float:
        """Return the scale that fills a width, with tight gaps below the usual scale."""
        sizes = self.sizes
        usual = self._filling(width - 2 * sizes.margin_x - self.gaps * sizes.gap)
        tight = self._filling(width - 2 * sizes.tight_margin_x - self.gaps * sizes.tight_gap)
        return usual if usual >= sizes.usual else min(sizes.usual, tight)

    def down(self, height: float) -> float:
        """Return the scale that fills a height."""
        return (height - self.sizes.fixed_height) / self.tall


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
            width = max(column.width * self.scale, self.sizes.least_column)
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
