"""The dates of a series in a list: what stands against each, and one key for each answer."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from babel.dates import get_day_names
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _, language, ngettext
from clinic_desktop.services.series.schemas import Answer, Choice, PlannedDate, SeriesPlan, State
from clinic_desktop.ui.keymap.keymap import meant_key
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

_ROW: Final = 30
_SHOWN: Final = 6
_ICON: Final = 16
_DATE: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex

# One key for each answer, as it is written on its button.
_KEYS: Final = {
    "L": Choice.LEAVE_OUT,
    "S": Choice.SHIFT,
    "D": Choice.NEXT_DAY,
    "O": Choice.OUTSIDE,
    "B": Choice.BOOK,
}
_WORDS: Final = {
    Choice.LEAVE_OUT: N_("Leave out"),
    Choice.SHIFT: N_("Next free time"),
    Choice.NEXT_DAY: N_("Next worked day"),
    Choice.OUTSIDE: N_("There, with a reason"),
    Choice.BOOK: N_("There all the same"),
}
_OF_THERE: Final = N_("Leave where it is")
_ICONS: Final = {
    State.FREE: "circle-check",
    State.TAKEN: "user-x",
    State.OUTSIDE: "clock",
    State.CLOSED: "calendar-off",
    State.PAST: "history",
    State.ELSEWHERE: "users",
    State.SKIPPED: "alarm-clock",
    State.KEPT: "pin",
}


def row_height(theme: Theme) -> int:
    """Return the height of a date: a finger finds it in the touch density."""
    return max(_ROW, theme.line_height("small") + 12) + (10 if theme.density == "touch" else 0)


def day_words(day: date, locale: str) -> str:
    """Return a day with its weekday, short: Tue, 12 Mar 2027."""
    short = str(get_day_names("abbreviated", locale=language())[day.weekday()]).strip(".")
    return _("{weekday}, {date}").format(weekday=short, date=format_date(day, locale))


class DateWords:
    """A planned date in words; ``moves`` says that appointments are there already."""

    def __init__(self, locale: str, *, moves: bool) -> None:
        self._locale, self._moves = locale, moves

    def when(self, one: PlannedDate) -> tuple[str, str]:
        """Return day and time as the rule asks for them."""
        at = format_time(one.wanted.time(), self._locale)
        return day_words(one.wanted.date(), self._locale), at

    def against(self, one: PlannedDate) -> str:
        """Return what stands against it, or what is worth knowing."""
        return "; ".join(part for part in (one.sentence, one.note) if part)

    def outcome(self, one: PlannedDate) -> str:
        """Return what will be done."""
        if one.choice is None:
            return _("needs an answer")
        if one.state is State.KEPT:
            return _("stays")
        if one.choice is Choice.LEAVE_OUT:
            return _("stays where it is") if self._moves else _("left out")
        if one.choice is Choice.SHIFT and one.lands is not None:
            return _("at {time} instead").format(time=format_time(one.lands.time(), self._locale))
        if one.choice is Choice.OUTSIDE:
            return _("there, with a reason")
        return _("moves there") if self._moves else _("is booked")

    def spoken(self, one: PlannedDate) -> str:
        """Return everything in one line for whoever hears it."""
        return ", ".join(
            part for part in (*self.when(one), self.against(one), self.outcome(one)) if part
        )


class DatesPanel(QWidget):
    """The list with its answers below; ``answered`` is told when one was given."""

    answered = Signal()

    def __init__(self, *, theme: Theme, locale: str, moves: bool = False) -> None:
        super().__init__()
        self._theme, self._moves = theme, moves
        self.words = DateWords(locale, moves=moves)
        self._answers: dict[date, Answer] = {}
        self._plan: SeriesPlan | None = None
        self.list = _DatesList(theme, self.words)
        self.list.keyed.connect(self.answer)
        self.list.currentRowChanged.connect(self._show_ways)
        self.note = Label("", theme=theme, size="small", role="text_2", wrap=True)
        self.says = Label("", theme=theme, size="small", wrap=True)
        self.buttons = {
            choice: Button(_(_WORDS[choice]), theme=theme, key=key, small=True)
            for key, choice in _KEYS.items()
        }
        if moves:
            self.buttons[Choice.LEAVE_OUT].setText(_(_OF_THERE))
        for choice, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, one=choice: self.answer(one))
        self.all_out = Button(theme=theme, small=True, key="Shift+L")
        self.all_shift = Button(theme=theme, small=True, key="Shift+S")
        self.all_out.clicked.connect(lambda: self.answer_all(Choice.LEAVE_OUT))
        self.all_shift.clicked.connect(lambda: self.answer_all(Choice.SHIFT))
        self.list.keyed_all.connect(self.answer_all)
        self._lay_out()
        self.show_plan(None)

    def _lay_out(self) -> None:
        head, foot = QWidget(), QWidget()
        row = QHBoxLayout(head)
        row.addWidget(self.note, 1)
        row.addWidget(self.all_out)
        row.addWidget(self.all_shift)
        ways = QHBoxLayout(foot)
        for button in self.buttons.values():
            ways.addWidget(button)
        ways.addStretch(1)
        # Their room is kept while they have nothing to say: the list never jumps under a finger.
        tall = self.all_out.sizeHint().height() + 2
        for part, layout in ((head, row), (foot, ways)):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)
            part.setMinimumHeight(tall)
        self.says.setMinimumHeight(self._theme.line_height("small"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (head, self.list, self.says, foot):
            column.addWidget(part)

    # -- showing ------------------------------------------------------------------------------

    @property
    def plan(self) -> SeriesPlan | None:
        """The plan that is shown, None while it is asked for."""
        return self._plan

    def show_plan(self, plan: SeriesPlan | None) -> None:
        """Show dates; the one chosen before stays chosen, else the first that needs an answer."""
        self._plan = plan
        dates = plan.dates if plan is not None else ()
        kept = self.list.chosen()
        self.list.show_dates(dates)
        if dates:
            places = {one.date: place for place, one in enumerate(dates)}
            first = next((n for n, one in enumerate(dates) if one.is_open), 0)
            self.list.setCurrentRow(places.get(kept.date, first) if kept else first)
        self.note.setText(self._note(plan))
        self._show_ways()

    def _note(self, plan: SeriesPlan | None) -> str:
        if plan is None:
            return ""
        count = len(plan.open)
        if count:
            return ngettext(
                "{count} date needs an answer before anything is saved.",
                "{count} dates need an answer before anything is saved.",
                count,
            ).format(count=count)
        lands, left = len(plan.landing), len(plan.dates) - len(plan.landing)
        words = ngettext("{count} appointment", "{count} appointments", lands).format(count=lands)
        if left and not self._moves:
            words += ", " + ngettext("{count} left out", "{count} left out", left).format(
                count=left
            )
        return words + "."

    def _show_ways(self, *_row: int) -> None:
        one = self.list.chosen()
        ways = one.choices if one is not None else ()
        # The line of the list may be cut: here it stands whole.
        against = self.words.against(one) if one is not None else ""
        self.says.setText(f"{against[:1].upper()}{against[1:]}." if against else "")
        for choice, button in self.buttons.items():
            button.setVisible(choice in ways and not (choice is Choice.BOOK and len(ways) < 2))
            button.setEnabled(one is not None and one.choice is not choice)
            if choice is Choice.SHIFT and one is not None and one.nearest is not None:
                at = format_time(one.nearest.time(), self.list.locale_name)
                button.setText(_("Next free: {time}").format(time=at))
        count = len(self._plan.open) if self._plan is not None else 0
        words = (
            _("All {count}: leave where they are") if self._moves else _("All {count}: leave out")
        )
        self.all_out.setText(words.format(count=count))
        self.all_shift.setText(_("All {count}: next free time").format(count=count))
        self.all_out.setVisible(count > 1)
        self.all_shift.setVisible(count > 1)

    # -- answering ----------------------------------------------------------------------------

    def answers(self) -> tuple[Answer, ...]:
        """Return what was decided."""
        return tuple(self._answers.values())

    def forget(self) -> None:
        """Forget every answer: they were about other dates."""
        self._answers = {}

    def answer(self, choice: Choice) -> None:
        """Answer the chosen date; the keys of answers that it has not are ignored."""
        one = self.list.chosen()
        if one is not None and choice in one.choices:
            self._answer(one, choice)
            self.answered.emit()

    def answer_all(self, choice: Choice) -> None:
        """Give every date that needs an answer the same one, as far as it has it."""
        dates = self._plan.open if self._plan is not None else ()
        for one in dates:
            if choice in one.choices:
                self._answer(one, choice)
        if dates:
            self.answered.emit()

    def _answer(self, one: PlannedDate, choice: Choice) -> None:
        lands: datetime | None = one.nearest if choice is Choice.SHIFT else None
        self._answers[one.date] = Answer(date=one.date, choice=choice, local_start=lands)


class _DatesList(QListWidget):
    """The dates; letters answer the chosen one."""

    keyed = Signal(object)
    keyed_all = Signal(object)

    def __init__(self, theme: Theme, words: DateWords) -> None:
        super().__init__()
        self._words = words
        self.locale_name = words._locale  # noqa: SLF001 - of this module
        self.setAccessibleName(_("Dates of the series"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_DateDelegate(theme, words, self))
        self._theme = theme
        self.widths: tuple[float, float] = (0, 0)
        """Of the widest day and the widest time that are shown."""
        self._fit()
        theme.changed.connect(self._fit)

    def _fit(self) -> None:
        """Take the height of so many lines in the density in force."""
        self.setFixedHeight(_SHOWN * row_height(self._theme) + 4)
        self.scheduleDelayedItemsLayout()

    def show_dates(self, dates: Sequence[PlannedDate]) -> None:
        """Show these instead."""
        measure = QFontMetricsF(self._theme.font("small", tabular=True, weight=600))
        words = [self._words.when(one) for one in dates]
        days = (measure.horizontalAdvance(day) for day, _at in words)
        times = (measure.horizontalAdvance(at) for _day, at in words)
        self.widths = max(days, default=0) + 6, max(times, default=0) + 14
        self.blockSignals(True)
        while self.count() > len(dates):
            self.takeItem(self.count() - 1)
        for place, one in enumerate(dates):
            item = self.item(place)
            if item is None:
                item = QListWidgetItem()
                self.addItem(item)
            item.setText(self._words.spoken(one))
            item.setData(_DATE, one)
        self.blockSignals(False)
        self.viewport().update()

    def chosen(self) -> PlannedDate | None:
        """Return the date that keys answer."""
        item = self.currentItem()
        found: PlannedDate | None = item.data(_DATE) if item is not None else None
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deleted = event.key() == Qt.Key.Key_Delete
        choice = Choice.LEAVE_OUT if deleted else _KEYS.get(meant_key(self, event))
        modifiers = event.modifiers()
        if choice is not None and modifiers == Qt.KeyboardModifier.ShiftModifier:
            self.keyed_all.emit(choice)
        elif choice is not None and modifiers == Qt.KeyboardModifier.NoModifier:
            self.keyed.emit(choice)
        else:
            super().keyPressEvent(event)


class _DateDelegate(QStyledItemDelegate):
    """Draws a date on one line: icon, day, time, what stands against it, what will be done."""

    def __init__(self, theme: Theme, words: DateWords, parent: _DatesList) -> None:
        super().__init__(parent)
        self._theme, self._words, self._list = theme, words, parent

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, row_height(self._theme))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one date."""
        theme, one = self._theme, index.data(_DATE)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("accent_soft"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.color("accent"))
        role = _role(one)
        icon = "triangle-alert" if one.is_open else _ICONS[one.state]
        at = QRectF(box.left() + 10, box.top() + (box.height() - _ICON) / 2, _ICON, _ICON)
        draw_icon(painter, at.topLeft(), icon, role, theme, _ICON)
        day, moment = self._words.when(one)
        ink, quiet = theme.color("text"), theme.color("text_2")
        left = one.choice is Choice.LEAVE_OUT
        face = theme.face("small", weight=600, tabular=True)
        widths = self._list.widths
        place = QRectF(at.right() + 8, box.top(), widths[0], box.height())
        draw_text(painter, place, day, face, quiet if left else ink, strike=left)
        place = QRectF(place.right() + 6, box.top(), widths[1], box.height())
        draw_text(painter, place, moment, face, quiet if left else ink, strike=left)
        outcome = QRectF(box.right() - 168, box.top(), 160, box.height())
        words = QRectF(
            place.right() + 6, box.top(), outcome.left() - place.right() - 12, box.height()
        )
        plain = theme.face("small")
        draw_text(painter, words, self._words.against(one), plain, quiet)
        draw_text(
            painter,
            outcome,
            self._words.outcome(one),
            theme.face("small", weight=600) if one.is_open else plain,
            theme.color(role) if role != "success" else ink,
            align=Qt.AlignmentFlag.AlignRight,
        )
        painter.restore()


def _role(one: PlannedDate) -> str:
    if one.is_open:
        return "warning"
    if one.state is State.FREE and one.choice is not Choice.LEAVE_OUT:
        return "success"
    return "text_2"
