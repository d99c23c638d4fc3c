"""Editors for a day and for a time of day, typed in any usual way."""

from datetime import date, time

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.dates import format_date, order_of, parse_date
from clinic_desktop.domain.times import format_time, parse_time
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import LineEdit, problem_of


class DateField(LineEdit):
    """A date typed in any usual way and written out in one nobody can misread.

    ``today`` is the clinic's day, from the server's clock; the limits are inclusive.
    """

    def __init__(
        self,
        *,
        theme: Theme,
        locale: str,
        today: date,
        earliest: date | None = None,
        latest: date | None = None,
        value: date | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme=theme, longest=80, parent=parent)
        self._locale = locale
        self._today = today
        self._limits = (earliest, latest)
        order = order_of(locale)
        self.setPlaceholderText(
            {
                "dmy": _("day month year"),
                "mdy": _("month day year"),
                "ymd": _("year month day"),
            }[order]
        )
        self.set_value(value)
        self.left.connect(self._write_out)

    def value(self) -> date | None:
        """Return the date, None for an empty line, or raise ``InvalidError`` with a sentence."""
        if not self.text().strip():
            return None
        earliest, latest = self._limits
        return parse_date(
            self.text(), locale=self._locale, today=self._today, earliest=earliest, latest=latest
        )

    def set_value(self, day: date | None) -> None:
        """Show a date."""
        self.setText("" if day is None else format_date(day, self._locale))

    def set_limits(self, earliest: date | None, latest: date | None) -> None:
        """Change the first and last day that are accepted."""
        self._limits = (earliest, latest)

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return problem_of(self.value)

    def _write_out(self) -> None:
        """Replace 3.9.84 by 3 Sep 1984 when the person leaves the line."""
        if self.problem() is None:
            day = self.value()
            if day is not None:
                self.set_value(day)

    def _font(self) -> QFont:
        return self.theme.font("body", tabular=True)


class TimeField(LineEdit):
    """A time of day typed as 9, 930, 9:30 or 2.30 pm and written out as 09:30."""

    def __init__(
        self, *, theme: Theme, value: time | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme=theme, longest=20, parent=parent)
        self.setPlaceholderText("09:00")
        self.set_value(value)
        self.left.connect(self._write_out)

    def value(self) -> time | None:
        """Return the time, None for an empty line, or raise ``InvalidError`` with a sentence."""
        return parse_time(self.text()) if self.text().strip() else None

    def set_value(self, moment: time | None) -> None:
        """Show a time."""
        self.setText("" if moment is None else format_time(moment))

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return problem_of(self.value)

    def _write_out(self) -> None:
        if self.problem() is None and (moment := self.value()) is not None:
            self.set_value(moment)

    def _font(self) -> QFont:
        return self.theme.font("body", tabular=True)
