"""Which date of the chart is looked at, as it was known when, and what it is compared with."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.chart.dates import ChartDates
from clinic_desktop.ui.chart.frame import ChartFrame
from clinic_desktop.ui.chart.history import stops_of
from clinic_desktop.ui.chart.past import show_past
from clinic_desktop.ui.chart.shown import Shown
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.chart.schemas import ChartHistory


class Looking(QObject):
    """Holds what is ``shown``, None before a chart is there; ``moved`` says that it is another."""

    moved = Signal()

    def __init__(
        self, frame: ChartFrame, dates: ChartDates, written: Written, screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._frame, self._dates, self._written = frame, dates, written
        self._history: ChartHistory | None = None
        self.shown: Shown | None = None
        frame.history.slider.day_chosen.connect(self.at)
        frame.history.compare.toggled.connect(self._compare)
        frame.history.known.clicked.connect(dates.offer_known)
        frame.past.side_chosen.connect(self._side_chosen)
        frame.past.other_wanted.connect(dates.offer_others)
        dates.chosen.connect(self._time_chosen)
        dates.other_chosen.connect(self._other_chosen)

    def start_over(self, patient_id: UUID) -> None:
        """Forget another patient."""
        self.shown = None
        self._dates.start_over(patient_id)
        self._uncheck_compare()

    def take(self, history: "ChartHistory") -> None:
        """Look at the same place in what was read again."""
        if self.shown is None:
            self.shown = Shown(history)
        else:
            self.shown = self.shown.knowing(history, frozen=False)
            self._dates.changed()
        self._history = history
        if self._dates.frozen:
            self._take_known()

    def show(self) -> None:
        """Show in slider and bar which date it is."""
        shown, frame = self.shown, self._frame
        if shown is None:
            return
        days = stops_of(shown.history.changed_on, shown.history.today)
        self._dates.days = days
        frame.history.slider.show_days(days, shown.day or shown.history.today)
        frame.history.compare.setEnabled(len(days) > 1)
        if shown.is_past:
            show_past(frame.past, shown, self._written, self._dates.words())

    def at(self, day: Any) -> None:
        """Look at another date, None for today."""
        if self.shown is None:
            return
        self.shown = self.shown.at(day)
        if self.shown.day is None:
            self._uncheck_compare()
        if self._dates.frozen:
            self._take_known()
        self.moved.emit()

    def back(self) -> bool:
        """Look at today as it is known now; False where nothing else was looked at."""
        if self.shown is None or not self.shown.is_past:
            return False
        self._dates.forget()
        self._frame.history.show_known("")
        self._take_known()
        self.at(None)
        return True

    def _take_known(self) -> None:
        """Look at what was known at the time that was chosen."""
        if self.shown is None or self._history is None:
            return
        known = self._dates.history_for(self.shown.day)
        history = known if known is not None else self._history
        self.shown = self.shown.knowing(history, frozen=known is not None)

    def _time_chosen(self) -> None:
        """Look at what was known now, then, or on another day."""
        self._frame.history.show_known(self._dates.words())
        self._take_known()
        self.moved.emit()

    def _other_chosen(self, other: Any) -> None:
        if self.shown is not None:
            self.shown = self.shown.with_other(other)
            self.moved.emit()

    def _compare(self, wanted: bool) -> None:
        shown = self.shown
        if shown is None:
            return
        if wanted and not shown.is_past:
            days = stops_of(shown.history.changed_on, shown.history.today)
            shown = shown.at(days[-2])
        self.shown = replace(shown, compare=wanted, now_side=False)
        self.moved.emit()

    def _uncheck_compare(self) -> None:
        button = self._frame.history.compare
        before = button.blockSignals(True)
        button.setChecked(False)
        button.blockSignals(before)

    def _side_chosen(self, side: Any) -> None:
        if self.shown is not None:
            self.shown = replace(self.shown, now_side=side == "now")
            self.moved.emit()
