"""What the mouse holds on the day's sheet, and what the sheet already knows against a place."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from PySide6.QtCore import QPointF

from clinic_desktop.domain.schedule import Span, is_inside
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow, ProviderColumn
from clinic_desktop.ui.appointments.geometry import Block, SheetGeometry


class Grip(Enum):
    """What is done by dragging."""

    MOVE = auto()
    RESIZE = auto()
    CREATE = auto()


@dataclass(slots=True)
class Drag:
    """An appointment taken by its body or its lower edge, or an empty place being spanned."""

    grip: Grip
    start: QPointF
    column: int
    span: Span
    block: Block | None = None
    offset: float = 0.0
    """How far below the top of the block it was taken, in pixels."""
    begun: bool = False
    refusal: str = ""

    def follow(self, geometry: SheetGeometry, x: float, y: float) -> None:
        """Take over where the mouse is on the sheet, in whole slots."""
        end = geometry.first + round(y / geometry.row) * geometry.slot
        if self.grip is Grip.MOVE and self.block is not None:
            cell = geometry.cell_at(x, y - self.offset + geometry.row / 2)
            if cell is not None:
                booked = self.block.visit.booked_span(geometry.day)
                self.column, self.span = cell.column, booked.moved_to(cell.minute)
        else:
            self.span = Span(self.span.start, max(end, self.span.start + geometry.slot))


def refusal(
    geometry: SheetGeometry, column: int, span: Span, *, now: datetime, but: UUID | None = None
) -> str:
    """Return why an appointment cannot be there, as far as this sheet knows; the server decides.

    ``but`` is the appointment that is moved.
    """
    there = geometry.sheet.columns[column]
    holder = _holder(geometry, there, span, but)
    if holder is not None:
        return _("{provider} has {patient}").format(
            provider=holder.provider, patient=holder.patient
        )
    for pause in there.pauses:
        if pause.span.overlaps(span):
            return pause.label or _("Break")
    if not is_inside(span, there.working):
        return _("{provider} does not work then").format(provider=there.short_name)
    if span.start < geometry.day.minute_of(now) - geometry.sheet.slot_minutes:
        return _("This time is past")
    return ""


def _holder(
    geometry: SheetGeometry, there: ProviderColumn, span: Span, but: UUID | None
) -> AppointmentRow | None:
    for visit in geometry.sheet.visits:
        if visit.id == but or not visit.span(geometry.day).overlaps(span):
            continue
        of_provider = visit.provider_id == there.provider_id and visit.blocks_provider
        of_chair = there.chair_id is not None and visit.chair_id == there.chair_id
        if of_provider or (of_chair and visit.blocks_chair):
            return visit
    return None
