"""Free times that were found, as they stand on the sheet before anybody takes one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic_desktop.domain.schedule import Span
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.ui.appointments.columns import SheetColumn
from clinic_desktop.ui.appointments.geometry import SheetGeometry


@dataclass(frozen=True, slots=True)
class Ghost:
    """A free time with the figure that chooses it; ``chosen`` is the one that Enter books."""

    number: int
    provider_id: UUID
    chair_id: UUID | None
    starts_at: datetime
    local_start: datetime
    minutes: int
    chosen: bool = False

    def on(self, column: SheetColumn) -> Span | None:
        """Return where it is in a column, or None in that of somebody else."""
        whose = (
            column.provider.provider_id == self.provider_id
            if column.provider is not None
            else column.chair_id is not None and column.chair_id == self.chair_id
        )
        if not whose or not column.day.start <= self.starts_at < column.day.end:
            return None
        start = column.minute_of(self.starts_at)
        return Span(start, start + self.minutes)


def ghosts_of(slots: tuple[FreeSlot, ...], chosen: int) -> tuple[Ghost, ...]:
    """Return the ghosts of found times and, of the chosen one, of the visits that follow it."""
    return tuple(
        Ghost(
            number,
            one.provider_id,
            one.chair_id,
            one.starts_at,
            one.local_start,
            one.minutes,
            number - 1 == chosen,
        )
        for number, slot in enumerate(slots, start=1)
        for one in (slot, *(slot.then if number - 1 == chosen else ()))
    )


def placed(geometry: SheetGeometry, ghosts: tuple[Ghost, ...]) -> list[tuple[Ghost, int, Span]]:
    """Return each ghost that has a place on the sheet, with column and span; the chosen last."""
    found = []
    for ghost in sorted(ghosts, key=lambda one: one.chosen):
        for number, column in enumerate(geometry.columns):
            span = ghost.on(column)
            if span is not None:
                found.append((ghost, number, span))
    return found
