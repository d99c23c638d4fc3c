"""What a tab of a patient's record is."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Workplace

if TYPE_CHECKING:  # a tab is described before its service is loaded
    from clinic_desktop.services.patients.schemas import PatientCard


class PatientTab(Workplace):
    """One tab of the record; a feature subclasses it.

    ``open`` comes when another patient is shown or the tab is first shown for this one, then
    ``card_changed`` whenever the card was read again. ``reload`` comes after one of ``topics``
    changed for this patient, at once or when the tab is next shown.
    """

    topics: frozenset[str] = frozenset()
    """Names of the tables whose changes, of this patient, make this tab reload."""
    uses_letters = False
    """Whether plain letters mean something here, so that E, N, Y and A stay with the tab."""

    noted = Signal(str)
    """A small note for the tab's head, for example "2 unsigned"."""

    edit_wanted = Signal(str)
    """The form of the record is wanted, at this field."""

    page_wanted = Signal(str)
    """Something else of the record is wanted: "consents", "family" or "photo"."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.patient_id: UUID | None = None

    def open(self, patient_id: UUID, card: "PatientCard") -> None:
        """Show this patient; the base class remembers whose record it is."""
        self.patient_id = patient_id
        self.card_changed(card)

    def card_changed(self, card: "PatientCard") -> None:
        """Show what of the card this tab shows; it was read again."""

    def open_record(self, record: UUID) -> None:
        """Go to one of the rows that this tab shows, once they are there."""

    def reload(self) -> None:
        """Ask the services again; selection, scroll and half-typed text are kept."""

    def hint(self) -> str:
        """Return the line of keys shown while there is no message; empty is the usual one."""
        return ""

    def leaving(self) -> None:
        """Keep what is half-typed; another tab, patient or screen is shown next."""
