"""What keys do on the sheet: walk, hold and lead an appointment, act on it."""

from PySide6.QtGui import QKeyEvent

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.visit_status import KEYS as STATUS_KEYS
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.geometry import Cell, SheetGeometry
from clinic_desktop.ui.appointments.hand import Why
from clinic_desktop.ui.appointments.keys import MOVES, STEPS, WALKS, act_of
from clinic_desktop.ui.appointments.sheet import Sheet
from clinic_desktop.ui.appointments.standing import target_of
from clinic_desktop.ui.keymap.keymap import meant_key


class GridKeys:
    """Turns keys into what the sheet does; what it does not know is left to the screen."""

    def __init__(self, grid: Sheet) -> None:
        self._grid = grid

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key is for; return whether it was one of the sheet's."""
        grid = self._grid
        geometry, name = grid.geometry_of_day, act_of(grid, event)
        if geometry is None or grid.cell() is None:
            return False
        if grid.hand.drag is not None and name == "give_up":
            grid.hand.let_go(Why.GIVEN_UP)
            return True
        if grid.hand.by_keys:
            # To other days it is taken along.
            return name not in WALKS and self._lead(geometry, name)
        visit = grid.chosen()
        status = STATUS_KEYS.get(meant_key(grid, event)) if visit is not None else None
        if status is not None and not name:
            grid.acted.emit(visit, status)
            return True
        return self._walk(geometry, name) or self._act(geometry, name, visit)

    # -- while something is held --------------------------------------------------------------

    def _lead(self, geometry: SheetGeometry, name: str) -> bool:
        hand, now = self._grid.hand, self._grid.now
        if now is None:
            return True
        if name in STEPS:
            hand.step(geometry, now, *STEPS[name])
        elif name in ("stretch", "shrink"):
            hand.stretch(geometry, now, 1 if name == "stretch" else -1)
        elif name in ("enter", "hold"):
            hand.put_down()
        return True

    # -- walking ------------------------------------------------------------------------------

    def _walk(self, geometry: SheetGeometry, name: str) -> bool:
        if name in STEPS:
            self._step(geometry, *STEPS[name])
        elif name in ("first", "last"):
            cell = self._grid.cell()
            if cell is not None:
                minute = geometry.first if name == "first" else geometry.last - geometry.slot
                self._grid.go(Cell(cell.column, minute))
        elif name in ("next_visit", "previous_visit"):
            self._next(geometry, 1 if name == "next_visit" else -1)
        else:
            return False
        return True

    def _step(self, geometry: SheetGeometry, across: int, down: int) -> None:
        cell = self._grid.cell()
        if cell is None:
            return
        minute, slot = cell.minute, geometry.slot
        here = self._grid.chosen_block()
        if down and here is not None:
            minute = here.span.end if down > 0 else here.span.start - slot
        else:
            minute += down * slot
        column = min(max(cell.column + across, 0), len(geometry.columns) - 1)
        minute = min(max(geometry.snapped(minute), geometry.first), geometry.last - slot)
        self._grid.go(Cell(column, minute))

    def _next(self, geometry: SheetGeometry, step: int) -> None:
        """Choose the next appointment: down the column, then at the top of the next one."""
        cell = self._grid.cell()
        blocks = sorted(geometry.blocks, key=lambda one: (one.column, one.span, str(one.visit.id)))
        if cell is None or not blocks:
            return
        chosen = self._grid.chosen_block()
        if chosen in blocks:
            place = blocks.index(chosen) + step
        else:
            before = sum(1 for one in blocks if (one.column, one.span.start) < _place(cell))
            place = before if step > 0 else before - 1
        self._grid.choose(blocks[place % len(blocks)].visit.id)
        self._grid.tell(aloud=True)

    # -- acting -------------------------------------------------------------------------------

    def _act(self, geometry: SheetGeometry, name: str, visit: AppointmentRow | None) -> bool:
        if name in ("enter", "book"):
            if name == "book" and visit is not None:
                return False
            self.enter()
        elif visit is None:
            return False
        elif name == "hold":
            self._hold(geometry, visit)
        elif name in MOVES:
            self._move(geometry, *MOVES[name])
        elif name in ("longer", "shorter"):
            self._resize(geometry, 1 if name == "longer" else -1)
        else:
            return False
        return True

    def enter(self) -> None:
        """Open the chosen appointment, or book where there is none."""
        visit = self._grid.chosen()
        target = self._grid.target()
        if visit is not None:
            self._grid.opened.emit(visit)
        elif target is not None:
            self._grid.book_wanted.emit(target)

    def _hold(self, geometry: SheetGeometry, visit: AppointmentRow) -> None:
        grid, block = self._grid, self._grid.chosen_block()
        if block is not None and grid.now is not None:
            grid.hand.hold(geometry, grid.now, block)
            words = _(
                "{name} is held: arrows move it, Shift+arrows change its length, "
                "Enter puts it there, Esc lets it stay."
            )
            grid.hand.said.emit(words.format(name=isolate(visit.patient)))

    def _move(self, geometry: SheetGeometry, across: int, down: int) -> None:
        block = self._grid.chosen_block()
        if block is None:
            return
        number = min(max(block.column + across, 0), len(geometry.columns) - 1)
        span = block.span.moved_to(block.span.start + down * geometry.slot)
        if (number, span) != (block.column, block.span):
            target = target_of(geometry.columns[number], span, block.visit)
            self._grid.put_wanted.emit(block.visit, target)

    def _resize(self, geometry: SheetGeometry, down: int) -> None:
        block = self._grid.chosen_block()
        if block is None:
            return
        length = max(geometry.slot, block.span.length + down * geometry.slot)
        span = type(block.span)(block.span.start, block.span.start + length)
        if span != block.span:
            target = target_of(geometry.columns[block.column], span, block.visit)
            self._grid.put_wanted.emit(block.visit, target)


def _place(cell: Cell) -> tuple[int, int]:
    return cell.column, cell.minute
