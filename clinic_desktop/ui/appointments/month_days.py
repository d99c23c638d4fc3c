"""The days of a month with their counts and first appointments, painted and led by the mouse."""

from collections.abc import Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.local_time import local_of
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import OPEN, VisitStatus
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.doubles import Others
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import MonthDay, MonthSheet
from clinic_desktop.ui.appointments import access
from clinic_desktop.ui.appointments.block_painter import spoken_visit
from clinic_desktop.ui.appointments.geometry import Box
from clinic_desktop.ui.appointments.hand import DRAG_AFTER
from clinic_desktop.ui.appointments.month_layout import HEAD, DayCell, MonthLayout
from clinic_desktop.ui.appointments.month_painter import MonthPainter, spoken_day
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce


class MonthDays(QAbstractScrollArea):
    """Arrows walk the days and, down a day, its appointments; a visit is dragged to a day."""

    acted = Signal(object, object)
    """Appointment and the status it is to have."""
    opened = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """Appointment whose menu is wanted, and where on the screen."""
    day_opened = Signal(object)
    """A date whose day is to be shown."""
    day_needed = Signal(object)
    """A date of which more is wanted than its first appointments."""
    day_wanted = Signal(object)
    """A date outside the month shown."""
    moved = Signal(object, object)
    """Appointment and the date to which it was dragged."""
    said = Signal(str)
    chosen_changed = Signal()
    led = Signal(QPoint, bool)
    """Where on the screen the mouse leads something, and whether it still does."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self._theme, self._locale = theme, locale
        self._sheet: MonthSheet | None = None
        self._whole: dict[date, MonthDay] = {}
        self.layout_of_month: MonthLayout | None = None
        self._month = 0
        self.day: date | None = None
        self._line: int | None = None
        self.parked: frozenset[UUID] = frozenset()
        self.others: Others = {}
        """By appointment the others of its patient that day, as far as they are known yet."""
        self.taken_elsewhere: Callable[[AppointmentRow, QPoint], bool] = lambda _visit, _at: False
        """Asked when something is let go outside the month: whether somebody takes it there."""
        self._pressed: tuple[AppointmentRow, QPointF] | None = None
        self.over: date | None = None
        """The day over which an appointment is held."""
        self._leads = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "none")
        self.setProperty("keys_area", _("Calendar"))
        self.setAccessibleName(_("Month"))
        theme.changed.connect(self.viewport().update)

    # -- what is shown ------------------------------------------------------------------------

    def set_month(self, sheet: MonthSheet, day: date) -> None:
        """Show the month of a day; what was chosen stays chosen where it is still there."""
        chosen = self.chosen()
        held, self._sheet, self._month = self._pressed, sheet, day.month
        self._whole = {one: kept for one, kept in self._whole.items() if one == self.day}
        if self.day is None or not self._days_hold(self.day):
            self.day, self._line = day, None
        self._measure()
        if chosen is not None:
            self.choose(chosen.id)
        if self._line is not None and self._whole and self.day is not None:
            # The rest of this day was asked for before: it may have changed since.
            self.day_needed.emit(self.day)
        if held is not None and self._leads:
            now = self._found(held[0].id)
            if now is None or now.version != held[0].version:
                self.let_go(_("{name} was changed on another computer meanwhile."))
        self.tell()

    def clear(self) -> None:
        """Show nothing and let keys act on nothing: another month could not be read."""
        self.let_go(_("The server does not answer now: {name} stays at {time}."))
        self._sheet, self._whole, self.layout_of_month, self.others = None, {}, None, {}
        self.day = self._line = None
        self.tell()

    def set_day(self, day: MonthDay) -> None:
        """Show all of a day that ``day_needed`` asked for."""
        self._whole[day.day] = day
        if self.day == day.day and self._line is not None:
            self._line = min(self._line, len(day.visits) - 1) if day.visits else None
        self._measure()
        self.tell()

    def go_to(self, day: date) -> None:
        """Let keys act on a day."""
        self.day, self._line = day, None
        self._measure()
        self.tell()

    def set_parked(self, visits: frozenset[UUID]) -> None:
        """Mark these appointments as carried."""
        self.parked = visits
        self.tell()

    def set_others(self, others: Others) -> None:
        """Mark whoever is booked twice on a day."""
        if others != self.others:
            self.others = others
            self.tell()

    def visits(self) -> tuple[AppointmentRow, ...]:
        """Return the appointments that are here: the first of each day, of some days all."""
        cells = self.layout_of_month.cells if self.layout_of_month is not None else ()
        return tuple(visit for cell in cells for visit in cell.day.visits)

    def chosen(self) -> AppointmentRow | None:
        """Return the chosen appointment."""
        cell = self.cell()
        if cell is None or self._line is None or self._line >= len(cell.day.visits):
            return None
        return cell.day.visits[self._line]

    def choose(self, visit_id: UUID) -> None:
        """Choose an appointment among those that are here."""
        layout = self.layout_of_month
        for cell in layout.cells if layout is not None else ():
            for number, visit in enumerate(cell.day.visits):
                if visit.id == visit_id:
                    self.day, self._line = cell.day.day, number
                    self._measure()
                    self.tell()
                    return

    def place_of(self, visit_id: UUID) -> QPointF:
        """Return the middle of an appointment's line in the viewport."""
        layout = self.layout_of_month
        for cell in layout.cells if layout is not None else ():
            for line in cell.lines:
                if line.visit.id == visit_id:
                    return self._on_screen(line.box).center()
        return QPointF()

    def rect_of(self, day: date) -> QRectF:
        """Return where a day is in the viewport."""
        cell = self.layout_of_month.by_day.get(day) if self.layout_of_month else None
        return self._on_screen(cell.box) if cell is not None else QRectF()

    def cell(self) -> DayCell | None:
        """Return the day that keys act on."""
        layout = self.layout_of_month
        return layout.by_day.get(self.day) if layout is not None and self.day else None

    def _found(self, visit_id: UUID) -> AppointmentRow | None:
        return next((one for one in self.visits() if one.id == visit_id), None)

    def _days_hold(self, day: date) -> bool:
        sheet = self._sheet
        return sheet is not None and sheet.days[0].day <= day <= sheet.days[-1].day

    def _measure(self) -> None:
        if self._sheet is None:
            return
        size = self.viewport().size()
        at = (self.day, self._line) if self.day is not None and self._line is not None else None
        self.layout_of_month = MonthLayout(
            self._sheet, width=size.width(), height=size.height(), whole=self._whole, at=at
        )
        bar = self.verticalScrollBar()
        bar.setPageStep(size.height() - HEAD)
        bar.setSingleStep(24)
        bar.setRange(0, max(0, int(self.layout_of_month.height - size.height() + HEAD)))
        cell = self.cell()
        if cell is not None:
            top, room = cell.box.y, size.height() - HEAD
            if top < bar.value() or top + cell.box.height > bar.value() + room:
                bar.setValue(int(top - (room - cell.box.height) / 2))
        self.viewport().update()

    def _on_screen(self, box: Box) -> QRectF:
        top = box.y - self.verticalScrollBar().value() + HEAD
        return QRectF(box.x, top, box.width, box.height)

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
        cell, visit = self.cell(), self.chosen()
        if visit is not None:
            words = spoken_visit(visit, self._locale, self.others.get(visit.id, ()))
            return _("{visit}, parked").format(visit=words) if visit.id in self.parked else words
        return spoken_day(cell, self._locale) if cell is not None else ""

    def parts(self) -> list[access.Group]:
        """Return the days and their appointments in words, with where they are."""
        layout, chosen = self.layout_of_month, self.chosen()
        if layout is None:
            return []
        return [
            access.Group(
                spoken_day(cell, self._locale),
                self._on_screen(cell.box),
                [
                    access.Item(
                        spoken_visit(line.visit, self._locale, self.others.get(line.visit.id, ())),
                        self._on_screen(line.box),
                        chosen is not None and line.visit.id == chosen.id,
                    )
                    for line in cell.lines
                ],
            )
            for cell in layout.cells
        ]

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the days."""
        layout, sheet = self.layout_of_month, self._sheet
        painter = QPainter(self.viewport())
        if layout is None or sheet is None:
            painter.fillRect(self.viewport().rect(), self._theme.color("sunken"))
            painter.end()
            return
        chosen = self.chosen()
        MonthPainter(
            painter,
            self._theme,
            layout,
            size=self.viewport().size(),
            top=self.verticalScrollBar().value(),
            locale=self._locale,
            month=self._month,
            today=local_of(sheet.now, ZoneInfo(sheet.zone)).date(),
        ).draw(
            day=self.day,
            chosen=chosen.id if chosen is not None else None,
            over=self.over if self._leads else None,
            parked=self.parked,
            others=self.others,
            focused=self.hasFocus(),
        )
        painter.end()

    # -- what keys ask ------------------------------------------------------------------------

    @property
    def line(self) -> int | None:
        """The line of the day that keys act on, None for the day itself."""
        return self._line

    @property
    def leads(self) -> bool:
        """Whether the mouse is leading an appointment."""
        return self._leads

    def go(self, day: date, line: int | None) -> None:
        """Let keys act on a day, or on a line of it; beyond the month another one is wanted."""
        if not self._days_hold(day):
            self.day, self._line = day, None
            self.day_wanted.emit(day)
            return
        self.day, self._line = day, line
        self._measure()
        cell = self.cell()
        if cell is not None and line is not None and line >= len(cell.day.visits):
            self.day_needed.emit(day)
        self.tell(aloud=True)

    # -- mouse --------------------------------------------------------------------------------

    def _point(self, at: QPointF) -> tuple[float, float]:
        return at.x(), at.y() - HEAD + self.verticalScrollBar().value()

    def _cell_at(self, at: QPointF) -> DayCell | None:
        layout = self.layout_of_month
        if layout is None or at.y() < HEAD or not self.viewport().rect().contains(at.toPoint()):
            return None
        return layout.cell_at(*self._point(at))

    def visit_at(self, at: QPointF) -> AppointmentRow | None:
        """Return the appointment whose line is at a place of the viewport."""
        cell, point = self._cell_at(at), self._point(at)
        lines = cell.lines if cell is not None else ()
        return next((one.visit for one in lines if one.box.holds(*point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a day or an appointment; what is hidden is opened with its day."""
        cell = self._cell_at(event.position())
        if cell is None:
            return
        point = self._point(event.position())
        line = next((one for one in cell.lines if one.box.holds(*point)), None)
        self.day, self._line = cell.day.day, line.number if line is not None else None
        if event.button() == Qt.MouseButton.LeftButton:
            if line is not None and VisitStatus(line.visit.status) in OPEN:
                self._pressed = (line.visit, event.position())
            elif line is None and cell.more and cell.more_box.holds(*point):
                self.day_opened.emit(cell.day.day)
        self.tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lead an appointment over the days."""
        if self._pressed is None:
            return
        at = event.position()
        if not self._leads and (at - self._pressed[1]).manhattanLength() < DRAG_AFTER:
            return
        self._leads = True
        cell = self._cell_at(at)
        self.over = cell.day.day if cell is not None else None
        shape = Qt.CursorShape.ClosedHandCursor if cell else Qt.CursorShape.ForbiddenCursor
        self.viewport().setCursor(shape)
        self.led.emit(event.globalPosition().toPoint(), True)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask to move it to the day, or say that it stays."""
        pressed, leads, over = self._pressed, self._leads, self.over
        at = event.globalPosition().toPoint()
        if pressed is None or not leads:
            self._forget()
            return
        self.led.emit(at, False)
        visit = pressed[0]
        if over is None:
            if self.taken_elsewhere(visit, at):
                self._forget()
            else:
                self.let_go(_("Let go outside the sheet: {name} stays at {time}."))
            return
        self._forget()
        if over != visit.local_start.date():
            self.moved.emit(visit, over)

    def let_go(self, words: str) -> None:
        """Put nothing down and say so in these words."""
        held, leads = self._pressed, self._leads
        self._forget()
        if held is not None and leads:
            time = format_time(held[0].local_start.time(), self._locale)
            self.said.emit(words.format(name=isolate(held[0].patient), time=time))

    def hover(self, at: QPoint | None) -> date | None:
        """Show the day under a parked appointment that is led here; return it."""
        cell = self._cell_at(QPointF(self.viewport().mapFromGlobal(at))) if at else None
        self.over, self._leads = (cell.day.day, True) if cell is not None else (None, False)
        self.viewport().update()
        return self.over

    def _forget(self) -> None:
        self._pressed, self._leads, self.over = None, False, None
        self.viewport().unsetCursor()
        self.viewport().update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._forget()
        visit = self.chosen()
        if visit is not None:
            self.opened.emit(visit)
        elif self.day is not None:
            self.day_opened.emit(self.day)
