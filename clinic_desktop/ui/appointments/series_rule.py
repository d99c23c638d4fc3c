"""How often an appointment repeats and until when: the fields of a rule, all by keyboard."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from babel.dates import get_day_names
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop.domain.recurrence import (
    LAST,
    LONGEST_EVERY,
    Rule,
    Unit,
    horizon,
    is_last_in_month,
    place_in_month,
)
from clinic_desktop.domain.recurrence_words import day_words, place_words
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, language
from clinic_desktop.services.series.schemas import OnClosed
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Choice, DateField, Field, NumberField

USUAL_TIMES: Final = 6
_MONTH: Final = "month"
_LONGEST: Final = 31
_AFTER, _UNTIL = "after", "until"
Day = tuple[Unit, int]
"""A day of the month, or the how-manieth weekday of it."""


class _Week(QWidget):
    """The days of the week in one row, or in two where that would be too wide."""

    def __init__(self, boxes: Sequence[QCheckBox]) -> None:
        super().__init__()
        self._boxes = boxes
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._columns = 0
        self._put(len(boxes))

    def minimumSizeHint(self) -> QSize:
        """Return the room that two rows need at least."""
        whole = super().minimumSizeHint()
        widest = max(box.sizeHint().width() for box in self._boxes)
        half = -(-len(self._boxes) // 2)
        return QSize(half * widest + (half - 1) * 12, whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another row where one is too narrow."""
        super().resizeEvent(event)
        needed = sum(box.sizeHint().width() + 12 for box in self._boxes) - 12
        self._put(len(self._boxes) if needed <= self.width() else -(-len(self._boxes) // 2))

    def _put(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, box in enumerate(self._boxes):
            self._grid.addWidget(box, number // columns, number % columns)
        self._grid.setColumnStretch(len(self._boxes), 1)
        self.updateGeometry()


class RuleFields(QWidget):
    """``edited`` is told of each change; ``rule`` is what the fields say now."""

    edited = Signal()

    def __init__(self, start: date, *, theme: Theme, locale: str) -> None:
        super().__init__()
        self._locale, self._theme = locale, theme
        self._start = start
        self.every = NumberField(theme=theme, least=1, most=LONGEST_EVERY["week"], value=1)
        self.unit = Choice([(_("weeks"), Unit.WEEK.value), (_("months"), _MONTH)], theme=theme)
        self.unit.set_value(Unit.WEEK.value)
        self.month_day = Choice(self._month_days(), theme=theme)
        self.days = self._weekdays()
        self.end = Choice([(_("after"), _AFTER), (_("on a day"), _UNTIL)], theme=theme)
        self.end.set_value(_AFTER)
        # More than the most is refused below in a sentence that says why.
        self.count = NumberField(theme=theme, least=1, value=USUAL_TIMES, unit=_("times"))
        self.until = DateField(theme=theme, locale=locale, today=start, latest=horizon(start))
        self.on_closed = Choice(
            [
                (_("Ask for each"), OnClosed.ASK.value),
                (_("Leave out"), OnClosed.LEAVE_OUT.value),
                (_("Take the next worked day"), OnClosed.NEXT_DAY.value),
            ],
            theme=theme,
        )
        self.on_closed.set_value(OnClosed.ASK.value)
        self.fields = self._lay_out()
        self.begin_on(start)
        self._follow()

    def _month_days(self) -> list[tuple[str, Day]]:
        start, found = self._start, list[tuple[str, Day]]()
        last = monthrange(start.year, start.month)[1]
        days = [start.day, *([_LONGEST] if start.day == last != _LONGEST else [])]
        found += [(day_words(day), (Unit.MONTH_DAY, day)) for day in days]
        places = [place_in_month(start)]
        if is_last_in_month(start) and LAST not in places:
            places.append(LAST)
        found += [
            (place_words(one, start.weekday(), self._locale), (Unit.MONTH_WEEKDAY, one))
            for one in places
        ]
        return found

    def _weekdays(self) -> list[QCheckBox]:
        short = get_day_names("abbreviated", locale=language())
        whole = get_day_names("wide", locale=language())
        boxes = []
        for day in range(7):
            box = QCheckBox(str(short[day]).strip("."))
            box.setAccessibleName(str(whole[day]))
            boxes.append(box)
        return boxes

    def _lay_out(self) -> dict[str, Field]:
        theme = self._theme
        week = _Week(self.days)
        fields = {
            "every": Field(_("Every"), self.every, theme=theme, required=True, name="every"),
            "unit": Field(_("Weeks or months"), self.unit, theme=theme, name="unit"),
            "month_day": Field(_("On this day"), self.month_day, theme=theme, name="month_day"),
            "weekdays": Field(_("On these days"), week, theme=theme, name="weekdays"),
            "end": Field(_("Ends"), self.end, theme=theme, name="end"),
            "count": Field(
                _("How many times"), self.count, theme=theme, required=True, name="count"
            ),
            "until": Field(_("Last day"), self.until, theme=theme, required=True, name="until"),
            "on_closed": Field(
                _("Days on which nobody works"), self.on_closed, theme=theme, name="on_closed"
            ),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number in range(6):
            grid.setColumnStretch(number, 1)
        places = {
            "every": (0, 0, 1, 1), "unit": (0, 1, 1, 1), "weekdays": (0, 2, 1, 4),
            "month_day": (0, 2, 1, 4), "end": (1, 0, 1, 1), "count": (1, 1, 1, 1),
            "until": (1, 1, 1, 1), "on_closed": (1, 2, 1, 4),
        }  # fmt: skip
        for name, place in places.items():
            grid.addWidget(fields[name], *place)
        return fields

    def _follow(self) -> None:
        for line in (self.every, self.count, self.until):
            line.textEdited.connect(self._changed)
        self.end.chosen.connect(lambda _end: self._suggest_until())
        for choice in (self.unit, self.month_day, self.end, self.on_closed):
            choice.chosen.connect(self._changed)
        for box in self.days:
            box.toggled.connect(self._changed)

    def _suggest_until(self) -> None:
        """Begin with the last day that so many times would have."""
        if self.end.value() != _UNTIL or self.until.text().strip():
            return
        try:
            counted = replace(self.rule(), count=self.count.value() or USUAL_TIMES, until=None)
            self.until.set_value(counted.dates(self._start)[-1])
        except InvalidError:
            return  # what is wrong is said at its own field

    def _changed(self, *_value: Any) -> None:
        self._show_parts()
        self.edited.emit()

    def _show_parts(self) -> None:
        months = self.unit.value() == _MONTH
        self.fields["month_day"].setVisible(months)
        self.fields["weekdays"].setVisible(not months)
        until = self.end.value() == _UNTIL
        self.fields["until"].setVisible(until)
        self.fields["count"].setVisible(not until)

    # -- what they say ------------------------------------------------------------------------

    def begin_on(self, start: date) -> None:
        """Let the series begin on another day: its weekday, its place in the month."""
        chosen = {day for day, box in enumerate(self.days) if box.isChecked()}
        if chosen <= {self._start.weekday()}:
            for day, box in enumerate(self.days):
                box.blockSignals(True)
                box.setChecked(day == start.weekday())
                box.blockSignals(False)
        place = self.month_day.currentIndex()
        self._start = start
        self.month_day.set_options(self._month_days())
        self.month_day.setCurrentIndex(min(max(place, 0), self.month_day.count() - 1))
        self.until.set_limits(start, horizon(start))
        self._show_parts()

    def rule(self) -> Rule:
        """Return the rule; raises InvalidError, with the field, for what gives none."""
        count = self.count.value() if self.end.value() == _AFTER else None
        until = self.until.value() if self.end.value() == _UNTIL else None
        every = self.every.value() or 0
        if self.unit.value() == Unit.WEEK.value:
            chosen = tuple(day for day, box in enumerate(self.days) if box.isChecked())
            return Rule(Unit.WEEK, every, chosen, count=count, until=until)
        unit, number = self.month_day.value()
        if unit is Unit.MONTH_DAY:
            return Rule(unit, every, day=number, count=count, until=until)
        return Rule(unit, every, (self._start.weekday(),), place=number, count=count, until=until)

    def closed(self) -> OnClosed:
        """Return what is done about days on which nobody works."""
        return OnClosed(self.on_closed.value())

    def texts(self) -> dict[str, str]:
        """Return what is typed and chosen, to be kept as a draft."""
        return {
            "every": self.every.text(),
            "unit": str(self.unit.value()),
            "days": ",".join(str(d) for d, box in enumerate(self.days) if box.isChecked()),
            "month_day": str(self.month_day.currentIndex()),
            "end": str(self.end.value()),
            "count": self.count.text(),
            "until": self.until.text(),
            "on_closed": str(self.on_closed.value()),
        }

    def fill(self, typed: dict[str, str]) -> None:
        """Write what was typed and chosen before."""
        for name in ("every", "count", "until"):
            if name in typed:
                getattr(self, name).setText(typed[name])
        for name in ("unit", "end", "on_closed"):
            choice: Choice = getattr(self, name)
            if choice.findData(typed.get(name)) >= 0:
                choice.set_value(typed[name])
        if typed.get("days"):
            chosen = typed["days"].split(",")
            for day, box in enumerate(self.days):
                box.setChecked(str(day) in chosen)
        place = typed.get("month_day", "")
        if place.isdecimal() and int(place) < self.month_day.count():
            self.month_day.setCurrentIndex(int(place))
        self._show_parts()
