"""Taking the decision on an exam: its dialog, open at most once, and what becomes of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.perio.acts import ExamActs
from clinic_desktop.ui.perio.decide import DecideDialog

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.perio.schemas import ExamData, PatientPerio


class Deciding(QObject):
    """``dialog`` is the one that is open."""

    def __init__(self, desk: Desk, acts: ExamActs, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk, self._acts, self._screen = desk, acts, screen
        self.dialog: DecideDialog | None = None

    def open(self, exam: "ExamData", every: "PatientPerio") -> None:
        """Show why a stage is proposed for an exam, and take the decision."""
        if self.dialog is not None:
            return
        self.dialog = DecideDialog(
            exam,
            every,
            theme=self._desk.theme,
            parent=self._screen,
            notation=self._desk.who.notation,
            may=self._desk.who.may("clinical.write"),
            told=lambda said, decision: self._acts.decide(said, decision, self._decided),
        )
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _decided(self) -> None:
        if self.dialog is not None:
            self.dialog.accept()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
