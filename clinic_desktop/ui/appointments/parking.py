"""The parking: appointments on their way to another day, still booked where they are."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clinic_desktop.domain.dates import format_weekday
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.doubles import Others
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.block_painter import ICON, marks_of
from clinic_desktop.ui.appointments.hand import DRAG_AFTER
from clinic_desktop.ui.appointments.keys import act_of
from clinic_desktop.ui.appointments.words import also_words, begin_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import KeyHint, Label, plain_tip
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text
from clinic_desktop.ui.widgets.panel import Panel

# Where something is let go that is to be put down nowhere.
NOWHERE: Final = QPoint(-1, -1)
_HEIGHT: Final = 52
_BAND: Final = 5
_VISIT: Final = Qt.ItemDataRole.UserRole
_ALSO: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class ParkingList(QListWidget):
    """The parked ones; Enter or a drag takes one up, Delete lets it out of the parking."""

    carried = Signal(object, QPoint)
    """Appointment, and where on the screen the mouse leads it."""
    dropped = Signal(object, QPoint)
    """Appointment, and where on the screen it was let go."""
    taken = Signal(object)
    """The appointment that the keyboard is to hold over the sheet."""
    removed = Signal(object)

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self._locale = locale
        self._pressed: tuple[AppointmentRow, QPointF] | None = None
        self._leads = False
        self.setProperty("keys_area", _("Calendar"))
        self.setAccessibleName(_("Parking"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(False)
        self.setItemDelegate(_CardDelegate(theme, locale, self))
        self.setFixedHeight(0)
        theme.changed.connect(self.viewport().update)

    def show_visits(self, visits: Sequence[AppointmentRow], also: Others) -> None:
        """Show these; the one chosen before stays chosen, else the one parked last.

        ``also`` is what else their patients have on their days.
        """
        chosen = self.visit()
        self.clear()
        for visit in visits:
            others = also.get(visit.id, ())
            words = self._spoken(visit, others)
            item = QListWidgetItem(words)
            item.setToolTip(plain_tip(words))
            item.setData(_VISIT, visit)
            item.setData(_ALSO, others)
            self.addItem(item)
        kept = [n for n, visit in enumerate(visits) if chosen and visit.id == chosen.id]
        if visits:
            self.setCurrentRow(kept[0] if kept else len(visits) - 1)
        self.setFixedHeight(min(len(visits), 6) * _HEIGHT + (4 if visits else 0))

    def visit(self) -> AppointmentRow | None:
        """Return the one that keys take."""
        item = self.currentItem()
        found: AppointmentRow | None = item.data(_VISIT) if item is not None else None
        return found

    def choose(self, visit_id: UUID) -> None:
        """Let keys take this one."""
        for row in range(self.count()):
            if self.item(row).data(_VISIT).id == visit_id:
                self.setCurrentRow(row)

    def place_of(self, visit_id: UUID) -> QPoint:
        """Return the middle of a parked appointment in the viewport."""
        for row in range(self.count()):
            if self.item(row).data(_VISIT).id == visit_id:
                return self.visualItemRect(self.item(row)).center()
        return QPoint()

    def _spoken(self, visit: AppointmentRow, others: tuple[AppointmentRow, ...]) -> str:
        also = also_words(visit, others, self._locale)
        return ", ".join(filter(None, (visit.patient, second_line(visit, self._locale), also)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name, visit = act_of(self, event), self.visit()
        if name == "give_up" and self._leads:
            self._let_go()
        elif visit is not None and name in ("enter", "hold"):
            self.taken.emit(visit)
        elif visit is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(visit)
        elif name in ("up", "down", "first", "last"):
            super().keyPressEvent(event)
        else:
            # Letters are acts of the calendar here, not the beginnings of names.
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        item = self.itemAt(event.position().toPoint())
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (item.data(_VISIT), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lead the pressed one; the list itself selects nothing by being drawn over."""
        if self._pressed is None:
            return
        visit, start = self._pressed
        if self._leads or (event.position() - start).manhattanLength() >= DRAG_AFTER:
            self._leads = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.carried.emit(visit, event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        held, leads = self._pressed, self._leads
        self._pressed, self._leads = None, False
        self.viewport().unsetCursor()
        if held is not None and leads:
            self.dropped.emit(held[0], event.globalPosition().toPoint())

    def _let_go(self) -> None:
        held = self._pressed
        self.forget()
        if held is not None:
            self.dropped.emit(held[0], NOWHERE)

    def forget(self) -> None:
        """Lead nothing any more."""
        self._pressed, self._leads = None, False
        self.viewport().unsetCursor()

    def led(self) -> AppointmentRow | None:
        """Return the one that the mouse is leading."""
        return self._pressed[0] if self._pressed is not None and self._leads else None


class ParkingPanel(Panel):
    """The card of the side panel: how many are parked, and which."""

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__(_("Parking"), theme=theme, icon="pin")
        self.add_head(KeyHint("P", theme=theme))
        self.list = ParkingList(theme, locale)
        self._empty = Label(
            "",
            theme=theme,
            size="small",
            role="text_2",
            wrap=True,
        )
        self._empty.setContentsMargins(12, 8, 12, 10)
        self.body.addWidget(self._empty)
        self.body.addWidget(self.list)
        self.show_visits(())

    def show_visits(self, visits: Sequence[AppointmentRow], also: Others | None = None) -> None:
        """Show what is parked, and what else their patients have on their days."""
        self.list.show_visits(visits, also or {})
        self.list.setVisible(bool(visits))
        self._empty.setText(
            _(
                "P parks the chosen appointment: it stays booked until V puts it down on "
                "another day. Dragging does the same."
            )
        )
        self._empty.setVisible(not visits)
        self.set_note(str(len(visits)) if visits else "")

    def show_unread(self, count: int, why: str) -> None:
        """Say how many are parked though they could not be read: not the same as none."""
        self.list.hide()
        words = ngettext(
            "{count} is parked and could not be read.",
            "{count} are parked and could not be read.",
            count,
        )
        self._empty.setText(f"{words.format(count=count)} {why}")
        self._empty.show()
        self.set_note(str(count))

    def set_inviting(self, on: bool) -> None:
        """Show that what the mouse leads would be parked here."""
        self.set_tone("info" if on else "")


def second_line(visit: AppointmentRow, locale: str) -> str:
    """Return what a parked appointment is, how long, and where it stands until it is put down."""
    at = visit.local_start
    return " · ".join(
        part
        for part in (
            visit.service,
            _("{minutes} min").format(minutes=visit.minutes),
            f"{format_weekday(at.date(), locale)}, {begin_words(visit, locale)}",
        )
        if part
    )


class _CardDelegate(QStyledItemDelegate):
    """Draws a parked appointment: dashed, with its band, name, and what it is."""

    def __init__(self, theme: Theme, locale: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._locale = theme, locale

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one card."""
        theme, visit = self._theme, index.data(_VISIT)
        whole: QRectF = QRectF(option.rect)
        box = whole.adjusted(8.5, 4.5, -8.5, -3.5)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = "accent" if selected else "border_control"
        painter.setPen(QPen(theme.color(role), 2 if selected else 1, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, theme.radius("control"), theme.radius("control"))
        band = QRectF(box.left() + 3, box.top() + 4, _BAND, box.height() - 8)
        painter.fillRect(band, theme.color(visit.colour))
        room = QRectF(band.right() + 7, box.top() + 4, box.right() - band.right() - 12, 18)
        face = theme.face("small", weight=600)
        name = QRectF(room)
        for icon in marks_of(visit, index.data(_ALSO)):
            name.setRight(name.right() - ICON - 3)
            draw_icon(painter, QPointF(name.right() + 3, name.top() + 2), icon, "text", theme, ICON)
        draw_text(painter, name, visit.patient, face, theme.color("text"))
        words = second_line(visit, self._locale)
        face = theme.face("small", True)
        draw_text(painter, room.translated(0, 17), words, face, theme.color("text_2"))
        painter.restore()
