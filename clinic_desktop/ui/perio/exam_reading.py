"""A patient's exams, read again when the typing pauses; an answer older than it is thrown away."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.perio.saving import Saving, State

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.perio.schemas import PatientPerio

# Own writes are heard as changes as well: the answer is asked for when the typing pauses.
_PAUSE_MS: Final = 700


class ExamReading(QObject):
    """``asking`` comes with every question, ``read`` carries the exams, ``failed`` the error."""

    asking = Signal()
    read = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, saving: Saving, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._saving = desk, saving
        self._patient_id: UUID | None = None
        self._asked_at = -1
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.ask)

    def open(self, patient_id: UUID) -> None:
        """Read the exams of this patient from now on."""
        self._patient_id = patient_id
        self.ask()

    @Slot()
    def soon(self) -> None:
        """Ask again, once the typing pauses."""
        self._pause.start()

    @Slot()
    def ask(self) -> None:
        """Ask now, or once what was typed is stored."""
        patient_id = self._patient_id
        if patient_id is None:
            return
        if not self._saving.quiet:
            if self._saving.state is not State.WAITING:
                self._pause.start()
            return
        self.asking.emit()
        self._asked_at = self._saving.typed

        def call(ctx: "Context") -> "PatientPerio":
            from clinic_desktop.services.perio.reading import exams_of

            return exams_of(ctx, patient_id)

        self._desk.operations.query(
            self, call, self._answered, failed=self.failed.emit, key="exams"
        )

    def _answered(self, every: "PatientPerio") -> None:
        if every.patient_id != self._patient_id:
            return
        if self._asked_at != self._saving.typed or not self._saving.quiet:
            # Something was typed since it was asked: this answer is older than the screen.
            self._pause.start()
            return
        self.read.emit(every)
