"""Goes through the clinic for pairs that may be one person, a step at a time."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.services import patients
from clinic_desktop.services.patients.pairs import BLOCKS
from clinic_desktop.services.patients.schemas import DuplicatePair, PairPage, PairPlace
from clinic_desktop.ui.desk import Desk

Key = tuple[UUID, UUID]
ALL_STEPS: Final = 1_000_000


class PairSearch(QObject):
    """Holds what was found so far, the likeliest first; ``changed`` is told after each step."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._found: dict[Key, DuplicatePair] = {}
        self._gone: set[Key] = set()
        self._place: PairPlace | None = None
        self._steps = 0
        self._run = 0
        self.skipped = 0
        self.running = False
        self.complete = False

    def start(self, steps: int = ALL_STEPS) -> None:
        """Begin from the start; ``steps`` at most are gone."""
        self._found, self._gone, self._place = {}, set(), None
        self._steps, self.skipped = steps, 0
        self.running, self.complete = True, False
        self._run += 1
        self._step()

    def stop(self) -> None:
        """Go no further; what was found stays."""
        self.running = False
        self._run += 1
        self.changed.emit()

    def pairs(self) -> tuple[DuplicatePair, ...]:
        """Return what was found so far, the likeliest first."""
        kept = (pair for key, pair in self._found.items() if key not in self._gone)
        return tuple(sorted(kept, key=lambda pair: (-pair.score, pair.first.name, pair.key)))

    def part(self) -> tuple[int, int]:
        """Return which of how many keys is being compared."""
        block = self._place.block if self._place is not None else BLOCKS[0]
        return (BLOCKS.index(block) if self.running else len(BLOCKS)), len(BLOCKS)

    def leave_out(self, key: Key) -> None:
        """Show a pair no more."""
        self._gone.add(key)
        self.changed.emit()

    def take_in(self, key: Key) -> None:
        """Show a pair again."""
        self._gone.discard(key)
        self.changed.emit()

    def leave_out_record(self, patient_id: UUID) -> None:
        """Show no pair of a record that is merged now."""
        self._gone |= {key for key in self._found if patient_id in key}
        self.changed.emit()

    def _step(self) -> None:
        place, run = self._place, self._run
        self._desk.operations.query(
            self,
            lambda ctx: patients.duplicate_pairs(ctx, after=place),
            lambda page: self._came(run, page),
            failed=lambda error: self._broke(run, error),
            key="pairs",
        )

    def _came(self, run: int, page: PairPage) -> None:
        if run != self._run:
            return
        self._found |= {pair.key: pair for pair in page.pairs}
        self.skipped += page.skipped
        self._place = page.next
        self._steps -= 1
        self.complete = page.next is None
        self.running = page.next is not None and self._steps > 0
        if self.running:
            self._step()
        self.changed.emit()

    def _broke(self, run: int, error: Exception) -> None:
        if run == self._run:
            self.running = False
            self.failed.emit(error)
