"""Where everything of the grid stands: columns of teeth, rows of both jaws, one scale in mm."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF

from clinic_desktop.domain.perio.columns import Columns, columns_of
from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import OF_TEETH, Furca, junctions, on_screen, places
from clinic_desktop.domain.teeth.anatomy import anatomy
from clinic_desktop.domain.teeth.numbering import tooth

_JAW_GAP: Final = 14.0
_TOP: Final = 6.0
_MOST_SCALE: Final = 8.0
_LEAST_SCALE: Final = 3.4
_TALLEST_ROOT, _TALLEST_CROWN = 17.0, 10.5
_WIDEST: Final = 11.4
_ABOVE_ROOT: Final = 3.0
_RIGHT: Final = 8.0
_LEAST_SITE: Final = 12.0


class Kind(StrEnum):
    """The kinds of rows."""

    DEPTH = "depth"
    MARGIN = "margin"
    MGJ = "mgj"
    MARKS = "marks"
    LOSS = "loss"
    FURCATION = "furcation"
    MOBILITY = "mobility"
    NUMBER = "number"
    GRAPH = "graph"


MEASURED: Final = {
    Kind.DEPTH: Measure.DEPTH,
    Kind.MARGIN: Measure.MARGIN,
    Kind.MGJ: Measure.MGJ,
    Kind.FURCATION: Measure.FURCATION,
    Kind.MOBILITY: Measure.MOBILITY,
}


class Line(NamedTuple):
    """A row of the grid: what it shows, of which jaw and face, and its place from top to bottom."""

    kind: Kind
    upper: bool
    facial: bool
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Measures in pixels that follow the density."""

    row: float = 17.0
    number: float = 22.0
    gutter: float = 98.0
    site: float = 15.0
    turn: float = 30.0
    """The button that turns to the other half of the mouth, where one half is shown at a time."""

    def least_width(self, columns: int) -> float:
        """Return the narrowest in which the whole mouth is shown."""
        return self.gutter + columns * 3 * self.site + _RIGHT


def _kinds(*, junctions_shown: bool) -> tuple[tuple[Kind, bool, bool], ...]:
    """Return the rows of both jaws in order; the lower jaw mirrors the upper one."""
    mgj = (Kind.MGJ,) if junctions_shown else ()
    facial = (*mgj, Kind.LOSS, Kind.DEPTH, Kind.MARGIN, Kind.MARKS)
    oral = (Kind.DEPTH, Kind.MARGIN, Kind.MARKS, Kind.LOSS)
    below = (Kind.FURCATION, Kind.MOBILITY)
    upper = [
        *((kind, True, True) for kind in facial),
        (Kind.GRAPH, True, True),
        (Kind.NUMBER, True, True),
        *((kind, True, False) for kind in (*oral, *below)),
    ]
    lower = [
        *((kind, False, False) for kind in (Kind.MOBILITY, Kind.FURCATION, *mgj, Kind.LOSS)),
        *((kind, False, False) for kind in (Kind.DEPTH, Kind.MARGIN, Kind.MARKS)),
        (Kind.NUMBER, False, True),
        (Kind.GRAPH, False, True),
        *((kind, False, True) for kind in reversed(facial)),
    ]
    return (*upper, *lower)


@dataclass(frozen=True)
class PerioLayout:
    """The picture at one size; ``teeth`` stand by jaw and column, counted from 1.

    With ``halves`` one half of the mouth is as wide as the room, and the view turns from one to
    the other at the midline: figures stay readable and nobody scrolls sideways.
    """

    teeth: dict[tuple[bool, int], int]
    arch: Columns
    implants: frozenset[int]
    lines: tuple[Line, ...]
    sizes: Sizes
    scale: float
    column_width: float
    size: QSizeF
    halves: bool = False

    @property
    def turned(self) -> float:
        """How far the picture is moved to the left to show the patient's left half."""
        return self.arch.middle * self.column_width if self.halves else 0.0

    def is_left(self, fdi: int) -> bool:
        """Return whether a tooth stands in the patient's left half."""
        return self.arch.places[fdi] > self.arch.middle

    def outermost(self, *, upper: bool, left: bool) -> tuple[int, int] | None:
        """Return the first and last tooth of a half jaw from left to right, None without any."""
        found = sorted(
            (place, fdi)
            for (jaw, place), fdi in self.teeth.items()
            if jaw is upper and (place > self.arch.middle) is left
        )
        return (found[0][1], found[-1][1]) if found else None

    def column(self, fdi: int) -> QRectF:
        """Return the column of a tooth over the height of its jaw."""
        return self.columns[fdi]

    @cached_property
    def columns(self) -> dict[int, QRectF]:
        """The columns by tooth."""
        return {fdi: self._column(fdi) for fdi in self.teeth.values()}

    def _column(self, fdi: int) -> QRectF:
        found = tooth(fdi)
        lines = [line for line in self.lines if line.upper is found.upper]
        left = self.sizes.gutter + (self.arch.places[fdi] - 1) * self.column_width
        top = lines[0].top
        return QRectF(left, top, self.column_width, lines[-1].top + lines[-1].height - top)

    def line(self, kind: Kind, *, upper: bool, facial: bool = True) -> Line | None:
        """Return a row of a jaw; the tooth's own rows are on no face."""
        return next(
            (
                one
                for one in self.lines
                if one.kind is kind
                and one.upper is upper
                and (one.facial is facial or kind in (Kind.FURCATION, Kind.MOBILITY))
            ),
            None,
        )

    def neck(self, fdi: int) -> QPointF:
        """Return the middle of the tooth's cemento-enamel junction."""
        found = tooth(fdi)
        line = self.line(Kind.GRAPH, upper=found.upper)
        assert line is not None  # noqa: S101 - every jaw has a graph
        root = (_TALLEST_ROOT + _ABOVE_ROOT) * self.scale
        y = line.top + root if found.upper else line.top + line.height - root
        return QPointF(self.column(fdi).center().x(), y)

    def site_x(self, fdi: int, site: int) -> float:
        """Return where a site stands on the graph: over the flanks and the middle of the tooth."""
        order = on_screen(fdi, facial=site <= 2).index(site)
        half = anatomy(fdi).width * self.scale * 0.44
        return self.column(fdi).center().x() + (order - 1) * half

    # -- cells ----------------------------------------------------------------------------------

    def rect(self, cell: Cell) -> QRectF:
        """Return the box of a cell, empty where its row is not shown."""
        found = self.rects.get(cell)
        return found if found is not None else self._rect(cell)

    @cached_property
    def rects(self) -> dict[Cell, QRectF]:
        """The boxes of all cells, made once for a size."""
        return {cell: self._rect(cell) for cell in self.cells}

    @cached_property
    def furcations_of(self) -> dict[int, tuple[Cell, ...]]:
        """The furcations of each tooth that has any."""
        found: dict[int, tuple[Cell, ...]] = {}
        for cell in self.cells:
            if cell.measure is Measure.FURCATION:
                found[cell.tooth] = (*found.get(cell.tooth, ()), cell)
        return found

    @cached_property
    def places(self) -> dict[Cell, int]:
        """The place of each cell in the order in which they are read out."""
        return {cell: place for place, cell in enumerate(self.cells)}

    def _rect(self, cell: Cell) -> QRectF:
        found = tooth(cell.tooth)
        kind = Kind(cell.measure.value) if cell.measure.value in set(Kind) else Kind.MARKS
        facial = cell.measure in (Measure.FURCATION, Measure.MOBILITY) or cell.place <= 2
        line = self.line(kind, upper=found.upper, facial=facial)
        if line is None:
            return QRectF()
        column = self.column(cell.tooth)
        if cell.measure is Measure.MOBILITY:
            return QRectF(column.left(), line.top, column.width(), line.height)
        order: tuple[int, ...] = self._order(cell.tooth, cell.measure, facial=facial)
        if cell.place not in order:
            return QRectF()
        width = column.width() / len(order)
        left = column.left() + order.index(cell.place) * width
        return QRectF(left, line.top, width, line.height)

    def _order(self, fdi: int, measure: Measure, *, facial: bool) -> tuple[int, ...]:
        if measure is not Measure.FURCATION:
            return on_screen(fdi, facial=facial)
        there = places(fdi, measure, implant=fdi in self.implants)
        across = (Furca.D, Furca.B, Furca.L, Furca.M)
        order = across if tooth(fdi).right else tuple(reversed(across))
        return tuple(one for one in order if one in there)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell from top to bottom, left to right: the order in which they are read out."""
        return tuple(self._cells())

    def _cells(self) -> Iterable[Cell]:
        for line in self.lines:
            measure = MEASURED.get(line.kind)
            if measure is None:
                continue
            for column in range(1, self.arch.count + 1):
                fdi = self.teeth.get((line.upper, column))
                if fdi is None or (measure in OF_TEETH and fdi in self.implants):
                    continue
                if measure is Measure.MOBILITY:
                    yield Cell(fdi, measure)
                    continue
                for place in self._order(fdi, measure, facial=line.facial):
                    if measure is not Measure.MGJ or place in junctions(fdi):
                        yield Cell(fdi, measure, place)

    def cell_at(self, point: QPointF) -> Cell | None:
        """Return the cell under a point; a mark leads to the depth of its site."""
        column = int((point.x() - self.sizes.gutter) // self.column_width) + 1
        line = next(
            (one for one in self.lines if one.top <= point.y() < one.top + one.height), None
        )
        fdi = self.teeth.get((line.upper, column)) if line is not None else None
        if line is None or fdi is None or point.x() < self.sizes.gutter:
            return None
        measure = MEASURED.get(line.kind, Measure.DEPTH)
        box = self.column(fdi)
        if measure in OF_TEETH and fdi in self.implants:
            return None
        if measure is Measure.MOBILITY:
            return Cell(fdi, measure)
        facial = line.facial
        order = self._order(fdi, measure, facial=facial)
        if not order:
            return None
        place = order[
            min(int((point.x() - box.left()) / (box.width() / len(order))), len(order) - 1)
        ]
        if measure is Measure.MGJ and place not in junctions(fdi):
            return None
        return Cell(fdi, measure, place)

    def beside(self, cell: Cell, across: int, down: int) -> Cell | None:
        """Return the neighbour of a cell on the screen, past what is not there."""
        here = self.rect(cell)
        top, middle = here.top(), here.center().x()
        if across:
            row = [one for one, at, _left, _right in self._edges if abs(at - top) < 1]
            place = row.index(cell) + across if cell in row else -1
            return row[place] if 0 <= place < len(row) else None
        later = [
            (abs(at - top), place)
            for place, (_one, at, left, right) in enumerate(self._edges)
            if (at - top) * down > 1 and left - 1 <= middle <= right + 1
        ]
        return self.cells[min(later)[1]] if later else None

    @cached_property
    def _edges(self) -> tuple[tuple[Cell, float, float, float], ...]:
        """Every cell with its top, left and right: an arrow looks at all of them."""
        boxes = ((cell, self.rect(cell)) for cell in self.cells)
        return tuple((cell, box.top(), box.left(), box.right()) for cell, box in boxes)


def lay_out(
    teeth: Iterable[int],
    room: QSizeF,
    sizes: Sizes,
    *,
    junctions_shown: bool,
    implants: frozenset[int] = frozenset(),
) -> PerioLayout:
    """Place the grid in a room: teeth as large as width and height allow, never below readable."""
    arch = columns_of(teeth)
    halves = room.width() < sizes.least_width(arch.count)
    seen = max(arch.middle, arch.count - arch.middle) if halves else arch.count
    column = max((room.width() - sizes.gutter - _RIGHT) / seen, 3 * _LEAST_SITE)
    width = sizes.gutter + (arch.middle + seen if halves else seen) * column + _RIGHT
    if halves:
        sizes = replace(sizes, number=max(sizes.number, sizes.turn))
    kinds = _kinds(junctions_shown=junctions_shown)
    fixed = 2 * _TOP + _JAW_GAP + sum(
        sizes.number if kind is Kind.NUMBER else 0 if kind is Kind.GRAPH else sizes.row
        for kind, _upper, _facial in kinds
    )  # fmt: skip
    tall = _TALLEST_ROOT + _ABOVE_ROOT + _TALLEST_CROWN
    fitting = min((column - 4) / _WIDEST, (room.height() - fixed) / (2 * tall))
    scale = max(_LEAST_SCALE, min(_MOST_SCALE, int(fitting * 20) / 20))
    made = _made(arch, implants, kinds, sizes, scale, tall, column, width)
    return replace(made, halves=halves)


def _made(
    arch: Columns,
    implants: frozenset[int],
    kinds: tuple[tuple[Kind, bool, bool], ...],
    sizes: Sizes,
    scale: float,
    tall: float,
    column: float,
    width: float,
) -> PerioLayout:
    lines, y, before = [], _TOP, True
    for kind, upper, facial in kinds:
        if before and not upper:
            y += _JAW_GAP
        before = upper
        height = sizes.row
        if kind is Kind.NUMBER:
            height = sizes.number
        elif kind is Kind.GRAPH:
            height = tall * scale
        lines.append(Line(kind, upper, facial, y, height))
        y += height
    stand = {(tooth(fdi).upper, place): fdi for fdi, place in arch.places.items()}
    size = QSizeF(width, y + _TOP)
    return PerioLayout(stand, arch, implants, tuple(lines), sizes, scale, column, size)
