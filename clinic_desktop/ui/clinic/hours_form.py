"""A week of hours: for each day a line for the hours, one for the breaks, and a bar of both."""

from datetime import time
from typing import Any, Final

from babel import Locale
from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.domain.hours_text import TypedSpan, format_spans, parse_spans
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, language
from clinic_desktop.services.clinic.schemas import WorkingSpan
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import problem_of

WEEK: Final = 7
_WITH_BARS: Final = 480
_FROM: Final = 6 * 60
_TO: Final = 22 * 60


class HoursLine(LineEdit):
    """Spans of one day, written out in full when the person goes on."""

    def __init__(self, theme: Theme, *, breaks: bool) -> None:
        super().__init__(theme=theme, longest=400)
        self.breaks = breaks
        self.setPlaceholderText(_("none") if breaks else _("closed"))
        self.left.connect(self._write_out)

    def spans(self) -> tuple[TypedSpan, ...]:
        """Return what is typed; raises InvalidError where it cannot be read."""
        return parse_spans(self.text(), labels=self.breaks)

    def problem(self) -> str | None:
        """Return what is wrong, or None."""
        return problem_of(self.spans)

    def _write_out(self) -> None:
        if self.problem() is None:
            self.setText(format_spans(self.spans()))


class WeekForm(QWidget):
    """Seven days from Monday; fields are named ``open0`` to ``open6``, ``break0`` to ``break6``."""

    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.bars: list[_Bar] = []
        days = Locale.parse(language()).days["stand-alone"]["wide"]
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, words in enumerate(("", _("Open"), _("Breaks"))):
            grid.addWidget(Label(words, theme=theme, size="micro", role="text_2"), 0, column)
        for weekday in range(WEEK):
            name = str(days[weekday])
            day = name[:1].upper() + name[1:]
            grid.addWidget(Label(day, theme=theme, size="strong"), weekday + 1, 0)
            for column, breaks in ((1, False), (2, True)):
                line = HoursLine(theme, breaks=breaks)
                field = Field("", line, theme=theme)
                words = _("{day}, breaks") if breaks else _("{day}, open")
                line.setAccessibleName(words.format(day=day))
                field.edited.connect(self._edited)
                grid.addWidget(field, weekday + 1, column)
                self.fields[f"{'break' if breaks else 'open'}{weekday}"] = field
            bar = _Bar(theme)
            grid.addWidget(bar, weekday + 1, 3)
            self.bars.append(bar)
            self.copy_down(grid, weekday, theme)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        grid.setColumnStretch(3, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room of the bars to the texts, which say the same, where there is little."""
        super().resizeEvent(event)
        shown = event.size().width() >= _WITH_BARS
        self._grid.setColumnStretch(3, 2 if shown else 0)
        for bar in self.bars:
            bar.setVisible(shown)

    def copy_down(self, grid: QGridLayout, weekday: int, theme: Theme) -> None:
        """Add the button that gives the next day the hours of this one."""
        if weekday == WEEK - 1:
            return
        button = Button(theme=theme, icon="arrow-down", name=_("Same on the next day"), small=True)
        button.clicked.connect(lambda: self._copy(weekday))
        grid.addWidget(button, weekday + 1, 4)

    def _copy(self, weekday: int) -> None:
        for kind in ("open", "break"):
            line = self.line(f"{kind}{weekday + 1}")
            line.setText(self.line(f"{kind}{weekday}").text())
            self.fields[f"{kind}{weekday + 1}"].validate()
            line.textEdited.emit(line.text())
        self.line(f"open{weekday + 1}").setFocus()

    def line(self, name: str) -> HoursLine:
        """Return the line of a kind and day: ``open0``."""
        editor = self.fields[name].editor
        assert isinstance(editor, HoursLine)  # noqa: S101 - made above
        return editor

    def _edited(self) -> None:
        self.draw()
        self.edited.emit()

    def draw(self) -> None:
        """Draw the bars of what can be read."""
        for weekday, bar in enumerate(self.bars):
            bar.show_day(self._read(f"open{weekday}"), self._read(f"break{weekday}"))

    def _read(self, name: str) -> tuple[TypedSpan, ...]:
        try:
            return self.line(name).spans()
        except InvalidError:
            return ()

    def spans(self) -> tuple[WorkingSpan, ...]:
        """Return the week; call it when every field is valid."""
        return tuple(
            WorkingSpan(
                weekday=weekday,
                starts=span.starts,
                ends=span.ends,
                kind=kind,
                label=span.label,
            )
            for weekday in range(WEEK)
            for kind in ("open", "break")
            for span in self.line(f"{kind}{weekday}").spans()
        )


def texts_of(spans: tuple[WorkingSpan, ...]) -> dict[str, Any]:
    """Return the week as the texts of the fields."""
    found: dict[str, Any] = {}
    for weekday in range(WEEK):
        for kind in ("open", "break"):
            own = sorted(
                (TypedSpan(one.starts, one.ends, one.label))
                for one in spans
                if one.weekday == weekday and one.kind == kind
            )
            found[f"{kind}{weekday}"] = format_spans(tuple(own))
    return found


class _Bar(QWidget):
    """The hours of a day on a line from 6 to 22, breaks cut out; the texts say the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._open: tuple[TypedSpan, ...] = ()
        self._breaks: tuple[TypedSpan, ...] = ()
        self.setMinimumSize(120, 12)
        theme.changed.connect(self.update)

    def show_day(self, opened: tuple[TypedSpan, ...], breaks: tuple[TypedSpan, ...]) -> None:
        """Draw another day."""
        self._open, self._breaks = opened, breaks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the line, what is open, what is cut out of it."""
        painter = QPainter(self)
        middle = (self.height() - 10) / 2
        painter.fillRect(QRectF(0, middle, self.width(), 10), self._theme.color("sunken"))
        for span in self._open:
            painter.fillRect(self._place(span, middle), self._theme.color("accent"))
        for span in self._breaks:
            place = self._place(span, middle)
            painter.fillRect(place, self._theme.color("surface"))
            painter.fillRect(place, self._theme.hatch("border_strong"))
        painter.end()

    def _place(self, span: TypedSpan, top: float) -> QRectF:
        left, right = (self._across(moment) for moment in (span.starts, span.ends))
        return QRectF(left, top, max(1.0, right - left), 10)

    def _across(self, moment: time) -> float:
        minutes = min(max(moment.hour * 60 + moment.minute, _FROM), _TO)
        return (minutes - _FROM) / (_TO - _FROM) * self.width()
