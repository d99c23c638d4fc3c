"""The tab with everything that happened with a patient."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.patients.timeline_list import TOPICS, TimelineList
from clinic_desktop.ui.screen import KeyHelp


class TimelineTab(PatientTab):
    """The whole timeline, paged as it is scrolled."""

    title = N_("Timeline")
    topics = TOPICS

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.list = TimelineList(desk)
        self.list.tab_wanted.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.list)

    def open(self, patient_id: UUID, card: PatientCard) -> None:
        """Show another patient."""
        super().open(patient_id, card)
        self.list.show_patient(patient_id)

    def reload(self) -> None:
        """Ask again; choice and scroll stay."""
        if self.patient_id is not None:
            self.list.show_patient(self.patient_id)

    def start_focus(self) -> None:
        """Begin in the list."""
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return filter and list."""
        return [self.list.filter, self.list.table]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        return [KeyHelp("Enter", _("open where it stands"), _("Timeline"))]

    def _go(self, tab: str) -> None:
        if self.patient_id is not None:
            self.desk.navigator.open_patient(self.patient_id, tab)
