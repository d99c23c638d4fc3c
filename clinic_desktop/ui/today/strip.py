"""The number strip over the board: each number filters the lanes, the next free time is booked."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.folding import isolate
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.cards import Looks, waited
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

_ICON: Final = 20
_PAD: Final = 14
_GAP: Final = 8
_HEIGHT: Final = 48
_NOT_COUNTED: Final = frozenset({"cancelled", "rescheduled"})


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one number counts, and how it looks."""

    icon: str
    role: str
    statuses: frozenset[str]


_KINDS: Final = {
    "booked": _Kind("", "text_2", frozenset()),
    "waiting": _Kind("door-open", "warning", frozenset({"arrived"})),
    "in_chair": _Kind("armchair", "accent", frozenset({"in_chair"})),
    "done": _Kind("check-check", "text_2", frozenset({"done"})),
    "missed": _Kind("user-x", "danger", frozenset({"missed"})),
    "unconfirmed": _Kind("circle-dashed", "text_2", frozenset({"pending"})),
}


class NumberStrip(QFrame):
    """Numbers of the day as buttons; ``filtered`` carries the statuses to show, or None for all."""

    filtered = Signal(object)
    slot_wanted = Signal(object)
    """The ``FreeSlot`` that is to be booked."""

    def __init__(self, theme: Theme, looks: Looks, *, books: bool) -> None:
        super().__init__()
        self._looks, self._books = looks, books
        self.setProperty("kind", "panel")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 12, 1)
        self._row.setSpacing(0)
        self._numbers = {name: _Number(kind, theme) for name, kind in _KINDS.items()}
        for name, button in self._numbers.items():
            button.clicked.connect(lambda _checked=False, name=name: self._press(name))
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._title = Label(_("Next free slot"), theme=theme, size="small", role="text_2")
        self._slot = Label("", theme=theme, size="strong", tabular=True)
        self.book = Button(_("Book"), theme=theme, key="F", small=True)
        self.book.clicked.connect(self.book_next)
        for widget in (self._title, self._slot, self.book):
            self._row.addWidget(widget)
            self._row.addSpacing(_GAP if widget is not self.book else 0)
        self._chosen = ""
        self._free: FreeSlot | None = None

    def show_numbers(self, board: Board, visits: tuple[AppointmentRow, ...]) -> None:
        """Show the numbers of these visits of the board."""
        count = {
            name: sum(visit.status in kind.statuses for visit in visits)
            for name, kind in _KINDS.items()
        }
        count["booked"] = sum(visit.status not in _NOT_COUNTED for visit in visits)
        words = {
            "booked": _("booked"),
            "waiting": self._waiting_words(board, visits),
            "in_chair": ngettext(
                "in chair, {count} chair", "in chair, {count} chairs", len(board.sheet.chairs)
            ).format(count=len(board.sheet.chairs)),
            "done": _("done"),
            "missed": _("missed"),
            "unconfirmed": _("unconfirmed today"),
        }
        for name, button in self._numbers.items():
            button.show_number(count[name], words[name])
        self._show_free(board)
        self._fit()

    def _waiting_words(self, board: Board, visits: tuple[AppointmentRow, ...]) -> str:
        longest = max(
            (waited(visit, board) for visit in visits if visit.status == "arrived"), default=0
        )
        if not longest:
            return _("waiting")
        return _("waiting, longest {count} min").format(count=longest)

    def _show_free(self, board: Board) -> None:
        free = self._free = board.next_free
        if free is None:
            self._slot.setText(_("None within two weeks"))
        else:
            when = f"{free.local_start:%H:%M}"
            if free.local_start.date() != board.day:
                when = f"{format_date(free.local_start.date(), self._looks.locale)} {when}"
            self._slot.setText(
                _("{time}, {provider}, {count} min").format(
                    time=when, provider=isolate(free.provider), count=free.free_minutes
                )
            )
        self.book.setEnabled(self._books and free is not None)

    @Slot()
    def book_next(self) -> None:
        """Ask for the next free time to be booked."""
        if self.book.isEnabled() and self._free is not None:
            self.slot_wanted.emit(self._free)

    def _fit(self) -> None:
        """Give up words where there is no room for all of them; tooltips still say them."""
        self._title.show()
        self._slot.show()
        self.book.setVisible(self._books)
        self._shorten(short=False)
        if self._fits():
            return
        self._title.hide()
        if self._fits():
            return
        self._shorten(short=True)
        self._title.show()
        if not self._fits():
            self._title.hide()
        if not self._fits():
            self._slot.hide()

    def _fits(self) -> bool:
        self._row.invalidate()
        return self._row.sizeHint().width() <= self.width()

    def _shorten(self, *, short: bool) -> None:
        for button in self._numbers.values():
            button.set_short(short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up the words, or take them back."""
        super().resizeEvent(event)
        self._fit()

    def widgets(self) -> list[QWidget]:
        """Return the buttons in reading order."""
        return [*self._numbers.values(), self.book]

    def _press(self, name: str) -> None:
        self._chosen = "" if name in (self._chosen, "booked") else name
        for other, button in self._numbers.items():
            button.setChecked(other == self._chosen)
        self.filtered.emit(_KINDS[self._chosen].statuses if self._chosen else None)


class _Number(QAbstractButton):
    """A number in large figures with its word; pressed, only what it counts is shown."""

    def __init__(self, kind: _Kind, theme: Theme) -> None:
        super().__init__()
        self._kind, self._theme = kind, theme
        self._number, self._words = "", ""
        self._short = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    def show_number(self, number: int, words: str) -> None:
        """Show a number; its word stands beside it and in the tooltip."""
        self._number, self._words = str(number), words
        spoken = f"{number} {words}"
        self.setText(spoken)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self._restyle()

    def set_short(self, short: bool) -> None:
        """Leave the word out, or take it back."""
        self._short = short
        self._restyle()

    def sizeHint(self) -> QSize:
        """Return what icon, figures and word take."""
        return QSize(round(self._figures_right() + self._words_width() + _PAD + 1), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is cut."""
        return self.sizeHint()

    def _figures_left(self) -> float:
        return _PAD + (_ICON + _GAP if self._kind.icon else 0)

    def _figures_right(self) -> float:
        face = self._theme.face("title", tabular=True)
        return self._figures_left() + face.metrics.horizontalAdvance(self._number)

    def _words_width(self) -> float:
        if self._short:
            return 0
        return _GAP + self._theme.face("body").metrics.horizontalAdvance(self._words)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw icon, number, word and the line to the next number."""
        theme, box = self._theme, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.fillRect(box, theme.color("accent_soft"))
            painter.fillRect(QRectF(0, box.height() - 3, box.width(), 3), theme.color("accent"))
        elif self.underMouse() or self.isDown():
            painter.fillRect(box, theme.color("sunken" if self.isDown() else "hover"))
        ink = theme.color("on_accent_soft" if self.isChecked() else "text")
        if self._kind.icon:
            at = QPointF(_PAD, (box.height() - _ICON) / 2)
            draw_icon(painter, at, self._kind.icon, self._kind.role, theme, _ICON)
        left, right = self._figures_left(), self._figures_right()
        figures = QRectF(left, 0, right - left + 2, box.height())
        draw_text(painter, figures, self._number, theme.face("title", tabular=True), ink)
        if not self._short:
            words = QRectF(right + _GAP, 1, self._words_width(), box.height())
            role = "on_accent_soft" if self.isChecked() else "text_2"
            draw_text(painter, words, self._words, theme.face("body"), theme.color(role))
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(box.right() - 0.5, 0), QPointF(box.right() - 0.5, box.bottom()))
        painter.end()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
