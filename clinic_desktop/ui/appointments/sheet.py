"""What the sheet of days holds: columns, the slot and the appointment that keys act on."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from clinic_desktop.domain.schedule import Span
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.ui.appointments import access
from clinic_desktop.ui.appointments.block_painter import spoken_visit
from clinic_desktop.ui.appointments.columns import By, columns_of
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD, Block, Box, Cell, SheetGeometry
from clinic_desktop.ui.appointments.ghosts import Ghost, placed
from clinic_desktop.ui.appointments.hand import Hand, Why
from clinic_desktop.ui.appointments.sheet_painter import ghost_room
from clinic_desktop.ui.appointments.standing import Target, target_of
from clinic_desktop.ui.appointments.words import change_words, clock_words, nobody_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce

ROWS: Final = {5: 12, 10: 14, 15: 16, 30: 18}
# From this zoom on, a day that fits is spread over the room, but not beyond this many times.
MOST_SPREAD: Final = 1.4


class Sheet(QAbstractScrollArea):
    """Days by provider or chair, without pictures. What is asked for is told by signals."""

    book_wanted = Signal(object)
    """The ``Target`` of an empty slot."""
    span_wanted = Signal(object)
    """The ``Target`` that was drawn on empty time, with its length."""
    put_wanted = Signal(object, object)
    """Appointment and the ``Target`` it is to have."""
    acted = Signal(object, object)
    """Appointment and the status it is to have."""
    opened = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """Appointment whose menu is wanted, and where on the screen."""
    chosen_changed = Signal()
    led = Signal(QPoint, bool)
    """Where on the screen the mouse leads something, and whether it still does."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self.theme = theme
        self.locale_name = locale
        self.geometry_of_day: SheetGeometry | None = None
        self._sheets: tuple[DaySheet, ...] = ()
        self._by, self._shown = By.PROVIDER, frozenset[UUID]()
        self.now: datetime | None = None
        self.slot = 15
        self.parked: frozenset[UUID] = frozenset()
        self.ghosts: tuple[Ghost, ...] = ()
        """Free times that were found, drawn over the sheet."""
        self.taken_elsewhere: Callable[[AppointmentRow, QPoint], bool] = lambda _visit, _at: False
        """Asked when something is let go outside the sheet: whether somebody takes it there."""
        self.current: Cell | None = None
        self.chosen_id: UUID | None = None
        self._ghost_at: QRect | None = None
        """Where something held was drawn last."""
        self.hand = Hand(self, locale)
        self.hand.turned.connect(self._hand_turned)
        self.hand.put.connect(self.put_wanted)
        self.hand.drawn.connect(self.span_wanted)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "none")
        self.setProperty("keys_area", _("Calendar"))
        self.setAccessibleName(_("Day sheet"))
        theme.changed.connect(self.viewport().update)

    # -- what is shown ------------------------------------------------------------------------

    def set_sheet(self, sheet: DaySheet, now: datetime) -> None:
        """Show one day by provider."""
        self.set_days((sheet,), now)

    def set_days(
        self,
        sheets: Sequence[DaySheet],
        now: datetime,
        *,
        by: By = By.PROVIDER,
        shown: Collection[UUID] = (),
    ) -> None:
        """Show days; the chosen appointment or slot stays chosen where it is still there."""
        self._sheets, self.now = tuple(sheets), now
        self._by, self._shown = by, frozenset(shown)
        self.measure()
        geometry = self.geometry_of_day
        if geometry is not None:
            self.hand.kept_up(geometry, now)
            self._keep_cell(geometry, now)
            self.show_ghost()
        self.tell()

    def clear(self) -> None:
        """Show nothing and let keys act on nothing: other days could not be read."""
        self.hand.let_go(Why.LOST)
        self._sheets, self.geometry_of_day, self.current, self.chosen_id = (), None, None, None
        self.tell()

    def _keep_cell(self, geometry: SheetGeometry, now: datetime) -> None:
        if not geometry.columns:
            self.current = self.chosen_id = None
            return
        if self.current is None:
            today = geometry.now_column(now)
            column = geometry.columns.index(today) if today is not None else 0
            minute = geometry.snapped(geometry.columns[column].minute_of(now))
            inside = geometry.first <= minute < geometry.last
            self.current = Cell(column, minute if inside else geometry.first)
            self.choose_at_cell()
            self.show_cell()
            return
        block = geometry.block_of(self.chosen_id)
        column = min(self.current.column, len(geometry.columns) - 1)
        minute = min(max(self.current.minute, geometry.first), geometry.last - geometry.slot)
        self.current = Cell(block.column, block.span.start) if block else Cell(column, minute)
        if block is None:
            self.choose_at_cell()

    def set_slot(self, minutes: int) -> None:
        """Show slots of that many minutes."""
        self.slot = minutes
        self.measure()
        self.show_cell()

    def set_parked(self, visits: Collection[UUID]) -> None:
        """Mark these appointments as carried: they stand here until they are put down."""
        self.parked = frozenset(visits)
        self.tell()

    def set_ghosts(self, ghosts: tuple[Ghost, ...]) -> None:
        """Draw these free times, and bring the chosen one into view."""
        self.ghosts = ghosts
        self.show_ghost()
        self.viewport().update()

    def show_ghost(self) -> None:
        """Bring the chosen free time into view, where it is on the days shown."""
        geometry = self.geometry_of_day
        if geometry is None:
            return
        first = next((one for one in placed(geometry, self.ghosts) if one[0].chosen), None)
        if first is not None:
            self.show_cell(Cell(first[1], first[2].start))

    def chosen(self) -> AppointmentRow | None:
        """Return the chosen appointment."""
        block = self.chosen_block()
        return block.visit if block else None

    def chosen_block(self) -> Block | None:
        """Return the chosen appointment with its place."""
        return self.geometry_of_day.block_of(self.chosen_id) if self.geometry_of_day else None

    def choose(self, visit_id: UUID) -> None:
        """Choose an appointment and bring it into view."""
        geometry = self.geometry_of_day
        block = geometry.block_of(visit_id) if geometry else None
        if block is not None:
            self.chosen_id = visit_id
            self.current = Cell(block.column, block.span.start)
            self.show_cell()
            self.tell()

    def cell(self) -> Cell | None:
        """Return the slot that keys act on."""
        return self.current

    def current_day(self) -> date | None:
        """Return the day of the column that keys act on."""
        geometry, cell = self.geometry_of_day, self.current
        return geometry.columns[cell.column].sheet.day if geometry and cell else None

    def current_id(self, by: By) -> UUID | None:
        """Return the provider or chair of the column that keys act on."""
        geometry, cell = self.geometry_of_day, self.current
        if geometry is None or cell is None:
            return None
        column = geometry.columns[cell.column]
        if by is By.CHAIR:
            return column.chair_id
        return column.usual.provider_id if column.usual is not None else None

    def provider_here(self) -> str:
        """Return who is booked in the column that keys act on."""
        geometry, cell = self.geometry_of_day, self.current
        usual = geometry.columns[cell.column].usual if geometry and cell else None
        return usual.short_name if usual is not None else ""

    def aim(self, day: date) -> None:
        """Let keys act on a day, at the same time and, where it can be, in the same column."""
        geometry, cell = self.geometry_of_day, self.current
        if geometry is None or cell is None or self.current_day() == day:
            return
        columns = [n for n, one in enumerate(geometry.columns) if one.sheet.day == day]
        if columns:
            self.current = Cell(columns[0], cell.minute)
            self.choose_at_cell()
            self.show_cell()
            self.tell()

    def target(self, minutes: int = 0, visit: AppointmentRow | None = None) -> Target | None:
        """Return the place that keys act on, for so many minutes (or one slot)."""
        geometry, cell = self.geometry_of_day, self.current
        if geometry is None or cell is None:
            return None
        span = Span(cell.minute, cell.minute + (minutes or geometry.slot))
        return target_of(geometry.columns[cell.column], span, visit)

    def point_at(self, block: Block | None, cell: Cell | None) -> None:
        """Choose what the mouse was pressed on."""
        self.current = cell or self.current
        self.chosen_id = block.visit.id if block else None
        self.tell()

    def go(self, cell: Cell, *, aloud: bool = True) -> None:
        """Let keys act on another slot, and choose what stands there."""
        self.current = cell
        self.choose_at_cell()
        self.show_cell()
        self.tell(aloud=aloud)

    def place_of(self, visit_id: UUID) -> QPointF:
        """Return the middle of an appointment in the viewport."""
        block = self.geometry_of_day.block_of(visit_id) if self.geometry_of_day else None
        return self.on_screen(block.box).center() if block else QPointF()

    def point_of(self, target: Target) -> QPointF | None:
        """Return where a place ends in the viewport, None where no column shows it."""
        geometry = self.geometry_of_day
        for number, column in enumerate(geometry.columns if geometry is not None else ()):
            of_provider = column.provider is not None
            wanted = target.provider_id if of_provider else target.chair_id
            own = column.provider.provider_id if column.provider is not None else column.chair_id
            if column.day.day == target.local_start.date() and own == wanted and geometry:
                start = column.day.minute_at(target.local_start.time()) + column.shift
                box = self.on_screen(geometry.box_of(number, Span(start, start + target.minutes)))
                return QPointF(box.right(), box.center().y())
        return None

    def measure(self) -> None:
        columns = columns_of(self._sheets, by=self._by, shown=self._shown, locale=self.locale_name)
        if not self._sheets:
            return
        width = self.viewport().width()
        least = ROWS.get(self.slot, 16)
        measured = SheetGeometry(columns, width=width, slot=self.slot, row=least)
        # A day that fits is spread over the room there is.
        slots = max(1, (measured.last - measured.first) // self.slot)
        fitting = (self.viewport().height() - HEAD - 8) // slots
        row = int(min(max(least, fitting), least * MOST_SPREAD))
        self.geometry_of_day = (
            measured
            if row == least
            else SheetGeometry(columns, width=width, slot=self.slot, row=row)
        )
        page = self.viewport().size()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(page.height() - HEAD)
        vertical.setRange(0, max(0, int(self.geometry_of_day.height) - page.height() + HEAD))
        vertical.setSingleStep(least)
        horizontal.setPageStep(max(1, page.width() - AXIS))
        horizontal.setSingleStep(int(self.geometry_of_day.column_width // 3))
        horizontal.setRange(0, max(0, int(self.geometry_of_day.width) - page.width()))
        self.viewport().update()

    def on_screen(self, box: Box) -> QRectF:
        """Return where a rectangle of the sheet is in the viewport."""
        return QRectF(
            box.x - self.horizontalScrollBar().value(),
            box.y - self.verticalScrollBar().value() + HEAD,
            box.width,
            box.height,
        )

    def sheet_point(self, at: QPointF) -> tuple[float, float]:
        """Return a point of the viewport as one of the sheet below its head."""
        return (
            at.x() + self.horizontalScrollBar().value(),
            at.y() - HEAD + self.verticalScrollBar().value(),
        )

    def show_cell(self, cell: Cell | None = None) -> None:
        """Bring a slot, or the one that keys act on, into view."""
        geometry, cell = self.geometry_of_day, cell or self.current
        if geometry is None or cell is None:
            return
        top = geometry.y_of(cell.minute)
        bar = self.verticalScrollBar()
        height = self.viewport().height() - HEAD
        if top < bar.value() or top + geometry.row > bar.value() + height:
            bar.setValue(int(top - height / 3))
        left, across = geometry.x_of(cell.column), self.horizontalScrollBar()
        if left < across.value() + AXIS:
            across.setValue(int(left - AXIS))
        elif left + geometry.column_width > across.value() + self.viewport().width():
            across.setValue(int(left + geometry.column_width - self.viewport().width()))
        self.viewport().update()

    def choose_at_cell(self) -> None:
        """Choose the appointment in the slot that keys act on, if there is one."""
        geometry, cell = self.geometry_of_day, self.current
        if geometry is None or cell is None:
            return
        at = Span(cell.minute, cell.minute + 1)
        found = (
            block.visit.id for block in geometry.in_column[cell.column] if block.span.overlaps(at)
        )
        self.chosen_id = next(found, None)

    # -- what is said -------------------------------------------------------------------------

    def tell(self, *, aloud: bool = False) -> None:
        """Say what keys act on now to those who cannot see it."""
        words = self.spoken()
        self.setAccessibleDescription(words)
        if aloud and words:
            announce(self, words)
        self.viewport().update()
        self.chosen_changed.emit()

    def spoken(self) -> str:
        """Return what keys act on now, for those who cannot see it."""
        geometry, cell, visit = self.geometry_of_day, self.current, self.chosen()
        if geometry is not None and not geometry.columns:
            return nobody_words(self._by)
        if geometry is None or cell is None:
            return ""
        block = self.chosen_block()
        if visit is not None:
            also = block.also if block is not None else ()
            words = spoken_visit(visit, self.locale_name, also)
            return _("{visit}, parked").format(visit=words) if visit.id in self.parked else words
        column = geometry.columns[cell.column]
        second = column.is_second(cell.minute)
        at = clock_words(column.local_at(cell.minute), self.locale_name, second=second)
        return _("{time}, free, {provider}").format(time=at, provider=column.title)

    def parts(self) -> list[access.Group]:
        """Return columns and their appointments in words, with where they are on the viewport."""
        geometry = self.geometry_of_day
        if geometry is None:
            return []
        height = self.viewport().height()
        groups = []
        for number, column in enumerate(geometry.columns):
            left = geometry.x_of(number) - self.horizontalScrollBar().value()
            items = [
                access.Item(
                    spoken_visit(block.visit, self.locale_name, block.also),
                    self.on_screen(block.box),
                    block.visit.id == self.chosen_id,
                )
                for block in geometry.in_column[number]
            ]
            change = column.day.change
            clocks = change_words(change, self.locale_name) if change is not None else ""
            name = ", ".join(filter(None, (column.title, column.note, clocks)))
            rect = QRectF(left, 0, geometry.column_width, height)
            groups.append(access.Group(name, rect, items))
        return groups

    def _hand_turned(self) -> None:
        hand, geometry = self.hand, self.geometry_of_day
        drag = hand.drag
        viewport = self.viewport()
        if drag is None or not drag.begun:
            viewport.unsetCursor()
        elif drag.at is not None:
            refused = bool(drag.refusal) or not drag.over
            shape = Qt.CursorShape.ForbiddenCursor if refused else Qt.CursorShape.ClosedHandCursor
            viewport.setCursor(shape)
        elif geometry is not None:
            column = geometry.columns[drag.column]
            self.show_cell(Cell(drag.column, drag.span.start))
            announce(self, f"{drag.words(column, self.locale_name)}, {column.title}")
        self._update_ghost()

    def _update_ghost(self) -> None:
        """Draw anew where the ghost was and where it is; all, when something is taken or let go."""
        geometry, drag, before = self.geometry_of_day, self.hand.drag, self._ghost_at
        self._ghost_at = None
        if geometry is not None and drag is not None and drag.begun:
            rect = self.on_screen(geometry.box_of(drag.column, drag.span))
            self._ghost_at = ghost_room(rect).toAlignedRect()
        if before is None or self._ghost_at is None:
            self.viewport().update()
        else:
            self.viewport().update(before)
            self.viewport().update(self._ghost_at)
