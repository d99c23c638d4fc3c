"""The ways from anywhere to a screen, a patient, a booking; each window has its own."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.ui.intent import BookingIntent


class Navigator(QObject):
    """Says where somebody wants to go; the window it belongs to goes there."""

    wanted = Signal(str, dict)
    """Name of a screen and where in it (the keywords of ``Screen.open_at``)."""
    booking_wanted = Signal(object)
    """The ``BookingIntent``, of somebody still to be chosen where it names no patient."""
    registration_wanted = Signal()
    """Somebody new is to be registered."""
    palette_wanted = Signal(str)
    """The palette is to be opened with this text in it."""

    def open_screen(self, name: str, **where: Any) -> None:
        """Show a screen by its registered name, at a place that the screen understands."""
        self.wanted.emit(name, where)

    def open_patient(
        self, patient_id: UUID, tab: str = "overview", *, record: UUID | None = None
    ) -> None:
        """Show a patient's record on a tab, there at one of its rows if ``record`` names one."""
        there = {} if record is None else {"record": record}
        self.wanted.emit("patient", {"patient_id": patient_id, "tab": tab, **there})

    def book(self, patient_id: UUID | None = None, *, intent: BookingIntent | None = None) -> None:
        """Begin an appointment, for a patient if one is known, or with all that is known."""
        self.booking_wanted.emit(intent or BookingIntent(patient_id))

    def new_patient(self) -> None:
        """Begin to register a patient."""
        self.registration_wanted.emit()

    def palette(self, text: str = "") -> None:
        """Open the command palette."""
        self.palette_wanted.emit(text)
