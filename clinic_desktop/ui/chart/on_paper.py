"""The chart on paper: made of what is shown, looked at in the place of the teeth, printed."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage

if TYPE_CHECKING:
    from clinic_desktop.ui.chart.composing import Writing
    from clinic_desktop.ui.chart.shown import Shown
    from clinic_desktop.ui.written import Written


class OnPaper(QObject):
    """Turns from the teeth to their paper and back; ``left`` tells that the teeth are in view."""

    left = Signal()

    def __init__(self, desk: Desk, teeth: QWidget, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk, self._teeth, self._screen = desk, teeth, screen
        self._patient: UUID | None = None
        self.paper = PaperPage(desk.theme)
        self.paper.left.connect(self._leave)
        self.pages = QStackedWidget()
        self.pages.addWidget(teeth)
        self.pages.addWidget(self.paper)

    @property
    def in_view(self) -> bool:
        """Whether paper is shown and not teeth."""
        return self.pages.currentWidget() is self.paper

    def print_again(self) -> None:
        """Print the paper that is in view."""
        self.paper.preview.print_paper()

    def make(
        self, patient_id: UUID, shown: "Shown", writing: "Writing", written: "Written", known: str
    ) -> None:
        """Make the paper of what is shown; ``known`` says when that was known, if not now."""
        # Paper is drawn rarely; the window opens without loading what draws it.
        from clinic_desktop.documents.of_chart import chart_paper
        from clinic_desktop.ui.chart.printing import drawn_chart

        self._patient = patient_id
        drawn = drawn_chart(shown, writing, written, known)
        self._desk.operations.query(
            self._screen,
            lambda ctx: chart_paper(ctx, patient_id, drawn),
            lambda data: self._show(patient_id, drawn.title, data),
            key="paper",
        )

    def forget(self) -> None:
        """Show teeth: another patient is opened, whose paper was not asked for."""
        self._patient = None
        if self.in_view:
            self.paper.close_paper()

    def _show(self, patient_id: UUID, title: str, data: bytes) -> None:
        if patient_id != self._patient or not self._screen.isVisible():
            return
        self.paper.show_paper(data, title, to_print=False)
        self.pages.setCurrentWidget(self.paper)
        self.paper.preview.setFocus()

    def _leave(self) -> None:
        self.pages.setCurrentWidget(self._teeth)
        self.left.emit()
