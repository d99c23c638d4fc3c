"""The right side of Today: what waits for somebody, and the numbers of the day."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_day
from clinic_desktop.domain.money import format_money
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.today.schemas import Attention, Board, Numbers
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.cards import Looks
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import draw_bar
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.pictures import Icon


@dataclass(frozen=True, slots=True)
class _Kind:
    icon: str
    title: str
    oldest: str
    screen: str


_KINDS: Final = {
    "unsigned_notes": _Kind("square-pen", N_("Notes unsigned"), N_("Oldest from {day}"), ""),
    "not_invoiced": _Kind(
        "receipt-text", N_("Work done, not invoiced"), N_("Oldest from {day}"), "billing"
    ),
    "unconfirmed_tomorrow": _Kind("circle-dashed", N_("Unconfirmed for tomorrow"), "", "calendar"),
    "low_stock": _Kind("package", N_("Products at the reorder level"), "", "stock"),
}


class AttentionPanel(Panel):
    """A line for each thing that waits; a line without anything is not shown."""

    opened = Signal(str)
    """Name of the screen where it can be dealt with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_("Needs attention"), theme=theme)
        self._theme = theme
        self._lines: list[QWidget] = []

    def show_attention(self, board: Board, looks: Looks) -> None:
        """Show what waits on this board."""
        for line in self._lines:
            self.body.removeWidget(line)
            line.deleteLater()
        self._lines.clear()
        waiting = [one for one in board.attention if one.count]
        self.set_note(str(sum(one.count for one in waiting)))
        for one in waiting:
            self._add(self._line(one, looks))
        if not waiting:
            nothing = Label(_("Nothing waits."), theme=self._theme, size="small", role="text_2")
            nothing.setContentsMargins(12, 10, 12, 10)
            self._add(nothing)

    def _add(self, line: QWidget) -> None:
        self.body.addWidget(line)
        self._lines.append(line)

    def _line(self, one: Attention, looks: Looks) -> QWidget:
        theme, kind = self._theme, _KINDS[one.kind]
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(Icon(kind.icon, theme=theme, size=18))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(_(kind.title), theme=theme, wrap=True))
        if one.oldest is not None and kind.oldest:
            day = format_day(one.oldest.astimezone(looks.zone).date(), looks.locale)
            second = _(kind.oldest).format(day=day)
            words.addWidget(Label(second, theme=theme, size="small", role="text_2"))
        row.addLayout(words, 1)
        row.addWidget(Label(str(one.count), theme=theme, size="strong", tabular=True))
        if kind.screen:
            show = Button(_("Show"), theme=theme, kind="quiet", small=True)
            show.setAccessibleName(f"{_('Show')}: {_(kind.title)}")
            show.clicked.connect(lambda _checked=False: self.opened.emit(kind.screen))
            row.addWidget(show)
        return line


class NumbersPanel(Panel):
    """Numbers of the day, hidden until the eye is pressed; a passer-by sees none."""

    def __init__(self, theme: Theme, looks: Looks) -> None:
        super().__init__(_("Numbers of the day"), theme=theme)
        self._theme, self._looks = theme, looks
        self._eye = Button(_("Show"), theme=theme, icon="eye", kind="quiet", small=True)
        self._eye.clicked.connect(self._toggle)
        self.add_head(self._eye)
        self.body.setContentsMargins(0, 0, 0, 8)
        self._numbers: Numbers | None = None
        self._shown = False
        self._lines: list[QWidget] = []

    def show_numbers(self, numbers: Numbers | None) -> None:
        """Keep the numbers; they are drawn once somebody asks."""
        self._numbers = numbers
        self.setVisible(numbers is not None)
        self._draw()

    def _toggle(self) -> None:
        self._shown = not self._shown
        self._eye.setText(_("Hide") if self._shown else _("Show"))
        self._draw()

    def _draw(self) -> None:
        for line in self._lines:
            self.body.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines.clear()
        numbers = self._numbers
        if numbers is None:
            return
        for title, value, part in self._values(numbers):
            if not title and not self._shown:
                continue
            self._add(self._line(title, value if self._shown else "•••"))
            if part is not None and self._shown:
                self._add(_PartBar(part, self._theme))

    def _values(self, numbers: Numbers) -> tuple[tuple[str, str, float | None], ...]:
        """Return each title with its value, and the part of a bar below it."""
        share = numbers.produced / numbers.planned if numbers.planned > 0 else None
        values: list[tuple[str, str, float | None]] = [
            (_("Produced"), self._money(numbers.produced), share)
        ]
        if share is not None:
            of_all = _("{count} % of {amount} planned").format(
                count=round(share * 100), amount=self._money(numbers.planned)
            )
            values.append(("", of_all, None))
        values.append((_("Collected"), self._money(numbers.collected), None))
        if numbers.chair_use is not None:
            use = _("{count} %").format(count=numbers.chair_use)
            values.append((_("Chair use"), use, None))
        values.append((_("New patients"), str(numbers.new_patients), None))
        missed = _("{count} of {all}").format(
            count=numbers.missed_this_month, all=numbers.booked_this_month
        )
        values.append((_("Missed this month"), missed, None))
        return tuple(values)

    def _line(self, title: str, value: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(12, 5, 12, 5)
        if title:
            row.addWidget(Label(title, theme=self._theme, role="text_2"), 1)
            row.addWidget(Label(value, theme=self._theme, size="strong", tabular=True))
        else:
            small = Label(value, theme=self._theme, size="small", role="text_2", tabular=True)
            row.addWidget(small, 1)
        return line

    def _add(self, line: QWidget) -> None:
        self.body.addWidget(line)
        self._lines.append(line)

    def _money(self, minor: int) -> str:
        return format_money(minor, self._looks.currency, self._looks.locale)


class _PartBar(QWidget):
    """How much of a whole is there; more than the whole is a full bar."""

    def __init__(self, part: float, theme: Theme) -> None:
        super().__init__()
        self._part, self._theme = max(0.0, min(1.0, part)), theme
        self.setFixedHeight(8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the bar."""
        painter = QPainter(self)
        whole = QRectF(12, 1, self.width() - 24, 6)
        draw_bar(painter, whole, self._theme.color("sunken"))
        filled = QRectF(whole.left(), whole.top(), whole.width() * self._part, whole.height())
        draw_bar(painter, filled, self._theme.color("accent"))
        painter.end()
