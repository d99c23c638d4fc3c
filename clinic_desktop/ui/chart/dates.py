"""The second time of the chart: when it was known; and which date another is compared with."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.frame import ChartFrame
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.chart.schemas import ChartHistory, KnownHistory
    from clinic_desktop.services.context import Context

_MOST_DATES: Final = 15


class ChartDates(QObject):
    """What was known now, on the day shown, or on one chosen day.

    ``chosen`` tells that another time holds and what was known then is here; ``other_chosen``
    carries the date to compare with, None for today. An answer for another patient, or one that
    comes after the person went back, changes nothing.
    """

    chosen = Signal()
    other_chosen = Signal(object)

    def __init__(self, desk: Desk, frame: ChartFrame, written: Written, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk = desk
        self._frame = frame
        self._written = written
        self._patient: UUID | None = None
        self._known: KnownHistory | None = None
        self._wanted: date | str | None = None
        self.days: tuple[date, ...] = ()
        """The dates of the slider."""

    @property
    def frozen(self) -> bool:
        """Whether what was known at an earlier time is looked at."""
        return self._wanted is not None and self._known is not None

    def start_over(self, patient_id: UUID) -> None:
        """Forget another patient."""
        self._patient = patient_id
        self._known = None
        self.forget()
        self._frame.history.show_known("")

    def forget(self) -> None:
        """Look at what is known now."""
        self._wanted = None

    def changed(self) -> None:
        """Ask again at the next need: something was charted."""
        if self._wanted is None:
            self._known = None

    def words(self) -> str:
        """Return when it was known, or nothing for now."""
        if not self.frozen:
            return ""
        if isinstance(self._wanted, date):
            return _("As known on {day}").format(day=self._written.day(self._wanted))
        return _("As known then")

    def history_for(self, day: date | None) -> "ChartHistory | None":
        """Return the history as it was known at the time chosen, None for now."""
        if self._known is None or self._wanted is None:
            return None
        when = self._wanted if isinstance(self._wanted, date) else day or self._known.today
        return self._known.on(when)

    # -- choosing ---------------------------------------------------------------------------

    def offer_known(self) -> None:
        """Ask for what was known when, then show the times in a menu."""
        patient_id = self._patient
        if self._known is not None or patient_id is None:
            self._show_times()
            return

        def call(ctx: "Context") -> "KnownHistory":
            from clinic_desktop.services.chart.known import known_history

            return known_history(ctx, patient_id)

        self._desk.operations.query(self, call, self._came, key="known")

    def _came(self, known: "KnownHistory") -> None:
        if known.patient_id == self._patient:
            self._known = known
            self._show_times()

    def _show_times(self) -> None:
        known = self._known
        if known is None:
            return
        menu = QMenu(self._frame)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add(menu, _("As known now"), None)
        self._add(menu, _("As known on the day shown"), "then")
        menu.addSeparator()
        for day in reversed(known.written_on[-_MOST_DATES:]):
            self._add(menu, _("As known on {day}").format(day=self._written.day(day)), day)
        button = self._frame.history.known
        menu.popup(button.mapToGlobal(button.rect().topLeft()))

    def _add(self, menu: QMenu, words: str, wanted: date | str | None) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(wanted == self._wanted)
        action.triggered.connect(partial(self.choose, wanted))

    def choose(self, wanted: date | str | None, _checked: bool = False) -> None:
        """Let another time hold: None is now, ``then`` the day shown."""
        self._wanted = wanted
        self.chosen.emit()

    def offer_others(self) -> None:
        """Show the dates to compare with."""
        menu = QMenu(self._frame)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(_("Today"))
        action.triggered.connect(lambda _checked=False: self.other_chosen.emit(None))
        for day in reversed(self.days[:-1][-_MOST_DATES:]):
            action = menu.addAction(self._written.day(day))
            action.triggered.connect(partial(self._other, day))
        button = self._frame.past.other
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _other(self, day: date, _checked: bool = False) -> None:
        self.other_chosen.emit(day)
