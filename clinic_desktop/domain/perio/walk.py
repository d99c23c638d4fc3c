"""The way of the probe: from each cell to the next along a path, past teeth that are not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from clinic_desktop.domain.perio.columns import column_key
from clinic_desktop.domain.perio.exam import Cell, Exam
from clinic_desktop.domain.perio.rules import Leg, Measure, Path, legs
from clinic_desktop.domain.perio.sites import Site, on_screen, places
from clinic_desktop.domain.teeth.numbering import tooth


@dataclass(frozen=True)
class Walk:
    """The cells of each measure in the order of a path.

    ``teeth`` are those to be probed, ``implants`` those of them that are no teeth.
    """

    path: Path
    teeth: frozenset[int]
    implants: frozenset[int] = frozenset()

    @cached_property
    def _at(self) -> dict[tuple[bool, int], tuple[int, ...]]:
        """The teeth of each column from the patient's right: one, and extra ones beside it."""
        found: dict[tuple[bool, int], tuple[int, ...]] = {}
        for fdi in sorted(self.teeth, key=column_key):
            key = (tooth(fdi).upper, tooth(fdi).column)
            found[key] = (*found.get(key, ()), fdi)
        return found

    def _places(self, fdi: int, measure: Measure) -> tuple[int, ...]:
        return places(fdi, measure, implant=fdi in self.implants)

    @cached_property
    def sites(self) -> tuple[Cell, ...]:
        """The sites in order, as cells of the depth."""
        return tuple(
            Cell(fdi, Measure.DEPTH, site)
            for leg in legs(self.path)
            for fdi in self._along(leg)
            for site in _in_order(fdi, leg)
        )

    @cached_property
    def _orders(self) -> dict[Measure, dict[Cell, int]]:
        """Each order by cell, made when it is first asked: it is asked at every key."""
        return {}

    def _order(self, measure: Measure) -> dict[Cell, int]:
        found = self._orders.get(measure)
        if found is None:
            found = {cell: place for place, cell in enumerate(self._cells(measure))}
            self._orders[measure] = found
        return found

    def cells(self, measure: Measure) -> tuple[Cell, ...]:
        """Return the cells of a measure in order; furcations and mobility once for each tooth."""
        return tuple(self._order(measure))

    def has(self, cell: Cell) -> bool:
        """Return whether a cell is on the path."""
        return cell in self._order(cell.measure)

    def _cells(self, measure: Measure) -> Iterable[Cell]:
        if measure in (Measure.FURCATION, Measure.MOBILITY):
            return (
                Cell(fdi, measure, place)
                for fdi in self._once
                for place in self._places(fdi, measure)
            )
        return (
            Cell(cell.tooth, measure, cell.place)
            for cell in self.sites
            if cell.place in places(cell.tooth, measure)
        )

    @cached_property
    def _once(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(cell.tooth for cell in self.sites))

    def _along(self, leg: Leg) -> Iterable[int]:
        onward = leg.columns[0] < leg.columns[-1]
        for column in leg.columns:
            here = self._at.get((leg.upper, column), ())
            yield from here if onward else reversed(here)

    def after(self, cell: Cell, steps: int = 1) -> Cell | None:
        """Return the cell that many steps on (or back), None beyond either end."""
        here = self._order(cell.measure).get(cell)
        if here is None:
            return None
        order, place = self.cells(cell.measure), here + steps
        return order[place] if 0 <= place < len(order) else None

    def first(self, measure: Measure = Measure.DEPTH) -> Cell | None:
        """Return where a measure begins, None where nothing is to be probed."""
        return next(iter(self.cells(measure)), None)

    def first_blank(self, exam: Exam, measure: Measure = Measure.DEPTH) -> Cell | None:
        """Return the first cell of a measure that is still empty."""
        return next((cell for cell in self.cells(measure) if exam.value(cell) is None), None)

    def next_tooth(self, cell: Cell) -> Cell | None:
        """Return the first cell of the tooth after this one on the same face of the path."""
        order = self.cells(cell.measure)
        if cell not in order:
            return None
        rest = order[order.index(cell) + 1 :]
        return next((one for one in rest if one.tooth != cell.tooth), None)

    def same_face(self, cell: Cell) -> tuple[Cell, ...]:
        """Return this cell and those after it on the same face of the same tooth."""
        order = self.cells(cell.measure)
        found = [one for one in order[order.index(cell) :] if one.tooth == cell.tooth]
        if cell.measure in (Measure.FURCATION, Measure.MOBILITY):
            return tuple(found)
        facial = Site(cell.place).facial
        return tuple(one for one in found if Site(one.place).facial is facial)


def _in_order(fdi: int, leg: Leg) -> tuple[Site, ...]:
    sites = on_screen(fdi, facial=leg.facial)
    return sites if leg.columns[0] < leg.columns[-1] else tuple(reversed(sites))
