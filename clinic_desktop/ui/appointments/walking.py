"""Where in time the calendar stands, and the ways from there: steps, today, a typed date."""

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.i18n import _
from clinic_desktop.ui.appointments.dialogs import GoToDialog
from clinic_desktop.ui.appointments.period import FIRST_DAY, LAST_DAY, Period, within
from clinic_desktop.ui.desk import Desk


class Walking:
    """Keeps the day that is shown; ``gone`` is called when it is to be another."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        *,
        period: Callable[[date], Period],
        gone: Callable[[], None],
    ) -> None:
        self._desk, self._screen, self._period, self._gone = desk, screen, period, gone
        self.day: date | None = None
        self.aimed: date | None = None
        """The day that keys are to act on once it is shown."""
        self.today: date | None = None

    def go(self, day: date) -> None:
        """Show a date; where the calendar ends, the end with a sentence."""
        inside = within(day)
        if inside != day:
            self._desk.messages.warn(
                _("The calendar ends here: it goes from {first} to {last}.").format(
                    first=format_long_date(FIRST_DAY, self._desk.who.locale),
                    last=format_long_date(LAST_DAY, self._desk.who.locale),
                )
            )
        self.day = self.aimed = inside
        self._gone()

    def step(self, steps: int) -> None:
        """Go on by so many views."""
        if self.day is not None:
            # Between the ends a step never leaves what a date can be.
            self.go(self._period(self.day).stepped(steps))

    def step_days(self, days: int) -> None:
        """Go on by so many days."""
        if self.day is not None:
            self.go(self.day + timedelta(days=days))

    def go_today(self) -> None:
        """Show the clinic's own date."""
        if self.today is not None:
            self.go(self.today)

    def bring(self, day: date) -> None:
        """Show a day unless it is in view already."""
        shown = self._period(self.day) if self.day is not None else None
        if shown is None or not shown.first <= day <= shown.last:
            self.go(day)

    def ask_date(self) -> None:
        """Ask for a date in any usual way of writing it."""
        if self.today is not None:
            GoToDialog(
                self.go,
                today=self.today,
                locale=self._desk.who.locale,
                theme=self._desk.theme,
                parent=self._screen,
            ).open()
