"""What keys do to an exam: which cell comes next, what is written, what is taken back. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from clinic_desktop.domain.perio.entry import TEN, check
from clinic_desktop.domain.perio.exam import Cell, Exam, Value
from clinic_desktop.domain.perio.margins import MINUS, MarginSign, doubt, stored
from clinic_desktop.domain.perio.rules import Measure, Path
from clinic_desktop.domain.perio.sites import is_flag
from clinic_desktop.domain.perio.walk import Walk
from clinic_desktop.domain.perio.words import place_words
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _


class Row(StrEnum):
    """The rows that keys lead to; each is a measure."""

    DEPTH = "depth"
    MARGIN = "margin"
    MGJ = "mgj"
    FURCATION = "furcation"
    MOBILITY = "mobility"


_SITE_ROWS: Final = frozenset({Measure.DEPTH, Measure.MARGIN, Measure.MGJ})


@dataclass(frozen=True, slots=True)
class Change:
    """One cell written: what stood there and what stands there now."""

    cell: Cell
    before: Value
    value: Value


class Charting:
    """An exam under the keys. Every act returns the changes to be stored, in their order.

    ``cursor`` is the cell that the next digit fills, ``marked`` those that a flag marks: what was
    typed last, or the cursor after somebody moved it.
    """

    def __init__(
        self,
        exam: Exam,
        path: Path,
        notation: str = Notation.FDI,
        sign: MarginSign = MarginSign.PLUS,
    ) -> None:
        self.exam = exam
        self.notation = notation
        self.sign = sign
        self.three = False
        self.ten = False
        self.typed_sign = ""
        """The sign typed before a margin, as it is shown: ``+``, ``-`` or none."""
        self.at_end = False
        self.path = path
        self.walk = self._walk()
        self.cursor: Cell | None = self.walk.first_blank(exam) or self.walk.first()
        self.marked: tuple[Cell, ...] = (self.cursor,) if self.cursor else ()

    def _walk(self) -> Walk:
        probed = frozenset(one.tooth for one in self.exam.probed)
        return Walk(self.path, probed, self.exam.implants)

    # -- what is charted ------------------------------------------------------------------------

    def take(self, exam: Exam) -> None:
        """Go on with an exam that was read again; the cursor stays."""
        self.exam = exam
        self.walk = self._walk()
        if self.cursor is None or not self.walk.has(self.cursor):
            self.go(self.walk.first_blank(exam) or self.walk.first())

    def use_path(self, path: Path) -> None:
        """Go around the mouth another way from here on."""
        self.path = path
        self.walk = self._walk()

    def go(self, cell: Cell | None) -> None:
        """Put the cursor on a cell, as an arrow or a finger does."""
        self.cursor, self.at_end = cell, False
        self._plain()
        self.marked = (cell,) if cell is not None and cell.measure in _SITE_ROWS else ()

    def _plain(self) -> None:
        """Let the next digit mean itself again."""
        self.ten, self.typed_sign = False, ""

    # -- keys before a digit --------------------------------------------------------------------

    def plus(self) -> None:
        """Add 10 to the next digit; where a margin coronal to the CEJ is +, say that first."""
        margin = self.cursor is not None and self.cursor.measure is Measure.MARGIN
        turned = margin and self.sign is MarginSign.MINUS
        if turned and not self.ten and not self.typed_sign:
            self.typed_sign = "+"
            return
        if self.typed_sign == "+":
            self.typed_sign = ""
        self.ten = not self.ten

    def minus(self) -> None:
        """Give the next margin a minus, or take it away. Raises InvalidError in other rows."""
        if self.cursor is None or self.cursor.measure is not Measure.MARGIN:
            raise InvalidError(_("Minus is for the margin: M leads to its row."), field="cell")
        self.typed_sign = "" if self.typed_sign == "-" else "-"

    @property
    def pending(self) -> str:
        """What was typed of a value that is not whole yet."""
        sign = MINUS if self.typed_sign == "-" else self.typed_sign
        return f"{sign}1" if self.ten else sign

    def doubts(self, cells: Iterable[Cell]) -> str:
        """Return why the margin of one of these sites may have the wrong sign."""
        said = (
            doubt(place_words(one, self.notation), self.exam.teeth[one.tooth], one.place)
            for one in cells
            if one.measure in (Measure.DEPTH, Measure.MARGIN)
        )
        return next((words for words in said if words), "")

    def resume(self, cell: Cell | None) -> None:
        """Go on where somebody stopped; flags mark what was typed before."""
        wanted = cell if cell is not None and self.walk.has(cell) else None
        self.go(wanted or self.walk.first_blank(self.exam) or self.walk.first())
        before = self.walk.after(self.cursor, -1) if self.cursor is not None else None
        if wanted is not None and before is not None and before.measure in _SITE_ROWS:
            self.marked = (before,)

    # -- keys that write ------------------------------------------------------------------------

    def digit(self, number: int) -> tuple[Change, ...]:
        """Fill the cell, or with three at once the rest of the face, and go on.

        Raises InvalidError for what the cell cannot hold; nothing is written then.
        """
        cell = self._here()
        value = number + (TEN if self.ten else 0)
        if cell.measure is Measure.MARGIN:
            value = stored(value, self.typed_sign, self.sign)
        whole_face = self.three and cell.measure in _SITE_ROWS
        cells = self.walk.same_face(cell) if whole_face else (cell,)
        try:
            for one in cells:
                check(one, value, self.notation)
        finally:
            self._plain()
        changes = tuple(self._put(one, value) for one in cells)
        if cell.measure in _SITE_ROWS:
            self.marked = cells
        self._on(cells[-1])
        return changes

    def run(self, depths: tuple[int, ...]) -> tuple[Change, ...]:
        """Fill as many cells in order as there are depths."""
        before, self.three = self.three, False
        try:
            return tuple(change for depth in depths for change in self._one(depth))
        finally:
            self.three = before

    def _one(self, depth: int) -> tuple[Change, ...]:
        self.ten = depth >= TEN
        return self.digit(depth % TEN)

    def flag(self, measure: Measure) -> tuple[Change, ...]:
        """Mark what was typed last, or take the mark away from it."""
        if not self.marked:
            raise InvalidError(
                _("Nothing was probed yet that could be marked. Type a depth first."), field="cell"
            )
        cells = [Cell(one.tooth, measure, one.place) for one in self.marked]
        wanted = not all(self.exam.value(one) for one in cells)
        return tuple(
            self._put(one, wanted) for one in cells if bool(self.exam.value(one)) is not wanted
        )

    def back(self) -> tuple[Change, ...]:
        """Go back to what was typed last and empty it: three cells with three at once."""
        if self.pending:
            self._plain()
            return ()
        cell = self.cursor
        if cell is None:
            return ()
        before = cell if self.at_end else self.walk.after(cell, -1)
        if before is None:
            raise InvalidError(_("This is the first site."), field="cell")
        cells: tuple[Cell, ...] = (before,)
        if self.three and before.measure in _SITE_ROWS:
            cells = self._face_until(before)
        changes = tuple(
            self._put(one, None) for one in reversed(cells) if self.exam.value(one) is not None
        )
        self.go(cells[0])
        return changes

    def _face_until(self, last: Cell) -> tuple[Cell, ...]:
        """Return the cells of a face up to this one."""
        cells = [last]
        while (before := self.walk.after(cells[0], -1)) is not None and self.walk.same_face(before)[
            -1
        ] == self.walk.same_face(last)[-1]:
            cells.insert(0, before)
        return tuple(cells)

    def clear(self) -> tuple[Change, ...]:
        """Empty the cell under the cursor with its marks, and stay."""
        cell = self.cursor
        if cell is None:
            return ()
        changes = []
        if self.exam.value(cell) is not None:
            changes.append(self._put(cell, None))
        if cell.measure is Measure.DEPTH:
            marks = [Cell(cell.tooth, flag, cell.place) for flag in Measure if is_flag(flag)]
            changes += [self._put(one, False) for one in marks if self.exam.value(one)]
        return tuple(changes)

    def _put(self, cell: Cell, value: Value) -> Change:
        before = self.exam.value(cell)
        self.exam = self.exam.with_value(cell, value)
        return Change(cell, before, value)

    def _here(self) -> Cell:
        if self.cursor is None:
            raise InvalidError(_("There is no tooth to probe here."), field="cell")
        if self.at_end:
            raise InvalidError(
                _("That was the last site. Arrows go back to one, Backspace takes it out."),
                field="cell",
            )
        return self.cursor

    def _on(self, cell: Cell) -> None:
        following = self.walk.after(cell)
        self.cursor, self.at_end = following or cell, following is None

    # -- keys that lead elsewhere ---------------------------------------------------------------

    def step(self, steps: int) -> None:
        """Go along the path without writing."""
        if self.cursor is None:
            return
        if self.at_end and steps < 0:
            self.go(self.cursor)
            return
        found = self.walk.after(self.cursor, steps)
        if found is not None:
            self.go(found)

    def skip_tooth(self) -> None:
        """Go on with the next tooth of the path."""
        if self.cursor is None:
            return
        found = self.walk.next_tooth(self.cursor)
        if found is None:
            raise InvalidError(_("That was the last tooth of the path."), field="cell")
        self.go(found)

    def use_row(self, row: Row) -> None:
        """Go to another row at the same place; its key again leads back to the depths."""
        cell = self.cursor
        if cell is None:
            return
        wanted = Measure(row.value)
        if cell.measure is wanted:
            wanted = Measure.DEPTH
        kept = self.marked
        self.go(self._in_row(cell, wanted))
        if wanted in _SITE_ROWS and cell.measure in _SITE_ROWS:
            self.marked = tuple(replace(one, measure=wanted) for one in kept) or self.marked

    def _in_row(self, cell: Cell, wanted: Measure) -> Cell | None:
        """Return the cell of a row nearest to where somebody is: at the site, the tooth, or on."""
        same_kind = (wanted in _SITE_ROWS) == (cell.measure in _SITE_ROWS)
        here = Cell(cell.tooth, wanted, cell.place if same_kind else 0)
        cells = self.walk.cells(wanted)
        if same_kind and here in cells:
            return here
        on_tooth = [one for one in cells if one.tooth == cell.tooth]
        if on_tooth:
            return on_tooth[0]
        order = [one.tooth for one in self.walk.sites]
        place = order.index(cell.tooth) if cell.tooth in order else 0
        ahead = dict.fromkeys((*order[place:], *order[:place]))
        found = (one for fdi in ahead for one in cells if one.tooth == fdi)
        return next(found, cell)
