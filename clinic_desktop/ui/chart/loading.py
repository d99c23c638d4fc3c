"""Asks for a patient's chart and for the price list, and hands both on together."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.ui.chart.composing import lexicon_of
from clinic_desktop.ui.desk import Desk

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.chart.schemas import OpenChart
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.treatments.schemas import TreatmentRow


class ChartLoading(QObject):
    """``priced`` carries the Lexicon, ``loaded`` an OpenChart, ``failed`` the error of the chart.

    A chart waits for the price list: without it the first line typed would not be understood.
    """

    priced = Signal(object)
    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._prices_known = False
        self._prices_asked = False
        self._waiting: OpenChart | None = None

    def ask(self, patient_id: UUID) -> None:
        """Ask for the chart, and for the price list when it is not known."""

        def call(ctx: "Context") -> "OpenChart":
            from clinic_desktop.services.chart.visit import open_chart

            return open_chart(ctx, patient_id)

        self._desk.operations.query(
            self, call, self._chart_came, failed=self.failed.emit, key="chart"
        )
        if not self._prices_known:
            self.ask_for_prices()

    def ask_for_prices(self) -> None:
        """Ask for the price list."""

        def call(ctx: "Context") -> "tuple[TreatmentRow, ...]":
            from clinic_desktop.services.treatments.service import price_list

            return price_list(ctx)

        self._prices_asked = True
        self._desk.operations.query(
            self, call, self._prices_came, failed=self._prices_failed, key="prices"
        )

    def prices_changed(self) -> None:
        """Ask for the price list with the next chart: somebody changed it."""
        self._prices_known = False

    def _chart_came(self, opened: "OpenChart") -> None:
        if self._prices_asked:
            self._waiting = opened
        else:
            self.loaded.emit(opened)

    def _prices_came(self, treatments: "tuple[TreatmentRow, ...]") -> None:
        self._prices_known = True
        self.priced.emit(lexicon_of(treatments))
        self._go_on()

    def _prices_failed(self, error: Exception) -> None:
        self._desk.messages.warn(str(error))
        self._go_on()

    def _go_on(self) -> None:
        self._prices_asked = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.loaded.emit(waiting)
